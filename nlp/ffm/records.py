"""Plain frozen records: what flows from room to room, and its JSON form.

Every offset is a code point offset into :attr:`Report.text`; ``report.text[start:end]`` is the quoted string.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct, field

BlockKind = Literal["passage", "question", "heading", "details", "footnote", "table", "furniture"]
PassageKind = Literal["answer", "paragraph", "list", "footnote", "table"]
SourceType = Literal["state", "ngo", "international", "private", "media", "academic"]
AmountKind = Literal["money", "percent", "count"]
Part = Literal["evidence", "front"]
Qualifier = Literal["about", "over", "under", "at least", "up to"]
Rate = Literal["day", "week", "month", "year"]
Range = tuple[int, int]

THEMED_KINDS: tuple[PassageKind, ...] = ("answer", "paragraph", "list")


class Correction(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person says of one line of a report, in its layout file.

    Attributes
    ----------
    heading
        The line's words; upper and lower case, numbers and punctuation do not count.
    nth
        Which of the lines with these words, from 1.
    source, source_type, date
        Whose words stand under it, and the ISO 8601 date of the interview.
    part
        Whether what stands under it is evidence or front matter.
    question
        True where the line is a question and what stands under it the answer.
    section
        False where the line is no heading.
    """

    heading: str
    nth: int = 1
    source: str | None = None
    source_type: SourceType | None = None
    date: str | None = None
    part: Part | None = None
    question: bool = False
    section: bool = True


class Layout(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person says of a report's layout: it is followed before anything is found by rule.

    Attributes
    ----------
    report_date
        The report's own date, ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.
    line
        What is said of single lines.
    """

    report_date: str | None = None
    line: tuple[Correction, ...] = ()


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
    layout
        What a person says of its layout, where a layout file stands beside the report's.
    country
        The country that the report is about, by its ISO 3166-1 alpha-2 code, where the register says so.
    date
        The day, month or year that the report speaks of, in ISO 8601, where the register says so.
    """

    id: str
    text: str
    page_starts: tuple[int, ...] = ()
    notices: tuple[str, ...] = ()
    layout: Layout | None = None
    country: str | None = None
    date: str | None = None


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
    path
        The titles of the sections that it lies in and its own, outermost first.
    part
        ``front`` for what a report says of itself: terms of reference, methods, lists of sources, glossaries.
    """

    title: str
    start: int
    end: int
    source: str | None = None
    source_type: SourceType | None = None
    date: str | None = None
    date_conflict: str | None = None
    interview: bool = False
    path: tuple[str, ...] = ()
    part: Part = "evidence"


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
    part
        ``front`` for what a report says of itself, which is no evidence.
    paragraph
        The paragraph's number as printed, without brackets and last stop.
    section_path
        The titles of the sections that it lies in, outermost first; ``section`` is the last of them.
    quoted_source
        Who is quoted, where the passage is a quotation with its attribution.
    report_date
        The report's own date: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.
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
    part: Part = "evidence"
    paragraph: str | None = None
    section_path: tuple[str, ...] = ()
    quoted_source: str | None = None
    report_date: str | None = None

    @property
    def heading(self) -> str:
        """The heading that a text without a source of its own stands under; an interview's names its source, no subject."""
        return self.section_path[-1] if self.section_path and self.source is None else ""


class Period(Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """The time that an amount is about.

    Attributes
    ----------
    words
        As written: "in 2021", "since March 2019", "so far".
    start, end
        ISO 8601 dates of the first and last day ("from" and "to" in JSON), where the text settles them; else None.
    """

    words: str
    start: str | None = None
    end: str | None = None


class Value(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The value of an amount and what it carries; all None of a name.

    Attributes
    ----------
    low, high
        Bounds of the value, equal unless the text gives a range.
    currency
        ISO 4217 code (money).
    noun
        What is counted, as written (count); "old lek" (money).
    qualifier
        What the text says of the value.
    rate
        How often the amount comes.
    period
        The time that it is about.
    """

    kind: AmountKind | None = None
    low: float | int | None = None
    high: float | int | None = None
    currency: str | None = None
    noun: str | None = None
    qualifier: Qualifier | None = None
    rate: Rate | None = None
    period: Period | None = None


def value_of(record: Value) -> dict[str, Any]:
    """Return the value of a record of any kind, as keyword arguments for one of another."""
    return {name: getattr(record, name) for name in Value.__struct_fields__}


class Entity(Value, frozen=True, omit_defaults=True, gc=False):
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
    """

    start: int
    end: int
    label: str
    text: str
    parts: tuple[Range, ...] = ()
    id: str | None = None


class Sentence(Struct, frozen=True, omit_defaults=True, gc=False):
    """A sentence of a tagged passage.

    Attributes
    ----------
    start, end
        Range in the report's text.
    scores
        For each label of the passage that the sentence carries, its own score, in [0, 1].
    """

    start: int
    end: int
    scores: dict[str, float] = field(default_factory=dict)


class TaggedPassage(Struct, frozen=True, gc=False):
    """A passage with its entities, theme scores, labels and stance: one row of ``ffm tag``.

    Attributes
    ----------
    scheme, model
        What the labels are labels of, and what gave them: ``id@version+digest`` each; empty in rows of version 0.1.0.
    sentences
        In order, each with the labels that it carries; empty in rows of older versions and of passages without themes. Where a model
        reads passages as a whole, none carries one.
    question_scores
        The themes that the question asks about: those that the classifier gives it, with their scores.
    source_id
        The source's identifier, that of its name among the entities.
    in_training
        Whether the model learnt from this report: its labels are then better than those of a report that it never saw.
    words
        Number of words of the text.
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
    part: Part = "evidence"
    paragraph: str | None = None
    section_path: tuple[str, ...] = ()
    quoted_source: str | None = None
    report_date: str | None = None
    sentences: tuple[Sentence, ...] = ()
    question_scores: dict[str, float] = field(default_factory=dict)
    source_id: str | None = None
    in_training: bool = False
    words: int = 0


class Origin(Struct, frozen=True):
    """What the labels of rows are labels of, and what gave them: a scheme and a model, ``id@version+digest`` each.

    Attributes
    ----------
    learnt_from
        The reports whose gold the model learnt from.
    """

    scheme: str
    model: str
    learnt_from: frozenset[str] = frozenset()


class Segmentation(Struct, frozen=True):
    """What segmentation found in a report.

    Attributes
    ----------
    notices
        Contradictions that a person should know of, one line each.
    report_date
        The report's own date: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; None where its cover tells none.
    """

    report: Report
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    notices: tuple[str, ...] = ()
    report_date: str | None = None


def is_evidence(passage: Passage | TaggedPassage) -> bool:
    """Tell whether a passage gets themes and counts in comparisons: an answer, a paragraph or a list outside of front matter."""
    return passage.kind in THEMED_KINDS and passage.part == "evidence"


def carrying_sentences(passage: TaggedPassage, theme: str) -> tuple[Range, ...]:
    """Return where the sentences stand that carried a label of a passage."""
    return tuple((sentence.start, sentence.end) for sentence in passage.sentences if theme in sentence.scores)


def joined(text: str, parts: tuple[Range, ...]) -> str:
    """Return the parts of a text joined by one space."""
    return " ".join(text[start:end] for start, end in parts)
