"""What a document carries besides its text: link lists, lines of its version, notices of what was taken out, its apparatus."""

from __future__ import annotations

import itertools
import re

from ffm.segment.elements import LOOK_LEVEL, Element, Elements
from ffm.segment.lines import LINK, LONE_MARK, is_terminated, plain
from ffm.segment.sources import MONTH_AND_YEAR
from ffm.segment.titles import VERSION, VERSION_NUMBER, is_date_alone, is_version_line

APPARATUS = re.compile(
    r"^(?:version control(?: and feedback)?|clearance|changes from last version of this note|feedback to .*)$", re.IGNORECASE
)
LIST_MARKS = re.compile(r"^\s{0,20}\d{1,3}[.)]|[\s|·•*+>\-–,/]", re.MULTILINE)
EDGE = re.compile(r"\b(?:(?P<start>starts?|begins?|beginning)|(?P<end>ends?|ending))\b", re.IGNORECASE)
SET_APART = re.compile(r"[–—:|\[\]()*=<>#/]|\s-\s|--")  # what sets such a line off from a heading
MAX_COVER_LINES = 8
MIN_COVER_LINES = 3
MAX_COVER_WORDS = 14
MAX_EDGE_WORDS = 16
MAX_CAPTION_WORDS = 30
MAX_NOTICE = 4  # elements between a notice's two edges
MAX_NOTICE_WORDS = 60  # what stands there is text, not the word that it was taken out, where it is longer


def mark_links(elements: Elements) -> Elements:
    """Mark lists of links within the page and rows of links with no word between them."""
    for element in elements:
        if not element.is_words or "[" not in element.raw:
            continue
        links = list(LINK.finditer(element.raw))
        if len(links) < 2:
            continue
        inside = all(match.group(2).startswith("#") for match in links)
        if (inside or len(links) >= 3) and not LIST_MARKS.sub("", LINK.sub("", element.raw)):
            element.kind = "furniture"
    return elements


def mark_version_lines(elements: Elements) -> Elements:
    """Mark lines of their own that only tell which version of the document it is and when it came out, and a date beside them."""
    first = next((element for element in elements if element.kind != "furniture"), None)
    if first is not None and first.kind == "text" and _is_cover_block(first):
        first.kind = "furniture"
    marked = [index for index, element in enumerate(elements) if element.kind in ("text", "heading") and is_version_line(element)]
    for index in marked:
        for other in elements[max(0, index - 1) : index + 2]:
            if other is elements[index] or (other.kind in ("text", "heading") and is_date_alone(other.text)):
                other.kind = "furniture"
    for element in itertools.takewhile(_stands_on_cover, elements[:MAX_COVER_LINES]):
        if element.kind == "text" and MONTH_AND_YEAR.fullmatch(element.text):
            element.kind = "furniture"
    if marked and marked[0] <= MAX_COVER_LINES:
        _mark_cover_above(elements[: marked[0]])
    return elements


def _is_cover_block(element: Element) -> bool:
    """Tell whether short lines without a blank one between them are a cover: one tells a version, or of three or more one is a month alone."""
    lines = [plain(line) for line in element.raw.splitlines() if line.strip()]
    if not 2 <= len(lines) <= MAX_COVER_LINES or not all(_is_cover_line(line) or is_date_alone(line) for line in lines):
        return False
    if any(VERSION.match(line) and VERSION_NUMBER.search(line) for line in lines):
        return True
    return len(lines) >= MIN_COVER_LINES and any(MONTH_AND_YEAR.fullmatch(line) for line in lines)


def _stands_on_cover(element: Element) -> bool:
    return element.kind in ("furniture", "heading") or (element.kind == "text" and element.isolated and _is_cover_line(element.text))


def _mark_cover_above(above: Elements) -> None:
    """Mark the lines between a report's title and the line of its version, where there are more than headings stack."""
    lines = [element for element in above if element.kind != "furniture"]
    if len(lines) < MIN_COVER_LINES:
        return
    if all(element.kind == "text" and element.isolated and _is_cover_line(element.text) for element in lines):
        lines[0].kind, lines[0].level = "heading", LOOK_LEVEL
        for element in lines[1:]:
            element.kind = "furniture"


def _is_cover_line(text: str) -> bool:
    """Tell whether a text is short and no sentence."""
    return len(text.split()) <= MAX_COVER_WORDS and not is_terminated(text) and text[:1].isupper()


def mark_notices(elements: Elements) -> Elements:
    """Mark the two lines between which something was taken out, the same but for "start" and "end", and the word of it between them."""
    opened: tuple[int, str] | None = None
    for index, element in enumerate(elements):
        edge = _edge(element)
        if edge is None:
            continue
        kind, key = edge
        if kind == "start":
            opened = (index, key)
        elif opened is not None and opened[1] == key:
            between = [other for other in elements[opened[0] + 1 : index] if other.kind != "furniture"]
            elements[opened[0]].kind = element.kind = "furniture"
            if len(between) <= MAX_NOTICE and sum(len(other.text.split()) for other in between) <= MAX_NOTICE_WORDS:
                for other in between:
                    other.kind = "furniture"
            opened = None
    return elements


def _edge(element: Element) -> tuple[str, str] | None:
    """Return whether a short line tells the start or the end of something, and the line without that word."""
    if element.kind not in ("text", "heading") or len(element.text.split()) > MAX_EDGE_WORDS or is_terminated(element.text):
        return None
    match = EDGE.search(element.text)
    if match is None or not (SET_APART.search(element.text) or element.text.isupper()):
        return None
    key = "".join(filter(str.isalnum, (element.text[: match.start()] + element.text[match.end() :]).lower()))
    return ("start" if match.group("start") else "end", key)


def mark_apparatus(elements: Elements) -> Elements:
    """Mark what stands under headings such as "Version control"."""
    level = 0
    for element in elements:
        if element.kind == "text" and element.isolated and APPARATUS.match(element.text):
            element.kind, element.level = "heading", LOOK_LEVEL
        if element.kind == "heading":
            if APPARATUS.match(element.text):
                level = element.level
            elif element.level <= level:
                level = 0
        elif level:
            element.kind = "furniture"
    return elements


def mark_pictures(elements: Elements) -> Elements:
    """Mark what stands between the number of a question and its words: a picture's caption and the name of who asks."""
    asked = False
    for element, below in itertools.pairwise(elements):
        if element.kind == "text" and LONE_MARK.match(element.text) and element.asks:
            asked = True
        elif asked and element.kind == "text" and len(element.text.split()) <= MAX_CAPTION_WORDS and not is_terminated(element.text):
            if below.kind == "text":
                element.kind = "furniture"
        else:
            asked = False
    return elements
