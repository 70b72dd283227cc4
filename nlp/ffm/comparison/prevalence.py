"""Prevalence: how much of a report, a country, a type of source or a publisher speaks of a theme."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from math import sqrt
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from ffm.project.reports import DATE, Registered
from ffm.project.scheme import Scheme, Theme
from ffm.records import TaggedPassage, is_evidence
from ffm.segment.passages import count_words
from ffm.tagging.schemes import shown

Grouping = Literal["report", "country", "source_type", "publisher"]
GROUPINGS: tuple[Grouping, ...] = ("report", "country", "source_type", "publisher")
NOT_STATED = "(not stated)"
Z_95 = 1.959963984540054  # the 97.5th percentile of the standard normal distribution


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


class Prevalence(Struct, frozen=True):
    """The prevalence of one theme in one group of passages.

    Attributes
    ----------
    grouping, value
        What the passages are grouped by, and the group; ``(not stated)`` gathers what has no value.
    country, publisher, covers
        Those of the report, or of all reports of the group where they agree; else empty.
    passages, passages_total
        Themed passages that carry the theme, and all themed passages of the group.
    share_of_passages, share_low, share_high
        Their share in [0, 1] with its 95% Wilson interval; None where the group has no themed passages.
    words, words_total, share_of_words
        The same for the words of these passages.
    sources
        Number of distinct sources of the passages that carry the theme; None where the group names no source.
        A name counts once a country.
    stances
        Passages by stance, in the scheme's order; None for a theme that carries no stance.
    reexpressed
        Whether the theme is made of other ones of an older version of the scheme, in some of what was counted.

    Where none of the group's reports is labelled for the theme (an older scheme that does not determine it), nothing was
    measured: all figures are None.
    """

    grouping: Grouping
    value: str
    country: str
    publisher: str
    covers: str
    theme: str
    passages: int | None
    passages_total: int | None
    share_of_passages: float | None
    share_low: float | None
    share_high: float | None
    words: int | None
    words_total: int | None
    share_of_words: float | None
    sources: int | None
    stances: dict[str, int] | None
    reexpressed: bool = False

    @property
    def measured(self) -> bool:
        """Whether any report of the group is labelled for the theme."""
        return self.passages is not None


def wilson(count: int, total: int, z: float = Z_95) -> tuple[float, float]:
    """Return the Wilson score interval of a share.

    Source: E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22(158), 209-212. It treats the passages as a simple random sample: it does not cover
    errors of the classifier, nor how a mission chose its sources.

    Parameters
    ----------
    count, total
        ``0 <= count <= total``, total above 0.
    z
        Quantile of the standard normal distribution; by default for 95%.

    Returns
    -------
    tuple of float
        Lower and upper bound, both in [0, 1], around ``count / total``.
    """
    share = count / total
    spread = 1 + z * z / total
    centre = (share + z * z / (2 * total)) / spread
    margin = z / spread * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (0.0 if count == 0 else max(0.0, centre - margin), 1.0 if count == total else min(1.0, centre + margin))


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
                sum(count_words(passage.text) for passage in mine),
                len({passage.source for passage in mine if passage.source}) or None,
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


def prevalences(
    passages: Sequence[TaggedPassage],
    reports: Sequence[ComparedReport],
    scheme: Scheme,
    reexpressed: Mapping[str, Container[str]] = MappingProxyType({}),
    undetermined: Mapping[str, Container[str]] = MappingProxyType({}),
) -> list[Prevalence]:
    """Return the prevalence of every theme in every group.

    Parameters
    ----------
    passages
        Of all kinds; only those that get themes count.
    reports
        All reports of the passages.
    reexpressed
        By report that was labelled by an older version of the scheme, the themes that are made of other ones of that version.
    undetermined
        By report, the themes that its labels do not tell: it does not count for them.

    Returns
    -------
    list of Prevalence
        By grouping, then by theme, then by group: reports in their order, other groups by name, ``(not stated)`` last.
    """
    by_id = {report.id: report for report in reports}
    figures = []
    for grouping in GROUPINGS:
        groups: dict[str, list[TaggedPassage]] = {report.id: [] for report in reports} if grouping == "report" else {}
        for passage in themed(passages):
            groups.setdefault(_group(grouping, passage, by_id[passage.report]), []).append(passage)
        if grouping != "report":
            groups = {value: groups[value] for value in sorted(groups, key=lambda value: (value == NOT_STATED, value))}
        parts = [_Group(grouping, value, mine, by_id, scheme, reexpressed, undetermined) for value, mine in groups.items()]
        figures += [part.prevalence(theme) for theme in theme_order(scheme) for part in parts]
    return figures


def _group(grouping: Grouping, passage: TaggedPassage, report: ComparedReport) -> str:
    match grouping:
        case "report":
            return report.id
        case "country":
            return report.country or NOT_STATED
        case "source_type":
            return passage.source_type or NOT_STATED
        case "publisher":
            return report.publisher or NOT_STATED


class _Group:
    """The themed passages of one group, with what all its figures share."""

    def __init__(
        self,
        grouping: Grouping,
        value: str,
        passages: Sequence[TaggedPassage],
        reports: Mapping[str, ComparedReport],
        scheme: Scheme,
        reexpressed: Mapping[str, Container[str]],
        undetermined: Mapping[str, Container[str]],
    ) -> None:
        self.grouping, self.value, self.scheme = grouping, value, scheme
        self.reexpressed, self.undetermined = reexpressed, undetermined
        self.rows = [(passage, count_words(passage.text), (reports[passage.report].country, passage.source)) for passage in passages]
        members = [reports[value]] if grouping == "report" else [reports[name] for name in sorted({passage.report for passage in passages})]
        self.country = _agreed(report.country for report in members)
        self.publisher = _agreed(report.publisher for report in members)
        self.covers = _agreed(report.covers for report in members)

    def prevalence(self, theme: Theme) -> Prevalence:
        """Return the figures of one theme in this group."""
        rows = [row for row in self.rows if theme.id not in self.undetermined.get(row[0].report, ())]
        if self.rows and not rows:
            about = (self.grouping, self.value, self.country, self.publisher, self.covers, theme.id)
            return Prevalence(*about, None, None, None, None, None, None, None, None, None, None)
        carrying = [row for row in rows if theme.id in row[0].labels]
        count, total = len(carrying), len(rows)
        words, words_total = sum(row[1] for row in carrying), sum(row[1] for row in rows)
        has_sources = any(passage.source for passage, _, _ in rows)
        low, high = wilson(count, total) if total else (None, None)
        stances = None
        if theme.stance:
            held = [passage.stance.get(theme.id) for passage, _, _ in carrying]
            stances = {stance: held.count(stance) for stance in self.scheme.stances}
        return Prevalence(
            self.grouping,
            self.value,
            self.country,
            self.publisher,
            self.covers,
            theme.id,
            count,
            total,
            count / total if total else None,
            low,
            high,
            words,
            words_total,
            words / words_total if words_total else None,
            len({source for passage, _, source in carrying if passage.source}) if has_sources else None,
            stances,
            any(theme.id in self.reexpressed.get(passage.report, ()) for passage, _, _ in rows),
        )


def _agreed(values: Iterable[str]) -> str:
    """Return the value that all have in common, or nothing."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else ""
