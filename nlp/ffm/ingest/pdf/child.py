"""Runs by itself, as a process with limits: takes a PDF apart with pdfium and writes its characters, rules and pictures.

The process gets the PDF on its standard input and writes one record after the other to its standard output. A record
is the length of a JSON head, the head, and arrays of the machine's own byte order whose lengths the head gives. The
file imports nothing of ffm, so that a process starts in a few hundredths of a second.
"""

from __future__ import annotations

import ctypes
import json
import sys
from array import array
from collections.abc import Callable
from itertools import repeat
from typing import Any

MAX_CHARACTERS = 200_000  # of a page; a page of small print has 10,000
MAX_ALL_CHARACTERS = 20_000_000
MAX_OBJECTS = 20_000  # of a page, among which rules are sought
MAX_RULES = 4_000  # a page with more is a drawing
MAX_DEPTH = 3  # of forms in forms in which rules are sought
TEXT, PATH, IMAGE, FORM = 1, 2, 3, 5  # FPDF_PAGEOBJ_*
LINE, CURVE = 0, 1  # FPDF_SEGMENT_*
BOX_SEGMENTS = 5  # of a path that draws one box
MAX_SEGMENTS = 2_000  # of a path, looked at
STRAIGHT = 0.5  # points by which a rule may slant
IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
PASSWORD_ERROR = 4
NO_OBJECT = 0xFFFFFFFF


class Refused(Exception):
    """What is wrong with the PDF, as a word that the reader knows, and a page's number where one is to blame."""

    def __init__(self, reason: str, page: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.page = reason, page


class Matrix(ctypes.Structure):
    """An affine map as pdfium keeps it."""

    _fields_ = [(name, ctypes.c_float) for name in "abcdef"]

    def values(self) -> tuple[float, ...]:
        return (self.a, self.b, self.c, self.d, self.e, self.f)


class Pdfium:
    """The functions of pdfium that are called once a character, bound so that a call costs a quarter of a microsecond."""

    def __init__(self) -> None:
        import pypdfium2_raw

        self.raw = pypdfium2_raw
        pointer, number = ctypes.c_void_p, ctypes.c_int
        bound: dict[str, Callable[..., Any]] = {}
        for name, result, *arguments in (
            ("FPDFText_GetUnicode", ctypes.c_uint, pointer, number),
            ("FPDFText_GetLooseCharBox", number, pointer, number, pointer),
            ("FPDFText_GetTextObject", pointer, pointer, number),
            ("FPDFText_GetMatrix", number, pointer, number, pointer),
            ("FPDFText_GetFontSize", ctypes.c_double, pointer, number),
            ("FPDFText_HasUnicodeMapError", number, pointer, number),
            ("FPDFTextObj_GetFont", pointer, pointer),
            ("FPDFTextObj_GetTextRenderMode", number, pointer),
            ("FPDFPageObj_GetFillColor", number, pointer, pointer, pointer, pointer, pointer),
            ("FPDFPageObj_GetBounds", number, pointer, pointer, pointer, pointer, pointer),
            ("FPDFPageObj_GetMatrix", number, pointer, pointer),
            ("FPDFPageObj_GetType", number, pointer),
            ("FPDFPath_CountSegments", number, pointer),
            ("FPDFPath_GetPathSegment", pointer, pointer, number),
            ("FPDFPathSegment_GetPoint", number, pointer, pointer, pointer),
            ("FPDFPathSegment_GetType", number, pointer),
            ("FPDFPage_CountObjects", number, pointer),
            ("FPDFPage_GetObject", pointer, pointer, number),
            ("FPDFFormObj_CountObjects", number, pointer),
            ("FPDFFormObj_GetObject", pointer, pointer, ctypes.c_ulong),
            ("FPDFFont_GetBaseFontName", ctypes.c_size_t, pointer, pointer, ctypes.c_size_t),
            ("FPDFFont_GetWeight", number, pointer),
        ):
            address = ctypes.cast(getattr(pypdfium2_raw, name), pointer).value
            bound[name.removeprefix("FPDF")] = ctypes.CFUNCTYPE(result, *arguments)(address or 0)
        self.call = bound


def write_record(head: dict[str, Any], arrays: tuple[array[Any], ...] = ()) -> None:
    """Write a head and its arrays to the standard output."""
    coded = json.dumps(head).encode()
    sys.stdout.buffer.write(len(coded).to_bytes(4, "little") + coded)
    for values in arrays:
        values.tofile(sys.stdout.buffer)


def read_document(data: bytes, max_pages: int) -> None:
    """Write a record for the document and one for each of its pages.

    Raises
    ------
    Refused
        If the document cannot be read, or is over a limit.
    """
    pdfium = Pdfium()
    raw = pdfium.raw
    raw.FPDF_InitLibrary()
    document = raw.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        raise Refused("password" if raw.FPDF_GetLastError() == PASSWORD_ERROR else "damaged")
    pages = raw.FPDF_GetPageCount(document)
    write_record({"pages": pages})
    if pages > max_pages:
        raise Refused("pages")
    if pages < 1:
        raise Refused("damaged")
    left = MAX_ALL_CHARACTERS
    for number in range(pages):
        left -= read_page(pdfium, document, number)
        if left < 0:
            raise Refused("characters")


def read_page(pdfium: Pdfium, document: Any, number: int) -> int:
    """Write the record of a page and return how many characters it has."""
    raw = pdfium.raw
    page = raw.FPDF_LoadPage(document, number)
    if not page:
        raise Refused("page", number + 1)
    try:
        textpage = raw.FPDFText_LoadPage(page)
        if not textpage:
            raise Refused("page", number + 1)
        try:
            count = max(0, int(raw.FPDFText_CountChars(textpage)))
            if count > MAX_CHARACTERS:
                raise Refused("characters", number + 1)
            head, arrays = read_characters(pdfium, ctypes.cast(textpage, ctypes.c_void_p).value or 0, count)
        finally:
            raw.FPDFText_ClosePage(textpage)
        rules, pictures = read_drawing(pdfium, ctypes.cast(page, ctypes.c_void_p).value or 0)
        width, height = raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page)
        turned = raw.FPDFPage_GetRotation(page) % 2 == 1
        head |= {"width": height if turned else width, "height": width if turned else height}
        head |= {"rules": len(rules) // 4, "pictures": pictures}
        write_record(head, (*arrays, rules))
    finally:
        raw.FPDF_ClosePage(page)
    return count


def read_characters(pdfium: Pdfium, textpage: int, count: int) -> tuple[dict[str, Any], tuple[array[Any], ...]]:
    """Return the characters of a page: code, box with the advance width, text object; and what each text object is like."""
    call = pdfium.call
    codes = array("I", map(call["Text_GetUnicode"], repeat(textpage), range(count)))
    boxes = array("f", bytes(16 * count))
    if count:
        start = boxes.buffer_info()[0]
        for _ in map(call["Text_GetLooseCharBox"], repeat(textpage), range(count), range(start, start + 16 * count, 16)):
            pass
    pointers = list(map(call["Text_GetTextObject"], repeat(textpage), range(count)))
    first = dict(zip(reversed(pointers), range(count - 1, -1, -1), strict=True))
    first.pop(None, None)
    order = sorted(first, key=first.__getitem__)
    index: dict[int | None, int] = {pointer: at for at, pointer in enumerate(order)}
    index[None] = NO_OBJECT
    objects = array("I", map(index.__getitem__, pointers))
    features = array("f")
    fonts: dict[int, int] = {}
    matrix = Matrix()
    colour = (ctypes.c_uint * 4)()
    at_matrix, at_colour = ctypes.addressof(matrix), ctypes.addressof(colour)
    for pointer in order:
        char = first[pointer]
        matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f = 1, 0, 0, 1, 0, 0
        call["Text_GetMatrix"](textpage, char, at_matrix)
        if not call["PageObj_GetFillColor"](pointer, at_colour, at_colour + 4, at_colour + 8, at_colour + 12):
            colour[:] = [0, 0, 0, 255]
        shade = (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]) / 255
        font = fonts.setdefault(call["TextObj_GetFont"](pointer) or 0, len(fonts))
        lost = call["Text_HasUnicodeMapError"](textpage, char) == 1
        features.extend(
            (
                *matrix.values(),
                call["Text_GetFontSize"](textpage, char),
                font,
                1 - (1 - shade) * colour[3] / 255,
                call["TextObj_GetTextRenderMode"](pointer),
                lost,
            )
        )
    head = {"characters": count, "objects": len(order), "fonts": [font_of(call, font) for font in fonts]}
    return head, (codes, boxes, objects, features)


def font_of(call: dict[str, Callable[..., Any]], font: int) -> tuple[str, int]:
    """Return a font's name and weight."""
    if not font:
        return "", 400
    name = ctypes.create_string_buffer(256)
    call["Font_GetBaseFontName"](font, ctypes.addressof(name), 256)
    return name.value.decode("utf-8", "replace"), call["Font_GetWeight"](font)


def read_drawing(pdfium: Pdfium, page: int) -> tuple[array[float], list[list[float]]]:
    """Return the boxes of a page's paths as (left, bottom, right, top), flat, and those of its pictures."""
    call = pdfium.call
    rules = array("f")
    pictures: list[list[float]] = []
    box = (ctypes.c_float * 4)()
    at_box = ctypes.addressof(box)
    left = MAX_OBJECTS
    waiting: list[tuple[int, bool, tuple[float, ...], int]] = [(page, False, IDENTITY, 0)]
    while waiting:
        holder, is_form, turn, depth = waiting.pop()
        count = call["FormObj_CountObjects" if is_form else "Page_CountObjects"](holder)
        for at in range(min(count, left)):
            item = call["FormObj_GetObject" if is_form else "Page_GetObject"](holder, at)
            kind = call["PageObj_GetType"](item) if item else 0
            if kind == FORM and depth < MAX_DEPTH:
                waiting.append((item, True, times(matrix_of(call, item), turn), depth + 1))
            lines = lines_of(call, item, turn) if kind == PATH and len(rules) <= 4 * MAX_RULES else None
            if lines is not None:
                rules.extend(lines)
            elif kind in (PATH, IMAGE) and call["PageObj_GetBounds"](item, at_box, at_box + 4, at_box + 8, at_box + 12):
                bounds = boxed(*map_point(turn, box[0], box[1]), *map_point(turn, box[2], box[3]))
                if kind == PATH:
                    rules.extend(bounds)
                elif len(pictures) < MAX_RULES:
                    pictures.append(list(bounds))
        left -= min(count, left)
    return (rules if len(rules) <= 4 * MAX_RULES else array("f")), pictures


def matrix_of(call: dict[str, Callable[..., Any]], item: int) -> tuple[float, ...]:
    """Return the map that an object of a page has."""
    matrix = Matrix()
    return matrix.values() if call["PageObj_GetMatrix"](item, ctypes.addressof(matrix)) else IDENTITY


def times(m: tuple[float, ...], n: tuple[float, ...]) -> tuple[float, ...]:
    """Return the map that does one and then another."""
    a, b, c, d, e, f = n
    return (
        m[0] * a + m[1] * c,
        m[0] * b + m[1] * d,
        m[2] * a + m[3] * c,
        m[2] * b + m[3] * d,
        m[4] * a + m[5] * c + e,
        m[4] * b + m[5] * d + f,
    )


def map_point(m: tuple[float, ...], x: float, y: float) -> tuple[float, float]:
    """Return where a map takes a point."""
    return x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5]


def boxed(x: float, y: float, x2: float, y2: float) -> tuple[float, float, float, float]:
    """Return two corners as (left, bottom, right, top)."""
    return min(x, x2), min(y, y2), max(x, x2), max(y, y2)


def lines_of(call: dict[str, Callable[..., Any]], path: int, turn: tuple[float, ...]) -> list[float] | None:
    """Return the boxes of the straight lines of a path that draws several, flat; None where it draws one box, or curves."""
    count = call["Path_CountSegments"](path)
    if count <= BOX_SEGMENTS:
        return None
    turn = times(matrix_of(call, path), turn)
    found: list[float] = []
    point = (ctypes.c_float * 2)()
    at_point = ctypes.addressof(point)
    before: tuple[float, float] | None = None
    for at in range(min(count, MAX_SEGMENTS)):
        segment = call["Path_GetPathSegment"](path, at)
        kind = call["PathSegment_GetType"](segment) if segment else CURVE
        if kind == CURVE or not call["PathSegment_GetPoint"](segment, at_point, at_point + 4):
            return None
        here = map_point(turn, point[0], point[1])
        if kind == LINE and before is not None and min(abs(here[0] - before[0]), abs(here[1] - before[1])) < STRAIGHT:
            found.extend(boxed(*before, *here))
        before = here
    return found


def main() -> None:
    """Read the PDF on the standard input; the argument is the most pages that it may have."""
    try:
        try:
            read_document(sys.stdin.buffer.read(), int(sys.argv[1]))
            write_record({"end": True})
        except Refused as refused:
            write_record({"refused": refused.reason, "page": refused.page})
        except MemoryError:
            write_record({"refused": "memory", "page": 0})
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader has gone
        pass


if __name__ == "__main__":
    main()
