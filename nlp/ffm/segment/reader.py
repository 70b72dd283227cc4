"""From lines to elements: paragraphs, lists, headings, tables, footnotes and furniture, before context is known."""

from __future__ import annotations

import re
from collections import Counter

from ffm.segment.blocks import field_lines, running_lines, unbroken_lines
from ffm.segment.dividing import divide
from ffm.segment.elements import (
    CAPTION,
    LOOK_LEVEL,
    SECTION_TITLE,
    Element,
    ElementKind,
    Elements,
    make_element,
)
from ffm.segment.lines import (
    ATX_HEADING,
    BACK_LINK,
    BARE_NOTE,
    BOLD_MEETING,
    CONTENTS,
    FIELD,
    FOOTNOTE,
    LIST_ITEM,
    LONE_MARK,
    LONG_LINE,
    NUMBERED,
    OPEN_VERB,
    OPEN_WORD,
    PAGE_NUMBER,
    Q_BARE,
    RULE,
    SPEAKER,
    SPEAKER_TITLE,
    STAMP_LINE,
    Line,
    answer_start,
    is_bold,
    is_contents_line,
    is_question_mark,
    is_terminated,
    read_lines,
    readable,
)
from ffm.segment.tables import table_extent

WORD_MARK = re.compile(r"^(?:question|answer|q\d|a\d)", re.IGNORECASE)  # what marks a turn even in a heading
WORD_ALONE = re.compile(r"^(?:Question|Answer|Q|A)[.:]\s", re.IGNORECASE)
STAMP_AT_END = re.compile(r"\d:\d\d[\])]?:$")  # of a speaker's label above the words
MAX_BOLD_LINES = 3  # of a bold heading
MIN_BROKEN_WORDS = 5  # of a line that a margin broke
MAX_NAME_LINES = 3  # between a question's number and its words
PICTURE_TEXT = ("<!-- start of picture text -->", "<!-- end of picture text -->")


def read_elements(text: str) -> Elements:
    """Split a text into elements, in order; blank lines belong to none of them."""
    text = readable(text)
    lines = list(read_lines(text))
    reader = _Reader(lines)
    elements: Elements = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.blank:
            if line.page_break and elements:
                elements[-1].page_break = True
            index += 1
            continue
        stop, kind = reader.extent(index)
        run = lines[index:stop]
        start = line.start
        raw = text[start : run[-1].end]
        element = make_element(start, raw, kind, run[0].plain if len(run) == 1 else None)
        element.page_break = run[-1].page_break
        apart = index in reader.apart
        element.blank_before = apart or index == 0 or lines[index - 1].blank
        element.blank_after = apart or stop >= len(lines) or lines[stop].blank or stop in reader.apart
        _refine(element, reader, index, stop)
        elements.extend(divide(element))
        index = stop
        if index < len(lines) and _underlines(lines[index], element):
            element.kind, element.level = "heading", 1 if "=" in lines[index].raw else 2
            element.end = lines[index].end
            index += 1
    return elements


def _underlines(line: Line, element: Element) -> bool:
    """Tell whether a line underlines the one above, which thereby is a heading."""
    return (
        (element.kind == "text" or (element.kind == "list" and element.text[:1].isdigit()))
        and len(line.raw) < LONG_LINE
        and bool(re.fullmatch(r"\s*(?:=\s?){3,}\s*|\s*-{3,}\s*", line.raw))
        and len(element.text.split()) <= 12
        and element.one_line
        and not is_terminated(element.text)
    )


class _Reader:
    """Finds how far each element reaches; knows the whole text's running lines and speakers."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.running = running_lines(lines)
        printed = [line for line in lines if not line.blank]
        self.asks = any("?" in line.raw for line in printed)
        self.unwrapped = sum(len(line.raw) > LONG_LINE for line in printed) > 0.1 * len(printed)
        names = Counter(match.group("name") for line in lines if (match := SPEAKER.match(line.raw)))
        self.apart = unbroken_lines(lines)
        self.fields = field_lines(lines)
        self.speakers = {name for name, count in names.items() if count >= 3 or SPEAKER_TITLE.match(name)}

    def extent(self, index: int) -> tuple[int, ElementKind]:
        """Return where the element that begins at a line stops, and its first guess of a kind."""
        lines, line = self.lines, self.lines[index]
        raw = line.raw
        stop = index + 1
        picture = self._picture(index)
        if picture:
            return picture, "table"
        if raw.strip().startswith("<!--") and raw.strip().endswith("-->"):
            return stop, "furniture"
        if index in self.running or STAMP_LINE.match(raw) or RULE.match(raw) or BACK_LINK.match(line.plain) or is_contents_line(raw):
            return stop, "furniture"
        if ATX_HEADING.match(raw) and not (WORD_MARK.match(line.plain) and LONE_MARK.match(line.plain)):
            while stop < len(lines) and self._wraps(lines[stop - 1], lines[stop], line):
                stop += 1
            return stop, "heading"
        if index in self.fields:
            return stop, "details"
        table = table_extent(lines, index, self._opens)
        if table:
            return table, "table"
        hard = self._short_lines(index)
        if hard:
            return hard, "list"
        kind: ElementKind = "text"
        if FOOTNOTE.match(raw):
            kind = "footnote"
        elif LIST_ITEM.match(raw) and not NUMBERED.match(raw):
            kind = "list"
        if LONE_MARK.match(line.plain):
            following_text = self._after_blank(stop)
            if self._is_name_line(following_text):
                return stop, kind
            stop = min(following_text + 1, len(lines))
        while stop < len(lines) and not lines[stop].blank and stop not in self.running:
            if stop in self.apart or stop in self.fields:
                break
            following = lines[stop]
            if kind == "list" and LIST_ITEM.match(following.raw):
                stop += 1
                continue
            if self._starts(lines[stop - 1], following) or (stop + 1 < len(lines) and table_extent(lines, stop, self._opens)):
                break
            if (
                kind == "text"
                and _indented(following) > _indented(lines[stop - 1])
                and is_terminated(lines[stop - 1].plain)
                and not self._opens(line)
            ):
                break
            stop += 1
        return stop, kind

    def _after_blank(self, index: int) -> int:
        while index < len(self.lines) and self.lines[index].blank:
            index += 1
        return index

    def _is_name_line(self, index: int) -> bool:
        """Tell whether a line names who asks, below the number of a question and above the question: no sentence, and one that asks below."""
        for _ in range(MAX_NAME_LINES):
            if index >= len(self.lines) or is_terminated(self.lines[index].plain):
                return False
            below = self._after_blank(index + 1)
            if index + 1 < below < len(self.lines) and "?" in self.lines[below].plain:
                return True
            index = below
        return False

    def _wraps(self, previous: Line, line: Line, first: Line) -> bool:
        """Tell whether a heading goes on in the next line: it breaks off after a word that cannot end it, or before one in lower case."""
        if line.blank or self._opens(line) or len(line.plain.split()) > 12 or line.start - first.start > LONG_LINE:
            return False
        if is_terminated(line.plain) and not line.plain.endswith("?"):
            return False
        return bool(OPEN_WORD.search(previous.plain)) or previous.plain.endswith(",") or line.plain[:1].islower()

    def _picture(self, index: int) -> int:
        """Return where the text of a picture stops that begins at a line, or 0."""
        if not self.lines[index].raw.strip().lower().startswith(PICTURE_TEXT[0]):
            return 0
        for stop in range(index + 1, min(index + 200, len(self.lines)) + 1):
            if PICTURE_TEXT[1] in self.lines[stop - 1].raw.lower():
                return stop
        return 0

    def _short_lines(self, index: int) -> int:
        """Return where a run of three or more short lines stops that hard line breaks set apart, such as a list of names, or 0."""
        stop = index
        while stop < len(self.lines):
            line = self.lines[stop]
            if (
                line.blank
                or len(line.raw) >= 100
                or is_terminated(line.plain)
                or self._opens(line)
                or is_bold(line.raw)
                or FIELD.match(line.raw)
            ):
                break
            stop += 1
            if not line.raw.endswith("  "):
                break
        return stop if stop - index >= 3 else 0

    def _opens(self, line: Line) -> bool:
        """Tell whether a line opens an element of its own, whatever stands before it."""
        raw = line.raw
        if (
            ATX_HEADING.match(raw)
            or RULE.match(raw)
            or STAMP_LINE.match(raw)
            or is_question_mark(raw)
            or answer_start(raw, False) is not None
            or FOOTNOTE.match(raw)
            or LIST_ITEM.match(raw)
            or NUMBERED.match(raw)
            or BOLD_MEETING.match(raw)
            or BACK_LINK.match(line.plain)
            or (raw.lstrip().startswith("[") and BARE_NOTE.match(raw))
            or LONE_MARK.match(line.plain)
            or is_contents_line(raw)
        ):
            return True
        speaker = SPEAKER.match(raw)
        return speaker is not None and speaker.group("name") in self.speakers

    def _starts(self, previous: Line, line: Line) -> bool:
        """Tell whether two lines with no blank line between them belong to different elements."""
        field = FIELD.match(previous.raw)
        if field and field.end() == len(previous.raw.rstrip()) and not self._opens(line) and not FIELD.match(line.raw):
            return False  # a detail's label, its value below
        if self._opens(line):
            runs_into = _runs_into(previous, line) or (not self.asks and _breaks_off(previous))
            return not (runs_into and (Q_BARE.match(line.raw) or WORD_ALONE.match(line.raw)))
        if len(previous.raw) > LONG_LINE or len(line.raw) > LONG_LINE:
            return is_terminated(previous.plain) or len(previous.raw) > LONG_LINE
        if previous.page_break or CONTENTS.match(previous.plain) or (self.unwrapped and is_terminated(previous.plain)):
            return True
        if is_bold(previous.raw) != is_bold(line.raw):
            return True
        if FIELD.match(line.raw) and (FIELD.match(previous.raw) or (len(previous.raw) < 70 and not previous.plain.endswith(","))):
            return True
        if previous.raw.endswith("  ") and not is_terminated(previous.plain) and len(previous.raw) < 100:
            return True
        if previous.plain.endswith("?") and line.plain[:1].isupper():
            return True
        if not is_terminated(previous.plain) or STAMP_AT_END.search(previous.plain):
            return False
        return answer_start(line.raw, True) is not None or (line.plain.endswith("?") and line.plain[:1].isupper())


def _runs_into(previous: Line, line: Line) -> bool:
    """Tell whether a sentence of one line goes on in what looks like a mark of a question or an answer in the next."""
    if is_terminated(previous.plain):
        return False
    if Q_BARE.match(line.raw):
        return True
    asked = is_question_mark(previous.raw) or FIELD.match(previous.raw)
    return bool(OPEN_WORD.search(previous.plain)) and not asked


def _breaks_off(line: Line) -> bool:
    """Tell whether a line that neither asks nor is a detail ends within a sentence."""
    long_enough = len(line.plain.split()) >= MIN_BROKEN_WORDS
    return long_enough and not (is_terminated(line.plain) or is_question_mark(line.raw) or FIELD.match(line.raw) or line.raw.endswith("  "))


def _indented(line: Line) -> int:
    """Return how far a line is indented, 0 for less than two spaces."""
    indent = len(line.raw.expandtabs(4)) - len(line.raw.expandtabs(4).lstrip())
    return indent if indent >= 2 else 0


def _refine(element: Element, reader: _Reader, index: int, stop: int) -> None:
    """Correct the first guess by what the whole element looks like."""
    line = reader.lines[index]
    single = stop == index + 1
    number = PAGE_NUMBER.match(element.raw) if single else None
    if number and (element.isolated or line.page_break or index in reader.running):
        element.kind, element.page = "furniture", int(number.group("page"))
    elif element.kind == "heading":
        match = ATX_HEADING.match(element.raw)
        element.level = len(match.group(1)) if match else 1
        if not element.text:
            element.kind = "furniture"
        elif WORD_MARK.match(element.text) and element.marked:
            element.kind, element.level = "text", 0
    elif element.kind != "text":
        return
    elif index in reader.fields or BOLD_MEETING.match(element.raw):
        element.kind = "details"
    elif LONE_MARK.match(element.text) and element.text[0] == "Q":
        element.asks = True
    elif element.asks:
        return
    elif (single or (stop - index <= MAX_BOLD_LINES and is_bold(element.raw))) and _looks_like_heading(element):
        element.kind, element.level = "heading", LOOK_LEVEL


def _looks_like_heading(element: Element) -> bool:
    """Tell whether a single line that has no heading mark is a heading by its look alone."""
    text = element.text
    words = text.split()
    if not words or len(words) > 20 or len(text) > 160 or text.endswith("?"):
        return False
    if CAPTION.match(text):
        return True
    if LONE_MARK.match(text):
        return False
    if is_bold(element.raw):
        return len(words) <= 15 and not is_terminated(text.rstrip(":")) and not text.endswith("%") and any(map(str.isalpha, text))
    if element.isolated and SECTION_TITLE.fullmatch(text):  # "Section 2.", its words on the next line
        return True
    if is_terminated(text) or text.endswith(",") or len(words) > 12 or OPEN_VERB.search(text):
        return False
    numbered = NUMBERED.match(text)
    if numbered and text[numbered.end() : numbered.end() + 1].isupper():
        return True
    if not element.isolated:
        return False
    letters = [character for character in text if character.isalpha()]
    if len(letters) >= 4 and all(character.isupper() for character in letters):
        return True
    return bool(SECTION_TITLE.match(text))
