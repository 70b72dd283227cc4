"""What titles say on their own: a source with a date, a version, front matter, a summary."""

from __future__ import annotations

import re

from ffm.segment.elements import Element, is_single, title_of
from ffm.segment.lines import FIELD, is_terminated
from ffm.segment.sources import HEADING_PREFIX, MONTH_AND_YEAR, ends_or_begins_with_date, is_date, parse_date, without_date

MAX_TITLE_WORDS = 20
MAX_BLOCK_LINES = 3
MAX_LINE_WORDS = 12
NO_TITLE = re.compile(
    r"[?;|]|https?:|[.!:]$|^(?:last |first )?(?:published|updated|conducted|accessed|released|issued|valid|cleared|version|reference)\b",
    re.IGNORECASE,
)
VERSION = re.compile(
    r"^(?:this )?(?:(?:document|report|note|page) )?(?:was )?(?:version|v\.? ?\d|(?:last |first |date of )?(?:published|publication|updated?|reviewed|revised"
    r"|issued?|released)|dated|valid from|date of (?:issue|publication|update))\b",
    re.IGNORECASE,
)
UPDATED = re.compile(
    r"^[A-Z][\w ]{0,30}\b(?:updated|reviewed|revised|published|issued)(?: on)?: (?=[^.]*\d)"
)  # "Section updated: 3 May 2020"
VERSION_NUMBER = re.compile(r"\bv(?:ersion)?[.:]? ?\d|\b(?:19|20)\d\d\b", re.IGNORECASE)
MAX_VERSION_WORDS = 12
FRONT_TITLE = re.compile(
    r"^(?:annex(?:e|es)?|appendix|appendices|section|chapter|part)?\s?(?:[A-Z]|[IVX]{1,5}|\d{1,2}(?:\.\d{1,2}){0,3})?[.:)–-]?\s?(?:the |a )?(?:"
    r"(?:draft )?terms of reference(?:\b.*)?|(?:scope|remit|mandate)(?: of (?:the|this) (?:report|mission|note|document|study|review|visit))?(?: and (?:method\w*|sources|limits|limitations))?|(?:aims?|objectives?|purpose)(?:\b.{0,40}\b(?:report|mission|visit|note|study))?"
    r"|(?:.{0,40}\b)?methodolog(?:y|ical)(?:\b.{0,30})?|(?:(?:research|survey|data|study) )?methods?(?: (?:used|of (?:the )?(?:research|mission|study|survey)))?|(?:research|quality) standards?|(?:identification|list|table|description|selection) of (?:the )?(?:sources|interlocutors"
    r"|interviewees|participants|organi[sz]ations|persons|people|meetings|interviews|abbreviations|acronyms|figures|tables|terms)(?:\b.*)?|(?:arranging|conduct(?:ing)?)\b.{0,40}\binterviews(?:\b.*)?"
    r"|sources (?:consulted|interviewed|met)|(?:people|persons|organi[sz]ations|bodies) (?:met|interviewed|consulted)|(?:key )?(?:definitions|terminology|abbreviations|acronyms|glossary)(?:\b.*)?"
    r"|(?:fore ?word|preface)(?: (?:by|from|of|to)\b.*)?|preamble|acknowledge?ments?|disclaimer|copyright(?:\b.*)?|about (?:the|this) (?:report|document|note|mission|authors?|project|team)|how (?:to use|this)\b.*"
    r"|(?:.{0,30}\b)?introductory note|(?:mission|visit|team) (?:programme|itinerary|members|composition)|questionnaire|interview (?:questions|guide|schedule)|list of questions|limitations|caveats"
    r")$",
    re.IGNORECASE,
)
SUMMARY_TITLE = re.compile(r"\b(?:summary|findings|conclusions?|key (?:points|messages)|results|situation|overview of)\b", re.IGNORECASE)
CLAUSE_WORD = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|shall|should|may|might|must|do|does|did|that|which|because|when|he|she|they|we|it|said|says"
    r"|told|reported|stated)\b"
)


def is_dated_title(element: Element) -> bool:
    """Tell whether a plain line of its own, or a few short ones, names a source and, last or first, a date.

    A name has neither verb nor pronoun: a clause that happens to end in a date is none.
    """
    text = title_of(element)
    if (
        not element.isolated
        or not (is_single(element) or is_block(element))
        or len(text.split()) > MAX_TITLE_WORDS
        or FIELD.match(element.raw)
    ):
        return False
    if NO_TITLE.search(text) or element.raw.lstrip()[:1] in ("[", "<") or element.asks or not ends_or_begins_with_date(text):
        return False
    name = without_date(text)
    return len(name) >= 2 and (name[0].isupper() or name[0].isdigit()) and not CLAUSE_WORD.search(HEADING_PREFIX.sub("", name))


def is_block(element: Element) -> bool:
    """Tell whether an element is a few short lines, none of which ends a sentence: a title with a place and a date below."""
    lines = element.raw.strip().splitlines()
    return (
        element.kind == "text"
        and len(lines) <= MAX_BLOCK_LINES
        and all(len(line.split()) <= MAX_LINE_WORDS and not is_terminated(line) for line in lines)
    )


def is_version_line(element: Element) -> bool:
    """Tell whether an element only tells the document's version or the day when it came out or was changed."""
    text = element.text
    if not element.isolated or len(text.split()) > MAX_VERSION_WORDS or not (VERSION.match(text) or UPDATED.search(text)):
        return False
    if not element.one_line and not all(VERSION.match(line) or is_date_alone(line) for line in element.raw.splitlines()):
        return False
    dated = parse_date(text) is not None or bool(MONTH_AND_YEAR.search(text))
    return (dated or bool(VERSION_NUMBER.search(text))) and not (is_terminated(text) and not dated)


def is_date_alone(text: str) -> bool:
    """Tell whether a text is a date, or a month with its year, and no more."""
    return is_date(text) or bool(MONTH_AND_YEAR.fullmatch(text.strip()))
