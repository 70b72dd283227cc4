"""From a PDF to a report: pages to lines, then to paragraphs by what the whole document has in common."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path

from msgspec import Struct

from ffm.errors import ReportError
from ffm.ingest.pdf.aligned_tables import tabulate
from ffm.ingest.pdf.bullets import add_bullets
from ffm.ingest.pdf.characters import SPACE, Page, upright
from ffm.ingest.pdf.columns import read_regions
from ffm.ingest.pdf.footnotes import marked_note, take_footnotes
from ffm.ingest.pdf.furniture import find_running_heads
from ffm.ingest.pdf.hyphens import HYPHENS, Joiner
from ffm.ingest.pdf.limits import Limits, limits_of_environment, read_pages
from ffm.ingest.pdf.lines import Line, read_lines
from ffm.ingest.pdf.ocr import asked_languages, is_installed, recognise
from ffm.ingest.pdf.paragraphs import Steps, join_items, paragraph_text, read_paragraphs
from ffm.ingest.pdf.quality import is_garbled, is_scan, page_ranges, share
from ffm.ingest.pdf.tables import take_tables
from ffm.ingest.pdf.words import Piece, read_pieces
from ffm.records import Report

BODY = 0.2  # share of a document in the size of its text; the rest are notes, references and headings
OPEN_NUMBER = re.compile(r"\d[.,]$")


class PageLines(Struct):
    """What a page holds: the lines of each region in the order in which they are read, and what is wrong with it."""

    regions: list[list[Line]]
    height: float
    scan: bool
    garbled: bool

    @property
    def lines(self) -> list[Line]:
        """All lines of the page."""
        return [line for region in self.regions for line in region]


def read_pdf(path: Path, data: bytes, name: str, limits: Limits | None = None) -> Report:
    """Read the text of a PDF that has a text layer.

    Paragraphs are set apart by blank lines, pages by form feeds; bold paragraphs and those in the face of headings stand
    between asterisks, as in Markdown; the rows of tables are lines, their cells set apart by tabs; marks of notes stand
    between ``<sup>`` and ``</sup>``, footnotes at the end of their page. Running heads, page numbers, watermarks and
    text at another angle than the page's are left out.

    Parameters
    ----------
    path
        Named in messages.
    data
        The file's bytes.
    name
        The report's id.
    limits
        What reading may take; by default what the environment sets, or :class:`Limits`.

    Raises
    ------
    ReportError
        If the PDF is damaged, encrypted, too long, over a limit or has no text.

    Notes
    -----
    Pages that are pictures, and pages whose fonts do not say which letters they draw, become notices of the report;
    where the environment sets ``FFM_PDF_OCR`` to 1 or to languages such as "eng+sqi", and Tesseract is installed with
    ``ffm-nlp[ocr]``, its text recognition reads them.
    """
    limits = limits or limits_of_environment()
    pages = [_read_page(number, upright(page)) for number, page in enumerate(read_pages(path, data, limits))]
    asked = asked_languages()
    if asked and is_installed():
        _recognise(data, pages, asked, limits.seconds)
    notices = _notices(path, pages, bool(asked))
    if not any(page.regions for page in pages):
        raise ReportError(notices[0] if notices else f"{path}: the PDF holds no text; check the file")
    texts = _page_texts(pages)
    starts: list[int] = []
    length = 0
    for number, text in enumerate(texts):
        starts.append(length)
        texts[number] = text + ("\n\f" if number + 1 < len(texts) else "\n")
        length += len(texts[number])
    return Report(name, "".join(texts), tuple(starts), notices)


def _read_page(number: int, page: Page) -> PageLines:
    """Return the lines of a page; none where it is a scan or garbled."""
    tables, outside = take_tables(add_bullets(page.characters, page.rules), page.rules, Joiner(()).join)
    pieces = read_pieces(outside)
    text = " ".join(piece.text for piece in pieces)
    scan = is_scan(int((page.characters.codes > SPACE).sum()), page.pictured)
    garbled = is_garbled(text, page.lost)
    if scan or garbled:
        return PageLines([], page.height, scan, garbled)
    regions = read_regions([*pieces, *(table.as_piece() for table in tables)])
    return PageLines([read_lines(region, number) for region in regions], page.height, scan, garbled)


def _recognise(data: bytes, pages: list[PageLines], languages: str, seconds: float) -> None:
    """Give pages that could not be read the lines that text recognition finds on them, in place."""
    wanted = [number for number, page in enumerate(pages) if page.scan or page.garbled]
    found = recognise(data, wanted, languages, seconds) if wanted else {}
    for number, lines in found.items():
        pieces = [Piece(text, left, right, base, size, False, edges) for text, left, right, base, size, edges in lines]
        if pieces:
            regions = [read_lines(region, number) for region in read_regions(pieces)]
            pages[number] = PageLines(regions, pages[number].height, False, False)


def _notices(path: Path, pages: list[PageLines], asked: bool) -> tuple[str, ...]:
    """Return what a person should know of pages that are not read; ``asked`` tells whether text recognition was asked for."""
    found: list[str] = []
    scans = [number for number, page in enumerate(pages, start=1) if page.scan]
    garbled = [number for number, page in enumerate(pages, start=1) if page.garbled]
    advice = "set FFM_PDF_OCR=1 for text recognition, or run OCRmyPDF on the file"
    if asked:
        advice = "text recognition found none" if is_installed() else "install Tesseract and ffm-nlp[ocr], or run OCRmyPDF on the file"
    if scans:
        holds = "holds no text (a scan)" if len(scans) == 1 else "hold no text (scans)"
        found.append(f"{path}: {page_ranges(scans)} of the PDF {holds}: {share(len(scans), len(pages))} not read; {advice}")
    if garbled:
        fonts = f"the fonts of {page_ranges(garbled)} of the PDF do not say which letters they draw"
        found.append(f"{path}: {fonts}: {share(len(garbled), len(pages))} not read; {advice}")
    return tuple(found)


def _page_texts(pages: list[PageLines]) -> list[str]:
    """Return the text of each page."""
    heads = find_running_heads([page.lines for page in pages], [page.height for page in pages])
    regions: list[list[list[Line]]] = []
    for page, is_head in zip(pages, heads, strict=True):
        marks = iter(is_head)
        regions.append([[line for line in region if not next(marks)] for region in page.regions])
    joiner = Joiner([line.text for page in regions for region in page for line in region])
    usual = _usual_size(regions)
    steps = Steps(region for page in regions for region in page)
    texts: list[tuple[list[str], list[str]]] = []
    for kept in regions:
        body: list[list[Line]] = []
        notes: list[list[Line]] = []
        for region in kept:
            lines, found = take_footnotes(region, usual)
            notes += found
            if lines:
                body.append(tabulate(lines, joiner.join))
        groups = read_paragraphs(body, steps)
        texts.append(
            (
                join_items(groups, [paragraph_text(group, usual, joiner.join) for group in groups], steps),
                [marked_note(paragraph_text(note, usual, joiner.join)) for note in notes],
            )
        )
    _mend_page_breaks([paragraphs for paragraphs, _ in texts], joiner)
    return ["\n\n".join([*paragraphs, *notes]) for paragraphs, notes in texts]


def _usual_size(regions: list[list[list[Line]]]) -> float:
    """Return the size in which a document's text is set: the largest of those in which a good part of it is."""
    letters: Counter[float] = Counter()
    for line in (line for page in regions for region in page for line in region):
        if not line.table:
            letters[round(line.size, 1)] += len(line.text)
    return max((size for size, count in letters.items() if count >= BODY * letters.total()), default=0.0)


def _mend_page_breaks(pages: list[list[str]], joiner: Joiner) -> None:
    """Move the rest of a word or number that a page's end cuts to the page on which it begins, in place."""
    for paragraphs, following in itertools.pairwise(pages):
        if not paragraphs or not following or not (paragraphs[-1].endswith(tuple(HYPHENS)) or OPEN_NUMBER.search(paragraphs[-1])):
            continue
        whole = joiner.join(paragraphs[-1], following[0])
        if whole == f"{paragraphs[-1]} {following[0]}":
            continue
        _, _, rest = following[0].partition(" ")
        paragraphs[-1] = whole[: len(whole) - len(rest)].rstrip()
        following[0] = rest
        if not rest:
            following.pop(0)
