"""What a page carries besides its text: running heads, contents, apparatus; and where pages begin."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict

from ffm.segment.elements import CAPTION, SECTION_TITLE, Element, letters_key
from ffm.segment.lines import CONTENTS, FIELD, RULE, is_contents_line, is_terminated

PAGE_AT_END = re.compile(r"(?:\s|\.)\d{1,3}\W{0,4}$")
APPARATUS = re.compile(r"^(?:version control|clearance|changes from last version of this note|feedback to .*)$", re.IGNORECASE)
MAX_HEAD_WORDS = 30
MAX_ENTRY_WORDS = 20
ENTRY_LEVEL = 6  # of a heading that only the contents list tells of


def mark_furniture(elements: list[Element]) -> None:
    """Turn running heads, contents lists and version control into what they are, in place."""
    _mark_running_heads(elements)
    _mark_contents(elements)
    _mark_apparatus(elements)


def _mark_running_heads(elements: list[Element]) -> None:
    """Mark short elements that return beside page marks, page after page.

    A repeated element is a running head where most of its occurrences stand next to a page number, a form feed
    or another running head; a rule counts for plain text only, as layouts rule off headings too. The first
    occurrence of a heading stays.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for index, element in enumerate(elements):
        if _may_return(element) and (key := letters_key(element.text)):
            places[key].append(index)
    _mark_numbered_heads(elements, places)
    heads: set[int] = set()
    for _ in range(3):
        before = len(heads)
        for indexes in places.values():
            if len(indexes) < 2:
                continue
            first = elements[indexes[0]]
            keeps_first = first.kind == "heading" and first.level < 7
            beside = [index for index in indexes if _beside_page_mark(elements, index, heads)]
            repeats = len(indexes) - 1 if first.kind == "heading" else len(indexes)
            if len(beside) >= max(1, 0.6 * repeats) and (len(indexes) >= 3 or len(beside) == len(indexes)):
                if not keeps_first and indexes[0] == 0:
                    beside.append(0)
                heads.update(index for index in beside if not (keeps_first and index == indexes[0]))
        if len(heads) == before:
            break
    for index in heads:
        elements[index].kind = "furniture"


def _may_return(element: Element) -> bool:
    return (
        element.kind in ("text", "heading", "furniture")
        and element.page is None
        and len(element.text) <= 200
        and len(element.text.replace(" ", "")) <= 120
        and not (element.marked or FIELD.match(element.raw))
        and not re.search(r"[.?!]$", element.text)
    )


def _mark_numbered_heads(elements: list[Element], places: dict[str, list[int]]) -> None:
    """Mark lines that return with a number that rises by one, such as "Country report 12": running heads that carry the page."""
    for key, indexes in places.items():
        first = elements[indexes[0]].text
        if len(indexes) < 3 or len(key) < 8 or CAPTION.match(first) or SECTION_TITLE.match(first):
            continue
        numbers = [re.search(r"^\d{1,4}\b|\b\d{1,4}$", elements[index].text) for index in indexes]
        pages = [int(match.group()) for match in numbers if match]
        if len(pages) == len(indexes) and all(after - before == 1 for before, after in itertools.pairwise(pages)):
            for index, page in zip(indexes, pages, strict=True):
                elements[index].kind, elements[index].page = "furniture", page


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
    """Mark the contents list and the cover before it; lines that return as contents entries are headings."""
    at = next((index for index, element in enumerate(elements) if _opens_contents(element)), None)
    if at is None:
        return
    title = elements[at]
    if title.kind != "heading":
        title.kind, title.level = "heading", 7
    entries: set[str] = set()
    stop = at + 1
    while stop < len(elements):
        element = elements[stop]
        keys = _entry_keys(element)
        if element.kind == "heading" and element.level < 7:
            break
        returns = bool(keys & entries) and not PAGE_AT_END.search(element.text)
        if element.kind != "furniture" and (returns or not _is_entry(element)):
            break
        entries |= keys
        stop += 1
    for element in elements[at + 1 : stop]:
        element.kind = "furniture"
    if not any(_is_long(element) for element in elements[:at]):
        for element in elements[:at]:
            if element.kind != "heading":
                element.kind = "furniture"
    for element in elements[stop:]:
        if element.kind in ("text", "list") and element.isolated and len(element.text.split()) <= MAX_ENTRY_WORDS and element.one_line:
            if letters_key(element.text) in entries and not is_terminated(element.text):
                element.kind, element.level = "heading", ENTRY_LEVEL


def _opens_contents(element: Element) -> bool:
    return element.kind in ("heading", "text") and bool(CONTENTS.match(element.text))


def _entry_keys(element: Element) -> set[str]:
    """Return what the lines of a contents list name, page numbers left out."""
    if element.page is not None or len(element.raw) > 20_000:
        return set()
    return {key for line in element.raw.splitlines() if (key := letters_key(re.sub(r"\]\([^)]{0,200}\)|</?b>", "", line)))}


def _is_entry(element: Element) -> bool:
    """Tell whether each line of an element looks like an entry of a contents list."""
    if element.asks or FIELD.match(element.raw):
        return False
    lines = element.raw.splitlines()
    return all(is_contents_line(line) or (len(line.split()) <= MAX_ENTRY_WORDS and not is_terminated(line.rstrip("*_ "))) for line in lines)


def _is_long(element: Element) -> bool:
    return element.kind in ("text", "list") and len(element.text.split()) > 60


def _mark_apparatus(elements: list[Element]) -> None:
    """Mark what stands under headings such as "Version control"."""
    level = 0
    for element in elements:
        if element.kind == "heading":
            if APPARATUS.match(element.text):
                level = element.level
            elif element.level <= level:
                level = 0
        elif level:
            element.kind = "furniture"


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
    first, last = printed[0][0], printed[-1][0]
    before = sum(len(element.text.split()) for element in elements if element.end <= first.start and element.kind == "text")
    after = sum(len(element.text.split()) for element in elements if element.start >= last.end and element.kind == "text")
    if before > MAX_HEAD_WORDS or before > after:  # the number stands at the foot of its page
        marks = [(0, numbers[0])]
        return marks + [(element.end, page + 1) for element, page in printed]
    return [(element.start, page) for element, page in printed]
