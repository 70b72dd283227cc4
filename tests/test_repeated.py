"""What a section or a question repeats in every row is bounded: a data set is in proportion to its report."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffm.records import Report, joined
from ffm.segment import segment
from ffm.segment.repeated import MOST_LEVELS, MOST_OF_NAME, MOST_OF_QUESTION, first_of_question, short_name, short_path

ANSWERS = "\n\n".join(f"Boat {number} leaves at noon and is back by night." for number in range(300))
LONG = "tide and harbour " * 3000


@pytest.mark.parametrize(
    "text",
    [
        f"# {LONG}\n\n{ANSWERS}\n",
        f"# Boats\n\n**Q. {LONG}?**\n\n{ANSWERS}\n",
        f"# Boats\n\n## {LONG}\n\n### {LONG}\n\n{ANSWERS}\n",
        f"# Meeting with the {LONG}\n\nDate: 3 May 2021\n\n{ANSWERS}\n",
        "\n\n".join(f"{'#' * min(level, 6)} {'1.' * level} Pier {level}" for level in range(1, 200)) + f"\n\n{ANSWERS}\n",
    ],
    ids=["heading", "question", "headings", "source", "levels"],
)
def test_rows_are_in_proportion_to_the_report(text: str) -> None:
    passages = segment(Report("boats", text)).passages
    assert sum(len(msgspec.json.encode(passage)) for passage in passages) < 25 * len(text) + 5000 * len(passages)
    for passage in passages:
        assert len(passage.question or "") <= MOST_OF_QUESTION
        assert len(passage.section or "") <= MOST_OF_NAME
        assert len(passage.source or "") <= MOST_OF_NAME
        if passage.question is not None:
            assert passage.question == joined(text, passage.question_parts)


def test_names_and_questions_of_a_usual_length_stay() -> None:
    assert short_name("Harbour office, Durban") == "Harbour office, Durban"
    assert short_path(("I. Boats", "2. Piers")) == ("I. Boats", "2. Piers")
    assert first_of_question("Who rows?", [(0, 3), (4, 9)]) == ((0, 3), (4, 9))


def test_long_name_ends_at_a_word_and_says_that_it_goes_on() -> None:
    assert short_name(LONG).endswith(("harbour…", "tide…", "and…"))
    assert len(short_path(tuple("abcdefghijklmnop"))) == MOST_LEVELS


@given(st.text("ab \n", max_size=6000), st.lists(st.integers(0, 6000), max_size=8))
def test_first_of_a_question_is_its_beginning(text: str, cuts: list[int]) -> None:
    places = sorted({cut for cut in cuts if cut < len(text)} | {0, len(text)})
    parts = tuple((start, end) for start, end in itertools.pairwise(places) if start < end)
    kept = first_of_question(text, parts)
    assert len(joined(text, kept)) <= MOST_OF_QUESTION
    assert joined(text, parts).startswith(joined(text, kept))
    assert all(start < end for start, end in kept)
