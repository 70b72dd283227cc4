"""Which part of a web page is its text: menus, banners, contents lists, related links and comments are left out.

The decision rests on what pages have in common: the landmarks of HTML and ARIA, the words that authors of templates give
to parts of a page whatever the site (in classes and ids), the share of links, and where the prose stands. Readers that
rest on one of these alone lose headings or keep comments. The words are those that extractors such as trafilatura and
readability look for too.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from ffm.ingest.blocks import BLOCK_TAGS, HEADINGS, MAX_CELL_WORDS, Block
from ffm.ingest.dom import Node, rows_of

_WORDS = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
FURNITURE_TAGS = frozenset(("nav", "menu", "aside", "footer", "form", "address"))
FURNITURE_ROLES = frozenset(_WORDS["roles"])
FURNITURE_WORDS = frozenset(_WORDS["furniture"])
HEADER_WORDS = frozenset(("header", "hero"))
STATE_PREFIXES = ("has-", "with-", "no-", "is-", "js-", "not-", "without-", "u-")
NOTE_WORDS = frozenset(_WORDS["notes"])
WORD_PARTS = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+")
MIN_PROSE = 10  # words from which on a block is prose
MAX_LINKED = 0.5  # share of words in links up to which a block is prose
FURNITURE_SHARE = 0.4  # of the page's prose, from which on a part is the page itself whatever its name
MAIN_SHARE = 0.5
ONLY_CHILD = 0.8
MIN_ASIDE_WORDS = 40
SHORT = 45  # words: longer blocks are no notices of a site

NOTICE = re.compile(
    r"advertisement\b|sponsored\b|promoted\b|sign up\b|log ?in\b|subscribe\b|join our\b|share (?:this|on|via|with)\b|follow us\b|back to top\b"
    r"|skip to\b|read (?:more|next|also)\b|see also:|related:|print this\b|email this\b|©|copyright\b|all rights reserved\b|we use (?:\w+ ){0,3}cookies"
    r"|(?:this|our) (?:web)?site uses (?:\w+ ){0,3}cookies|by (?:continuing|using|clicking)\b.{0,60}\b(?:site|cookies|accept)|accept (?:all|cookies)"
    r"|powered by\b|you are here\b|loading\b|please enable javascript|click here\b|download (?:as|the|this|pdf)\b|posted in\b|filed under\b|tags?:"
    r"|leave a (?:comment|reply)|was this (?:page|article)|is this page|thank you for your feedback|get the best of our\b|support our\b|donate\b",
    re.IGNORECASE,
)
NOTICE_WITHIN = re.compile(
    r"\bour (?:weekly |free |daily )?newsletter|\bcookies? (?:policy|settings|preferences)|\ball rights reserved|\bin your inbox|\bthis (?:web)?site\b.{0,40}\bcookies"
    r"|\bprivacy policy\b|\bterms (?:of use|and conditions)\b",
    re.IGNORECASE,
)
APART = re.compile(
    r"\A(?:(?:\d{1,6} )?(?:comments?|responses?)(?: \(\d+\))?|leave a (?:reply|comment).*|related\b.*|more (?:from|on|in|stories|news)\b.*|most (?:read|popular|viewed|shared).*"
    r"|popular(?: \w+)?|trending.*|latest(?: \w+)?|recommended\b.*|you (?:may|might) also.*|read (?:more|next).*|share\b.*|follow us.*|stay (?:connected|informed).*"
    r"|subscribe.*|.*newsletters?|sign up.*|is this page.*|was this.*|(?:give |your |send )?feedback|tags?|topics?|categories|support links|cookies?\b.*|privacy\b.*"
    r"|advertisement|download(?: \w+)?|translations?|print|navigation|(?:main )?menu|search|support (?:us|our \w+)|donate|in the news|see also|similar \w+|site (?:map|links)"
    r"|help us improve.*|explore the topic|quick links|useful links|about (?:us|the author)|contact(?: us)?|view report by.*|services and information|collection)\Z",
    re.IGNORECASE,
)
CONTENTS = re.compile(
    r"(?:table of )?contents|contents? (?:list|page)|(?:on|in) this (?:page|section|report|document|article).*|(?:page|quick) navigation|jump to.*|index",
    re.IGNORECASE,
)
CONTENTS_END = re.compile(r"(?:\.{3}|(?:\. ){3}|…|\s)\s{0,9}\d{1,4}\*{0,2}$")
BOLD_LINE = re.compile(r"\*\*(?!Q\b)[^*\n]{1,120}[^*\n.?!:;,]\*\*")
BYLINE = re.compile(r"(?:(?:written|posted|published|reported|submitted|edited) )?by:? [^.?!:]{2,60}", re.IGNORECASE)
MAX_APART_WORDS = 120
MAX_TITLE_WORDS = 14


class Weight(Struct, gc=False):
    """Words of an element: all, in links, and those of prose."""

    words: int = 0
    linked: int = 0
    prose: int = 0


def words_of(node: Node, keys: tuple[str, ...] = ("class", "id")) -> set[str]:
    """Return the words of an element's classes and id: ``site-nav__list`` gives site, nav, list."""
    found: set[str] = set()
    for key in keys:
        for name in node.attributes.get(key, "").split():
            if not name.startswith(STATE_PREFIXES):
                found.update(part.lower() for part in WORD_PARTS.findall(name))
    return found


def holds_notes(node: Node) -> bool:
    """Tell whether an element is named after footnotes, or its first items are."""
    for number, inner in enumerate(node.walk()):
        if number > 40:
            return False
        if words_of(inner) & NOTE_WORDS or inner.attributes.get("role", "") in NOTE_WORDS:
            return True
    return False


class MainText:
    """Finds the part of a page that is its text; what is none within is taken out of the tree."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.weights: dict[int, Weight] = {}
        self._weigh(root, False)
        self.total = max(1, self.weights[id(root)].prose)
        self.unfolds = False

    def find(self) -> Node:
        """Return the main part, pruned."""
        hidden = sum(self.weights[id(node)].prose for node in _outermost_hidden(self.root))
        self.unfolds = hidden > FURNITURE_SHARE * self.total  # the page's own text is folded away until its reader opens it
        self._prune(self.root, False)
        self.weights = {}
        self._weigh(self.root, False)
        self.total = max(1, self.weights[id(self.root)].prose)
        part = self._landmark() or self._descend()
        title = next((node for node in self.root.walk() if node.tag == "h1" and node.text().strip()), None)
        if title is not None and not any(node.tag == "h1" for node in part.walk()):
            return Node("div", {}, [title, part])
        return part

    def _weigh(self, node: Node, linked: bool) -> Weight:
        """Count words bottom up; a block's own line is prose where it is long and not of links."""
        weight, own = Weight(), Weight()
        linked = linked or node.tag == "a"

        def close() -> None:
            if own.words >= MIN_PROSE and own.linked <= MAX_LINKED * own.words:
                weight.prose += own.words
            own.words = own.linked = 0

        for child in node.children:
            if isinstance(child, str):
                count = len(child.split())
                own.words += count
                own.linked += count * linked
                continue
            inner = self._weigh(child, linked)
            weight.words += inner.words
            weight.linked += inner.linked
            if child.tag in BLOCK_TAGS or inner.prose:
                weight.words += own.words
                weight.linked += own.linked
                close()
                weight.prose += inner.prose
            else:
                weight.words -= inner.words
                weight.linked -= inner.linked
                own.words += inner.words
                own.linked += inner.linked
        weight.words += own.words
        weight.linked += own.linked
        if node.tag in BLOCK_TAGS or weight.prose or node is self.root:
            close()
        self.weights[id(node)] = weight
        return weight

    def _linked(self, node: Node) -> float:
        weight = self.weights[id(node)]
        return weight.linked / max(1, weight.words)

    def _prune(self, node: Node, within: bool) -> None:
        """Take furniture out of an element; ``within`` tells whether it stands in a main part or an article."""
        within = within or node.tag in ("main", "article") or node.attributes.get("role") == "main"
        kept: list[Node | str] = []
        for child in node.children:
            if isinstance(child, str):
                kept.append(child)
            elif self._is_furniture(child, within) or (child.tag == "figcaption" and not _is_quoted(node)):
                continue
            elif self._is_header(child):
                kept += [inner for inner in child.walk() if inner.tag in HEADINGS] if within or self._has_title(child) else []
            else:
                self._prune(child, within)
                kept.append(child)
        node.children = kept

    def _is_furniture(self, node: Node, within: bool) -> bool:
        if "hidden" in node.attributes:
            return not self.unfolds
        weight = self.weights[id(node)]
        if weight.prose > FURNITURE_SHARE * self.total or node.tag in HEADINGS or node.tag in ("td", "th", "tr", "tbody", "body", "main"):
            return False
        if node.tag in FURNITURE_TAGS or node.attributes.get("role", "") in FURNITURE_ROLES:
            if holds_notes(node):
                return False
            box = node.tag == "aside" and within and weight.prose >= MIN_ASIDE_WORDS and self._linked(node) < 0.2
            return not box or bool(words_of(node) & FURNITURE_WORDS)
        keys = ("class",) if node.tag in ("p", "li", "section", "a", "span") or self._is_slug(node) else ("class", "id")
        return bool(words_of(node, keys) & FURNITURE_WORDS) and not holds_notes(node)

    def _is_slug(self, node: Node) -> bool:
        """Tell whether an element's id is made of the heading that it begins with."""
        first = next((inner for inner in node.walk() if inner.tag in HEADINGS), None)
        letters = re.sub(r"[\W_]", "", node.attributes.get("id", "").lower())
        return first is not None and bool(letters) and re.sub(r"[\W_]", "", first.text().lower()).startswith(letters)

    def _is_header(self, node: Node) -> bool:
        if node.tag in HEADINGS or self.weights[id(node)].prose > FURNITURE_SHARE * self.total:
            return False
        return node.tag == "header" or (node.tag in ("div", "section", "p") and bool(words_of(node) & HEADER_WORDS))

    def _has_title(self, node: Node) -> bool:
        return any(inner.tag == "h1" for inner in node.walk())

    def _landmark(self) -> Node | None:
        """Return the page's main part or only article, where it holds most of the prose."""
        part: Node | None = None
        for names in (("main",), ("article",)):
            for node in (part or self.root).walk():
                named = (
                    node.tag in names
                    or node.attributes.get("role") in names
                    or ("article" in names and node.attributes.get("itemprop") == "articleBody")
                )
                whole = self.weights[id(part)].prose if part is not None else self.total
                if (
                    named
                    and node is not part
                    and self.weights[id(node)].prose >= max(1, (MAIN_SHARE if part is None else ONLY_CHILD) * whole)
                ):
                    part = node
                    break
        return part

    def _descend(self) -> Node:
        """Return the innermost element beside which stands no prose."""
        part = self.root
        while True:
            whole = max(1, self.weights[id(part)].prose)
            heavy = [child for child in part.elements() if self.weights[id(child)].prose >= ONLY_CHILD * whole]
            if heavy and heavy[0].tag == "table":
                cell = self._main_cell(heavy[0])
                if cell is None:
                    return part
                part = cell
                continue
            if not heavy or heavy[0].tag in ("ul", "ol", "p", "dl"):
                return part
            others = [child for child in part.elements() if child is not heavy[0]]
            whole_page = any(inner.tag == "h1" for inner in heavy[0].walk())
            if any(self._is_prose(child, whole_page) for child in others):
                return part
            part = heavy[0]

    def _main_cell(self, table: Node) -> Node | None:
        """Return the cell of a layout that holds the text; None where the table is none, or others hold text too."""
        cells = [cell for row in rows_of(table) for cell in row]
        main = max(cells, key=lambda cell: self.weights[id(cell)].prose, default=None)
        if main is None or self.weights[id(main)].words <= MAX_CELL_WORDS:
            return None
        if self.weights[id(main)].prose < MAIN_SHARE * self.weights[id(table)].prose:
            return None
        others = (self.weights[id(cell)] for cell in cells if cell is not main)
        return main if all(weight.words <= SHORT or weight.linked >= MAX_LINKED * weight.words for weight in others) else None

    def _is_prose(self, node: Node, whole_page: bool) -> bool:
        """Tell whether an element beside the heaviest one belongs to the text too.

        Beside a part that has the page's title, what is short and holds a link does not.
        """
        weight = self.weights[id(node)]
        if weight.prose < MIN_PROSE or self._linked(node) >= 0.3:
            return False
        if whole_page and weight.words <= SHORT and any(inner.tag == "a" for inner in node.walk()):
            return False
        return weight.words > SHORT or not is_notice(node.text())


def _is_quoted(figure: Node) -> bool:
    """Tell whether a figure holds text, and no picture alone."""
    return any(inner.tag in ("table", "pre", "blockquote", "ul", "ol", "p") for inner in figure.walk())


def _outermost_hidden(node: Node) -> Iterator[Node]:
    """Yield the elements that are not shown, without those within them."""
    for child in node.elements():
        if "hidden" in child.attributes:
            yield child
        else:
            yield from _outermost_hidden(child)


def is_notice(text: str) -> bool:
    """Tell whether a block is a site's word to its reader, such as an invitation to subscribe."""
    text = text.strip("*_ \n\t")
    return len(text.split()) <= SHORT and bool(NOTICE.match(text) or NOTICE_WITHIN.search(text))


def without_apparatus(blocks: list[Block]) -> list[Block]:
    """Leave out contents lists, lists of links, notices of the site and what stands under headings such as "Comments"."""
    blocks = without_contents(blocks)
    keep = [True] * len(blocks)
    _mark_links(blocks, keep)
    _mark_apart(blocks, keep)
    for number, block in enumerate(blocks):
        if block.kind in ("text", "item") and is_notice(block.text):
            keep[number] = False
    _mark_around_title(blocks, keep)
    kept = [block for number, block in enumerate(blocks) if keep[number]]
    _raise_bold_lines(kept)
    if len(kept) > 1 and _is_title(kept[0]) and kept[1].kind == "heading":
        kept[0].kind, kept[0].level, kept[0].text = "heading", 1, kept[0].text.strip("*")
    return kept


def _raise_bold_lines(blocks: list[Block]) -> None:
    """Make headings of the bold lines of a page that has its title alone as one, in place."""
    if [block.level for block in blocks if block.kind == "heading"] != [1]:
        return
    bold = [block for block in blocks if block.kind == "text" and BOLD_LINE.fullmatch(block.text) and block.words <= MAX_TITLE_WORDS]
    for block in bold if len(bold) > 1 else ():
        block.kind, block.level, block.text = "heading", 2, block.text.strip("*")


def _mark_around_title(blocks: list[Block], keep: list[bool]) -> None:
    """Mark short lines above the page's title, such as the names of offices, and the line below that says by whom it is."""
    at = next((number for number, block in enumerate(blocks) if block.kind == "heading" and block.level == 1), None)
    if at is None:
        return
    if all(block.kind in ("text", "item") and block.words < MIN_PROSE for block in blocks[:at]):
        keep[:at] = [False] * at
    if at + 1 < len(blocks) and blocks[at + 1].kind == "text" and BYLINE.fullmatch(blocks[at + 1].text):
        keep[at + 1] = False


def without_contents(blocks: list[Block]) -> list[Block]:
    """Leave out contents lists and their headings."""
    keep = [True] * len(blocks)
    _mark_contents(blocks, keep)
    kept = [block for number, block in enumerate(blocks) if keep[number]]
    return [block for number, block in enumerate(kept) if not _is_left_over(kept, number)]


def _is_title(block: Block) -> bool:
    """Tell whether a line that stands first, right above a heading, is the page's title."""
    return block.kind == "text" and block.words <= MAX_TITLE_WORDS and "\n" not in block.text and block.text[-1:] not in ".?!:;"


def _mark_contents(blocks: list[Block], keep: list[bool]) -> None:
    """Mark entries of contents: runs of lines that are links within the page, and lines that end in dots and a page."""
    start = 0
    while start < len(blocks):
        stop = start
        while stop < len(blocks) and _is_entry(blocks[stop]):
            stop += 1
        dotted = any(CONTENTS_END.search(block.text) for block in blocks[start:stop])
        headed = start > 0 and CONTENTS.fullmatch(blocks[start - 1].text.strip("*: "))
        if stop - start >= 3 or (stop > start and (dotted or headed)):
            keep[start:stop] = [False] * (stop - start)
            if headed:
                keep[start - 1] = False
        start = max(stop, start + 1)


def _is_entry(block: Block) -> bool:
    return block.kind in ("text", "item") and block.in_page > 0.8 and block.words <= 40


def _mark_links(blocks: list[Block], keep: list[bool]) -> None:
    """Mark runs of lines that are links and no sentences, with the heading right above them."""
    start = 0
    while start < len(blocks):
        stop = start
        while stop < len(blocks) and keep[stop] and _is_link(blocks[stop]):
            stop += 1
        listed = sum(block.kind == "item" for block in blocks[start:stop])
        if stop - start >= 2 or (stop - start == 1 and blocks[start].words <= 12):
            keep[start:stop] = [False] * (stop - start)
            alone = stop == len(blocks) or blocks[stop].kind == "heading"
            if listed and alone and start and blocks[start - 1].kind == "heading":
                keep[start - 1] = False
        start = max(stop, start + 1)


def _is_link(block: Block) -> bool:
    sentence = bool(re.search(r"[.!?:;,]\W*$", block.text)) and block.words > 3
    return block.kind in ("text", "item", "table") and block.links > 0.8 and not sentence


def _mark_apart(blocks: list[Block], keep: list[bool]) -> None:
    """Mark what stands under a heading that names a part of a site and not of a report."""
    for number, block in enumerate(blocks):
        if block.kind != "heading" or not (APART.fullmatch(block.text) or APART.fullmatch(block.text.strip(": ?*"))):
            continue
        stop = number + 1
        while stop < len(blocks) and not (blocks[stop].kind == "heading" and blocks[stop].level <= block.level):
            stop += 1
        below = blocks[number + 1 : stop]
        words = sum(item.words for item in below)
        if words <= MAX_APART_WORDS or sum(item.links * item.words for item in below) > 0.5 * words:
            keep[number:stop] = [False] * (stop - number)


def _is_left_over(blocks: list[Block], number: int) -> bool:
    """Tell whether a heading names the contents that were left out."""
    block = blocks[number]
    follows = blocks[number + 1] if number + 1 < len(blocks) else None
    bare = follows is None or follows.kind == "heading"
    return (block.kind == "heading" or block.text.startswith("**")) and bare and bool(CONTENTS.fullmatch(block.text.strip("*: ")))
