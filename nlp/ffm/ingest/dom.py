"""The nodes of a web page or Word file, parsed by a process of its own with limits on time and memory."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct, field

from ffm.errors import ReportError
from ffm.processes import limited_command

HTML_CHILD = Path(__file__).with_name("html_child.py")
DOCX_CHILD = Path(__file__).with_name("docx_child.py")
MAX_CELLS = 60  # of a row
MAX_DEPTH = 120  # of elements within elements; what stands deeper is read as if it stood there
SECONDS = 60
MEGABYTES = 1500

REASONS = {
    "bomb": "unpacks to more than a report holds; check what it is, or save it again",
    "doctype": "its XML declares a document type, which Word never does; open it in a word processor and save it again",
    "password": "the document is encrypted; save a copy without a password",
    "binary": "the old binary format under the name .docx; convert it with: soffice --headless --convert-to docx FILE",
    "damaged": "not a readable .docx; open it in a word processor and save it again",
    "memory": f"reading it takes more than {MEGABYTES} MB of memory; save it as .txt",
    "time": f"reading it takes longer than {SECONDS} s; save it as .txt",
}


class Node(Struct, gc=False):
    """An element; its children are elements and text."""

    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    def elements(self) -> list[Node]:
        """Return the children that are elements."""
        return [child for child in self.children if not isinstance(child, str)]

    def walk(self) -> Iterator[Node]:
        """Yield the node and all elements within, in the order of the page."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack += reversed(node.elements())

    def text(self) -> str:
        """Return the text within, elements of different lines not set apart."""
        pieces: list[str] = []
        stack: list[Node | str] = [self]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                pieces.append(node)
            else:
                stack += reversed(node.children)
        return "".join(pieces)


def rows_of(table: Node) -> Iterator[list[Node]]:
    """Yield the cells of each row of a table."""
    for child in table.elements():
        if child.tag == "tr":
            cells = [cell for cell in child.elements() if cell.tag in ("td", "th")]
            if cells:
                yield cells
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from rows_of(child)


def filled_rows(table: Node) -> list[list[Node | None]]:
    """Return the rows of a table with None where a cell of a row above reaches down, so that every cell stands in its column."""
    open_: dict[int, int] = {}  # by column, into how many rows more a cell reaches
    filled: list[list[Node | None]] = []
    for row in rows_of(table):
        line: list[Node | None] = []
        column = 0
        for cell in row:
            while open_.get(column):
                open_[column] -= 1
                line.append(None)
                column += 1
            line.append(cell)
            for _ in range(min(span_of(cell), MAX_CELLS)):
                open_[column] = span_of(cell, "rowspan") - 1
                column += 1
        for rest in sorted(at for at in open_ if at >= column and open_[at]):
            open_[rest] -= 1
        filled.append(line)
    return filled


def span_of(cell: Node, key: str = "colspan") -> int:
    """Return over how many columns, or rows, a cell reaches."""
    span = cell.attributes.get(key, "")
    return max(1, int(span)) if span.isdigit() and len(span) < 4 else 1


def _run(path: Path, child: Path, data: bytes) -> subprocess.CompletedProcess[bytes]:
    command = limited_command(MEGABYTES, child)
    try:
        return subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise ReportError(f"{path}: {REASONS['time']}") from None


def html_of_docx(path: Path, data: bytes) -> bytes:
    """Return a Word file's text as HTML, in UTF-8.

    Raises
    ------
    ReportError
        If the file is damaged or encrypted, or reading it goes over a limit.
    """
    done = _run(path, DOCX_CHILD, data)
    if done.returncode:
        said = done.stdout.decode("ascii", "replace").strip().removeprefix("refused: ")
        raise ReportError(f"{path}: {REASONS.get(said, REASONS['memory'])}")
    return done.stdout


def read_nodes(path: Path, page: bytes) -> Node:
    """Return the body of a page of HTML, in UTF-8.

    Raises
    ------
    ReportError
        If reading it goes over a limit.
    """
    done = _run(path, HTML_CHILD, page)
    lines = done.stdout.decode("ascii").splitlines()
    if done.returncode or not lines or lines[-1] != "1":
        raise ReportError(f"{path}: {REASONS['memory']}")
    return _tree(lines)


def _tree(lines: Iterable[str]) -> Node:
    root = Node("#page", {})
    stack = [root]
    for line in lines:
        item = json.loads(line)
        if item == 0:
            stack.pop()
        elif isinstance(item, str):
            stack[-1].children.append(item)
        elif isinstance(item, list):
            tag, attributes = item
            if tag == "#page":
                root.attributes = attributes
                continue
            node = Node(tag, attributes)
            if len(stack) < MAX_DEPTH:
                stack[-1].children.append(node)
            else:
                stack[-1].tag = "div"  # whatever it was: what stands deeper need not fit into a row
                node.children = stack[-1].children
            stack.append(node)
    return root
