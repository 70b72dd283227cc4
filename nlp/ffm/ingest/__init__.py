"""From a file to the text of a report."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from msgspec.structs import replace

from ffm.errors import ReportError
from ffm.ingest.docx import read_docx
from ffm.ingest.encoding import decode
from ffm.ingest.html import decode_html, is_html, read_html
from ffm.ingest.layouts import read_layout
from ffm.ingest.pdf import read_pdf
from ffm.records import Report

__all__ = ["DOCUMENTS", "MAX_BYTES", "SUFFIXES", "read_report", "report_id"]

MAX_BYTES = 20_000_000
PAGES = (".html", ".htm", ".xhtml")
SUFFIXES = (".md", ".txt", *PAGES, ".docx", ".pdf")
TO_DOCX = "soffice --headless --convert-to docx"
# formats of texts that are not read, with the command that makes of one what is
CONVERTERS = {
    **dict.fromkeys((".doc", ".dot", ".docm", ".odt", ".rtf", ".wpd", ".wps", ".pages"), TO_DOCX),
    ".epub": "pandoc --to docx --output report.docx",
    **dict.fromkeys((".rst", ".tex", ".org", ".adoc"), "pandoc --to markdown --output report.md"),
    **dict.fromkeys((".ppt", ".pptx", ".odp", ".ps", ".xps", ".djvu"), "soffice --headless --convert-to pdf"),
    **dict.fromkeys((".xls", ".xlsx", ".ods"), "soffice --headless --convert-to html"),
    **dict.fromkeys((".mht", ".mhtml", ".webarchive"), "soffice --headless --convert-to html"),
}
DOCUMENTS = (*SUFFIXES, *CONVERTERS)


def report_id(path: Path) -> str:
    """Return the id that a file's report has where it is not registered: its stem, in safe characters."""
    return re.sub(r"[^\w.-]+", "-", path.stem).strip("-.") or "report"


def read_report(path: Path, name: str | None = None) -> Report:
    """Read a report.

    Parameters
    ----------
    path
        A ``.md``, ``.txt``, ``.html``, ``.docx`` or ``.pdf`` file of at most 20 MB. A page of HTML is known as such
        under the name of a text too.
    name
        The report's id; by default from the file's name.

    Raises
    ------
    ReportError
        If the file is missing, empty, too large, of another format, or is no text, or its layout file is damaged.
    """
    return replace(_read(path, name or report_id(path)), layout=read_layout(path))


def read_text(text: str, name: str = "text") -> Report:
    """Return the report of a text that is at hand: Markdown, plain text or a page of HTML.

    Parameters
    ----------
    name
        The report's id.

    Raises
    ------
    ReportError
        If it holds no text.
    """
    if is_html(text):
        return read_html(Path(name), text, name)
    if not text.strip():
        raise ReportError(f"{name}: holds no text; give that of a report")
    return Report(name, text)


def _read(path: Path, name: str) -> Report:
    suffix = path.suffix.lower()
    if not path.is_file():
        raise ReportError(f"{path}: no such file; check the path")
    if suffix in CONVERTERS:
        raise ReportError(f"{path}: {suffix} is not read; convert it with: {CONVERTERS[suffix]} {shlex.quote(str(path))}")
    if suffix not in SUFFIXES:
        raise ReportError(f"{path}: cannot read {path.suffix or 'a file without suffix'}; convert it to .md, .txt, .html, .docx or .pdf")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReportError(f"{path}: {size / 1e6:.0f} MB is over the limit of {MAX_BYTES / 1e6:.0f} MB; divide the file")
        data = path.read_bytes()
    except OSError as error:
        raise ReportError(f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    if suffix == ".pdf":
        return read_pdf(path, data, name)
    if suffix == ".docx":
        return read_docx(path, data, name)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        raise ReportError(f"{path}: a PDF under the name {suffix}; rename it to .pdf")
    text = decode_html(path, data) if suffix in PAGES else decode(path, data)
    if suffix in PAGES or is_html(text):
        return read_html(path, text, name)
    if not text.strip():
        raise ReportError(f"{path}: holds no text; check that the right file was saved")
    return Report(name, text)
