"""From lines to paragraphs: which lines run on, and what a paragraph reads like."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Callable

from ffm.ingest.pdf.lines import Line

MAX_BOLD_WORDS = 60
MAX_HEADING_WORDS = 20
MAX_LINES = 2000
LARGE = 1.15  # times the document's size: the face of headings
WIDE_STEP = 1.35  # times the usual distance of lines: a paragraph ends
SAME_SIZE = 0.2
FULL = 0.8  # of the column's width: a line that long is full
TOGETHER = re.compile(r"^(?:[•●▪◦‣○■➢†‡]|[QA][.:]\s|[–-]\s|\d+(?:\.\d+)+\.?\s|\(?[a-zivx]{1,4}\)\s|(?:Question|Answer)\s?\d*[.:])")
NUMBERED = re.compile(r"^\(?(\d{1,3})[.)]\s")
ENDED = re.compile(r"[.?!:;](?:['\"”’)]|<sup>[^<]{1,9}</sup>|\(\d[\d, –-]{0,20}\)|\s)*$")
TAIL = 60
BROKEN_END = ("-", "\u00ad")

Join = Callable[[str, str], str]


def usual_step(lines: list[Line]) -> float:
    """Return the usual distance between the lines of a page in points."""
    steps = [above.base - below.base for above, below in itertools.pairwise(lines) if 0 < above.base - below.base < 40]
    return statistics.median_low(steps) if steps else 12.0


def read_paragraphs(regions: list[list[Line]], usual: float) -> list[list[Line]]:
    """Return the paragraphs of a page, each as its lines; one may run on from the foot of a column to the head of the next.

    Parameters
    ----------
    regions
        Lines of each region, in the order in which they are read.
    usual
        Size of the document's text in points.
    """
    groups: list[list[Line]] = []
    number = 0
    for lines in regions:
        step = usual_step(lines)
        for at, line in enumerate(lines):
            if at:
                runs_on = _runs_on(lines, at, step, groups[-1], number)
            else:
                runs_on = bool(groups) and _runs_over(groups[-1][-1], line)
            if runs_on and len(groups[-1]) < MAX_LINES:
                groups[-1].append(line)
            else:
                groups.append([line])
            match = NUMBERED.match(line.text)
            number = int(match[1]) if match and not runs_on else number
    return groups


def _is_apart(above: Line, line: Line) -> bool:
    """Tell whether two lines cannot belong to one paragraph, by their faces."""
    return bool(
        above.table or line.table or above.bold != line.bold or abs(above.size - line.size) > SAME_SIZE * max(above.size, line.size)
    )


def _runs_on(lines: list[Line], at: int, step: float, group: list[Line], number: int) -> bool:
    """Tell whether a line runs on from the one above in its column.

    Parameters
    ----------
    step
        Usual distance of the column's lines.
    group
        The paragraph so far.
    number
        Number of the last numbered item.
    """
    above, line = lines[at - 1], lines[at]
    if _is_apart(above, line) or above.base - line.base > WIDE_STEP * max(step, 1.1 * line.size if len(lines) < 4 else 0):
        return False
    if "\t" in line.text or "\t" in above.text:
        return "\t" in line.text and "\t" in above.text
    if TOGETHER.match(line.text):
        return False
    ended = bool(ENDED.search(above.text[-TAIL:]))
    item = NUMBERED.match(line.text)
    if item and (ended or int(item[1]) == number + 1) and (ended or line.left <= group[0].left + 1):
        return False
    left, right = line.column
    if ended and (above.right < left + FULL * (right - left) or above.text.endswith("?")):
        return False
    indented = line.left > left + 0.8 * line.size and line.left > above.left + 0.8 * line.size
    if indented and ended and (at + 1 == len(lines) or lines[at + 1].left < line.left - 0.5 * line.size):
        return False  # an indent in a text whose paragraphs are set without space between them
    return True


def _runs_over(above: Line, line: Line) -> bool:
    """Tell whether a line at the head of a column runs on from the one at the foot of the column before."""
    if _is_apart(above, line) or line.base <= above.base or line.page != above.page or TOGETHER.match(line.text):
        return False
    if "\t" in line.text or "\t" in above.text or ENDED.search(above.text[-TAIL:]):
        return False
    return line.text[:1].islower() or line.text[:1].isdigit() or above.text.endswith(BROKEN_END) or above.right >= above.column[1] - 2 * above.size


def paragraph_text(group: list[Line], usual: float, join: Join) -> str:
    """Return the text of a paragraph on one line; a bold one, or one in the face of headings, between asterisks.

    Parameters
    ----------
    group
        Its lines.
    usual
        Size of the document's text in points.
    join
        Joins two lines.
    """
    if group[0].table:
        return group[0].table
    if "\t" in group[0].text:
        return "\n".join(line.text for line in group)
    text = ""
    for line in group:
        text = join(text, line.text)
    words = len(text.split())
    bold = all(line.bold for line in group) and words <= MAX_BOLD_WORDS
    large = min(line.size for line in group) >= LARGE * usual and words <= MAX_HEADING_WORDS and not ENDED.search(text[-TAIL:])
    return f"**{text}**" if (bold or large) and "*" not in text else text
