"""Numbers as reports write them, digits or words, and their values."""

from __future__ import annotations

import re
from math import isinf

UNITS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    word: 10 * value for value, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)
}
SCALES = {
    "hundred": 100, "thousand": 1_000, "k": 1_000, "lakh": 100_000, "lakhs": 100_000, "million": 1_000_000, "mln": 1_000_000, "m": 1_000_000,
    "mn": 1_000_000, "crore": 10_000_000, "crores": 10_000_000, "billion": 1_000_000_000, "bn": 1_000_000_000, "trillion": 1_000_000_000_000,
}  # fmt: skip

_UNIT = "|".join(sorted((word for word in UNITS if word != "zero"), key=len, reverse=True))
_TEN = "|".join(TENS)
_SMALL = rf"(?:(?:{_TEN})(?:[-\s](?:{_UNIT}))?|(?:{_UNIT}))"
_BELOW_THOUSAND = rf"{_SMALL}(?:\s+hundred(?:\s+(?:and\s+)?{_SMALL})?)?"
WORDS = rf"{_BELOW_THOUSAND}(?:\s+(?:thousand|lakh|million|crore|billion)(?:\s+(?:and\s+)?{_BELOW_THOUSAND})?)*"
DIGITS = r"[1-9]\d{0,2}(?:\.\d{3})+(?![\d.,]|\s?%)|\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?:[,\u00a0\u202f’']\d{3,4})+(?:\.\d{1,2})?|\d{1,3}(?: \d{3}){1,5}(?!\d|\.\d)|\d+(?:[.,]\d{1,2})?(?!\d)|\d+"
ENDLESS = r"(?![\d,.]{40})"  # so many digits are no quantity
SCALE_WORD = r"(?:\s?(?:million|billion|trillion|thousand|hundred|lakhs?|crores?|mln|bn|mn)\b|[km]\b)"
BEGINS_NUMBER = re.compile(rf"\d|\b(?:{'|'.join([*TENS, *UNITS])})", re.IGNORECASE)
NUMBER = rf"(?i:{ENDLESS}(?:{DIGITS}){SCALE_WORD}?|\b{WORDS}\b)"


def value_of(text: str) -> float | int:
    """Return the value of a number: "17.6 million", "9,000", "forty-two".

    A comma before one or two final digits is read as a decimal comma, every other comma as a separator of thousands.

    Raises
    ------
    ValueError
        If the text is no number, or one that is too large.
    """
    text = text.strip().lower()
    match = re.fullmatch(r"(?P<digits>\d[\d.,\s\u00a0\u202f’']*)(?P<scale>[a-z]+)?", text)
    if match:
        digits = re.sub(r"[\s\u00a0\u202f’']", "", match.group("digits")).rstrip(".,")
        if re.fullmatch(r"\d+,\d{1,2}", digits):
            digits = digits.replace(",", ".")
        elif re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", digits) and not match.group("scale"):
            digits = digits.replace(".", "")
        number = float(digits.replace(",", ""))
        scale = match.group("scale")
        value = number * SCALES.get(scale or "", 1)
        if (scale and scale not in SCALES) or isinf(value):
            raise ValueError(f"no number: {text!r}")
        return tidy(value)
    total = current = 0
    words = [word for word in re.split(r"[-\s]+", text) if word != "and"]
    if not words:
        raise ValueError("no number")
    for word in words:
        if word in UNITS:
            current += UNITS[word]
        elif word in TENS:
            current += TENS[word]
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word in SCALES:
            total += max(current, 1) * SCALES[word]
            current = 0
        else:
            raise ValueError(f"no number: {text!r}")
    return total + current


def tidy(number: float) -> float | int:
    """Return a whole number as an int, any other rounded to six decimals."""
    number = round(number, 6)
    return int(number) if number == int(number) else number


def has_scale(text: str) -> str | None:
    """Return the scale word that a number ends with, or None."""
    match = re.search(r"(million|billion|trillion|thousand|lakhs?|crores?|mln|bn|mn|k|m)$", text.strip().lower())
    return match.group(1) if match else None
