"""Runs by itself, as a process with limits: parses a web page and writes its nodes.

The process gets the page on its standard input and writes JSON lines: ``[tag, attributes]`` opens an element,
``0`` closes it, a string is text; the last line is ``1``, or ``{"refused": reason}``. What
the rules of HTML make of some small hostile pages takes time and memory without bound, which a limit from outside alone
can hold. The file imports nothing of ffm, so that the process starts quickly.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from typing import Any

KEPT = ("class", "id", "role", "href", "name", "colspan", "rowspan", "start", "type", "lang", "itemprop")
MAX_VALUE = 300  # characters of an attribute's value that are kept
# elements without text of the page: code, media, controls
DROPPED = frozenset(
    (
        "script", "style", "template", "svg", "math", "noscript", "iframe", "object", "embed", "applet", "audio", "video",
        "canvas", "map", "picture", "img", "head", "select", "option", "textarea", "input", "button", "datalist", "progress",
        "meter", "dialog",
    )
)  # fmt: skip
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "summary")
STYLE_RULE = re.compile(r"\.([\w-]{1,80})\s{0,9}\{([^{}]{1,2000})\}")
BOLD = re.compile(r"font-weight\s{0,3}:\s{0,3}(?:bold|[6-9]00)", re.IGNORECASE)
HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.IGNORECASE)
MAX_NODES = 2_000_000


def styled_classes(styles: str, wanted: re.Pattern[str]) -> set[str]:
    """Return the classes to which a style sheet gives a property."""
    return {match[1] for match in STYLE_RULE.finditer(styles) if wanted.search(match[2])}


def _is_heading_button(node: Any) -> bool:
    """Tell whether a node is the button by which a reader unfolds what stands under a heading: its words are the heading's."""
    return node.tag == "button" and node.parent is not None and node.parent.tag in HEADINGS


def write_nodes(page: str, write: Callable[[str], Any]) -> None:
    """Parse a page as browsers do and write its body's nodes."""
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    root = LexborHTMLParser(page)
    styles = "\n".join(node.text() for node in root.css("style"))[:1_000_000]
    bold, hidden = styled_classes(styles, BOLD), styled_classes(styles, HIDDEN)
    body = root.body
    if body is None:  # the parser makes one of whatever it is given
        raise MemoryError
    node: LexborNode | None = body
    lang = (root.root.attributes.get("lang") if root.root is not None else None) or ""
    write(json.dumps(["#page", {"lang": lang[:20]}]))
    count = 0
    while node is not None:
        count += 1
        if count > MAX_NODES:
            raise MemoryError
        tag = node.tag or ""
        down = None
        if tag == "-text":
            write(json.dumps(node.text_content or ""))
        elif not tag.startswith(("-", "!")) and (tag not in DROPPED or _is_heading_button(node)):
            given = node.attributes
            if given.get("role") == "heading":  # what browsers tell as a heading to those who do not see the page
                level = given.get("aria-level") or ""
                tag = f"h{level}" if level in ("1", "2", "3", "4", "5", "6") else "h2"
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


def main() -> None:
    """Read standard input as a page in UTF-8; write its nodes to standard output."""
    page = sys.stdin.buffer.read().decode("utf-8")
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8")
    try:
        write_nodes(page, lambda line: out.write(line + "\n"))
    except (MemoryError, RecursionError):
        out.write(json.dumps({"refused": "memory"}) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
