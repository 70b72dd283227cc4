"""From lines to elements: paragraphs, lists, headings, tables, footnotes and furniture, before context is known."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from ffm.segment.lines import (
    A_MARK,
    ATX_HEADING,
    BACK_LINK,
    BOLD_MEETING,
    DOT_LEADER,
    FIELD,
    FOOTNOTE,
    LIST_ITEM,
    NUMBERED,
    PAGE_NUMBER,
    Q_MARK,
    RULE,
    SPEAKER,
    SPEAKER_TITLE,
    Line,
    is_bold,
    is_terminated,
    plain,
    read_lines,
)

ElementKind = Literal["text", "list", "heading", "table", "footnote", "furniture", "details"]

LONG_LINE = 200  # a line longer than any hard-wrapped one is a paragraph of its own
COLUMN_GAP = re.compile(r"\S\s{3,}\S")
CAPTION = re.compile(r"^(?:table|figure|chart|map|box|annex)\s+[A-Z0-9][\w.]*\s*[.:–-]", re.IGNORECASE)
SECTION_TITLE = re.compile(r"^(?:section|chapter|part|annex|appendix)\s+(?:\d+|[A-Z]|[IVX]+)\b[.:)]?", re.IGNORECASE)
REFERENCES = re.compile(r"^(?:references|bibliography|endnotes|works cited|notes and references)$", re.IGNORECASE)
CONTENTS = re.compile(r"^(?:table of )?contents$", re.IGNORECASE)
APPARATUS = re.compile(r"^(?:version control|clearance|changes from last version of this note|feedback to .*)$", re.IGNORECASE)
SAME_LINE_ANSWER = re.compile(r"\?[\"'”’*_]*\s+(?=(?:\*\*)?(?:A|Answer)\s?[.:]\s)")
PICTURE_TEXT = ("<!-- start of picture text -->", "<!-- end of picture text -->")


class Element(Struct):
    """A run of lines of one kind.

    Attributes
    ----------
    body
        Offset at which the printed text begins, after a Markdown heading mark.
    level
        Depth of a heading, 1 to 6; 7 where only its look tells that it is one.
    page
        The number that a page-number line prints.
    isolated
        Whether blank lines or the text's ends stand on both sides.
    """

    start: int
    end: int
    kind: ElementKind
    text: str
    raw: str
    level: int = 0
    page: int | None = None
    isolated: bool = True
    page_break: bool = False

    @property
    def body(self) -> str:
        """The printed text."""
        return self.text


def is_table_line(line: Line, previous_is_table: bool) -> bool:
    """Tell whether a line is a row of a table: pipes, tab-separated cells or aligned columns."""
    raw = line.raw
    if line.plain.startswith("|") or re.match(r"^\s*</?(?:table|tr|td|th|thead|tbody)\b", raw, re.IGNORECASE):
        return True
    if "\t" in raw.strip(" ") and not (LIST_ITEM.match(raw) or NUMBERED.match(raw) or Q_MARK.match(raw) or A_MARK.match(raw)):
        cells = list(raw.split("\t")[1:])
        return len(cells) >= 2 or previous_is_table or raw.startswith("\t") or len(raw) < LONG_LINE
    return False


def is_column_line(line: Line) -> bool:
    """Tell whether a line shows columns set apart by three spaces or more."""
    return len(line.raw) < LONG_LINE and bool(COLUMN_GAP.search(line.raw.strip())) and not is_terminated(line.plain)


def starts_unit(line: Line) -> bool:
    """Tell whether a line opens an element of its own, whatever stands before it."""
    raw = line.raw
    return bool(
        ATX_HEADING.match(raw)
        or RULE.match(raw)
        or Q_MARK.match(raw)
        or A_MARK.match(raw)
        or FOOTNOTE.match(raw)
        or LIST_ITEM.match(raw)
        or NUMBERED.match(raw)
        or BOLD_MEETING.match(raw)
        or BACK_LINK.match(line.plain)
        or DOT_LEADER.search(raw)
        or ((match := SPEAKER.match(raw)) and SPEAKER_TITLE.match(match.group("name")))
    )


def breaks_between(previous: Line, line: Line) -> bool:
    """Tell whether two lines with no blank line between them belong to different elements."""
    if len(previous.raw) > LONG_LINE or len(line.raw) > LONG_LINE:
        return is_terminated(previous.plain) or len(previous.raw) > LONG_LINE
    if previous.page_break:
        return True
    if is_bold(previous.raw) != is_bold(line.raw) and (is_bold(previous.raw) or is_bold(line.raw)):
        return True
    if FIELD.match(line.raw) and FIELD.match(previous.raw):
        return True
    if previous.raw.endswith("  ") and not is_terminated(previous.plain) and len(previous.raw) < 100:
        return True
    return previous.plain.endswith("?") and len(previous.plain) < LONG_LINE and line.plain[:1].isupper()


def read_elements(text: str) -> list[Element]:
    """Split a text into elements, in order; blank lines belong to none of them."""
    lines = list(read_lines(text))
    elements: list[Element] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.blank:
            if line.page_break and elements:
                elements[-1].page_break = True
            index += 1
            continue
        stop, kind = _extent(lines, index)
        run = lines[index:stop]
        start, end = run[0].start, run[-1].end
        raw = text[start:end]
        element = Element(start, end, kind, plain(raw), raw)
        element.page_break = run[-1].page_break
        element.isolated = (index == 0 or lines[index - 1].blank) and (stop >= len(lines) or lines[stop].blank)
        _refine(element, lines, index, stop)
        elements.extend(_split_answer(element, text))
        index = stop
        if index < len(lines) and _underlines(lines, index, element):
            element.kind, element.level = "heading", 1 if "=" in lines[index].raw else 2
            element.end = lines[index].end
            index += 1
    return elements


def _split_answer(element: Element, text: str) -> list[Element]:
    """Split a paragraph that holds both a question and its marked answer."""
    match = SAME_LINE_ANSWER.search(element.raw) if element.kind == "text" and Q_MARK.match(element.raw) else None
    if match is None:
        return [element]
    middle = element.start + match.end()
    raw = text[middle : element.end]
    answer = Element(middle, element.end, "text", plain(raw), raw, page_break=element.page_break, isolated=False)
    end = element.start + match.start() + 1
    return [Element(element.start, end, "text", plain(text[element.start : end]), text[element.start : end], isolated=False), answer]


def _underlines(lines: list[Line], index: int, element: Element) -> bool:
    line = lines[index]
    return (
        element.kind == "text"
        and bool(re.fullmatch(r"\s*(?:=\s*){3,}|\s*-{3,}\s*", line.raw))
        and len(element.text.split()) <= 12
        and "\n" not in element.raw
        and not is_terminated(element.text)
    )


def _extent(lines: list[Line], index: int) -> tuple[int, ElementKind]:
    """Return where the element that begins at a line stops, and its first guess of a kind."""
    line = lines[index]
    raw = line.raw
    stop = index + 1
    if line.plain.lower().startswith(PICTURE_TEXT[0]) or raw.strip().lower().startswith(PICTURE_TEXT[0]):
        while stop < len(lines) and PICTURE_TEXT[1] not in lines[stop - 1].raw.lower() and stop - index < 200:
            stop += 1
        if PICTURE_TEXT[1] in lines[stop - 1].raw.lower():
            return stop, "table"
        stop = index + 1
    if raw.strip().startswith("<!--") and raw.strip().endswith("-->"):
        return stop, "furniture"
    if RULE.match(raw) or BACK_LINK.match(line.plain) or DOT_LEADER.search(raw):
        return stop, "furniture"
    if ATX_HEADING.match(raw):
        return stop, "heading"
    if is_table_line(line, False):
        while stop < len(lines) and not lines[stop].blank and not ATX_HEADING.match(lines[stop].raw):
            if not is_table_line(lines[stop], True) and (stop + 1 >= len(lines) or not is_table_line(lines[stop + 1], True)):
                break
            stop += 1
        return stop, "table"
    if is_column_line(line) and stop < len(lines) and is_column_line(lines[stop]):
        while stop < len(lines) and is_column_line(lines[stop]):
            stop += 1
        return stop, "table"
    kind: ElementKind = "text"
    if FOOTNOTE.match(raw):
        kind = "footnote"
    elif LIST_ITEM.match(raw) and not NUMBERED.match(raw):
        kind = "list"
    while stop < len(lines) and not lines[stop].blank:
        following = lines[stop]
        if kind == "list" and LIST_ITEM.match(following.raw):
            stop += 1
            continue
        if starts_unit(following) or is_table_line(following, False) or breaks_between(lines[stop - 1], following):
            break
        stop += 1
    return stop, kind


def _refine(element: Element, lines: list[Line], index: int, stop: int) -> None:
    """Correct the first guess by what the whole element looks like."""
    if element.kind == "heading":
        match = ATX_HEADING.match(element.raw)
        element.level = len(match.group(1)) if match else 1
        if not element.text:
            element.kind = "furniture"
        return
    if element.kind != "text":
        return
    single = stop == index + 1
    number = PAGE_NUMBER.match(element.raw)
    if single and number and (element.isolated or lines[index].page_break):
        element.kind, element.page = "furniture", int(number.group("page"))
        return
    if BOLD_MEETING.match(element.raw):
        element.kind = "details"
        return
    if Q_MARK.match(element.raw) or A_MARK.match(element.raw):
        return
    if single and _looks_like_heading(element):
        element.kind, element.level = "heading", 7


def _looks_like_heading(element: Element) -> bool:
    """Tell whether a single line that has no heading mark is a heading by its look alone."""
    text = element.text
    words = text.split()
    if not words or len(words) > 20 or len(text) > 160 or text.endswith("?"):
        return False
    if CAPTION.match(text) and len(words) <= 20:
        return True
    if is_bold(element.raw):
        return len(words) <= 15 and not is_terminated(text.rstrip(":"))
    if not element.isolated or is_terminated(text) or text.endswith(","):
        return False
    letters = [character for character in text if character.isalpha()]
    if len(letters) >= 4 and all(character.isupper() for character in letters) and len(words) <= 12:
        return True
    numbered = NUMBERED.match(text)
    if numbered and len(words) <= 12 and text[numbered.end() : numbered.end() + 1].isupper():
        return True
    return bool(SECTION_TITLE.match(text)) and len(words) <= 12
