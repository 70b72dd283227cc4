"""``ffm show``: a report's passages on a terminal, entities and themes in colour."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct
from rich.console import Console
from rich.text import Text

from ffm.cli.console import notice, one_line, printable
from ffm.cli.filters import Asked, check_theme, filtered
from ffm.cli.project import current_project, tell_other_scheme
from ffm.evaluation.trust import Trust, model_trust, weakness
from ffm.exchange.offsets import in_passage
from ffm.project.reports import open_report
from ffm.project.scheme import Scheme
from ffm.records import Entity, TaggedPassage, carrying_sentences
from ffm.segment import segment
from ffm.segment.structure import outline_lines
from ffm.tagging.filtering import Filter

HIGHEST = 10  # passages shown of a theme that is ranked without labels
MOST_SOURCES = 20  # told where none fits
LIKENESS = 0.5  # of names, from which one may be meant by another
LIKELY = 0.3  # score from which such a theme is told at a passage


@filtered()
def show_command(
    report: Annotated[str, typer.Argument(help="A report's id, the path of its file, or an output of ffm tag.", show_default=False)],
    asked: Asked,
    first: Annotated[int, typer.Option("-n", "--first", min=0, help="Stop after so many passages; 0 for all.")] = 0,
    themed_only: Annotated[bool, typer.Option("--no-notes", help="Leave out footnotes and tables.")] = False,
    structure: Annotated[
        bool, typer.Option("--structure", help="Print what was understood of its layout instead: sections, sources, dates.")
    ] = False,
    model: Annotated[Path | None, typer.Option("--model", help="A model folder other than the project's.", show_default=False)] = None,
) -> None:
    """Print a report's passages with coloured entities and themes, or its outline."""
    project = current_project()
    if structure:
        for line in outline_lines(segment(open_report(report, project.reports()))):
            typer.echo(printable(line))
        return
    theme = asked.theme
    asked.filter()  # what cannot be is refused before the work
    read = _of_data_set(Path(report)) if _is_tagged(Path(report)) else _of_report(report, model)
    scheme, ranked = read.scheme, read.ranked
    check_theme(theme, scheme)
    wanted = asked.filter(theme=None if theme in ranked else theme)
    passages = read.passages(wanted)
    console = Console(highlight=False, soft_wrap=False)
    shown = 0
    question = section = None
    if theme in ranked:
        notice(f"{theme} is ranked without labels: the passages of the highest scores")
        passages = iter(
            heapq.nlargest(
                first or HIGHEST, (passage for passage in passages if passage.scores), lambda passage: passage.scores[str(theme)]
            )
        )
    for passage in passages:
        if themed_only and passage.kind in ("footnote", "table"):
            continue
        if passage.section != section:
            section = passage.section
            console.rule(Text(_heading(passage), style="bold"), align="left")
        if passage.question is not None and passage.question != question:
            question = passage.question
            console.print(_coloured(question, passage.question_parts, passage.question_entities, scheme, base="italic"))
        console.print(_underlined(_coloured(passage.text, passage.parts, passage.entities, scheme), passage, theme))
        console.print(_footer(passage, scheme, ranked, read.trust))
        console.print()
        shown += 1
        if first and shown >= first:
            break
    if not shown:
        console.print("no passages fit")
        if wanted.source is not None:
            _tell_sources(wanted.source, sorted({passage.source for passage in read.passages(Filter()) if passage.source}))


def _tell_sources(source: str, known: Sequence[str]) -> None:
    """Say which sources there are, the most like the one that was asked for first."""
    near = [name for name in known if source.lower() in name.lower()]
    if near:
        notice(f'"{source}" is a source here, and none of its passages is as the other options ask: {"; ".join(near[:MOST_SOURCES])}')
        return
    like = get_close_matches(source.lower(), [name.lower() for name in known], MOST_SOURCES, LIKENESS)
    ordered = sorted(known, key=lambda name: like.index(name.lower()) if name.lower() in like else len(like))
    more = f"; and {len(known) - MOST_SOURCES} more" if len(known) > MOST_SOURCES else ""
    notice(f'no source "{source}"; there {"are" if known else "is none"} {"; ".join(ordered[:MOST_SOURCES])}{more}'.rstrip())


def _is_tagged(path: Path) -> bool:
    from ffm.tagging.folder import is_data_set
    from ffm.tagging.writers import FORMATS

    return is_data_set(path) or (path.suffix in FORMATS and path.is_file())


class Read(Struct, frozen=True):
    """What is shown: passages by a filter, the scheme that they are labelled by, the themes that their model only ranks, how often its labels are right."""

    passages: Callable[[Filter], Iterator[TaggedPassage]]
    scheme: Scheme
    ranked: Sequence[str]
    trust: Trust | None


def _of_data_set(path: Path) -> Read:
    """Return what a data set holds, read as it is asked for; its scheme is that of the first passage."""
    from ffm.tagging.pipeline import SPARSE
    from ffm.tagging.query import select
    from ffm.tagging.ranked import ranked_by
    from ffm.tagging.schemes import scheme_of_rows
    from ffm.themes.digests import model_digest

    project = current_project()
    first = list(islice(select(path, Filter()), 1))
    scheme = scheme_of_rows(first, project)
    ranked = ranked_by(first[0].model, project) if first else frozenset()
    labelled_by_ours = bool(first) and first[0].model.endswith(f"+{model_digest(project.model)}") and SPARSE not in first[0].model
    trust = model_trust(project.model) if labelled_by_ours else None
    return Read(partial(select, path), scheme, scheme.theme_ids if ranked is None else sorted(ranked), trust)


def _of_report(report: str, model: Path | None) -> Read:
    """Return the passages of a report, tagged now."""
    from ffm.tagging.pipeline import load, scheme_of, theme_tagger
    from ffm.tagging.report import tag_report

    project = current_project()
    folder = model or project.tags_with
    nlp = load(folder)
    tell_other_scheme(folder)
    rows = tag_report(open_report(report, project.reports()), nlp)
    return Read(lambda wanted: (row for row in rows if wanted.fits(row)), scheme_of(nlp), theme_tagger(nlp).ranked, model_trust(folder))


def _heading(passage: TaggedPassage) -> str:
    facts = [passage.section or "(no heading)"]
    if passage.source:
        facts.append(f"source: {passage.source}{f' ({passage.source_type})' if passage.source_type else ''}")
    if passage.date:
        facts.append(passage.date + (f" (heading: {passage.date_conflict})" if passage.date_conflict else ""))
    return printable(" · ".join(facts))


def _coloured(text: str, parts: tuple[tuple[int, int], ...], entities: tuple[Entity, ...], scheme: Scheme, base: str = "") -> Text:
    """Return a text with its entities in their colours; control characters of the report are shown as spaces."""
    shown = Text("\n".join(printable(line) for line in text.split("\n")), style=base)
    colours = {label.id: label.colour for label in scheme.entity}
    for entity in entities:
        for start, end in entity.parts or ((entity.start, entity.end),):
            offset = 0
            for left, right in parts:
                if left <= start < right:
                    shown.stylize(f"bold {colours.get(entity.label, '#888888')}", offset + start - left, offset + end - left)
                offset += right - left + 1
    return shown


def _underlined(shown: Text, passage: TaggedPassage, theme: str | None) -> Text:
    """Underline the sentences that carried the passage's labels, or the chosen one."""
    for label in [theme] if theme else passage.labels:
        for start, end in carrying_sentences(passage, label):
            shown.stylize("underline", *in_passage(passage.parts, start, end))
    return shown


def _footer(passage: TaggedPassage, scheme: Scheme, ranked: Sequence[str], trust: Trust | None) -> Text:
    line = Text(f"{printable(passage.passage)} {passage.kind} {passage.start}-{passage.end}", style="dim")
    if passage.page is not None:
        line.append(f" p. {passage.page}")
    colours = {theme.id: theme.colour for theme in scheme.theme}
    for label in passage.labels:
        stance = f":{passage.stance[label]}" if label in passage.stance else ""
        line.append("  ")
        line.append(f"{label}{stance} {passage.scores[label]:.2f}", style=f"not dim bold {colours.get(label, '#888888')}")
        if weakness(trust, label, passage.scores[label]):
            line.append(" weak")
    highest = sorted((theme for theme in ranked if passage.scores.get(theme, 0) >= LIKELY), key=lambda theme: -passage.scores[theme])
    if highest:
        line.append("  ranked only: " + ", ".join(f"{theme} {passage.scores[theme]:.2f}" for theme in highest))
    values = [
        f"{entity.text} = {entity.low if entity.low == entity.high else f'{entity.low} to {entity.high}'} {entity.currency or entity.kind}"
        for entity in passage.entities
        if entity.kind
    ]
    if values:
        line.append("\n" + "; ".join(one_line(value) for value in values), style="dim")
    return line
