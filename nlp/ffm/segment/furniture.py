"""What a page carries besides its text: running heads, page numbers, contents, apparatus; and where pages begin."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict

from ffm.segment.elements import APPARATUS, CONTENTS, REFERENCES, Element
from ffm.segment.lines import A_MARK, FIELD, LIST_ITEM, NUMBERED, Q_MARK, RULE, TABLE_NOTE, is_terminated

NOT_LETTERS = re.compile(r"[^a-z]+")
MAX_HEAD_WORDS = 30


def mark_furniture(elements: list[Element]) -> None:
    """Turn running heads, contents lists, version control and footnotes' lists into what they are, in place."""
    _mark_running_heads(elements)
    _mark_contents(elements)
    _mark_apparatus(elements)
    _mark_notes(elements)


def _key(element: Element) -> str:
    return NOT_LETTERS.sub("", element.text.lower())


def _mark_running_heads(elements: list[Element]) -> None:
    """Mark short elements that return beside page marks, page after page.

    A repeated element is a running head where most of its occurrences stand next to a page number, a form feed
    or another running head; a rule counts for plain text only, as layouts rule off headings too. The first
    occurrence of a heading stays.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for index, element in enumerate(elements):
        key = _key(element)
        if (
            element.kind in ("text", "heading")
            and key
            and len(element.text) <= 200
            and len(element.text.replace(" ", "")) <= 120
            and not (Q_MARK.match(element.raw) or A_MARK.match(element.raw) or FIELD.match(element.raw))
            and not re.search(r"[.?!]$", element.text)
        ):
            places[key].append(index)
    heads: set[int] = set()
    for _ in range(3):
        before = len(heads)
        for indexes in places.values():
            if len(indexes) < 2:
                continue
            beside = [index for index in indexes if _beside_page_mark(elements, index, heads)]
            repeats = len(indexes) - 1 if elements[indexes[0]].kind == "heading" else len(indexes)
            if len(beside) >= max(1, 0.6 * repeats) and (len(indexes) >= 3 or len(beside) == len(indexes)):
                first = elements[indexes[0]]
                keep = indexes[0] if first.kind == "heading" and first.level < 7 else -1
                heads.update(index for index in beside if index != keep)
        if len(heads) == before:
            break
    for index in heads:
        elements[index].kind = "furniture"


def _beside_page_mark(elements: list[Element], index: int, heads: set[int]) -> bool:
    element = elements[index]
    if element.page_break or (index > 0 and elements[index - 1].page_break):
        return True
    for neighbour in (index - 1, index + 1):
        if not 0 <= neighbour < len(elements):
            continue
        other = elements[neighbour]
        if other.page is not None or neighbour in heads:
            return True
        if element.kind == "text" and RULE.match(other.raw) and len(element.text.split()) <= 12:
            return True
    return False


def _mark_contents(elements: list[Element]) -> None:
    """Mark the contents list, and the cover before it."""
    for index, element in enumerate(elements):
        if element.kind != "heading" and not (element.kind == "text" and element.isolated):
            continue
        if not CONTENTS.match(element.text):
            continue
        element.kind = "heading"
        stop = index + 1
        marked = element.level < 7
        while stop < len(elements):
            following = elements[stop]
            if following.kind == "heading" and (following.level < 7 or not re.search(r"\d\s*$", following.text)):
                break
            if not marked and following.kind != "furniture" and not re.search(r"\d\s*$", following.text):
                break
            following.kind = "furniture"
            stop += 1
        if any(_is_long(other) for other in elements[:index]):
            return
        for other in elements[:index]:
            if other.kind != "heading":
                other.kind = "furniture"
        return


def _is_long(element: Element) -> bool:
    return element.kind in ("text", "list") and len(element.text.split()) > 60


def _mark_apparatus(elements: list[Element]) -> None:
    """Mark what stands under headings such as "Version control", and references as footnotes."""
    level, kind = 99, None
    for element in elements:
        if element.kind == "heading":
            if APPARATUS.match(element.text):
                level, kind = element.level, "furniture"
            elif REFERENCES.match(element.text):
                level, kind = element.level, "footnote"
            elif element.level <= level:
                level, kind = 99, None
        elif kind == "furniture":
            element.kind = "furniture"
        elif kind == "footnote" and element.kind in ("text", "list"):
            element.kind = "footnote"


def _mark_notes(elements: list[Element]) -> None:
    """Mark the notes under tables, and the lists and wrapped lines that a footnote continues in."""
    after_table = False
    last_number = 0
    in_note = False
    for element in elements:
        if element.kind == "table":
            after_table, in_note = True, False
        elif element.kind == "furniture":
            continue
        elif after_table and element.kind in ("text", "list") and TABLE_NOTE.match(element.raw):
            element.kind = "footnote"
        elif element.kind == "footnote":
            after_table, last_number = False, 0
            in_note = not is_terminated(element.text) or element.text.endswith(":")
        elif element.kind == "list" and (numbers := _numbers(element)):
            first, last = numbers
            if (in_note and first == 1) or (last_number and first == last_number + 1):
                element.kind, last_number = "footnote", last
            after_table = in_note = False
        else:
            after_table = in_note = False


def _numbers(element: Element) -> tuple[int, int] | None:
    found = [int(match.group("number")) for line in element.raw.splitlines() if (match := LIST_ITEM.match(line)) and match.group("number")]
    return (found[0], found[-1]) if found else None


def page_marks(elements: list[Element], page_starts: tuple[int, ...], text: str) -> list[tuple[int, int]]:
    """Return (offset, page) pairs: from each offset on, the text stands on that page.

    Pages come from the format (``page_starts``), else from form feeds, else from printed page numbers where they
    rise by one; without any of these the list is empty.
    """
    starts = page_starts or tuple([0] + [match.end() for match in re.finditer("\f", text)] if "\f" in text else [])
    if len(starts) > 1:
        return [(start, number) for number, start in enumerate(starts, start=1)]
    printed = [(element, element.page) for element in elements if element.page is not None]
    numbers = [page for _, page in printed]
    if len(numbers) < 2:
        return []
    steps = Counter(after - before for before, after in itertools.pairwise(numbers))
    if steps[1] < len(numbers) - 1:
        return []
    first = printed[0][0]
    words_before = sum(len(element.text.split()) for element in elements if element.end <= first.start and element.kind == "text")
    if words_before > MAX_HEAD_WORDS:  # the number stands at the foot of its page
        marks = [(0, numbers[0])]
        return marks + [(element.end, page + 1) for element, page in printed]
    return [(element.start, page) for element, page in printed]


def has_number(element: Element) -> bool:
    """Tell whether a paragraph opens with a number such as 2.1.3."""
    return bool(NUMBERED.match(element.raw))
