"""Headings that no mark shows: titles of interviews in plain text, and plain lines that stand above a paragraph."""

from __future__ import annotations

import itertools
import re

from ffm.segment.elements import CAPTION, LOOK_LEVEL, SECTION_TITLE, Element, Elements, is_single, is_title_case
from ffm.segment.lines import (
    ATX_HEADING,
    BARE_FIELD,
    FIELD,
    FOOTNOTE,
    LIST_ITEM,
    LOOSE_FIELD,
    NOTE_AT_END,
    NUMBERED,
    OPEN_VERB,
    OPEN_WORD,
    RULE,
    SPEAKER,
    STARTS_DETAILS,
    is_bold,
    is_terminated,
    plain,
)
from ffm.segment.paths import ROMAN_DIGITS, roman
from ffm.segment.sources import is_date
from ffm.segment.titles import MAX_TITLE_WORDS, is_block, is_dated_title

MAX_HEADING_WORDS = 10
MAX_LISTED_WORDS = 22  # of a heading that a number or a letter opens
MAX_HEADING_LENGTH = 90
MIN_TEXT_WORDS = 8
MIN_SENTENCE_WORDS = 2
MAX_HEADING_LINES = 3
MIN_BROKEN_LINE = 40  # characters from which on the margin may have broken a line
MAX_COVER_BLOCK = 5
MAX_CHAIN = 3  # headings right above each other; more short lines are a list
NEAR = 6  # elements around one among which furniture is passed over
MANY_BOLD = 3  # bold headings from which on a text's headings are bold
TRAILING_YEAR = re.compile(r"\s(?:19|20)\d\d$")
LEADING_YEAR = re.compile(r"^(?:19|20)\d\d(?:[-/–]\d{2,4})?\s+")
BULLET = re.compile(r"\s{0,9}[•●▪*-]\s")
PERSON = re.compile(r"^(?:Mr|Mrs|Ms|Miss|Dr|Prof)\b")  # a list of persons, or who signs, is no list of headings
ENUMERATED = re.compile(r"^(?:\d{1,3}(?:\.\d{1,3}){0,3}[.)]?|[A-Za-z][.)]|[ivxIVX]{1,5}[.)]|\([A-Za-z\d]{1,3}\)|§{1,2}\s?\d{1,4})\s+(?=\S)")
DIVISION = re.compile(SECTION_TITLE.pattern + r"[\s–—-]{1,4}(?=\S)", re.IGNORECASE)


NUMBER_ALONE = re.compile(
    r"^(?:(?:section|chapter|part|annex|appendix)\s+)?(?:\d{1,3}(?:\.\d{1,3}){0,3}|[IVX]{1,5}|[A-Z])[.:)]?$", re.IGNORECASE
)


def join_numbers(elements: Elements) -> Elements:
    """Join a heading that is only a number, such as "Section 2.", with the heading right below it, whose level it gets."""
    found: Elements = []
    for element in elements:
        above = found[-1] if found else None
        if (
            above is not None
            and above.kind == element.kind == "heading"
            and NUMBER_ALONE.match(above.text)
            and not NUMBER_ALONE.match(element.text)
            and above.correction is element.correction is None
        ):
            found[-1] = Element(
                above.start, element.end, "heading", f"{above.text} {element.text}", element.raw, one_line=True, level=element.level
            )
            found[-1].blank_before, found[-1].blank_after, found[-1].page_break = (
                above.blank_before,
                element.blank_after,
                element.page_break,
            )
        else:
            found.append(element)
    return found


def mark_titles(elements: Elements) -> Elements:
    """Turn titles of interviews into headings: a source with a date, or what stands right above an interview's details."""
    dated = [index for index, element in enumerate(elements) if _is_dated_title(elements, index)]
    chained = {index for pair in itertools.pairwise(dated) if pair[1] - pair[0] == 1 for index in pair}  # a list of sources
    for index in dated:
        if index not in chained or (index + 1 not in chained and _has_words_below(elements, index)):
            elements[index].kind, elements[index].level = "heading", LOOK_LEVEL
    for index, element in enumerate(elements):
        if _stands_above_details(elements, index):
            element.kind, element.level = "heading", LOOK_LEVEL
    return elements


def mark_plain_headings(elements: Elements) -> Elements:
    """Turn plain lines that stand above a paragraph into headings, in a text whose headings are neither Markdown nor bold."""
    first = next((element for element in elements if element.kind != "furniture"), None)
    if first is not None and first.kind == "text" and first.isolated and first.one_line and first.text.endswith("?"):
        if is_title_case(first.text):
            first.kind, first.level = "heading", LOOK_LEVEL
    heads = [element for element in elements if element.kind == "heading" and not CAPTION.match(element.text)]
    if any(ATX_HEADING.match(element.raw) for element in heads) or sum(is_bold(element.raw) for element in heads) >= MANY_BOLD:
        return elements
    asked = any(element.kind == "text" and element.asks for element in elements)
    cover = {id(element) for element in itertools.takewhile(_stands_on_cover, elements)}
    shaped = {index for index, element in enumerate(elements) if _is_shaped(element, element is first, asked, id(element) in cover)}
    chain: list[int] = []  # lines right above the place that has been reached, from the end of the text upwards
    below: Element | None = None
    for index in range(len(elements) - 1, -1, -1):
        element = elements[index]
        if element.kind == "furniture":
            continue
        if index in shaped and below is not None and (chain or _is_text(below)) and _is_free_above(elements, index, shaped):
            chain.append(index)
        else:
            _accept(elements, chain)
            chain = []
        below = element
    _accept(elements, chain)
    return elements


def _accept(elements: Elements, chain: list[int]) -> None:
    """Turn the lines of a chain into headings, but for numbered ones right above each other, which are a list.

    Of a chain that is longer than headings stack, those that a number opens count, or the last.
    """
    opened = [ENUMERATED.match(elements[index].text) for index in chain]
    listed = {
        index
        for (lower, below), (upper, above) in itertools.pairwise(zip(chain, opened, strict=True))
        if below and above and lower - upper == 1 and _follows(above, below)
        for index in (lower, upper)
    }
    chain = [index for index in chain if index not in listed]
    if len(chain) > MAX_CHAIN:
        chain = [index for index in chain if ENUMERATED.match(elements[index].text)][:MAX_CHAIN] or chain[:1]
    for index in chain:
        elements[index].kind, elements[index].level = "heading", LOOK_LEVEL


def _is_dated_title(elements: Elements, index: int) -> bool:
    return elements[index].correction is None and is_dated_title(elements[index]) and not _runs_on(elements, index)


def _is_stacked(element: Element) -> bool:
    """Tell whether an element is two short lines, the second in brackets: a heading with its number or its date below."""
    lines = element.raw.splitlines()
    return element.kind == "text" and len(lines) == 2 and lines[1].strip()[:1] == "(" and lines[1].strip()[-1:] == ")"


def _is_wrapped(element: Element) -> bool:
    """Tell whether an element is a number with two or three lines that one heading fills, of which the margin broke all but the last."""
    lines = element.raw.splitlines()
    item = LIST_ITEM.match(element.raw)
    numbered = NUMBERED.match(element.raw) or (item is not None and item.group("number"))
    numbered = numbered or DIVISION.match(element.text)
    if not element.is_words or not 2 <= len(lines) <= MAX_HEADING_LINES or not numbered or NOTE_AT_END.search(element.text):
        return False
    return all(len(line) >= MIN_BROKEN_LINE for line in lines[:-1]) and (
        lines[-1].strip()[:1].islower() or bool(OPEN_WORD.search(plain(lines[-2])))
    )


def _follows(above: re.Match[str], below: re.Match[str]) -> bool:
    """Tell whether two numbers or letters are neighbours in one series: "1." and "2.", "(a)" and "(b)"."""
    before, after = above.group().strip(), below.group().strip()
    if re.sub(r"\w+", "", before) != re.sub(r"\w+", "", after):
        return False
    old, new = re.findall(r"\w+", before), re.findall(r"\w+", after)
    if len(old) != len(new) or old[:-1] != new[:-1]:
        return False
    last, first = old[-1], new[-1]
    if last.isdigit() and first.isdigit():
        return int(first) == int(last) + 1
    if (last + first).isdigit() or last.isupper() != first.isupper():
        return False
    if set((last + first).upper()) <= set(ROMAN_DIGITS) and roman(first) == roman(last) + 1:
        return True
    return len(last) == len(first) == 1 and ord(first) == ord(last) + 1


def _runs_on(elements: Elements, index: int) -> bool:
    """Tell whether a sentence goes on in the element below, or comes from the one above."""
    below = _next(elements, index)
    above = _previous(elements, index)
    if below is not None and below.kind == "text" and below.text[:1].islower():
        return True
    return above is not None and above.kind == "text" and bool(OPEN_WORD.search(above.text))


def _next(elements: Elements, index: int) -> Element | None:
    return next((other for other in elements[index + 1 : index + 1 + NEAR] if other.kind != "furniture"), None)


def _previous(elements: Elements, index: int) -> Element | None:
    return next((other for other in reversed(elements[max(0, index - NEAR) : index]) if other.kind != "furniture"), None)


def _has_words_below(elements: Elements, index: int) -> bool:
    """Tell whether what follows an element is no heading but text."""
    below = _next(elements, index)
    return below is not None and below.kind in ("text", "list", "details")


def _stands_above_details(elements: Elements, index: int) -> bool:
    """Tell whether a plain line stands right above the details of an interview."""
    element = elements[index]
    if element.correction is not None:
        return False
    dated = is_block(element) and any(is_date(plain(line)) for line in element.raw.splitlines()[1:])
    if (
        not (is_single(element) or dated)
        or element.text[-1:] in ".?!:;"
        or len(element.text.split()) > MAX_TITLE_WORDS
        or FIELD.match(element.raw)
    ):
        return False
    if index and not element.blank_before and elements[index - 1].kind in ("text", "details"):
        return False
    below = [other for other in elements[index + 1 : index + NEAR] if other.kind != "furniture"]
    if not below or element.asks:
        return False
    if dated:
        return bool(FIELD.match(below[0].raw)) or below[0].kind == "details"
    starts = bool(STARTS_DETAILS.match(below[0].raw)) or is_date(below[0].text) or below[0].kind == "details"
    fields = list(itertools.takewhile(lambda other: FIELD.match(other.raw), below))
    return starts or (len(fields) >= 2 and any(STARTS_DETAILS.match(other.raw) for other in fields))


def _stands_on_cover(element: Element) -> bool:
    """Tell whether an element is a short line of its own that nobody says, such as a title above all text."""
    if element.kind == "text" and (element.speaker or element.marked or is_terminated(element.text)):
        return False
    return element.kind in ("furniture", "heading") or (is_single(element) and element.isolated)


def _is_shaped(element: Element, first: bool, asked: bool, on_cover: bool) -> bool:
    """Tell whether a line of its own, which is no sentence, has the shape of a heading; the first line's may end in a year."""
    leads_in = element.text.endswith(":") and DIVISION.match(element.text) is not None  # Section 1. ..., Including Freedom from:
    text = element.text.removesuffix(":") if leads_in else element.text
    listed = LIST_ITEM.match(element.raw) if element.kind == "list" and element.one_line else None
    single = (
        is_single(element)
        or _is_stacked(element)
        or _is_wrapped(element)
        or (first and is_block(element))
        or (listed is not None and bool(listed.group("letter")))
    )
    if not element.isolated or not single or not text or element.correction is not None:
        return False
    if is_date(text):
        return False
    opened = ENUMERATED.match(text) or (DIVISION.match(text) if len(text.split()) > MAX_HEADING_WORDS else None)
    words = TRAILING_YEAR.sub("", text[opened.end() :]) if opened else LEADING_YEAR.sub("", text) if first else text
    limit, length = (MAX_LISTED_WORDS, 2 * MAX_HEADING_LENGTH) if opened else (MAX_HEADING_WORDS, MAX_HEADING_LENGTH)
    if len(text.split()) > limit or len(text) > length:
        return False
    if (
        is_terminated(text)
        or text.endswith(",")
        or (OPEN_WORD.search(text) and not leads_in)
        or OPEN_VERB.search(text)
        or PERSON.match(text)
        or text[-1] in "–—"
    ):
        return False
    if not words[:1].isupper() or re.search(r"https?:" if first else r"\d%?$|https?:", words) or len(re.findall(r"[^\W\d_]", words)) < 3:
        return False
    if any(pattern.match(element.raw) for pattern in (FIELD, LOOSE_FIELD, BARE_FIELD, FOOTNOTE, RULE)):
        return False
    return not ((asked and element.marked) or (not on_cover and SPEAKER.match(element.raw) and not opened))


def _is_free_above(elements: Elements, index: int, shaped: set[int]) -> bool:
    """Tell whether no sentence or question above goes on in a line."""
    for at in range(index - 1, max(-1, index - 1 - NEAR), -1):
        above = elements[at]
        if above.kind == "furniture":
            continue
        if at in shaped:
            return True
        if above.kind == "details" or FIELD.match(above.raw):
            below = _next(elements, index)
            return below is not None and not below.marked
        if above.kind == "heading":
            return not above.text.endswith("?") or is_title_case(above.text)
        if above.kind == "list" and BULLET.match(above.raw) and not OPEN_WORD.search(above.text):
            return True
        if above.is_words and not is_date(above.text):
            opened = ENUMERATED.match(elements[index].text) or DIVISION.match(elements[index].text)
            on_cover = bool(opened) and at < NEAR and all(_stands_on_cover(other) or _is_cover_block(other) for other in elements[:at])
            return (on_cover and _is_cover_block(above)) or (is_terminated(above.text) and not above.text.endswith(("?", ":")))
        return True
    return True


def _is_cover_block(element: Element) -> bool:
    """Tell whether an element is lines that stand together on a cover: short, none of them a sentence."""
    lines = element.raw.splitlines()
    return (
        element.isolated
        and 1 < len(lines) <= MAX_COVER_BLOCK
        and all(len(line.split()) <= MAX_HEADING_WORDS and not is_terminated(line) for line in lines)
    )


def _is_text(element: Element) -> bool:
    """Tell whether an element is what stands under a heading: a sentence, a question, a numbered paragraph, details or a deeper heading."""
    if element.kind in ("heading", "details"):
        return True
    if element.kind == "list":
        return is_terminated(element.text) or not element.one_line or bool(re.match(r"\s{0,9}[•●▪*-]", element.raw))
    if element.kind != "text":
        return False
    if element.marked or FIELD.match(element.raw) or NUMBERED.match(element.raw):
        return True
    words = len(element.text.split())
    return not element.text[0].islower() and (words >= MIN_TEXT_WORDS or (words >= MIN_SENTENCE_WORDS and is_terminated(element.text)))
