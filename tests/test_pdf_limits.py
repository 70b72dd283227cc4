"""A PDF that cannot be read is one clear line in bounded time and memory; a page that cannot is named, the others are read."""

from __future__ import annotations

import os
import random
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import run_in_process
from drawing import PROSE, WORDS, Paper, raw_pdf, stream
from ffm.errors import FfmError, ReportError
from ffm.ingest.pdf import Limits, read_pdf

CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
posix = pytest.mark.skipif(os.name != "posix", reason="limits on memory are those of POSIX")


def page(content: bytes, resources: bytes = b"/Font << /F 5 0 R >>", entries: bytes = b"") -> list[bytes]:
    """Return the objects of a PDF of one page; the fourth is its content, the fifth a font."""
    return [
        CATALOGUE,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << %s >> >>" % resources,
        stream(content, entries),
        FONT,
    ]


def form(content: bytes, inner: int) -> bytes:
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /X %d 0 R >> /Font << /F 5 0 R >> >>"
    return stream(content, entries % inner)


def tower(levels: int, times: int) -> bytes:
    """Return a PDF whose page draws a form that draws the next one several times, and so on."""
    objects = page(b"/X Do", b"/XObject << /X 6 0 R >> /Font << /F 5 0 R >>")
    for number in range(6, 5 + levels):
        objects.append(form(b"/X Do " * times, number + 1))
    return raw_pdf([*objects, form(b"BT /F 9 Tf 9 9 Td (boom) Tj ET", 6)])


ITSELF = raw_pdf([*page(b"/X Do", b"/XObject << /X 6 0 R >>"), form(b"/X Do /X Do", 6)])
NO_SECOND_PAGE = raw_pdf([CATALOGUE, b"<< /Type /Pages /Kids [3 0 R 9 0 R] /Count 2 >>", *page(b"BT /F 9 Tf 9 9 Td (Well.) Tj ET")[2:]])
LOOP = raw_pdf([CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 5 >>", b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 5 >>"])
WIDE = raw_pdf(page(zlib.compress(b"0 0 m 9 9 l S " * 9_000_000, 9), entries=b"/Filter /FlateDecode"))


def read(data: bytes, limits: Limits | None = None) -> str:
    return read_pdf(Path("a.pdf"), data, "a", limits).text


def drawn() -> bytes:
    paper = Paper().face("Times-Roman", 11)
    paper.paragraph(WORDS, 60, 700)
    return paper.data()


@posix
@pytest.mark.parametrize(
    "data", [tower(12, 10), ITSELF, WIDE], ids=["tower of forms", "form that draws itself", "a long stream in a short one"]
)
def test_a_bomb_is_one_line_in_bounded_memory(data: bytes) -> None:
    with pytest.raises(ReportError, match=r"^a\.pdf: reading the PDF takes more than 200 MB of memory; .* FFM_PDF_MEGABYTES"):
        read(data, Limits(60, 200))


def test_a_bomb_is_one_line_in_bounded_time() -> None:
    with pytest.raises(ReportError, match=r"^a\.pdf: reading the PDF takes longer than 0\.5 s; .* FFM_PDF_SECONDS"):
        read(tower(12, 10), Limits(0.5, 4000))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (NO_SECOND_PAGE, "page 2 of the PDF does not load; "),
        (LOOP, "page 1 of the PDF does not load; "),
        (drawn()[:700], "not a readable PDF; "),
        (b"%PDF-1.7", "not a readable PDF; "),
        (raw_pdf(page(b"60 60 200 200 re f")), "the PDF holds no text; "),
        (raw_pdf([CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count 5000 >>", *page(b"")[2:]]), "5000 pages are over the limit of 2000; "),
    ],
)
def test_what_cannot_be_read_says_why_in_one_line(data: bytes, why: str) -> None:
    with pytest.raises(ReportError) as error:
        read(data)
    assert str(error.value).startswith(f"a.pdf: {why}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("place", ["anywhere", "in one row", "small over large"])
def test_a_page_of_scattered_text_is_read_in_bounded_time(place: str) -> None:
    dice = random.Random(5)
    draw = b"BT /F %d Tf %d %d Td (ab) Tj ET"
    places = {
        "anywhere": lambda number: (dice.choice((5, 8, 20)), dice.randrange(600), dice.randrange(800)),
        "in one row": lambda number: (8, 14 * number, 400),
        "small over large": lambda number: (4 + 4 * (number % 2), 7 * number, 400 + 3 * (number % 2)),
    }
    data = raw_pdf(page(b"\n".join(draw % places[place](number) for number in range(15_000))))
    begun = time.perf_counter()
    assert read(data)
    assert time.perf_counter() - begun < 30


def test_an_encrypted_pdf_says_so() -> None:
    encryption = pytest.importorskip("reportlab.lib.pdfencrypt")
    paper = Paper().face("Times-Roman", 11)
    paper.paragraph(WORDS, 60, 700)
    paper._doc.encrypt = encryption.StandardEncryption("secret", strength=128)
    with pytest.raises(ReportError, match="the PDF is encrypted; save a copy without a password"):
        read(paper.data())


def test_the_environment_sets_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFM_PDF_SECONDS", "0.3")
    with pytest.raises(ReportError, match=r"longer than 0\.3 s"):
        read(ITSELF)
    monkeypatch.setenv("FFM_PDF_SECONDS", "soon")
    with pytest.raises(ReportError, match='FFM_PDF_SECONDS: "soon" is no limit; write a number such as 60'):
        read(drawn())


def test_a_bad_file_is_named_and_the_others_are_tagged(tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(NO_SECOND_PAGE)
    (tmp_path / "good.pdf").write_bytes(drawn())
    done = run_in_process("tag", tmp_path, "-o", tmp_path / "out.jsonl")
    assert done.code == 1
    assert [line for line in done.errors if line.startswith("error")] == [
        f"error: {tmp_path / 'bad.pdf'}: page 2 of the PDF does not load; open the file in a viewer and print it to a new PDF"
    ]
    assert "Pilots wait at the pier" in (tmp_path / "out.jsonl").read_text(encoding="utf-8")


def test_the_limit_is_an_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFM_PDF_SECONDS", "60")  # what the option sets ends with the test
    (tmp_path / "bomb.pdf").write_bytes(ITSELF)
    done = run_in_process("tag", tmp_path / "bomb.pdf", "-o", tmp_path / "out.jsonl", "--limit", "0.3")
    assert done.code == 1
    assert any(line.startswith(f"error: {tmp_path / 'bomb.pdf'}: reading the PDF takes longer than 0.3 s; ") for line in done.errors)


def scanned(paper: Paper) -> None:
    """Draw a page that is a picture."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    paper.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, 595, 842)


def test_a_scan_is_named_with_what_to_do() -> None:
    paper = Paper()
    scanned(paper)
    with pytest.raises(
        ReportError, match=r"^a\.pdf: page 1 of the PDF holds no text \(a scan\): 1 of 1 pages \(100%\) is not read; .*recognition"
    ):
        read(paper.data())


def test_pages_without_text_are_named_and_the_others_read() -> None:
    paper = Paper().face("Times-Roman", 11)
    for number in range(6):
        if number in (1, 3, 4):
            scanned(paper)
        else:
            paper.paragraph(WORDS, 60, 700)
        if number < 5:
            paper.page()
    report = read_pdf(Path("a.pdf"), paper.data(), "a")
    assert [" ".join(text.split()) for text in report.text.split("\f")] == [PROSE, "", PROSE, "", "", PROSE]
    assert len(report.notices) == 1
    assert report.notices[0].startswith("a.pdf: pages 2, 4-5 of the PDF hold no text (scans): 3 of 6 pages (50%) are not read; ")


def test_a_font_without_a_map_to_letters_is_named() -> None:
    paper = Paper().face("Courier", 11)
    paper.paragraph(WORDS, 60, 700)
    paper.page()
    garbled = PROSE.translate({code: code - 29 if code - 29 > 32 else 33 for code in range(65, 123)})
    paper.face("Courier", 8).paragraph([garbled[at : at + 80] for at in range(0, len(garbled), 80)], 30, 700)
    report = read_pdf(Path("a.pdf"), paper.data(), "a")
    assert " ".join(report.text.split()) == PROSE
    assert report.notices == (
        "a.pdf: the fonts of page 2 of the PDF do not say which letters they draw: 1 of 2 pages (50%) is not read; "
        "set FFM_PDF_OCR=1 for text recognition, or run OCRmyPDF on the file",
    )


def test_text_recognition_reads_what_a_picture_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image, ImageDraw, ImageFont
    from reportlab.lib.utils import ImageReader

    from ffm.ingest.pdf.ocr import is_installed

    if not is_installed():
        pytest.skip("no Tesseract here")
    import matplotlib

    face = ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"), 44)
    picture = Image.new("L", (2480, 3508), 255)
    for number, text in enumerate(WORDS):
        ImageDraw.Draw(picture).text((200, 300 + 70 * number), text, font=face, fill=0)
    paper = Paper()
    paper.drawImage(ImageReader(picture), 0, 0, 595, 842)
    data = paper.data()
    with pytest.raises(ReportError, match="FFM_PDF_OCR"):
        read(data)
    monkeypatch.setenv("FFM_PDF_OCR", "1")
    report = read_pdf(Path("a.pdf"), data, "a")
    assert " ".join(report.text.split()) == PROSE
    assert report.notices == ()


def test_the_same_bytes_give_the_same_text_every_time() -> None:
    data = drawn()
    assert {read(data) for _ in range(3)} == {read(data)}


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=30), st.integers(0, 400))
def test_damaged_files_are_read_or_refused(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(drawn())
    for place, value in changes:
        data[place % len(data)] = value
    try:
        report = read_pdf(Path("a.pdf"), bytes(data[: len(data) - cut]), "a", Limits(20, 400))
    except FfmError as error:
        assert "\n" not in str(error)
    else:
        assert list(report.page_starts) == sorted(report.page_starts)
