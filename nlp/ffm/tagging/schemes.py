"""Which scheme the labels of tagged rows are labels of: found by its reference, or read off the rows themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import cycle
from pathlib import Path

from ffm.errors import FfmError, SchemeError
from ffm.project.project import Project, packaged_project
from ffm.project.scheme import EntityLabel, Guideline, Scheme, Theme
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


def scheme_of_rows(rows: Sequence[TaggedPassage], project: Project) -> Scheme:
    """Return the scheme that rows are labelled by, with names, colours and stances from where it is known, else from the rows.

    Raises
    ------
    SchemeError
        If the rows are of two schemes, or of two versions whose labels mean different things.
    """
    meanings = {meaning_of(row.scheme): row for row in rows}
    if len(meanings) > 1:
        one, two = sorted(meanings, key=lambda meaning: meanings[meaning].report)[:2]
        raise SchemeError(
            f"{meanings[one].report} is labelled by {told(meanings[one].scheme)}, {meanings[two].report} by {told(meanings[two].scheme)}: "
            "labels of two schemes cannot be mixed; tag both with one model"
        )
    (meaning,) = meanings or (("", ""),)
    themes = {theme for row in rows for theme in (*row.labels, *row.scores)}
    for scheme in known_schemes(project):
        if (scheme.id, scheme.digest) == meaning or (meaning == ("", "") and themes == set(scheme.theme_ids)):
            return scheme
    return _read_off(rows)


def check_origin(rows: Iterable[TaggedPassage], scheme: Scheme, path: Path) -> None:
    """Refuse rows whose labels are not those of a scheme.

    Raises
    ------
    SchemeError
        If a row is of another scheme, or has a theme that the scheme lacks.
    """
    for row in rows:
        if row.scheme and meaning_of(row.scheme) != (scheme.id, scheme.digest):
            raise SchemeError(f"{path}: labelled by {told(row.scheme)}, not by {scheme.reference}; tag the report again")
        if unknown := {*row.labels, *row.scores} - set(scheme.theme_ids):
            raise SchemeError(f'{path}: the scheme {scheme.reference} has no theme "{min(unknown)}"; tag the report again')


def meaning_of(reference: str) -> tuple[str, str]:
    """Return the id and the digest of a reference ``id@version+digest``: versions of one digest mean the same."""
    name, _, rest = reference.partition("@")
    return name, rest.partition("+")[2]


def told(reference: str) -> str:
    """Return a reference as messages have it."""
    return f"the scheme {reference}" if reference else "a scheme that it does not name (version 0.1.0 wrote it)"


def _read_off(rows: Sequence[TaggedPassage]) -> Scheme:
    """Return what rows alone tell of their scheme: ids for names, no definitions, colours in order."""
    name, _, rest = (rows[0].scheme if rows else "").partition("@")
    version = rest.partition("+")[0]
    themes = _first_seen(theme for row in rows for theme in (*row.scores, *row.labels))
    stances = _first_seen(stance for row in rows for stance in row.stance.values())
    carrying = {theme for row in rows for theme in row.stance}
    labels = _first_seen(entity.label for row in rows for entity in (*row.entities, *row.question_entities))
    colours, keys = cycle(COLOURS), iter(KEYS)
    return Scheme(
        id=name or "unnamed",
        version=int(version) if version.isdecimal() else 0,
        title=name or "A scheme that is not here",
        guideline=Guideline(),
        entity=tuple(EntityLabel(label, label, "", next(colours), next(keys, "0")) for label in labels),
        theme=tuple(Theme(theme, theme, "topic", "", next(colours), next(keys, "0"), theme in carrying) for theme in themes),
        stances=dict.fromkeys(stances, ""),
    )


def _first_seen(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
