"""What pages carry besides the text: running heads, page numbers; and where pages begin."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict

from ffm.segment.elements import CAPTION, SECTION_TITLE, Element, Elements, letters_key
from ffm.segment.lines import FIELD, RULE

MAX_HEAD_WORDS = 30
MAX_TITLE_WORDS = 8
BARE_PAGE = re.compile(r"\d{1,4}")
YEARLY = re.compile(r"[A-Z][^\d.?!;]{3,80}\s(?:19|20)\d{2}(?:[/–-]\d{2,4})?|(?:19|20)\d{2}\s[A-Z][^\d.?!;]{3,80}")


def mark_running_heads(elements: Elements) -> Elements:
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
    _mark_page_feet(elements)
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
    return elements


def _may_return(element: Element) -> bool:
    return (
        element.kind in ("text", "heading", "furniture")
        and element.page is None
        and len(element.text) <= 200
        and len(element.text.replace(" ", "")) <= 120
        and not (element.marked or FIELD.match(element.raw))
        and not re.search(r"[.?!]$", element.text)
    )


def _mark_numbered_heads(elements: Elements, places: dict[str, list[int]]) -> None:
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


def _mark_page_feet(elements: Elements) -> None:
    """Mark blocks of two lines that are a page's number and the document's title with its year: one is enough to tell."""
    for element in elements:
        lines = [line.strip() for line in element.raw.strip().splitlines()]
        if element.kind != "text" or not element.isolated or len(lines) != 2:
            continue
        numbers = [line for line in lines if BARE_PAGE.fullmatch(line)]
        titles = [line for line in lines if YEARLY.fullmatch(line) and len(line.split()) <= MAX_TITLE_WORDS]
        if len(numbers) == len(titles) == 1:
            element.kind, element.page = "furniture", int(numbers[0])


def _beside_page_mark(elements: Elements, index: int, heads: set[int]) -> bool:
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


def page_marks(elements: Elements, page_starts: tuple[int, ...], text: str) -> list[tuple[int, int]]:
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
