"""From lines to paragraphs: which lines run on, and what a paragraph reads like."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable

from ffm.ingest.pdf.lines import Line

MAX_BOLD_WORDS = 60
MAX_HEADING_WORDS = 20
MAX_LINES = 2000
LARGE = 1.15  # times the document's size: the face of headings
WIDE_STEP = 1.35  # times the usual distance of lines: a paragraph ends
SAME_SIZE = 0.2
LEAST_STEP, USUAL_STEP, MOST_STEP = 0.9, 1.25, 3.0  # times the size; distances of the lines of a paragraph
FULL = 0.8  # of the column's width: a line that long is full
OPENS = re.compile(r"^(?:[•●▪◦‣○■□➢†‡]|[QA][.:]\s|[–-]\s|(?:Question|Answer)\s?\d*[.:])")
MAY_OPEN = re.compile(r"^(?:\(?(\d{1,3})[.)]|\d+(?:\.\d+)+\.?|\((?:[a-z]|[ivx]{1,5})\)|(?:[a-h]|[ivx]{1,5})\))\s")
COUNTED = re.compile(r"^(\d{1,3})\s+(?=[A-Z])")  # a number without a stop: the next of a list of references
ITEM = re.compile(r"(?:[•●▪◦‣○■□➢–-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])\s")
CLOSE_ITEMS = 1.6  # times the usual step
NOTE = re.compile(r"<sup>[^<]{1,9}</sup>")
ENDED = re.compile(r"[.?!:;](?:['\"”’)]|<sup>[^<]{1,9}</sup>|\(\d[\d, –-]{0,20}\)|\s)*$")
MIN_BROKEN = 3  # lines of a list without marks
TAIL = 60
BROKEN_END = ("-", "\u00ad")

Join = Callable[[str, str], str]


class Steps:
    """The distance between the lines of a paragraph, by the size of the face: the least that is usual in the document.

    Parameters
    ----------
    regions
        Lines of every region of the document.
    """

    def __init__(self, regions: Iterable[list[Line]]) -> None:
        found: dict[float, Counter[float]] = {}
        for lines in regions:
            for above, line in itertools.pairwise(lines):
                step = above.base - line.base
                if LEAST_STEP * line.size <= step <= MOST_STEP * line.size and abs(above.size - line.size) < 0.1 and not line.table:
                    found.setdefault(round(line.size), Counter())[round(step, 1)] += 1
        self._steps = {size: _low_step(steps) for size, steps in found.items()}

    def of(self, line: Line) -> float:
        """Return the distance of a line from the line above in its paragraph, in points."""
        return self._steps.get(round(line.size), USUAL_STEP * line.size)


def _low_step(steps: Counter[float]) -> float:
    """Return the step at the lower tenth, which few accidents lie below and no space between paragraphs reaches."""
    left = 0.1 * steps.total()
    for step in sorted(steps):
        left -= steps[step]
        if left < 0:
            return step
    raise ValueError("no steps")


def read_paragraphs(regions: list[list[Line]], steps: Steps) -> list[list[Line]]:
    """Return the paragraphs of a page, each as its lines; one may run on from the foot of a column to the head of the next.

    Parameters
    ----------
    regions
        Lines of each region, in the order in which they are read.
    steps
        The usual distances of lines.
    """
    groups: list[list[Line]] = []
    number = 0
    for lines in regions:
        for at, line in enumerate(lines):
            if at:
                runs_on = _runs_on(lines, at, steps.of(line), groups[-1], number)
            else:
                runs_on = bool(groups) and not NOTE.match(groups[-1][0].text) and _runs_over(groups[-1][-1], line)
            if runs_on and len(groups[-1]) < MAX_LINES:
                groups[-1].append(line)
            else:
                groups.append([line])
            match = MAY_OPEN.match(line.text) or COUNTED.match(line.text)
            number = int(match[1]) if match and match[1] and not runs_on else number
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
        Usual distance of lines in this size.
    group
        The paragraph so far.
    number
        Number of the last numbered item.
    """
    above, line = lines[at - 1], lines[at]
    if _is_apart(above, line) or above.base - line.base > WIDE_STEP * step:
        return False
    if "\t" in line.text or "\t" in above.text:
        return "\t" in line.text and "\t" in above.text
    if OPENS.match(line.text):
        return False
    ended = bool(ENDED.search(above.text[-TAIL:]))
    item = MAY_OPEN.match(line.text)
    if item and (ended or (item[1] and int(item[1]) == number + 1 and line.left <= group[0].left + 1)):
        return False
    counted = COUNTED.match(line.text)
    if counted and int(counted[1]) == number + 1 and line.left <= group[0].left + 1:
        return False
    left, right = line.column
    if ended and (above.right < left + FULL * (right - left) or above.text.endswith("?")):
        return False
    # an indent begins a paragraph in a text whose paragraphs are set without space between them
    indented = line.left > left + 0.8 * line.size and line.left > above.left + 0.8 * line.size
    return not (indented and ended and (at + 1 == len(lines) or lines[at + 1].left < line.left - 0.5 * line.size))


def _runs_over(above: Line, line: Line) -> bool:
    """Tell whether a line at the head of a column runs on from the one at the foot of the column before."""
    if _is_apart(above, line) or line.base <= above.base or line.page != above.page or OPENS.match(line.text):
        return False
    if "\t" in line.text or "\t" in above.text or ENDED.search(above.text[-TAIL:]):
        return False
    return (
        line.text[:1].islower()
        or line.text[:1].isdigit()
        or above.text.endswith(BROKEN_END)
        or above.right >= above.column[1] - 2 * above.size
    )


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
    if _is_broken_by_hand(group):
        return "  \n".join(line.text for line in group)  # as Markdown breaks lines
    text = ""
    for line in group:
        text = join(text, line.text)
    words = len(text.split())
    bold = all(line.bold for line in group) and words <= MAX_BOLD_WORDS
    large = min(line.size for line in group) >= LARGE * usual and words <= MAX_HEADING_WORDS and not ENDED.search(text[-TAIL:])
    return f"**{text}**" if (bold or large) and "*" not in text else text


def join_items(groups: list[list[Line]], texts: list[str], steps: Steps) -> list[str]:
    """Return the texts of paragraphs, the items of a list that stand close as one text with a line for each.

    Parameters
    ----------
    groups, texts
        The lines and the text of each paragraph.
    steps
        The usual distances of lines.
    """
    joined = texts[:1]
    for (above, group), (before, text) in zip(itertools.pairwise(groups), itertools.pairwise(texts), strict=True):
        step = above[-1].base - group[0].base
        if ITEM.match(before) and ITEM.match(text) and 0 < step <= CLOSE_ITEMS * steps.of(group[0]):
            joined[-1] += f"\n{text}"
        else:
            joined.append(text)
    return joined


def _is_broken_by_hand(group: list[Line]) -> bool:
    """Tell whether every line of a paragraph ends before its column does, though the next line's first word would have fitted."""
    if len(group) < MIN_BROKEN or group[0].bold:
        return False
    for above, line in itertools.pairwise(group):
        edges = line.cells[0].edges
        first = edges[1] - edges[0] if edges else 0.0
        if above.right + 2 * above.size + first > above.column[1] or above.text.endswith(BROKEN_END) or not line.text[:1].isupper():
            return False
    return True
