"""Which passages are wanted: by theme, source, kind, country, date, entity and amount; one meaning for every command and page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from msgspec import Struct

from ffm.errors import FfmError
from ffm.project.reports import COUNTRY, DATE, Registered
from ffm.records import Entity, SourceType, TaggedPassage

SOURCE_TYPES: tuple[str, ...] = get_args(SourceType)
LONGEST = 200  # characters of what is asked for
FIGURE = r"-?\d[\d,]*(?:\.\d+)?"
AMOUNT = re.compile(
    rf"\A\s*(?:(?:(?P<low>{FIGURE})\s*)?(?P<range>\.\.)(?:\s*(?P<high>{FIGURE}))?|(?P<one>{FIGURE}))\s*(?P<unit>\D.*)?", re.DOTALL
)
CURRENCY = re.compile(r"[A-Z]{3}")


class FilterError(FfmError):
    """A filter that asks for something that cannot be; ``option`` names what it was asked by."""

    def __init__(self, option: str, message: str) -> None:
        super().__init__(message)
        self.option = option


class AmountRange(Struct, frozen=True):
    """Amounts that may lie between two bounds, both included.

    Attributes
    ----------
    low, high
        None for no bound.
    unit
        An ISO 4217 code, ``%``, or words that stand in the noun of a count; empty for any amount.
    """

    low: float | None
    high: float | None
    unit: str = ""

    def fits(self, entity: Entity) -> bool:
        """Tell whether an amount's own range meets this one."""
        if entity.kind is None or entity.low is None or entity.high is None:
            return False
        if (self.low is not None and entity.high < self.low) or (self.high is not None and entity.low > self.high):
            return False
        if CURRENCY.fullmatch(self.unit):
            return entity.currency == self.unit
        if self.unit == "%":
            return entity.kind == "percent"
        return self.unit.lower() in (entity.noun or "").lower()


class Filter(Struct, frozen=True):
    """Which passages are wanted; what is None or empty does not count.

    Attributes
    ----------
    theme
        A label that they carry.
    source
        A part of their source's name, in whatever case.
    kinds
        What kinds of passages.
    source_types
        What types of sources.
    reports
        Ids of reports, those of the countries that are wanted.
    since, until
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, both included: when they were said, else the report's date, else what the register says
        that it covers. A date that is less exact than what is asked for fits where it may lie within: 2022 is both since and until 2022-06.
        A passage without any date does not fit.
    covers
        By report, what the register says of its date.
    entity
        A part of the words of an entity in them, or the id of its name, in whatever case.
    amount
        What an amount in them may be.
    """

    theme: str | None = None
    source: str | None = None
    kinds: tuple[str, ...] = ()
    source_types: tuple[str, ...] = ()
    reports: frozenset[str] | None = None
    since: str = ""
    until: str = ""
    covers: Mapping[str, str] = {}
    entity: str | None = None
    amount: AmountRange | None = None

    @property
    def is_open(self) -> bool:
        """Whether every passage is wanted."""
        return self == Filter(covers=self.covers)

    def fits(self, passage: TaggedPassage) -> bool:
        """Tell whether a passage is wanted."""
        return (
            (self.theme is None or self.theme in passage.labels)
            and (self.source is None or self.source.lower() in (passage.source or "").lower())
            and (not self.kinds or passage.kind in self.kinds)
            and (not self.source_types or passage.source_type in self.source_types)
            and (self.reports is None or passage.report in self.reports)
            and self._is_in_time(passage)
            and (self.entity is None or any(_is_named(entity, self.entity.lower()) for entity in passage.entities))
            and (self.amount is None or any(self.amount.fits(entity) for entity in passage.entities))
        )

    def _is_in_time(self, passage: TaggedPassage) -> bool:
        if not self.since and not self.until:
            return True
        said = passage.date or passage.report_date or self.covers.get(passage.report, "")
        if not DATE.match(said):
            return False
        after = not self.since or said[: len(self.since)] >= self.since[: len(said)]
        return after and (not self.until or said[: len(self.until)] <= self.until[: len(said)])

    def sql(self) -> tuple[str, list[Any]]:
        """Return a condition of SQL with its values that leaves out most of what is not wanted, and nothing that is."""
        wanted: list[tuple[str, Any]] = [
            ("list_contains(labels, ?)", self.theme),
            ("contains(lower(source), lower(?))", self.source if self.source and self.source.isascii() else None),
            ("list_contains(?, kind)", list(self.kinds) or None),
            ("list_contains(?, source_type)", list(self.source_types) or None),
            ("list_contains(?, report)", None if self.reports is None else sorted(self.reports)),
        ]
        given = [(condition, value) for condition, value in wanted if value is not None]
        return " and ".join(condition for condition, _ in given) or "true", [value for _, value in given]

    def told(self) -> str:
        """Return what is asked for in words, one after another."""
        amount = self.amount
        bounds = amount and "..".join("" if bound is None else f"{bound:g}" for bound in (amount.low, amount.high))
        said = {
            "theme": self.theme,
            "source": self.source,
            "kind": " or ".join(self.kinds),
            "source type": " or ".join(self.source_types),
            "report": None if self.reports is None else f"one of {len(self.reports)}",
            "since": self.since,
            "until": self.until,
            "entity": self.entity,
            "amount": amount and f"{bounds} {amount.unit}".strip(),
        }
        return ", ".join(f"{name} {value}" for name, value in said.items() if value)


EVERYTHING = Filter()


def _is_named(entity: Entity, words: str) -> bool:
    return words in entity.text.lower() or words == (entity.id or "").lower()


def make_filter(
    entries: Mapping[str, Registered],
    *,
    theme: str | None = None,
    source: str | None = None,
    source_types: Iterable[str] = (),
    countries: Iterable[str] = (),
    since: str = "",
    until: str = "",
    entity: str | None = None,
    amount: str = "",
) -> Filter:
    """Return the filter that was asked for in words.

    Parameters
    ----------
    entries
        The register, which says what country a report is about, and what time it covers. A report that is not registered is of no country.
    countries
        ISO 3166-1 alpha-2 codes.
    amount
        As :func:`read_amount` reads it.

    Raises
    ------
    FilterError
        If something is asked for that cannot be.
    """
    for option, value in (("--source", source), ("--entity", entity)):
        if value is not None and not 0 < len(value.strip()) <= LONGEST:
            raise FilterError(option, f"give 1 to {LONGEST} characters")
    for kind in source_types:
        if kind not in SOURCE_TYPES:
            raise FilterError("--source-type", f'there is no type "{kind[:LONGEST]}"; there are {", ".join(SOURCE_TYPES)}')
    for option, value in (("--since", since), ("--until", until)):
        if value and not DATE.fullmatch(value):
            raise FilterError(option, f'"{value[:LONGEST]}" is no date; write it as 2022, 2022-10 or 2022-10-05')
    if since and until and since[: len(until)] > until[: len(since)]:
        raise FilterError("--until", f"{until} is before {since}; turn them round")
    return Filter(
        theme=theme,
        source=source.strip() if source is not None else None,
        source_types=tuple(source_types),
        reports=_of_countries(entries, [code.upper() for code in countries]),
        since=since,
        until=until,
        covers={name: entry.covers or entry.published for name, entry in entries.items() if entry.covers or entry.published},
        entity=entity.strip() if entity is not None else None,
        amount=read_amount(amount) if amount else None,
    )


def _of_countries(entries: Mapping[str, Registered], codes: list[str]) -> frozenset[str] | None:
    if not codes:
        return None
    known = {entry.country for entry in entries.values() if entry.country}
    for code in codes:
        if not COUNTRY.fullmatch(code):
            raise FilterError("--country", f'"{code[:LONGEST]}" is no code of a country; write it as in the register, with two letters')
        if code not in known:
            there = f"there are reports of {', '.join(sorted(known))}" if known else "no report is registered with a country"
            raise FilterError("--country", f"no registered report is of {code}; {there}")
    return frozenset(name for name, entry in entries.items() if entry.country in codes)


def read_amount(said: str) -> AmountRange:
    """Return the range that words name: ``1000..5000``, ``..200 EUR``, ``50..%``, ``100.. victims``, or one figure.

    Raises
    ------
    FilterError
        If they name none.
    """
    found = AMOUNT.fullmatch(said[: LONGEST + 1])
    if found is None or len(said) > LONGEST or (found["range"] and found["low"] is None and found["high"] is None):
        raise FilterError("--amount", f'"{said[:LONGEST]}" is no range; write it as 1000..5000, 1000.. EUR, ..20 % or 38 children')
    low, high = (found["low"], found["high"]) if found["range"] else (found["one"], found["one"])
    lower, upper = (None if figure is None else float(figure.replace(",", "")) for figure in (low, high))
    if lower is not None and upper is not None and lower > upper:
        raise FilterError("--amount", f"{low} is more than {high}; turn them round")
    return AmountRange(lower, upper, " ".join((found["unit"] or "").split()))
