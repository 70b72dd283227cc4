"""Which scheme the labels of tagged rows are labels of: found by its reference, or read off the rows themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import suppress
from itertools import cycle
from pathlib import Path

from msgspec.structs import replace

from ffm.errors import FfmError, SchemeError
from ffm.project.project import Project, packaged_project
from ffm.project.scheme import EntityLabel, Guideline, Scheme, Theme
from ffm.project.versions import Reference, earlier, read_reference
from ffm.records import TaggedPassage
from ffm.themes.store import load_scheme

COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#8c564b", "#e377c2", "#17becf", "#bcbd22")
KEYS = "1234567890abcdefghijklmnopqrstuvwxyz"


def known_schemes(project: Project) -> Iterator[Scheme]:
    """Yield the schemes that can be told by name here: the project's, those of its models, the package's."""
    with suppress(FfmError):
        yield project.scheme
    for manifest in sorted(project.model.parent.glob("*/ffm_themes")):
        with suppress(FfmError):
            yield load_scheme(manifest)
    packaged = packaged_project()
    with suppress(FfmError):
        yield packaged.scheme
    with suppress(FfmError):
        yield load_scheme(packaged.model / "ffm_themes")


def find_scheme(reference: Reference, themes: Set[str], project: Project) -> Scheme | None:
    """Return the scheme of a reference, as it stands here or as a later version tells of it; None if it is not here.

    Parameters
    ----------
    themes
        Those of the rows that bear the reference: where a later version does not tell all of the older one, it must have them.
    """
    known = list(known_schemes(project))
    for scheme in known:
        if (scheme.id, scheme.digest) == reference.meaning:
            return scheme
    for scheme in known:
        if scheme.id == reference.id and scheme.version > reference.version:
            with suppress(SchemeError):
                older, exact = earlier(scheme, reference.version, themes)
                if older.digest == reference.digest or (not exact and themes <= set(older.theme_ids)):
                    return older
    return None


def named(rows: Sequence[TaggedPassage], project: Project) -> tuple[list[TaggedPassage], str]:
    """Return rows of which each names its scheme, as far as it can be told, and what was found; rows of version 0.1.0 do not name it.

    Theirs is the oldest version of a scheme that is known here and has just their themes.
    """
    bare = [row for row in rows if not row.scheme]
    themes = themes_of(bare)
    found = next((scheme.reference for scheme in _versions(project) if set(scheme.theme_ids) == themes), "") if themes else ""
    if not found:
        return list(rows), ""
    return [row if row.scheme else replace(row, scheme=found) for row in rows], found


def _versions(project: Project) -> Iterator[Scheme]:
    """Yield the schemes that are known here, each with its older versions before it."""
    for scheme in known_schemes(project):
        for version in sorted({change.since for change in scheme.change}):
            with suppress(SchemeError):
                yield earlier(scheme, version)[0]
        yield scheme


def scheme_of_rows(rows: Sequence[TaggedPassage], project: Project) -> Scheme:
    """Return the scheme that rows are labelled by, with names, colours and stances from where it is known, else from the rows.

    Raises
    ------
    SchemeError
        If the rows are of two schemes, or of two versions whose labels mean different things.
    """
    rows, _ = named(rows, project)
    meanings = {read_reference(row.scheme).meaning: row for row in rows}
    if len(meanings) > 1:
        one, two = sorted(meanings.values(), key=lambda row: row.report)[:2]
        raise SchemeError(
            f"{mixed(one, two)}: labels of two schemes cannot be mixed here; tag both with one model, or run ffm scheme migrate"
        )
    if not rows:
        return _read_off(rows)
    return find_scheme(read_reference(rows[0].scheme), themes_of(rows), project) or _read_off(rows)


def themes_of(rows: Iterable[TaggedPassage]) -> set[str]:
    """Return the themes that rows have as labels or scores."""
    return {theme for row in rows for theme in (*row.labels, *row.scores)}


def mixed(one: TaggedPassage, two: TaggedPassage) -> str:
    """Return which schemes two rows are of, as messages have it."""
    return f"{shown(one.report)} is labelled by {told(one.scheme)}, {shown(two.report)} by {told(two.scheme)}"


def check_origin(rows: Iterable[TaggedPassage], scheme: Scheme, path: Path) -> None:
    """Refuse rows whose labels are not those of a scheme.

    Raises
    ------
    SchemeError
        If a row is of another scheme, or has a theme that the scheme lacks.
    """
    for row in rows:
        if row.scheme and read_reference(row.scheme).meaning != (scheme.id, scheme.digest):
            raise SchemeError(f"{path}: labelled by {told(row.scheme)}, not by {scheme.reference}; tag the report again")
        if unknown := {*row.labels, *row.scores} - set(scheme.theme_ids):
            raise SchemeError(f'{path}: the scheme {scheme.reference} has no theme "{min(unknown)}"; tag the report again')


def told(reference: str) -> str:
    """Return a reference as messages have it."""
    return f"the scheme {shown(reference)}" if reference else "a scheme that it does not name (version 0.1.0 wrote it)"


def shown(text: str, width: int = 60) -> str:
    """Return a text from outside as it can stand in a message: on one line, printable, not long."""
    line = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(line.split())
    return line if len(line) <= width else line[: width - 1] + "…"


def _read_off(rows: Sequence[TaggedPassage]) -> Scheme:
    """Return what rows alone tell of their scheme: ids for names, no definitions, colours in order."""
    reference = read_reference(rows[0].scheme if rows else "")
    themes = _first_seen(theme for row in rows for theme in (*row.scores, *row.labels))
    stances = _first_seen(stance for row in rows for stance in row.stance.values())
    carrying = {theme for row in rows for theme in row.stance}
    labels = _first_seen(entity.label for row in rows for entity in (*row.entities, *row.question_entities))
    colours, keys = cycle(COLOURS), iter(KEYS)
    return Scheme(
        id=reference.id or "unnamed",
        version=reference.version,
        title=reference.id or "A scheme that is not here",
        guideline=Guideline(),
        entity=tuple(EntityLabel(label, label, "", next(colours), next(keys, "0")) for label in labels),
        theme=tuple(Theme(theme, theme, "topic", "", next(colours), next(keys, "0"), theme in carrying) for theme in themes),
        stances=dict.fromkeys(stances, ""),
    )


def _first_seen(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
