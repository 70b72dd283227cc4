"""Short forms that a report defines: "General Prosecutors Office (GPO)", "victims of trafficking (VOT)"."""

from __future__ import annotations

import re

from msgspec import Struct

from ffm.entities.names.bodies import SMALL_WORDS

DEFINITION = re.compile(
    r"\(\s*[\"'“‘]?(?P<short>[A-Z][\w&/.-]{0,10}[A-Za-z0-9]|[A-Z]\s(?:and|&)\s[A-Z]|[A-Z]{2,5}\s[A-Z]{2,4})[\"'”’]?\s*(?:[,;][^()]{0,60})?\)"
)
REVERSED = re.compile(r"\b(?P<short>[A-Z][A-Za-z&]{1,9})\s*(?:\(|–|—|-\s|\[)\s*(?P<long>[A-Z][^()\[\]\n]{4,90}?)\s*(?:\)|\]|,|\.|$)")
WORD = re.compile(r"[^\W_][\w’'&.-]*|&")


class ShortForm(Struct, frozen=True):
    """A definition: the short form, the long form, and the range of the long form in the text where it was found."""

    short: str
    long: str
    start: int
    end: int


def find_short_forms(text: str) -> list[ShortForm]:
    """Return the short forms that a text defines, in order.

    The long form is the shortest run of words before the bracket whose letters spell the short form from right to
    left, the first letter at the start of a word (Schwartz and Hearst 2003, "A simple algorithm for identifying
    abbreviation definitions in biomedical text").
    """
    found: list[ShortForm] = []
    for match in DEFINITION.finditer(text):
        short = match.group("short")
        if sum(character.isupper() for character in unscanned(short)) < 2 or len(short) > 10:
            continue
        before = text[max(0, match.start() - 150) : match.start()].rstrip()
        base = max(0, match.start() - 150)
        letters = re.sub(r"\s(?:(?:and|&)\s)?", "", unscanned(short))
        start = _long_form_start(letters.rstrip("s") if letters.endswith("s") and letters[-2:-1].isupper() else letters, before)
        if start is not None:
            found.append(ShortForm(short, before[start:], base + start, base + len(before)))
    for match in REVERSED.finditer(text):
        short, long = match.group("short"), match.group("long").strip()
        if (
            sum(character.isupper() for character in short) >= 2
            and _initials(long).startswith(short.upper()[:2])
            and (_long_form_start(short, long) == 0 and len(long.split()) >= 2)
        ):
            found.append(ShortForm(short, long, match.start("long"), match.start("long") + len(long)))
    return found


def unscanned(short: str) -> str:
    """Return a short form with a final l read as the I that a scan made it from: "Mol" for "MoI"."""
    return short[:-1] + "I" if re.fullmatch(r"[A-Z][a-z]?[A-Z]?l", short) or short == "Moi" else short


def _initials(text: str) -> str:
    return "".join(word[0].upper() for word in WORD.findall(text) if word not in SMALL_WORDS)


def _long_form_start(short: str, before: str) -> int | None:
    """Return where the long form begins in the text before a bracket, or None where no words spell the short form."""
    letters = [character.lower() for character in short if character.isalnum()]
    by_initials = _initials_start(letters, before)
    if by_initials is not None:
        return by_initials
    position = len(before) - 1
    for number in range(len(letters) - 1, -1, -1):
        letter = letters[number]
        while position >= 0 and not (
            before[position].lower() == letter and (number > 0 or position == 0 or not (before[position - 1].isalnum()))
        ):
            position -= 1
        if position < 0:
            return None
        position -= 1
    start = position + 1
    long = before[start:]
    words = WORD.findall(long)
    if len(long) <= len(short) or not (1 if long.islower() else 2) <= len(words) <= min(len(letters) * 2 + 2, len(letters) + 7):
        return None
    if re.search(r"[.?!;]\s|, (?:the|an?)\s", long):
        return None
    return start


def _initials_start(letters: list[str], before: str) -> int | None:
    """Return where the words begin whose initials are the letters, small words passed over, or None."""
    words = [match for match in WORD.finditer(before) if match.group() != "&"]
    number = len(letters) - 1
    for match in reversed(words[-2 * len(letters) - 2 :]):
        word = match.group().lower()
        small = word in SMALL_WORDS
        if len(word) > 1 and match.group().isupper() and letters[max(0, number + 1 - len(word)) : number + 1] == list(word):
            number -= len(word)  # "UN Children's Fund (UNCF)", "Aid to Refugees UK (ARUK)"
            if number < 0:
                return match.start()
        elif word[0] == letters[number] and not (small and number == 0):  # no long form begins with "on"
            number -= 1
            if number < 0:
                return match.start() if not re.search(r"[.?!;]\s", before[match.start() :]) else None
        elif not small:
            return None
    return None
