"""The compared reports, and where they stand in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from ffm.project.reports import DATE, Registered
from ffm.project.scheme import Scheme, Theme
from ffm.records import TaggedPassage, is_evidence
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


def themed(passages: Iterable[TaggedPassage]) -> list[TaggedPassage]:
    """Return the passages that get themes: answers, paragraphs and lists."""
    return [passage for passage in passages if is_evidence(passage)]


def describe_reports(passages: Sequence[TaggedPassage], entries: Mapping[str, Registered]) -> tuple[list[ComparedReport], list[str]]:
    """Return the reports of the passages, by the date that they cover and then by id, the undated last, and notices.

    Parameters
    ----------
    passages
        Of all kinds.
    entries
        The register. A report that is not in it gets its id as title and no date, and a notice.
    """
    reports, notices = [], []
    ids: dict[str, list[TaggedPassage]] = {passage.report: [] for passage in passages}
    for passage in themed(passages):
        ids[passage.report].append(passage)
    for name, mine in sorted(ids.items()):
        entry = entries.get(name)
        label = shown(name)
        covers = entry.covers if entry and DATE.match(entry.covers) else ""
        if entry is None:
            notices.append(f"{label}: is not registered, so has no title, country or date; register it with ffm reports add")
        elif not covers:
            notices.append(f"{label}: is registered without a date that it covers, so is not on the time axis; add covers to its entry")
        if entry and entry.digest_of in ids:
            notices.append(f"{label}: is a digest of {entry.digest_of}, which is compared too: the two are not independent")
        reports.append(
            ComparedReport(
                name,
                (entry.title if entry else "") or name,
                entry.publisher if entry else "",
                entry.country if entry else "",
                covers,
                entry.published if entry else "",
                len(mine),
                sum(passage.words for passage in mine),
                len({passage.source for passage in mine if passage.source}) or None,
                entry.kind if entry else "",
                entry.family if entry else "",
            )
        )
    return sorted(reports, key=lambda report: (not report.covers, report.covers and time_middle(report.covers), report.id)), notices


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
