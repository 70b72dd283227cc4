"""The sample reports, printed to PDF by a browser in three styles, give the passages, entities and labels of their Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from ffm.ingest import read_report
from ffm.records import TaggedPassage
from ffm.tagging.pipeline import load
from ffm.tagging.report import tag_report
from test_pages_in_browser import ARGUMENTS, chromium, playwright

markdown = pytest.importorskip("markdown_it")

SAMPLES = sorted((Path(__file__).parents[1] / "raw_text").glob("*-digest.md"))
STYLES = {
    "as the browser has it": "",
    "justified, hyphenated, with ruled tables": """
        @page { size: A4; margin: 2.2cm }
        body { font: 11pt/1.4 "DejaVu Serif", serif; text-align: justify; hyphens: auto }
        h1, h2, h3 { font-family: "DejaVu Sans", sans-serif }
        table { border-collapse: collapse } td, th { border: 0.5pt solid #444; padding: 2pt 6pt }""",
    "in two columns": """
        @page { size: A4; margin: 1.8cm }
        body { font: 9.5pt/1.35 "DejaVu Sans", sans-serif; columns: 2; column-gap: 1cm } h1 { column-span: all }
        table { width: 100% } th { background: #ddd } td { border-bottom: 0.5pt solid #999 }""",
}
HEAD = '<div style="font-size: 8px; width: 100%; text-align: center">Digests of reports</div>'
FOOT = '<div style="font-size: 8px; width: 100%; text-align: center"><span class="pageNumber"></span> of <span class="totalPages"></span></div>'

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here")
    with playwright.sync_playwright() as play:
        running = play.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


def as_html(text: str) -> str:
    """Return Markdown as a page; lines with tabs are rows of a table, those of a contents list lines."""

    def rows(match: re.Match[str]) -> str:
        if "....." in match[0]:
            return "\n\n" + match[0].replace("\n", "<br>\n") + "\n\n"
        cells = ("".join(f"<td>{cell}</td>" for cell in line.split("\t")) for line in match[0].strip("\n").split("\n"))
        return "\n\n<table>" + "".join(f"<tr>{line}</tr>" for line in cells) + "</table>\n\n"

    return markdown.MarkdownIt("commonmark", {"html": True}).enable("table").render(re.sub(r"(?m)(?:^[^\n]*\t[^\n]*\n){2,}", rows, text))


@cache
def tagged(path: Path) -> list[TaggedPassage]:
    return tag_report(read_report(path), load())


def plain(text: str) -> str:
    return " ".join(re.sub(r"</?sup>|[*_#>|\u2022]|(?m:^- )|-{3,}", " ", text).split())


def share_kept(before: Counter, after: Counter) -> float:
    """Return how much of two lists is in both: of the longer one."""
    return (before & after).total() / max(before.total(), after.total())


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_printed_sample_is_read_like_its_markdown(sample: Path, style: str, browser, tmp_path: Path) -> None:
    page = browser.new_page()
    page.set_content(f'<!doctype html><html lang="en"><style>{STYLES[style]}</style><body>{as_html(sample.read_text(encoding="utf-8"))}')
    printed = tmp_path / f"{sample.stem}.pdf"
    page.pdf(path=printed, prefer_css_page_size=True, display_header_footer=bool(STYLES[style]), header_template=HEAD, footer_template=FOOT)
    page.close()
    before, after = tagged(sample), tagged(printed)
    found = [
        (
            Counter((e.label, plain(e.text), e.kind, e.low, e.high) for row in rows for e in (*row.entities, *row.question_entities)),
            Counter((label, row.source) for row in rows for label in row.labels),
            Counter((row.kind, plain(row.text)) for row in rows),
        )
        for rows in (before, after)
    ]
    entities, labels, passages = (share_kept(*counts) for counts in zip(*found, strict=True))
    assert entities >= 0.98
    assert labels >= 0.97  # of 46 one is 0.978
    assert passages >= 0.9
