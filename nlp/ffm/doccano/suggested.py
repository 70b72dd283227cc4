"""What was suggested with a passage, and by whom: it travels with it, so that a pull knows what its annotator left and what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from ffm.exchange.categories import category
from ffm.gold.history import Did, Event
from ffm.gold.log import spans_of, with_history
from ffm.gold.merge import ADJUDICATED
from ffm.gold.store import GoldHeader, GoldRecord
from ffm.project.scheme import Scheme
from ffm.records import TaggedPassage


class Suggested(Struct, frozen=True):
    """What was suggested: by which model, themes as doccano's categories, spans in the report's offsets."""

    by: str
    themes: tuple[str, ...]
    spans: tuple[tuple[int, int, str], ...]


def suggested_of(passage: TaggedPassage, themes: Sequence[str]) -> Suggested:
    """Return what is suggested with a passage: its labels, by its model."""
    spans = tuple((entity.start, entity.end, entity.label) for entity in passage.entities)
    return Suggested(passage.model or "a model without a name", tuple(themes), spans)


def with_reading(record: GoldRecord, told: Suggested | None, annotator: str, scheme: Scheme) -> GoldRecord:
    """Return a record with what its annotator did with what was suggested; without suggestions, that it was labelled."""
    day = date.today().isoformat()
    if told is None:
        return replace(record, history=(Event("labelled", annotator, day),))
    suggested = {((start, end), label) for start, end, label in told.spans}
    themes = {category(theme, record.stance.get(theme), scheme) for theme in record.themes}
    spans = spans_of(record)
    kept = len(themes & set(told.themes)) + len(spans & suggested)
    added = len(themes - set(told.themes)) + len(spans - suggested)
    every = len(told.themes) + len(suggested)
    did: Did = "accepted" if kept == every and not added else "changed"
    return replace(record, history=(Event(did, annotator, day, told.by, told.themes, every, kept, added),))


def in_order(records: Sequence[GoldRecord], earlier: Sequence[GoldRecord], header: GoldHeader) -> list[GoldRecord]:
    """Return the records of a pull with the history of an earlier one where they are unchanged; where their annotator decides, as decisions.

    What an adjudicator began from is what the annotators agreed on, so no suggestion of a model was accepted or changed. A pull of what
    is not confirmed tells nothing of what its annotator did.
    """
    found = []
    for record in records:
        history = record.history if header.verified else ()
        if header.annotator == ADJUDICATED:
            history = tuple(Event("adjudicated", event.who, event.when) for event in history)
        found.append(replace(record, history=history))
    return with_history(found, earlier)
