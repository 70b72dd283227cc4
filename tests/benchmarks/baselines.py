"""What others would reach on the folds of the model card: TF-IDF with logistic regression, and spaCy's ``textcat_multilabel``.

Every baseline reads the question and the passage as one text and gives a theme from a probability of 0.5. Prints a Markdown table
of macro-F1 over the core themes, macro-F1 and average precision over all; no figure here is a test. Needs the texts of the reports
(FFM_RAW_TEXT); about a quarter of an hour of one core, most of it the ensemble's.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import spacy
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score
from spacy.training import Example as TrainingExample

from ffm.evaluation.examples import make_examples
from ffm.evaluation.splits import group_folds, joined_groups
from ffm.gold.load import load_gold
from ffm.project.project import find_project

Table = NDArray[np.float64]
Baseline = Callable[[Sequence[str], Table, Sequence[str]], Table]  # training texts and labels, texts to judge: probabilities

SEED = 1
EPOCHS = {"spacy.TextCatBOW.v3": 20, "spacy.TextCatEnsemble.v2": 10}


def tf_idf(weights: str | None) -> Baseline:
    """Words and pairs of words, one logistic regression a theme."""

    def judge(texts: Sequence[str], labels: Table, others: Sequence[str]) -> Table:
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        seen, unseen = words.fit_transform(texts), words.transform(others)
        fits = [LogisticRegression(max_iter=1000, class_weight=weights).fit(seen, column) for column in labels.T]
        return np.column_stack([fit.predict_proba(unseen)[:, 1] for fit in fits])

    return judge


def textcat(architecture: str, names: Sequence[str]) -> Baseline:
    """spaCy's own classifier of texts with several labels, as its quickstart sets it up."""
    bow = {"@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": False, "ngram_size": 1, "no_output_layer": False}
    config = {"model": bow} if architecture == "spacy.TextCatBOW.v3" else {}  # without a model of its own: the ensemble

    def judge(texts: Sequence[str], labels: Table, others: Sequence[str]) -> Table:
        spacy.util.fix_random_seed(SEED)
        order = random.Random(SEED)
        nlp = spacy.blank("en")
        component = nlp.add_pipe("textcat_multilabel", config=config)
        for name in names:
            component.add_label(name)
        examples = [
            TrainingExample.from_dict(nlp.make_doc(text), {"cats": dict(zip(names, map(float, row), strict=True))})
            for text, row in zip(texts, labels, strict=True)
        ]
        optimizer = nlp.initialize(lambda: examples)
        for _ in range(EPOCHS[architecture]):
            order.shuffle(examples)
            for batch in spacy.util.minibatch(examples, 16):
                nlp.update(batch, sgd=optimizer, drop=0.2)
        return np.array([[doc.cats[name] for name in names] for doc in nlp.pipe(others)])

    return judge


def main() -> None:
    """Judge every passage by a fit on the other folds, with each baseline."""
    scheme, entries = find_project().scheme, find_project().reports()
    examples = make_examples(load_gold(find_project().gold, entries, scheme)[0], entries, scheme)
    fold = group_folds(joined_groups(examples))
    texts = [" ".join(filter(None, (example.sentences[0].question, example.text))) for example in examples]
    gold = np.array([[float(theme in example.themes) for theme in scheme.theme_ids] for example in examples])
    core = [scheme.theme_ids.index(theme) for theme in scheme.core_ids]
    baselines = {
        "TF-IDF, logistic regression": tf_idf(None),
        "TF-IDF, logistic regression with balanced classes": tf_idf("balanced"),
        **{f"textcat_multilabel, {name}, {epochs} epochs": textcat(name, scheme.theme_ids) for name, epochs in EPOCHS.items()},
    }
    print("| model | core | all | AP, core | AP, all |\n|---|---|---|---|---|")
    for name, judge in baselines.items():
        scores = np.zeros_like(gold)
        for number in sorted(set(fold)):
            train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
            scores[test] = judge([texts[index] for index in train], gold[train], [texts[index] for index in test])
        f1 = f1_score(gold, scores >= 0.5, average=None, zero_division=0)
        precision = average_precision_score(gold, scores, average=None)
        print(f"| {name} | {f1[core].mean():.2f} | {f1.mean():.2f} | {precision[core].mean():.2f} | {precision.mean():.2f} |", flush=True)


if __name__ == "__main__":
    main()
