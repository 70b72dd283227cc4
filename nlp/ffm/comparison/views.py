"""What the page shows: quotes, each passage once, and figures with the filter that leads to exactly their quotes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from ffm.comparison.changes import Change
from ffm.comparison.chart import LARGE, MANY, SMALL, WIDE_LARGE, WIDE_SMALL, Chart, axis_top, make_chart
from ffm.comparison.prevalence import NOT_STATED, Grouping, Prevalence
from ffm.comparison.reports import ComparedReport, theme_order
from ffm.comparison.shares import ReportShares
from ffm.exchange.offsets import in_passage
from ffm.project.scheme import Scheme, Theme
from ffm.records import TaggedPassage, carrying_sentences

SOURCE_TYPES = {"ngo": "NGO", "international": "international organisation"}
GROUP_TITLES: dict[Grouping, str] = {"country": "Country", "source_type": "Source type", "publisher": "Publisher"}
MOST_QUOTES = 1_500  # passages on the page; of more, some of each theme and report, the rest in the data files
SPOKEN = 3  # sentences of a theme from which its absence from the next report is worth a word: one or two may be the classifier's error
SHRUNK = 0.6  # of the words of the report before, under which a report tells less for being shorter


class Row(Struct, frozen=True):
    """A figure with its group's name, what its quotes are filtered by, and the first of them.

    Attributes
    ----------
    letter
        Only where the group is a report.
    only
        By kind of filter its value.
    anchor
        Empty where no quote is on the page.
    """

    figure: Prevalence
    name: str
    letter: str
    only: dict[str, str]
    anchor: str


class ThemeView(Struct, frozen=True):
    """The figures of one theme.

    Attributes
    ----------
    charts
        By country, the chart over time.
    rows
        One for each report.
    groups
        Rows by grouping.
    """

    theme: Theme
    charts: dict[str, Chart]
    rows: tuple[Row, ...]
    groups: dict[Grouping, tuple[Row, ...]]


class ChangeView(Struct, frozen=True):
    """A change with the rows of its two reports, and where its interval stands on an axis from 0 to 1, with nought in the middle."""

    change: Change
    theme: Theme
    before: Row
    after: Row
    low: float
    high: float
    at: float


class AlikeView(Struct, frozen=True):
    """A change between parts of two reports that are alike, what they are in words, and what their quotes are filtered by, if any stand."""

    change: Change
    theme: Theme
    name: str
    before: dict[str, str]
    after: dict[str, str]


class PairView(Struct, frozen=True):
    """The changes between two reports; what the reader must know of the pair."""

    before: ComparedReport
    after: ComparedReport
    changes: tuple[ChangeView, ...]
    axis: float
    notes: tuple[str, ...]
    alike: tuple[AlikeView, ...]


class Stretch(Struct, frozen=True):
    """A part of a quote with the themes that its sentence carried."""

    text: str
    themes: tuple[str, ...]


class Quote(Struct, frozen=True):
    """A passage on the page; ``place`` is how it is cited within its report."""

    anchor: str
    passage: TaggedPassage
    stretches: tuple[Stretch, ...]
    place: str


class ReportQuotes(Struct, frozen=True):
    """The quotes of one report; ``left_out`` counts the passages with themes that stand in the data files only."""

    shares: ReportShares
    letter: str
    quotes: tuple[Quote, ...]
    left_out: int

    @property
    def report(self) -> ComparedReport:
        """The report."""
        return self.shares.outline.report


def letter(number: int) -> str:
    """Return the letter of the report of a number from 0: A to Z, then AA, AB and so on."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def quotes_of(
    reports: Sequence[ReportShares], scheme: Scheme, passages_of: Callable[[str], Mapping[int, TaggedPassage]], most: int = MOST_QUOTES
) -> list[ReportQuotes]:
    """Return the quotes of reports: all passages with themes or, where these are too many, as many of each theme and report as fit.

    Parameters
    ----------
    passages_of
        Gives those of :func:`chosen_quotes` of a report, by its id.
    """
    found = []
    for number, (shares, indices) in enumerate(zip(reports, chosen_quotes(reports, scheme, most), strict=True)):
        passages, name = passages_of(shares.outline.report.id), letter(number)
        quotes = [Quote(f"q-{name}-{index}", passages[index], stretches(passages[index]), _place(passages[index])) for index in indices]
        found.append(ReportQuotes(shares, name, tuple(quotes), sum(map(bool, shares.outline.labels)) - len(quotes)))
    return found


def chosen_quotes(reports: Sequence[ReportShares], scheme: Scheme, most: int = MOST_QUOTES) -> list[list[int]]:
    """Return by report the numbers of the passages that are quoted."""
    each = most
    labelled = [[(index, labels) for index, labels in enumerate(shares.outline.labels) if labels] for shares in reports]
    chosen = [_first_of_each(labels, scheme.theme_ids, each) for labels in labelled]
    while sum(map(len, chosen)) > most and each > 1:
        each = each // 2
        chosen = [_first_of_each(labels, scheme.theme_ids, each) for labels in labelled]
    return chosen


def _first_of_each(labelled: Sequence[tuple[int, tuple[str, ...]]], themes: Sequence[str], each: int) -> list[int]:
    """Return the indices of the first passages of each theme, so many of each; of passages with their labels."""
    left = dict.fromkeys(themes, each)
    kept = []
    for index, labels in labelled:
        if max([left[theme] for theme in labels]) > 0:
            kept.append(index)
            for theme in labels:
                left[theme] -= 1
    return kept


def stretches(passage: TaggedPassage) -> tuple[Stretch, ...]:
    """Divide a passage's text where sentences that carried a theme begin and end."""
    spans = [
        (*in_passage(passage.parts, start, end), theme) for theme in passage.labels for start, end in carrying_sentences(passage, theme)
    ]
    bounds = sorted({0, len(passage.text), *(bound for start, end, _ in spans for bound in (start, end))})
    return tuple(
        Stretch(passage.text[start:end], tuple(theme for first, last, theme in spans if first <= start and end <= last))
        for start, end in pairwise(bounds)
        if start < end
    )


def _place(passage: TaggedPassage) -> str:
    """Return how a passage is cited within its report: by page or paragraph, and offsets."""
    place = [f"p. {passage.page}"] if passage.page is not None else []
    place += [f"para. {passage.paragraph}"] if passage.paragraph else []
    place.append(", ".join(f"characters {start}–{end}" for start, end in passage.parts))
    return ", ".join(place)


def theme_views(quotes: Sequence[ReportQuotes], figures: Sequence[Prevalence], scheme: Scheme) -> list[ThemeView]:
    """Return the themes as the page shows them; the charts of core themes share one axis, those of the others another."""
    by_id = {item.report.id: item for item in quotes}
    first = _first_quotes(quotes)
    of_reports = [figure for figure in figures if figure.grouping == "report"]
    core = set(scheme.core_ids)
    tops = {is_core: axis_top([figure for figure in of_reports if (figure.theme in core) == is_core]) for is_core in (True, False)}
    countries: dict[str, dict[str, ComparedReport]] = {}
    for item in quotes:
        countries.setdefault(item.report.country, {})[item.report.id] = item.report
    views = []
    for theme in theme_order(scheme):
        is_core = theme.id in core
        mine = [figure for figure in of_reports if figure.theme == theme.id]
        charts = {}
        for country, reports in countries.items():
            large, small = (WIDE_LARGE, WIDE_SMALL) if len(reports) > MANY else (LARGE, SMALL)
            chart = make_chart([figure for figure in mine if figure.value in reports], reports, tops[is_core], large if is_core else small)
            if chart is not None:
                charts[country] = chart
        views.append(
            ThemeView(
                theme,
                charts,
                tuple(
                    Row(
                        figure,
                        by_id[figure.value].report.title,
                        by_id[figure.value].letter,
                        {"theme": theme.id, "report": by_id[figure.value].letter},
                        first.get((theme.id, by_id[figure.value].letter), ""),
                    )
                    for figure in mine
                ),
                {
                    grouping: tuple(
                        _group_row(figure, first) for figure in figures if figure.grouping == grouping and figure.theme == theme.id
                    )
                    for grouping in GROUP_TITLES
                },
            )
        )
    return views


def _first_quotes(quotes: Sequence[ReportQuotes]) -> dict[tuple[str, str], str]:
    """Return the anchor of the first quote of each theme, by theme and letter of the report; by theme alone under no letter."""
    first: dict[tuple[str, str], str] = {}
    for item in quotes:
        for quote in item.quotes:
            for theme in quote.passage.labels:
                first.setdefault((theme, item.letter), quote.anchor)
                first.setdefault((theme, ""), quote.anchor)
    return first


def _group_row(figure: Prevalence, first: Mapping[tuple[str, str], str]) -> Row:
    value = "" if figure.value == NOT_STATED else figure.value
    name = "not stated" if not value else SOURCE_TYPES.get(value, value) if figure.grouping == "source_type" else value
    anchor = first.get((figure.theme, ""), "") if figure.units and figure.units["passages"].found else ""
    return Row(figure, name, "", {"theme": figure.theme, figure.grouping: value}, anchor)


def pair_views(changes: Sequence[Change], views: Sequence[ThemeView], quotes: Sequence[ReportQuotes], scheme: Scheme) -> list[PairView]:
    """Return the pairs of reports with their changes in sentences, the core themes first."""
    by_id = {item.report.id: item.report for item in quotes}
    alike = _alike_views(changes, quotes, scheme)
    rows = {(view.theme.id, row.figure.value): row for view in views for row in view.rows}
    order = {theme.id: place for place, theme in enumerate(theme_order(scheme))}
    themes = {theme.id: theme for theme in scheme.theme}
    by_pair: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        if change.unit == "sentences" and not change.subset:
            by_pair.setdefault((change.pair_from, change.pair_to), []).append(change)
    found = []
    for (one, two), mine in by_pair.items():
        core = [change for change in mine if change.theme in scheme.core_ids and change.high is not None] or mine
        axis = max((max(abs(change.low or 0), abs(change.high or 0)) for change in core), default=0.0) or 1.0

        def place(value: float | None, top: float = axis) -> float:
            return round(0.5 + min(max((value or 0.0) / top, -1.0), 1.0) / 2, 4)

        shown = [
            ChangeView(
                change,
                themes[change.theme],
                rows[change.theme, one],
                rows[change.theme, two],
                place(change.low),
                place(change.high),
                place(change.change),
            )
            for change in sorted(mine, key=lambda change: order[change.theme])
        ]
        notes = pair_notes(by_id[one], by_id[two], mine, themes)
        found.append(PairView(by_id[one], by_id[two], tuple(shown), axis, notes, tuple(alike.get((one, two), ()))))
    return found


def _alike_views(changes: Sequence[Change], quotes: Sequence[ReportQuotes], scheme: Scheme) -> dict[tuple[str, str], list[AlikeView]]:
    """Return by pair the changes between parts that are alike, the core themes first."""
    letters = {item.report.id: item.letter for item in quotes}
    standing = {
        (item.letter, theme, subset, value)
        for item in quotes
        for quote in item.quotes
        for theme in quote.passage.labels
        for subset, value in (("source_type", quote.passage.source_type), *(("asked", asked) for asked in quote.passage.question_scores))
    }
    order = {theme.id: place for place, theme in enumerate(theme_order(scheme))}
    themes = {theme.id: theme for theme in scheme.theme}
    found: dict[tuple[str, str], list[AlikeView]] = {}
    for change in sorted((change for change in changes if change.subset), key=lambda change: order[change.theme]):
        value = change.subset_value
        sides = [
            {"theme": change.theme, "report": letters[report], change.subset: value}
            if (letters[report], change.theme, change.subset, value) in standing
            else {}
            for report in (change.pair_from, change.pair_to)
        ]
        name = "answers to questions about it" if change.subset == "asked" else f"sources: {SOURCE_TYPES.get(value, value)}"
        found.setdefault((change.pair_from, change.pair_to), []).append(AlikeView(change, themes[change.theme], name, sides[0], sides[1]))
    return found


def pair_notes(before: ComparedReport, after: ComparedReport, changes: Sequence[Change], themes: Mapping[str, Theme]) -> tuple[str, ...]:
    """Return what a reader must know of a pair: that one is much shorter, and which subjects it no longer touches."""
    notes = []
    if after.words < SHRUNK * before.words:
        notes.append(
            f"The later report is much shorter: {after.words:,} words in {after.passages:,} passages, before {before.words:,} in "
            f"{before.passages:,}. What it leaves out is not told, which is no improvement."
        )
    elif before.words < SHRUNK * after.words:
        notes.append(
            f"The later report is much longer: {after.words:,} words in {after.passages:,} passages, before {before.words:,} in "
            f"{before.passages:,}. What it adds may have been left out before."
        )
    dropped = [
        themes[change.theme].name for change in changes if change.found_from >= SPOKEN and not change.found_to and change.change is not None
    ]
    if dropped:
        notes.append(f"No longer spoken of: {', '.join(dropped)}. Silence is no finding that something ended.")
    return tuple(notes)
