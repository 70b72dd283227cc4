"""Word files: headings, numbers, lists, tables, notes; tracked changes accepted; hostile ones refused."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.shared import Pt

from ffm.errors import ReportError
from ffm.ingest import read_report
from ffm.segment import segment

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def read(tmp_path: Path, write: Callable[[Document], object]) -> str:
    document = docx.Document()
    write(document)
    document.save(str(tmp_path / "report.docx"))
    return read_report(tmp_path / "report.docx").text


def package(path: Path, body: str, parts: dict[str, str] | None = None) -> Path:
    """Write a Word file of XML: its body, and other parts by name."""
    kinds = {"footnotes": "footnotes", "comments": "comments", "numbering": "numbering"}
    given = parts or {}
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{RELATION}/{kinds[name]}" Target="{name}.xml"/>' for number, name in enumerate(given)
    )
    head = f'<?xml version="1.0"?><w:document xmlns:w="{WORD}"><w:body>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="d" Type="{RELATION}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", f"{head}{body}</w:body></w:document>")
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>',
        )
        for name, part in given.items():
            archive.writestr(f"word/{name}.xml", part)
    return path


def paragraph(runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_headings_by_style_and_by_look(tmp_path: Path) -> None:
    def write(document: Document) -> None:
        document.add_heading("Visit to Orto", 0)
        document.add_heading("Ovens", 2)
        document.add_paragraph("Nine ovens are warm.")
        document.add_paragraph().add_run("Mills").bold = True
        document.add_paragraph("Two mills turn.")
        document.add_paragraph().add_run("Flour").font.size = Pt(18)
        document.add_paragraph("It is dear.")

    text = read(tmp_path, write)
    assert text.startswith("# Visit to Orto\n\n## Ovens\n\nNine ovens are warm.\n\n**Mills**\n\nTwo mills turn.\n\n**Flour**\n\n")
    sections = [passage.section for passage in segment(read_report(tmp_path / "report.docx")).passages]
    assert sections == ["Ovens", "Mills", "Flour"]


def test_lists_and_tables(tmp_path: Path) -> None:
    def write(document: Document) -> None:
        document.add_paragraph("rye", style="List Bullet")
        document.add_paragraph("wheat", style="List Bullet")
        document.add_paragraph("Mill it.", style="List Number")
        document.add_paragraph("Then wait.")
        document.add_paragraph("Bake it.", style="List Number")
        table = document.add_table(2, 2)
        for row, cells in zip(table.rows, (("Town", "Ovens"), ("Orto", "9")), strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words

    text = read(tmp_path, write)
    assert text == "- rye\n- wheat\n\n1. Mill it.\n\nThen wait.\n\n2. Bake it.\n\n| Town | Ovens |\n| --- | --- |\n| Orto | 9 |\n"


def test_a_cell_that_reaches_over_rows_leaves_the_cells_beside_it_in_their_columns(tmp_path: Path) -> None:
    def write(document: Document) -> None:
        table = document.add_table(3, 3)
        for row, cells in zip(table.rows, (("Town", "Year", "Ovens"), ("Orto", "2018", "9"), ("", "2019", "7")), strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
        table.cell(1, 0).merge(table.cell(2, 0))

    assert read(tmp_path, write) == "| Town | Year | Ovens |\n| --- | --- | --- |\n| Orto | 2018 | 9 |\n|  | 2019 | 7 |\n"


def test_numbers_are_counted_over_levels_as_word_prints_them(tmp_path: Path) -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{shape}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, shape, text in ((0, "decimal", "%1."), (1, "decimal", "%1.%2"), (2, "lowerLetter", "(%3)"))
    )
    numbering = f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    body = "".join(
        paragraph(run(words), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')
        for level, words in (
            (0, "Ovens"),
            (1, "The town has nine."),
            (1, "Four are cold."),
            (2, "It rained."),
            (0, "Mills"),
            (1, "Two turn."),
        )
    )
    text = read_report(package(tmp_path / "report.docx", body, {"numbering": numbering})).text
    printed = [line.strip() for line in text.splitlines() if line.strip()]
    assert printed == ["1. Ovens", "1.1 The town has nine.", "1.2 Four are cold.", "(a) It rained.", "2. Mills", "2.1 Two turn."]


def test_tracked_changes_are_accepted_comments_and_hidden_text_left_out_notes_kept(tmp_path: Path) -> None:
    body = (
        paragraph(
            run("Bread costs ")
            + '<w:del w:id="1" w:author="x"><w:r><w:delText>8</w:delText></w:r></w:del>'
            + f'<w:ins w:id="2" w:author="x">{run("9")}</w:ins>'
            + run(" lek")
            + '<w:r><w:rPr><w:vanish/></w:rPr><w:t> secretly</w:t></w:r><w:commentRangeStart w:id="0"/>'
            + run(".")
            + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r><w:r><w:footnoteReference w:id="5"/></w:r>'
        )
        + f'<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>{paragraph(run("Ovens 3"))}</w:sdtContent></w:sdt>'
    )
    parts = {
        "footnotes": f'<w:footnotes xmlns:w="{WORD}"><w:footnote w:id="5">{paragraph(run("A baker, May 2019."))}</w:footnote></w:footnotes>',
        "comments": f'<w:comments xmlns:w="{WORD}"><w:comment w:id="0" w:author="x">{paragraph(run("Check this."))}</w:comment></w:comments>',
    }
    assert read_report(package(tmp_path / "report.docx", body, parts)).text == "Bread costs 9 lek.[^1]\n\n[^1]: A baker, May 2019.\n"


def bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 150_000_000)
    return data.getvalue()


def entities() -> bytes:
    data = io.BytesIO()
    lines = "".join(f'<!ENTITY a{number} "{f"&a{number - 1};" * 10 if number else "bread "}">' for number in range(9))
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("word/document.xml", f"<?xml version='1.0'?><!DOCTYPE w [{lines}]><w>&a8;</w>")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (bomb(), "unpacks to more"),
        (entities(), "document type"),
        (b"PK\x03\x04 and no more", "not a readable .docx"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old binary format"),
        (b"", "not a readable .docx"),
    ],
)
def test_a_hostile_or_damaged_file_is_refused_in_one_line(tmp_path: Path, data: bytes, why: str) -> None:
    started = time.perf_counter()
    (tmp_path / "report.docx").write_bytes(data)
    with pytest.raises(ReportError, match=why) as refused:
        read_report(tmp_path / "report.docx")
    assert "\n" not in str(refused.value)
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("notes.odt", "soffice --headless --convert-to docx"),
        ("notes.doc", "soffice --headless --convert-to docx"),
        ("my notes.rtf", "soffice --headless --convert-to docx"),
        ("book.epub", "pandoc --to docx"),
    ],
)
def test_other_formats_name_the_command_that_converts_them(tmp_path: Path, name: str, command: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(ReportError, match=command):
        read_report(tmp_path / name)
