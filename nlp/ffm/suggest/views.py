"""Two views of a passage: a classifier that reads its words, and one that reads its characters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from ffm.suggest.pool import Labelled

Matrix = NDArray[np.float64]
STRENGTH = 4.0  # inverse of the regularisation
SEED = 20_26


def two_views(texts: Sequence[str], labelled: Sequence[Labelled], themes: Sequence[str]) -> tuple[Matrix, Matrix]:
    """Return what two small classifiers, trained on the labelled passages, say of texts: probabilities, texts by themes.

    One sees words and pairs of words, the other characters within words. Where no passage, or each, carries a theme,
    both say 0.5 of it.
    """
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, strip_accents="unicode", dtype=np.float32)
    characters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True, strip_accents="unicode", max_features=20_000, dtype=np.float32
    )
    first, second = (_probabilities(view, texts, labelled, themes) for view in (words, characters))
    return first, second


def _probabilities(view: TfidfVectorizer, texts: Sequence[str], labelled: Sequence[Labelled], themes: Sequence[str]) -> Matrix:
    seen = view.fit_transform([passage.text for passage in labelled])
    unseen = view.transform(texts)
    found = np.full((len(texts), len(themes)), 0.5)
    for column, theme in enumerate(themes):
        target = np.fromiter((theme in passage.themes for passage in labelled), dtype=np.int8, count=len(labelled))
        if 0 < target.sum() < len(target):
            estimator = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", dual=True, tol=0.1, random_state=SEED)
            found[:, column] = estimator.fit(seen, target).predict_proba(unseen)[:, 1]
    return found
