"""Which sections are interviews: their details lines, and what tells that a section is one."""

from __future__ import annotations

import itertools
import re

from ffm.segment.asking import INTERROGATIVE, asks_as_heading, has_mark, is_asked, reads_as_question
from ffm.segment.elements import CAPTION, LOOK_LEVEL, Element, Elements, Head, title_of
from ffm.segment.lines import (
    ANY_FIELD,
    BARE_FIELD,
    BOLD_FIELD,
    BOLD_MEETING,
    FIELD,
    LIST_ITEM,
    LOOSE_FIELD,
    NOT_THE_SOURCE,
    RULE,
    is_terminated,
    plain,
)
from ffm.segment.sources import HEADING_PREFIX, NAMELESS, ends_or_begins_with_date, is_date, parse_date, source_name, source_type

INTERVIEW_HEADING = re.compile(
    r"^(?:(?:notes? of (?:the )?)?(?:interview|meeting)(?: notes?)?(?: with)?\b|interviews?$|overview\b|introduction$|questions and answers$|transcript$)",
    re.IGNORECASE,
)
QUESTIONS_HEADING = re.compile(r"^(?:interview|questions and answers|transcript)$", re.IGNORECASE)
NUMBERED_INTERVIEW = re.compile(r"^(?:interview|meeting|source|interviewee|respondent)s? (?:no\.? ?)?[\dA-Z]{1,3}[.:]?$", re.IGNORECASE)
DETAIL_LABEL = re.compile(
    r"date|(?:meeting|interview) with|interviewee|interviewed|persons? met|organi[sz]ation|institution", re.IGNORECASE
)
MIN_SPOKEN = 2  # paragraphs with labels of speakers from which on a section is a sitting
MIN_RETURNS = 2  # lines with one label from which on each opens an interview
MAX_LOOSE_WORDS = 25
MAX_FRAGMENT_WORDS = 8  # of a line below the details that is no sentence


def mark_details(elements: Elements) -> Elements:
    """Find where sections begin, turn the details lines of interviews into elements of that kind, and tell which sections are interviews."""
    heads: list[Head] = []
    named = _lines_that_name(elements)
    for index, element in enumerate(elements):
        if element.kind == "heading" and not CAPTION.match(element.text):
            if heads and element.correction is None and _belongs_to_interview(heads[-1], element, _details_follow(elements, index)):
                heads[-1].subheads.append(index)
                heads[-1].asked += asks_as_heading(element)
            else:
                heads.append(Head(index, title_of(element), element.level, element.start, parse_date(element.text)))
        elif element.kind in ("list", "table"):
            if heads and _is_detail_list(element, index, heads[-1]):
                _add_detail(element, index, heads[-1])
            elif heads:
                heads[-1].asked += reads_as_question(element)
        elif element.kind in ("text", "details"):
            if _begins_details(elements, index, heads) or (index in named and not (heads and heads[-1].index == index - 1)):
                heads.append(Head(index, "", LOOK_LEVEL, element.start))
            if heads and _is_detail(element, index, heads[-1]):
                _add_detail(element, index, heads[-1])
            else:
                element.kind = "text"
                if heads:
                    heads[-1].marks += has_mark(element)
                    heads[-1].spoken += bool(element.speaker)
                    heads[-1].asked += is_asked(element) or reads_as_question(element)
    for head, below in itertools.pairwise(heads):
        if not head.asked and below.marks and below.level >= head.level and ends_or_begins_with_date(head.title) and not below.heading_date:
            head.asked = below.asked
    starts = {head.index for head in heads}
    for head in heads:
        head.interview = _is_interview(head)
        head.title = head.title or head.meeting_with or "Interview"
        if head.details:
            _mark_loose_details(elements, head, starts)
    titles = _titles(elements, heads)
    if 0 < titles < len(heads) and _is_cover(heads[titles - 1]) and not heads[titles].details:
        if titles == 1 or not any(FIELD.match(elements[index].raw) for index in heads[titles - 1].details):
            heads[titles - 1].interview = False
    for head in heads:
        elements[head.index].head = head
    return elements


def _titles(elements: Elements, heads: list[Head]) -> int:
    """Return how many headings stand right below each other first of all: a report's titles."""
    for number, (head, below) in enumerate(itertools.pairwise(heads), start=1):
        if any(element.kind != "furniture" for element in elements[head.index + 1 : below.index]):
            return number
    return len(heads)


def _is_interview(head: Head) -> bool:
    """Tell whether a section is an interview: by details, by a date in its heading, or by its heading's words and its questions.

    A sitting at which several speak is none: they are its sources, not what its title names.
    """
    if head.spoken >= MIN_SPOKEN and not head.meeting_with and not _names_interview(head.title):
        return False
    if head.details and (head.detail_date or head.meeting_with or head.heading_date):
        return True
    asks, prefixed = bool(head.marks or head.asked), _names_interview(head.title)
    dated = ends_or_begins_with_date(head.title)
    if head.heading_date or dated:
        return prefixed or bool(head.marks) or (asks and dated)
    name = source_name(head.title)
    return (prefixed and asks) or (
        head.marks >= 2 and head.asked > 0 and len(re.findall(r"\b[A-Z]", name)) >= 2 and source_type(name) is not None
    )


def _names_interview(title: str) -> bool:
    named = bool(
        re.search(
            r"\b(?:interview|meeting|transcript)|^(?:source|respondent|informant|interlocutor)\b[^:]{0,4}:", title[:40], re.IGNORECASE
        )
    )
    return named and bool(HEADING_PREFIX.match(title) or NAMELESS.match(title))


def _is_cover(head: Head) -> bool:
    """Tell whether a heading, the first of several, titles a report, whose date and publisher stand below it, and no interview."""
    asks = head.marks or head.asked or head.subheads
    return not asks and not _names_interview(head.title) and (head.level == 1 or not head.meeting_with)


def _details_follow(elements: Elements, index: int) -> bool:
    """Tell whether details stand right below a heading."""
    below = next((other for other in elements[index + 1 : index + 4] if other.kind != "furniture"), None)
    return below is not None and (below.kind == "details" or (below.kind == "text" and bool(FIELD.match(below.raw))))


def _belongs_to_interview(head: Head, element: Element, detailed: bool) -> bool:
    """Tell whether a heading is a part of the interview above it ("Interview", "Overview", a question) and no new section."""
    if QUESTIONS_HEADING.match(element.text) and element.level > head.level:
        return True
    inside = bool(head.details) or bool(head.heading_date)
    if head.details and (detailed or (head.asked and NUMBERED_INTERVIEW.match(element.text))):
        return False
    if not inside or parse_date(element.text) or (element.text.lower() == "introduction" and not head.meeting_with):
        return False
    if (INTERVIEW_HEADING.match(element.text) and len(element.text.split()) <= 6) or element.text.endswith("?"):
        return True
    if head.asked and element.level > head.level and INTERROGATIVE.match(element.text):
        return True
    return element.level > head.level and (element.level == 7 or (bool(head.meeting_with) and not head.marks))


def _begins_details(elements: Elements, index: int, heads: list[Head]) -> bool:
    """Tell whether details of a new interview begin that no heading announces: two of them at least, one with a date or a name."""
    label = _label(elements[index])
    if not DETAIL_LABEL.match(label) or "?" in elements[index].text:
        return False
    if heads and not heads[-1].marks and (heads[-1].details or index - heads[-1].index <= 3):
        return False
    labels = {_label(other) for other in elements[index : index + 4] if other.kind in ("text", "details")} - {""}
    return len(labels) >= 2 and any(DETAIL_LABEL.match(other) and not other.startswith("interviewe") for other in labels)


def _lines_that_name(elements: Elements) -> set[int]:
    """Return the details that stand alone above a question each, with one label that returns: each opens what another source says."""
    found: dict[str, list[int]] = {}
    for index, (element, below) in enumerate(itertools.pairwise(elements)):
        if element.kind not in ("text", "details") or not element.isolated or not element.one_line or is_terminated(element.text):
            continue
        label = _label(element)
        if label and not NOT_THE_SOURCE.search(label) and (below.asks or reads_as_question(below)):
            found.setdefault(label, []).append(index)
    return {index for lines in found.values() if len(lines) >= MIN_RETURNS for index in lines}


def _field(row: str, unknown: bool = False) -> re.Match[str] | None:
    """Return the label of a line of details; any label where the line is known to be one."""
    match = FIELD.match(row) or BOLD_MEETING.match(row) or BOLD_FIELD.match(row)
    return match or ((LOOSE_FIELD.match(row) or ANY_FIELD.match(row) or BARE_FIELD.match(row)) if unknown else None)


def _label(element: Element) -> str:
    match = FIELD.match(element.raw) or BOLD_MEETING.match(element.raw)
    if match is None and element.kind == "details":
        match = ANY_FIELD.match(element.raw)
    return match.group("label").lower() if match else ""


def _is_detail(element: Element, index: int, head: Head) -> bool:
    if head.marks or head.subheads or "?" in element.text:
        return False
    if element.kind == "details" or FIELD.match(element.raw):
        return bool(head.details) or index - head.index <= 3
    if index - head.index == 1 and is_date(element.text):
        return True
    if not head.details:
        return False
    short = len(element.text.split()) <= MAX_LOOSE_WORDS and not is_terminated(element.text)
    return bool(BOLD_FIELD.match(element.raw)) or (
        short and bool(LOOSE_FIELD.match(element.raw) or BARE_FIELD.match(element.raw) or _is_unknown_field(element))
    )


def _is_unknown_field(element: Element) -> bool:
    """Tell whether a line among details has a label that is no known one, in several words: "Those present: two guards"."""
    match = ANY_FIELD.match(element.raw)
    return match is not None and not element.speaker and " " in match.group("label") and not match.group("label").istitle()


def _is_detail_list(element: Element, index: int, head: Head) -> bool:
    """Tell whether a list or a table right below a heading holds two details or more, one in each item or row."""
    if head.marks or head.details or index - head.index > 2:
        return False
    rows = _rows(element)
    return len(rows) >= 2 and all(FIELD.match(row) for row in rows)


def _rows(element: Element) -> list[str]:
    """Return the lines of details, those of a list without bullets, those of a table as "label: value"."""
    lines = [line for line in element.raw.splitlines() if line.strip()]
    if element.kind == "list":
        return [LIST_ITEM.sub("", line) for line in lines]
    if "|" not in element.raw and "\t" not in element.raw:
        return lines
    cells = [[cell for cell in (plain(part) for part in re.split(r"[|\t]", line)) if cell] for line in lines]
    return [f"{row[0].rstrip(':')}: {' '.join(row[1:])}" for row in cells if row and not re.fullmatch(r"[\s:-]+", row[0])]


def _add_detail(element: Element, index: int, head: Head) -> None:
    """Turn an element into details, and read the date and the source from them."""
    values: list[list[str]] = []
    for row in _rows(element):
        match = _field(row, unknown=True)
        if match is not None:
            values.append([match.group("label").lower(), plain(row[match.end() :])])
        elif values:
            values[-1][1] = f"{values[-1][1]} {plain(row)}".strip()
    if not values:
        values = [["date", element.text]]
    element.kind = "details"
    head.details.append(index)
    for label, value in values:
        if (label.startswith(("held", "met on")) or "date" in label or is_date(value)) and head.detail_date is None:
            head.detail_date = parse_date(value)
        elif not NOT_THE_SOURCE.search(label):
            head.meeting_with = f"{head.meeting_with}, {value}".strip(", ")


def _mark_loose_details(elements: Elements, head: Head, starts: set[int]) -> None:
    """Mark unlabelled lines, such as who was met, between the last details line and where the interview begins.

    It begins at a rule or a heading; at its first question, where what stands above it are no sentences.
    ``starts`` are the indexes at which sections begin: what stands before the next section is text.
    """
    last = head.details[-1]
    loose: Elements = []
    for index in range(last + 1, min(last + 6, len(elements))):
        element = elements[index]
        opens = element.kind == "text" and bool(QUESTIONS_HEADING.match(element.text))
        if opens or RULE.match(element.raw) or index in head.subheads:
            if opens or not starts.intersection(range(index, index + 3)):
                for other in [*loose, *([element] if opens else [])]:
                    other.kind = "details"
            return
        if element.kind == "text" and is_asked(element) and all(_is_fragment(other) for other in loose):
            for other in loose:
                other.kind = "details"
            return
        if element.kind != "text" or len(element.text.split()) > MAX_LOOSE_WORDS or has_mark(element):
            return
        loose.append(element)


def _is_fragment(element: Element) -> bool:
    return len(element.text.split()) <= MAX_FRAGMENT_WORDS and not is_terminated(element.text)
