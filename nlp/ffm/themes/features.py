"""What the classifier sees of a sentence: its words, the sentence before it, the question, the rest of its passage."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from ffm.project.expressions import LONGEST, alternatives

MAX_CHARACTER_FEATURES = 40_000
NO_WORDS = "no context"


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


WORD = re.compile(r"\w+")
BEYOND_A_WORD = re.compile(r"\\s|[\s'’-]")  # an alternative that may match more than one word


# Weight of a cue in the sentence, in the sentence before it, in the question and in the passage.
CUE_VIEWS: dict[str, float] = {"text": 0.52, "previous": 0.17, "question": 0.26, "passage": 0.17}


MAX_REMEMBERED = 20_000  # texts


class Cues:
    """Phrases that hint at themes, as 0/1 features of each view.

    Parameters
    ----------
    expressions
        Regular expressions; case is ignored and whole words are matched. Alternatives of one word are tried once a
        word and remembered, which makes long lists of them cheap; the others are searched for in the text.
    """

    def __init__(self, expressions: Sequence[str]) -> None:
        self.expressions = tuple(expressions)
        self._words: list[re.Pattern[str] | None] = []
        self._phrases: list[re.Pattern[str] | None] = []
        self._of_word: dict[str, NDArray[np.float32]] = {}
        self._of_text: dict[str, NDArray[np.float32]] = {}
        for expression in expressions:
            found = alternatives(expression.lower())
            single = [text for text in found if not BEYOND_A_WORD.search(text)]
            longer = [text for text in found if BEYOND_A_WORD.search(text)]
            self._words.append(re.compile("|".join(f"(?:{text})" for text in single)) if single else None)
            self._phrases.append(re.compile(rf"\b(?:{'|'.join(longer)})\b") if longer else None)

    def found(self, text: str) -> NDArray[np.float32]:
        """Return which expressions a text holds within what is read of it, 0 or 1 each; texts read lately are remembered."""
        text = text[:LONGEST].lower()
        if text not in self._of_text:
            if len(self._of_text) >= MAX_REMEMBERED:
                self._of_text.clear()
            self._of_text[text] = self._search(text)
        return self._of_text[text]

    def _search(self, text: str) -> NDArray[np.float32]:
        found = np.zeros(len(self.expressions), dtype=np.float32)
        for word in set(WORD.findall(text)):
            if word not in self._of_word:
                matches = [pattern is not None and pattern.fullmatch(word) is not None for pattern in self._words]
                self._of_word[word] = np.array(matches, dtype=np.float32)
            np.maximum(found, self._of_word[word], out=found)
        for number, phrase in enumerate(self._phrases):
            if phrase is not None and not found[number] and phrase.search(text):
                found[number] = 1
        return found

    def matrix(self, sentences: Sequence[SentenceContext]) -> csr_matrix:
        """Return the features, one row a sentence, views side by side."""
        parts = []
        for attribute, weight in CUE_VIEWS.items():
            rows = np.zeros((len(sentences), len(self.expressions)), dtype=np.float32)
            for number, sentence in enumerate(sentences):
                text = getattr(sentence, attribute)
                if text:
                    rows[number] = self.found(text)
            parts.append(rows * np.float32(weight))
        return csr_matrix(np.hstack(parts))

    @property
    def width(self) -> int:
        """Number of columns of the matrix."""
        return len(self.expressions) * len(CUE_VIEWS)


@cache
def shared_cues(expressions: tuple[str, ...]) -> Cues:
    """Return the one object of these cues in this process, so that the folds of an evaluation read each text once."""
    return Cues(expressions)


def make_vectorizers() -> dict[str, TfidfVectorizer]:
    """Return a vectorizer for each view, not fitted."""
    return {name: _vectorizer(settings, min_df=2) for name, (_, _, settings) in VIEWS.items()}


def restored_vectorizers(terms: Mapping[str, Sequence[str]], idf: Mapping[str, NDArray[np.float32]]) -> dict[str, TfidfVectorizer]:
    """Return the vectorizers of the views as they were fitted, from their terms and inverse document frequencies."""
    made = {}
    for name, (_, _, settings) in VIEWS.items():
        made[name] = _vectorizer({**settings, "max_features": None}, vocabulary=list(terms[name]))
        made[name].idf_ = idf[name]
    return made


def _vectorizer(settings: Mapping[str, Any], **more: Any) -> TfidfVectorizer:
    return TfidfVectorizer(sublinear_tf=True, strip_accents="unicode", dtype=np.float32, **settings, **more)


def terms_of(vectorizer: TfidfVectorizer) -> list[str]:
    """Return a fitted vectorizer's terms in the order of its columns."""
    return [str(term) for term in vectorizer.get_feature_names_out()]


def fit_features(vectorizers: dict[str, TfidfVectorizer], sentences: Sequence[SentenceContext]) -> csr_matrix:
    """Fit the vectorizers on the distinct strings of their views; return the features, one row a sentence."""
    parts = []
    for name, (attribute, weight, _) in VIEWS.items():
        values = [getattr(sentence, attribute) for sentence in sentences]
        unique = sorted(set(values))
        matrix = fitted(vectorizers[name], unique).transform(unique)
        rows = {value: number for number, value in enumerate(unique)}
        parts.append(matrix[[rows[value] for value in values]] * np.float32(weight))
    return csr_matrix(hstack(parts, format="csr"))


def fitted(vectorizer: TfidfVectorizer, texts: Sequence[str]) -> TfidfVectorizer:
    """Return a vectorizer fitted on texts; on a phrase that stands in none where they have no words in common, as few texts may."""
    try:
        return vectorizer.fit(texts)
    except ValueError:
        return vectorizer.fit([NO_WORDS, NO_WORDS])


def select_features(
    vectorizers: dict[str, TfidfVectorizer], matrix: csr_matrix, keep: NDArray[np.bool_]
) -> tuple[dict[str, TfidfVectorizer], csr_matrix]:
    """Return vectorizers of the features that a mask over all columns keeps, at least one a view, and what they make of the same sentences.

    Parameters
    ----------
    matrix
        What :func:`fit_features` returned, sentences by features.
    """
    terms, idf, parts = {}, {}, []
    for name, columns in view_slices(vectorizers).items():
        kept = np.flatnonzero(keep[columns])
        kept = kept if len(kept) else np.zeros(1, dtype=np.intp)
        terms[name] = vectorizers[name].get_feature_names_out()[kept].tolist()
        idf[name] = vectorizers[name].idf_[kept]
        parts.append(normalize(matrix[:, columns][:, kept]) * np.float32(VIEWS[name][1]))
    return restored_vectorizers(terms, idf), csr_matrix(hstack(parts, format="csr"))


def features(vectorizers: dict[str, TfidfVectorizer], sentences: Sequence[SentenceContext]) -> csr_matrix:
    """Return the features of sentences, one row each; equal strings of a view are read once."""
    parts = []
    for name, (attribute, weight, _) in VIEWS.items():
        values = [getattr(sentence, attribute) for sentence in sentences]
        unique = list(dict.fromkeys(values))
        rows = {value: number for number, value in enumerate(unique)}
        matrix = vectorizers[name].transform(unique)
        parts.append(matrix[[rows[value] for value in values]] * np.float32(weight))
    return csr_matrix(hstack(parts, format="csr"))


def view_slices(vectorizers: dict[str, TfidfVectorizer]) -> dict[str, slice]:
    """Return the columns of each view."""
    slices: dict[str, slice] = {}
    start = 0
    for name in VIEWS:
        width = len(vectorizers[name].vocabulary_)
        slices[name] = slice(start, start + width)
        start += width
    return slices
