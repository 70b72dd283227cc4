"""The stance of a core theme: a small classifier over the sentences that carry the theme.

Few sentences deny a theme or say that nothing is known, so the classifier is a logistic regression over few features that
are read by rule (:mod:`ffm.themes.polarity`), words, the question, the theme and the scheme's cues of stances; where the
rules find nothing to read and an encoder reads the passage too, its vector of the sentence. The passage's stance is that of the majority of its carrying sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from ffm.project.scheme import Wording
from ffm.themes.features import Cues, SentenceContext, contexts
from ffm.themes.polarity import FEATURES, Polarity
from ffm.themes.terms import Analysis, Vectorizer, fit

SEED = 20_26
STRENGTH = 0.5  # inverse of the regularisation
VECTOR_LENGTH = 3.0  # of an encoder's vector beside the other features
LEAD = 0.5  # log odds that the first stance must lead by where a vector is read: it holds of most sentences, which hides the others
TOKEN = r"(?u)\b\w+(?:['’]\w+)?\b"  # keeps "don't" whole

Vectors = NDArray[np.float32]

VIEWS = {"words": Analysis(longest=3, token=TOKEN, plain=False), "question": Analysis(longest=2, token=TOKEN, plain=False)}


class WithVectors(Struct):
    """What a classifier of stance weighs features by that an encoder's vectors stand behind: features and dimensions by stances."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


class StanceModel(Struct):
    """A fitted classifier of stance; ``weights`` is features by stances, ``beside`` set where it can read an encoder's vectors too."""

    themes: tuple[str, ...]
    stances: tuple[str, ...]
    words: Vectorizer
    question: Vectorizer
    cues: Cues
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    polarity: Polarity
    beside: WithVectors | None = None

    @property
    def width(self) -> int:
        """Number of features."""
        return int(_matrix(self.words, self.question, self.cues, self.polarity, self.themes, contexts([""], ""), [""]).shape[1])

    def classify(self, sentences: Sequence[SentenceContext], carried: Sequence[str], vectors: Vectors | None = None) -> list[str]:
        """Return the stance of each sentence towards the theme that it carries.

        Parameters
        ----------
        carried
            The theme of each sentence; one that carries two stands twice.
        vectors
            An encoder's, sentences by dimensions: they tell of sentences in which no rule finds anything to read, and of no others, as a
            "no" weighs more than what a sentence is like.
        """
        if not sentences:
            return []
        matrix = _matrix(self.words, self.question, self.cues, self.polarity, self.themes, sentences, carried)
        margins = matrix @ self.weights + self.bias
        if vectors is not None and self.beside is not None:
            unread = ~self.polarity.matrix(sentences, carried).any(axis=1)
            margins[unread] = (_with_vectors(matrix, vectors) @ self.beside.weights + self.beside.bias)[unread]
        return [self.stances[index] for index in np.argmax(margins, axis=1)]


def fit_stance(
    sentences: Sequence[SentenceContext],
    carried: Sequence[str],
    stances: Sequence[str],
    themes: Sequence[str],
    names: Sequence[str],
    cues: Sequence[str] = (),
    wordings: Mapping[str, Wording] | None = None,
    vectors: Vectors | None = None,
) -> StanceModel:
    """Fit the classifier.

    Parameters
    ----------
    sentences, carried, stances
        Sentences, the theme that each carries (a sentence stands once for each of its themes) and its stance.
    themes, names
        The themes that carry a stance, and the stances; the first holds where nothing was learnt.
    cues
        Phrases that hint at a stance, from the scheme.
    wordings
        How texts word that a theme is there or not, by theme, from the scheme; without any, no sentence is read for its polarity.
    vectors
        An encoder's vectors of the sentences, sentences by dimensions; a second set of weights is fitted with them.
    """
    found, polarity = Cues(cues), Polarity(wordings or {})
    words = fit(VIEWS["words"], [sentence.text for sentence in sentences])
    question = fit(VIEWS["question"], [sentence.question or "no question" for sentence in sentences])
    rows = sentences or contexts([""], "")  # without a sentence to learn from: the right number of features, all without weight
    matrix = _matrix(words, question, found, polarity, tuple(themes), rows, carried)
    weights, bias = _fit(matrix, stances, names)
    beside = None
    if vectors is not None and len(vectors):
        beside = WithVectors(*_fit(_with_vectors(matrix, vectors), stances, names))
        beside.bias[0] -= LEAD
    return StanceModel(tuple(themes), tuple(names), words, question, found, weights, bias, polarity, beside)


def _fit(matrix: csr_matrix, stances: Sequence[str], names: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the weights, features by stances, and the bias of a logistic regression for each stance."""
    weights = np.zeros((matrix.shape[1], len(names)), dtype=np.float32)
    bias = np.full(len(names), -9.0, dtype=np.float32)
    for column, name in enumerate(names):
        target = np.fromiter((stance == name for stance in stances), dtype=np.int8, count=len(stances))
        if 0 < target.sum() < len(target):
            from sklearn.linear_model import LogisticRegression

            estimator = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=SEED).fit(matrix, target)
            weights[:, column], bias[column] = estimator.coef_[0].astype(np.float32), np.float32(estimator.intercept_[0])
        elif len(target) and target.all():
            bias[column] = 0.0
    return weights, bias


def _with_vectors(matrix: csr_matrix, vectors: Vectors) -> csr_matrix:
    """Return features with vectors of one length behind them."""
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return csr_matrix(hstack([matrix, csr_matrix(vectors / lengths * VECTOR_LENGTH)], format="csr"))


def _matrix(
    words: Vectorizer,
    question: Vectorizer,
    cues: Cues,
    polarity: Polarity,
    themes: tuple[str, ...],
    sentences: Sequence[SentenceContext],
    carried: Sequence[str],
) -> csr_matrix:
    """Return words, question, the theme, the cues for all themes and for this one, and what is read of polarity, side by side."""
    indicator = np.zeros((len(sentences), len(themes)), dtype=np.float32)
    for row, theme in enumerate(carried):
        if theme in themes:
            indicator[row, themes.index(theme)] = 0.5
    hints = cues.table([sentence.text for sentence in sentences])
    parts = [
        words.transform([sentence.text for sentence in sentences]),
        question.transform([sentence.question for sentence in sentences]) * 0.3,
        csr_matrix(indicator),
        csr_matrix(hints),
        *(csr_matrix(hints * (indicator[:, [column]] > 0)) for column in range(len(themes))),
    ]
    if polarity.wordings:
        read = polarity.matrix(sentences, carried)
        # Whether a negation of other words denies the theme differs by theme ("no beds" is a gap); all else is read alike for all.
        bare = read[:, [FEATURES.index("bare negation")]]
        parts += [csr_matrix(read), csr_matrix(bare * (indicator > 0))]
    return csr_matrix(hstack(parts, format="csr"))


def majority(stances: Sequence[str], default: str) -> str:
    """Return the stance of most sentences; the default where there is a tie or none."""
    counts = Counter(stances)
    if not counts:
        return default
    top = max(counts.values())
    leaders = [stance for stance, count in counts.items() if count == top]
    return default if default in leaders or len(leaders) > 1 else leaders[0]
