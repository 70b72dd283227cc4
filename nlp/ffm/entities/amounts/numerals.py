"""A text as lexemes, and the numbers in them: digits with their separators, number words, scales."""

from __future__ import annotations

import re
from math import isinf

from msgspec import Struct

from ffm.entities.amounts.vocabulary import currencies, vocabulary
from ffm.entities.lexicon import lexicon

LEXEME = re.compile(
    r"\d+(?:[.,’'\u00a0\u202f]\d+)*"  # a figure
    r"|(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[^\W\d_]+(?:[’'](?!s\b)[^\W\d_]+)*"  # a word
    r"|[’']s\b|[^\w\s]|_|[^\W_]"
)
CUT = re.compile(r"(?<![^\W\d_])([^\W\d_]++)-\s+([^\W\d_]+)")  # a word that the end of a line cut
GROUPED = re.compile(
    r"\d{1,3}(?:(?:[,’'\u00a0\u202f]\d{3,4})+(?:\.\d{1,2})?|(?:\.\d{3})+(?:,\d{1,2})?)|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?"
)
DECIMAL = re.compile(r"(?<!\d)\d++(?:\.\d+|,\d{1,2})")
DASHES = frozenset("-–—−‐‑")
BEFORE_LISTS = {"in", "at", "on", "by", "to", "until", "since", "aged", "age", "is", "was"}
ENDLESS = 40  # so many digits are no quantity


class Lexemes(Struct, frozen=True):
    """The words, figures and signs of a text."""

    text: str
    words: list[str]
    lower: list[str]  # each as written, and in lower case; one that the end of a line cut is whole
    starts: list[int]
    ends: list[int]  # where each stands in the text

    def __len__(self) -> int:
        """Return their number."""
        return len(self.words)

    def at(self, index: int) -> str:
        """Return one in lower case, or an empty string beyond either end."""
        return self.lower[index] if 0 <= index < len(self.lower) else ""

    def joined(self, index: int) -> bool:
        """Tell whether nothing stands between one and the one before it."""
        return 0 < index < len(self.words) and self.starts[index] == self.ends[index - 1]

    def gap(self, index: int) -> str:
        """Return what stands between one and the one before it."""
        return self.text[self.ends[index - 1] : self.starts[index]] if 0 < index < len(self.words) else ""

    def surface(self, start: int, stop: int) -> str:
        """Return some as they stand in the text, each white space as one blank."""
        return " ".join(self.text[self.starts[start] : self.ends[stop - 1]].split())


class Number(Struct, frozen=True):
    """A number among lexemes."""

    start: int
    stop: int  # the range of its lexemes
    value: float | int  # its value, scale included
    scale: int = 1  # the factor of its scale words, or 1
    grouped: bool = False  # whether separators divide its thousands
    letter: bool = False  # whether its scale is a letter


def lexemes(text: str) -> Lexemes:
    """Divide a text."""
    words, starts, ends = [], [], []
    cut = (
        {match.start(): match for match in CUT.finditer(text) if _is_known(match.group(1) + match.group(2))}
        if "- " in text or "-\n" in text
        else {}
    )
    position = 0
    for match in LEXEME.finditer(text):
        start, end = match.span()
        if start < position:
            continue
        word = match.group()
        if start in cut:
            end, word = cut[start].end(), cut[start].group(1) + cut[start].group(2)
            position = end
        words.append(word)
        starts.append(start)
        ends.append(end)
    return Lexemes(text, words, [word.lower() for word in words], starts, ends)


def _is_known(word: str) -> bool:
    lower, words = word.lower(), vocabulary()
    return lower in words.numbers or lower in words.scales or lower in currencies().nouns


def tidy(number: float) -> float | int:
    """Return a whole number as an int, any other rounded to six decimals."""
    number = round(number, 6)
    return int(number) if number == int(number) else number


def figure_value(figure: str, decimal: bool = False) -> float | int | None:
    """Return the value of a figure, or None where its separators divide no number.

    Parameters
    ----------
    decimal
        One point before three digits is a decimal point ("1.234 million"), not one of thousands ("1.500 people").
    """
    if len(figure) >= ENDLESS:
        return None
    if figure.isdecimal():
        return int(figure)
    if DECIMAL.fullmatch(figure) and (decimal or figure[0] == "0" or not GROUPED.fullmatch(figure)):
        return tidy(float(figure.replace(",", ".")))
    if not GROUPED.fullmatch(figure) or figure[0] == "0":
        return None
    comma = "." in figure and "," in figure and figure.rindex(",") > figure.rindex(".")
    point = "." in figure and not comma and re.search(r"\.\d{3}$", figure) is None
    whole, _, rest = figure.rpartition("," if comma else ".") if comma or point else (figure, "", "")
    digits = re.sub(r"\D", "", whole)
    return tidy(float(f"{digits}.{rest}")) if rest else int(digits)


def is_year(lex: Lexemes, number: Number) -> bool:
    """Tell whether a number is a year of our time: four digits from 1900 to 2100."""
    return 1900 <= number.value <= 2100 and len(lex.words[number.start]) == 4 and lex.words[number.start].isdecimal() and number.scale == 1


def number_at(lex: Lexemes, index: int) -> Number | None:
    """Return the number that begins at a lexeme, or None; a scale letter ("5m") is no part of it."""
    first = lex.at(index)
    if first[:1].isdecimal():
        return _in_figures(lex, index)
    return _in_words(lex, index) if first in vocabulary().numbers or first in ("a", "an", "half") else None


def _in_figures(lex: Lexemes, index: int) -> Number | None:
    figure, stop = _figure(lex, index)
    scale, after = _scale(lex, stop)
    value = figure_value(figure, decimal=scale > 1 or lex.at(stop) in ("%", "percent", "per"))
    if value is None or isinf(float(value * scale)):
        return None
    return Number(index, after, tidy(value * scale), scale, GROUPED.fullmatch(figure) is not None)


def _figure(lex: Lexemes, index: int) -> tuple[str, int]:
    """Return a figure and the index after it, with what a blank or the end of a line divides: "9, 000", "28, 751", "1 234,50"."""
    figure, stop = lex.words[index], index + 1
    if not re.fullmatch(r"[1-9]\d{0,2}", figure):
        return figure, stop
    if lex.at(stop) == "," and lex.joined(stop) != lex.joined(stop + 1) and re.fullmatch(r"\d{3}", lex.at(stop + 1)):
        if lex.joined(stop + 1) or lex.at(stop + 1) == "000" or _no_list(lex, index, stop + 2):
            return f"{figure},{lex.words[stop + 1]}", stop + 2
    if lex.at(stop) == "." and lex.joined(stop) and "\n" in lex.gap(stop + 1) and re.fullmatch(r"\d{1,3}", lex.at(stop + 1)):
        if _scale(lex, stop + 2)[0] > 1:
            return f"{figure}.{lex.words[stop + 1]}", stop + 2
    while len(lex.gap(stop)) == 1 and lex.gap(stop) != "\n" and (group := re.fullmatch(r"(\d{3})(?:[.,](\d{1,2}))?", lex.at(stop))):
        figure += "," + group[1] + ("." + group[2] if group[2] else "")
        stop += 1
        if group[2]:
            break
    return figure, stop


def _no_list(lex: Lexemes, index: int, after: int) -> bool:
    """Tell whether a comma and a blank divide one figure ("the 28, 751 patients"), not two of a list, nor a date from a number."""
    words, before, following = vocabulary().words, lex.at(index - 1), lex.at(after)
    if (
        before in lexicon().months
        or before in words.labels
        or before in BEFORE_LISTS
        or (before == "," and lex.at(index - 2)[:1].isdecimal())
    ):
        return False
    return following.isalpha() and following not in ("and", "or", "to")


def _scale(lex: Lexemes, index: int) -> tuple[int, int]:
    """Return the factor of the scale words from an index on, 1 where there are none, and the index after them."""
    scales, factor = vocabulary().scales, 1
    for _ in range(2):
        at = index + 1 if _hyphen(lex, index) else index
        if lex.at(at) not in scales:
            break
        factor, index = factor * scales[lex.at(at)], at + 1
        if lex.at(index) == "." and len(lex.at(at)) <= 3 and _goes_on(lex, index + 1):  # mio. lek
            index += 1
    return factor, index


def _goes_on(lex: Lexemes, index: int) -> bool:
    """Tell whether a sentence goes on with a word: it is small, or a currency."""
    return index < len(lex) and (
        lex.words[index].islower() or lex.words[index] in currencies().marks or lex.at(index) in currencies().nouns
    )


def _hyphen(lex: Lexemes, index: int) -> bool:
    return lex.at(index) in DASHES and lex.joined(index) and (lex.joined(index + 1) or "\n" in lex.gap(index + 1))


def _in_words(lex: Lexemes, index: int) -> Number | None:
    """Read number words: groups below a thousand, each but the last with its scale; "a million", "half a dozen", "one and a half million"."""
    total, stop, largest, last = 0.0, index, 1, float("inf")
    while group := _group(lex, stop + 1 if stop > index and lex.at(stop) == "and" else stop):
        value, after = group
        scale, end = _scale(lex, after)
        if scale >= last or (scale == 1 and (value != int(value) or lex.at(after - 1) in ("a", "an"))):
            break
        total, stop, largest, last = total + value * scale, end, max(largest, scale), scale
        if scale == 1:
            break
    return Number(index, stop, tidy(total), largest) if stop > index else None


def _group(lex: Lexemes, index: int) -> tuple[float, int] | None:
    """Return the value of number words below a thousand and the index after them."""
    numbers, first = vocabulary().numbers, lex.at(index)
    if first == "half":
        return 0.5, index + 2 if lex.at(index + 1) in ("a", "an") else index + 1
    if lex.lower[index : index + 4] == ["a", "quarter", "of", "a"]:
        return 0.25, index + 4
    value, stop = (1, index + 1) if first in ("a", "an") else (numbers.get(first, 0), index + 1)
    if not value:
        return None
    unit = stop + 1 if _hyphen(lex, stop) else stop
    if value >= 20 and 0 < numbers.get(lex.at(unit), 0) < 10:
        value, stop = value + numbers[lex.at(unit)], unit + 1
    hundred = stop + 1 if _hyphen(lex, stop) else stop
    if lex.at(hundred) == "hundred" and value < 100:
        value, stop = value * 100, hundred + 1
        rest = _group(lex, stop + 1 if lex.at(stop) == "and" else stop)
        if rest and rest[0] < 100 and lex.at(stop) not in ("a", "an") and lex.at(rest[1]) != "hundred" and rest[0] == int(rest[0]):
            value, stop = value + int(rest[0]), rest[1]
    elif lex.lower[stop : stop + 3] == ["and", "a", "half"] and _scale(lex, stop + 3)[0] > 1:
        return value + 0.5, stop + 3
    return value, stop
