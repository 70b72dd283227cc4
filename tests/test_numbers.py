"""Numbers as reports write them: what is a number, and what it is worth."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffm.entities.numbers import BEGINS_NUMBER, NUMBER, TENS, UNITS, has_scale, tidy, value_of

SMALL = {value: word for word, value in [*UNITS.items(), *TENS.items()]}


def in_words(number: int) -> str:
    """Return a number below a million in words."""
    if number in SMALL:
        return SMALL[number]
    if number < 100:
        return f"{SMALL[number // 10 * 10]}-{SMALL[number % 10]}"
    if number < 1000:
        rest = f" and {in_words(number % 100)}" if number % 100 else ""
        return f"{SMALL[number // 100]} hundred{rest}"
    rest = f" {'and ' if number % 1000 < 100 else ''}{in_words(number % 1000)}" if number % 1000 else ""
    return f"{in_words(number // 1000)} thousand{rest}"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("9,000", 9000),
        ("9’000", 9000),
        ("9 000", 9000),
        ("1,234,567", 1_234_567),
        ("1,50,000", 150_000),
        ("1.234.567", 1_234_567),
        ("300.000", 300_000),
        ("2.500 million", 2_500_000),
        ("17.6 million", 17_600_000),
        ("2,5 million", 2_500_000),
        ("1.1m", 1_100_000),
        ("3 bn", 3_000_000_000),
        ("2 crore", 20_000_000),
        ("5 lakhs", 500_000),
        ("4.25", 4.25),
        ("six", 6),
        ("Forty-two", 42),
        ("forty two", 42),
        ("two hundred", 200),
        ("three hundred and seven", 307),
        ("twelve thousand and six", 12_006),
        ("one million two hundred thousand", 1_200_000),
    ],
)
def test_a_number_has_the_value_that_it_is_written_for(written: str, value: float) -> None:
    assert re.fullmatch(NUMBER, written)
    assert value_of(written) == value


@pytest.mark.parametrize("written", ["", "several", "a few", "12 lions", "two lions", "9" * 310, "9" * 305 + " million"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        value_of(written)


@given(st.integers(0, 10**12))
def test_thousands_separators_do_not_change_a_value(number: int) -> None:
    for separator in (",", "\u00a0", "\u202f", "’"):
        written = f"{number:,}".replace(",", separator)
        assert re.fullmatch(NUMBER, written)
        assert value_of(written) == number


@given(st.integers(0, 10**6), st.integers(0, 99))
def test_decimals_survive_with_a_point_and_without_thousands_with_a_comma(whole: int, hundredths: int) -> None:
    value = tidy(whole + hundredths / 100)
    assert value_of(f"{whole:,}.{hundredths:02d}") == value
    assert value_of(f"{whole},{hundredths:02d}") == value


@given(st.integers(1, 999_999))
def test_words_below_a_million_are_read_whole(number: int) -> None:
    written = in_words(number)
    match = re.search(NUMBER, f"there were {written} of them")
    assert match is not None
    assert match.group() == written
    assert value_of(written) == number


@given(st.integers(1, 999), st.sampled_from(["thousand", "million", "billion", "lakh", "crore"]))
def test_a_scale_word_multiplies(number: int, scale: str) -> None:
    assert has_scale(f"{number} {scale}") == scale
    assert value_of(f"{number} {scale}") == number * value_of(f"one {scale}")


@given(st.text(alphabet="0123456789 ,.-abcdefghijklmnopqrstuvwxyz", max_size=40))
def test_whatever_looks_like_a_number_has_a_value_and_is_announced(text: str) -> None:
    for match in re.finditer(NUMBER, text):
        assert value_of(match.group()) >= 0
        assert BEGINS_NUMBER.search(text)


def test_a_whole_number_is_an_int() -> None:
    assert tidy(3.0) == 3 and isinstance(tidy(3.0), int)
    assert tidy(0.1 + 0.2) == 0.3
