"""Clean text: what is dropped, what divides, and where each character came from."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffm.segment.markup import clean, plain_source

MARKED = st.lists(
    st.sampled_from(
        ["bread", "Roses", "**", "_", "*", "#", "# ", "<b>", "</b>", "<br>", "<sup>3</sup>", "<td>", "</tr>", "[a](b)", "![a](b)", "[^1]", "(4; 12)", "(8)", "¹", "†",
         "\\", "`", "https://x.y/z", "\n", "\n\n", "\n- ", "  ", "\t", "\v", "\u00a0", "\u200b", "|", ".", ",", "é", "İ", "<!-- x -->"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("plain words stay", "plain words stay"),
        ("**Bread** and _roses_ and `ovens`", "Bread and roses and ovens"),
        ("# Bread\n\nRoses", "Bread\nRoses"),
        ("see [the bread](https://x.y/z) now", "see the bread now"),
        ("bread<sup>3</sup> and the 3<sup>rd</sup> oven", "bread and the 3rd oven"),
        ("bread.¹ Roses[^2]†", "bread. Roses"),
        ("bread. (4, 24) Roses (12; 13; 14).", "bread. Roses."),
        ("12 loaves (9 of rye) and 40 (2019)", "12 loaves (9 of rye) and 40 (2019)"),
        ("bread<br>and <u>roses</u>", "bread and roses"),
        ("bread   and\nroses", "bread and roses"),
        ("bread:\n- rye\n- wheat", "bread:\n- rye\n- wheat"),
        ("at https://x.y/z bread", "at bread"),
        ("<tr><td>Rye</td><td>12</td></tr>", "Rye\n12"),
    ],
)
def test_clean_text_keeps_words_and_drops_markup(source: str, text: str) -> None:
    assert clean(source).text == text


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("| Town | Loaves |\n|---|---|\n| Vlora | 171(5) |", "Town\nLoaves\nVlora\n171"),
        ("Town\tLoaves\nVlora\t12", "Town\nLoaves\nVlora\n12"),
        ("Town      Loaves\nVlora     12", "Town\nLoaves\nVlora\n12"),
        ("|Ministry of Bread,<br>and Roses|Bakes|", "Ministry of Bread, and Roses\nBakes"),
    ],
)
def test_cells_of_a_table_are_lines(table: str, text: str) -> None:
    assert len(plain_source(table)) == len(table)
    assert clean(plain_source(table)).text == text


@given(st.one_of(MARKED, st.text(max_size=80)))
def test_every_character_comes_from_its_place_in_the_source(source: str) -> None:
    made = clean(source)
    assert len(made.text) == len(made.index)
    assert all(left < right for left, right in zip(made.index, made.index[1:], strict=False))
    assert all(character == source[offset] or character in " \n" for character, offset in zip(made.text, made.index, strict=True))


@given(st.one_of(MARKED, st.text(max_size=80)))
def test_clean_text_has_single_white_space_and_none_outside(source: str) -> None:
    text = clean(source).text
    assert text == text.strip(" \n")
    assert not any(left in " \n" and right in " \n" for left, right in pairwise(text))


@given(MARKED)
def test_a_range_of_the_clean_text_covers_its_source(source: str) -> None:
    made = clean(source)
    if made.text:
        start, end = made.source_range(0, len(made.text))
        assert 0 <= start < end <= len(source)


@given(st.lists(st.text(alphabet="abcé", min_size=1, max_size=5), max_size=8).map(" ".join))
def test_plain_words_are_their_own_clean_text(source: str) -> None:
    assert clean(source).text == source
    assert clean(source).index == tuple(range(len(source)))


@pytest.mark.parametrize("unit", ["(", ")", "%", "<", ".", '"', "€", "[", "(a", "[a", "a", "a.", "<!--", "(4; ", "👨", "1,", "&", "_"])
def test_a_long_run_without_spaces_is_divided_in_little_time(unit: str) -> None:
    started = time.process_time()
    made = clean(f"Bread {unit * (60_000 // len(unit))} roses")
    assert time.process_time() - started < 5
    assert max(map(len, made.text.split())) <= 200
    assert made.text.startswith("Bread") and made.text.endswith("roses")


def test_words_and_leaders_are_not_divided() -> None:
    for source in ("a" * 199, "bread" + "." * 39 + "12", "x" * 60 + "-" * 30 + "y" * 60):
        assert clean(source).text == source
