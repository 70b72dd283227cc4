"""Why a passage has a theme or not: the sentence that decides, and what spoke for and against in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from scipy.sparse import hstack

from ffm.themes.classifier import ThemeModel, probabilities
from ffm.themes.component import ThemeTagger
from ffm.themes.features import CUE_VIEWS, SentenceContext, features, view_slices

VIEW_NAMES = {
    "words": "word",
    "characters": "letters",
    "previous": "sentence before",
    "subject": "question or heading",
    "passage": "passage",
}


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
    bias
        Of the classifier: with the weights of all its features it adds up to its log odds for the sentence.
    encoder
        Log odds of the sentence by the encoder, which gives no reasons; None where none scores beside the classifier.
    """

    theme: str
    score: float
    threshold: float | None
    sentence: str
    bias: float
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    encoder: float | None = None

    @property
    def is_label(self) -> bool:
        """Whether the passage gets the theme as a label."""
        return self.threshold is not None and self.score >= self.threshold


def explain(tagger: ThemeTagger, sentences: Sequence[SentenceContext], themes: Sequence[str], count: int = 8) -> list[Explanation]:
    """Explain the scores of a passage.

    Parameters
    ----------
    tagger
        The trained component.
    sentences
        The passage's sentences with their contexts.
    themes
        The themes to explain.
    count
        How many reasons to give for and against each.

    Returns
    -------
    list of Explanation
        In the order of ``themes``. The weights of all features and the bias add up to the classifier's log odds of the deciding
        sentence, as it is linear; with an encoder the score is that of both.
    """
    if not sentences or tagger.calibration is None:
        return []
    owners = [0] * len(sentences)
    vectors = tagger.vectors(sentences, owners)
    margins, best = tagger.margins(sentences, owners, 1, vectors)
    encoder = None if tagger.beside is None or vectors is None else tagger.beside.encoder.scored(vectors)
    found = []
    for theme in themes:
        model, calibration = tagger.model_of(theme), tagger.calibration
        column = model.themes.index(theme)
        row = int(np.argmax(margins[:, column]))
        matrix = hstack([features(model.vectorizers, sentences[row : row + 1]), model.cues.matrix(sentences[row : row + 1])], format="csr")
        added = matrix.data * model.weights[matrix.indices, column]
        names = _feature_names(model)
        reasons = [
            Reason(*_named(names[index], sentences[row]), float(weight))
            for index, weight in zip(matrix.indices, added, strict=True)
            if weight
        ]
        reasons.sort(key=lambda reason: (-abs(reason.weight), reason.where, reason.what))
        score = probabilities(best[:, column], calibration.slope[theme], calibration.intercept[theme])[0]
        found.append(
            Explanation(
                theme,
                round(float(score), 4),
                calibration.threshold.get(theme),
                sentences[row].text,
                float(model.bias[column]),
                tuple(reason for reason in reasons if reason.weight > 0)[:count],
                tuple(reason for reason in reasons if reason.weight < 0)[:count],
                None if encoder is None else float(encoder[row, column]),
            )
        )
    return found


def _named(feature: tuple[str, str, str], sentence: SentenceContext) -> tuple[str, str]:
    """Return where a feature stands and what it is for a reader: of a cue, which is a pattern, the words that it met."""
    where, what, field = feature
    met = re.search(what, getattr(sentence, field), re.IGNORECASE) if field else None
    return where, " ".join(met.group().split()) if met else what


def _feature_names(model: ThemeModel) -> list[tuple[str, str, str]]:
    """Return (view, feature, field that a cue is looked for in) of each column."""
    names: list[tuple[str, str, str]] = []
    for view in view_slices(model.vectorizers):
        names += [(VIEW_NAMES[view], term, "") for term in model.vectorizers[view].terms]
    for view in CUE_VIEWS:
        where = "cue" if view == "text" else f"cue in the {VIEW_NAMES.get(view, view)}"
        names += [(where, expression, view) for expression in model.cues.expressions]
    return names
