"""Runs by itself, as a process with limits: turns a Word file into HTML by way of mammoth.

Standard input is the file, standard output its HTML, or a line ``refused: reason`` with exit code 3. Before mammoth
reads it, what mammoth does not know is written out in the document: numbers of paragraphs, outline levels of styles and
headings by size; what is no text goes: contents lists, hidden and deleted text. The file imports nothing of ffm.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENT, STYLES, NUMBERING = "word/document.xml", "word/styles.xml", "word/numbering.xml"
MAX_UNPACKED = 100_000_000  # bytes of all XML parts
MAX_PARTS = 5_000
MAX_HEADING_WORDS = 15
LARGER = 1.15  # times the size of the body's letters, from which on a short line is a heading
ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
STYLE_MAP = "\n".join(
    [f"p.FfmOutline{level} => h{level}:fresh" for level in range(1, 7)]
    + ["p[style-name='Title'] => h1:fresh", "p[style-name='List Bullet'] => ul > li:fresh", "p[style-name='List Number'] => ol > li:fresh"]
)


class Refused(Exception):
    """Why a file is not read, as a word that the reader knows."""


def read_parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a Word file, all of them text and none with a document type.

    Pictures and other files within are left empty. Word writes no document type; entities that unfold stand in one.
    """
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            texts = [member for member in members if member.filename.endswith((".xml", ".rels"))]
            if len(members) > MAX_PARTS or sum(member.file_size for member in texts) > MAX_UNPACKED:
                raise Refused("bomb")
            for member in texts:
                parts[member.filename] = archive.read(member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise Refused("damaged") from None
    if DOCUMENT not in parts:
        raise Refused("damaged")
    if any(b"<!DOCTYPE" in part.replace(b"\0", b"") for part in parts.values()):
        raise Refused("doctype")
    return parts


class Styles:
    """The paragraph styles of a file: outline level, numbering and size of letters, inherited ones included."""

    def __init__(self, root: Any) -> None:
        self.found = {style.get(W + "styleId"): style for style in root.iter(W + "style")} if root is not None else {}
        size = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}sz") if root is not None else None
        self.default_size = _number(size, 22)
        default = next(
            (style for style in self.found.values() if style.get(W + "default") == "1" and style.get(W + "type") == "paragraph"), None
        )
        self.default = default.get(W + "styleId") if default is not None else None

    def name(self, style: str | None) -> str:
        """Return a style's name, lower case."""
        found = self.found.get(style)
        name = found.find(W + "name") if found is not None else None
        return (name.get(W + "val") or "").lower() if name is not None else ""

    def value(self, style: str | None, path: str) -> Any:
        """Return what a style, or one that it is based on, says at a path; None where none does."""
        for _ in range(20):
            found = self.found.get(style)
            if found is None:
                return None
            value = found.find(path)
            if value is not None:
                return value
            based = found.find(W + "basedOn")
            style = based.get(W + "val") if based is not None else None
        return None


class Numbering:
    """Counts numbered paragraphs as Word does, list by list and level by level."""

    def __init__(self, root: Any) -> None:
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.lists: dict[str, str] = {}
        self.counts: dict[str, list[int]] = {}
        if root is None:
            return
        for abstract in root.iter(W + "abstractNum"):
            levels = {}
            for level in abstract.iter(W + "lvl"):
                shape, text, start = level.find(W + "numFmt"), level.find(W + "lvlText"), level.find(W + "start")
                levels[_int(level.get(W + "ilvl"), 0)] = (
                    shape.get(W + "val") or "decimal" if shape is not None else "decimal",
                    (text.get(W + "val") or "") if text is not None else "",
                    _number(start, 1),
                )
            self.levels[abstract.get(W + "abstractNumId")] = levels
        for number in root.iter(W + "num"):
            abstract = number.find(W + "abstractNumId")
            if abstract is not None:
                self.lists[number.get(W + "numId")] = abstract.get(W + "val")

    def label(self, number: str, level: int) -> str:
        """Return the printed number of the next paragraph of a list, empty for a bullet."""
        abstract = self.lists.get(number, "")
        levels = self.levels.get(abstract, {})
        if level not in levels or not 0 <= level <= 8:
            return ""
        counts = self.counts.setdefault(abstract, [0] * 9)
        counts[level] = counts[level] + 1 if counts[level] else levels[level][2]
        counts[level + 1 :] = [0] * (8 - level)
        shape, text, _ = levels[level]
        if shape in ("bullet", "none"):
            return ""

        def printed(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            kind, _, start = levels.get(at, ("decimal", "", 1))
            return in_shape(counts[at] or start, kind)

        return re.sub(r"%([1-9])", printed, text)


def in_shape(number: int, shape: str) -> str:
    """Return a number as Word prints it in a format such as lowerLetter or upperRoman."""
    if shape.endswith("Letter"):
        letters = chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif shape.endswith("Roman") and number < 4000:
        letters, rest = "", number
        for value, sign in ROMAN:
            letters += sign * (rest // value)
            rest %= value
    else:
        return str(number)
    return letters.upper() if shape.startswith("upper") else letters


def _int(text: str | None, default: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"\d{1,6}", text) else default


def _number(element: Any, default: int) -> int:
    return default if element is None else _int(element.get(W + "val"), default)


def write_out(parts: dict[str, bytes]) -> bytes:
    """Return a Word file's document with numbers, outline levels and headings by size written out and without what is no text."""
    from xml.etree.ElementTree import Element, SubElement, tostring

    from defusedxml.ElementTree import fromstring

    root = fromstring(parts[DOCUMENT])
    styles = Styles(fromstring(parts[STYLES]) if STYLES in parts else None)
    numbering = Numbering(fromstring(parts[NUMBERING]) if NUMBERING in parts else None)
    for parent in list(root.iter()):
        for child in [child for child in parent if _is_no_text(child, styles)]:
            parent.remove(child)
    for paragraph in root.iter(W + "p"):
        properties = paragraph.find(W + "pPr")
        if properties is None:
            properties = Element(W + "pPr")
            paragraph.insert(0, properties)
        named = properties.find(W + "pStyle")
        style = named.get(W + "val") if named is not None else styles.default
        label = _label(properties, style, styles, numbering)
        text = "".join(piece.text or "" for piece in paragraph.iter(W + "t")).strip()
        if label and text:
            run = Element(W + "r")
            SubElement(run, W + "t").text = label + " "
            first = next((run for run in paragraph.iter(W + "r")), None)
            if first is not None and first.find(W + "rPr") is not None:
                run.insert(0, first.find(W + "rPr"))
            paragraph.insert(list(paragraph).index(properties) + 1, run)
        level = properties.find(W + "outlineLvl")
        outline = _number(level if level is not None else styles.value(style, f"{W}pPr/{W}outlineLvl"), 9)
        if outline < 9 and text:
            if named is None:
                named = SubElement(properties, W + "pStyle")
            named.set(W + "val", f"FfmOutline{min(outline + 1, 6)}")
        elif _is_large(paragraph, text, style, styles):
            for run in paragraph.iter(W + "r"):
                look = run.find(W + "rPr")
                if look is None:
                    look = Element(W + "rPr")
                    run.insert(0, look)
                if look.find(W + "b") is None:
                    SubElement(look, W + "b")
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _is_no_text(element: Any, styles: Styles) -> bool:
    """Tell whether an element is deleted, moved from here, hidden, or part of a contents list."""
    if element.tag in (W + "del", W + "moveFrom", W + "commentReference"):
        return True
    if element.tag == W + "r":
        hidden = element.find(f"{W}rPr/{W}vanish")
        return hidden is not None and hidden.get(W + "val") not in ("0", "false")
    if element.tag == W + "sdt":
        gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        return gallery is not None and gallery.get(W + "val") == "Table of Contents"
    if element.tag == W + "p":
        named = element.find(f"{W}pPr/{W}pStyle")
        return named is not None and re.match(r"toc\b|table of figures", styles.name(named.get(W + "val"))) is not None
    return False


def _label(properties: Any, style: str | None, styles: Styles, numbering: Numbering) -> str:
    """Return the number that Word prints before a paragraph."""
    own = properties.find(W + "numPr")
    inherited = styles.value(style, f"{W}pPr/{W}numPr")
    identity = next(
        (found.get(W + "val") for source in (own, inherited) if source is not None and (found := source.find(W + "numId")) is not None),
        None,
    )
    level = next(
        (_number(found, 0) for source in (own, inherited) if source is not None and (found := source.find(W + "ilvl")) is not None), 0
    )
    return numbering.label(identity, level) if identity not in (None, "0") else ""


def _is_large(paragraph: Any, text: str, style: str | None, styles: Styles) -> bool:
    """Tell whether a short line without a stop is set in larger letters than the body."""
    if not text or len(text.split()) > MAX_HEADING_WORDS or text[-1] in ".?!;,:":
        return False
    body = _number(styles.value(styles.default, f"{W}rPr/{W}sz"), styles.default_size)
    usual = _number(styles.value(style, f"{W}rPr/{W}sz"), body)
    return all(size >= LARGER * body for size in _sizes(paragraph, usual))


def _sizes(paragraph: Any, usual: int) -> Iterator[int]:
    for run in paragraph.iter(W + "r"):
        if any((piece.text or "").strip() for piece in run.iter(W + "t")):
            yield _number(run.find(f"{W}rPr/{W}sz"), usual)


def html_of(data: bytes) -> str:
    """Return a Word file's text as HTML: tracked changes accepted, comments, running heads and pictures left out."""
    import mammoth

    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("password" if b"E\0n\0c\0r\0y\0p\0t\0e\0d" in data else "binary")
    parts = read_parts(data)
    try:
        parts[DOCUMENT] = write_out(parts)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for name, part in parts.items():
                archive.writestr(name, part)
        packed.seek(0)
        result = mammoth.convert_to_html(
            packed, style_map=STYLE_MAP, convert_image=mammoth.images.img_element(lambda image: {}), external_file_access=False
        )
    except (MemoryError, RecursionError):
        raise Refused("memory") from None
    except Exception:  # whatever a damaged document makes mammoth raise
        raise Refused("damaged") from None
    return str(result.value)


def main() -> int:
    """Read standard input as a Word file; write its HTML to standard output."""
    try:
        sys.stdout.buffer.write(html_of(sys.stdin.buffer.read()).encode("utf-8", "replace"))
    except Refused as refused:
        print(f"refused: {refused}")
        return 3
    except MemoryError:
        print("refused: memory")
        return 3
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
