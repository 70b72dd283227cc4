"""The comparison as one HTML page that needs nothing else: what changed, the figures, and the quotes behind them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ffm.comparison.answers import Answers, carried_notes, matrices, shown_contradictions, shown_figures, states
from ffm.comparison.changes import Change
from ffm.comparison.chart import LARGE, MANY, SMALL
from ffm.comparison.prevalence import Measure, Prevalence
from ffm.comparison.reports import ComparedReport
from ffm.comparison.shares import ReportShares
from ffm.comparison.views import GROUP_TITLES, SOURCE_TYPES, pair_views, quotes_of, theme_views
from ffm.evaluation.figures import Figures
from ffm.evaluation.trust import weakness
from ffm.project.scheme import Scheme
from ffm.records import Range

TEMPLATE = "page.html.jinja"
SCRIPT = "page.js"
MOST_NOTICES = 400  # lines on the page
HOW = {
    "gold": "gold",
    "part": "gold in part",
    "read": "read by people",
    "sample": "sample read",
    "model": "classifier",
    "in-sample": "classifier that learnt from it",
}
VERDICTS = {"up": "more", "down": "less", "none": "little or none", "cannot tell": "cannot tell", "not comparable": "not comparable"}


def render_page(
    shares: Sequence[ReportShares],
    figures: Sequence[Prevalence],
    changes: Sequence[Change],
    answers: Answers,
    scheme: Scheme,
    notices: Sequence[str] = (),
    figures_of_model: Figures | None = None,
    every: Sequence[ComparedReport] | None = None,
) -> str:
    """Return the page; every text in it is escaped, and it asks for nothing from anywhere.

    Parameters
    ----------
    shares
        The reports with their estimates, in the order of the page.
    figures
        As :func:`ffm.comparison.prevalence.prevalences` gives them.
    changes
        As :func:`ffm.comparison.changes.changes` gives them.
    answers
        Positions, figures, and what was carried over.
    notices
        What the reader should know of the reports, one line each.
    figures_of_model
        The measured figures of the model that labelled: how often its labels, and intervals, are right; None where they are not known.
    every
        All compared reports, where the page shows but some of them.
    """
    folder = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        percent=percent, points=points, whole=whole, parts=parts_text, interval=interval, stances=stances_text, only=only_text, of=found_of
    )
    reports = [item.outline.report for item in shares]
    quotes = quotes_of(shares, scheme, answers.quoted.__getitem__)
    views = theme_views(quotes, figures, scheme)
    pairs = pair_views(changes, views, quotes, scheme)
    every = reports if every is None else every
    dates = [report.covers for report in every if report.covers]
    script = (folder / SCRIPT).read_text(encoding="utf-8")
    return environment.get_template(TEMPLATE).render(
        scheme=scheme,
        reports=reports,
        report_of={report.id: report for report in reports},
        letters={item.report.id: item.letter for item in quotes},
        first=dates[0] if dates else "",
        last=dates[-1] if dates else "",
        undated=[report for report in reports if not report.covers],
        compared=len(every),
        passages=sum(report.passages for report in every),
        words=sum(report.words for report in every),
        notices=notices[:MOST_NOTICES],
        more_notices=max(0, len(notices) - MOST_NOTICES),
        held=_held(figures_of_model),
        trust=figures_of_model.trust if figures_of_model else None,
        weakness=weakness,
        retold=any(figure.reexpressed or not figure.measured for figure in figures),
        views=views,
        pairs=pairs,
        latest=_latest(pairs_of(changes), reports),
        quotes=quotes,
        matrices=matrices(answers, quotes, scheme),
        contradictions=shown_contradictions(answers, quotes, scheme),
        amounts=shown_figures(answers, quotes),
        all_amounts=answers.amounts,
        carried=carried_notes(answers),
        states=states(answers),
        group_titles=GROUP_TITLES,
        source_types=SOURCE_TYPES,
        sources=sorted({source for item in shares for source in item.outline.sources}),
        sources_by_type=sorted({kind for item in shares for kind in item.cells}),
        themes={theme.id: theme for theme in scheme.theme},
        how=HOW,
        verdicts=VERDICTS,
        many=len(reports) > MANY,
        large=LARGE,
        small=SMALL,
        script=script,
        script_digest=base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii"),
    )


def _held(figures: Figures | None) -> str:
    """Return how often intervals held for the model that labelled, in words; empty where that is not known."""
    told = figures.intervals if figures else None
    if told is None:
        return ""
    return (
        f"Of {told.reports} labelled reports, each judged by a model that had seen nothing of its family, {told.sentences.held:.0%} of the 95% intervals "
        f"of sentences and {told.passages.held:.0%} of those of passages held the gold’s share; by theme this stands in the model’s card."
    )


def pairs_of(changes: Sequence[Change]) -> list[tuple[str, str]]:
    """Return the pairs of reports of changes, in order."""
    return list(dict.fromkeys((change.pair_from, change.pair_to) for change in changes))


def _latest(pairs: Sequence[tuple[str, str]], reports: Sequence[ComparedReport]) -> set[tuple[str, str]]:
    """Return the last pair of each country and kind: what the page shows unfolded."""
    by_id = {report.id: report for report in reports}
    last = {(by_id[pair[1]].country, by_id[pair[1]].kind): pair for pair in pairs}
    return set(last.values())


def percent(share: float | None) -> str:
    """Return a share as a person reads it."""
    return "–" if share is None else f"{share:.0%}" if share >= 0.1 or share == 0 else f"{share:.1%}"


def points(change: float | None) -> str:
    """Return a difference of shares in points, with its sign."""
    return "–" if change is None else f"{change * 100:+.0f}".replace("-", "−")


def found_of(measure: Measure | None) -> str:
    """Return how many units carry a theme, of how many."""
    return "–" if measure is None else f"{whole(measure.found)} of {whole(measure.n)}"


def interval(measure: Measure | None) -> str:
    """Return the bounds of a share as a person reads them."""
    if measure is None or measure.low is None or measure.high is None:
        return "–"
    if measure.low == measure.high:
        return "counted"
    return f"{measure.low * 100:.0f}–{measure.high * 100:.0f}%"


def stances_text(figure: Prevalence) -> str:
    """Return the passages by stance, in words; empty for a theme without stance."""
    return ", ".join(f"{count} {stance}" for stance, count in (figure.stances or {}).items())


def whole(number: int | None) -> str:
    """Return a whole number as a person reads it."""
    return "–" if number is None else f"{number:,}"


def parts_text(parts: Sequence[Range]) -> str:
    """Return the offsets of a passage as they stand in the data."""
    return ", ".join(f"{start}–{end}" for start, end in parts)


def only_text(only: Mapping[str, str], stance: str = "") -> str:
    """Return what quotes are filtered by, as the page's script reads it."""
    return json.dumps({**only, **({"stance": stance} if stance else {})}, ensure_ascii=True)
