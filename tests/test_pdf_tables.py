"""Tables of a PDF are tables with their heads, ruled or not; forms and columns of text are none."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from drawing import WORDS, Paper
from ffm import segment
from ffm.ingest.pdf import read_pdf
from ffm.records import Report

SHIPS = [["Month", "Boats", "Ships"], ["April", "12", "3"], ["May", "1,400", "27"], ["June and July", "9", "15"]]


def read(paper: Paper) -> Report:
    return read_pdf(Path("drawn.pdf"), paper.data(), "drawn")


def tables(report: Report) -> list[list[list[str]]]:
    return [[row.split("\t") for row in p.text.split("\n")] for p in segment(report).passages if p.kind == "table"]


def draw(paper: Paper, rows: list[list[str]], xs: list[float], y: float, step: float = 16, align: str = "left") -> None:
    paper.paragraph(WORDS, 60, y + 90)
    for number, row in enumerate(rows):
        for x, after, cell in zip(xs, xs[1:], row, strict=False):
            place = {"left": x + 4, "right": after - 4 - paper.width(cell), "centre": (x + after - paper.width(cell)) / 2}[align]
            paper.line(cell, place, y - step * number)
    paper.paragraph(WORDS, 60, y - step * len(rows) - 60)


@pytest.mark.parametrize("align", ["left", "right", "centre"])
@pytest.mark.parametrize("rules", ["grid", "levels and sides", "thin boxes"])
def test_a_ruled_table(align: str, rules: str) -> None:
    paper = Paper().face("Helvetica", 10)
    xs, y = [60.0, 200.0, 290.0, 380.0], 560.0
    draw(paper, SHIPS, xs, y, align=align)
    ys = [y + 12 - 16 * number for number in range(len(SHIPS) + 1)]
    if rules == "grid":
        paper.grid(xs, ys)
    elif rules == "levels and sides":
        for level in ys:
            paper.line_at(60, level, 380, level)
        for x in xs:
            paper.line_at(x, ys[-1], x, ys[0])
    else:
        for level in ys:
            paper.rect(60, level, 320, 0.5, stroke=0, fill=1)
        for x in xs:
            paper.rect(x, ys[-1], 0.5, ys[0] - ys[-1], stroke=0, fill=1)
    assert tables(read(paper)) == [SHIPS]


def test_a_table_whose_head_stands_on_colour() -> None:
    paper = Paper().face("Helvetica", 10)
    xs, y = [60.0, 200.0, 290.0, 380.0], 560.0
    paper.setFillGray(0.3)
    paper.rect(60, y - 4, 320, 16, stroke=0, fill=1)
    paper.setFillGray(0)
    for number in range(2, len(SHIPS) + 1):
        for a, b in itertools.pairwise(xs):
            paper.rect(a, y + 12 - 16 * number, b - a, 0.5, stroke=0, fill=1)
        for x in xs:
            paper.rect(x, y + 12 - 16 * number, 0.5, 16, stroke=0, fill=1)
    paper.setFillGray(1)
    for x, cell in zip(xs, SHIPS[0], strict=False):
        paper.line(cell, x + 4, y)
    paper.setFillGray(0)
    for number, row in enumerate(SHIPS[1:], start=1):
        for x, cell in zip(xs, row, strict=False):
            paper.line(cell, x + 4, y - 16 * number)
    assert tables(read(paper)) == [SHIPS]


@pytest.mark.parametrize("align", ["left", "right"])
def test_a_table_without_rules(align: str) -> None:
    paper = Paper().face("Times-Roman", 11)
    draw(paper, SHIPS, [60.0, 200.0, 290.0, 380.0], 560, align=align)
    assert tables(read(paper)) == [SHIPS]


def test_a_narrow_table_without_rules_whose_gaps_are_those_of_words() -> None:
    paper = Paper().face("Times-Roman", 11)
    widest = max(paper.width(row[0]) for row in SHIPS)
    draw(paper, SHIPS, [60, 60 + widest + 3, 60 + widest + 36, 200], 560)
    assert tables(read(paper)) == [SHIPS]


def test_cells_of_several_lines() -> None:
    paper = Paper().face("Helvetica", 10)
    xs, ys = [60.0, 200.0, 400.0], [600.0, 580.0, 550.0, 520.0]
    paper.grid(xs, ys)
    for x, y, text in (
        (64, 586, "Body"), (204, 586, "What it does"),
        (64, 567, "Board of"), (64, 555, "pilots"), (204, 567, "Sends out the boats and"), (204, 555, "keeps the accounts"),
        (64, 537, "Port office"), (204, 537, "Collects the dues of the har-"), (204, 525, "bour"),
    ):  # fmt: skip
        paper.line(text, x, y)
    assert tables(read(paper)) == [
        [
            ["Body", "What it does"],
            ["Board of pilots", "Sends out the boats and keeps the accounts"],
            ["Port office", "Collects the dues of the harbour"],
        ]
    ]


def test_a_form_is_no_table() -> None:
    paper = Paper().face("Helvetica", 10)
    for number, (label, words) in enumerate((("Date:", "5 May 2021"), ("Place:", "Basra"), ("Present:", "Two pilots of the port"))):
        paper.line(label, 60, 700 - 14 * number)
        paper.line(words, 180, 700 - 14 * number)
    report = read(paper)
    assert "Date: 5 May 2021" in report.text
    assert not tables(report)


def test_a_table_in_a_column() -> None:
    paper = Paper().face("Times-Roman", 9)
    for x, side in ((50, 0), (320, 1)):
        y = paper.paragraph(
            ("The boats of the northern pier are", "counted every month by a clerk who", "writes down what he sees of them."), x, 760, 11
        )
        if not side:
            for number, row in enumerate(SHIPS):
                for place, cell in zip((x, x + 90, x + 140), row, strict=True):
                    paper.line(cell, place, y - 12 - 12 * number)
            y -= 80
        paper.paragraph(
            ("Those of the southern one are not,", "since nobody is paid for it, and the", "master says that he has no time."), x, y, 11
        )
    report = read(paper)
    assert tables(report) == [SHIPS]
    assert "no time. The boats" in " ".join(report.text.split())


def test_a_title_over_the_columns_keeps_its_words_whole() -> None:
    paper = Paper().face("Helvetica", 10)
    xs, y = [60.0, 140.0, 210.0, 280.0], 560.0
    title = "Boats and ships of the three harbours by month"
    draw(paper, [[title], *SHIPS], xs, y)
    paper.grid(xs, [y + 12 - 16 * number for number in range(len(SHIPS) + 2)])
    ((head, *rows),) = tables(read(paper))
    assert ("".join(head), rows) == (title, SHIPS)
