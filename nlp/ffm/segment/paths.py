"""Which section lies in which: by the marks of headings, by how they look, and by their numbers and letters."""

from __future__ import annotations

import re

from msgspec import Struct

from ffm.segment.elements import LOOK_LEVEL, SECTION_TITLE, Element, Head
from ffm.segment.lines import ATX_HEADING, is_bold

Style = tuple[str, int]  # "mark" and its level, or the look of a heading without mark
ENTRY_LEVEL = 6  # of a heading that only the contents list tells of
LOOKS = ("plain", "capitals", "bold")
TITLE: Style = ("title", 0)  # of the text's first line
OUTER: Style = ("outer plain", 0)  # of a plain heading that has another one right below it
DIVISIONS = ("part", "title", "chapter", "section")  # of a report, with numbers of their own
ANNEXES = ("annex", "appendix")
DOTTED = re.compile(r"^(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})(?:[.)]|\s)\s{0,9}(?=\D)")
ROMAN = re.compile(r"^(?P<value>[IVX]{1,5})[.)]\s")
UPPER = re.compile(r"^(?P<value>[A-Z])[.)]\s")
LOWER = re.compile(r"^\(?(?P<value>[a-z])[.)]\s")
SMALL_ROMAN = re.compile(r"^\(?(?P<value>[ivx]{1,5})[.)]\s")
DIVISION_NUMBER = re.compile(r"^\w+\s+(?P<value>\d{1,3}|[IVX]{1,5}|[A-Z])\b")
ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}
MIN_INNER = 2  # headings that stand between two neighbours of a series, from which on what follows its last one lies in it too


class Place(Struct, frozen=True):
    """A heading on the way from the outermost to the innermost one.

    Attributes
    ----------
    heading, title
        The heading as printed, and what its section is called.
    sourced
        Whether its section has a source.
    """

    style: Style
    heading: str
    title: str
    sourced: bool = False

    @property
    def number(self) -> str:
        """The number that opens the heading, such as "2.1", or nothing."""
        match = DOTTED.match(self.heading)
        return match.group("number") if match else ""


def count_in_roman(styles: list[Style], titles: list[str]) -> list[Style]:
    """Return the styles of headings, those of "(i)" and "(v)" as of numerals where "(ii)" or "(iv)" is the next of their kind."""
    found = list(styles)
    following: Style = ("", 0)
    for index in range(len(found) - 1, -1, -1):
        if found[index][0] == "lower" and following[0] == "small roman" and SMALL_ROMAN.match(titles[index]):
            found[index] = following
        if found[index][0] in ("lower", "small roman"):
            following = found[index]
    return found


def style_of(element: Element, head: Head) -> Style:
    """Return how a heading is set: headings that are set alike are of one depth."""
    if 0 < element.level < LOOK_LEVEL and (ATX_HEADING.match(element.raw) or element.level != ENTRY_LEVEL):
        return ("mark", element.level)
    if head.interview:
        return ("interview", 0)
    look = _look(head.title)
    if look[0]:
        return look
    if head.title.isupper():
        return ("capitals", 0)
    return ("bold" if is_bold(element.raw) else "plain", 0)


def _look(title: str) -> Style:
    """Return what opens a title: a word for a division, a number with its depth, a letter; nothing for other titles."""
    if SECTION_TITLE.match(title):
        return (title.split()[0].lower(), 0)
    number = DOTTED.match(title)
    if number:
        return ("number", number.group("number").count(".") + 1)
    for name, pattern in (("roman", ROMAN), ("upper", UPPER), ("lower", LOWER), ("small roman", SMALL_ROMAN)):
        if pattern.match(title):
            return (name, 0)
    return ("sign", 0) if title.startswith("§") else ("", 0)


def _value(title: str) -> int | None:
    """Return the place in its series that a title's number or letter tells."""
    number = DOTTED.match(title)
    if number:
        return int(number.group("number").rsplit(".", 1)[-1])
    match = (
        DIVISION_NUMBER.match(title)
        if SECTION_TITLE.match(title)
        else ROMAN.match(title) or UPPER.match(title) or LOWER.match(title) or SMALL_ROMAN.match(title)
    )
    if match is None:
        return None
    value = match.group("value")
    if value.isdigit():
        return int(value)
    return roman(value) if set(value) <= set(ROMAN_DIGITS) else ord(value.lower()) - ord("a") + 1


def roman(value: str) -> int:
    """Return the number that a Roman numeral of units and tens tells."""
    digits = [ROMAN_DIGITS[digit] for digit in value.upper()]
    return sum(-digit if any(later > digit for later in digits[at + 1 :]) else digit for at, digit in enumerate(digits))


def containers(styles: list[Style], titles: list[str]) -> dict[int, list[int]]:
    """Return, for headings with one mark, which of them lie in which: between "a." and "b." all lie in "a.".

    Returns
    -------
    dict
        For the index of a heading the indexes of those of its own mark that it lies in, outermost first.
    """
    found: dict[int, list[int]] = {}
    for run in _runs(styles):
        looks = {index: _look(titles[index]) for index in run}
        for look in sorted({look for look in looks.values() if look[0]}):
            _contain(run, looks, look, titles, found)
    return {index: sorted(outer) for index, outer in found.items()}


def _runs(styles: list[Style]) -> list[list[int]]:
    """Return the headings of one mark that no heading of a lower level divides."""
    runs: list[list[int]] = []
    current: dict[int, list[int]] = {}
    for index, (kind, level) in enumerate(styles):
        if kind != "mark":
            continue
        for deeper in [other for other in current if other > level]:
            del current[deeper]
        if level not in current:
            current[level] = []
            runs.append(current[level])
        current[level].append(index)
    return runs


def _contain(run: list[int], looks: dict[int, Style], look: Style, titles: list[str], found: dict[int, list[int]]) -> None:
    """Add what lies in the headings of one series."""
    last: int | None = None  # of the series
    waiting: list[int] = []  # what has come since
    inner = 0
    for index in [*run, None]:
        ends = index is None or (looks[index][0] in DIVISIONS and look[0] not in DIVISIONS)
        if index is not None and looks[index] == look:
            before, value = (_value(titles[last]) if last is not None else None), _value(titles[index])
            if before is not None and value == before + 1 and last is not None:
                inner += len(waiting)
                for other in waiting:
                    found.setdefault(other, []).append(last)
            last, waiting = index, []
        elif ends:
            if last is not None and inner >= MIN_INNER:
                for other in waiting:
                    found.setdefault(other, []).append(last)
            last, waiting = None, []
        elif last is not None and index is not None:
            waiting.append(index)


def place_under(way: list[Place], place: Place, adjoins: bool, around: list[Place]) -> list[Place]:
    """Return the way to a heading: up to the last one that is set like it, which it replaces, else one step further down.

    Where no text stands between two headings that are set alike and carry no number, the second lies in the first.

    Parameters
    ----------
    way
        The way to the heading before.
    adjoins
        Whether no text stands between that one and this.
    around
        Those of its own mark that it lies in.
    """
    kind, depth = place.style
    if kind == "mark":
        return _under_marks(way, place, around)
    if kind in ANNEXES or (kind in DIVISIONS and place.style not in {other.style for other in way}):
        if adjoins and not any(other.style[0] in DIVISIONS for other in way):
            return [*way, place]
        outer = [other for other in way if other.style[0] in ("mark", "title") or (kind in DIVISIONS and other.style[0] in DIVISIONS)]
        return [*outer, place]
    for at in range(len(way) - 1, -1, -1):
        style = way[at].style
        if style[0] == "mark":
            break
        if style == place.style:
            nested = adjoins and at == len(way) - 1 and kind in LOOKS
            return [*(way if nested else way[:at]), place]
        if kind == "number" and style[0] == "number" and style[1] < depth:
            return [*way[: at + 1], place]
    if place.style == OUTER:
        return [*(other for other in way if other.style[0] in ("mark", "title")), place]
    if kind == "number":
        first = next((at for at, other in enumerate(way) if other.style[0] == "number"), None)
        if first is not None:
            return [*way[:first], place]
    return [*way, place]


def _under_marks(way: list[Place], place: Place, around: list[Place]) -> list[Place]:
    """Return the way to a heading with a mark: the marks of lower levels, and those of its own level that it lies in."""
    level = place.style[1]
    kept = [other for other in way if other.style[0] == "mark" and other.style[1] < level]
    if _look(place.heading)[0] in DIVISIONS:  # a division lies in the report and in other divisions, whatever stands above it
        kept = [other for at, other in enumerate(kept) if (at == 0 and other.style[1] == 1) or _look(other.heading)[0] in DIVISIONS]
    same = [other for other in way if other.style == place.style and other.number and other not in around]
    kept += around
    kept += [other for other in same if place.number.startswith(f"{other.number}.")]  # "2.1" under "2", of the same mark
    return [*kept, place]
