"""Elements: runs of lines with one role, on which every step of the segmentation works, and what a single one looks like."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct, field

from ffm.records import Correction, Part, Section
from ffm.segment.lines import (
    ATX_HEADING,
    LINE_END,
    LIST_ITEM,
    OPEN_WORD,
    RULE,
    answer_start,
    is_question_mark,
    plain,
)

ElementKind = Literal["text", "list", "heading", "table", "footnote", "furniture", "details"]
Role = Literal["question", "answer", "paragraph", "list"]

LOOK_LEVEL = 7  # of a heading that only its look tells
NOT_LETTERS = re.compile(r"[\W\d_]+")
CAPTION = re.compile(r"^(?:table|figure|chart|map|box)\s+[A-Z0-9][\w.]*\s*[.:–-]", re.IGNORECASE)
SECTION_TITLE = re.compile(
    r"^(?:section|chapter|part|title|article|annex|appendix)\s+(?:\d+|[A-Z]|[IVX]+|one|two|three|four|five|six|seven|eight|nine|ten)\b[.:)]?",
    re.IGNORECASE,
)


class Head(Struct, gc=False):
    """What is found out of a section while it is not yet made.

    Attributes
    ----------
    index
        The index of its heading; that of its first details line where no heading stands above them.
    details, subheads
        Indexes of the details lines and of the headings that belong to the interview.
    marks, asked, spoken
        How many marks of questions and answers stand in it; how many paragraphs that ask, marked or not; how many that a
        speaker's label opens.
    """

    index: int
    title: str
    level: int
    start: int
    heading_date: str | None = None
    details: list[int] = field(default_factory=list)
    detail_date: str | None = None
    meeting_with: str = ""
    interview: bool = False
    subheads: list[int] = field(default_factory=list)
    marks: int = 0
    asked: int = 0
    spoken: int = 0


class Element(Struct, gc=False):
    """A run of lines of one kind, and what the steps decide of it.

    Attributes
    ----------
    text
        What is printed, without emphasis and heading marks, white space single.
    raw
        The characters themselves.
    asks, answers
        Whether it opens with the mark of a question, of an answer.
    one_line
        Whether it stands on a single line.
    level
        Depth of a heading, 1 to 6; 7 where only its look tells that it is one, or was one before it was found to ask.
    page
        The number that a page-number line prints.
    blank_before, blank_after
        Whether a blank line, or the text's end, stands on that side.
    page_break
        Whether a form feed follows.
    runs_on
        Whether it continues the paragraph above, which a mark on a line of its own divides.
    speaker, speaker_role
        Who says it, where a label at its start or at that of a paragraph above tells, and what the label says of them.
    label_end
        Length of that label in ``raw``.
    correction
        What a person says of it.
    head, section
        What is found out of the section that it begins, and the section.
    part
        Whether it is evidence or front matter.
    role
        Its role in a conversation or a narrative, for a text or a list.
    words
        Offset at which its words begin, after a mark such as "A." or "2.1.3".
    opens
        Whether it begins a new unit rather than continuing the one before.
    question
        Number of the question that it belongs to, rising from 1; 0 for none.
    number
        The paragraph's number as printed.
    source
        Who says it, where its section does not tell.
    quotes
        Whether it is the first paragraph of a quotation that the paragraph above introduces.
    quoted_source
        Who is quoted.
    """

    start: int
    end: int
    kind: ElementKind
    text: str
    raw: str
    asks: bool = False
    answers: bool = False
    one_line: bool = True
    level: int = 0
    page: int | None = None
    blank_before: bool = True
    blank_after: bool = True
    page_break: bool = False
    runs_on: bool = False
    speaker: str = ""
    speaker_role: str = ""
    label_end: int = 0
    correction: Correction | None = None
    head: Head | None = None
    section: Section | None = None
    part: Part = "evidence"
    role: Role | None = None
    words: int = 0
    opens: bool = True
    question: int = 0
    number: str | None = None
    source: str | None = None
    quotes: bool = False
    quoted_source: str | None = None

    @property
    def marked(self) -> bool:
        """Whether it opens with the mark of a question or of an answer."""
        return self.asks or self.answers

    @property
    def isolated(self) -> bool:
        """Whether blank lines or the text's ends stand on both sides."""
        return self.blank_before and self.blank_after

    @property
    def is_words(self) -> bool:
        """Whether it is text or a list: what a passage can be made of."""
        return self.kind in ("text", "list")


Elements = list[Element]


def make_element(start: int, raw: str, kind: ElementKind = "text", text: str | None = None) -> Element:
    """Return the element whose characters are ``raw`` and which begins at ``start``."""
    return Element(
        start,
        start + len(raw),
        kind,
        plain(raw) if text is None else text,
        raw,
        asks=is_question_mark(raw),
        answers=answer_start(raw, False) is not None,
        one_line=not LINE_END.search(raw),
        words=start,
    )


def split_element(element: Element, cuts: Iterable[int]) -> Elements:
    """Return the pieces of an element between offsets in its ``raw``, outer white space left out; the first one keeps its kind."""
    pieces: Elements = []
    edges = [0, *cuts, len(element.raw)]
    for left, right in itertools.pairwise(edges):
        body = element.raw[left:right]
        begin = left + len(body) - len(body.lstrip())
        if body.strip():
            pieces.append(make_element(element.start + begin, body.strip(), element.kind if not pieces else "text"))
            pieces[-1].blank_before = pieces[-1].blank_after = False
    if pieces:
        pieces[0].blank_before, pieces[0].level = element.blank_before, element.level
        pieces[-1].blank_after, pieces[-1].page_break = element.blank_after, element.page_break
    return pieces


def title_of(element: Element) -> str:
    """Return the text of a heading, or of a few short lines that may be one, its lines set apart by commas."""
    if element.one_line or ATX_HEADING.match(element.raw):
        return element.text
    lines = [text for line in element.raw.splitlines() if (text := plain(line)) and not RULE.match(line)]
    title = ""
    for line in lines[:9]:
        runs_on = not title or line[0].islower() or OPEN_WORD.search(title)
        title = f"{title} {line}" if runs_on else f"{title.rstrip(',')}, {line}"
    return title.strip()


def letters_key(text: str) -> str:
    """Return the letters of a text, lower case: what running heads and contents entries have in common with their repeats."""
    return NOT_LETTERS.sub("", text.lower())


def is_single(element: Element) -> bool:
    """Tell whether an element is one line of text, or one numbered line."""
    if element.kind == "list":
        match = LIST_ITEM.match(element.raw)
        return bool(match and match.group("number")) and element.one_line
    return element.kind == "text" and element.one_line


def is_title_case(text: str) -> bool:
    """Tell whether a text is set as titles are: four words or more, nearly all long ones and most short ones with a capital."""
    words = re.findall(r"[^\W\d_][^\W\d_'’]*", text)
    if len(words) < 4:
        return False
    long_words = [word for word in words if len(word) > 3]
    capitals = sum(word[0].isupper() for word in words)
    return all(word[0].isupper() for word in long_words) and capitals > 0.6 * len(words)


def by_section(elements: Elements) -> Iterator[tuple[Section | None, Elements]]:
    """Yield each section, None for what stands before the first, with its elements."""
    section: Section | None = None
    piece: Elements = []
    for element in elements:
        if element.section is not None:
            if piece:
                yield section, piece
            section, piece = element.section, []
        piece.append(element)
    if piece:
        yield section, piece


def is_spoken(section: Section | None, elements: Elements) -> bool:
    """Tell whether speakers tell a section: paragraphs have their labels, and the section has no source of its own."""
    return (section is None or section.source is None) and any(element.speaker for element in elements)
