"""A project that holds only what annotators differ about, both readings shown, the rest marked already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ffm.doccano.errors import counted
from ffm.doccano.metadata import Marked
from ffm.doccano.push import Row, make_row
from ffm.doccano.values import quoted, say_amount
from ffm.entities.amounts import LABEL as AMOUNT
from ffm.errors import PassageError
from ffm.evaluation.agreement import measure_agreement
from ffm.exchange.categories import category
from ffm.exchange.items import Span
from ffm.exchange.offsets import in_passage
from ffm.gold.annotators import Annotations, Disagreement, read_annotations
from ffm.gold.comments import FILE, Comment, read_comments
from ffm.gold.store import GoldEntity, GoldRecord
from ffm.project.scheme import Scheme
from ffm.records import Entity, Range, TaggedPassage, Value, value_of


class Differences(Struct, frozen=True):
    """What is to be adjudicated.

    Attributes
    ----------
    rows
        One for each passage on which the annotators differ; what they agree on stands in it as marks.
    compared
        How many passages two annotators or more read.
    offered
        How many of the rows one annotator alone read.
    errors
        One line for each passage that cannot be sent.
    notices
        What a person should know of.
    """

    rows: tuple[Row, ...]
    compared: int
    errors: tuple[str, ...]
    notices: tuple[str, ...]
    offered: int = 0


def find_differences(folders: Sequence[Path], passages: Sequence[TaggedPassage], scheme: Scheme, one_sided: bool = False) -> Differences:
    """Return the passages on which two or more sets of annotations differ.

    Parameters
    ----------
    folders
        Each holds one annotator's files, as ``ffm doccano pull`` writes them.
    passages
        The tagged data set that was pushed.
    one_sided
        Offer those too that one annotator alone read, with what that one marked.

    Raises
    ------
    GoldError
        If the sets are damaged or cannot be compared.
    """
    sets = [read_annotations(folder, scheme) for folder in folders]
    remarks = _remarks(folders)
    alone = _read_by_one(sets)
    places = {(report, *span) for item in sets for report, records in item.records.items() for span in records}
    compared, disagreements = 0, list[Disagreement]()
    if not one_sided or len(alone) < len(places):
        agreement = measure_agreement(sets, scheme)
        compared, disagreements = agreement.ranges, list(agreement.disagreements)
    known = {(passage.report, passage.start, passage.end): passage for passage in passages}
    differing = [
        *((item.report, item.start, item.end) for item in disagreements),
        *_other_values(sets),
        *(alone if one_sided else ()),
    ]
    rows, errors = [], []
    offered = 0
    for where in dict.fromkeys(differing):
        passage = known.get(where)
        report, start, end = where
        if passage is None:
            errors.append(f"{report} {start}-{end}: no passage of the tagged data has this range; give the data set that was pushed")
            continue
        try:
            rows.append(_row(passage, sets, scheme, remarks.get(where, ())))
            offered += where in alone
        except PassageError as error:
            errors.append(str(error))
    notices = []
    if alone and not one_sided:
        who = ", ".join(f"{name}: {count:,}" for name, count in sorted(Counter(alone.values()).items()))
        notices.append(
            f"{counted(len(alone))} left out that one annotator alone read ({who}); offer them with --one-sided, or have them left out "
            "of the gold or taken with ffm gold merge --one-sided"
        )
    return Differences(tuple(rows), compared, tuple(errors), tuple(notices), offered)


def _read_by_one(sets: Sequence[Annotations]) -> dict[tuple[str, int, int], str]:
    """Return the ranges that one annotator alone read, and who."""
    readers: dict[tuple[str, int, int], list[str]] = {}
    for item in sets:
        for report, records in item.records.items():
            for span in records:
                readers.setdefault((report, *span), []).append(item.name)
    return {where: names[0] for where, names in readers.items() if len(names) == 1}


def _remarks(folders: Sequence[Path]) -> dict[tuple[str, int, int], list[Comment]]:
    """Return what annotators remarked, by the range that it is on."""
    found: dict[tuple[str, int, int], list[Comment]] = {}
    for folder in folders:
        if (folder / FILE).is_file():
            for comment in read_comments(folder / FILE):
                found.setdefault((comment.report, comment.start, comment.end), []).append(comment)
    return found


def _other_values(sets: Sequence[Annotations]) -> Iterator[tuple[str, int, int]]:
    """Yield the ranges in which annotators marked the same amount and gave it different values."""
    seen: dict[tuple[str, Range, Span], Value] = {}
    for item in sets:
        for report, records in item.records.items():
            for span, record in records.items():
                for entity in record.entities:
                    value = Value(**value_of(entity))
                    if seen.setdefault((report, span, _key(entity)), value) != value:
                        yield (report, *span)


def _key(entity: GoldEntity) -> Span:
    return (entity.start, entity.end, entity.label)


def _row(passage: TaggedPassage, sets: Sequence[Annotations], scheme: Scheme, remarks: Sequence[Comment]) -> Row:
    where = (passage.start, passage.end)
    read = {item.name: item.records.get(passage.report, {}).get(where) for item in sets}
    records = {name: record for name, record in read.items() if record is not None}
    marks = {name: {_key(entity): entity for entity in record.entities} for name, record in records.items()}
    themes = {name: {category(theme, record.stance.get(theme), scheme) for theme in record.themes} for name, record in records.items()}
    agreed = set.intersection(*map(set, marks.values()))
    shared = set.intersection(*themes.values())
    first = next(iter(records.values()))
    values: dict[Span, list[Value]] = {}
    for mine in marks.values():
        for key, entity in mine.items():
            value = Value(**value_of(entity))
            if entity.label == AMOUNT and value not in values.setdefault(key, []):
                values[key].append(value)
    undecided = {key for key, given in values.items() if len(given) > 1}
    notes = {}
    for name, record in read.items():
        if record is None:
            notes[f"reading of {name}"] = "has not read it"
            continue
        spans = [_quote(passage, marks[name][key]) for key in sorted(marks[name]) if key not in agreed or key in undecided]
        notes[f"reading of {name}"] = "; ".join([*sorted(themes[name] - shared), *spans]) or "none of these"
    for remark in remarks:
        said = f"remark of {remark.author}"
        notes[said] = "; ".join(filter(None, (notes.get(said), remark.comment)))
    amounts = [
        Marked(start, end, undecided=True) if len(given) > 1 else Marked(start, end, **value_of(given[0]))
        for (start, end, _), given in sorted(values.items(), key=lambda item: item[0])
        if len(given) > 1 or given[0].kind is not None
    ]
    return make_row(_agreed(passage, first, agreed, shared, scheme), scheme, suggestions=True, notes=notes, amounts=amounts)


def _quote(passage: TaggedPassage, entity: GoldEntity) -> str:
    start, end = in_passage(passage.parts, entity.start, entity.end)
    words = passage.text[start:end]
    if entity.kind is None:
        return f'{entity.label} "{quoted(words)}"'
    return f"{entity.label} {say_amount(words, entity)}"


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
