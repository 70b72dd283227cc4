"""What the classifier sees of a sentence: its words, the sentence before it, the question, the rest of its passage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

MAX_CHARACTER_FEATURES = 40_000


class SentenceContext(Struct, frozen=True):
    """A sentence with its context, all clean text.

    Attributes
    ----------
    text
        The sentence.
    previous
        The sentence before it in its passage, else empty.
    question
        The question that the passage answers, else empty.
    passage
        The whole passage.
    """

    text: str
    previous: str
    question: str
    passage: str


# View: the field that is read, the weight of its features and the settings of its vectorizer. The weights were
# chosen on out-of-fold scores (docs/experiments.md).
VIEWS: dict[str, tuple[str, float, dict[str, Any]]] = {
    "words": ("text", 1.0, {"ngram_range": (1, 2)}),
    "characters": ("text", 0.7, {"ngram_range": (3, 5), "analyzer": "char_wb", "max_features": MAX_CHARACTER_FEATURES}),
    "previous": ("previous", 0.5, {"ngram_range": (1, 2)}),
    "question": ("question", 0.6, {"ngram_range": (1, 2)}),
    "passage": ("passage", 0.4, {"ngram_range": (1, 1)}),
}


def contexts(sentences: Sequence[str], question: str) -> list[SentenceContext]:
    """Return the sentences of one passage with their contexts."""
    passage = " ".join(sentences)
    return [SentenceContext(text, sentences[number - 1] if number else "", question, passage) for number, text in enumerate(sentences)]


def make_vectorizers(vocabularies: dict[str, list[str]] | None = None) -> dict[str, TfidfVectorizer]:
    """Return a vectorizer for each view, not fitted; with fixed vocabularies where they are given."""
    made = {}
    for name, (_, _, settings) in VIEWS.items():
        options = dict(settings)
        if vocabularies is not None:
            options.pop("max_features", None)
            options["vocabulary"] = vocabularies[name]
        else:
            options["min_df"] = 2
        made[name] = TfidfVectorizer(sublinear_tf=True, strip_accents="unicode", dtype=np.float32, **options)
    return made


def fit_features(vectorizers: dict[str, TfidfVectorizer], sentences: Sequence[SentenceContext]) -> csr_matrix:
    """Fit the vectorizers; return the features, one row a sentence."""
    parts = []
    for name, (attribute, weight, _) in VIEWS.items():
        values = [getattr(sentence, attribute) for sentence in sentences]
        vectorizer = vectorizers[name]
        if not any(values):
            values = [*values[:-2], "no context", "no context"]
        vectorizer.fit(values)
        parts.append(vectorizer.transform([getattr(sentence, attribute) for sentence in sentences]) * weight)
    return csr_matrix(hstack(parts, format="csr"))


def features(vectorizers: dict[str, TfidfVectorizer], sentences: Sequence[SentenceContext]) -> csr_matrix:
    """Return the features of sentences, one row each; equal strings of a view are read once."""
    parts = []
    for name, (attribute, weight, _) in VIEWS.items():
        values = [getattr(sentence, attribute) for sentence in sentences]
        unique = list(dict.fromkeys(values))
        rows = {value: number for number, value in enumerate(unique)}
        matrix = vectorizers[name].transform(unique)
        parts.append(matrix[[rows[value] for value in values]] * weight)
    return csr_matrix(hstack(parts, format="csr"))


def selected_vocabularies(vectorizers: dict[str, TfidfVectorizer], keep: NDArray[np.bool_]) -> dict[str, list[str]]:
    """Return each view's features that a mask over all columns keeps, sorted; at least one a view."""
    chosen = {}
    for name, columns in view_slices(vectorizers).items():
        names = vectorizers[name].get_feature_names_out()
        kept = names[keep[columns]].tolist()
        chosen[name] = sorted(kept) or [str(names[0])]
    return chosen


def view_slices(vectorizers: dict[str, TfidfVectorizer]) -> dict[str, slice]:
    """Return the columns of each view."""
    slices: dict[str, slice] = {}
    start = 0
    for name in VIEWS:
        width = len(vectorizers[name].vocabulary_)
        slices[name] = slice(start, start + width)
        start += width
    return slices
