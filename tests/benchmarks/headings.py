"""How well 40 labelled passages of each of three reports serve on reports of other countries: the themes are sections of the reports.

Reads ``train.jsonl`` and ``test.jsonl`` (report, number, themes and text a line) and ``cues.toml`` (one line of cues a theme), makes a
project of them in a temporary folder, trains and tags as ``ffm train`` and ``ffm tag`` do, and prints macro-F1 and the figures of each
theme, and the mean average precision of the first look, which reads the scheme alone. Nothing is trained or chosen on the test passages.

    python tests/benchmarks/headings.py [FOLDER]

Ends with exit code 1 where macro-F1 is below 0.64 or a theme gets no labels. About half a minute.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_fscore_support

from ffm.gold.store import GoldHeader, GoldRecord, text_digest, write_gold
from ffm.ingest import read_report
from ffm.project.project import Project, read_project
from ffm.tagging.batch import tag_files
from ffm.tagging.dataset import read_file
from ffm.training.train import train, write_model

FOLDER = Path(__file__).parents[3] / "shared" / "cases" / "headings"
LEAST = 0.64
COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f")


class Written(NamedTuple):
    """A passage of the benchmark in a report of the project."""

    report: str
    start: int
    end: int
    themes: frozenset[str]


def write_scheme(cues: dict[str, str], path: Path) -> None:
    """Write the scheme of the themes: a line of cues is the definition, each cue an expression that allows for a plural."""
    lines = ['id = "headings"', "version = 1", 'title = "Sections of human-rights reports"']
    for number, (theme, line) in enumerate(cues.items()):
        phrases = [re.escape(phrase.strip()).replace("\\ ", " ").removesuffix("s") + "s?" for phrase in line.split(",")]
        fields = {
            "id": theme,
            "name": theme.capitalize(),
            "group": "topic",
            "applies": line,
            "colour": COLOURS[number],
            "key": "12345678"[number],
        }
        lines += ["", "[[theme]]", *(f"{key} = {json.dumps(value)}" for key, value in fields.items()), f"cues = {json.dumps(phrases)}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_reports(rows: list[dict], folder: Path) -> list[Written]:
    """Write the passages of each report into a file, a paragraph each, and return where each stands."""
    written: list[Written] = []
    for report in sorted({row["report"] for row in rows}):
        text = f"# {report}\n"
        for row in (row for row in rows if row["report"] == report):
            start = len(text) + 1
            text += f"\n{row['text']}\n"
            written.append(Written(report, start, start + len(row["text"]), frozenset(row["themes"])))
        (folder / f"{report}.md").write_text(text, encoding="utf-8")
    return written


def make_project(folder: Path, source: Path) -> tuple[Project, list[Written]]:
    """Make the project with the gold of the training passages; return it and the test passages, whose reports it does not register."""
    for part in ("annotations/gold", "raw_text", "test"):
        (folder / part).mkdir(parents=True)
    (folder / "ffm.toml").write_text('name = "headings"\n', encoding="utf-8")
    write_scheme(tomllib.loads((source / "cues.toml").read_text(encoding="utf-8")), folder / "annotations/scheme.toml")
    train_rows, test_rows = (
        [json.loads(line) for line in (source / name).read_text("utf-8").splitlines()] for name in ("train.jsonl", "test.jsonl")
    )
    gold = write_reports(train_rows, folder / "raw_text")
    for report in sorted({item.report for item in gold}):
        file = folder / "raw_text" / f"{report}.md"
        with (folder / "raw_text/reports.toml").open("a", encoding="utf-8") as out:
            out.write(f'["{report}"]\nfile = "{file.name}"\n\n')
        header = GoldHeader(report, text_digest(read_report(file)), 1, "headings", "the reports' own sections", False, "2026-11-28")
        records = [
            GoldRecord(item.start, item.end, themes=tuple(sorted(item.themes)), unit="passage") for item in gold if item.report == report
        ]
        write_gold(folder / "annotations/gold" / f"{report}.jsonl", header, records)
    return read_project(folder), write_reports(test_rows, folder / "test")


def judge(project: Project, tests: list[Written], tagger: Path, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Tag the test reports; return labels and scores, passages by themes, of the rows that overlap each passage."""
    outcome = tag_files(sorted((folder / "test").glob("*.md")), {}, folder / "tagged.jsonl", tagger)
    assert not outcome.errors, outcome.errors
    rows = read_file(folder / "tagged.jsonl")
    themes = project.scheme.theme_ids
    labels, scores = np.zeros((len(tests), len(themes)), dtype=bool), np.zeros((len(tests), len(themes)))
    for number, test in enumerate(tests):
        for row in rows:
            if row.report == test.report and row.start < test.end and test.start < row.end and row.scores:
                labels[number] |= [theme in row.labels for theme in themes]
                scores[number] = np.maximum(scores[number], [row.scores[theme] for theme in themes])
    return labels, scores


def main(source: Path) -> int:
    """Train, tag and print the figures; return the exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project, tests = make_project(folder, source)
        themes = project.scheme.theme_ids
        gold = np.array([[theme in test.themes for theme in themes] for test in tests])
        _, first = judge(project, tests, project.scheme_file, folder)
        trained = train(project, quick=True)
        for message in trained.messages:
            print(f"notice: {message}", file=sys.stderr)
        write_model(trained, project.model)
        labels, scores = judge(project, tests, project.model, folder)
    precision, recall, f1, support = precision_recall_fscore_support(gold, labels, average=None, zero_division=0)
    ranked, looked = (average_precision_score(gold, table, average=None) for table in (scores, first))
    print("| theme | precision | recall | F1 | average precision | first look, average precision | labelled | support |")
    print("|---|---|---|---|---|---|---|---|")
    for column, theme in enumerate(themes):
        print(
            f"| {theme} | {precision[column]:.2f} | {recall[column]:.2f} | {f1[column]:.2f} | {ranked[column]:.2f} | {looked[column]:.2f} "
            f"| {labels[:, column].sum()} | {support[column]} |"
        )
    print(
        f"| **mean** | {precision.mean():.3f} | {recall.mean():.3f} | **{f1.mean():.3f}** | {ranked.mean():.3f} | {looked.mean():.3f} | | |"
    )
    return int(f1.mean() < LEAST or not labels.any(axis=0).all())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
