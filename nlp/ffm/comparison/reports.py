"""The compared reports, and where they stand in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from ffm.project.reports import DATE, Registered
from ffm.project.scheme import Scheme, Theme
from ffm.records import TaggedPassage
from ffm.tagging.schemes import shown


class ComparedReport(Struct, frozen=True):
    """A report in the comparison, with what the register says of it.

    Attributes
    ----------
    title
        The registered title; the id of a report that is not registered.
    country
        ISO 3166-1 alpha-2 code, or empty.
    covers
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; empty where it is not known: the report is then on no time axis.
    passages, words
        How many themed passages it has (answers, paragraphs, lists), and their words.
    sources
        Number of distinct sources of these passages; None where the report names none.
    kind, family
        What kind of report it is, and which series it belongs to, as registered.
    """

    id: str
    title: str
    publisher: str
    country: str
    covers: str
    published: str
    passages: int
    words: int
    sources: int | None
    kind: str = ""
    family: str = ""

    def series_with(self, other: ComparedReport) -> str:
        """Return what this report and another have in common as parts of one series: their family, or one publisher and form; else nothing."""
        if self.family and self.family == other.family:
            return self.family
        form = (self.publisher, self.kind, self.country)
        return ", ".join(form) if all(form) and form == (other.publisher, other.kind, other.country) else ""


def describe_report(name: str, passages: Sequence[TaggedPassage], entry: Registered | None) -> ComparedReport:
    """Return one report, of its passages that get themes, with what its entry in the register says of it; without one its id is its title."""
    return ComparedReport(
        name,
        (entry.title if entry else "") or name,
        entry.publisher if entry else "",
        entry.country if entry else "",
        entry.covers if entry and DATE.match(entry.covers) else "",
        entry.published if entry else "",
        len(passages),
        sum(passage.words for passage in passages),
        len({passage.source for passage in passages if passage.source}) or None,
        entry.kind if entry else "",
        entry.family if entry else "",
    )


def in_time_order(reports: Iterable[ComparedReport]) -> list[ComparedReport]:
    """Return reports by the date that they cover and then by id, the undated last."""
    return sorted(reports, key=lambda report: (not report.covers, report.covers and time_middle(report.covers), report.id))


def latest(reports: Sequence[ComparedReport], most: int) -> list[ComparedReport]:
    """Return those of some reports in the order of time that cover the latest, and where they are fewer of the undated too."""
    dated = [report for report in reports if report.covers]
    return [*dated[max(0, len(dated) - most) :], *reports[len(dated) : max(most, len(dated))]]


def notices_on(reports: Iterable[ComparedReport], entries: Mapping[str, Registered]) -> list[str]:
    """Return what the register lacks of reports, and which of them is another's digest."""
    by_id = {report.id: report for report in reports}
    notices = []
    for name, report in sorted(by_id.items()):
        entry = entries.get(name)
        label = shown(name)
        if entry is None:
            notices.append(f"{label}: is not registered, so has no title, country or date; register it with ffm reports add")
        elif not report.covers:
            notices.append(f"{label}: is registered without a date that it covers, so is not on the time axis; add covers to its entry")
        if entry and entry.digest_of in by_id:
            notices.append(f"{label}: is a digest of {entry.digest_of}, which is compared too: the two are not independent")
    return notices


def time_span(covers: str) -> tuple[float, float]:
    """Return the month or year that a date means as decimal years: ``2020-04`` is from 2020.25 to 2020.333."""
    year, _, rest = covers.partition("-")
    if not rest:
        return float(year), float(year) + 1
    month = int(rest[:2])
    return int(year) + (month - 1) / 12, int(year) + month / 12


def time_middle(covers: str) -> float:
    """Return the middle of the month or year that a date means, as a decimal year: where it stands on a time axis."""
    return sum(time_span(covers)) / 2


def theme_order(scheme: Scheme) -> list[Theme]:
    """Return the themes in the order of the comparison: the core themes first, else as in the scheme."""
    return sorted(scheme.theme, key=lambda theme: theme.group != "core")
