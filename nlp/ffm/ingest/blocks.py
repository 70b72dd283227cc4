"""From the nodes of a page to blocks: headings, paragraphs, items, rows of tables and notes, each one line of Markdown."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from ffm.ingest.dom import MAX_CELLS, Node, filled_rows, span_of

BlockKind = Literal["heading", "text", "item", "table", "note"]

BLOCK_TAGS = frozenset(tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))["blocks"])
HEADINGS = {f"h{level}": level for level in range(1, 7)}
UNSAID = frozenset(("del", "s", "strike", "rt", "rp", "#hidden"))  # what is struck out, and glosses
NOTE_MARK = re.compile(r"\W{0,3}(?:(?:foot|end)?note\s?)?(?P<label>\d{1,4}|[ivxlc]{1,5}|[a-z]|[*†‡§]{1,3})\W{0,3}", re.IGNORECASE)
NOTE_TARGET = re.compile(r"(?:fn|ftn|edn|note|cite|ref)(?![a-z]{3})", re.IGNORECASE)
ORDINAL = re.compile(r"st|nd|rd|th|er|re|e|o|a|TM|SM", re.IGNORECASE)
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\ufffc\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\U000f0000-\U0010ffff]")
PRIVATE_BULLET = re.compile("^\\s{0,9}[\ue000-\uf8ff\U000f0000-\U0010ffff·§●▪■□◦‣•o](?=\\s)")
ESCAPED = re.compile(
    r"\\(?=[^\w\s])|(?<![\w*])[*](?=\S)|(?<=\S)[*](?![\w*])|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)|`|<(?=[a-zA-Z/!])|&(?=#?\w{1,30};)|\*\*|__"
    r"|\[(?=\^)|\[(?=[^\[\]]{0,1000}\]\()"
)
LINE_START = re.compile(r"^(?=#{1,6}(?:\s|$)|>|\||[-=_*]{3,}\s*$|\[[^\[\]]{1,80}\]:)", re.MULTILINE)
TYPED_MARK = re.compile(r"(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|[•●▪◦‣–])\s")
TYPED_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3}){1,5}\.?\s")  # of a paragraph that no list holds
MAX_CELL_WORDS = 80  # a longer cell is a part of a layout
MAX_ITEM_WORDS = 60  # a longer item is a paragraph with a number


class Block(Struct, gc=False):
    """A line of the text to be.

    Attributes
    ----------
    text
        Its Markdown, without the mark of its kind.
    level
        Of a heading 1 to 6, of an item its depth from 0.
    mark
        Of an item its bullet or number, of a note its label.
    links, in_page
        Share of the letters that stand in links, in links to places of the same page.
    """

    kind: BlockKind
    text: str
    level: int = 0
    mark: str = ""
    links: float = 0.0
    in_page: float = 0.0

    @property
    def words(self) -> int:
        """Number of words."""
        return len(self.text.split())

    def markdown(self) -> str:
        """Return the block as it stands in the text."""
        if self.kind == "heading":
            return f"{'#' * self.level} {self.text}"
        if self.kind == "item":
            return f"{'   ' * self.level}{self.mark} {self.text}"
        if self.kind == "note":
            return f"[^{self.mark}]: {self.text}"
        return self.text


class Piece(Struct, gc=False):
    """A run of text within a line: said in bold, in a link (to the same page), or markup that is no text itself."""

    text: str
    bold: bool = False
    link: bool = False
    in_page: bool = False
    markup: bool = False


class Notes:
    """The marks of notes on a page, and the elements that they lead to."""

    def __init__(self, root: Node) -> None:
        self.marks: dict[int, str] = {}  # by the link's identity
        self.back: set[int] = set()
        self.targets: dict[int, str] = {}
        places: dict[str, tuple[int, Node]] = {}  # with the block in which each stands
        links: list[tuple[int, Node]] = []
        blocks: dict[int, Node] = {}
        for order, node in enumerate(root.walk()):
            block = node if node.tag in BLOCK_TAGS else blocks.get(id(node), root)
            blocks.update((id(child), block) for child in node.elements())
            for key in ("id", "name"):
                if node.attributes.get(key):
                    places.setdefault(node.attributes[key], (order, block))
            if node.tag == "a" and node.attributes.get("href", "").find("#") >= 0:
                links.append((order, node))
        raised = {id(link) for node in root.walk() if node.tag == "sup" for link in node.walk() if link.tag == "a"}
        for order, link in links:
            target = link.attributes["href"].rpartition("#")[2]
            label = NOTE_MARK.fullmatch(link.text().strip())
            place = places.get(target)
            if place is None:
                continue
            if place[0] > order and label and (id(link) in raised or NOTE_TARGET.search(target)):
                self.marks[id(link)] = label.group("label")
                self.targets.setdefault(id(place[1]), label.group("label"))
            elif place[0] < order and (label or not re.search(r"\w", link.text())):
                self.back.add(id(link))


class BlockReader:
    """Reads the blocks of a part of a page."""

    def __init__(self, root: Node) -> None:
        self.notes = Notes(root)
        self.holders: set[int] = set()  # elements that hold blocks
        self._find_holders(root)
        self.blocks: list[Block] = []

    def _find_holders(self, node: Node) -> bool:
        holds = False
        for child in node.elements():
            holds |= self._find_holders(child) or child.tag in BLOCK_TAGS
        if holds:
            self.holders.add(id(node))
        return holds

    def read(self, node: Node) -> list[Block]:
        """Return the blocks of an element, in order."""
        self._read(node, 0)
        return self.blocks

    def _read(self, node: Node, depth: int) -> None:
        label = self.notes.targets.get(id(node))
        if label is not None and node.tag in BLOCK_TAGS and node.tag not in HEADINGS:
            self._add_note(node, label)
        elif node.tag in HEADINGS:
            self._add("heading", self._pieces(node), level=HEADINGS[node.tag])
        elif node.tag in ("ul", "ol", "dir", "menu"):
            self._read_list(node, depth)
        elif node.tag == "table":
            self._read_table(node, depth)
        elif node.tag == "dl":
            self._read_definitions(node, depth)
        elif node.tag == "pre":
            self._read_lines(node)
        elif node.tag not in UNSAID and node.tag != "hr":
            self._read_flow(node, depth)

    def _read_flow(self, node: Node, depth: int) -> None:
        """Read an element that holds lines, blocks or both."""
        line: list[Piece] = []
        for child in node.children:
            if isinstance(child, Node) and (child.tag in BLOCK_TAGS or id(child) in self.holders):
                self._add("text", line)
                line = []
                self._read(child, depth)
            else:
                line += self._inline(child, Piece("", bold=node.tag in ("b", "strong") or "bold" in node.attributes))
        self._add("text", line)

    def _read_list(self, node: Node, depth: int) -> None:
        ordered = node.tag == "ol"
        start = node.attributes.get("start", "")
        number = int(start) if start.isdigit() and len(start) < 6 else 1
        for item in node.elements():
            if item.tag != "li":
                self._read(item, depth + (item.tag in ("ul", "ol")))
                continue
            mark = f"{number}." if ordered else "-"
            if ordered and node.attributes.get("type", "") in ("a", "A") and number <= 26:
                mark = f"{chr(96 + number)})"
            number += 1
            if id(item) in self.notes.targets:
                self._add_note(item, self.notes.targets[id(item)])
                continue
            before = len(self.blocks)
            self._read_flow(item, depth + 1)
            if len(self.blocks) > before and self.blocks[before].kind == "text" and not TYPED_NUMBER.match(self.blocks[before].text):
                first = self.blocks[before]
                first.kind, first.level, first.mark = "item", depth, mark
                typed = TYPED_MARK.match(first.text)
                if typed:
                    first.mark, first.text = typed.group().strip(), first.text[typed.end() :].strip()

    def _read_definitions(self, node: Node, depth: int) -> None:
        term = ""
        for child in [inner for item in node.elements() for inner in (item.elements() if item.tag == "div" else [item])]:
            before = len(self.blocks)
            if child.tag == "dt":
                term = " ".join(piece.text for piece in self._pieces(child)).strip()
                self._add("text", self._pieces(child))
                continue
            self._read_flow(child, depth)
            if term and before and len(self.blocks) == before + 1 and self.blocks[before].kind == "text":
                value = self.blocks.pop()
                label = self.blocks[-1]
                label.text = f"{label.text.rstrip(': ')}: {value.text}"
                label.links, label.in_page = value.links, value.in_page
            term = ""

    def _read_lines(self, node: Node) -> None:
        """Read text that was set in lines by hand; blank lines part its paragraphs."""
        for paragraph in re.split(r"\n[^\S\n]*\n", "".join(piece.text for piece in self._inline(node, Piece("", markup=True), True))):
            lines = [escaped(line.rstrip()) for line in paragraph.strip("\n").split("\n")]
            if any(line.strip() for line in lines):
                self.blocks.append(Block("text", "\n".join(lines)))

    def _read_table(self, node: Node, depth: int) -> None:
        rows = filled_rows(node)
        width = max((sum(span_of(cell) for cell in row if cell is not None) + row.count(None) for row in rows), default=0)
        cells = [cell for row in rows for cell in row if cell is not None]
        plain = not any(
            inner.tag in ("table", *HEADINGS) or (inner.tag in ("ul", "ol") and len(inner.elements()) > 9)
            for cell in cells
            for inner in cell.walk()
            if inner is not cell
        )
        if not rows or width < 2 or not plain or any(len(cell.text().split()) > MAX_CELL_WORDS for cell in cells):
            for child in node.elements():
                self._read_cells(child, depth)
            return
        for child in node.elements():
            if child.tag == "caption":
                self._read_flow(child, depth)
        written: list[list[str]] = []
        linked, letters = 0.0, 0
        for row in rows:
            line: list[str] = []
            for cell in row:
                if cell is None:
                    line.append("")
                    continue
                block = _block("text", self._pieces(cell))
                text = re.sub(r"\s+", " ", block.text.removeprefix("**").removesuffix("**")) if block else ""
                linked += block.links * len(text) if block else 0.0
                letters += len(text)
                line += [text.replace("|", "\\|"), *[""] * (min(span_of(cell), MAX_CELLS) - 1)]
            if any(line):
                written.append((line + [""] * min(width, MAX_CELLS))[: min(width, MAX_CELLS)])
        lines = [f"| {' | '.join(line)} |" for line in written]
        lines[1:1] = ["|" + " --- |" * len(written[0])] if written else []
        if lines:
            self.blocks.append(Block("table", "\n".join(lines), links=linked / max(1, letters)))

    def _read_cells(self, node: Node, depth: int) -> None:
        if node.tag in ("thead", "tbody", "tfoot", "tr"):
            for child in node.elements():
                self._read_cells(child, depth)
        else:
            self._read_flow(node, depth)

    def _pieces(self, node: Node) -> list[Piece]:
        pieces: list[Piece] = []
        for child in node.children:
            pieces += self._inline(child, Piece("", bold=node.tag in ("b", "strong") or "bold" in node.attributes))
        return pieces

    def _inline(self, node: Node | str, within: Piece, lines: bool = False) -> Iterator[Piece]:
        """Yield the runs of an element within a line; where ``lines``, white space stays."""
        if isinstance(node, str):
            text = node if lines else re.sub(r"\s+", " ", node)
            yield Piece(text, within.bold, within.link, within.in_page, within.markup)
            return
        if node.tag in UNSAID or id(node) in self.notes.back:
            return
        if node.attributes.get("href", "").startswith("#") and len(node.text().strip()) == 1 and not re.search(r"\w", node.text()):
            return  # a sign that links to its own heading
        if id(node) in self.notes.marks:
            yield Piece(f"[^{self.notes.marks[id(node)]}]", markup=True)
            return
        if node.tag == "br":
            yield Piece("\n", markup=True)
            return
        if node.tag in ("sup", "sub") and not any(id(inner) in self.notes.marks for inner in node.walk()):
            text = node.text().strip()
            if node.tag == "sup" and re.fullmatch(r"[\w,\s*\[\]]{1,12}", text) and not ORDINAL.fullmatch(text):
                yield Piece(f"<sup>{text}</sup>", markup=True)
            else:
                yield Piece(text, within.bold, within.link, within.in_page)
            return
        inner = Piece(
            "",
            within.bold or node.tag in ("b", "strong") or "bold" in node.attributes,
            within.link or (node.tag == "a" and bool(node.attributes.get("href"))),
            within.in_page or (node.tag == "a" and node.attributes.get("href", "").startswith("#")),
            within.markup,
        )
        apart = node.tag in BLOCK_TAGS
        if apart:
            yield Piece(" ")
        if node.tag == "q":
            yield Piece("“")
        for child in node.children:
            yield from self._inline(child, inner, lines)
        if node.tag == "q":
            yield Piece("”")
        if apart:
            yield Piece(" ")

    def _add_note(self, node: Node, label: str) -> None:
        block = _block("note", self._pieces(node))
        if block is not None:
            own = re.match(rf"\W{{0,2}}{re.escape(label)}\W{{0,2}}\s", block.text)
            block.text = " ".join((block.text[own.end() :] if own else block.text).split())
            block.mark = re.sub(r"\W", "", label) or "note"
            self.blocks.append(block)

    def _add(self, kind: BlockKind, pieces: list[Piece], level: int = 0) -> None:
        """Add the lines of a run of pieces; two line breaks part paragraphs."""
        paragraph: list[Piece] = []
        breaks = 0
        for piece in [*pieces, Piece("\n\n", markup=True)]:
            if piece.text.startswith("\n"):
                breaks += len(piece.text)
            elif piece.text.strip():
                breaks = 0
            if breaks >= 2:
                block = _block(kind, paragraph)
                if block is not None:
                    block.level = level
                    self.blocks.append(block)
                paragraph = []
            else:
                paragraph.append(piece)


def escaped(text: str) -> str:
    """Return a line with a backslash before what would otherwise be read as markup."""
    return ESCAPED.sub(lambda match: "".join("\\" + character for character in match.group()), text)


def _block(kind: BlockKind, pieces: list[Piece]) -> Block | None:
    """Make one block of pieces, or none where nothing is said."""
    letters = sum(len(piece.text.split()) and len(piece.text.strip()) for piece in pieces if not piece.markup)
    said = [piece for piece in pieces if piece.text.strip() and not piece.markup]
    if not said and not any(piece.text.strip() for piece in pieces):
        return None
    bold_until = 0  # how many pieces from the first on are bold
    while bold_until < len(pieces) and (pieces[bold_until].bold or not pieces[bold_until].text.strip()):
        bold_until += 1
    lead = "".join(piece.text for piece in pieces[:bold_until]).strip()
    text = ""
    for number, piece in enumerate(pieces):
        if kind != "heading" and lead and number == bold_until:
            text = f"**{text.strip()}**" + text[len(text.rstrip()) :]
        text += piece.text if piece.markup else escaped(piece.text)
    if kind != "heading" and lead and bold_until == len(pieces):
        text = f"**{text.strip()}**"
    text = INVISIBLE.sub("", PRIVATE_BULLET.sub("-", text))
    text = "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)
    if kind == "heading":
        text = " ".join(text.split())
    if not re.search(r"\w", text):
        return None
    links = sum(len(piece.text.strip()) for piece in said if piece.link)
    in_page = sum(len(piece.text.strip()) for piece in said if piece.in_page)
    return Block(kind, LINE_START.sub(r"\\", text), links=links / max(1, letters), in_page=in_page / max(1, letters))


def write_blocks(blocks: list[Block]) -> str:
    """Return blocks as one text: blank lines between them, none between short items of a list."""
    text: list[str] = []
    for number, block in enumerate(blocks):
        if number:
            before = blocks[number - 1]
            listed = block.kind == before.kind == "item" and max(block.words, before.words) <= MAX_ITEM_WORDS
            listed &= block.level != before.level or (block.mark == "-") == (before.mark == "-")
            text.append("\n" if listed else "\n\n")
        text.append(block.markdown())
    return "".join(text) + "\n" if text else ""
