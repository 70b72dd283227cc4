"""Sentence boundaries in report text, found by rule, as ranges of the text."""

from __future__ import annotations

import re

from ffm.records import Range

_LINE_END = r"(?>\r\n?|[\n\f\u2028\u2029])"
BOUNDARY = re.compile(
    r"(?P<stop>(?<![.!?…])[.!?…]++[\"'”’»)\]*_]*+"
    r"(?:\s?\(\d{1,3}(?:\s?[-–,;]\s?\d{1,3})*\)|<sup>\d{1,3}</sup>|\[\^?\d{1,3}\]|[⁰¹²³⁴-⁹]++)*+)"
    r"(?P<gap>\s++)(?!\(\d[\d,;\s–-]*\))(?=[\"'“‘«(\[*_]*+(?:[^\W_a-z]|[•●-]))"
    rf"|(?P<line>{_LINE_END}[ \t\u00a0]*+{_LINE_END}\s*+|{_LINE_END}(?=[ \t]{{0,40}}(?:[-*•●▪]|\d{{1,3}}[.)])\s))"
)
START = re.compile("[.!?…\r\n\f\u2028\u2029]")  # what a boundary begins with: quicker to look for than a boundary at every character
ABBREVIATION = re.compile(
    r"(?:^|[\s(\[\"'“‘])(?:mr|mrs|ms|dr|prof|st|vs|e\.g|i\.e|cf|ed|eds|approx|al|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov"
    r"|dec|gen|col|lt|sgt|gov|hon|rev|u\.s|u\.k|u\.n|[b-hj-z])$",
    re.IGNORECASE,
)
BEFORE_NUMBER = re.compile(r"(?:^|[\s(])(?:no|nos|nr|dt|arts?|figs?|secs?|paras?|pp?|vol)$", re.IGNORECASE)


def sentence_ranges(text: str, start: int = 0, end: int | None = None) -> list[Range]:
    """Return the ranges of the sentences of ``text[start:end]``, in order and without outer white space.

    Every character that is not white space lies in exactly one range.
    """
    end = len(text) if end is None else end
    ranges: list[Range] = []
    left = start
    done = start
    for candidate in START.finditer(text, start, end):
        if candidate.start() < done or (match := BOUNDARY.match(text, candidate.start(), end)) is None:
            continue
        done = match.end()
        if match.group("stop"):
            if match.group("stop") == "." and _is_abbreviation(text[max(left, match.start() - 12) : match.start()], text, match.end()):
                continue
            right = match.end("stop")
        else:
            right = match.start("line")
        _append(ranges, text, left, right)
        left = match.end()
    _append(ranges, text, left, end)
    return ranges


def _is_abbreviation(before: str, text: str, after: int) -> bool:
    """Tell whether a full stop belongs to the abbreviation before it."""
    if BEFORE_NUMBER.search(before):
        return text[after : after + 1].isdigit()
    return bool(ABBREVIATION.search(before))


def _append(ranges: list[Range], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        ranges.append((start, end))
