"""Term weights of texts, as scikit-learn's ``TfidfVectorizer`` gives them: fitted by it, read without it.

scikit-learn takes seconds to import, and reads each text by a chain of calls; what is needed to read with fitted terms is a
dictionary and a few sums. The values are those of scikit-learn, bit by bit (a test holds the two against each other).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

MOST_WORDS = 50_000  # whose letters are remembered
MIN_TEXTS = 2
NO_WORDS = "no context"  # what is fitted on where there is nothing to fit on


class Analysis(Struct, frozen=True):
    """How a text is divided into terms.

    Attributes
    ----------
    unit
        Whether terms are runs of words, or of letters within a word ("char_wb" of scikit-learn).
    shortest, longest
        Lengths of the runs.
    token
        What a word is.
    plain
        Whether letters lose their diacritics.
    """

    unit: Literal["word", "char_wb"] = "word"
    shortest: int = 1
    longest: int = 1
    token: str = r"(?u)\b\w\w+\b"
    plain: bool = True

    def words(self, text: str) -> list[str]:
        """Return the words of a text, of which its terms are made."""
        text = text.lower()
        if self.plain and not text.isascii():
            text = "".join(character for character in unicodedata.normalize("NFKD", text) if not unicodedata.combining(character))
        return text.split() if self.unit == "char_wb" else re.findall(self.token, text)

    def runs(self, words: Sequence[str]) -> Iterator[str]:
        """Yield the runs of words, the shortest first."""
        for length in range(self.shortest, self.longest + 1):
            if length == 1:
                yield from words
            elif length == 2:
                yield from map(" ".join, pairwise(words))
            else:
                yield from (" ".join(words[start : start + length]) for start in range(len(words) - length + 1))

    def letters(self, word: str) -> Iterator[str]:
        """Yield the runs of letters of a word, which begins and ends with a space; one that is shorter than a run stands for it, once."""
        padded = f" {word} "
        for length in range(self.shortest, self.longest + 1):
            yield from (padded[start : start + length] for start in range(max(1, len(padded) - length + 1)))
            if len(padded) <= length:
                return


class Vectorizer:
    """Fitted terms.

    Parameters
    ----------
    analysis
        How texts are divided.
    terms
        The terms that count, in the order of the columns.
    idf
        The inverse document frequency of each.
    """

    def __init__(self, analysis: Analysis, terms: Sequence[str], idf: NDArray[np.float32]) -> None:
        self.analysis, self.terms, self.idf = analysis, tuple(terms), idf
        self._column = {term: column for column, term in enumerate(self.terms)}
        self._of_word: dict[str, list[int]] = {}

    def __len__(self) -> int:
        """Return the number of terms."""
        return len(self.terms)

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Return the weights of the terms in texts, one row each, of length 1: frequencies that grow with their logarithm, by rarity."""
        return self.weigh([self.analysis.words(text) for text in texts])

    def weigh(self, texts: Sequence[Sequence[str]]) -> csr_matrix:
        """Return the same of texts that are divided into words."""
        found: list[int] = []
        ends = [0]
        add = self._add_letters if self.analysis.unit == "char_wb" else self._add_runs
        for words in texts:
            add(words, found)
            ends.append(len(found))
        owners = np.repeat(np.arange(len(texts)), np.diff(ends))
        cells, counts = np.unique(owners * len(self) + np.asarray(found, dtype=np.int64), return_counts=True)
        owners, columns = np.divmod(cells, len(self))
        values = counts.astype(np.float32)
        np.log(values, values)
        values += 1
        values *= self.idf[columns]
        squares = np.bincount(owners, values * values, len(texts))
        values = (values / np.sqrt(squares)[owners]).astype(np.float32)
        starts = np.searchsorted(owners, np.arange(len(texts) + 1))
        return csr_matrix((values, columns, starts), shape=(len(texts), len(self)))

    def _add_runs(self, words: Sequence[str], found: list[int]) -> None:
        column = self._column
        found += [column[term] for term in self.analysis.runs(words) if term in column]

    def _add_letters(self, words: Iterable[str], found: list[int]) -> None:
        for word in words:
            columns = self._of_word.get(word)
            if columns is None:
                if len(self._of_word) >= MOST_WORDS:
                    self._of_word.clear()
                columns = [self._column[term] for term in self.analysis.letters(word) if term in self._column]
                self._of_word[word] = columns
            found += columns


def fit(analysis: Analysis, texts: Sequence[str], most: int | None = None) -> Vectorizer:
    """Return the terms that stand in at least :data:`MIN_TEXTS` texts, fitted by scikit-learn; of more than ``most`` the most frequent."""
    if not texts:
        return Vectorizer(analysis, [NO_WORDS], np.ones(1, dtype=np.float32))
    from sklearn.feature_extraction.text import TfidfVectorizer

    made = TfidfVectorizer(
        analyzer=analysis.unit,
        ngram_range=(analysis.shortest, analysis.longest),
        token_pattern=analysis.token,
        strip_accents="unicode" if analysis.plain else None,
        max_features=most,
        min_df=MIN_TEXTS,
        sublinear_tf=True,
        dtype=np.float32,
    )
    found = fitted(made, texts)
    return Vectorizer(analysis, [str(term) for term in found.get_feature_names_out()], found.idf_)


def fitted(vectorizer: TfidfVectorizer, texts: Sequence[str]) -> TfidfVectorizer:
    """Return a vectorizer fitted on texts; on a phrase that stands in none where they have no words in common, as few texts may."""
    try:
        return vectorizer.fit(texts)
    except ValueError:
        return vectorizer.fit([NO_WORDS, NO_WORDS])
