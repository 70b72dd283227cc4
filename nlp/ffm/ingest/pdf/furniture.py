"""Running heads and page numbers: lines that return in the margins of pages."""

from __future__ import annotations

import re

from ffm.ingest.pdf.lines import Line

MARGIN = 0.09  # share of the page's height in which running heads stand
WIDE_MARGIN = 0.16  # the same for what returns at one height on most pages
SAME_HEIGHT = 2.0  # points
NO_LETTERS = re.compile(r"[\d\s]+")
ROMAN = re.compile(r"(?<!\w)(?=[ivxlc])(?:c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})(?!\w)", re.IGNORECASE)


def find_running_heads(pages: list[list[Line]], heights: list[float]) -> list[list[bool]]:
    """Tell for each line of each page whether it is a running head, a running foot or a page number.

    Parameters
    ----------
    pages
        The lines of each page.
    heights
        The height of each page in points.

    Notes
    -----
    A line is one that stands in the margin of three pages or more (of every page of a shorter document), numbers aside;
    or a little further in, at one height, on most pages.
    """
    in_margin: dict[str, set[int]] = {}
    at_height: dict[tuple[str, int], set[int]] = {}
    for number, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        for line in lines:
            if _stands_in(line, height, MARGIN):
                in_margin.setdefault(_key(line), set()).add(number)
            if _stands_in(line, height, WIDE_MARGIN):
                for shift in (0, 1):
                    at_height.setdefault((_key(line), round(line.base / SAME_HEIGHT) + shift), set()).add(number)
    enough = min(3, max(2, len(pages)))
    most = max(3, (len(pages) + 1) // 2)
    heads = {key for key, found in in_margin.items() if len(found) >= enough}
    fixed = {place for place, found in at_height.items() if len(found) >= most and place[0]}
    return [
        [
            (_stands_in(line, height, MARGIN) and _key(line) in heads)
            or (
                _stands_in(line, height, WIDE_MARGIN)
                and any((_key(line), round(line.base / SAME_HEIGHT) + shift) in fixed for shift in (0, 1))
            )
            for line in lines
        ]
        for lines, height in zip(pages, heights, strict=True)
    ]


def _key(line: Line) -> str:
    """Return what lines of a kind have in common: their words, without numbers and without a page's number in Roman letters."""
    text = NO_LETTERS.sub("", line.text).lower()
    return "" if ROMAN.fullmatch(text.strip(" -–|.")) else text


def _stands_in(line: Line, height: float, share: float) -> bool:
    return not line.table and (line.bottom > height * (1 - share) or line.top < height * share)
