"""What a report took over from the one before it: passages carried over word for word, reworded, new and dropped."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from ffm.entities.lexicon import folded
from ffm.records import TaggedPassage, is_evidence

State = Literal["carried", "reworded", "new", "dropped"]

SIMILAR = 0.5  # cosine of counts of word bigrams from which on a passage is another's rewording
SHARED = 3  # bigrams that a rewording shares with what it rewords: one of the two of "in the north" tells nothing
CANDIDATES = 20  # most similar passages that are kept for each, so that a report of one sentence over and over costs no more
BLOCK = 4_000_000  # cells of one product of the two reports' matrices
WORD = re.compile(r"\w+")
NOTE_MARK = re.compile(r"\[\^?\d{1,4}\]|<sup>[^<]{1,12}</sup>")

Pair = tuple[float, int, int]


class Carried(Struct, frozen=True):
    """What became of one passage from a report to the next.

    Attributes
    ----------
    from_report, to_report
        The ids of the earlier and of the later report.
    passage_from, passage_to
        The passages' ids; None on the side that has no such passage.
    state
        ``carried``: the same words in the same order; ``reworded``: similar; ``new``: in the later report alone; ``dropped``: in the
        earlier alone.
    similarity
        Cosine of the counts of word bigrams, in [0.5, 1]; 1 of what was carried over, None of what stands in one report alone.
    """

    from_report: str
    to_report: str
    passage_from: str | None
    passage_to: str | None
    state: State
    similarity: float | None


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text by which two texts are the same: without case, accents, punctuation and marks of footnotes."""
    return tuple(WORD.findall(folded(NOTE_MARK.sub(" ", text)).lower()))


def carried_over(passages: Sequence[TaggedPassage], from_report: str, to_report: str) -> list[Carried]:
    """Return what became of the evidence of a report in a later one.

    Each passage has one counterpart at most: first those with the same words, in the order in which they stand; then the most similar
    pairs of the rest, best first. Footnotes, tables and front matter are left out, as in all comparisons.

    Parameters
    ----------
    passages
        Rows that hold both reports, and may hold others.
    from_report, to_report
        Ids of the earlier and of the later report. One without rows is taken for empty: all of the other is new, or dropped.

    Returns
    -------
    list of Carried
        The earlier report's passages in their order, then those that are new in theirs.
    """
    before = _evidence(passages, from_report)
    after = _evidence(passages, to_report)
    words_before, words_after = ([words_of(passage.text) for passage in side] for side in (before, after))
    pairs = _same(words_before, words_after)
    rest_before = [index for index in range(len(before)) if index not in pairs]
    taken = {index for index, _ in pairs.values()}
    rest_after = [index for index in range(len(after)) if index not in taken]
    for score, left, right in _best_first(
        _similar([words_before[index] for index in rest_before], [words_after[index] for index in rest_after])
    ):
        pairs[rest_before[left]] = (rest_after[right], round(score, 4))
    found = []
    for index, passage in enumerate(before):
        if index not in pairs:
            found.append(Carried(from_report, to_report, passage.passage, None, "dropped", None))
            continue
        other, similarity = pairs[index]
        state: State = "carried" if words_before[index] == words_after[other] else "reworded"
        found.append(Carried(from_report, to_report, passage.passage, after[other].passage, state, similarity))
    taken = {index for index, _ in pairs.values()}
    found += [
        Carried(from_report, to_report, None, passage.passage, "new", None) for index, passage in enumerate(after) if index not in taken
    ]
    return found


def _evidence(passages: Sequence[TaggedPassage], report: str) -> list[TaggedPassage]:
    mine = (passage for passage in passages if passage.report == report and is_evidence(passage))
    return sorted(mine, key=lambda passage: (passage.start, passage.end, passage.passage))


def _same(before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]) -> dict[int, tuple[int, float]]:
    """Return the counterparts with the same words, where a text comes several times the first of one side with the first of the other."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index in reversed(range(len(after))):
        places[after[index]].append(index)
    return {index: (places[words].pop(), 1.0) for index, words in enumerate(before) if words and places.get(words)}


def _similar(before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]) -> list[Pair]:
    """Return the pairs of texts whose counts of word bigrams have a cosine of at least ``SIMILAR``.

    The commonest bigrams of a text, as long as their part of its norm stays below ``SIMILAR``, cannot alone make it similar to any
    other (Bayardo, Ma and Srikant 2007, "Scaling up all pairs similarity search", section 4.1): they are left out of the product that
    finds the pairs, which is then nearly linear, and no pair is lost.
    """
    if not any(len(words) > 1 for words in before) or not any(len(words) > 1 for words in after):
        return []
    counts = CountVectorizer(analyzer=_bigrams, dtype=np.float64).fit_transform([*before, *after])
    presence = (counts > 0).astype(np.float64)
    unit = normalize(counts)
    left, right = unit[: len(before)], unit[len(before) :]
    rare, dropped = _without_common(left, np.asarray(presence.sum(axis=0)).ravel())
    turned = right.T.tocsr()
    found: list[Pair] = []
    step = max(1, BLOCK // max(1, len(after)))
    for start in range(0, len(before), step):
        product = (rare[start : start + step] @ turned).tocoo()
        near = product.data + dropped[start + product.row] >= SIMILAR - 1e-9
        rows, columns = product.row[near] + start, product.col[near]
        scores = np.asarray(left[rows].multiply(right[columns]).sum(axis=1)).ravel()
        shared = np.asarray(presence[rows].multiply(presence[columns + len(before)]).sum(axis=1)).ravel()
        good = (scores >= SIMILAR) & (shared >= SHARED)
        found += _most_similar(scores[good], rows[good], columns[good])
    return found


def _bigrams(words: tuple[str, ...]) -> list[tuple[str, str]]:
    return list(pairwise(words))


def _without_common(matrix: sparse.csr_matrix, frequency: npt.NDArray[np.float64]) -> tuple[sparse.csr_matrix, npt.NDArray[np.float64]]:
    """Return rows without their commonest entries, and the norm of what each row lost, which is below ``SIMILAR``."""
    kept = matrix.copy()
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    order = np.lexsort((matrix.indices, -frequency[matrix.indices], rows))
    squares = matrix.data[order] ** 2
    running = np.cumsum(squares)
    before_row = np.concatenate(([0.0], running))[matrix.indptr[:-1]]
    lost = running - before_row[rows]  # rows come in order, so this is each row's own sum
    common = lost < SIMILAR**2 - 1e-6
    kept.data[order[common]] = 0
    norms = np.sqrt(np.bincount(rows, weights=np.where(common, squares, 0), minlength=matrix.shape[0]))
    kept.eliminate_zeros()
    return kept, norms


def _most_similar(scores: npt.NDArray[np.float64], rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]) -> Iterator[Pair]:
    """Yield the best pairs of each row."""
    order = np.lexsort((columns, -scores, rows))
    seen: dict[int, int] = defaultdict(int)
    for index in order:
        row = int(rows[index])
        seen[row] += 1
        if seen[row] <= CANDIDATES:
            yield float(scores[index]), row, int(columns[index])


def _best_first(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Yield pairs from the most similar on, each text in one alone; of pairs as similar the first in order."""
    left, right = set(), set()
    for score, row, column in sorted(pairs, key=lambda pair: (-round(pair[0], 9), pair[1], pair[2])):
        if row not in left and column not in right:
            left.add(row)
            right.add(column)
            yield score, row, column
