"""The text of a PDF: lines by their place on the page, joined to paragraphs, pages set apart by form feeds."""

from __future__ import annotations

import ctypes
import itertools
import re
import statistics
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from msgspec import Struct

from ffm.errors import ReportError
from ffm.ingest.pdf_tables import PdfTable, clean, read_tables
from ffm.records import Report

MAX_PAGES = 2000
MARGIN = 0.09  # share of the page's height in which running heads stand
MAX_BOLD_WORDS = 60
BOLD_WEIGHT = 600
TOGETHER = re.compile(r"^(?:[•●▪†‡]|[QA][.:]\s|\d+(?:\.\d+)+\s|(?:Question|Answer)\s?\d*[.:])")


class PdfLine(Struct):
    """A line of a page, or a table: its text, box in points, page, and whether it is bold."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    page: int
    bold: bool = False
    table: bool = False

    @property
    def height(self) -> float:
        """Height of the line's box in points."""
        return self.top - self.bottom


def read_pdf(path: Path, data: bytes, name: str) -> Report:
    """Read the text of a PDF that has a text layer.

    Paragraphs are set apart by blank lines, pages by form feeds; bold paragraphs stand between asterisks, as in
    Markdown; the cells of ruled tables are set apart by tabs; lines that return at the top or bottom of pages are
    left out.

    Raises
    ------
    ReportError
        If the PDF is damaged, encrypted, too long or has no text.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise ReportError(f"{path}: not a readable PDF ({error}); open it in a viewer and save it again") from None
    try:
        if len(document) > MAX_PAGES:
            raise ReportError(f"{path}: {len(document)} pages are over the limit of {MAX_PAGES}; divide the file")
        pages: list[list[PdfLine]] = []
        heights: list[float] = []
        for number in range(len(document)):
            page = document[number]
            pages.append(_page_lines(page, number))
            heights.append(page.get_height())
    finally:
        document.close()
    if not any(pages):
        raise ReportError(f"{path}: the PDF holds no text (a scan?); run text recognition on it first")
    heads = _running_heads(pages, heights)
    starts: list[int] = []
    texts: list[str] = []
    length = 0
    for number, lines in enumerate(pages):
        starts.append(length)
        kept = [line for line in lines if not (_in_margin(line, heights[number]) and _key(line.text) in heads)]
        texts.append("\n\n".join(_paragraphs(kept)) + ("\n\f" if number + 1 < len(pages) else "\n"))
        length += len(texts[-1])
    return Report(name, "".join(texts), tuple(starts))


def _page_lines(page: Any, number: int) -> list[PdfLine]:
    """Return the lines of a page in the order of the file; pieces that stand at one height are one line, a table is one."""
    textpage = page.get_textpage()
    tables = read_tables(page, textpage)
    placed: set[int] = set()
    lines: list[PdfLine] = []
    before: PdfLine | None = None
    for index in range(textpage.count_rects()):
        left, bottom, right, top = textpage.get_rect(index)
        inside = next((at for at, table in enumerate(tables) if table.holds((left + right) / 2, (bottom + top) / 2)), None)
        if inside is not None:
            if inside not in placed:
                placed.add(inside)
                lines.append(_as_line(tables[inside], number))
            continue
        text = clean(textpage.get_text_bounded(left, bottom, right, top))
        if not text or (before is not None and before.text == text and abs(before.bottom - bottom) <= 1 and abs(before.left - left) <= 1):
            continue
        piece = PdfLine(text, left, bottom, right, top, number, _is_bold(textpage, left, bottom, right, top))
        before = PdfLine(text, left, bottom, right, top, number)
        last = lines[-1] if lines and not lines[-1].table else None
        if last is not None and _same_line(last, piece):
            _append(last, piece)
        else:
            lines.append(piece)
    return lines


def _as_line(table: PdfTable, number: int) -> PdfLine:
    return PdfLine("\n".join(table.rows), table.left, table.bottom, table.right, table.top, number, table=True)


def _same_line(last: PdfLine, piece: PdfLine) -> bool:
    overlap = min(last.top, piece.top) - max(last.bottom, piece.bottom)
    return overlap > 0.5 * min(last.height, piece.height) and piece.left >= last.right - 2


def _append(last: PdfLine, piece: PdfLine) -> None:
    """Add a piece to the line on which it stands; a raised small number is a footnote's mark."""
    gap = piece.left - last.right
    glue = "\t" if gap > 2.5 * max(piece.height, last.height) else " " if gap > 0.12 * piece.height else ""
    if re.fullmatch(r"\d{1,3}", piece.text) and piece.height < 0.8 * last.height and piece.bottom > last.bottom + 0.2 * last.height:
        last.text += f"<sup>{piece.text}</sup>"
        last.right = piece.right
        return
    last.text += glue + piece.text
    last.bold = last.bold and piece.bold
    last.right, last.top, last.bottom = piece.right, max(last.top, piece.top), min(last.bottom, piece.bottom)


def _is_bold(textpage: Any, left: float, bottom: float, right: float, top: float) -> bool:
    """Tell whether a piece is set in a bold face, by its first and last letters."""
    found: list[bool] = []
    for x in (left + min(2.0, (right - left) / 2), right - min(2.0, (right - left) / 2)):
        index = textpage.get_index(x, (bottom + top) / 2, 4, 4)
        if index is None:
            continue
        name = ctypes.create_string_buffer(128)
        pdfium_c.FPDFText_GetFontInfo(textpage.raw, index, name, 128, ctypes.c_int())
        weight = pdfium_c.FPDFText_GetFontWeight(textpage.raw, index)
        found.append(weight >= BOLD_WEIGHT or bool(re.search(rb"bold|black|heavy", name.value, re.IGNORECASE)))
    return bool(found) and all(found)


def _key(text: str) -> str:
    return re.sub(r"[\d\s]+", "", text).lower()


def _in_margin(line: PdfLine, height: float) -> bool:
    return not line.table and (line.bottom > height * (1 - MARGIN) or line.top < height * MARGIN)


def _running_heads(pages: list[list[PdfLine]], heights: list[float]) -> set[str]:
    """Return the keys of lines that stand in the margin of three pages or more, or of every page of a short document."""
    counts: dict[str, set[int]] = {}
    for lines, height in zip(pages, heights, strict=True):
        for line in lines:
            if _in_margin(line, height):
                counts.setdefault(_key(line.text), set()).add(line.page)
    return {key for key, found in counts.items() if len(found) >= min(3, max(2, len(pages)))}


def _paragraphs(lines: list[PdfLine]) -> list[str]:
    """Join lines to paragraphs by their distance, size, face and indentation, and by how full the line above is."""
    if not lines:
        return []
    gaps = [above.bottom - below.bottom for above, below in itertools.pairwise(lines) if 0 < above.bottom - below.bottom < 40]
    usual = statistics.median(gaps) if gaps else 12.0
    width = max(line.right for line in lines)
    groups: list[list[PdfLine]] = [[lines[0]]]
    for above, line in itertools.pairwise(lines):
        if _continues(above, line, usual, width) and len(groups[-1]) < 2000:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_joined(group) for group in groups]


def _continues(above: PdfLine, line: PdfLine, usual: float, width: float) -> bool:
    """Tell whether a line runs on from the one above."""
    gap = above.bottom - line.bottom
    if above.table or line.table or above.bold != line.bold or not -2 <= gap <= 1.35 * usual:
        return False
    if "\t" in line.text or "\t" in above.text:
        return "\t" in line.text and "\t" in above.text
    if abs(above.height - line.height) > 0.25 * max(above.height, line.height) or TOGETHER.match(line.text):
        return False
    ended = bool(re.search(r"[.?!:](?:['\"”’)]|<sup>\d+</sup>|\(\d[\d, –-]*\)|\s)*$", above.text))
    return not (ended and (above.right < 0.8 * width or above.text.endswith("?")))


def _joined(group: list[PdfLine]) -> str:
    """Return the text of a paragraph; a bold one between asterisks."""
    if group[0].table or "\t" in group[0].text:
        return "\n".join(line.text for line in group)
    text = group[0].text
    for line in group[1:]:
        if text.endswith("-") and line.text[:1].islower():
            text = text[:-1] + line.text
        else:
            text = f"{text} {line.text}"
    bold = all(line.bold for line in group) and len(text.split()) <= MAX_BOLD_WORDS and "*" not in text
    return f"**{text}**" if bold else text
