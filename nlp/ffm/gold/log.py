"""The history of gold: told line by line, counted, kept where nothing changed, and without names for those outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import ascii_uppercase

from msgspec import Struct
from msgspec.structs import replace

from ffm.gold.history import Event, with_event
from ffm.gold.store import GoldHeader, GoldRecord
from ffm.records import Range

NOBODY = ("", "adjudicated")  # what stands for no person in a header
MACHINE = "language model"


class Line(Struct, frozen=True):
    """An event with the range that it is of.

    Attributes
    ----------
    suggested, kept, added
        As in :class:`ffm.gold.history.Event`; None where nothing was suggested.
    themes
        What the range carries now.
    """

    report: str
    start: int
    end: int
    did: str
    who: str
    when: str
    model: str
    suggested: int | None
    kept: int | None
    added: int | None
    themes: str


class Acceptance(Struct, frozen=True):
    """How suggestions fared: the anchor effect, as far as numbers show it.

    Attributes
    ----------
    seen, accepted
        Readings of ranges with suggestions, and how many of them left all as it was.
    suggested, kept
        Single themes and spans.
    unaided
        Readings without suggestions.
    decided, corrected
        Ranges that were adjudicated, and those that were corrected where somebody read.
    """

    seen: int = 0
    accepted: int = 0
    suggested: int = 0
    kept: int = 0
    unaided: int = 0
    decided: int = 0
    corrected: int = 0

    def told(self) -> str:
        """Return it in words; empty where there is no history."""
        said = []
        if self.seen:
            marks = f"{self.kept:,} of {self.suggested:,} marks kept" if self.suggested else "no mark among them"
            said.append(
                f"{self.accepted:,} of {self.seen:,} readings left what was suggested as it was ({self.accepted / self.seen:.0%}; {marks})"
            )
        for number, what in (
            (self.unaided, "without suggestions"),
            (self.decided, "adjudicated"),
            (self.corrected, "corrected while reading"),
        ):
            if number:
                said.append(f"{number:,} {what}")
        return "; ".join(said)


def acceptance(records: Iterable[GoldRecord]) -> Acceptance:
    """Count the history of records."""
    events = [event for record in records for event in record.history]
    aided = [event for event in events if event.did in ("accepted", "changed")]
    did = [event.did for event in events]
    return Acceptance(
        len(aided),
        did.count("accepted"),
        sum(event.suggested for event in aided),
        sum(event.kept for event in aided),
        did.count("labelled"),
        did.count("adjudicated"),
        did.count("corrected"),
    )


def log_lines(header: GoldHeader, records: Iterable[GoldRecord]) -> Iterator[Line]:
    """Yield the history of a file's records, in the order of their ranges."""
    for record in sorted(records, key=lambda record: (record.start, record.end)):
        themes = " ".join(f"{theme}:{record.stance[theme]}" if theme in record.stance else theme for theme in record.themes)
        for event in record.history:
            suggested, kept, added = (event.suggested, event.kept, event.added) if event.model else (None, None, None)
            place = (header.report, record.start, record.end)
            yield Line(*place, event.did, event.who, event.when, event.model, suggested, kept, added, themes)


def with_history(records: Sequence[GoldRecord], earlier: Iterable[GoldRecord]) -> list[GoldRecord]:
    """Return records with the history that they had, where they say what they said before: to read them again is no event."""
    before = {(record.start, record.end): record for record in earlier}
    found = []
    for record in records:
        old = before.get((record.start, record.end))
        same = old is not None and _said(old) == _said(record)
        found.append(replace(record, history=old.history) if old is not None and same and old.history else record)
    return found


def _said(record: GoldRecord) -> GoldRecord:
    return replace(record, entities=tuple(sorted(record.entities, key=lambda entity: entity.start)), anchor=None, history=())


def joined_history(record: GoldRecord, others: Iterable[GoldRecord]) -> GoldRecord:
    """Return a record with the events of others on the same range, in the order of their days; its own come after those of one day."""
    history: tuple[Event, ...] = ()
    for event in sorted((event for item in (*others, record) for event in item.history), key=lambda event: event.when):
        history = with_event(history, event)
    return replace(record, history=history)


def pseudonyms(names: Iterable[str]) -> dict[str, str]:
    """Return a letter for each name, in the order of the alphabet: A to Z, then A2 and so on."""
    ordered = sorted(set(names) - set(NOBODY))
    turns = [(name, divmod(number, len(ascii_uppercase))) for number, name in enumerate(ordered)]
    return {name: f"{ascii_uppercase[letter]}{turn + 1 if turn else ''}" for name, (turn, letter) in turns}


def people(header: GoldHeader, records: Iterable[GoldRecord]) -> set[str]:
    """Return the names of people that a file tells: of its annotator, if that is no machine, and in its history."""
    named = {header.annotator} if header.made_by != MACHINE else set()
    return (named | {event.who for record in records for event in record.history}) - set(NOBODY)


def without_names(header: GoldHeader, records: Sequence[GoldRecord], letters: Mapping[str, str]) -> tuple[GoldHeader, list[GoldRecord]]:
    """Return a file's content with letters in place of names."""
    renamed = [
        replace(record, history=tuple(replace(event, who=letters.get(event.who, event.who)) for event in record.history))
        for record in records
    ]
    return replace(header, annotator=letters.get(header.annotator, header.annotator)), renamed


def spans_of(record: GoldRecord) -> set[tuple[Range, str]]:
    """Return the spans of a record with their labels."""
    return {((entity.start, entity.end), entity.label) for entity in record.entities}
