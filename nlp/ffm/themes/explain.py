"""Why a passage has a theme or not: the sentence that decides, and what spoke for and against in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from scipy.sparse import hstack

from ffm.themes.classifier import Calibration, ThemeModel, probabilities
from ffm.themes.features import CUE_VIEWS, SentenceContext, features, view_slices

VIEW_NAMES = {"words": "word", "characters": "letters", "previous": "sentence before", "question": "question", "passage": "passage"}


class Reason(Struct, frozen=True):
    """A feature of the deciding sentence.

    Attributes
    ----------
    where
        The view that it stands in: the sentence, the one before, the question, the passage; "cue" for the scheme's phrases.
    what
        The word, letters or cue.
    weight
        What it adds to the log odds of the theme; negative speaks against.
    """

    where: str
    what: str
    weight: float


class Explanation(Struct, frozen=True):
    """A theme's score for a passage, the sentence that gives it, and the reasons, the weightiest first.

    Attributes
    ----------
    threshold
        The score from which it is a label; None where it is ranked only.
    """

    theme: str
    score: float
    threshold: float | None
    sentence: str
    bias: float
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]


def explain(
    model: ThemeModel, calibration: Calibration, sentences: Sequence[SentenceContext], themes: Sequence[str], count: int = 8
) -> list[Explanation]:
    """Explain the scores of a passage.

    Parameters
    ----------
    sentences
        The passage's sentences with their contexts.
    themes
        The themes to explain.
    count
        How many reasons to give for and against each.

    Returns
    -------
    list of Explanation
        In the order of ``themes``. The weights of all features and the bias add up to the log odds of the deciding
        sentence, as the classifier is linear.
    """
    if not sentences:
        return []
    matrix = hstack([features(model.vectorizers, sentences), model.cues.matrix(sentences)], format="csr")
    margins = np.asarray(matrix @ model.weights + model.bias, dtype=np.float64)
    names = _feature_names(model)
    found = []
    for theme in themes:
        column = model.themes.index(theme)
        row = int(np.argmax(margins[:, column]))
        entry = matrix[[row]]
        added = entry.data * model.weights[entry.indices, column]
        reasons = [
            Reason(names[index][0], names[index][1], float(weight)) for index, weight in zip(entry.indices, added, strict=True) if weight
        ]
        reasons.sort(key=lambda reason: (-abs(reason.weight), reason.where, reason.what))
        score = probabilities(margins[[row], column], calibration.slope[theme], calibration.intercept[theme])[0]
        found.append(
            Explanation(
                theme,
                round(float(score), 4),
                calibration.threshold.get(theme),
                sentences[row].text,
                float(model.bias[column]),
                tuple(reason for reason in reasons if reason.weight > 0)[:count],
                tuple(reason for reason in reasons if reason.weight < 0)[:count],
            )
        )
    return found


def _feature_names(model: ThemeModel) -> list[tuple[str, str]]:
    """Return (view, feature) of each column."""
    names: list[tuple[str, str]] = []
    for view in view_slices(model.vectorizers):
        names += [(VIEW_NAMES[view], str(name)) for name in model.vectorizers[view].get_feature_names_out()]
    for view in CUE_VIEWS:
        where = "cue" if view == "text" else f"cue in the {VIEW_NAMES.get(view, view)}"
        names += [(where, expression) for expression in model.cues.expressions]
    return names
