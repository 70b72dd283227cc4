"""Terms and their weights are those of scikit-learn, which fits them, and reading needs none of the libraries that training does."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from ffm.themes.features import VIEWS, Cues
from ffm.themes.stance import VIEWS as STANCE_VIEWS
from ffm.themes.terms import Analysis, fit

ANALYSES = {**{name: analysis for name, (_, _, analysis) in VIEWS.items()}, **{f"stance {name}": a for name, a in STANCE_VIEWS.items()}}
FITTED_ON = [
    "The baker's oven in Çorovodë is cold, and isn't lit.",
    "An oven isn't a baker.",
    "Bakers of Çorovodë lit the oven, the oven of the baker!",
    "ΟΔΟΣ ﬁne Å I’m a-b 12,000 ovens",
    "the fine oven isn't cold: 12,000 ovens",
]
TEXTS = st.lists(
    st.one_of(st.text(max_size=40), st.lists(st.sampled_from(" ".join(FITTED_ON).split()), max_size=12).map(" ".join)), max_size=6
)


@pytest.mark.parametrize("name", ANALYSES)
@given(texts=TEXTS)
def test_weights_are_those_of_scikit_learn(name: str, texts: list[str]) -> None:
    analysis: Analysis = ANALYSES[name]
    ours = fit(analysis, FITTED_ON)
    theirs = TfidfVectorizer(
        analyzer=analysis.unit,
        ngram_range=(analysis.shortest, analysis.longest),
        token_pattern=analysis.token,
        strip_accents="unicode" if analysis.plain else None,
        vocabulary=list(ours.terms),
        sublinear_tf=True,
        dtype=np.float32,
    )
    theirs.idf_ = ours.idf
    found, expected = ours.transform([*texts, FITTED_ON[0]]), theirs.transform([*texts, FITTED_ON[0]])
    assert found.shape == expected.shape
    for part in ("indptr", "indices", "data"):
        assert np.array_equal(getattr(found, part), getattr(expected, part)), part
    assert found[-1].nnz


def test_texts_without_words_have_a_row_too() -> None:
    assert fit(Analysis(), ()).transform(["", "Nothing of that."]).shape == (2, 1)


def test_what_fits_and_draws_is_not_imported_to_tag() -> None:
    program = (
        "import sys, ffm, ffm.tagging.batch\n"
        "nlp = ffm.load(sparse=True)\n"
        "nlp('Bread is baked in Vlora, 30 loaves a day.')\n"
        "print(*{'sklearn', 'skops', 'pandas', 'onnxruntime', 'pyarrow', 'duckdb', 'matplotlib'} & sys.modules.keys())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert (done.stdout.strip(), done.returncode) == ("", 0), done.stderr


EXPRESSIONS = (
    "(?:not|never|n['’]t) (?:lit|baked)",
    "(?:cold|warm\\w*)? ovens? (?:of|in)",
    "bak(?:e|es|ing) bread|loa(?:f|ves)",
    "no(?:body|t anyone)? bakes",
    "[bc]old oven|oven",
    "\\d+ loaves|b{0,2}ake it",
    "ço? rovodë",
)
PIECES = " ".join(
    ("not lit", "n't baked", "cold oven in", "ovens of", "bakes bread", "loaf nobody", "not anyone 12 loaves", "bbake it", "ço rovodë")
)


@given(st.lists(st.sampled_from(PIECES.split()), max_size=10).map(" ".join) | st.text("abcno t'lfk", max_size=30))
def test_cues_are_found_wherever_their_expressions_match_whole_words(text: str) -> None:
    expected = [number for number, expression in enumerate(EXPRESSIONS) if re.search(rf"\b(?:{expression})\b", text.lower())]
    assert Cues(EXPRESSIONS).found(text) == expected
