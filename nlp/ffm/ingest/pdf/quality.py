"""Pages that cannot be read as they are: scans without text, and fonts that do not say which letters they draw."""

from __future__ import annotations

import re
from collections.abc import Sequence

MIN_CHARACTERS = 12  # a page with fewer holds no text
PICTURED = 0.3  # share of a page that pictures cover, from which on it is a scan
LOST = 0.3  # share of characters without a map to Unicode
SAMPLE = 2000  # characters of a page that are looked at
MIN_WORDS = 25
WORD_LIKE = 0.5  # share of a page's words that look like words
WORD = re.compile(r"[^\s\d]{2,}")
VOWELS = "aeiouyäöüàáâãåæçèéêëìíîïòóôõøùúûýāēīōūășțąęłńśźżčďěňřšťůžëı"


def is_scan(characters: int, pictured: float) -> bool:
    """Tell whether a page is a picture of text: hardly a character, and pictures on much of it."""
    return characters < MIN_CHARACTERS and pictured >= PICTURED


def is_garbled(text: str, lost: float) -> bool:
    """Tell whether a page's text is not what is printed on it.

    Parameters
    ----------
    text
        What the page says by its fonts.
    lost
        Share of its characters whose font has no map to Unicode.
    """
    if lost >= LOST and lost * len(text) >= MIN_CHARACTERS:
        return True
    words = WORD.findall(text[:SAMPLE])
    if len(words) < MIN_WORDS:
        return False
    latin = [word for word in words if all(letter < "\u0370" or letter > "\u1e00" for letter in word)]
    return len(latin) > 0.5 * len(words) and sum(map(_looks_like_a_word, latin)) < WORD_LIKE * len(latin)


def _looks_like_a_word(word: str) -> bool:
    letters = word.strip("\"'“”‘’()[]{}<>.,;:!?*•–—-")
    if not letters or not letters[0].isalpha():
        return False
    inner = letters[1:]
    cased = inner.islower() or letters.isupper() or not inner or "-" in letters or "’" in letters or "'" in letters
    return cased and any(letter in VOWELS for letter in letters.lower())


def page_ranges(numbers: Sequence[int]) -> str:
    """Return page numbers as "page 3" or "pages 1, 4-7"."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    shown = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges[:20])
    return f"{'page' if len(numbers) == 1 else 'pages'} {shown}{' and more' if len(ranges) > 20 else ''}"


def share(part: int, whole: int) -> str:
    """Return a share as "12 of 40 pages (30%) are"."""
    return f"{part} of {whole} pages ({100 * part / whole:.0f}%) {'is' if part == 1 else 'are'}"
