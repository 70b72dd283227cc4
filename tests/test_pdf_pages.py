"""Pages of a PDF are read as a person reads them: turned upright, column after column, without what is no part of the text."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from drawing import A4, A5, LETTER, PROSE, UNICODE, WORDS, Paper, wrapped
from ffm.ingest.pdf import read_pdf
from ffm.records import Report

NORTH = (
    "The northern pier was built in 1921 and is used by fishing boats alone. Its crane has been broken since the storm, and nobody has "
    "money to mend it. The boats unload by hand, which takes until the evening of most days."
)
SOUTH = (
    "At the southern pier grain is loaded into wagons that leave for the mills at night. Forty men work there in two shifts. They are paid "
    "by the wagon and say that it is too little for the winter."
)
EAST = (
    "East of both lies a yard where old ships are cut up and sold. Children collect what falls from the lorries, and the guards look away "
    "because the families have nothing else to live on."
)


def read(paper: Paper) -> Report:
    return read_pdf(Path("drawn.pdf"), paper.data(), "drawn")


def plain(paper: Paper) -> str:
    return " ".join(read(paper).text.split())


def column(paper: Paper, text: str, width: float) -> list[str]:
    return wrapped(text, lambda line: paper.width(line) <= width)


@pytest.mark.parametrize("size", [A4, A5])
@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_page_is_read_at_whatever_angle_its_text_stands(size: tuple[float, float], angle: int) -> None:
    paper = Paper(size, turned=angle).face("Times-Roman", 9)
    width, height = size
    starts = {0: (40, height - 60), 90: (60, 40), 180: (width - 40, 60), 270: (width - 60, height - 40)}
    step = {0: (0, -12), 90: (12, 0), 180: (0, 12), 270: (-12, 0)}
    for number, words in enumerate(WORDS):
        x, y = starts[angle]
        paper.turned_text(words, x + number * step[angle][0], y + number * step[angle][1], angle)
    assert plain(paper) == PROSE


@pytest.mark.parametrize("angle", [1.5, -2.0, 7.0])
def test_a_page_that_was_scanned_askew(angle: float) -> None:
    paper = Paper().face("Helvetica", 10)
    paper.translate(60, 500)
    paper.rotate(angle)
    paper.paragraph(WORDS, 0, 0, 14)
    assert plain(paper) == PROSE


@pytest.mark.parametrize("angle", [30, 45, 60, 90, -90, 315])
@pytest.mark.parametrize("first", [True, False])
def test_text_at_another_angle_is_no_part_of_the_text(angle: float, first: bool) -> None:
    paper = Paper(LETTER).face("Times-Roman", 10)

    def stamp() -> None:
        paper.face("Helvetica-Bold", 40).turned_text("SECRET COPY", 200, 560, angle)
        paper.face("Helvetica", 7).turned_text("Printed from the register of the port in 1999", 20, 300, angle)

    if first:
        stamp()
    paper.face("Times-Roman", 10).paragraph(WORDS, 60, 700)
    if not first:
        stamp()
    assert plain(paper) == PROSE


@pytest.mark.parametrize("shade", [0.6, 0.8, 0.9])
@pytest.mark.parametrize(("word", "points"), [("SAMPLE", 60), ("NOT FOR SALE", 44), ("Entwurf", 80)])
def test_a_light_word_across_the_page_is_no_part_of_the_text(shade: float, word: str, points: float) -> None:
    paper = Paper().face("Helvetica-Bold", points)
    paper.setFillGray(shade)
    paper.line(word, 90, 672)
    paper.setFillGray(0)
    paper.face("Times-Roman", 11).paragraph(WORDS, 60, 700)
    assert plain(paper) == PROSE


def test_a_transparent_word_across_the_page_is_no_part_of_the_text() -> None:
    paper = Paper().face("Times-Roman", 11)
    paper.paragraph(WORDS, 60, 700)
    paper.setFillAlpha(0.2)
    paper.face("Helvetica-Bold", 70).line("COPY", 100, 670)
    assert plain(paper) == PROSE


def test_a_large_title_and_light_text_are_read() -> None:
    paper = Paper().face("Helvetica-Bold", 30)
    paper.line("The port", 60, 760)
    paper.setFillGray(0.5)
    paper.face("Times-Roman", 11).paragraph(WORDS, 60, 700)
    assert plain(paper) == f"**The port** {PROSE}"


@pytest.mark.parametrize("seed", range(4))
def test_lines_are_read_from_the_top_in_whatever_order_the_file_has_them(seed: int) -> None:
    paper = Paper().face("Times-Roman", 11)
    lines = column(paper, f"{NORTH} {SOUTH} {EAST}", 380)
    placed = list(enumerate(lines))
    random.Random(seed).shuffle(placed)
    for number, text in placed:
        paper.line(text, 60, 760 - 14 * number)
    assert plain(paper) == f"{NORTH} {SOUTH} {EAST}"


@pytest.mark.parametrize("by_row", [False, True])
@pytest.mark.parametrize(("size", "columns", "gutter", "font", "points"), [
    (A4, 2, 24, "Times-Roman", 10),
    (A4, 3, 16, "Helvetica", 8),
    (LETTER, 2, 40, UNICODE, 9),
    ((842.0, 595.0), 3, 30, "Times-Roman", 11),
    (A4, 2, 12, "Helvetica", 9),
])  # fmt: skip
@pytest.mark.parametrize("offset", [0, 4])
def test_columns(by_row: bool, size: tuple[float, float], columns: int, gutter: float, font: str, points: float, offset: float) -> None:
    paper = Paper(size).face(font, points)
    width = (size[0] - 100 - gutter * (columns - 1)) / columns
    texts = (NORTH, SOUTH, EAST)[:columns]
    drawn: list[tuple[float, float, str]] = []
    for number, text in enumerate(texts):
        for row, words in enumerate(column(paper, text, width)):
            drawn.append((50 + number * (width + gutter), size[1] - 90 - 1.3 * points * row - offset * number, words))
    for x, y, words in sorted(drawn, key=lambda line: (-line[1], line[0])) if by_row else drawn:
        paper.line(words, x, y)
    assert plain(paper) == " ".join(texts)


@pytest.mark.parametrize("by_row", [False, True])
@pytest.mark.parametrize("second", [240, 300, 400])
@pytest.mark.parametrize("font", ["Helvetica", "Times-Roman", UNICODE])
def test_short_columns_of_questions_and_answers(font: str, second: float, by_row: bool) -> None:
    texts = (
        "Q. Who pays the crews? A. The ministry pays 7,500 dinars a week to each crew. Owners blame crews who leave.",
        "Q. Is there a want of pilots? A. Yes, the pier has no pilot for 2021 and hires from Kuwait. The union knows of 14 more.",
    )
    paper = Paper().face(font, 9)
    drawn = [
        (x, 700 - 12 * row, words)
        for x, text in zip((60, second), texts, strict=True)
        for row, words in enumerate(column(paper, text, 150))
    ]
    for x, y, words in sorted(drawn, key=lambda line: (-line[1], line[0])) if by_row else drawn:
        paper.line(words, x, y)
    assert plain(paper) == " ".join(texts)


def test_a_title_above_and_a_line_below_columns_stand_where_they_are() -> None:
    paper = Paper().face("Helvetica-Bold", 15)
    paper.line("Three piers and what is loaded there, by those who load it", 60, 780)
    paper.face("Times-Roman", 10)
    for x, text in ((60, NORTH), (310, SOUTH)):
        paper.paragraph(column(paper, text, 220), x, 750)
    paper.line("All of it was written down in the spring and read again by those whom it names, line by line.", 60, 560)
    found = plain(paper)
    assert found.startswith("**Three piers")
    assert f"{NORTH} {SOUTH} All of it" in found


def test_a_heading_over_two_columns_divides_what_is_above_from_what_is_below() -> None:
    paper = Paper().face("Times-Roman", 10)
    for x, text in ((60, NORTH), (310, SOUTH)):
        paper.paragraph(column(paper, text, 220), x, 760)
    paper.face("Helvetica-Bold", 13).line("The yard", 60, 600)
    paper.face("Times-Roman", 10)
    for x, text in ((60, EAST), (310, PROSE)):
        paper.paragraph(column(paper, text, 220), x, 570)
    assert plain(paper) == f"{NORTH} {SOUTH} **The yard** {EAST} {PROSE}"


def test_a_word_that_the_end_of_a_column_cuts_is_whole() -> None:
    paper = Paper().face("Times-Roman", 10)
    paper.paragraph(["The pilots of the harbour wait at the", "pier for the tide, and each of the de-"], 60, 700)
    paper.paragraph(["partures is written down by the", "master, who has done so for years."], 320, 700)
    assert "each of the departures is written" in plain(paper)


def test_paragraphs_are_set_apart_by_space_or_by_an_indent() -> None:
    paper = Paper().face("Times-Roman", 10)
    y = 760.0
    for text in (NORTH, SOUTH):
        y = paper.paragraph(column(paper, text, 400), 60, y) - 8
    for text in (EAST, PROSE):
        first, *rest = column(paper, text, 400)
        paper.line(first, 78, y)
        y = paper.paragraph(rest, 60, y - 13)
    assert [" ".join(text.split()) for text in read(paper).text.strip().split("\n\n")] == [NORTH, SOUTH, EAST, PROSE]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    paper = Paper().face("Times-Roman", 10)
    for number, text in enumerate((NORTH, SOUTH, EAST, PROSE), start=1):
        paper.line("Ports and piers, second edition", 60, 810)
        paper.line(f"Page {number} of 4", 270, 30)
        paper.paragraph(column(paper, text, 420), 60, 740)
        if number < 4:
            paper.page()
    report = read(paper)
    assert [" ".join(page.split()) for page in report.text.split("\f")] == [NORTH, SOUTH, EAST, PROSE]
    assert [report.text[start - 1] for start in report.page_starts[1:]] == ["\f"] * 3


def test_page_numbers_in_roman_letters_are_left_out() -> None:
    paper = Paper().face("Times-Roman", 10)
    for number, text in enumerate((NORTH, SOUTH, EAST, PROSE)):
        paper.line(("ix", "- x -", "xi", "xii")[number], 290, 30)
        paper.paragraph(column(paper, text, 420), 60, 740)
        if number < 3:
            paper.page()
    assert [" ".join(page.split()) for page in read(paper).text.split("\f")] == [NORTH, SOUTH, EAST, PROSE]


@pytest.mark.parametrize("by_row", [False, True])
def test_short_columns_with_divided_words_below_a_title_of_two_lines(by_row: bool) -> None:
    paper = Paper().face("Times-Roman", 10)
    sides = (
        ("Who pays the crews here?", "The ministry of har-", "bours pays 3,600 crowns and the", "town gives some of the rest."),
        ("Is it enough for all of them?", "Not for house-", "holds with five chil-", "dren, said a pilot of the port."),
    )
    paper.paragraph(["Notes on crews", "Date: 14 March 2021"], 60, 780)
    drawn = [(x, 730 - 13 * row, words) for x, side in zip((60, 320), sides, strict=True) for row, words in enumerate(side)]
    for x, y, words in sorted(drawn, key=lambda line: (-line[1], line[0])) if by_row else drawn:
        paper.line(words, x, y)
    found = plain(paper)
    assert "harbours pays 3,600 crowns and the town gives some of the rest. Is it enough" in found
    assert found.endswith("Not for households with five children, said a pilot of the port.")


def test_footnotes_stand_at_the_end_of_their_page_with_their_marks() -> None:
    paper = Paper().face("Times-Roman", 11)
    first, second = column(paper, NORTH, 460)[:2]
    paper.line(first, 60, 740)
    mark: Callable[[float, float, str], None] = lambda x, y, text: paper.face("Times-Roman", 7).line(text, x, y + 4)  # noqa: E731
    mark(60 + paper.width(first), 740, "1")
    paper.face("Times-Roman", 11).line(second, 60, 726)
    mark(60, 90, "1")
    paper.face("Times-Roman", 8.5).line("Records of the port, box 12, kept in the", 66, 90)
    paper.line("cellar of the town hall.", 60, 80)
    paper.line("2   Told by a pilot.", 60, 70)
    assert read(paper).text.strip().split("\n\n")[1:] == [
        "<sup>1</sup> Records of the port, box 12, kept in the cellar of the town hall.",
        "<sup>2</sup> Told by a pilot.",
    ]


def test_a_word_and_a_number_that_the_end_of_a_page_cuts_stand_on_the_page_where_they_begin() -> None:
    paper = Paper().face("Times-Roman", 11)
    paper.line("Both piers were paid for by the de-", 60, 60)
    paper.page()
    paper.line("partment of ships, which gave 12,", 60, 780)
    paper.page()
    paper.line("500 crowns a year.", 60, 780)
    assert [" ".join(page.split()) for page in read(paper).text.split("\f")] == [
        "Both piers were paid for by the department",
        "of ships, which gave 12,500",
        "crowns a year.",
    ]


def test_bullets_that_are_drawn_as_shapes_begin_the_items_of_a_list() -> None:
    paper = Paper().face("Helvetica", 10)
    paper.line("The master keeps:", 60, 700)
    for number, item in enumerate(("a list of the ships", "a list of the crews and of all who came with them")):
        paper.circle(72, 683.5 - 14 * number, 1.8, stroke=0, fill=1)
        paper.line(item, 84, 680 - 14 * number)
    assert read(paper).text.strip().endswith("\u2022 a list of the ships\n\u2022 a list of the crews and of all who came with them")
