"""What is known of the labels of each passage: what its gold says, what people read, or what a classifier that never saw it says."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from ffm.comparison.reports import ComparedReport
from ffm.comparison.sampling import DrawnPassages
from ffm.evaluation.held_out import Judged
from ffm.gold.history import is_correction
from ffm.gold.load import gold_files
from ffm.gold.store import GoldRecord, read_gold
from ffm.project.scheme import Scheme
from ffm.records import TaggedPassage
from ffm.segment.sentences import sentence_ranges

Matrix = NDArray[np.float64]
How = Literal["gold", "part", "read", "sample", "model", "in-sample"]
Marks = tuple[GoldRecord, ...]  # of one file of gold
MOST = 0.9  # of a report's passages that gold or readers must have, for the whole report to count as read


class Told(Struct, frozen=True):
    """What people, or gold, say of a passage.

    Attributes
    ----------
    stance
        By theme.
    sentences, carrying
        How many sentences were marked, and by theme how many of them carry it.
    """

    themes: frozenset[str]
    stance: dict[str, str]
    sentences: int
    carrying: dict[str, int]


class Labelled(Struct, frozen=True):
    """The passages of a report that get themes, with what is known of their labels.

    Attributes
    ----------
    passages
        With the labels of gold or readers, where these are known.
    how
        ``gold``: the model learnt from the report, so its gold counts. ``part``: it learnt from some of its passages. ``read``: people read all of it. ``sample``: people read a random
        sample. ``model``: a classifier that never saw it. ``in-sample``: one that learnt from it, where its gold is not at hand.
    probability, target, carrying
        Passages by themes: the classifier's probabilities; where known, 1 for a theme that is carried; how many sentences carry it.
    known, sentences
        By passage: whether its labels are known, and its number of sentences.
    source, sources
        The number of each passage's source among the sources, -1 for none.
    """

    report: ComparedReport
    passages: tuple[TaggedPassage, ...]
    how: How
    probability: Matrix
    target: Matrix
    carrying: NDArray[np.int64]
    known: NDArray[np.bool_]
    sentences: NDArray[np.int64]
    source: NDArray[np.int64]
    sources: tuple[str, ...]

    @property
    def read(self) -> int:
        """How many passages are known."""
        return int(self.known.sum())

    def outline(self) -> Outline:
        """Return what is kept of this once shares are estimated."""
        asked: dict[str, int] | None = None
        if any(passage.question for passage in self.passages):
            asked = Counter(theme for passage in self.passages for theme in passage.question_scores)
        return Outline(
            self.report,
            self.how,
            self.read,
            tuple(passage.labels for passage in self.passages),
            frozenset(passage.model for passage in self.passages),
            frozenset(passage.source or "" for passage in self.passages),
            asked,
        )


class Outline(Struct, frozen=True):
    """A report of which the passages are no longer at hand.

    Attributes
    ----------
    how, read
        As :class:`Labelled` has them.
    labels
        Those of each passage that gets themes.
    models
        Which labelled it.
    sources
        Of its passages; an empty one for those without.
    asked
        By theme how many passages' questions ask about it; None where no passage answers a question.
    """

    report: ComparedReport
    how: How
    read: int
    labels: tuple[tuple[str, ...], ...]
    models: frozenset[str]
    sources: frozenset[str]
    asked: dict[str, int] | None


def label_report(
    passages: Sequence[TaggedPassage],
    report: ComparedReport,
    scheme: Scheme,
    gold: Mapping[tuple[int, int], Told],
    read: Mapping[tuple[int, int], Told],
    drawn: DrawnPassages | None,
) -> tuple[Labelled, list[str]]:
    """Return a report with what is known of its labels, and notices.

    Parameters
    ----------
    passages
        Those that get themes.
    gold, read
        By range of a passage: gold that the model learnt from, and what people read of other reports.
    drawn
        Which passages ``ffm sample`` drew; what people read besides does not enter, as it was not drawn at random.
    """
    told, how, notices = _what_is_known(report.id, passages, gold, read, drawn)
    return _labelled(report, passages, told, how, scheme), notices


def _what_is_known(
    name: str,
    passages: Sequence[TaggedPassage],
    gold: Mapping[tuple[int, int], Told],
    read: Mapping[tuple[int, int], Told],
    drawn: DrawnPassages | None,
) -> tuple[dict[int, Told], How, list[str]]:
    """Return by index what is known of the passages of a report, how, and notices."""
    learnt = any(passage.in_training for passage in passages)
    if told := _at(passages, gold):
        return told, "gold" if len(told) >= MOST * len(passages) else "part", []
    if learnt:
        return {}, "in-sample", [f"{name}: the model learnt from this report, and its gold is not here; it is not compared with others"]
    told = _at(passages, read)
    if len(told) >= MOST * len(passages) and told:
        return told, "read", []
    if drawn is not None:
        order = [number for place in drawn.passages if (number := _number(passages, place)) is not None]
        done = next((at for at, number in enumerate(order) if number not in told), len(order))
        if done > 1:
            return {number: told[number] for number in order[:done]}, "sample", []
    if told:
        return {}, "model", [f"{name}: {len(told)} passages were read, but not drawn by ffm sample, so they do not enter the shares"]
    return {}, "model", []


def _at(passages: Sequence[TaggedPassage], told: Mapping[tuple[int, int], Told]) -> dict[int, Told]:
    return {number: told[passage.start, passage.end] for number, passage in enumerate(passages) if (passage.start, passage.end) in told}


def _number(passages: Sequence[TaggedPassage], place: tuple[int, int]) -> int | None:
    at = bisect_left(passages, place, key=lambda passage: (passage.start, passage.end))
    return at if at < len(passages) and (passages[at].start, passages[at].end) == place else None


def _labelled(report: ComparedReport, passages: Sequence[TaggedPassage], told: Mapping[int, Told], how: How, scheme: Scheme) -> Labelled:
    themes = scheme.theme_ids
    columns = {theme: column for column, theme in enumerate(themes)}
    shape = (len(passages), len(themes))
    probability, target = np.zeros(shape), np.zeros(shape)
    carrying, sentences = np.zeros(shape, dtype=np.int64), np.ones(len(passages), dtype=np.int64)
    known = np.zeros(len(passages), dtype=np.bool_)
    kept, given = list(passages), []
    for number, passage in enumerate(passages):
        sentences[number] = max(1, len(passage.sentences) or len(sentence_ranges(passage.text)))
        scores, labels = passage.scores, passage.labels
        given.append([scores[theme] if theme in scores else float(theme in labels) for theme in themes])
        for theme in passage.labels:
            carrying[number, columns[theme]] = max(1, sum(theme in sentence.scores for sentence in passage.sentences))
        if (mine := told.get(number)) is not None:
            known[number] = True
            target[number] = [theme in mine.themes for theme in themes]
            carrying[number] = [mine.carrying.get(theme, int(theme in mine.themes)) for theme in themes]
            sentences[number] = max(mine.sentences, int(carrying[number].max()))
            labels = tuple(theme for theme in themes if theme in mine.themes)
            kept[number] = replace(passage, labels=labels, stance={theme: mine.stance[theme] for theme in labels if theme in mine.stance})
    if given:
        probability = np.array(given, dtype=np.float64)
    sources = sorted({passage.source for passage in passages if passage.source})
    places = {source: place for place, source in enumerate(sources)}
    source = np.array([places[passage.source] if passage.source else -1 for passage in passages], dtype=np.int64)
    return Labelled(report, tuple(kept), how, probability, target, carrying, known, sentences, source, tuple(sources))


def told_by_gold(judged: Sequence[Judged], scheme: Scheme) -> dict[str, dict[tuple[int, int], Told]]:
    """Return what a model's gold says of the passages that it learnt from, by report and range."""
    default = next(iter(scheme.stances), "")
    found: dict[str, dict[tuple[int, int], Told]] = {}
    for item in judged:
        stance = {theme: item.stance[theme][0] if theme in item.stance else default for theme in item.gold if theme in scheme.stance_ids}
        told = Told(frozenset(item.gold), stance, item.sentences, item.carrying)
        found.setdefault(item.report, {})[item.start, item.end] = told
    return found


def read_marks(folder: Path, reports: Container[str]) -> dict[str, list[Marks]]:
    """Read what people marked in some reports from the gold of a folder, by report, file after file.

    Raises
    ------
    GoldError
        If a gold file is damaged.
    """
    found: dict[str, list[Marks]] = {}
    for path in gold_files(folder) if folder.is_dir() else ():
        header, records = read_gold(path)
        if header.report in reports:
            marked = [record for record in records if record.role == "passage" and not record.unread and not is_correction(record.history)]
            found.setdefault(header.report, []).append(tuple(marked))
    return found


def told_by_marks(marks: Sequence[Marks], passages: Sequence[TaggedPassage]) -> dict[tuple[int, int], Told]:
    """Return what people's marks say of the passages of a report, by range."""
    found: dict[tuple[int, int], Told] = {}
    for marked in marks:
        starts = [record.start for record in marked]
        for passage in passages:
            if mine := _overlapping(marked, starts, passage):
                found[passage.start, passage.end] = _told(mine)
    return found


def _overlapping(records: Sequence[GoldRecord], starts: Sequence[int], passage: TaggedPassage) -> list[GoldRecord]:
    found = []
    for start, end in passage.parts:
        left = max(0, bisect_right(starts, start) - 1)
        found += [record for record in records[left : bisect_left(starts, end)] if record.start < end and start < record.end]
    return found


def _told(records: Sequence[GoldRecord]) -> Told:
    themes = [theme for record in records for theme in record.themes]
    stances: dict[str, list[str]] = {}
    for record in records:
        for theme, stance in record.stance.items():
            stances.setdefault(theme, []).append(stance)
    whole = any(record.unit == "passage" for record in records)
    carrying = {} if whole else {theme: themes.count(theme) for theme in set(themes)}
    return Told(
        frozenset(themes),
        {theme: max(sorted(set(held)), key=held.count) for theme, held in stances.items()},
        0 if whole else len(records),
        carrying,
    )
