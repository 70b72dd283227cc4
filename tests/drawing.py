"""Draws small PDFs, as the programs that make reports do: in runs of any length, in columns, turned, in doubled or spaced letters."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

pytest.importorskip("reportlab")

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

A4 = (595.0, 842.0)
LETTER = (612.0, 792.0)
A5 = (420.0, 595.0)
UNICODE = "DejaVuSans"  # comes with matplotlib
WORDS = (
    "The harbour master keeps the list of ships and shows it to nobody who asks",
    "for it before noon. Pilots wait at the pier until the tide turns and then go",
    "out in pairs. Nineteen boats were seen in March and forty in April.",
)
PROSE = " ".join(WORDS)


class Paper(Canvas):
    """A canvas that draws lines in the ways in which they are found."""

    def __init__(self, size: tuple[float, float] = A4, turned: int = 0) -> None:
        self.buffer = io.BytesIO()
        super().__init__(self.buffer, pagesize=size, pageCompression=0, invariant=1)
        self.font, self.points = "Helvetica", 10.0
        self.turned = turned
        if turned:
            self.setPageRotation(turned)

    def face(self, font: str, points: float) -> Paper:
        """Set the face; a font of Unicode is embedded."""
        if font == UNICODE and font not in pdfmetrics.getRegisteredFontNames():
            import matplotlib

            pdfmetrics.registerFont(TTFont(font, str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{font}.ttf")))
        self.font, self.points = font, points
        self.setFont(font, points)
        return self

    def width(self, text: str) -> float:
        return pdfmetrics.stringWidth(text, self.font, self.points)

    def line(self, text: str, x: float, y: float) -> None:
        """Draw a text in one run."""
        self.setFont(self.font, self.points)
        self.drawString(x, y, text)

    def runs(self, text: str, x: float, y: float, length: int, spaces: bool = True) -> None:
        """Draw a text in runs of some letters, each at its own place; without its spaces if asked."""
        for at in range(0, len(text), length):
            run = text[at : at + length]
            if spaces:
                self.line(run, x, y)
            else:
                place = x
                for word in run.split(" "):
                    if word:
                        self.line(word, place, y)
                    place += self.width(word + " ")
            x += self.width(run)

    def spaced(self, text: str, x: float, y: float, letters: float = 0.0, words: float = 0.0) -> None:
        """Draw a text with its letters, or its words, set apart by some points more."""
        run = self.beginText(x, y)
        run.setFont(self.font, self.points)
        run.setCharSpace(letters)
        run.setWordSpace(words)
        run.textOut(text)
        self.drawText(run)

    def justified(self, text: str, x: float, y: float, width: float) -> None:
        """Draw a text word by word, so that it fills a width; no space is drawn."""
        words = text.split()
        gap = (width - sum(map(self.width, words))) / (len(words) - 1)
        for word in words:
            self.line(word, x, y)
            x += self.width(word) + gap

    def paragraph(self, lines: Iterable[str], x: float, y: float, step: float = 13.0) -> float:
        """Draw lines one below the other and return the height of the next."""
        for text in lines:
            self.line(text, x, y)
            y -= step
        return y

    def turned_text(self, text: str, x: float, y: float, angle: float) -> None:
        """Draw a text at an angle."""
        self.saveState()
        self.translate(x, y)
        self.rotate(angle)
        self.setFont(self.font, self.points)
        self.drawString(0, 0, text)
        self.restoreState()

    def line_at(self, x: float, y: float, x2: float, y2: float) -> None:
        """Draw a rule."""
        super().line(x, y, x2, y2)

    def page(self) -> None:
        """Begin the next page."""
        self.showPage()
        if self.turned:
            self.setPageRotation(self.turned)
        self.setFont(self.font, self.points)

    def data(self) -> bytes:
        """Return the PDF."""
        self.showPage()
        self.save()
        return self.buffer.getvalue()


def wrapped(text: str, fits: Callable[[str], bool]) -> list[str]:
    """Break a text into the longest lines that fit."""
    lines: list[str] = []
    for word in text.split():
        if lines and fits(f"{lines[-1]} {word}"):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def raw_pdf(objects: Sequence[bytes]) -> bytes:
    """Return a PDF of objects as they stand, the first of which is the catalogue."""
    body = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return body + head + table + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)
