"""Whole web pages of the US human-rights reports, where they are here, judged by their own elements."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from ffm.ingest import read_report
from ffm.segment import segment

ROOT = Path(__file__).parents[1]
PLACES = (Path(os.environ.get("FFM_RAW_TEXT", "").split(os.pathsep)[0] or "."), ROOT.parent / "shared" / "raw_text")
FOLDER = next((place / "us-hrr" for place in PLACES if (place / "us-hrr").is_dir()), None)
PAGES = sorted(FOLDER.glob("*.html")) if FOLDER else []
BODY = ".report__content"  # what these pages call their text
LABEL = "report-toc-section"  # and the word "Section 3." above a heading

pytestmark = pytest.mark.skipif(not PAGES, reason="the pages are not here")


def letters(text: str) -> str:
    """Return the letters and digits of a text, lower case."""
    return re.sub(r"[\W_]+", "", re.sub(r"</?\w+>", "", text)).lower()


def check(path: Path) -> None:
    body = LexborHTMLParser(path.read_text(encoding="utf-8")).css_first(BODY)
    assert body is not None
    paragraphs = [letters(node.text()) for node in body.css("p, li") if LABEL not in (node.attributes.get("class") or "")]
    paragraphs = [text for text in paragraphs if text]
    headings = [letters(node.text()) for node in body.css("h1, h2, h3, h4, h5, h6") if letters(node.text())]
    found = segment(read_report(path))
    report = found.report.text
    printed = [letters(line.lstrip("# ")) for line in report.splitlines() if line.startswith("#")]
    assert [title for title in printed if title in headings] == headings
    passages = [letters(passage.text) for passage in found.passages]
    whole = letters(body.text())
    assert [passage for passage in passages if passage not in whole] == []  # nothing of menus, contents, other pages
    together, once = "".join(passages), "".join(paragraphs)  # a long paragraph is divided into passages
    assert [text for text in paragraphs if text not in together] == []
    assert [text for text in paragraphs if len(text) > 80 and together.count(text) != once.count(text)] == []
    numbered = {number + title for number, title in pairwise(headings)}  # "Section 3." stands above its title
    assert {letters(passage.section) for passage in found.passages if passage.section} <= {*headings, *numbered}
    assert len([passage for passage in found.passages if not passage.section]) == 0


@pytest.mark.parametrize("path", [path for path in PAGES if "albania" in path.name], ids=lambda path: path.stem)
def test_the_pages_of_one_country_give_their_text_once_and_nothing_else(path: Path) -> None:
    check(path)


@pytest.mark.slow
@pytest.mark.parametrize("path", [path for path in PAGES if "albania" not in path.name], ids=lambda path: path.stem)
def test_the_pages_of_the_other_countries_do_so_too(path: Path) -> None:
    check(path)
