"""The reading page: a report's passages with their entities, themes and stance, as one HTML page without scripts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

from ffm.comparison.views import SOURCE_TYPES
from ffm.evaluation.figures import model_figures
from ffm.evaluation.trust import Trust, weakness
from ffm.exchange.categories import categories, category_types
from ffm.exchange.offsets import in_passage
from ffm.ingest import MAX_BYTES, SUFFIXES
from ffm.project.scheme import Scheme, Theme
from ffm.records import Entity, Range, TaggedPassage, carrying_sentences
from ffm.tagging.filtering import SOURCE_TYPES as ALL_SOURCE_TYPES

TEMPLATE = "reading.html.jinja"
LIKELY = 0.3  # score from which a theme that is ranked only is told at a passage
BORDER = re.compile(r"[|\t]")  # between the cells of a table


class Piece(Struct, frozen=True):
    """A stretch of a text: an entity, or what stands between two.

    Attributes
    ----------
    value
        What an amount is worth, in words; else empty.
    carries
        The labels of the passage that it helped to carry, as a part of the sentences that did.
    """

    text: str
    label: str = ""
    value: str = ""
    carries: tuple[str, ...] = ()


class ShownTheme(Struct, frozen=True):
    """A theme of a passage; ``weak`` says how often labels with such a score are right, where that is seldom."""

    theme: Theme
    score: float
    stance: str | None
    weak: str = ""


class ShownPassage(Struct, frozen=True):
    """A passage as the page shows it; ``ranked`` are likely themes that the model ranks without giving labels."""

    passage: TaggedPassage
    anchor: str
    pieces: tuple[Piece, ...]
    themes: tuple[ShownTheme, ...]
    ranked: tuple[ShownTheme, ...] = ()

    @property
    def rows(self) -> list[list[tuple[Piece, ...]]]:
        """The rows of a table, as cells; none where it is no table, or not one of tabs or bars."""
        return table_rows(self.pieces) if self.passage.kind == "table" else []

    @property
    def theme_ids(self) -> frozenset[str]:
        """The ids of its themes."""
        return frozenset(shown.theme.id for shown in self.themes)


class Exchange(Struct):
    """A question with the passages that answer it; without a question, one passage."""

    question: tuple[Piece, ...]
    passages: list[ShownPassage]

    @property
    def theme_ids(self) -> frozenset[str]:
        """The ids of the themes of its passages."""
        return frozenset().union(*(passage.theme_ids for passage in self.passages))


class ShownSection(Struct):
    """A section with its source and date."""

    anchor: str
    first: TaggedPassage
    exchanges: list[Exchange]

    @property
    def theme_ids(self) -> frozenset[str]:
        """The ids of the themes of its passages."""
        return frozenset().union(*(exchange.theme_ids for exchange in self.exchanges))


class Correcting(Struct, frozen=True):
    """Which report the corrections of a page are of, and the digest of its text."""

    report: str
    sha256: str


def render_reading(
    name: str,
    rows: Sequence[TaggedPassage],
    notices: Sequence[str],
    scheme: Scheme,
    model: Path | None,
    nonce: str,
    ranked: Sequence[str] = (),
    correcting: Correcting | None = None,
) -> str:
    """Return the page of a tagged report; every text in it is escaped, and it asks for nothing from anywhere.

    Parameters
    ----------
    name
        Name of the file that was sent.
    notices
        What a person should know of the file and what segmentation found contradictory, one line each.
    scheme
        That of the model.
    model
        The folder of the model, which holds its measured figures; None for a first look.
    nonce
        Of the Content-Security-Policy under which the page is sent.
    ranked
        The themes that the model ranks and never gives as labels; in a first look all.
    correcting
        Set where a person may put labels right.
    """
    counts = Counter(label for row in rows for label in row.labels)
    figures = None if model is None else model_figures(model)
    return _render(
        nonce,
        view="reading",
        scheme=scheme,
        name=name,
        sections=sections_of(rows, {theme.id: theme for theme in scheme.theme}, ranked, figures.trust if figures else None),
        first_look=set(ranked) >= set(scheme.theme_ids),
        counts=counts,
        passages=len(rows),
        words=sum(len(row.text.split()) for row in rows),
        labels=Counter(entity.label for row in rows for entity in row.entities),
        notices=notices,
        figures=figures,
        correcting=correcting,
        choices=[label.text for label in category_types(scheme)],
        told={row.passage: categories(row.labels, row.stance, scheme) for row in rows} if correcting else {},
    )


def render_form(nonce: str, seconds: float, error: str, signed_in: bool) -> str:
    """Return the page with the form for a report; ``error`` says why the last one was refused."""
    return _render(
        nonce,
        view="form",
        scheme=None,
        error=error,
        seconds=seconds,
        suffixes=SUFFIXES,
        megabytes=MAX_BYTES // 1_000_000,
        signed_in=signed_in,
        all_source_types=ALL_SOURCE_TYPES,
    )


def render_kept(nonce: str, said: str, kept: bool) -> str:
    """Return the page that answers a correction: what was kept, or why nothing was."""
    return _render(nonce, view="kept", scheme=None, said=said, kept=kept)


def render_sign_in(nonce: str, error: str) -> str:
    """Return the page that asks for the token."""
    return _render(nonce, view="sign-in", scheme=None, error=error)


def _render(nonce: str, **values: Any) -> str:
    return _environment().get_template(TEMPLATE).render(nonce=nonce, source_types=SOURCE_TYPES, **values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["ranges"] = lambda parts: ", ".join(f"{start}–{end}" for start, end in parts)
    return environment


def sections_of(
    rows: Sequence[TaggedPassage], themes: dict[str, Theme], ranked: Sequence[str] = (), trust: Trust | None = None
) -> list[ShownSection]:
    """Return the passages by section and question, in the order of the report."""
    sections: list[ShownSection] = []
    asked: dict[int, Exchange] = {}  # the exchanges of the section by where their question begins
    for number, row in enumerate(rows, 1):
        if not sections or _section(row) != _section(sections[-1].first):
            sections.append(ShownSection(f"s{len(sections) + 1}", row, []))
            asked = {}
        passage = ShownPassage(
            row,
            f"p{number}",
            pieces_of(row.text, row.parts, row.entities, {label: carrying_sentences(row, label) for label in row.labels}),
            tuple(
                ShownTheme(themes[label], row.scores[label], row.stance.get(label), weakness(trust, label, row.scores[label]))
                for label in row.labels
                if label in themes
            ),
            tuple(
                ShownTheme(themes[theme], row.scores[theme], None)
                for theme in sorted(ranked, key=lambda theme: -row.scores.get(theme, 0.0))
                if row.scores.get(theme, 0.0) >= LIKELY
            ),
        )
        known = None if row.question_start is None else asked.get(row.question_start)
        if known is not None:
            known.passages.append(passage)
            continue
        question = pieces_of(row.question, row.question_parts, row.question_entities) if row.question else ()
        sections[-1].exchanges.append(Exchange(question, [passage]))
        if row.question_start is not None:
            asked[row.question_start] = sections[-1].exchanges[-1]
    return sections


def _section(row: TaggedPassage) -> tuple[str | None, ...]:
    return row.section, row.source, row.date


def pieces_of(
    text: str, parts: Sequence[Range], entities: Sequence[Entity], sentences: Mapping[str, Sequence[Range]] | None = None
) -> tuple[Piece, ...]:
    """Divide a text, which is parts of a report joined by one space, at its entities and at the sentences that carried its labels."""
    carrying = [(*in_passage(parts, start, end), label) for label, spans in (sentences or {}).items() for start, end in spans]
    bounds = sorted({bound for start, end, _ in carrying for bound in (start, end)})
    pieces: list[Piece] = []

    def add(start: int, end: int, label: str = "", value: str = "") -> None:
        carries = tuple(name for first, last, name in carrying if first <= start and end <= last)
        pieces.append(Piece(text[start:end], label, value, carries))

    def plain(start: int, end: int) -> None:
        for bound in [bound for bound in bounds if start < bound < end]:
            add(start, bound)
            start = bound
        if start < end:
            add(start, end)

    done = 0
    for entity in entities:
        start, end = in_passage(parts, entity.start, entity.end)
        plain(done, start)
        add(start, end, entity.label, value_text(entity))
        done = end
    plain(done, len(text))
    return tuple(pieces)


def table_rows(pieces: Sequence[Piece]) -> list[list[tuple[Piece, ...]]]:
    """Divide the text of a table at the ends of lines, and lines at tabs or bars; empty where it has neither."""
    bordered = any(not piece.label and BORDER.search(piece.text) for piece in pieces)
    rows: list[list[list[Piece]]] = [[[]]]
    for piece in pieces if bordered else ():
        if piece.label:
            rows[-1][-1].append(piece)
            continue
        for number, line in enumerate(piece.text.split("\n")):
            if number:
                rows.append([[]])
            for at, cell in enumerate(BORDER.split(line)):
                if at:
                    rows[-1].append([])
                if cell.strip():
                    rows[-1][-1].append(Piece(cell))
    shown = [[tuple(cell) for cell in _within_bars(row)] for row in rows]
    return [row for row in shown if any(row) and not all(_is_rule(cell) for cell in row)]


def _within_bars(row: list[list[Piece]]) -> list[list[Piece]]:
    """Return a row without the empty cells outside a first and a last bar."""
    if len(row) > 2 and not row[0] and not row[-1]:
        return row[1:-1]
    return row


def _is_rule(cell: Sequence[Piece]) -> bool:
    return all(not piece.label and not piece.text.strip(" :-") for piece in cell)


def value_text(entity: Entity) -> str:
    """Return what an amount is worth as a person reads it; empty for names."""
    if entity.kind is None or entity.low is None or entity.high is None:
        return ""
    value = _number(entity.low) if entity.low == entity.high else f"{_number(entity.low)} to {_number(entity.high)}"
    if entity.kind == "money":
        return f"money: {value} {entity.currency or '(currency not stated)'}"
    return f"percent: {value}%" if entity.kind == "percent" else f"count: {value}{f' × {entity.noun}' if entity.noun else ''}"


def _number(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:,}"
