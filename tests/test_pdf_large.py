"""A PDF of 190,000 words is read in less time than tagging its text takes, page by page."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pypdfium2
import pytest

from drawing import Paper
from ffm.ingest import read_report
from ffm.records import Report
from ffm.tagging.pipeline import load
from ffm.tagging.report import tag_report

SENTENCES = (
    "In week {n} the port of Basra counted {a} boats and {b} ships, of which {c} carried grain for the mills.",
    "The Ministry of Fisheries paid {b},000 dinars to each of {c} crews, and the Union of Pilots says that {a} are owed still.",
    "Families of the pilots live behind the pier; {c} of {a} have no water, and their children go to no school.",
    "Of {a} complaints that reached the Ombudsman in {n} months, {b} were about wages and the rest about the yard.",
)
WORDS = 190_000
SAMPLE = 10  # the share of the text that is tagged for comparison: one in ten pages

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "large.pdf"
    paper = Paper().face("Times-Roman", 10.5)
    words = number = 0
    while words < WORDS:
        y = 750.0  # below the margin, in which lines that return are running heads
        for _ in range(7):
            texts = [
                SENTENCES[(number + k) % 4].format(n=number % 51 + 2, a=number % 83 + 40, b=number % 29 + 12, c=number % 7 + 3)
                for k in range(5)
            ]
            number += 1
            words += len(" ".join(texts).split())
            line = ""
            for word in " ".join(texts).split():
                if paper.width(f"{line} {word}") > 470:
                    paper.line(line, 60, y)
                    y -= 13
                    line = word
                else:
                    line = f"{line} {word}".strip()
            paper.line(line, 60, y)
            y -= 22
        paper.page()
    path.write_bytes(paper.data())
    return path


def test_reading_takes_less_than_the_tagging_of_the_text(large: Path) -> None:
    begun = time.perf_counter()
    document = pypdfium2.PdfDocument(large)
    pages = [page.get_textpage().get_text_range() for page in document]
    extracted = time.perf_counter() - begun
    nlp = load()
    tag_report(Report("warm", pages[0]), nlp)
    begun = time.perf_counter()
    tag_report(Report("sample", "\n\n".join(pages[::SAMPLE])), nlp)
    tagged = SAMPLE * (time.perf_counter() - begun)
    begun = time.perf_counter()
    report = read_report(large)
    read = time.perf_counter() - begun
    assert len(report.text.split()) >= WORDS
    assert read + tagged < 2 * (extracted + tagged)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the most memory that a process had is read from /proc")
def test_reading_stays_within_its_memory(large: Path) -> None:
    code = """
import re, sys
from pathlib import Path
from ffm.ingest import read_report
words = len(read_report(Path(sys.argv[1])).text.split())
print(words, re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""
    done = subprocess.run([sys.executable, "-c", code, large], capture_output=True, text=True, check=True)
    words, kilobytes = map(int, done.stdout.split())
    assert words >= WORDS
    assert kilobytes < 300_000  # of the 700 MB that reading and tagging may take
