"""From files to texts: encodings are read as they are, a PDF becomes paragraphs, headings, tables and pages."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ffm import segment
from ffm.errors import ReportError
from ffm.ingest import read_report, report_id
from ffm.ingest.encoding import decode

TEXT = "Caf\u00e9 \u201cZo\u00eb\u201d \u2013 20 \u20ac\r\nSecond line\rThird\n"


def pdf(pages: list[list[str]]) -> bytes:
    """Return a PDF of the given pages, each a list of drawing commands; F1 is a plain face, F2 a bold one."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{5 + 2 * n} 0 R' for n in range(len(pages)))}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
    ]
    for number, commands in enumerate(pages):
        stream = "\n".join(commands)
        fonts = "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] {fonts} /Contents {6 + 2 * number} 0 R >>")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    body = "%PDF-1.4\n"
    offsets = []
    for number, text in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + table + trailer).encode("latin-1")


def words(text: str, x: float, y: float, size: float = 11, font: str = "F1") -> str:
    return f"BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET"


def lines(texts: list[str], y: float, font: str = "F1") -> list[str]:
    """Return consecutive lines of one paragraph, the first at height y."""
    return [words(text, 60, y - 14 * number, font=font) for number, text in enumerate(texts)]


def grid(xs: list[float], ys: list[float]) -> list[str]:
    """Return the rules of a table as thin boxes."""
    across = [f"{xs[0]} {y} {xs[-1] - xs[0]} 0.8 re f" for y in ys]
    upright = [f"{x} {min(ys)} 0.8 {max(ys) - min(ys)} re f" for x in xs]
    return across + upright


INTERVIEW = pdf(
    [
        [
            words("Mission to Basra", 250, 770),
            words("1", 300, 20),
            words("Port Authority, 3 May 2021", 60, 700, 15, "F2"),
            *lines(["How many ships came to the port in April, and what did", "they carry?"], 660, "F2"),
            *lines(["Nineteen ships came. Fourteen of them carried grain, and the others were loaded"], 620),
            *lines(["with fuel and with machines that belong to the oil company which keeps its"], 606),
        ],
        [
            words("Mission to Basra", 250, 770),
            words("2", 300, 20),
            *lines(["office in the harbour. They leave within a week. One in three is small and needs", "no pilot."], 700),
            words("Who pays the pilots?", 60, 640, font="F2"),
            *lines(["The state does."], 612),
            words("7", 141, 617, 6),
            words("Table 1. Pilots by month", 60, 560, font="F2"),
            *grid([60, 200, 320], [540, 520, 500, 480]),
            *(
                words(text, x + 5, y)
                for y, row in ((526, ("Month", "Pilots")), (506, ("April", "12")), (486, ("May", "14")))
                for text, x in zip(row, (60, 200), strict=True)
            ),
        ],
        [
            words("Mission to Basra", 250, 770),
            words("3", 300, 20),
            words("Harbour Clinic, 4 May 2021", 60, 700, 15, "F2"),
            words("Is there a doctor?", 60, 660, font="F2"),
            *lines(["There is one on", "four days."], 630),
        ],
    ]
)


@pytest.fixture
def interview(tmp_path: Path) -> Path:
    (tmp_path / "interview.pdf").write_bytes(INTERVIEW)
    return tmp_path / "interview.pdf"


def test_pdf_of_interviews_is_read_like_its_markdown(interview: Path) -> None:
    found = segment(read_report(interview))
    assert [(section.source, section.date) for section in found.sections] == [
        ("Port Authority", "2021-05-03"),
        ("Harbour Clinic", "2021-05-04"),
    ]
    assert [(passage.question, passage.text, passage.page) for passage in found.passages if passage.kind == "answer"] == [
        (
            "**How many ships came to the port in April, and what did they carry?**",
            "Nineteen ships came. Fourteen of them carried grain, and the others were loaded with fuel and with machines that belong to the oil "
            "company which keeps its office in the harbour. They leave within a week. One in three is small and needs no pilot.",
            1,
        ),
        ("**Who pays the pilots?**", "The state does.<sup>7</sup>", 2),
        ("**Is there a doctor?**", "There is one on four days.", 3),
    ]
    assert [passage.text for passage in found.passages if passage.kind == "table"] == ["Month\tPilots\nApril\t12\nMay\t14"]


def test_pdf_has_a_page_start_for_each_page_and_no_running_heads(interview: Path) -> None:
    report = read_report(interview)
    assert len(report.page_starts) == 3
    assert [report.text[start - 1] for start in report.page_starts[1:]] == ["\f", "\f"]
    assert "Mission to Basra" not in report.text


def test_pdf_table_without_text_in_two_columns_is_text(tmp_path: Path) -> None:
    boxed = [
        *grid([60, 540], [700, 600, 500]),
        *lines(["A box of text is no table, though it has rules on all", "four of its sides."], 680),
    ]
    (tmp_path / "box.pdf").write_bytes(pdf([[*boxed, *lines(["And a second box below it."], 560)]]))
    found = segment(read_report(tmp_path / "box.pdf"))
    assert [passage.kind for passage in found.passages] == ["paragraph", "paragraph"]


def test_pdf_joins_a_word_that_a_line_end_divides(tmp_path: Path) -> None:
    (tmp_path / "word.pdf").write_bytes(
        pdf([lines(["The mission went to the har-", "bour of Basra in the sum-", "mer of the year."], 700)])
    )
    assert read_report(tmp_path / "word.pdf").text.strip() == "The mission went to the harbour of Basra in the summer of the year."


@pytest.mark.parametrize(
    ("data", "why"),
    [(pdf([["60 60 200 200 re f"]]), "holds no text"), (INTERVIEW[:300], "not a readable PDF"), (b"", "not a readable PDF")],
)
def test_pdf_without_text_is_refused(tmp_path: Path, data: bytes, why: str) -> None:
    (tmp_path / "scan.pdf").write_bytes(data)
    with pytest.raises(ReportError, match=why):
        read_report(tmp_path / "scan.pdf")


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
    ],
    ids=["utf-8", "utf-8 marked", "utf-16-le marked", "utf-16-be marked", "utf-16-le", "utf-16-be", "cp1252"],
)
@pytest.mark.parametrize("suffix", [".md", ".txt", ".MD"])
def test_text_is_the_decoded_file_itself(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / f"report{suffix}"
    path.write_bytes(data)
    assert read_report(path).text == TEXT


def test_damaged_byte_does_not_turn_utf_8_into_another_encoding() -> None:
    damaged = "Çelësi, Kukës, Vlorë: ".encode() + b"\xff" + " Gjirokastër".encode()
    assert decode(Path("a.md"), damaged) == "Çelësi, Kukës, Vlorë: \ufffd Gjirokastër"


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_utf_8_is_read_without_loss(text: str) -> None:
    assert decode(Path("a.md"), text.encode()) == text.removeprefix("\ufeff")


@pytest.mark.parametrize("data", [b"\0\1\2" * 100, bytes(range(32)) * 50, "\ud83d\ude00".encode("utf-16-le", "surrogatepass")[:3] * 9])
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(ReportError, match=r"binary|damaged"):
        decode(Path("a.md"), data)


@pytest.mark.parametrize(("name", "expected"), [("Iraq 2021 (final).md", "Iraq-2021-final"), ("...md", "report"), ("Kukës.txt", "Kukës")])
def test_report_id_is_the_stem_in_safe_characters(name: str, expected: str) -> None:
    assert report_id(Path(name)) == expected


@pytest.mark.parametrize("name", ["report.docx", "report", "missing.md"])
def test_what_cannot_be_read_is_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    if name != "missing.md":
        (tmp_path / name).write_text("text")
    with pytest.raises(ReportError, match=";"):
        read_report(tmp_path / name)
