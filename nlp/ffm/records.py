"""Plain frozen records: what flows from room to room, and its JSON form.

Every offset is a code point offset into :attr:`Report.text`; ``report.text[start:end]`` is the quoted string.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

BlockKind = Literal["passage", "question", "heading", "details", "footnote", "table", "furniture"]
PassageKind = Literal["answer", "paragraph", "list", "footnote", "table"]
SourceType = Literal["state", "ngo", "international", "private", "media", "academic"]
AmountKind = Literal["money", "percent", "count"]
Range = tuple[int, int]

THEMED_KINDS: tuple[PassageKind, ...] = ("answer", "paragraph", "list")


class Report(Struct, frozen=True):
    """The text of a report as it was ingested.

    Attributes
    ----------
    id
        The name under which the report is registered, or the stem of its file.
    text
        The ingested text; for a UTF-8 ``.md`` or ``.txt`` file the decoded file itself.
    page_starts
        Offsets at which pages begin, where the format knows pages (PDF); else empty.
    notices
        What a person should know of the file, one line each with its name: pages that could not be read.
    """

    id: str
    text: str
    page_starts: tuple[int, ...] = ()
    notices: tuple[str, ...] = ()


class Block(Struct, frozen=True):
    """A stretch of the report with one role; a report's blocks partition its text."""

    start: int
    end: int
    kind: BlockKind


class Section(Struct, frozen=True):
    """A part of a report under one heading; in an interview report, one interview.

    Attributes
    ----------
    date
        ISO 8601 date of the interview: that of the "Date" line, else that of the heading.
    date_conflict
        The heading's date where it contradicts the "Date" line, else None.
    """

    title: str
    start: int
    end: int
    source: str | None = None
    source_type: SourceType | None = None
    date: str | None = None
    date_conflict: str | None = None
    interview: bool = False


class Passage(Struct, frozen=True):
    """The unit that gets themes: an answer, a paragraph or a list; footnotes and tables too, without themes.

    Attributes
    ----------
    parts
        Ranges of the report's text; more than one where a page break or a footnote interrupts the passage.
    text
        The parts joined by one space.
    question
        The question that an answer answers, with its mark; its parts joined by one space.
    question_parts
        Ranges of the question.
    """

    report: str
    passage: str
    kind: PassageKind
    start: int
    end: int
    section: str | None
    source: str | None
    source_type: SourceType | None
    date: str | None
    date_conflict: str | None
    page: int | None
    question: str | None
    question_start: int | None
    question_parts: tuple[Range, ...]
    parts: tuple[Range, ...]
    text: str


class Entity(Struct, frozen=True, omit_defaults=True):
    """A name or a quantity.

    Attributes
    ----------
    start, end
        Range in the report's text.
    text
        The quoted string; where ``parts`` is set, the parts joined by one space.
    parts
        Set only where a page break or a footnote interrupts the entity.
    id
        Identifier of the canonical name (ORG, PLACE): the same for all its forms in a report.
    low, high
        Bounds of the value (AMOUNT), equal unless the text gives a range.
    currency
        ISO 4217 code (money).
    noun
        What is counted, as written (count).
    """

    start: int
    end: int
    label: str
    text: str
    parts: tuple[Range, ...] = ()
    id: str | None = None
    kind: AmountKind | None = None
    low: float | int | None = None
    high: float | int | None = None
    currency: str | None = None
    noun: str | None = None


class TaggedPassage(Struct, frozen=True):
    """A passage with its entities, theme scores, labels and stance: one row of ``ffm tag``.

    Attributes
    ----------
    scheme, model
        What the labels are labels of, and what gave them: ``id@version+digest`` each; empty in rows of version 0.1.0.
    """

    report: str
    passage: str
    kind: PassageKind
    start: int
    end: int
    section: str | None
    source: str | None
    source_type: SourceType | None
    date: str | None
    date_conflict: str | None
    page: int | None
    question: str | None
    question_start: int | None
    question_parts: tuple[Range, ...]
    parts: tuple[Range, ...]
    text: str
    entities: tuple[Entity, ...] = ()
    question_entities: tuple[Entity, ...] = ()
    scores: dict[str, float] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    stance: dict[str, str] = field(default_factory=dict)
    scheme: str = ""
    model: str = ""


class Origin(Struct, frozen=True):
    """What the labels of rows are labels of, and what gave them: a scheme and a model, ``id@version+digest`` each."""

    scheme: str
    model: str


class Segmentation(Struct, frozen=True):
    """What segmentation found in a report.

    Attributes
    ----------
    notices
        Contradictions that a person should know of, one line each.
    """

    report: Report
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    notices: tuple[str, ...] = ()


def joined(text: str, parts: tuple[Range, ...]) -> str:
    """Return the parts of a text joined by one space."""
    return " ".join(text[start:end] for start, end in parts)
