"""The entity components beside the stock recogniser on re3d, which people annotated by another guide than ours.

Prints a Markdown table of micro-F1 per label, exact and overlapping; no figure here is a test. Takes the folder of the data set
(https://github.com/dstl/re3d), by default ``../shared/data/re3d``.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")

import spacy

from ffm.entities.stock import stock_folder
from ffm.records import Report
from ffm.tagging.pipeline import assemble
from ffm.tagging.report import all_entities

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "re3d"
STOCK_LABELS = {"ORG": "Organisation", "GPE": "Location", "LOC": "Location", "FAC": "Location", "MONEY": "Money"}
OUR_LABELS = {"ORG": "Organisation", "PLACE": "Location"}
LABELS = ("Organisation", "Location", "Money")


class Mark(NamedTuple):
    """A marked range of a document."""

    start: int
    end: int
    label: str


class Document(NamedTuple):
    """A document and what people marked in it."""

    text: str
    marks: set[Mark]


def read_lines(path: Path) -> list[dict]:
    """Return the objects of a file that holds one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]


def bare(text: str, mark: Mark) -> Mark:
    """Return a mark without white space at its edges and an article before it, which the two guides treat differently."""
    start, end = mark.start, mark.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    for article in ("the ", "The "):
        if text.startswith(article, start, end):
            start += len(article)
    return Mark(start, end, mark.label)


def documents(folder: Path) -> list[Document]:
    """Return the documents of all parts of the data set."""
    found = []
    for part in sorted(path.parent for path in folder.glob("*/documents.json")):
        marks: dict[str, set[Mark]] = defaultdict(set)
        texts = {document["_id"]: document["text"] for document in read_lines(part / "documents.json")}
        for entity in read_lines(part / "entities.json"):
            if entity["type"] in LABELS:
                text = texts[entity["documentId"]]
                marks[entity["documentId"]].add(bare(text, Mark(entity["begin"], entity["end"], entity["type"])))
        found += [Document(text, marks[key]) for key, text in texts.items()]
    return found


def stock_recogniser() -> Callable[[str], set[Mark]]:
    """Return the stock recogniser as a function of a text."""
    nlp = spacy.load(stock_folder()[1], exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
    return lambda text: {
        bare(text, Mark(entity.start_char, entity.end_char, STOCK_LABELS[entity.label_]))
        for entity in nlp(text).ents
        if entity.label_ in STOCK_LABELS
    }


def our_pipeline() -> Callable[[str], set[Mark]]:
    """Return the project's entities as a function of a text."""
    nlp = assemble()
    nlp.remove_pipe("ffm_themes")

    def find(text: str) -> set[Mark]:
        entities = all_entities(Report("re3d", text), nlp)
        labelled = ((entity, "Money" if entity.kind == "money" else OUR_LABELS.get(entity.label)) for entity in entities)
        return {Mark(entity.start, entity.end, label) for entity, label in labelled if label}

    return find


def f1(found: Iterable[set[Mark]], expected: Iterable[set[Mark]], overlapping: bool) -> float:
    """Return the micro-F1 over documents; overlapping, a mark is right if it meets one of its label on the other side."""

    def right(marks: set[Mark], others: set[Mark]) -> int:
        if not overlapping:
            return len(marks & others)
        return sum(
            any(mark.label == other.label and mark.start < other.end and other.start < mark.end for other in others) for mark in marks
        )

    pairs = list(zip(found, expected, strict=True))
    precise, total_found = sum(right(ours, theirs) for ours, theirs in pairs), sum(len(ours) for ours, _ in pairs)
    recalled, total_expected = sum(right(theirs, ours) for ours, theirs in pairs), sum(len(theirs) for _, theirs in pairs)
    if not precise or not recalled:
        return 0.0
    precision, recall = precise / total_found, recalled / total_expected
    return 2 * precision * recall / (precision + recall)


def named(marks: set[Mark], text: str) -> set[Mark]:
    """Return the marks whose words begin with a capital or digit, which leaves out "civilians" and "we"."""
    return {mark for mark in marks if text[mark.start : mark.start + 1].isupper() or mark.label == "Money"}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    data = documents(folder)
    if not data:
        sys.exit(f"{folder}: no documents.json below it; give the folder of the data set")
    systems = {"stock": stock_recogniser(), "ours": our_pipeline()}
    found = {name: [find(document.text) for document in data] for name, find in systems.items()}
    print(f"{len(data)} documents\n")
    print(
        "| marks | label | marked by people | stock exact | ours exact | stock overlapping | ours overlapping |\n|---|---|---|---|---|---|---|"
    )
    for which in ("all", "with a capital"):
        expected = [document.marks if which == "all" else named(document.marks, document.text) for document in data]
        for label in (*LABELS, "micro"):
            theirs = [{mark for mark in marks if label in (mark.label, "micro")} for marks in expected]
            cells = []
            for overlapping in (False, True):
                for name in systems:
                    mine = [{mark for mark in marks if label in (mark.label, "micro")} for marks in found[name]]
                    cells.append(f"{f1(mine, theirs, overlapping):.2f}")
            print(f"| {which} | {label} | {sum(map(len, theirs))} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
