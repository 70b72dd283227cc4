"""What every exchange format carries: annotated ranges with their text, taken from tagged data or from gold."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ffm.errors import RecordError
from ffm.exchange.offsets import in_passage, trimmed
from ffm.gold.history import Event
from ffm.gold.store import GoldHeader, GoldReport, text_digest
from ffm.project.scheme import Scheme
from ffm.records import Entity, Range, Report, TaggedPassage, Value, is_evidence, joined, value_of

TAGGER = "ffm tag"  # the annotator and maker that the header of tagged data names

NAMES = uuid.UUID("6d0b3c0e-5f7e-5b0a-9a53-3f0f6f0c7a11")  # the name space of all ids that exports make

Span = tuple[int, int, str]


class Mark(Value, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An entity; offsets are those of its item's text."""

    start: int
    end: int
    label: str
    id: str | None = None

    @property
    def span(self) -> Span:
        """Its range and label."""
        return (self.start, self.end, self.label)

    @property
    def value(self) -> dict[str, Any]:
        """What it has beyond range and label."""
        found = msgspec.to_builtins(self)
        return {key: found[key] for key in found if key not in ("start", "end", "label")}


class Carried(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an item has beyond its text, spans and themes: the part that a format keeps as data of ours.

    Attributes
    ----------
    header
        Whose annotations of which text these are, as in a gold file; ``sha256`` is empty where the text was not there.
    id
        The passage's id, or report and range.
    parts
        Ranges of the report's text; the item's text is these, joined by one space.
    about
        Section, source, date and question of a passage; empty where they are not known.
    values
        The marks that have more than a range and a label.
    unread
        Labels that a change of the scheme leaves open, as in gold.
    history
        Who did what with the range, as in gold.
    """

    header: GoldHeader
    id: str
    parts: tuple[Range, ...]
    unit: str = "sentence"
    role: str = "passage"
    about: dict[str, str] = {}
    stance: dict[str, str] = {}
    scores: dict[str, float] = {}
    values: tuple[Mark, ...] = ()
    unread: tuple[str, ...] = ()
    history: tuple[Event, ...] = ()


class Item(Struct, frozen=True):
    """An annotated range of a report: its text, entities and themes, and what else is known of it."""

    text: str
    marks: tuple[Mark, ...]
    themes: tuple[str, ...]
    carried: Carried

    @property
    def report(self) -> str:
        """The report's id."""
        return self.carried.header.report

    @property
    def id(self) -> str:
        """The passage's id, or report and range."""
        return self.carried.id


class Bundle(Struct, frozen=True):
    """What is exported: the items of reports, in order, the reports' texts as far as they are there, and the labels' scheme."""

    items: tuple[Item, ...]
    texts: dict[str, str]
    scheme: Scheme

    @property
    def reports(self) -> tuple[str, ...]:
        """The reports' ids, in the order of their items."""
        return tuple(dict.fromkeys(item.report for item in self.items))

    def of(self, report: str) -> tuple[Item, ...]:
        """Return the items of a report."""
        return tuple(item for item in self.items if item.report == report)


def identifier(*words: str) -> str:
    """Return a UUID that the same words always give."""
    return str(uuid.uuid5(NAMES, "\n".join(words)))


def decode_carried(data: bytes | str) -> Carried:
    """Read the JSON form of what an item carries.

    Raises
    ------
    RecordError
        If it is not of that form; without file and place.
    """
    try:
        carried = msgspec.json.decode(data, type=Carried)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordError(f"what ffm wrote with the record is damaged ({error})") from None
    return checked(carried)


def checked(carried: Carried) -> Carried:
    """Return what an item carries if its parts are in order.

    Raises
    ------
    RecordError
        If they are not; without file and place.
    """
    last = 0
    for start, end in carried.parts:
        if not last <= start < end:
            raise RecordError(f"the part {start}-{end} is empty, negative or out of order")
        last = end
    if not carried.parts:
        raise RecordError("it names no range of the report")
    return carried


def item_of(carried: Carried, text: str, spans: Sequence[Span], themes: Sequence[str], scheme: Scheme) -> Item:
    """Return an item as a format gives it back: values are kept where their span is, stances where their theme is.

    Spans lose the white space at their edges; those of nothing else, and a second one of the same range and label, are left out.
    """
    values = {(*place, mark.label): mark for mark in carried.values if (place := trimmed(text, mark.start, mark.end))}
    kept = {(*place, label) for start, end, label in spans if (place := trimmed(text, start, end))}
    marks = tuple(replace(values.get(span, Mark(*span)), start=span[0], end=span[1]) for span in sorted(kept))
    order = {theme: number for number, theme in enumerate(scheme.theme_ids)}
    found = tuple(sorted(dict.fromkeys(themes), key=lambda theme: order.get(theme, len(order))))
    stance = {theme: carried.stance[theme] for theme in found if theme in carried.stance}
    return Item(text, marks, found, replace(carried, stance=stance, values=tuple(mark for mark in marks if mark.value)))


def gold_items(gold: Sequence[GoldReport], scheme: Scheme) -> Bundle:
    """Return the annotated ranges of gold data as items."""
    items: list[Item] = []
    for part in gold:
        for record in part.records:
            marks = tuple(
                Mark(entity.start - record.start, entity.end - record.start, entity.label, **value_of(entity)) for entity in record.entities
            )
            carried = Carried(
                header=part.header,
                id=f"{part.header.report}/{record.start}-{record.end}",
                parts=((record.start, record.end),),
                unit=record.unit,
                role=record.role,
                stance=record.stance,
                values=tuple(mark for mark in marks if mark.value),
                unread=record.unread,
                history=record.history,
            )
            text = part.report.text[record.start : record.end]
            items.append(item_of(carried, writable(text, carried.id), [mark.span for mark in marks], record.themes, scheme))
    return Bundle(tuple(items), {part.header.report: part.report.text for part in gold}, scheme)


def tagged_items(passages: Sequence[TaggedPassage], report: Report | None, scheme: Scheme) -> list[Item]:
    """Return a report's tagged passages as items; a question that has entities becomes an item of context before its first answer.

    Parameters
    ----------
    report
        Its text, where it is there.

    Raises
    ------
    RecordError
        If a passage is not the text of its report, or an entity not that of its passage.
    """
    items: list[Item] = []
    digest = text_digest(report) if report is not None else ""
    header = GoldHeader(passages[0].report, digest, scheme.version, TAGGER, TAGGER, False, "")
    asked: set[tuple[Range, ...]] = set()
    for passage in passages:
        if report is not None and joined(report.text, passage.parts) != passage.text:
            raise RecordError(f"{passage.passage}: is not what the report's text has there; tag the report again")
        if passage.question and passage.question_entities and passage.question_parts not in asked:
            asked.add(passage.question_parts)
            name = f"{passage.report}/question-{passage.question_parts[0][0]}"
            carried = Carried(header=header, id=name, parts=passage.question_parts, unit="passage", role="context")
            items.append(_with_entities(carried, passage.question, passage.question_entities, (), scheme))
        about = {"section": passage.section, "source": passage.source, "date": passage.date, "question": passage.question}
        carried = Carried(
            header=header,
            id=passage.passage,
            parts=passage.parts,
            unit="passage",
            role="passage" if is_evidence(passage) else "context",
            about={key: value or "" for key, value in about.items()},
            stance=passage.stance,
            scores=passage.scores,
        )
        items.append(_with_entities(carried, passage.text, passage.entities, passage.labels, scheme))
    return items


def _with_entities(carried: Carried, text: str, entities: Sequence[Entity], themes: Sequence[str], scheme: Scheme) -> Item:
    marks = []
    for entity in entities:
        start, end = in_passage(carried.parts, entity.start, entity.end)
        if text[start:end] != entity.text:
            raise RecordError(
                f"{carried.id}: the entity {entity.start}-{entity.end} is not what the passage has there; tag the report again"
            )
        marks.append(Mark(start, end, entity.label, entity.id, **value_of(entity)))
    carried = replace(carried, values=tuple(mark for mark in marks if mark.value))
    return item_of(carried, writable(text, carried.id), [mark.span for mark in marks], themes, scheme)


def writable(text: str, name: str) -> str:
    """Return a text that every format can hold.

    Raises
    ------
    RecordError
        If it has half characters, which no encoding has, or NUL, which databases and XML refuse.
    """
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        raise RecordError(f"{name}: its text has NUL or half a character; save the report anew as UTF-8 without them")
    return text
