"""Headings that no mark shows: titles of interviews in plain text, and plain lines that stand above a paragraph."""

from __future__ import annotations

import itertools
import re

from ffm.segment.elements import CAPTION, Element, title_of
from ffm.segment.lines import ATX_HEADING, FIELD, FOOTNOTE, LIST_ITEM, RULE, SPEAKER, STARTS_DETAILS, is_bold, is_terminated
from ffm.segment.passages import OPEN_WORD
from ffm.segment.sources import ends_or_begins_with_date, is_date, without_date

MAX_TITLE_WORDS = 20
NO_TITLE = re.compile(
    r"[?;|]|https?:|[.!:]$|^(?:last |first )?(?:published|updated|conducted|accessed|released|issued|valid|cleared|version|reference)\b",
    re.IGNORECASE,
)
MAX_HEADING_WORDS = 10
MIN_TEXT_WORDS = 8
MAX_COVER_LINES = 8
MAX_COVER_WORDS = 14
YEAR = re.compile(r"\b(?:19|20)\d{2}\b|\bv(?:ersion)?\.? ?\d|^reference\b", re.IGNORECASE)
SENTENCE_WITHIN = re.compile(r"[.!?](?:\[\^?\d+\]|<sup>\d+</sup>)*\s+[A-Z]")
MANY_BOLD = 3  # bold headings from which on a text's headings are bold


def mark_headings(elements: list[Element]) -> None:
    """Turn titles of interviews into headings and, in a text whose headings are neither Markdown nor bold, plain lines too."""
    dated = [index for index, element in enumerate(elements) if is_dated_title(element)]
    chained = {index for pair in itertools.pairwise(dated) if pair[1] - pair[0] == 1 for index in pair}  # a list of sources
    for index in dated:
        if index not in chained or (index + 1 not in chained and _has_words_below(elements, index)):
            elements[index].kind, elements[index].level = "heading", 7
    for index, element in enumerate(elements):
        if _stands_above_details(elements, index):
            element.kind, element.level = "heading", 7
    heads = [element for element in elements if element.kind == "heading" and not CAPTION.match(element.text)]
    if not any(ATX_HEADING.match(element.raw) for element in heads) and sum(is_bold(element.raw) for element in heads) < MANY_BOLD:
        asked = any(element.kind == "text" and element.asks for element in elements)
        for index, element in enumerate(elements):
            if _stands_above_text(elements, index, asked):
                element.kind, element.level = "heading", 7


def _has_words_below(elements: list[Element], index: int) -> bool:
    """Tell whether what follows an element is no heading but text."""
    below = next((other for other in elements[index + 1 : index + 7] if other.kind != "furniture"), None)
    return below is not None and below.kind in ("text", "list", "details")


def _is_single(element: Element) -> bool:
    """Tell whether an element is one line of text, or one numbered line."""
    if element.kind == "list":
        match = LIST_ITEM.match(element.raw)
        return bool(match and match.group("number")) and element.one_line
    return element.kind == "text" and element.one_line


def _is_block(element: Element) -> bool:
    """Tell whether an element is a few short lines, none of which ends a sentence: a title with a place and a date below."""
    lines = element.raw.strip().splitlines()
    return element.kind == "text" and len(lines) <= 3 and all(len(line.split()) <= 12 and not is_terminated(line) for line in lines)


def is_dated_title(element: Element) -> bool:
    """Tell whether a plain line of its own, or a few short ones, names a source and, last or first, a date."""
    text = title_of(element)
    if (
        not element.isolated
        or not (_is_single(element) or _is_block(element))
        or len(text.split()) > MAX_TITLE_WORDS
        or FIELD.match(element.raw)
    ):
        return False
    if NO_TITLE.search(text) or element.raw.lstrip()[:1] in ("[", "<") or element.asks:
        return False
    if not ends_or_begins_with_date(text):
        return False
    name = without_date(text)
    return len(name) >= 2 and (name[0].isupper() or name[0].isdigit())


def _stands_above_details(elements: list[Element], index: int) -> bool:
    """Tell whether a plain line stands right above the details of an interview."""
    element = elements[index]
    if not _is_single(element) or element.text[-1:] in ".?!:;" or len(element.text.split()) > MAX_TITLE_WORDS or FIELD.match(element.raw):
        return False
    if index and not element.isolated and elements[index - 1].kind in ("text", "details"):
        return False
    below = [other for other in elements[index + 1 : index + 6] if other.kind != "furniture"]
    if not below or element.asks:
        return False
    starts = bool(STARTS_DETAILS.match(below[0].raw)) or is_date(below[0].text)
    fields = list(itertools.takewhile(lambda other: FIELD.match(other.raw), below))
    return starts or (len(fields) >= 2 and any(STARTS_DETAILS.match(other.raw) for other in fields))


def _stands_above_text(elements: list[Element], index: int, asked: bool) -> bool:
    """Tell whether a short plain line of its own, which is no sentence, stands between paragraphs and above one."""
    element = elements[index]
    text = element.text
    if not element.isolated or not _is_single(element) or len(text.split()) > MAX_HEADING_WORDS or len(text) > 90:
        return False
    if is_terminated(text) or text.endswith(",") or OPEN_WORD.search(text) or not (text[0].isupper() or text[0].isdigit()):
        return False
    words = re.sub(r"^(?:\d[\d.)]*|[A-Z][.)])\s", "", text)
    if not words[:1].isupper() or re.search(r"\d%?$|https?:", words) or len(re.findall(r"[^\W\d_]", words)) < 3:
        return False
    if (
        any(pattern.match(element.raw) for pattern in (FIELD, FOOTNOTE, RULE))
        or (asked and element.marked)
        or (index and SPEAKER.match(element.raw))
    ):
        return False
    above = next((other for other in reversed(elements[max(0, index - 6) : index]) if other.kind != "furniture"), None)
    if (
        above is not None
        and above.kind in ("text", "list")
        and not is_date(above.text)
        and (not is_terminated(above.text) or above.text.endswith(("?", ":")))
    ):
        return False
    if above is not None and above.kind == "heading" and above.text.endswith("?"):
        return False
    below = next((other for other in elements[index + 1 : index + 7] if other.kind != "furniture"), None)
    return below is not None and _is_text(below)


def _is_text(element: Element) -> bool:
    """Tell whether an element is what stands under a heading: a paragraph, a question, details or a deeper heading."""
    if element.kind in ("heading", "details"):
        return True
    if element.kind != "text":
        return False
    return (
        element.marked or bool(FIELD.match(element.raw)) or (len(element.text.split()) >= MIN_TEXT_WORDS and not element.text[0].islower())
    )


def mark_cover(elements: list[Element]) -> None:
    """Mark the short lines under the title, such as a place and a date, as far as the first section or paragraph, in place."""
    stop = next((index for index, element in enumerate(elements[: MAX_COVER_LINES + 1]) if not _is_cover_line(element)), 0)
    heads = [index for index, element in enumerate(elements[:stop]) if element.kind == "heading"]
    if not heads or stop >= len(elements) or elements[stop].text[:1].islower():
        return
    if len(heads) > 1 or elements[stop].asks:
        stop = heads[-1]
    below = [element for element in elements[1:stop] if element.kind == "text"]
    if sum(is_dated_title(element) for element in below) < 2:  # more are a list of sources
        for element in below:
            element.kind = "furniture"


def _is_cover_line(element: Element) -> bool:
    if element.kind in ("furniture", "heading"):
        return True
    return (
        element.kind == "text"
        and element.isolated
        and len(element.text.split()) <= MAX_COVER_WORDS
        and bool(YEAR.search(element.text))
        and not is_terminated(element.text)
        and not SENTENCE_WITHIN.search(element.text)
        and not (STARTS_DETAILS.match(element.raw) or is_date(element.text))
    )
