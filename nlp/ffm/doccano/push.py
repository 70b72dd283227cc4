"""Passages to doccano: checked, only what a project lacks, in one file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from ffm.doccano.client import Project, Server
from ffm.doccano.errors import counted
from ffm.doccano.held import Held, read_held
from ffm.doccano.metadata import Marked, text_and_metadata
from ffm.doccano.setup import Batch, missing_line, missing_types
from ffm.doccano.suggested import suggested_of
from ffm.errors import PassageError
from ffm.exchange.categories import categories
from ffm.exchange.offsets import in_passage, to_units
from ffm.project.scheme import Scheme
from ffm.records import TaggedPassage, is_evidence, value_of

UNSENDABLE = re.compile("[\x00\ud800-\udfff]")


class Row(Struct, frozen=True):
    """A passage as a line of doccano's JSON Lines, and the categories that it is sent with."""

    passage: str
    line: str
    categories: tuple[str, ...] = ()


class Pushed(Struct):
    """What a push did.

    Attributes
    ----------
    sent, held
        By project: how many passages were sent, and how many it held already.
    again
        By project: how many of those sent were there without their suggestions, as an import that broke off leaves them.
    errors
        One line for each passage or project that was refused.
    """

    sent: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    again: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def make_row(
    passage: TaggedPassage,
    scheme: Scheme,
    suggestions: bool = False,
    notes: Mapping[str, str] | None = None,
    amounts: Sequence[Marked] | None = None,
) -> Row:
    """Return a passage as doccano reads it.

    Parameters
    ----------
    suggestions
        Send its entities and themes as marks that the annotator then corrects.
    notes
        Further lines to show above its text, by what they begin with.
    amounts
        The amounts whose values travel with it; by default those that are sent as marks.

    Raises
    ------
    PassageError
        If it cannot be sent; the message names it.
    """
    try:
        spans, cats = _suggestions(passage, scheme) if suggestions else ([], [])
    except PassageError as error:
        raise PassageError(f"the passage {passage.passage}: {error}; tag the report again") from None
    if amounts is None:
        valued = [item for item in passage.entities if suggestions and item.kind is not None]
        amounts = [Marked(item.start, item.end, **value_of(item)) for item in valued]
    text, beside = text_and_metadata(
        passage, len(spans) + len(cats), notes or {}, amounts, suggested_of(passage, cats) if suggestions else None
    )
    for said in (text, *beside.values()):
        if found := UNSENDABLE.search(said):
            what = "a NUL character" if found.group() == "\0" else "half of a character"
            raise PassageError(f"the passage {passage.passage}: holds {what}, which doccano cannot keep; correct the report")
    if not passage.text:
        raise PassageError(f"the passage {passage.passage}: has no text; tag the report again")
    lead = len(text) - len(passage.text)
    units = to_units(text, [(lead + start, lead + end) for start, end, _ in spans])
    entities = [(start, end, label) for (start, end), (_, _, label) in zip(units, spans, strict=True)]
    line = {"text": text, "entities": entities, "cats": cats, **beside}
    return Row(passage.passage, json.dumps(line, ensure_ascii=True), tuple(cats))


def _suggestions(passage: TaggedPassage, scheme: Scheme) -> tuple[list[tuple[int, int, str]], list[str]]:
    """Return the spans of a passage in offsets of its text, and its categories; doccano itself checks neither.

    Raises
    ------
    PassageError
        If a span leaves the passage, overlaps another or is not its quoted text, or the scheme does not know a label.
    """
    ordered = sorted(passage.entities, key=lambda entity: entity.start)
    ranges = [in_passage(passage.parts, entity.start, entity.end) for entity in ordered]
    last = 0
    for entity, (start, end) in zip(ordered, ranges, strict=True):
        if entity.label not in scheme.entity_ids:
            raise PassageError(f'the scheme has no entity label "{entity.label}"')
        if start < last:
            raise PassageError(f"the entity {entity.start}-{entity.end} overlaps another")
        if passage.text[start:end] != entity.text and not entity.parts:
            raise PassageError(f"the entity {entity.start}-{entity.end} is not the text that it quotes")
        last = end
    spans = [(start, end, entity.label) for (start, end), entity in zip(ranges, ordered, strict=True)]
    return spans, categories(passage.labels, passage.stance, scheme)


def make_rows(passages: Sequence[TaggedPassage], scheme: Scheme, suggestions: bool, all_kinds: bool = False) -> tuple[list[Row], list[str]]:
    """Return the rows of passages, and one line for each that was refused.

    Parameters
    ----------
    all_kinds
        Footnotes, tables and front matter too, which carry no themes.
    """
    rows: dict[str, Row] = {}
    errors = []
    for passage in passages:
        if not all_kinds and not is_evidence(passage):
            continue
        try:
            row = make_row(passage, scheme, suggestions)
        except PassageError as error:
            errors.append(str(error))
            continue
        if rows.get(row.passage, row) != row:
            errors.append(f"the passage {row.passage}: stands twice with different contents; push one data set at a time")
        rows[row.passage] = row
    return list(rows.values()), errors


def push(server: Server, batch: Batch, rows: Sequence[Row], scheme: Scheme) -> Pushed:
    """Send passages to the projects of a batch, each only what it lacks, and what its annotator is to read.

    Raises
    ------
    DoccanoError
        If the server cannot be reached, or a task of it fails or does not end; what was sent until then stays, and
        the next push goes on there.
    """
    done = Pushed()
    for annotator, project in batch.projects.items():
        missing = missing_types(server, project, scheme)
        if missing:
            done.errors.append(missing_line(project, missing))
            continue
        share, annotators = batch.share, sorted(batch.projects)
        mine = [row for row in rows if share is None or annotator in share.readers(row.passage, annotators)]
        _push_project(server, project, mine, done)
    return done


def _push_project(server: Server, project: Project, rows: Sequence[Row], done: Pushed) -> None:
    wanted = {row.passage: row.categories for row in rows}
    held = _without_surplus(server, project, wanted)
    torn = held.torn & wanted.keys()
    if held.doubtful:
        done.errors.append(
            f'"{project.name}": {counted(len(held.doubtful))} without names and amounts, the first {min(held.doubtful)}, as an earlier push '
            "broke off or their annotator removed them; look at them in doccano, and delete there what is to be sent again"
        )
    server.delete_examples(project, [held.passages[passage][0] for passage in sorted(torn)])
    new = [row for row in rows if row.passage not in held.passages or row.passage in torn]
    done.again[project.name] = len(torn)
    done.held[project.name] = len(rows) - len(new)
    done.sent[project.name] = 0
    if new:
        errors = server.upload(project, "".join(row.line + "\n" for row in new))
        done.errors += [f'"{project.name}": {error}; doccano did not take it' for error in errors]
        arrived = new
        if errors or server.count(project) != held.others + held.examples - len(torn) + len(new):
            held = _without_surplus(server, project, wanted)
            arrived = [row for row in new if row.passage in held.passages]
        done.sent[project.name] = len(arrived)
        if len(arrived) < len(new):
            first = next(row.passage for row in new if row.passage not in held.passages)
            done.errors.append(
                f'"{project.name}": {len(new) - len(arrived)} of {counted(len(new))} did not arrive, the first {first}; run the same command again'
            )
    twice = sorted(passage for passage, numbers in held.passages.items() if len(numbers) > 1)
    if twice:
        done.errors.append(
            f'"{project.name}": {counted(len(twice))} more than once there and worked on, the first {twice[0]}; delete one of each in doccano'
        )


def _without_surplus(server: Server, project: Project, wanted: Mapping[str, Sequence[str]]) -> Held:
    """Return what a project holds when what an import left there twice has been deleted."""
    held = read_held(server, project, wanted)
    if not held.surplus:
        return held
    server.delete_examples(project, held.surplus)
    return read_held(server, project, wanted)
