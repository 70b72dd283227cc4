"""Menus of a web page that was copied as text: runs of short lines among which some are said by sites alone."""

from __future__ import annotations

import re

from ffm.segment.elements import Element, Elements
from ffm.segment.lines import is_terminated

SITE_LINE = re.compile(
    r"(?:skip|jump|go) to (?:the )?(?:main )?(?:content|navigation|search|footer|menu)|(?:main |site |toggle )?(?:menu|navigation)|site ?map"
    r"|an official (?:web)?site of .{1,60}|(?:back|return) to (?:the )?top|home ?page|search(?: this site)?|(?:sign|log) ?(?:in|out|up)|register|subscribe"
    r"|newsletter(?: sign ?up)?|rss(?: feed)?|cookies?(?: (?:policy|settings|preferences|notice))?|privacy(?: (?:policy|notice|statement))?"
    r"|terms (?:of (?:use|service)|and conditions|& conditions)|accessibility(?: statement)?|disclaimer|legal notice|contact(?: us)?|about us|faqs?"
    r"|follow us(?: on)?|share(?: this(?: page| article)?)?|(?:share|tweet|print|email)(?: this)?(?: page)?|related (?:content|links|articles|topics)"
    r"|facebook|twitter|x|instagram|linkedin|youtube|whatsapp|flickr|tiktok|telegram|copyright\b.{0,60}|©.{0,80}|all rights reserved\.?|accept (?:all )?cookies|read more",
    re.IGNORECASE,
)
MAX_WORDS = 8
MIN_RUN = 2


def mark_menus(elements: Elements) -> Elements:
    """Mark runs of lines of a site: short, no sentences, one or more of them said by sites alone.

    What stands last in a run may be the heading of the text below it, and stays where it is no line of a site.
    """
    start = 0
    while start < len(elements):
        stop = start
        while stop < len(elements) and _is_short(elements[stop]):
            stop += 1
        run = elements[start:stop]
        said = [number for number, element in enumerate(run) if _of_site(element)]
        if said and len(run) >= MIN_RUN:
            last = len(run) - 1
            for number, element in enumerate(run):
                if number < last or number in said or stop == len(elements):
                    element.kind = "furniture"
        start = max(stop, start + 1)
    return elements


def _is_short(element: Element) -> bool:
    return (
        element.kind in ("text", "list")
        and element.isolated
        and not element.marked
        and all(0 < len(line.split()) <= MAX_WORDS and not is_terminated(line) for line in element.raw.strip().splitlines())
    )


def _of_site(element: Element) -> bool:
    lines = [line.strip(" *_-•·|") for line in element.raw.strip().splitlines()]
    return any(SITE_LINE.fullmatch(line) for line in lines)
