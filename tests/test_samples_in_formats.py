"""The samples, saved as a web page and as a Word file, give the entities and labels of their Markdown."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import docx
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

import ffm
from ffm.ingest import read_report
from ffm.records import TaggedPassage
from ffm.tagging.report import tag_report

ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "raw_text").glob("*digest.md"))
AGREED = 0.98
TAB = "\t"
PAGE = """<!doctype html><html lang="en"><head><title>A digest</title><style>p{{margin:0}}</style></head><body><header><nav><ul>
<li><a href="/">Home</a></li><li><a href="/all">All digests of missions</a></li></ul></nav></header><main>{}</main>
<footer><p>The digests may be used by anyone under the licence of the project.</p></footer></body></html>"""


MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")


def with_rules(source: str) -> str:
    """Return a sample with its table of cells between tabs in the form that Markdown knows."""
    lines: list[str] = []
    for line in source.split("\n"):
        if "\t" not in line or line.startswith("<"):
            lines.append(line)
            continue
        if "|" not in lines[-1]:
            lines.append(f"| {line.replace(TAB, ' | ')} |")
            lines.append(f"|{' --- |' * (line.count(TAB) + 1)}")
        else:
            lines.append(f"| {line.replace(TAB, ' | ')} |")
    return "\n".join(lines)


def save_page(source: str, path: Path) -> None:
    path.write_text(PAGE.format(MARKDOWN.render(source)), encoding="utf-8")


def save_word(source: str, path: Path) -> None:
    """Write headings, paragraphs, items and tables as a word processor would."""
    document = docx.Document()
    rows: list[list[list[Token]]] = []
    styles: list[str | None] = [None]
    for token in MARKDOWN.parse(source):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            styles.append("List Bullet" if token.type.startswith("bullet") else "List Number")
        elif token.type == "heading_open":
            styles.append(f"Heading {token.tag[1]}")
        elif token.type == "table_open":
            styles.append("cell")
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            table = document.add_table(len(rows), max(map(len, rows)))
            for number, cells in enumerate(rows):
                for at, children in enumerate(cells):
                    add_runs(table.cell(number, at).paragraphs[0], children)
            rows = []
        elif token.type == "inline" and styles[-1] == "cell":
            rows[-1].append(token.children or [])
        elif token.type == "inline":
            add_runs(document.add_paragraph(style=styles[-1]), token.children or [])
        elif token.type == "html_block":
            document.add_paragraph(token.content.strip())
        if token.type in ("bullet_list_close", "ordered_list_close", "heading_close", "table_close"):
            styles.pop()
    document.save(str(path))


def add_runs(paragraph: docx.text.paragraph.Paragraph, children: list[Token]) -> None:
    bold = raised = False
    for child in children:
        if child.type in ("strong_open", "strong_close"):
            bold = child.type == "strong_open"
        elif child.type == "html_inline" and "sup" in child.content:
            raised = not child.content.startswith("</")
        elif child.type == "html_inline" and child.content.strip("</>") == "b":
            bold = not child.content.startswith("</")
        elif child.content or child.type in ("softbreak", "hardbreak"):
            run = paragraph.add_run(child.content or " ")
            run.bold = bold or None
            run.font.superscript = raised or None


def entities_of(rows: list[TaggedPassage]) -> Counter[tuple[object, ...]]:
    return Counter(
        (entity.label, " ".join(entity.text.split()), entity.kind, entity.low, entity.high, entity.currency)
        for row in rows
        for entity in row.entities
    )


def labels_of(rows: list[TaggedPassage]) -> Counter[tuple[str, str]]:
    return Counter((row.section or "", label) for row in rows for label in row.labels)


def agreement(left: Counter, right: Counter) -> float:
    """Return the F1 of one bag against the other."""
    return 2 * (left & right).total() / max(1, left.total() + right.total())


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".html", ".docx"])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_gives_the_same_in_another_format(tmp_path: Path, sample: Path, suffix: str) -> None:
    source = with_rules(sample.read_text(encoding="utf-8"))
    (save_page if suffix == ".html" else save_word)(source, tmp_path / f"sample{suffix}")
    nlp = ffm.load()
    expected = tag_report(read_report(sample), nlp)
    got = tag_report(read_report(tmp_path / f"sample{suffix}"), nlp)
    assert agreement(entities_of(expected), entities_of(got)) >= AGREED
    assert agreement(labels_of(expected), labels_of(got)) >= AGREED
