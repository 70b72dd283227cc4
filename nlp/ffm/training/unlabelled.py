"""The passages of a project's reports that nobody has labelled: what a model would do with them, and which to label first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from msgspec import Struct
from spacy.language import Language
from spacy.tokens import Doc

from ffm.errors import FfmError
from ffm.project.project import Project
from ffm.project.reports import Registered, open_report
from ffm.tagging.pipeline import load, theme_tagger
from ffm.tagging.report import Text, make_doc, prepare

MOST_REPORTS = 30
MOST_PASSAGES = 1000
LARGEST = 3_000_000  # bytes of a report that is looked into
FIRST = 8  # passages to label first

Item = TypeVar("Item")


class Unlabelled(Struct, frozen=True):
    """A passage that gets themes and has no gold."""

    passage: str
    text: Text


class Use(Struct, frozen=True):
    """What a model does with unlabelled passages: how many it looked at, and how many it gives each theme."""

    passages: int
    labelled: dict[str, int]


def unlabelled_passages(entries: Mapping[str, Registered], labelled: Collection[str] = ()) -> list[Unlabelled]:
    """Return the passages of registered reports whose texts are here; of many, evenly spaced ones.

    Parameters
    ----------
    labelled
        The ids of the passages that have gold.
    """
    present = [name for name, entry in sorted(entries.items()) if entry.path.is_file() and entry.path.stat().st_size <= LARGEST]
    found: list[Unlabelled] = []
    for name in _spaced(present, MOST_REPORTS):
        with suppress(FfmError):
            prepared = prepare(open_report(name, dict(entries)))
            both = zip(prepared.segmentation.passages, prepared.texts, strict=False)
            found += [Unlabelled(item.passage, text) for item, text in both if text.themed and item.passage not in labelled]
    return _spaced(found, MOST_PASSAGES)


def _spaced(items: Sequence[Item], most: int) -> list[Item]:
    """Return items, at most so many, evenly spaced."""
    step = max(1, -(-len(items) // most))
    return list(items[::step])


def use_of(nlp: Language, passages: Sequence[Unlabelled]) -> Use:
    """Return what a trained pipeline does with passages."""
    counts = Counter(theme for doc in _classified(nlp, passages) for theme in doc._.labels or ())
    return Use(len(passages), dict(counts))


def label_first(project: Project, labelled: Collection[str] = ()) -> str:
    """Return which passages to label first, and how: those that the first look ranks highest, theme by theme in turn."""
    passages = unlabelled_passages(project.reports(), labelled)
    if not passages:
        return "register the reports to label with ffm reports add FILE, then label passages of theirs with ffm gold template REPORT"
    docs = _classified(load(project.scheme_file), passages)
    chosen: dict[str, str] = {}
    for place in range(FIRST):
        for theme in project.scheme.theme_ids:
            ranked = sorted(range(len(docs)), key=lambda index: -docs[index].cats.get(theme, 0.0))
            if place < len(ranked) and len(chosen) < FIRST:
                chosen.setdefault(passages[ranked[place]].passage, theme)
    listed = ", ".join(f"{passage} ({theme})" for passage, theme in chosen.items())
    return (
        f"label first: {listed}; ffm gold template {passages[0].passage.partition('/')[0]} -o gold.csv writes a report's passages to label"
    )


def _classified(nlp: Language, passages: Sequence[Unlabelled]) -> list[Doc]:
    return list(theme_tagger(nlp).pipe(make_doc(nlp, item.text) for item in passages))
