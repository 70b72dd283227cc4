"""The nodes of a web page or Word file, parsed by a process of its own with limits on time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from ffm.errors import ReportError

CHILD = Path(__file__).with_name("child.py")
MAX_DEPTH = 120  # of elements within elements; what stands deeper is read as if it stood there
SECONDS = 60
MEGABYTES = 1500

REASONS = {
    "bomb": "unpacks to more than a report holds; check what it is, or save it again",
    "doctype": "its XML declares entities, which Word never does; open it in Word and save it again",
    "password": "the document is encrypted; save a copy without a password",
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


def read_nodes(path: Path, data: bytes, kind: Literal["html", "docx"]) -> Node:
    """Return the body of a page of HTML (UTF-8), or of a Word file.

    Raises
    ------
    ReportError
        If the file is damaged or encrypted, or reading it goes over a limit.
    """
    command = [sys.executable, "-I", str(CHILD), kind, str(MEGABYTES)]
    try:
        done = subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise ReportError(f"{path}: {REASONS['time']}") from None
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    last = json.loads(lines[-1]) if lines and done.returncode == 0 else None
    if last != 1:
        reason = last["refused"] if isinstance(last, dict) else "memory"
        raise ReportError(f"{path}: {REASONS[reason]}")
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
                node.children = stack[-1].children
            stack.append(node)
    return root
