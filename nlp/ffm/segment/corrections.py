"""What a person says of a report's layout, followed before anything is found by rule."""

from __future__ import annotations

import json
from collections import Counter

from ffm.records import Correction, Layout, Segmentation
from ffm.segment.elements import LOOK_LEVEL, Element, Elements, letters_key, split_element
from ffm.segment.lines import read_lines
from ffm.segment.reader import read_elements

UNMATCHED = "layout file: "


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


def unmatched(elements: Elements, layout: Layout | None) -> list[str]:
    """Return a notice for each line of a layout that the report does not have."""
    if layout is None:
        return []
    matched = {id(element.correction) for element in elements if element.correction is not None}
    return [
        f'{UNMATCHED}"{said.heading}"{f" ({said.nth})" if said.nth > 1 else ""} is no line of the report; correct it, or leave it out'
        for said in layout.line
        if id(said) not in matched
    ]


def template(found: Segmentation) -> str:
    """Return a layout file for a report that says what was found of it, all of it commented out: what is true needs no word."""
    text = found.report.text
    seen: Counter[str] = Counter()
    numbers: dict[int, tuple[str, int]] = {}
    for element in read_elements(text):
        key = letters_key(element.text)
        seen[key] += element.kind != "furniture"
        numbers[element.start] = (element.text, seen[key])
    lines = [
        f"# The layout of {found.report.id}, as it was found. Take the # from a line that is wrong, and from the heading above it, and correct it.",
        "# Any line of the report can be named. Beside what stands here it can be said of one:",
        "#   question = true    it is a question, and what stands below it the answer       section = false    it is no heading",
        '#   part = "front"     what stands below it is no evidence (methods, glossary)     nth = 2            it is the second line of these words',
        "",
        f'# report_date = "{found.report_date or "YYYY-MM-DD"}"',
    ]
    for section in found.sections:
        heading, nth = numbers.get(section.start, ("", 0))
        if not heading:
            continue
        lines += ["", "# [[line]]", f"# heading = {_quoted(heading)}"]
        if seen[letters_key(heading)] > 1:
            lines.append(f"# nth = {nth}")
        lines += [f"# source = {_quoted(section.source or '')}"] if section.source or section.part != "front" else []
        lines += [f'# source_type = "{section.source_type}"'] if section.source_type else []
        lines += [f'# date = "{section.date}"'] if section.date else []
        lines += [f'# part = "{section.part}"']
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return a text as TOML quotes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
