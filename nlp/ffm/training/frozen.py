"""Heads on the frozen vectors of an encoder that another gold tuned: what a scheme of one's own gets of it without tuning."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from ffm.evaluation.crossval import Recipe
from ffm.evaluation.examples import Example
from ffm.evaluation.splits import Split
from ffm.segment.sentences import sentence_ranges
from ffm.themes.classifier import SEED, UNSEEN, WRITTEN_WEIGHT
from ffm.themes.encoder import Encoder

STRENGTH = 0.02  # inverse of the regularisation; vectors are standardised
LEAST = 1e-3  # spread of a dimension below which it is taken as constant

Matrix = NDArray[np.float64]
Head = tuple[NDArray[np.float32], NDArray[np.float32]]


class FrozenVectors:
    """The vectors of examples by an encoder, and the themes that they carry.

    Parameters
    ----------
    encoder
        One that was not tuned on these examples, or their figures flatter.
    recipe
        Its written examples are on the training side of every fold; where it reads passages as a whole, so does the head, as the mean
        of their sentences.
    """

    def __init__(self, encoder: Encoder, examples: Sequence[Example], recipe: Recipe) -> None:
        self._encoder = encoder
        self._recipe = recipe
        self._count = len(examples)
        self._rows: list[NDArray[np.float32]] = []
        self._carried: list[list[frozenset[str]]] = []
        for example in [*examples, *recipe.written]:
            subject = example.sentences[0].subject if example.sentences else ""
            if recipe.unit == "passage":
                texts = [example.text[start:end] for start, end in sentence_ranges(example.text)] or [example.text]
                self._rows.append(encoder.vectors(subject, texts).mean(axis=0, keepdims=True))
                self._carried.append([example.themes])
            else:
                self._rows.append(encoder.vectors(subject, [sentence.text for sentence in example.sentences]))
                self._carried.append(list(example.sentence_themes))

    def head(self, inside: Sequence[int]) -> Head:
        """Return the weights, dimensions by themes, and the bias of a head that is fitted on some examples and the written ones."""
        numbers = [*inside, *range(self._count, len(self._rows))]
        vectors = np.concatenate([self._rows[number] for number in numbers])
        carried = [found for number in numbers for found in self._carried[number]]
        weight = np.concatenate([np.full(len(self._rows[n]), 1.0 if n < self._count else WRITTEN_WEIGHT) for n in numbers])
        mean, spread = vectors.mean(axis=0), np.maximum(vectors.std(axis=0), LEAST)
        scaled = (vectors - mean) / spread
        themes = self._recipe.themes
        weights, bias = np.zeros((vectors.shape[1], len(themes)), dtype=np.float32), np.full(len(themes), UNSEEN, dtype=np.float32)
        for column, theme in enumerate(themes):
            target = np.fromiter((theme in found for found in carried), dtype=np.int8, count=len(carried))
            if theme in self._recipe.learnt and 0 < target.sum() < len(target):
                fitted = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000, random_state=SEED)
                fitted.fit(scaled, target, sample_weight=weight)
                weights[:, column] = fitted.coef_[0] / spread
                bias[column] = fitted.intercept_[0] - float(weights[:, column] @ mean)
        return weights, bias

    def margins(self, splits: Sequence[Split]) -> Matrix:
        """Return the margins of examples by heads that are fitted without their folds, passages by themes."""
        found = np.full((self._count, len(self._recipe.themes)), UNSEEN)
        for split in splits:
            weights, bias = self.head(split.inside)
            for number in split.outside:
                found[number] = (self._rows[number] @ weights + bias).max(axis=0)
        return found

    def encoder(self) -> Encoder:
        """Return the encoder with a head that is fitted on all examples."""
        return self._encoder.with_head(self._recipe.themes, *self.head(range(self._count)))
