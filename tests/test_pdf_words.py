"""Words of a PDF are those that stand on the page, whatever runs the file draws."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawing import A4, LETTER, PROSE, UNICODE, WORDS, Paper
from ffm.ingest.pdf import read_pdf

FONTS = ("Helvetica", "Times-Roman", "Courier", UNICODE)


def text_of(paper: Paper) -> str:
    return read_pdf(Path("drawn.pdf"), paper.data(), "drawn").text


def plain(paper: Paper) -> str:
    return " ".join(text_of(paper).split())


def draw(each: Callable[[Paper, str, float], None], font: str = "Times-Roman", size: float = 11) -> str:
    paper = Paper().face(font, size)
    for number, words in enumerate(WORDS):
        each(paper, words, 700 - 14 * number)
    return plain(paper)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("length", [1, 2, 3, 5, 8])
def test_runs_of_any_length_give_the_same_words(font: str, length: int) -> None:
    assert draw(lambda paper, words, y: paper.runs(words, 60, y, length), font) == PROSE


@pytest.mark.parametrize("font", FONTS)
def test_words_that_are_set_apart_without_drawing_a_space(font: str) -> None:
    assert draw(lambda paper, words, y: paper.runs(words, 60, y, 4, spaces=False), font, 9) == PROSE


@pytest.mark.parametrize("width", [380, 430, 470])
def test_justified_lines(width: float) -> None:
    assert draw(lambda paper, words, y: paper.justified(words, 60, y, width)) == PROSE


@pytest.mark.parametrize("letters", [-0.3, 0.4, 1.0, 2.2, 4.5])
def test_letter_spacing(letters: float) -> None:
    assert draw(lambda paper, words, y: paper.spaced(words, 20, y, letters), "Helvetica", 9) == PROSE


def test_word_spacing() -> None:
    assert draw(lambda paper, words, y: paper.spaced(words, 40, y, words=4)) == PROSE


@pytest.mark.parametrize("shift", [(0.0, 0.0), (0.3, 0.0), (0.35, 0.2)])
def test_letters_that_are_drawn_twice_are_read_once(shift: tuple[float, float]) -> None:
    def twice(paper: Paper, words: str, y: float) -> None:
        paper.line(words, 60, y)
        paper.line(words, 60 + shift[0], y + shift[1])

    assert draw(twice) == PROSE


def test_letters_that_are_drawn_twice_one_by_one() -> None:
    def twice(paper: Paper, words: str, y: float) -> None:
        paper.runs(words, 60, y, 1)
        paper.runs(words, 60.25, y, 1)

    assert draw(twice, "Helvetica") == PROSE


def test_kerning_between_runs() -> None:
    paper = Paper(LETTER).face("Times-Roman", 12)
    x = 72.0
    for pair, kern in (
        ("V", 1.5),
        ("AT", 1.0),
        (" T", 0.9),
        ("oronto ", 0.0),
        ("A", 1.6),
        ("V", 1.4),
        ("ARUA", 0.2),
        (" W", 1.0),
        ("e go.", 0),
    ):
        paper.line(pair, x, 600)
        x += paper.width(pair) - kern
    assert plain(paper) == "VAT Toronto AVARUA We go."


def test_small_capitals_and_mixed_sizes_are_one_word() -> None:
    paper = Paper()
    x = 60.0
    for word in ("Harbour", "Master"):
        for part, points in ((word[0], 14), (word[1:].upper(), 11)):
            paper.face("Times-Roman", points).line(part, x, 700)
            x += paper.width(part)
        x += 4
    assert "HARBOUR MASTER" in plain(paper)


def test_words_in_two_faces_are_one_line() -> None:
    paper = Paper().face("Times-Bold", 11)
    paper.line("Pilots:", 60, 700)
    end = 60 + paper.width("Pilots: ")
    paper.face("Times-Italic", 11).line("nineteen", end, 700)
    end += paper.width("nineteen ")
    paper.face("Times-Roman", 11).line("of them.", end, 700)
    assert plain(paper) == "Pilots: nineteen of them."


def test_ligatures_are_letters() -> None:
    paper = Paper().face(UNICODE, 11)
    paper.line("The o\ufb03cer \ufb01led \ufb02eet \ufb00 and con\ufb02ict.", 60, 700)
    assert plain(paper) == "The officer filed fleet ff and conflict."


def test_accents_are_composed_and_special_spaces_are_spaces() -> None:
    paper = Paper().face(UNICODE, 11)
    paper.line("Shkode\u0308r\u00a0and\u2009Kuke\u0308s pay 9\u202f000 lek.", 60, 700)
    assert plain(paper) == "Shkod\u00ebr and Kuk\u00ebs pay 9 000 lek."


def test_letters_set_apart_by_spaces_are_words() -> None:
    paper = Paper().face("Helvetica", 14)
    paper.spaced("F L E E T   R E P O R T", 60, 700)
    paper.face("Helvetica", 10).line("Nineteen boats were seen.", 60, 660)
    assert "FLEET REPORT" in plain(paper)


def test_raised_numbers_are_marks_and_raised_letters_are_not() -> None:
    paper = Paper().face("Times-Roman", 11)
    paper.line("The pier is closed", 60, 700)
    end = 60 + paper.width("The pier is closed")
    paper.face("Times-Roman", 7).line("12", end, 704)
    end += paper.width("12")
    paper.face("Times-Roman", 11).line(" since the 5", end, 700)
    end += paper.width(" since the 5")
    paper.face("Times-Roman", 7).line("th", end, 704)
    end += paper.width("th")
    paper.face("Times-Roman", 11).line(" of May, over 40 km", end, 700)
    end += paper.width(" of May, over 40 km")
    paper.face("Times-Roman", 7).line("2", end, 704)
    assert plain(paper) == "The pier is closed<sup>12</sup> since the 5th of May, over 40 km2"


def test_control_characters_and_private_bullets() -> None:
    paper = Paper().face("Helvetica", 11)
    paper.line("Pilots\x01 wait\x1b here.", 60, 700)
    assert not any(ord(letter) < 32 and letter not in "\n\f\t" for letter in text_of(paper))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=9), min_size=3, max_size=9),
    st.integers(1, 9),
    st.sampled_from([7.5, 9.0, 11.0, 16.0]),
    st.sampled_from(["Helvetica", "Times-Roman"]),
)
def test_any_words_in_any_runs(words: list[str], length: int, size: float, font: str) -> None:
    paper = Paper(A4).face(font, size)
    paper.runs(" ".join(words), 30, 700, length)
    assert plain(paper) == " ".join(words)
