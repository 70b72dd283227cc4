"""Stance: negation and its scope, norms, what is not known, and answers that lean on their question; minimal pairs by kind."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ffm.evaluation.crossval import fit_stances, make_recipe
from ffm.evaluation.examples import written_example
from ffm.gold.written import read_written
from ffm.project.project import find_project
from ffm.project.scheme import Wording
from ffm.segment.sentences import sentence_ranges
from ffm.themes.features import contexts
from ffm.themes.polarity import FEATURES, MAX_READ, Polarity
from ffm.themes.stance import StanceModel, majority

ROOT = Path(__file__).parents[1]
KINDS = {kind["name"]: kind["pairs"] for kind in tomllib.loads((ROOT / "tests" / "stance_pairs.toml").read_text(encoding="utf-8"))["kind"]}
LEAST = 0.8  # of the texts of a kind
RAIN = Polarity({"rain": Wording(("rain\\w*", "wet"), ("dry", "sun\\w*"), ("umbrellas?",))})


def read(text: str, question: str = "") -> dict[str, float]:
    found = RAIN.features(contexts([text], question)[0], "rain")
    return {name: value for name, value in zip(FEATURES, found.tolist(), strict=True) if value}


@pytest.mark.parametrize(
    "text",
    [
        "It does not rain.",
        "Neither hill nor valley is wet.",
        "It is dry.",
        "It rained once, but it is no longer wet.",
        "Those who did not go to sea say that it is dry.",
        "It rains less.",
        "It was not known to be anything but dry.",
    ],
)
def test_a_denial_is_read_from_the_parity_of_negations(text: str) -> None:
    found = read(text)
    assert found["balance"] < 0, found


@pytest.mark.parametrize(
    "text",
    [
        "It rains.",
        "It is not dry.",
        "Not only does it rain, it pours.",
        "The mayor did not deny that it rains.",
        "He does not live at home and is wet.",
        "She cannot go out without getting wet.",
        "People cannot go out because of the rain.",
        "Those who did not go home are wet.",
        "It was dry, but it is wet.",
        "It is dry, although it is not always dry, but it rains.",
        "There are no umbrellas.",
    ],
)
def test_a_negation_holds_in_its_clause_and_twice_is_none(text: str) -> None:
    found = read(text)
    assert found["balance"] > 0, found


@pytest.mark.parametrize("text", ["The law forbids rain.", "The plan aims to be dry.", "It must not rain."])
def test_a_norm_denies_nothing(text: str) -> None:
    found = read(text)
    assert found["norm"] and "denied" not in found


@pytest.mark.parametrize("text", ["We do not know whether it rains.", "There are no figures on rain.", "It is unclear if it is wet."])
def test_what_is_not_known_is_neither_said_nor_denied(text: str) -> None:
    found = read(text)
    assert found["not known"] and "said" not in found and "denied" not in found


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Does it rain?", "Yes.", "answer says"),
        ("Does it rain?", "It does not.", "answer denies"),
        ("Doesn't it rain?", "Yes, it does.", "answer says"),
        ("Doesn't it rain?", "No.", "answer denies"),
        ("Is it dry?", "No.", "answer says"),
        ("Is it dry?", "It is.", "answer denies"),
        ("Are there enough boats? Is it dry?", "Not really.", "answer says"),
        ("Does it rain?", "I don't know.", "not known"),
        ("Do you have data on rain?", "No.", "answer not known"),
        ("Do you like boats?", "No, we like the houses on the hill far better.", "answer to another question"),
        ("Do clouds spill over?", "No.", "answer denies"),
        ("Is it dry?", "So far, no.", "answer says"),
    ],
)
def test_a_short_answer_takes_the_words_of_its_question(question: str, answer: str, expected: str) -> None:
    assert expected in read(answer, question)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["not", "no", "rain", "dry", "who", "is", "but", "and", ",", "if", "they", "without", "know", "?", "\n"]),
        max_size=60,
    )
)
def test_any_words_are_read_within_the_ranges_of_the_features(words: list[str]) -> None:
    text = " ".join(words)
    found = RAIN.features(contexts([text], text)[0], "rain")
    assert found.shape == (len(FEATURES),) and (abs(found) <= 1).all()


def test_of_an_endless_sentence_only_the_beginning_is_read() -> None:
    assert read("rain not " * 100_000) == read(("rain not " * 100_000)[:MAX_READ])


def test_a_theme_without_a_wording_has_no_polarity() -> None:
    assert not RAIN.matrix(contexts(["It does not snow."], ""), ["snow"]).any()


@pytest.fixture(scope="module")
def model() -> StanceModel:
    scheme = find_project().scheme
    written = [written_example(passage, scheme) for passage in read_written(ROOT / "annotations" / "written", scheme)]
    return fit_stances([], make_recipe(scheme, [], written))


def right(model: StanceModel, theme: str, side: Sequence[str]) -> bool:
    question, text, wanted = side
    sentences = contexts([text[start:end] for start, end in sentence_ranges(text)], question)
    found = majority(model.classify(sentences, [theme] * len(sentences)), model.stances[0])
    return found != "denied" if wanted == "not denied" else found == wanted


def test_there_are_pairs_enough_of_every_core_theme_and_no_text_stands_twice() -> None:
    pairs = [pair for kind in KINDS.values() for pair in kind]
    assert len(pairs) >= 150
    assert {theme for theme, *_ in pairs} == set(find_project().scheme.stance_ids)
    assert all(one[2] != two[2] and one != two for _, one, two in pairs)
    assert len({str(pair) for pair in pairs}) == len(pairs)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_model_of_the_written_examples_alone_tells_the_texts_of_a_kind_apart(model: StanceModel, kind: str) -> None:
    found = [right(model, theme, side) for theme, *sides in KINDS[kind] for side in sides]
    assert sum(found) / len(found) >= LEAST


def test_of_all_texts_nine_of_ten_are_told_right(model: StanceModel) -> None:
    found = [right(model, theme, side) for kind in KINDS.values() for theme, *sides in kind for side in sides]
    assert sum(found) / len(found) >= 0.9
