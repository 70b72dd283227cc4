"""Gold from the annotations of several people: what they agree on, and for the rest what was adjudicated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from ffm.errors import GoldError
from ffm.gold.annotators import Annotations, differences
from ffm.gold.log import joined_history
from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord, check_records
from ffm.project.scheme import Scheme
from ffm.records import Range, Report

ADJUDICATED = "adjudicated"  # the annotator that files of decisions name, and the gold that is made here
FLAG = "--one-sided"
QUOTE = 60

Place = tuple[str, Range]


class OneSided(StrEnum):
    """What becomes of a range that one annotator alone read."""

    REFUSE = "refuse"
    LEAVE = "leave"
    TAKE = "take"


class Merged(Struct, frozen=True):
    """What merging gave.

    Attributes
    ----------
    gold
        One header and its records a report; to be written only where there are no problems.
    agreed, adjudicated
        Number of ranges that were taken as agreed and as adjudicated.
    alone
        Number of ranges that were taken as the one annotator has them who read them.
    problems
        What contradicts itself, one line each, that names report, range and quote.
    notices
        What all annotators marked and the adjudication left out; reports whose text is not here; what one annotator alone read.
    """

    gold: tuple[tuple[GoldHeader, tuple[GoldRecord, ...]], ...]
    agreed: int
    adjudicated: int
    problems: tuple[str, ...]
    notices: tuple[str, ...]
    alone: int = 0


def merge(sets: Sequence[Annotations], reports: dict[str, Report], scheme: Scheme, one_sided: OneSided = OneSided.REFUSE) -> Merged:
    """Merge sets of annotations; those whose files name the annotator "adjudicated" decide, the others are annotators'.

    A range is taken as all have it who annotated it, two at least: the same role, entities (ranges, labels and values), themes and
    stances. Where an adjudicated set has the range, its record counts.

    Parameters
    ----------
    reports
        The texts that are here, by report id; they must be those that were annotated.
    one_sided
        What becomes of ranges that one annotator alone read and nobody decided on.

    Raises
    ------
    GoldError
        If there are not two annotators of different names.
    """
    decisions = [item for item in sets if {header.annotator for header in item.headers.values()} == {ADJUDICATED}]
    annotators = [item for item in sets if item not in decisions]
    names = [item.name for item in annotators]
    if len(names) < 2 or len(set(names)) < len(names):
        raise GoldError(
            f"merging needs two or more annotators of different names, got {', '.join(names) or 'none'}; "
            f'a set counts as adjudicated where all its files name the annotator "{ADJUDICATED}"'
        )
    merging = _Merging(annotators, decisions, reports, scheme, one_sided)
    for report in sorted(set().union(*(item.records for item in sets))):
        merging.add(report)
    return Merged(tuple(merging.gold), merging.agreed, merging.adjudicated, tuple(merging.problems), tuple(merging.notices), merging.alone)


class _Merging:
    def __init__(
        self,
        annotators: Sequence[Annotations],
        decisions: Sequence[Annotations],
        reports: dict[str, Report],
        scheme: Scheme,
        one_sided: OneSided,
    ) -> None:
        self.annotators = annotators
        self.decisions = decisions
        self.reports = reports
        self.scheme = scheme
        self.one_sided = one_sided
        self.alone = 0
        self.gold: list[tuple[GoldHeader, tuple[GoldRecord, ...]]] = []
        self.agreed = 0
        self.adjudicated = 0
        self.problems: list[str] = []
        self.notices: list[str] = []

    def add(self, report: str) -> None:
        """Merge one report."""
        having = [item for item in (*self.annotators, *self.decisions) if report in item.records]
        if problem := _mismatch(report, having):
            self.problems.append(problem)
            return
        if report not in self.reports:
            self.notices.append(f"{report}: the text that was annotated is not here, so that ranges are not held against it")
        decided = self._decided(report)
        spans = sorted(set().union(*(item.records.get(report, {}) for item in self.annotators)))
        for span in sorted(decided.keys() - set(spans)):
            self._problem(report, span, "is adjudicated, but nobody annotated this range; remove it or correct its offsets")
        undecided = [span for span in spans if span not in decided]
        readers = {span: [item for item in self.annotators if span in item.records.get(report, {})] for span in undecided}
        alone = {span: found[0] for span, found in readers.items() if len(found) == 1}
        lacking = [item.name for item in self.annotators if report not in item.records]
        if self.one_sided is OneSided.REFUSE and len(lacking) == len(self.annotators) - 1 and undecided:
            self.problems.append(
                f"{report}: {' and '.join(lacking)} did not annotate it, and {len(undecided)} of {len(spans)} ranges are not adjudicated; "
                f"leave the report out, have them adjudicated, or tell with {FLAG} what becomes of them"
            )
            return
        if alone and self.one_sided is not OneSided.REFUSE:
            self._tell_alone(report, alone, len(spans))
        differing = self._differing(report, undecided)
        records: list[GoldRecord] = []
        for span in spans:
            if span in decided:
                self.adjudicated += 1
                records.append(joined_history(decided[span], self._readings_of(report, span)))
                self._tell_overruled(report, span, decided[span])
            elif span in differing:
                self._problem(report, span, f"{differing[span]}; not adjudicated: have it decided")
            elif span not in alone:
                self.agreed += 1
                first, *others = self._readings_of(report, span)
                records.append(joined_history(first, others))
            elif self.one_sided is OneSided.TAKE:
                self.alone += 1
                records.append(alone[span].records[report][span])
        self._check(report, records)
        if records:
            self.gold.append((joint_header([item.headers[report] for item in having]), tuple(records)))

    def _readings_of(self, report: str, span: Range) -> list[GoldRecord]:
        return [item.records[report][span] for item in self.annotators if span in item.records.get(report, {})]

    def _problem(self, report: str, span: Range, what: str) -> None:
        self.problems.append(f"{self._named(report, span)}: {what}")

    def _named(self, report: str, span: Range) -> str:
        """Return how a message names a range: with its quote where the text is here."""
        text = self.reports[report].text if report in self.reports else ""
        quote = " ".join(text[span[0] : span[1]].split())
        quote = quote if len(quote) <= QUOTE else quote[: QUOTE - 1] + "…"
        return f"{report} {span[0]}-{span[1]}" + (f' "{quote}"' if quote else "")

    def _decided(self, report: str) -> dict[Range, GoldRecord]:
        """Return the adjudicated records of a report; two of one range that differ are a problem."""
        decided: dict[Range, GoldRecord] = {}
        for item in self.decisions:
            for span, record in item.records.get(report, {}).items():
                if content(decided.setdefault(span, record)) != content(record):
                    self._problem(report, span, "is adjudicated twice and differently; leave one decision")
        return decided

    def _differing(self, report: str, spans: Sequence[Range]) -> dict[Range, str]:
        """Return the ranges on which annotators differ, and how."""
        found: dict[Range, list[str]] = {}
        shared: list[Place] = []
        for span in spans:
            roles = {item.name: item.records[report][span].role for item in self.annotators if span in item.records.get(report, {})}
            if len(roles) == 1:
                if self.one_sided is OneSided.REFUSE:
                    missing = [item.name for item in self.annotators if item.name not in roles]
                    found[span] = [f"{' and '.join(missing)} did not annotate this range"]
                continue
            shared.append((report, span))
            if len(set(roles.values())) > 1:
                found[span] = [f"role ({_readings(roles)})"]
        for difference in differences(self.annotators, shared, self.scheme):
            what = f"{difference.what} ({_readings(difference.readings)})"
            found.setdefault((difference.start, difference.end), []).append(what)
        return {span: f"annotators differ in {', '.join(what)}" for span, what in found.items()}

    def _tell_alone(self, report: str, alone: Mapping[Range, Annotations], number: int) -> None:
        counts = Counter(item.name for item in alone.values())
        who = ", ".join(f"{name}: {count}" for name, count in sorted(counts.items()))
        done = "taken" if self.one_sided is OneSided.TAKE else "left out"
        self.notices.append(f"{report}: {len(alone)} of {number} ranges {done} that one annotator alone read ({who})")

    def _tell_overruled(self, report: str, span: Range, record: GoldRecord) -> None:
        marked = [content(item.records[report][span]) for item in self.annotators if span in item.records.get(report, {})]
        lost = frozenset.intersection(*marked) - content(record)
        if lost:
            self.notices.append(f"{self._named(report, span)}: adjudication overrules what all marked: {', '.join(sorted(lost))}")

    def _check(self, report: str, records: Sequence[GoldRecord]) -> None:
        for record in records:
            try:
                check_records(report, [record], self.reports.get(report), self.scheme)
            except GoldError as error:
                span = (record.start, record.end)
                self._problem(report, span, str(error).removeprefix(f"{report}: {span[0]}-{span[1]}").removeprefix(": "))
        for first, second in _overlapping(records):
            span = (second.start, second.end)
            self._problem(report, span, f"overlaps the range {first.start}-{first.end}; annotate ranges that do not overlap")


def _mismatch(report: str, having: Sequence[Annotations]) -> str | None:
    """Tell why sets cannot be merged: annotations of other texts, by other schemes or in other units."""
    names = " and ".join(item.name for item in having)
    if problem := text_or_scheme_mismatch(report, having):
        return problem
    units = {record.unit for item in having for record in item.records[report].values()}
    if len(units) > 1:
        return f"{report}: {names} have different units ({', '.join(sorted(units))}); merge annotations of one unit"
    return None


def text_or_scheme_mismatch(report: str, having: Sequence[Annotations]) -> str | None:
    """Tell why sets of one report cannot stand together: annotations of other texts, or by other versions of the scheme."""
    names = " and ".join(item.name for item in having)
    if len({item.digests[report] for item in having}) > 1:
        return f"{report}: {names} annotated different texts (their checksums differ); merge annotations of one text"
    if len({item.headers[report].scheme for item in having}) > 1:
        return f"{report}: {names} annotated by different versions of the scheme; bring them to one with ffm scheme migrate first"
    return None


def joint_header(headers: Sequence[GoldHeader]) -> GoldHeader:
    """Return the header of merged gold: verified only where all of it is, made by all that made it, on the last day."""
    first = headers[0]
    makers = " and ".join(sorted({header.made_by for header in headers}))
    verified = all(header.verified for header in headers)
    return GoldHeader(first.report, first.sha256, first.scheme, ADJUDICATED, makers, verified, max(header.date for header in headers))


def _readings(readings: dict[str, str]) -> str:
    return ", ".join(f"{name}: {reading}" for name, reading in readings.items())


def content(record: GoldRecord) -> frozenset[str]:
    """Return what a record says, piece by piece, in any order."""
    themes = {f"{theme} {record.stance.get(theme, '')}".strip() for theme in record.themes}
    return frozenset({*themes, *map(_shown, record.entities), f"role {record.role}"})


def _shown(entity: GoldEntity) -> str:
    value = f" {entity.kind} {entity.low}-{entity.high} {entity.currency or ''}".rstrip() if entity.kind else ""
    return f"{entity.label} {entity.start}-{entity.end}{value}"


def _overlapping(records: Sequence[GoldRecord]) -> Iterator[tuple[GoldRecord, GoldRecord]]:
    """Yield records that overlap an earlier one; a footnote may stand inside of the passage that it interrupts."""
    widest: GoldRecord | None = None
    for record in sorted(records, key=lambda record: (record.start, -record.end)):
        if widest is not None and record.start < widest.end and not (record.end <= widest.end and record.role == "context"):
            yield widest, record
        if widest is None or record.end > widest.end:
            widest = record
