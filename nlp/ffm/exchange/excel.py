"""A workbook for Excel: what was marked as three sheets, passages, entities and themes, to be read, filtered and counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ffm.csv_files import Cell
from ffm.exchange.items import Bundle
from ffm.exchange.offsets import in_report
from ffm.workbook import write_workbook

ABOUT = ("section", "source", "date", "question")
PASSAGES = ("report", "passage", "start", "end", "role", *ABOUT, "themes", "text")
VALUE = ("kind", "low", "high", "currency", "noun", "qualifier", "rate")
ENTITIES = ("report", "passage", "start", "end", "label", "quote", "id", *VALUE, "period", "from", "to")
THEMES = ("report", "passage", "theme", "name", "stance", "score", *ABOUT, "annotator", "text")


def write(bundle: Bundle, path: Path) -> None:
    """Write the sheets; every row names its passage, offsets are those of the report, dates and texts stand as text.

    Raises
    ------
    OutputError
        If it cannot be written, or a sheet has more rows than Excel can hold.
    """
    sheets = {"passages": (PASSAGES, _passages(bundle)), "entities": (ENTITIES, _entities(bundle)), "themes": (THEMES, _themes(bundle))}
    write_workbook(path, sheets)


def _passages(bundle: Bundle) -> Iterator[Sequence[Cell]]:
    for item in bundle.items:
        parts, about = item.carried.parts, [item.carried.about.get(key, "") for key in ABOUT]
        yield [item.report, item.id, parts[0][0], parts[-1][1], item.carried.role, *about, "; ".join(item.themes), item.text]


def _entities(bundle: Bundle) -> Iterator[Sequence[Cell]]:
    for item in bundle.items:
        for mark in item.marks:
            place = in_report(item.carried.parts, mark.start, mark.end)
            period = mark.period
            when = [None, None, None] if period is None else [period.words, period.start, period.end]
            value = [getattr(mark, name) for name in VALUE]
            yield [item.report, item.id, *place, mark.label, item.text[mark.start : mark.end], mark.id, *value, *when]


def _themes(bundle: Bundle) -> Iterator[Sequence[Cell]]:
    names = {theme.id: theme.name for theme in bundle.scheme.theme}
    for item in bundle.items:
        about = [item.carried.about.get(key, "") for key in ABOUT]
        for theme in item.themes:
            marked = [theme, names.get(theme), item.carried.stance.get(theme), item.carried.scores.get(theme)]
            yield [item.report, item.id, *marked, *about, item.carried.header.annotator, item.text]
