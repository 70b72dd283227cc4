"""A project that holds only what annotators differ about, both readings shown, the rest marked already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ffm.doccano.errors import counted
from ffm.doccano.push import Row, make_row
from ffm.errors import PassageError
from ffm.evaluation.agreement import measure_agreement
from ffm.exchange.categories import category
from ffm.exchange.offsets import in_passage
from ffm.gold.annotators import Annotations, read_annotations
from ffm.gold.store import GoldEntity, GoldRecord
from ffm.project.scheme import Scheme
from ffm.records import Entity, TaggedPassage


class Differences(Struct, frozen=True):
    """What is to be adjudicated.

    Attributes
    ----------
    rows
        One for each passage on which the annotators differ; what they agree on stands in it as marks.
    compared
        How many passages all annotated.
    errors
        One line for each passage that cannot be sent.
    notices
        What a person should know of.
    """

    rows: tuple[Row, ...]
    compared: int
    errors: tuple[str, ...]
    notices: tuple[str, ...]


def find_differences(folders: Sequence[Path], passages: Sequence[TaggedPassage], scheme: Scheme) -> Differences:
    """Return the passages on which two or more sets of annotations differ.

    Parameters
    ----------
    folders
        Each holds one annotator's files, as ``ffm doccano pull`` writes them.
    passages
        The tagged data set that was pushed.

    Raises
    ------
    GoldError
        If the sets are damaged or cannot be compared.
    """
    sets = [read_annotations(folder, scheme) for folder in folders]
    agreement = measure_agreement(sets, scheme)
    known = {(passage.report, passage.start, passage.end): passage for passage in passages}
    rows, errors = [], []
    for where in dict.fromkeys((item.report, item.start, item.end) for item in agreement.disagreements):
        passage = known.get(where)
        report, start, end = where
        if passage is None:
            errors.append(f"{report} {start}-{end}: no passage of the tagged data has this range; give the data set that was pushed")
            continue
        try:
            rows.append(_row(passage, sets, scheme))
        except PassageError as error:
            errors.append(str(error))
    notices = []
    if agreement.unmatched:
        notices.append(f"{counted(agreement.unmatched)} left out, as not all of {', '.join(agreement.annotators)} annotated them")
    return Differences(tuple(rows), agreement.ranges, tuple(errors), tuple(notices))


def _row(passage: TaggedPassage, sets: Sequence[Annotations], scheme: Scheme) -> Row:
    place = (passage.start, passage.end)
    records = {item.name: item.records[passage.report][place] for item in sets if place in item.records.get(passage.report, {})}
    marks = {name: {(entity.start, entity.end, entity.label): entity for entity in record.entities} for name, record in records.items()}
    themes = {name: {category(theme, record.stance.get(theme), scheme) for theme in record.themes} for name, record in records.items()}
    agreed = set.intersection(*map(set, marks.values()))
    shared = set.intersection(*themes.values())
    first = next(iter(records.values()))
    notes = {}
    for name in (item.name for item in sets):  # doccano wants the same keys in every row
        if name not in records:
            notes[f"reading of {name}"] = "has not read it"
            continue
        spans = [_quote(passage, marks[name][key]) for key in sorted(marks[name]) if key not in agreed]
        notes[f"reading of {name}"] = "; ".join([*sorted(themes[name] - shared), *spans]) or "none of these"
    return make_row(_agreed(passage, first, agreed, shared, scheme), scheme, suggestions=True, notes=notes)


def _quote(passage: TaggedPassage, entity: GoldEntity) -> str:
    start, end = in_passage(passage.parts, entity.start, entity.end)
    return f'{entity.label} "{" ".join(passage.text[start:end].split())}"'


def _agreed(
    passage: TaggedPassage, record: GoldRecord, spans: set[tuple[int, int, str]], shared: set[str], scheme: Scheme
) -> TaggedPassage:
    """Return a passage with the labels that all annotators gave it."""
    entities = []
    for start, end, label in sorted(spans):
        left, right = in_passage(passage.parts, start, end)
        entities.append(Entity(start, end, label, passage.text[left:right]))
    labels = tuple(theme for theme in record.themes if category(theme, record.stance.get(theme), scheme) in shared)
    stance = {theme: value for theme, value in record.stance.items() if theme in labels}
    return replace(passage, entities=tuple(entities), labels=labels, stance=stance)
