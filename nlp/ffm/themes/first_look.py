"""The first look: themes ranked by the scheme alone, its names, definitions and cues, as long as there is no gold to learn from.

What the scheme says of a theme becomes phrases with weights, in the form of a fitted classifier, so that what tags, shows and
explains by a model does so by a scheme. Nothing depends on the texts that are tagged. The weight of a word is the smaller the more
themes of the scheme have it, as the inverse document frequency of Sparck Jones (1972), "A statistical interpretation of term
specificity and its application in retrieval"; ranking by a query that describes the class is the zero-shot "dataless classification"
of Chang, Ratinov, Roth and Srikumar (2008), AAAI, over words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import log

import numpy as np

from ffm.project.scheme import Scheme, Theme
from ffm.themes.classifier import Calibration, ThemeModel
from ffm.themes.features import CUE_VIEWS, Cues, fit_vectorizers
from ffm.themes.stance import StanceModel, fit_stance

NAME = "first-look"
CUE, TITLE, APPLIES, DOES_NOT_APPLY = 3.0, 2.0, 1.0, -0.5  # weight of a word by where the scheme has it
EVERYWHERE = 0.25  # of its weight keeps a word that stands with every theme
SLOPE, INTERCEPT = 1.0, -4.0  # a score is 0.02 where nothing of a theme is found, and one half at two cues
SHORTEST_STEM = 4  # characters; a shorter word is looked for as it is
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[-'’](?=[^\W\d_]))+")
POSSESSIVE = re.compile(r"['’]s$")
PLAIN = re.compile(r"[^\W\d_]+")  # a cue that is a word, not an expression
ENDING = re.compile(
    r"(?:ingly|edly|ations?|ments?|ings?|ies|ied|ers?|ors?|ions?|ed|es|s|e|y|ly|al|ness|ity)$"
)  # of English words: what is cut may be followed by anything


def first_look(scheme: Scheme) -> tuple[ThemeModel, StanceModel, Calibration]:
    """Return what ranks passages by a scheme: a classifier of its phrases, no stance, and no thresholds.

    The classifier's views of words are empty; all weight is on phrases, in the sentence, the one before it, the question and the passage.
    """
    weights = [dict(_phrases(theme)) for theme in scheme.theme]
    phrases = sorted({phrase for mine in weights for phrase in mine})
    shared = {phrase: sum(mine.get(phrase, 0.0) > 0 for mine in weights) for phrase in phrases}
    rarest = log((1 + len(weights)) / 2) or 1.0
    table = np.zeros((len(phrases), len(weights)), dtype=np.float32)
    for row, phrase in enumerate(phrases):
        telling = EVERYWHERE + (1 - EVERYWHERE) * log((1 + len(weights)) / (1 + max(shared[phrase], 1))) / rarest
        for column, mine in enumerate(weights):
            table[row, column] = mine.get(phrase, 0.0) * telling
    vectorizers = fit_vectorizers(())
    empty = np.zeros((sum(len(vectorizer) for vectorizer in vectorizers.values()), len(weights)), dtype=np.float32)
    model = ThemeModel(
        scheme.theme_ids,
        vectorizers,
        Cues(phrases),
        np.vstack([empty, *([table] * len(CUE_VIEWS))]),
        np.zeros(len(weights), dtype=np.float32),
    )
    calibration = Calibration(dict.fromkeys(scheme.theme_ids, SLOPE), dict.fromkeys(scheme.theme_ids, INTERCEPT), {})
    return model, fit_stance((), (), (), (), ()), calibration


def cues_of_definitions(scheme: Scheme) -> tuple[str, ...]:
    """Return the cues of a scheme, and expressions for the words of its themes' names and definitions that no cue of the theme has."""
    found: dict[str, None] = {}
    for theme in scheme.theme:
        known = "\n".join(theme.cues).lower()
        found.update(dict.fromkeys(theme.cues))
        for pattern in _stems(f"{theme.name} {theme.applies} {theme.does_not_apply}"):
            if pattern.removesuffix(r"\w*").removesuffix("s?") not in known:
                found[pattern] = None
    return tuple(found)


def _phrases(theme: Theme) -> Iterator[tuple[str, float]]:
    """Yield what speaks for and against a theme, regular expressions with their weights; a later one counts for an earlier."""
    yield from ((pattern, DOES_NOT_APPLY) for pattern in _stems(theme.does_not_apply))
    yield from ((pattern, APPLIES) for pattern in _stems(theme.applies))
    yield from ((pattern, TITLE) for pattern in _stems(theme.name))
    for cue in theme.cues:
        yield cue.lower(), CUE
        if PLAIN.fullmatch(cue):
            yield from ((pattern, CUE) for pattern in _stems(cue))


def _stems(text: str) -> Iterator[str]:
    """Yield an expression for each telling word of a text, which matches its other forms too."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    for match in WORD.finditer(text.lower()):
        word = POSSESSIVE.sub("", match.group())
        if word in ENGLISH_STOP_WORDS or len(word) < 3:
            continue
        stem = ENDING.sub("", word)
        stem = stem if len(stem) >= SHORTEST_STEM else word.removesuffix("s")
        yield re.escape(stem) + (r"\w*" if len(stem) >= SHORTEST_STEM else "s?")
