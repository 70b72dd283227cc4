"""What every passage of a section or an answer repeats: its headings, source and question, of which each row has so much and no more.

Else a question or a heading that is a whole page long would make a data set many times as large as the report.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ffm.records import Range

MOST_OF_QUESTION = 2000  # characters; real ones have a few hundred
MOST_OF_NAME = 300  # characters of a heading or a source
MOST_LEVELS = 12  # of headings above a passage
ROOM_FOR_WORD = 60  # characters before the end in which a cut looks for the end of a word


@lru_cache(maxsize=4096)
def short_name(name: str) -> str:
    """Return a heading or a source, its end left out where it is longer than :data:`MOST_OF_NAME`."""
    if len(name) <= MOST_OF_NAME:
        return name
    return name[: _end_of_word(name, 0, MOST_OF_NAME - 1)].rstrip() + "…"


def short_path(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the innermost headings of a path, none of them too long."""
    return tuple(short_name(title) for title in path[-MOST_LEVELS:])


def first_of_question(text: str, parts: Iterable[Range]) -> tuple[Range, ...]:
    """Return the ranges of a question's first :data:`MOST_OF_QUESTION` characters, to the end of a word."""
    kept: list[Range] = []
    left = MOST_OF_QUESTION
    for start, end in parts:
        if end - start <= left:
            kept.append((start, end))
            left -= end - start + 1
            continue
        stop = _end_of_word(text, start, start + left)
        if stop > start:
            kept.append((start, stop))
        break
    return tuple(kept)


def _end_of_word(text: str, start: int, end: int) -> int:
    """Return where the last word before an end ends, or the end itself where it is too far away."""
    space = max(text.rfind(" ", max(start, end - ROOM_FOR_WORD), end), text.rfind("\n", max(start, end - ROOM_FOR_WORD), end))
    return space if space > start else max(start, end)
