"""Figures: the amounts that reports name, each with what it counts, who says so, of which time and place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from ffm.comparison.attribution import Attributed, Attribution
from ffm.comparison.sources import Names
from ffm.entities.amounts.attributes import periods_in
from ffm.entities.names.propose import PLACE
from ffm.errors import PassageError
from ffm.exchange.offsets import in_passage, in_report
from ffm.records import AmountKind, Entity, Period, Qualifier, Range, Rate, TaggedPassage
from ffm.segment.sentences import sentence_ranges

AMOUNT = "AMOUNT"
MARKUP = re.compile(r"</?\w{1,10}>|\*\*|__|\\")
RULE = re.compile(r"[|\s:-]*")
LETTER = re.compile(r"[^\W\d_]")
LONGEST_HEAD = 12  # words; a longer cell tells a story
YEAR = re.compile(r"(?:19|20)\d\d")


class Figure(Struct, frozen=True):
    """An amount of a report.

    Attributes
    ----------
    covers
        The time that the report speaks of, as registered; empty where it is not known.
    source
        Who says it: who is interviewed, quoted, or named by the sentence's attribution; None where the report itself does.
    start, end, text
        Range in the report's text, and the quoted string.
    low, high
        Bounds of the value, equal unless the text gives a range.
    noun
        What is counted, as written; of a table's cell the heads of its row and of its column.
    period, period_from, period_to
        The time that it is about, as written, and its first and last day in ISO 8601 where its words settle them.
    place
        The place that its sentence names nearest to it.
    sentence
        Range of its sentence in the report's text; of a table's cell its row.
    """

    report: str
    covers: str
    source: str | None
    passage: str
    page: int | None
    paragraph: str | None
    start: int
    end: int
    text: str
    kind: AmountKind
    low: float | int
    high: float | int
    currency: str | None
    noun: str | None
    period: str | None
    period_from: str | None
    period_to: str | None
    qualifier: Qualifier | None
    rate: Rate | None
    place: str | None
    sentence: Range


class Cell(Struct, frozen=True):
    """A cell of a table: its range in the passage's text, and its words."""

    start: int
    end: int
    words: str


class Heads(Struct, frozen=True):
    """What stands at the head of a cell's row and column, and the table's time where the heads name one."""

    words: tuple[str, ...]
    period: Period | None


def figures(
    passages: Iterable[TaggedPassage], names: Mapping[str, Names], covers: Mapping[str, str], attributed: Attributed
) -> list[Figure]:
    """Return the amounts of all passages but those of front matter, by report and offset.

    Parameters
    ----------
    passages
        Rows of all reports and kinds.
    names
        By report the names of its bodies, of :func:`ffm.comparison.sources.names_of`.
    covers
        By report the time that it speaks of.
    attributed
        By passage the sentences given as what bodies say, of :func:`ffm.comparison.attribution.attributions`.
    """
    rows = sorted(
        (passage for passage in passages if passage.part == "evidence" and any(entity.label == AMOUNT for entity in passage.entities)),
        key=lambda passage: (passage.report, passage.start, passage.end, passage.passage),
    )
    found = []
    for passage in rows:
        table = table_rows(passage.text) if passage.kind == "table" else []
        sentences = [(row[0].start, row[-1].end) for row in table] or sentence_ranges(passage.text)
        for entity in passage.entities:
            place = place_of(passage, entity)
            if entity.label != AMOUNT or entity.kind is None or entity.low is None or place is None:
                continue
            sentence = next((item for item in sentences if item[0] <= place[0] < item[1]), (0, len(passage.text)))
            heads = table_heads(table, place, passage) if table else None
            period = entity.period or (heads.period if heads else None)
            noun = entity.noun or (", ".join(heads.words) if heads and heads.words else None)
            found.append(
                Figure(
                    report=passage.report,
                    covers=covers.get(passage.report, ""),
                    source=_source(passage, sentence, attributed.get(passage.passage, ()), names),
                    passage=passage.passage,
                    page=passage.page,
                    paragraph=passage.paragraph,
                    start=entity.start,
                    end=entity.end,
                    text=entity.text,
                    kind=entity.kind,
                    low=entity.low,
                    high=entity.low if entity.high is None else entity.high,
                    currency=entity.currency,
                    noun=noun,
                    period=period.words if period else None,
                    period_from=period.start if period else None,
                    period_to=period.end if period else None,
                    qualifier=entity.qualifier,
                    rate=entity.rate,
                    place=_nearest_place(passage, sentence, place),
                    sentence=in_report(passage.parts, *sentence),
                )
            )
    return found


def place_of(passage: TaggedPassage, entity: Entity) -> Range | None:
    """Return where an entity stands in a passage's text, None where its range does not lie in the passage."""
    try:
        return in_passage(passage.parts, entity.start, entity.end)
    except PassageError:
        return None


def _source(passage: TaggedPassage, sentence: Range, attributed: Iterable[Attribution], names: Mapping[str, Names]) -> str | None:
    if passage.source is not None:
        return passage.source
    if passage.quoted_source is not None:
        return passage.quoted_source
    start, end = in_report(passage.parts, *sentence)
    said = next((item for item in attributed if item.start < end and start < item.end), None)
    return names[passage.report].shown(said.id) if said else None


def _nearest_place(passage: TaggedPassage, sentence: Range, amount: Range) -> str | None:
    """Return the place that a sentence names nearest to an amount, one after it before one as near in front of it."""
    near = [
        (max(place[0] - amount[1], amount[0] - place[1]), place[0] < amount[0], entity.text)
        for entity in passage.entities
        if entity.label == PLACE and (place := place_of(passage, entity)) and sentence[0] <= place[0] < sentence[1]
    ]
    return min(near)[2] if near else None


def table_rows(text: str) -> list[list[Cell]]:
    """Return the rows of a table whose cells pipes or tabs set apart; empty for one of another form."""
    rows: list[list[Cell]] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        mark = "|" if "|" in line else "\t"
        if mark in line and not RULE.fullmatch(line.rstrip()):
            cells = []
            at = offset
            for part in line.rstrip("\r\n").split(mark):
                cells.append(Cell(at, at + len(part), " ".join(MARKUP.sub(" ", part).split())))
                at += len(part) + 1
            if mark == "|" and line.lstrip().startswith("|"):
                cells = cells[1:]
            rows.append(cells)
        offset += len(line)
    return rows


def table_heads(rows: Sequence[Sequence[Cell]], amount: Range, passage: TaggedPassage) -> Heads:
    """Return the heads of the cell in which an amount stands.

    The row's are its cells before the amount that hold no amount themselves; the column's is the cell of the first row. A head that is a
    year or another time is the amount's time, as is that which the table's first cell names.
    """
    amounts = [place for entity in passage.entities if entity.label == AMOUNT and (place := place_of(passage, entity))]
    row = next((row for row in rows if row[0].start <= amount[0] < row[-1].end + 1), None)
    if row is None:
        return Heads((), None)
    column = next((index for index, cell in enumerate(row) if cell.start <= amount[0] < max(cell.end, cell.start + 1)), 0)
    heads = [cell.words for cell in row[:column] if not _holds(cell, amounts)]
    if row is not rows[0] and column < len(rows[0]):
        heads.append(_without_amounts(rows[0][column], amounts, passage.text))
    times = [period for head in (*heads, rows[0][0].words) if (period := _time(head))]
    named = (head.rstrip(" :") for head in heads if LETTER.search(head) and len(head.split()) <= LONGEST_HEAD and not _is_time(head))
    return Heads(tuple(named), times[0] if times else None)


def _holds(cell: Cell, amounts: Iterable[Range]) -> bool:
    return any(cell.start <= start < cell.end for start, _ in amounts)


def _without_amounts(cell: Cell, amounts: Iterable[Range], text: str) -> str:
    """Return the words of a column's head without its figures: "77 VoT" heads a column of VoT."""
    inside = text[cell.start : cell.end]
    if _holds(cell, amounts):
        inside = re.sub(r"\d[\d.,]*%?", " ", inside)
    return " ".join(MARKUP.sub(" ", inside).split())


def _time(head: str) -> Period | None:
    if YEAR.fullmatch(head):
        return Period(head, f"{head}-01-01", f"{head}-12-31")
    times = periods_in(head, 0, len(head))
    return times[0][1] if times else None


def _is_time(head: str) -> bool:
    times = periods_in(head, 0, len(head))
    return bool(YEAR.fullmatch(head) or (times and times[0][0] == (0, len(head))))
