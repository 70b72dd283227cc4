"""What a line's end cuts is one word or one number again; what is written with a hyphen keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawing import UNICODE, Paper
from ffm.ingest.pdf import read_pdf
from ffm.ingest.pdf.hyphens import Joiner

JOINED = [
    "har-|bour",
    "sum-|mer",
    "Kora-|bi",
    "traf-|ficked",
    "work-|ers",
    "depart-|ment",
    "pro-|gramme",
    "mar-|ried",
    "house-|hold",
    "inter-|view",
    "re-|port",
    "stigmati-|sation",
    "organi-|sation",
    "coun-|sellor",
    "interview-|ees",
    "re-|integration",
    "repatri-|ation",
    "Gramsh-|i",
    "Deutsch-|land",
    "of-|fice",
    "short-|age",
    "over-|crowded",
    "over-|crowding",
    "govern-|ments",
    "pre-|vention",
    "chil-|dren",
    "un-|employed",
    "Bul-|qizë",
    "Sko-|pje",
]
KEPT = [
    "anti-|corruption",
    "non-|payment",
    "self-|reliant",
    "post-|war",
    "long-|distance",
    "well-|known",
    "mid-|term",
    "multi-|party",
    "UN-|backed",
    "EU-|funded",
    "14-|year-old",
    "300-|bed",
    "co-|ordination",
    "re-|traumatised",
    "cross-|border",
    "high-|risk",
    "Tirana-|based",
    "decision-|making",
    "mother-|in-law",
    "mother-in-|law",
    "child-|friendly",
    "20-|30",
    "low-|paid",
    "ex-|soldier",
    "NGO-|led",
    "half-|finished",
    "two-|thirds",
    "Afro-|Asian",
    "women-|only",
    "so-|called",
]


@pytest.mark.parametrize("hyphen", ["-", "\u00ad"])
@pytest.mark.parametrize("cut", JOINED)
def test_a_divided_word_is_joined(cut: str, hyphen: str) -> None:
    above, below = cut.split("|")
    assert Joiner(()).join(f"of the {above[:-1]}{hyphen}", f"{below} there") == f"of the {above[:-1]}{below} there"


@pytest.mark.parametrize("cut", KEPT)
def test_a_compound_keeps_its_hyphen(cut: str) -> None:
    above, below = cut.split("|")
    assert Joiner(()).join(f"of the {above}", f"{below} there") == f"of the {above}{below} there"


@pytest.mark.parametrize(("text", "expected"), [("The pre-trial hearing", "pre-trial"), ("The pretrial hearing", "pretrial")])
def test_the_words_of_the_text_decide_before_the_dictionary(text: str, expected: str) -> None:
    assert Joiner([text, "is in the pre-"]).join("is in the pre-", "trial phase") == f"is in the {expected} phase"


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        ("costs 14,", "500 crowns", "costs 14,500 crowns"),
        ("costs 1,200,", "000 crowns", "costs 1,200,000 crowns"),
        ("about $3,", "750 each", "about $3,750 each"),
        ("about £2.", "5 million", "about £2.5 million"),
        ("rose by 7.", "5 per cent", "rose by 7.5 per cent"),
        ("rose by 7.", "5% a year", "rose by 7.5% a year"),
        ("some 40", "% of them", "some 40% of them"),
        ("costs 14", ",500 crowns", "costs 14,500 crowns"),
        ("about €", "1.2 million", "about €1.2 million"),
        ("from 10–", "15 boats", "from 10–15 boats"),
        ("of 2020/", "21 they", "of 2020/21 they"),
        ("left in 2019.", "2 boats came", "left in 2019. 2 boats came"),
        ("in April, May,", "300 came", "in April, May, 300 came"),
        ("in 2018,", "400 came", "in 2018, 400 came"),
        ("saw 5.", "12 others", "saw 5. 12 others"),
        ("see https://port.example/a-", "b/c for it", "see https://port.example/a-b/c for it"),
        ("see www.port.example/lists/", "ships-2021.html for it", "see www.port.example/lists/ships-2021.html for it"),
        ("both short-", "and long-distance", "both short- and long-distance"),
    ],
)
def test_numbers_and_addresses(above: str, below: str, whole: str) -> None:
    assert Joiner(()).join(above, below) == whole


@pytest.mark.parametrize("hyphen", ["-", "\u2010", "\u2011", "\u00ad"])
def test_every_hyphen_of_a_page(hyphen: str) -> None:
    paper = Paper().face(UNICODE, 10)
    paper.paragraph([f"The re{hyphen}", f"unloading of 12{hyphen}", f"metre boats at the har{hyphen}", "bour of Basra."], 60, 700)
    assert " ".join(read_pdf(Path("a.pdf"), paper.data(), "a").text.split()) in (
        "The re-unloading of 12-metre boats at the harbour of Basra.",
        "The reunloading of 12-metre boats at the harbour of Basra.",
    )


def test_soft_hyphens_within_lines_are_left_out() -> None:
    paper = Paper().face(UNICODE, 10)
    paper.line("The de\u00adpart\u00adment of ships.", 60, 700)
    assert read_pdf(Path("a.pdf"), paper.data(), "a").text == "The department of ships.\n"


@given(st.text(max_size=40), st.text(max_size=40))
def test_joining_loses_nothing_but_a_hyphen(above: str, below: str) -> None:
    whole = Joiner(()).join(above, below)
    assert whole in {f"{above} {below}", above + below, above[:-1] + below, above[:-1] + "-" + below, above or below}
