"""The comparison as one HTML page that needs nothing else: charts, figures and the quotes behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

from ffm.comparison.chart import LARGE, MANY, SMALL, WIDE_LARGE, WIDE_SMALL, Chart, axis_top, make_chart
from ffm.comparison.prevalence import NOT_STATED, ComparedReport, Grouping, Prevalence, theme_order
from ffm.comparison.tables import quotes_by_report
from ffm.exchange.offsets import in_passage
from ffm.project.scheme import Scheme, Theme
from ffm.records import Range, TaggedPassage

TEMPLATE = "page.html.jinja"
SOURCE_TYPES = {"ngo": "NGO", "international": "international organisation"}
GROUP_TITLES: dict[Grouping, str] = {"country": "Country", "source_type": "Source type", "publisher": "Publisher"}


class Row(Struct, frozen=True):
    """A figure with its group's name and the anchor of its quotes; ``letter`` only where the group is a report."""

    figure: Prevalence
    name: str
    letter: str
    anchor: str


class Quotes(Struct, frozen=True):
    """The passages of one report that carry one theme."""

    report: ComparedReport
    letter: str
    anchor: str
    passages: tuple[TaggedPassage, ...]


class ThemeView(Struct, frozen=True):
    """Everything that the page shows of one theme.

    Attributes
    ----------
    rows
        One for each report.
    groups
        Rows by grouping.
    """

    theme: Theme
    anchor: str
    chart: Chart | None
    rows: tuple[Row, ...]
    groups: dict[Grouping, tuple[Row, ...]]
    quotes: tuple[Quotes, ...]


def render_page(
    passages: Sequence[TaggedPassage],
    reports: Sequence[ComparedReport],
    figures: Sequence[Prevalence],
    scheme: Scheme,
    notices: Sequence[str] = (),
) -> str:
    """Return the page; every text in it is escaped, and it asks for nothing from anywhere.

    Parameters
    ----------
    passages
        Of all kinds.
    reports
        In the order of the page.
    figures
        As :func:`ffm.comparison.prevalence.prevalences` gives them.
    notices
        What the reader should know of the reports, one line each.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        percent=percent, whole=whole, parts=parts_text, interval=interval, stances=stances_text, counted=counted, carrying=carrying
    )
    letters = {report.id: letter(number) for number, report in enumerate(reports)}
    dates = [report.covers for report in reports if report.covers]
    return environment.get_template(TEMPLATE).render(
        scheme=scheme,
        reports=reports,
        report_of={report.id: report for report in reports},
        letters=letters,
        first=dates[0] if dates else "",
        last=dates[-1] if dates else "",
        undated=[report for report in reports if not report.covers],
        passages=sum(report.passages for report in reports),
        words=sum(report.words for report in reports),
        notices=notices,
        retold=any(figure.reexpressed or not figure.measured for figure in figures),
        views=theme_views(passages, reports, figures, scheme, letters),
        group_titles=GROUP_TITLES,
        source_types=SOURCE_TYPES,
        many=len(reports) > MANY,
        large=LARGE,
        small=SMALL,
    )


def theme_views(
    passages: Sequence[TaggedPassage],
    reports: Sequence[ComparedReport],
    figures: Sequence[Prevalence],
    scheme: Scheme,
    letters: Mapping[str, str],
) -> list[ThemeView]:
    """Return the themes as the page shows them; the charts of core themes share one axis, those of the others another."""
    by_id = {report.id: report for report in reports}
    of_reports = [figure for figure in figures if figure.grouping == "report"]
    core = set(scheme.core_ids)
    tops = {is_core: axis_top([figure for figure in of_reports if (figure.theme in core) == is_core]) for is_core in (True, False)}
    large, small = (WIDE_LARGE, WIDE_SMALL) if len(reports) > MANY else (LARGE, SMALL)
    views = []
    for theme in theme_order(scheme):
        mine = [figure for figure in of_reports if figure.theme == theme.id]
        is_core = theme.id in core
        anchor = f"quotes-{theme.id}"
        views.append(
            ThemeView(
                theme,
                anchor,
                make_chart(mine, by_id, tops[is_core], large if is_core else small),
                tuple(
                    Row(figure, by_id[figure.value].title, letters[figure.value], f"{anchor}-{letters[figure.value]}") for figure in mine
                ),
                {
                    grouping: tuple(
                        Row(figure, group_name(figure), "", anchor)
                        for figure in figures
                        if figure.grouping == grouping and figure.theme == theme.id
                    )
                    for grouping in GROUP_TITLES
                },
                tuple(
                    Quotes(report, letters[report.id], f"{anchor}-{letters[report.id]}", tuple(quotes))
                    for report, quotes in quotes_by_report(passages, reports, theme.id)
                ),
            )
        )
    return views


def carrying(passage: TaggedPassage, theme: str) -> list[tuple[str, bool]]:
    """Divide a passage's text at the sentences that carried a theme; each stretch with whether it did."""
    spans = sorted(in_passage(passage.parts, start, end) for start, end in passage.sentences.get(theme, ()))
    stretches: list[tuple[str, bool]] = []
    done = 0
    for start, end in spans:
        if start > done:
            stretches.append((passage.text[done:start], False))
        stretches.append((passage.text[max(start, done) : end], True))
        done = max(done, end)
    stretches.append((passage.text[done:], False))
    return [(text, says) for text, says in stretches if text]


def group_name(figure: Prevalence) -> str:
    """Return the name of a group as a person reads it."""
    if figure.value == NOT_STATED:
        return "not stated"
    return SOURCE_TYPES.get(figure.value, figure.value) if figure.grouping == "source_type" else figure.value


def letter(number: int) -> str:
    """Return the letter of the report of a number from 0: A to Z, then AA, AB and so on."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def percent(share: float | None) -> str:
    """Return a share as a person reads it."""
    return "–" if share is None else f"{share:.1%}"


def counted(figure: Prevalence, between: str = " of ") -> str:
    """Return how many passages carry a theme, of how many; with a dagger where labels of an older scheme are among them."""
    if not figure.measured:
        return "not measured"
    return f"{whole(figure.passages)}{between}{whole(figure.passages_total)}{' †' if figure.reexpressed else ''}"


def interval(figure: Prevalence) -> str:
    """Return the bounds of a share as a person reads them."""
    if figure.share_low is None or figure.share_high is None:
        return "–"
    return f"{figure.share_low * 100:.1f}–{figure.share_high * 100:.1f}%"


def stances_text(figure: Prevalence) -> str:
    """Return the passages by stance, in words; empty for a theme without stance."""
    return ", ".join(f"{count} {stance}" for stance, count in (figure.stances or {}).items())


def whole(number: int | None) -> str:
    """Return a whole number as a person reads it."""
    return "–" if number is None else f"{number:,}"


def parts_text(parts: Sequence[Range]) -> str:
    """Return the offsets of a passage as they stand in the data."""
    return ", ".join(f"{start}–{end}" for start, end in parts)
