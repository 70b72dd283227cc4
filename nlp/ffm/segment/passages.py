"""Passages: what belongs together is joined, what is too long is cut."""

from __future__ import annotations

import itertools
import re

from msgspec import Struct

from ffm.records import Part, PassageKind, Range
from ffm.segment.elements import CAPTION, Element, Elements
from ffm.segment.lines import BACK_LINK, NUMBERED, OPEN_WORD, is_bold, is_terminated, plain
from ffm.segment.sentences import sentence_ranges

MAX_WORDS = 150
WORD = re.compile(r"\S+")
CLAUSE_END = re.compile(r"[,;:–—]")


class Unit(Struct):
    """What one speaker or paragraph says without a cut: paragraphs that stay together, each with its parts."""

    kind: PassageKind
    paragraphs: list[list[Range]]
    question: int = 0
    joinable: bool = True
    number: str | None = None
    source: str | None = None
    description: str = ""
    quoted_source: str | None = None
    part: Part = "evidence"


def make_units(elements: Elements, text: str) -> tuple[list[Unit], dict[int, tuple[Range, ...]]]:
    """Gather elements into units, joining what a page break or a footnote cut, and collect each question's parts."""
    units: list[Unit] = []
    questions: dict[int, list[Range]] = {}
    interrupted = False
    previous: Element | None = None
    last: Unit | None = None  # the unit that the next element may continue
    for element in elements:
        if element.kind in ("footnote", "table"):
            units.append(Unit(element.kind, [[(element.start, element.end)]], joinable=False, part=element.part))
            interrupted = interrupted or element.kind == "footnote"
            continue
        if element.kind == "furniture" or (element.kind == "heading" and CAPTION.match(element.text)):
            interrupted = True
            if BACK_LINK.match(element.text):
                last = previous = None
            continue
        if element.role is None:
            last = previous = None
            interrupted = False
            continue
        interrupted = interrupted or (previous is not None and previous.page_break)
        span = (element.words, element.end)
        cut = previous is not None and (element.runs_on or _is_cut(previous, element, interrupted))
        if cut and previous is not None and previous.role == "question" and element.opens and not _has_mark(element):
            element.role, element.question = "question", previous.question
        if element.role == "question":
            questions.setdefault(element.question, []).append(span)
        else:
            last = _place(units, last, element, span, cut, text)
        previous, interrupted = element, False
    return units, {number: tuple(parts) for number, parts in questions.items()}


def _has_mark(element: Element) -> bool:
    return element.words != element.start or element.answers


def _is_cut(previous: Element, element: Element, interrupted: bool) -> bool:
    """Tell whether a sentence runs on from the paragraph before: the page ended, or a footnote stood, in the middle of it."""
    before, after = previous.text, element.text
    if _has_mark(element) or element.kind == "list" or is_terminated(before) or not after:
        return False
    if previous.level or is_bold(previous.raw) != is_bold(element.raw):
        return False
    if NUMBERED.match(element.raw):
        return False
    if after[0].islower() or after[0] in "),;" or before.endswith("-"):
        return True
    if OPEN_WORD.search(before) or before.endswith(","):
        return True
    return interrupted and len(before.split()) >= 8


def _place(units: list[Unit], last: Unit | None, element: Element, span: Range, cut: bool, text: str) -> Unit:
    """Put an element's text into the last unit, where it continues it, or into one of its own; return that unit."""
    kind: PassageKind = "answer" if element.role == "answer" else "list" if element.role == "list" else "paragraph"
    if last is not None and last.question == element.question and last.source == element.source:
        if cut:
            last.paragraphs[-1].append(span)
            return last
        if element.quotes or (last.kind == kind == "answer" and not element.opens):
            last.paragraphs.append([span])
            return last
        if kind == "list" and (last.kind == "list" or (last.kind == "paragraph" and _leads_in(last, text))):
            last.paragraphs.append([span])
            last.kind = "list"
            return last
    unit = Unit(kind, [[span]], element.question, True, element.number, element.source, element.speaker_role)
    unit.quoted_source, unit.part = element.quoted_source, element.part
    units.append(unit)
    return unit


def _leads_in(unit: Unit, text: str) -> bool:
    """Tell whether a unit ends in a colon, so that the list after it belongs to it."""
    start, end = unit.paragraphs[-1][-1]
    return text[start:end].rstrip("*_ ").endswith(":")


def _add_part(parts: list[Range], span: Range, text: str) -> None:
    """Append a range, or widen the last one where only white space lies between."""
    if parts and not text[parts[-1][1] : span[0]].strip():
        parts[-1] = (parts[-1][0], span[1])
    else:
        parts.append(span)


def count_words(text: str) -> int:
    """Return the number of runs of characters that are not white space."""
    return len(text.split())


def cut_unit(unit: Unit, text: str) -> list[tuple[Range, ...]]:
    """Return the passages of a unit as parts, none above 150 words, of nearly equal length.

    Cuts fall between paragraphs where they can, else between sentences, else between clauses, else between words.
    The cuts are those of least cost: the squared deviations from the mean length, plus a price for a cut that is
    not between paragraphs.
    """
    atoms = _atoms(unit, text)
    total = sum(words for _, words, _ in atoms)
    if total <= MAX_WORDS or len(atoms) < 2:
        return [_merge([parts for parts, _, _ in atoms], text)] if atoms else []
    target = total / -(-total // MAX_WORDS)
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * len(atoms)
    for end in range(1, len(atoms) + 1):
        words = 0
        for start in range(end - 1, -1, -1):
            words += atoms[start][1]
            if words > MAX_WORDS and end - start > 1:
                break
            price = 0.0 if start == 0 or atoms[start][2] else (0.12 * target) ** 2
            cost = best[start][0] + (words - target) ** 2 + price
            if cost < best[end][0]:
                best[end] = (cost, start)
    cuts = [len(atoms)]
    while cuts[-1] > 0:
        cuts.append(best[cuts[-1]][1])
    cuts.reverse()
    return [_merge([parts for parts, _, _ in atoms[left:right]], text) for left, right in itertools.pairwise(cuts)]


def _atoms(unit: Unit, text: str) -> list[tuple[list[Range], int, bool]]:
    """Return what must not be divided: sentences as (parts, words, begins a paragraph), a cut sentence's parts together."""
    atoms: list[tuple[list[Range], int, bool]] = []
    for paragraph in unit.paragraphs:
        fresh = True
        for number, (start, end) in enumerate(paragraph):
            for position, (left, right) in enumerate(sentence_ranges(text, start, end)):
                runs_on = number > 0 and position == 0 and bool(atoms) and not is_terminated(plain(text[slice(*atoms[-1][0][-1])]))
                for index, (a, b) in enumerate(_short_enough(left, right, text)):
                    words = count_words(text[a:b])
                    if runs_on and index == 0 and atoms[-1][1] + words <= MAX_WORDS:
                        parts, before, begins = atoms[-1]
                        atoms[-1] = ([*parts, (a, b)], before + words, begins)
                    else:
                        atoms.append(([(a, b)], words, fresh))
                    fresh = False
    return atoms


def _short_enough(start: int, end: int, text: str) -> list[Range]:
    """Divide a sentence of more than 150 words into nearly equal pieces, at clauses where one ends near enough, else at words."""
    if count_words(text[start:end]) <= MAX_WORDS:
        return [(start, end)]
    words = [(match.start(), match.end()) for match in WORD.finditer(text, start, end)]
    pieces: list[Range] = []
    first = 0
    while len(words) - first > MAX_WORDS:
        left = len(words) - first
        count = -(-left // MAX_WORDS)
        ideal = -(-left // count)
        lowest = max(ideal * 2 // 3, left - (count - 1) * MAX_WORDS)
        clauses = [
            size
            for size in range(lowest, MAX_WORDS + 1)
            if CLAUSE_END.search(text, words[first + size - 1][1] - 1, words[first + size - 1][1])
        ]
        size = min(clauses, key=lambda found: abs(found - ideal), default=ideal)
        pieces.append((words[first][0], words[first + size - 1][1]))
        first += size
    pieces.append((words[first][0], end))
    return pieces


def _merge(atoms: list[list[Range]], text: str) -> tuple[Range, ...]:
    """Return the parts of consecutive atoms: one range for what only white space divides, a cut sentence's parts apart."""
    merged: list[Range] = []
    for parts in atoms:
        _add_part(merged, parts[0], text)
        merged.extend(parts[1:])
    return tuple(merged)
