"""Runs by itself, as a process with limits: parses a web page, or a Word file by way of HTML, and writes its nodes.

The process gets the file on its standard input and writes JSON lines: ``[tag, attributes]`` opens an element,
``0`` closes it, a string is text; the last line is ``1``. A line ``{"refused": reason}`` says why there are none. Both
parsers need time and memory without bound for some hostile files, which a limit from outside alone can hold. The file
imports nothing of ffm, so that the process starts quickly.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Callable
from typing import Any

KEPT = ("class", "id", "role", "href", "name", "colspan", "start", "type", "lang", "itemprop")
MAX_VALUE = 300  # characters of an attribute's value that are kept
# elements without text of the page: code, media, controls
DROPPED = frozenset(
    "script style template svg math noscript iframe object embed applet audio video canvas map picture img head select option"
    " textarea input button datalist progress meter dialog".split()
)
STYLE_RULE = re.compile(r"\.([\w-]{1,80})\s{0,9}\{([^{}]{1,2000})\}")
BOLD = re.compile(r"font-weight\s{0,3}:\s{0,3}(?:bold|[6-9]00)", re.IGNORECASE)
HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.IGNORECASE)
MAX_PART = 100_000_000  # bytes of a part of a Word file, unpacked
MAX_PARTS = 5_000
MAX_NODES = 2_000_000
STYLE_MAP = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p.subtitle:fresh
p[style-name^='toc '] => p.toc:fresh
p[style-name^='TOC '] => p.toc:fresh
p[style-name='table of figures'] => p.toc:fresh
p[style-name='List Bullet'] => ul > li:fresh
p[style-name='List Number'] => ol > li:fresh
p[style-name='Heading 7'] => h6:fresh
p[style-name='Heading 8'] => h6:fresh
p[style-name='Heading 9'] => h6:fresh
"""


class Refused(Exception):
    """Why a file is not read, as a word that the reader knows."""


def limit_memory(megabytes: int) -> None:
    """Let this process have no more address space than that, where the system knows such limits."""
    try:
        import resource
    except ImportError:  # not POSIX: the reader's own clock is the only limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def html_of_docx(data: bytes) -> str:
    """Return a Word file's text as HTML: tracked changes accepted, comments, headers and pictures left out."""
    import mammoth

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))) > MAX_PART:
                raise Refused("bomb")
            if "EncryptedPackage" in archive.namelist():
                raise Refused("password")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part)[:4096].replace(b"\0", b""):
                    raise Refused("doctype")  # Word writes none; entities that unfold stand in one
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise Refused("damaged") from None
    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=STYLE_MAP,
            convert_image=mammoth.images.img_element(lambda image: {}),
            external_file_access=False,
        )
    except (MemoryError, RecursionError):
        raise
    except Exception:
        raise Refused("damaged") from None
    return str(result.value)


def styled_classes(styles: str, wanted: re.Pattern[str]) -> set[str]:
    """Return the classes to which a style sheet gives a property."""
    return {match[1] for match in STYLE_RULE.finditer(styles) if wanted.search(match[2])}


def write_nodes(page: str, write: Callable[[str], Any]) -> None:
    """Parse a page as browsers do and write its body's nodes."""
    from selectolax.lexbor import LexborHTMLParser

    root = LexborHTMLParser(page)
    styles = "\n".join(node.text() for node in root.css("style"))[:1_000_000]
    bold, hidden = styled_classes(styles, BOLD), styled_classes(styles, HIDDEN)
    body = root.body
    node = body
    lang = (root.root.attributes.get("lang") if root.root is not None else None) or ""
    write(json.dumps(["#page", {"lang": lang[:20]}]))
    count = 0
    while node is not None:
        count += 1
        if count > MAX_NODES:
            raise Refused("memory")
        tag = node.tag or ""
        down = None
        if tag == "-text":
            write(json.dumps(node.text_content or ""))
        elif not tag.startswith(("-", "!")) and tag not in DROPPED:
            given = node.attributes
            attributes = {key: (given[key] or "")[:MAX_VALUE] for key in KEPT if key in given}
            classes = set((given.get("class") or "").split())
            style = (given.get("style") or "")[:2000]
            if BOLD.search(style) or classes & bold:
                attributes["bold"] = "1"
            if "hidden" in given or given.get("aria-hidden") == "true" or HIDDEN.search(style) or classes & hidden:
                attributes["hidden"] = "1"
            write(json.dumps([tag, attributes]))
            down = node.child
            if down is None:
                write("0")
        if down is not None:
            node = down
            continue
        while node is not None and node.mem_id != body.mem_id and node.next is None:
            node = node.parent
            if node is not None:
                write("0")
        if node is None or node.mem_id == body.mem_id:
            break
        node = node.next
    write("1")


def main(kind: str, megabytes: int) -> None:
    """Read standard input as a file of a kind, "html" or "docx"; write its nodes to standard output."""
    limit_memory(megabytes)
    data = sys.stdin.buffer.read()
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8")
    try:
        page = html_of_docx(data) if kind == "docx" else data.decode("utf-8")
        write_nodes(page, lambda line: out.write(line + "\n"))
    except Refused as refused:
        out.write(json.dumps({"refused": str(refused)}) + "\n")
    except (MemoryError, RecursionError):
        out.write(json.dumps({"refused": "memory"}) + "\n")
    out.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
