"""Text recognition of pages that are pictures, by Tesseract: only where it is asked for and installed (``ffm-nlp[ocr]``).

Like :mod:`ffm.ingest.pdf.child` the file runs by itself too, as a process with limits: it draws each page and writes the
words that Tesseract reads on it, a line of JSON a page.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from typing import Any

DPI = 300
MAX_SIDE = 5000  # of the drawn page in dots
MIN_CONFIDENCE = 30.0  # of a word, 0 to 100
WORD, LINE_NUMBER = 5, ("block_num", "par_num", "line_num")
LANGUAGES = re.compile(r"[a-z]{3}(?:_[a-z]+)?(?:\+[a-z]{3}(?:_[a-z]+)?)*", re.IGNORECASE)


def asked_languages() -> str:
    """Return the languages in which ``FFM_PDF_OCR`` asks for recognition, as Tesseract names them; "" where it does not."""
    asked = os.environ.get("FFM_PDF_OCR", "").strip()
    return asked if LANGUAGES.fullmatch(asked) else "" if asked in ("", "0") else "eng"


def is_installed() -> bool:
    """Tell whether Tesseract and the library that calls it are installed."""
    return shutil.which("tesseract") is not None and importlib.util.find_spec("pytesseract") is not None


def recognise(data: bytes, pages: list[int], languages: str, seconds: float) -> dict[int, list[list[Any]]]:
    """Return what stands on pages of a PDF: for each page its lines as [text, left, right, base, size, edges of words].

    Places are points from the page's lower left corner. A page that cannot be recognised in its time is not returned.

    Parameters
    ----------
    data
        The PDF.
    pages
        Numbers of the pages, from 0.
    languages
        As Tesseract names them, such as "eng" or "eng+sqi".
    seconds
        Time for one page.
    """
    with tempfile.TemporaryFile() as given:
        given.write(data)
        given.seek(0)
        words = [sys.executable, "-I", __file__, languages, str(seconds), *map(str, pages)]
        try:
            done = subprocess.run(
                words, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=(seconds + 10) * len(pages), check=False
            )
            written = done.stdout
        except subprocess.TimeoutExpired as late:
            written = late.stdout or b""
    found: dict[int, list[list[Any]]] = {}
    for line in written.splitlines():
        try:
            number, lines = json.loads(line)
        except ValueError:  # the last one, cut
            continue
        found[number] = lines
    return found


def main() -> None:
    """Recognise pages of the PDF on the standard input; the arguments are languages, seconds for a page, and pages."""
    import pypdfium2
    import pytesseract

    languages, seconds, *pages = sys.argv[1:]
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    for number in map(int, pages):
        page = document[number]
        scale = min(DPI / 72, MAX_SIDE / max(page.get_size()))
        picture = page.render(scale=scale, grayscale=True).to_pil()
        try:
            found = pytesseract.image_to_data(picture, lang=languages, timeout=float(seconds), output_type=pytesseract.Output.DICT)
        except (RuntimeError, pytesseract.TesseractError):
            continue
        print(json.dumps([number, _lines(found, picture.height, scale)]), flush=True)


def _lines(found: dict[str, list[Any]], height: int, scale: float) -> list[list[Any]]:
    """Return Tesseract's words as lines with their places in points."""
    lines: dict[tuple[int, ...], list[int]] = {}
    for at, level in enumerate(found["level"]):
        if level == WORD and str(found["text"][at]).strip() and float(found["conf"][at]) >= MIN_CONFIDENCE:
            lines.setdefault(tuple(found[part][at] for part in LINE_NUMBER), []).append(at)
    result: list[list[Any]] = []
    for words in lines.values():
        edges = [x / scale for at in words for x in (found["left"][at], found["left"][at] + found["width"][at])]
        bottoms = sorted(found["top"][at] + found["height"][at] for at in words)
        tall = sorted(found["height"][at] for at in words)
        base = (height - bottoms[(len(bottoms) - 1) // 4]) / scale  # letters that reach below the line stand aside
        text = " ".join("".join(str(found["text"][at]).split()) for at in words)
        result.append([text, edges[0], edges[-1], base, 1.3 * tall[len(tall) // 2] / scale, edges])
    return result


if __name__ == "__main__":
    main()
