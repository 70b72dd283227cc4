"""What the classifier sees of a sentence: its words, the sentence before it, the question or heading, the rest of its passage."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from ffm.project.expressions import LONGEST, alternatives
from ffm.themes.terms import Analysis, Vectorizer, fit

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
    heading
        The innermost heading that the passage stands under, else empty.
    """

    text: str
    previous: str
    question: str
    passage: str
    heading: str = ""

    @property
    def subject(self) -> str:
        """What the passage is about, as its report says: the question that it answers, else its heading."""
        return self.question or self.heading


# View: the field that is read, the weight of its features and how it is divided into terms. The weights were
# chosen on out-of-fold scores (docs/experiments.md).
VIEWS: dict[str, tuple[str, float, Analysis]] = {
    "words": ("text", 1.0, Analysis(longest=2)),
    "characters": ("text", 0.7, Analysis("char_wb", 3, 5)),
    "previous": ("previous", 0.5, Analysis(longest=2)),
    "subject": ("subject", 0.6, Analysis(longest=2)),
    "passage": ("passage", 0.4, Analysis()),
}


def contexts(sentences: Sequence[str], question: str, heading: str = "") -> list[SentenceContext]:
    """Return the sentences of one passage with their contexts."""
    passage = " ".join(sentences)
    return [
        SentenceContext(text, sentences[number - 1] if number else "", question, passage, heading) for number, text in enumerate(sentences)
    ]


WORD = re.compile(r"\w+")
FIRST_LETTERS = re.compile(r"[a-z0-9]+")
OPTIONAL = ("?", "*", "{")  # after what need not be there
BEYOND_A_WORD = re.compile(r"\\s|[\s'’-]")  # an alternative that may match more than one word


def _beginnings(expression: str) -> set[str] | None:
    """Return letters with one of which every text that an expression matches begins; None where they cannot be told."""
    if expression.startswith("(?:"):
        depth, end = 1, 3
        while end < len(expression) and depth:
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(expression[end], 0) * (expression[end - 1] != "\\")
            end += 1
        if depth or expression[end - 1] != ")" or expression[end : end + 1] in OPTIONAL:
            return None
        found = [_beginnings(inner) for inner in alternatives(expression[3 : end - 1])]
        return None if None in found else {beginning for some in found if some for beginning in some}
    letters = FIRST_LETTERS.match(expression)
    known = letters.group() if letters is not None else ""
    if known and expression[len(known) : len(known) + 1] in OPTIONAL:
        known = known[:-1]
    return {known} if known else None


# Weight of a cue in the sentence, in the sentence before it, in the question and in the passage; one in a heading, which stands over
# many passages, misleads (docs/experiments.md).
CUE_VIEWS: dict[str, float] = {"text": 0.52, "previous": 0.17, "question": 0.26, "passage": 0.17}


MAX_REMEMBERED = 4_096  # texts


class Cues:
    """Phrases that hint at themes, as 0/1 features of each view.

    Parameters
    ----------
    expressions
        Regular expressions; case is ignored and whole words are matched. Alternatives of one word are tried once a
        word and remembered, which makes long lists of them cheap; the others are searched for in texts that have a word with which
        they can begin.
    """

    def __init__(self, expressions: Sequence[str]) -> None:
        self.expressions = tuple(expressions)
        self._words: list[re.Pattern[str] | None] = []
        self._phrases: list[re.Pattern[str] | None] = []
        self._beginnings: list[tuple[str, ...]] = []  # of each expression's phrases; an empty one where they may begin with anything
        self._of_word: dict[str, tuple[frozenset[int], frozenset[int]]] = {}
        self._of_text: dict[str, list[int]] = {}
        for expression in expressions:
            found = alternatives(expression.lower())
            single = [text for text in found if not BEYOND_A_WORD.search(text)]
            longer = [text for text in found if BEYOND_A_WORD.search(text)]
            self._words.append(re.compile("|".join(f"(?:{text})" for text in single)) if single else None)
            self._phrases.append(re.compile(rf"\b(?:{'|'.join(longer)})\b") if longer else None)
            begin = [_beginnings(text) or {""} for text in longer]
            self._beginnings.append(tuple({beginning for some in begin for beginning in some}))
        self._anywhere = {number for number, begin in enumerate(self._beginnings) if "" in begin}

    def found(self, text: str) -> list[int]:
        """Return the numbers of the expressions that a text holds within what is read of it, in order; texts read lately are remembered."""
        text = text[:LONGEST].lower()
        if text not in self._of_text:
            if len(self._of_text) >= MAX_REMEMBERED:
                self._of_text.clear()
            self._of_text[text] = sorted(self._search(text))
        return self._of_text[text]

    def _search(self, text: str) -> set[int]:
        found: set[int] = set()
        tried = set(self._anywhere)
        for word in set(WORD.findall(text)):
            told = self._of_word.get(word)
            if told is None:
                told = self._of_word[word] = (
                    frozenset(number for number, pattern in enumerate(self._words) if pattern is not None and pattern.fullmatch(word)),
                    frozenset(number for number, begin in enumerate(self._beginnings) if begin and word.startswith(begin)),
                )
            found |= told[0]
            tried |= told[1]
        for number in tried - found:
            phrase = self._phrases[number]
            if phrase is not None and phrase.search(text):
                found.add(number)
        return found

    def table(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return which expressions texts hold, one row each, 0 or 1 each."""
        rows = np.zeros((len(texts), len(self.expressions)), dtype=np.float32)
        for number, text in enumerate(texts):
            rows[number, self.found(text)] = 1
        return rows

    def matrix(self, sentences: Sequence[SentenceContext]) -> csr_matrix:
        """Return the features, one row a sentence, views side by side."""
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for sentence in sentences:
            for number, (attribute, weight) in enumerate(CUE_VIEWS.items()):
                mine = self.found(getattr(sentence, attribute))
                columns += [number * len(self.expressions) + column for column in mine]
                values += [weight] * len(mine)
            ends.append(len(columns))
        return csr_matrix((np.array(values, dtype=np.float32), columns, ends), shape=(len(sentences), self.width))

    @property
    def width(self) -> int:
        """Number of columns of the matrix."""
        return len(self.expressions) * len(CUE_VIEWS)


@cache
def shared_cues(expressions: tuple[str, ...]) -> Cues:
    """Return the one object of these cues in this process, so that the folds of an evaluation read each text once."""
    return Cues(expressions)


def restored_vectorizers(terms: Mapping[str, Sequence[str]], idf: Mapping[str, NDArray[np.float32]]) -> dict[str, Vectorizer]:
    """Return the vectorizers of the views as they were fitted, from their terms and inverse document frequencies."""
    return {name: Vectorizer(analysis, terms[name], idf[name]) for name, (_, _, analysis) in VIEWS.items()}


def fit_vectorizers(sentences: Sequence[SentenceContext]) -> dict[str, Vectorizer]:
    """Return a vectorizer for each view, fitted on its distinct strings."""
    made = {}
    for name, (attribute, _, analysis) in VIEWS.items():
        most = MAX_CHARACTER_FEATURES if analysis.unit == "char_wb" else None
        made[name] = fit(analysis, sorted({getattr(sentence, attribute) for sentence in sentences}), most)
    return made


def select_features(
    vectorizers: dict[str, Vectorizer], matrix: csr_matrix, keep: NDArray[np.bool_]
) -> tuple[dict[str, Vectorizer], csr_matrix]:
    """Return vectorizers of the features that a mask over all columns keeps, at least one a view, and what they make of the same sentences.

    Parameters
    ----------
    matrix
        What :func:`features` returned, sentences by features.
    """
    from sklearn.preprocessing import normalize

    terms, idf, parts = {}, {}, []
    for name, columns in view_slices(vectorizers).items():
        kept = np.flatnonzero(keep[columns])
        kept = kept if len(kept) else np.zeros(1, dtype=np.intp)
        terms[name] = [vectorizers[name].terms[column] for column in kept]
        idf[name] = vectorizers[name].idf[kept]
        parts.append(normalize(matrix[:, columns][:, kept]) * np.float32(VIEWS[name][1]))
    return restored_vectorizers(terms, idf), csr_matrix(hstack(parts, format="csr"))


def features(vectorizers: dict[str, Vectorizer], sentences: Sequence[SentenceContext]) -> csr_matrix:
    """Return the features of sentences, one row each; equal strings of a view are read once, and divided into words once for all views."""
    parts = []
    words: dict[tuple[str, str], list[str]] = {}
    for name, (attribute, weight, analysis) in VIEWS.items():
        values = [getattr(sentence, attribute) for sentence in sentences]
        unique = list(dict.fromkeys(values))
        rows = {value: number for number, value in enumerate(unique)}
        for text in unique:
            if (analysis.unit, text) not in words:
                words[analysis.unit, text] = analysis.words(text)
        matrix = vectorizers[name].weigh([words[analysis.unit, text] for text in unique])
        parts.append(matrix[[rows[value] for value in values]] * np.float32(weight))
    return csr_matrix(hstack(parts, format="csr"))


def view_slices(vectorizers: dict[str, Vectorizer]) -> dict[str, slice]:
    """Return the columns of each view."""
    slices: dict[str, slice] = {}
    start = 0
    for name in VIEWS:
        width = len(vectorizers[name])
        slices[name] = slice(start, start + width)
        start += width
    return slices
