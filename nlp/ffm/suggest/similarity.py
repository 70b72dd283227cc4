"""Likeness of passages over TF-IDF: those that stand for the others, and those that do not repeat each other."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

Vector = NDArray[np.float64]


def text_vectors(texts: Sequence[str], labelled: Sequence[str]) -> tuple[csr_matrix, csr_matrix]:
    """Return TF-IDF vectors of length 1 of the texts and of the labelled texts; a text without words is a vector of zeros."""
    vectorizer = TfidfVectorizer(sublinear_tf=True, strip_accents="unicode", stop_words="english", dtype=np.float64)
    try:
        vectorizer.fit([*texts, *labelled])
    except ValueError:  # no words at all
        return csr_matrix((len(texts), 1)), csr_matrix((len(labelled), 1))
    return vectorizer.transform(texts), vectorizer.transform(labelled) if labelled else csr_matrix((0, len(vectorizer.vocabulary_)))


def _similar(vectors: csr_matrix, index: int) -> Vector:
    """Return the cosine of each vector with one of them."""
    return np.asarray(vectors @ vectors[[index]].toarray().ravel(), dtype=np.float64)


def representatives(vectors: csr_matrix, before: csr_matrix, count: int) -> list[tuple[int, float]]:
    """Return passages that stand for all others best, each with what it adds, best first.

    The set ``S`` is chosen greedily to maximise ``sum_i max_(j in S or labelled) similarity(i, j)``, the facility
    location function, with cosines as similarities. As the function is submodular, what a passage adds only falls: old
    values are upper bounds, and few are computed anew (lazy greedy).

    Source: G. Nemhauser, L. Wolsey and M. Fisher (1978), "An analysis of approximations for maximizing submodular set
    functions", Mathematical Programming 14, 265-294; M. Minoux (1978), "Accelerated greedy algorithms for maximizing
    submodular set functions"; for choosing texts K. Wei, R. Iyer and J. Bilmes (2015), "Submodularity in data subset
    selection and active learning", ICML.

    Parameters
    ----------
    vectors, before
        Those of the candidates, and of what has been chosen before; of length 1 or 0.
    """
    nearest = np.zeros(vectors.shape[0])
    for start in range(0, before.shape[0], 256):
        block = (vectors @ before[start : start + 256].T).max(axis=1)
        nearest = np.maximum(nearest, np.asarray(block.todense()).ravel())
    bounds = np.asarray(vectors @ np.asarray(vectors.sum(axis=0)).ravel()).ravel()
    heap = [(-float(bound), index) for index, bound in enumerate(bounds)]
    heapq.heapify(heap)
    chosen: list[tuple[int, float]] = []
    while heap and len(chosen) < count:
        _, index = heapq.heappop(heap)
        similar = _similar(vectors, index)
        gain = float(np.maximum(similar - nearest, 0.0).sum())
        if heap and (-gain, index) > heap[0]:
            heapq.heappush(heap, (-gain, index))
            continue
        chosen.append((index, gain))
        nearest = np.maximum(nearest, similar)
    return chosen


def spread(vectors: csr_matrix, worth: Vector, count: int) -> list[tuple[int, float]]:
    """Return passages of large worth that do not resemble each other, each with what it was worth when it was chosen.

    Greedily the passage of the largest ``worth * (1 - similarity to the most similar chosen one)``, with cosines as
    similarities.

    Source: maximal marginal relevance of J. Carbonell and J. Goldstein (1998), "The use of MMR, diversity-based
    reranking", SIGIR; as a product, which needs no weight between the two.

    Parameters
    ----------
    vectors
        Those of the candidates, of length 1 or 0.
    worth
        Not negative.
    """
    nearest = np.zeros(len(worth))
    chosen: list[tuple[int, float]] = []
    for _ in range(min(count, len(worth))):
        values = worth * np.clip(1 - nearest, 0, 1)
        values[[index for index, _ in chosen]] = -1
        index = int(np.argmax(values))
        chosen.append((index, float(values[index])))
        nearest = np.maximum(nearest, _similar(vectors, index))
    return chosen
