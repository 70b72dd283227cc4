"""What a person says of a report's layout, followed before anything is found by rule."""

from __future__ import annotations

from collections import Counter

from ffm.records import Correction, Layout
from ffm.segment.elements import LOOK_LEVEL, Element, Elements, letters_key, split_element
from ffm.segment.lines import read_lines


def apply_layout(elements: Elements, layout: Layout | None) -> Elements:
    """Give the lines that a layout names what it says of them: no heading, a question, or a heading with a source, a date or a part.

    A line is found by its letters; where it opens a paragraph, the paragraph is divided after it.
    """
    if layout is None:
        return elements
    wanted = {(letters_key(said.heading), said.nth): said for said in layout.line}
    keys = {key for key, _ in wanted}
    seen: Counter[str] = Counter()
    found: Elements = []
    for element in elements:
        for piece in _pieces(element, keys):
            key = letters_key(piece.text)
            if key in keys and piece.kind != "furniture":
                seen[key] += 1
                said = wanted.get((key, seen[key]))
                if said is not None:
                    _apply(piece, said)
            found.append(piece)
    return found


def _pieces(element: Element, keys: set[str]) -> Elements:
    """Return an element, divided after its first line where a layout names that line alone."""
    if element.one_line or not element.is_words or letters_key(element.text) in keys:
        return [element]
    first = next(read_lines(element.raw))
    return split_element(element, [first.end]) if letters_key(first.plain) in keys else [element]


def _apply(element: Element, said: Correction) -> None:
    if not said.section:
        element.kind, element.level = "text", 0
    elif said.question:
        element.kind, element.asks, element.level = "text", True, element.level or LOOK_LEVEL
    else:
        element.kind, element.level = "heading", element.level or LOOK_LEVEL
    element.correction = said


def unmatched(elements: Elements, layout: Layout | None) -> list[Correction]:
    """Return what a layout says of lines that the report does not have."""
    if layout is None:
        return []
    matched = [element.correction for element in elements if element.correction is not None]
    return [said for said in layout.line if said not in matched]
