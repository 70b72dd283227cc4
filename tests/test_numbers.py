"""Numbers as reports write them: what is a number, and what it is worth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffm.entities.amounts.numerals import lexemes, number_at, tidy
from ffm.entities.amounts.vocabulary import vocabulary

SMALL = {value: word for word, value in vocabulary().numbers.items()}


def value_of(written: str) -> float | None:
    """Return the value of a number, or None where the text is none as a whole."""
    lex = lexemes(written)
    number = number_at(lex, 0)
    return number.value if number is not None and number.stop == len(lex) else None


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
        ("a million", 1_000_000),
        ("half a million", 500_000),
        ("half a dozen", 6),
        ("two dozen", 24),
        ("one and a half million", 1_500_000),
        ("1 234,50", 1234.5),
        ("1.234,50", 1234.5),
        ("9,\n000", 9000),
        ("1.\n2 million", 1_200_000),
        ("30 mil-\nlion", 30_000_000),
        ("thirty mil- lion", 30_000_000),
        ("3 millions", 3_000_000),
    ],
)
def test_a_number_has_the_value_that_it_is_written_for(written: str, value: float) -> None:
    assert value_of(written) == value


@pytest.mark.parametrize("written", ["", "several", "a few", "12 lions", "two lions", "9" * 310, "9" * 305 + " million"])
def test_what_is_no_number_is_none(written: str) -> None:
    assert value_of(written) is None


@given(st.integers(0, 10**12))
def test_thousands_separators_do_not_change_a_value(number: int) -> None:
    for separator in (",", "\u00a0", "\u202f", "’"):
        written = f"{number:,}".replace(",", separator)
        assert value_of(written) == number


@given(st.integers(0, 10**6), st.integers(0, 99))
def test_decimals_survive_with_a_point_and_without_thousands_with_a_comma(whole: int, hundredths: int) -> None:
    value = tidy(whole + hundredths / 100)
    assert value_of(f"{whole:,}.{hundredths:02d}") == value
    assert value_of(f"{whole},{hundredths:02d}") == value


@given(st.integers(1, 999_999))
def test_words_below_a_million_are_read_whole(number: int) -> None:
    lex = lexemes(f"there were {in_words(number)} of them")
    found = number_at(lex, 2)
    assert found is not None
    assert lex.surface(found.start, found.stop) == in_words(number)
    assert found.value == number


@given(
    st.integers(1, 999),
    st.sampled_from(["thousand", "million", "billion", "lakh", "crore", "dozen", "mio", "bn"]),
    st.sampled_from(["", " ", "-"]),
)
def test_a_scale_word_multiplies_apart_joined_or_hyphenated(number: int, scale: str, between: str) -> None:
    assert value_of(f"{number}{between}{scale}") == number * vocabulary().scales[scale]


@given(st.text(alphabet="0123456789 ,.-abcdefghijklmnopqrstuvwxyz\n", max_size=40))
def test_lexemes_cover_a_text_in_order_and_numbers_lie_in_it(text: str) -> None:
    lex = lexemes(text)
    assert all(start < end for start, end in zip(lex.starts, lex.ends, strict=True))
    assert all(end <= start for end, start in zip(lex.ends, lex.starts[1:], strict=False))
    assert not "".join(text[end:start] for end, start in zip([0, *lex.ends], [*lex.starts, len(text)], strict=True)).strip()
    for index in range(len(lex)):
        number = number_at(lex, index)
        assert number is None or (number.value >= 0 and index < number.stop <= len(lex))


def test_a_whole_number_is_an_int() -> None:
    assert tidy(3.0) == 3 and isinstance(tidy(3.0), int)
    assert tidy(0.1 + 0.2) == 0.3
