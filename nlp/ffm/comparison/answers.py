"""Who says what, which figures are told, and what was carried over, as the page shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from ffm.comparison.carried import Carried
from ffm.comparison.figures import Figure
from ffm.comparison.positions import Contradiction, Corroboration, Position
from ffm.comparison.reports import theme_order
from ffm.comparison.study import OpenReport, figures_of
from ffm.comparison.views import ReportQuotes
from ffm.exchange.offsets import in_passage
from ffm.project.scheme import Scheme, Theme
from ffm.records import TaggedPassage

MOST_FIGURES = 400  # on the page, those of the latest reports first
MOST_PAIRS = 60  # contradictions on the page
NOTHING = "nothing on it"  # and nobody is seen to ask
LEAST_SOURCES = 2  # in a matrix


class Answers(Struct, frozen=True):
    """What was found besides shares: see the modules of these names.

    Attributes
    ----------
    amounts
        How many figures there are.
    quoted
        By report the passages that are quoted, by number, see :func:`ffm.comparison.views.chosen_quotes`.
    read
        Gives a report with its passages, by its id.
    """

    positions: Sequence[Position]
    contradictions: list[Contradiction]
    corroborations: list[Corroboration]
    carried: Sequence[Carried]
    amounts: int
    quoted: Mapping[str, Mapping[int, TaggedPassage]]
    read: Callable[[str], OpenReport]


class PositionCell(Struct, frozen=True):
    """What a source says of a theme in a few signs, in words, and the anchors of its quotes on the page."""

    signs: str
    words: str
    quotes: tuple[str, ...]


class PositionRow(Struct, frozen=True):
    """A source of a report with a cell for each theme."""

    source: str
    source_type: str
    cells: tuple[PositionCell, ...]


class Matrix(Struct, frozen=True):
    """The sources of a report by the themes that any of them speaks of or was asked about.

    Attributes
    ----------
    independent
        By theme how many sources report it with words of their own.
    """

    letter: str
    title: str
    covers: str
    themes: tuple[Theme, ...]
    rows: tuple[PositionRow, ...]
    independent: tuple[int, ...]


class ShownFigure(Struct, frozen=True):
    """A figure with its report's letter, its sentence, and the anchor of its quote, empty where that is not on the page."""

    figure: Figure
    letter: str
    sentence: str
    anchor: str


class ShownContradiction(Struct, frozen=True):
    """Who reports and who denies, with the anchors of the first quote of each."""

    theme: Theme
    reporting: str
    denying: str
    quotes: tuple[str, ...]


def signs(position: Position) -> PositionCell:
    """Return a position in a few signs: R reported, D denied, U unknown, each with its passages; a asked and silent; · not asked."""
    counts = ((position.reported, "R", "reported"), (position.denied, "D", "denied"), (position.unknown, "U", "unknown"))
    told = " ".join(f"{letter}{count if count > 1 else ''}" for count, letter, _ in counts if count)
    words = ", ".join(f"{count} {word}" for count, _, word in counts if count)
    if told:
        return PositionCell(told, f"{words} ({position.silence})" if position.silence else words, ())
    return PositionCell("a" if position.asked else "·", position.silence or NOTHING, ())


def matrices(answers: Answers, quotes: Sequence[ReportQuotes], scheme: Scheme) -> list[Matrix]:
    """Return a matrix for each report that has sources, the latest first."""
    anchors = {quote.passage.passage: quote.anchor for item in quotes for quote in item.quotes}
    by_group: dict[str, list[Corroboration]] = {}
    for entry in answers.corroborations:
        by_group.setdefault(entry.group, []).append(entry)
    by_report: dict[str, list[Position]] = {}
    for position in answers.positions:
        by_report.setdefault(position.report, []).append(position)
    found = []
    for item in reversed(quotes):
        mine = by_report.get(item.report.id, [])
        by_source: dict[str, dict[str, Position]] = {}
        for position in mine:
            by_source.setdefault(position.source, {})[position.theme] = position
        spoken = {position.theme for position in mine if position.passages or position.asked}
        themes = [theme for theme in theme_order(scheme) if theme.id in spoken]
        if len(by_source) < LEAST_SOURCES or not themes:
            continue
        rows = []
        for source, positions in by_source.items():
            cells = tuple(_cell(positions.get(theme.id), anchors) for theme in themes)
            kind = next((position.source_type for position in positions.values() if position.source_type), None)
            rows.append(PositionRow(source, kind or "", cells))
        counts = {entry.theme: len(entry.independent) for group in _groups(item) for entry in by_group.get(group, ())}
        independent = tuple(counts.get(theme.id, 0) for theme in themes)
        found.append(Matrix(item.letter, item.report.title, item.report.covers, tuple(themes), tuple(rows), independent))
    return found


def _groups(item: ReportQuotes) -> tuple[str, str]:
    """Return the names under which corroborations of a report may stand: its own, or its country and year."""
    return item.report.id, f"{item.report.country} {item.report.covers[:4]}"


def _cell(position: Position | None, anchors: Mapping[str, str]) -> PositionCell:
    if position is None:
        return PositionCell("·", NOTHING, ())
    cell = signs(position)
    about = position.passages or position.asked_passages
    return PositionCell(cell.signs, cell.words, tuple(anchors[name] for name in about if name in anchors))


def shown_figures(answers: Answers, quotes: Sequence[ReportQuotes]) -> list[ShownFigure]:
    """Return the figures that tell what they count or are sums of money, of the latest reports first, as many as the page holds."""
    anchors = {quote.passage.passage: quote.anchor for item in quotes for quote in item.quotes}
    found: list[ShownFigure] = []
    for item in reversed(quotes):
        if len(found) >= MOST_FIGURES:
            break
        read = answers.read(item.report.id)
        texts = {passage.passage: passage for passage in read.labelled.passages}
        telling = sorted((figure for figure in figures_of(read) if figure.noun or figure.kind == "money"), key=lambda figure: figure.start)
        for figure in telling[: MOST_FIGURES - len(found)]:
            passage = texts.get(figure.passage)
            sentence = figure.text
            if passage is not None:
                start, end = in_passage(passage.parts, *figure.sentence)
                sentence = passage.text[start:end]
            found.append(ShownFigure(figure, item.letter, sentence, anchors.get(figure.passage, "")))
    return found


def shown_contradictions(answers: Answers, quotes: Sequence[ReportQuotes], scheme: Scheme) -> list[ShownContradiction]:
    """Return contradictions whose quotes both stand on the page, the core themes first."""
    anchors = {quote.passage.passage: quote.anchor for item in quotes for quote in item.quotes}
    order = {theme.id: place for place, theme in enumerate(theme_order(scheme))}
    themes = {theme.id: theme for theme in scheme.theme}
    found = []
    for item in sorted(answers.contradictions, key=lambda item: order[item.theme]):
        both = [next((anchors[name] for name in names if name in anchors), None) for names in (item.reported_in, item.denied_in)]
        shown = tuple(anchor for anchor in both if anchor is not None)
        if len(shown) == len(both):
            found.append(ShownContradiction(themes[item.theme], item.reporting.source, item.denying.source, shown))
    return found[:MOST_PAIRS]


def carried_notes(answers: Answers) -> dict[tuple[str, str], str]:
    """Return in words what was carried over, by pair of reports; nothing where no passage was."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for item in answers.carried:
        counts.setdefault((item.from_report, item.to_report), Counter())[item.state] += 1
    return {
        pair: f"Of the later report’s passages {count['carried']} were carried over word for word, {count['reworded']} reworded, "
        f"{count['new']} are new; {count['dropped']} of the earlier one’s were dropped."
        for pair, count in counts.items()
        if count["carried"] or count["reworded"]
    }


def states(answers: Answers) -> dict[str, str]:
    """Return by passage what became of it from the report before: carried, reworded or new."""
    return {item.passage_to: item.state for item in answers.carried if item.passage_to is not None}
