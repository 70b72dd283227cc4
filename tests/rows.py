"""Rows of a tagged data set as tests write them: a text, and what matters about it."""

from __future__ import annotations

from typing import Any

from ffm.records import Entity, Range, TaggedPassage


def row(report: str, number: int, text: str, start: int | None = None, **fields: Any) -> TaggedPassage:
    """Return a row that stands at ``start`` in its report, by default far from all others; further fields as the record has them."""
    start = number * 10_000 if start is None else start
    places: tuple[Range, ...] = ((start, start + len(text)),)
    given = {
        "kind": "paragraph", "section": None, "source": None, "source_type": None, "date": None, "date_conflict": None, "page": None,
        "question": None, "question_start": None, "question_parts": (), "parts": places, **fields,
    }  # fmt: skip
    return TaggedPassage(report=report, passage=f"{report}/{number:04}", start=start, end=start + len(text), text=text, **given)


def named(text: str, start: int, label: str, name: str, id: str | None = None, nth: int = 1) -> Entity:
    """Return the entity of a name that stands in a text which begins at ``start``."""
    at = -1
    for _ in range(nth):
        at = text.index(name, at + 1)
    return Entity(start=start + at, end=start + at + len(name), label=label, text=name, id=id)
