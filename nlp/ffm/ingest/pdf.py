"""The text of a PDF: lines by their place on the page, joined to paragraphs, pages set apart by form feeds."""

from __future__ import annotations

import itertools
import re
import statistics
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from msgspec import Struct

from ffm.errors import ReportError
from ffm.records import Report

MAX_PAGES = 2000
MARGIN = 0.09  # share of the page's height in which running heads stand
HYPHEN = "\ufffe\u0002"


class PdfLine(Struct):
    """A line of a page: its text, box in points and page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    page: int

    @property
    def height(self) -> float:
        """Height of the line's box in points."""
        return self.top - self.bottom


def read_pdf(path: Path, data: bytes, name: str) -> Report:
    """Read the text of a PDF that has a text layer.

    Paragraphs are set apart by blank lines, pages by form feeds; lines that return at the top or bottom of pages
    are left out.

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
        pages = [_page_lines(document[number], number) for number in range(len(document))]
        heights = [document[number].get_height() for number in range(len(document))]
    finally:
        document.close()
    if not any(pages):
        raise ReportError(f"{path}: the PDF holds no text (a scan?); run text recognition on it first")
    heads = _running_heads(pages, heights)
    starts: list[int] = []
    text = ""
    for number, lines in enumerate(pages):
        starts.append(len(text))
        kept = [line for line in lines if not (_in_margin(line, heights[number]) and _key(line.text) in heads)]
        text += "\n\n".join(_paragraphs(kept)) + ("\n\f" if number + 1 < len(pages) else "\n")
    return Report(name, text, tuple(starts))


def _page_lines(page: Any, number: int) -> list[PdfLine]:
    """Return the lines of a page, top to bottom; pieces that stand at one height are one line."""
    textpage = page.get_textpage()
    pieces: list[PdfLine] = []
    for index in range(textpage.count_rects()):
        left, bottom, right, top = textpage.get_rect(index)
        text = textpage.get_text_bounded(left, bottom, right, top)
        for mark in HYPHEN:
            text = text.replace(mark, "-")
        text = re.sub(r"\s+", " ", text).strip()
        if text and (not pieces or pieces[-1].text != text or abs(pieces[-1].bottom - bottom) > 1):
            pieces.append(PdfLine(text, left, bottom, right, top, number))
    lines: list[PdfLine] = []
    for piece in pieces:
        last = lines[-1] if lines else None
        same = last is not None and min(last.top, piece.top) - max(last.bottom, piece.bottom) > 0.5 * min(last.height, piece.height)
        if last is not None and same and piece.left >= last.right - 2:
            gap = piece.left - last.right
            glue = "\t" if gap > 2.5 * piece.height else " " if gap > 0.12 * piece.height else ""
            last.text += glue + piece.text
            last.right, last.top, last.bottom = piece.right, max(last.top, piece.top), min(last.bottom, piece.bottom)
        else:
            lines.append(PdfLine(piece.text, piece.left, piece.bottom, piece.right, piece.top, number))
    return lines


def _key(text: str) -> str:
    return re.sub(r"[\d\s]+", "", text).lower()


def _in_margin(line: PdfLine, height: float) -> bool:
    return line.bottom > height * (1 - MARGIN) or line.top < height * MARGIN


def _running_heads(pages: list[list[PdfLine]], heights: list[float]) -> set[str]:
    """Return the keys of lines that stand in the margin of three pages or more, or of every page of a short document."""
    counts: dict[str, set[int]] = {}
    for lines, height in zip(pages, heights, strict=True):
        for line in lines:
            if _in_margin(line, height):
                counts.setdefault(_key(line.text), set()).add(line.page)
    return {key for key, found in counts.items() if len(found) >= min(3, max(2, len(pages)))}


def _paragraphs(lines: list[PdfLine]) -> list[str]:
    """Join lines to paragraphs by their distance, size and indentation, and by how full the line above is."""
    if not lines:
        return []
    gaps = [above.bottom - below.bottom for above, below in itertools.pairwise(lines) if 0 < above.bottom - below.bottom < 40]
    usual = statistics.median(gaps) if gaps else 12.0
    width = max(line.right for line in lines)
    paragraphs = [lines[0].text]
    for above, line in itertools.pairwise(lines):
        gap = above.bottom - line.bottom
        ended = bool(re.search(r"[.?!:]['\"”’)]*$", above.text))
        apart = (
            gap > 1.35 * usual
            or gap < -2
            or abs(above.height - line.height) > 0.25 * max(above.height, line.height)
            or (ended and above.right < 0.8 * width)
            or bool(re.match(r"^(?:[•●▪†‡]|[QA][.:]\s|\d+(?:\.\d+)+\s)", line.text))
            or bool(re.match(r"^(?:Table|Figure)\s+\d+\.", above.text))
        )
        if "\t" in line.text and not apart and "\t" in paragraphs[-1]:
            paragraphs[-1] += "\n" + line.text
        elif apart or "\t" in line.text or "\t" in above.text:
            paragraphs.append(line.text)
        elif paragraphs[-1].endswith("-") and line.text[:1].islower():
            paragraphs[-1] = paragraphs[-1][:-1] + line.text
        else:
            paragraphs[-1] += " " + line.text
    return paragraphs
