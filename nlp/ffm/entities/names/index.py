"""Known names found in text as whole words, the longest first, in one pass over the words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from ffm.records import Range

FIRST_WORD = re.compile(r"(?<![\w@/-])[^\W_]+")
NONE: tuple[set[str], list[int]] = (set(), [])
AFTER = re.compile(r"[\w@]|-[a-z\d]|\.\w")
AFTER_CAPITALS = re.compile(r"[\w@]|-\d|\.\w")  # EU | -backed


class NameIndex:
    """An index of names by their first word.

    Parameters
    ----------
    names
        Names that begin with a letter or digit; others are left out.
    """

    def __init__(self, names: Iterable[str]) -> None:
        groups: dict[str, set[str]] = defaultdict(set)
        for name in names:
            if match := FIRST_WORD.match(name):
                groups[match.group()].add(name)
        self._by_first = {first: (found, sorted({len(name) for name in found}, reverse=True)) for first, found in groups.items()}

    def find(self, text: str) -> Iterator[Range]:
        """Yield the ranges of names in a text, from left to right and without overlaps."""
        end = 0
        for match in FIRST_WORD.finditer(text):
            start = match.start()
            if start < end:
                continue
            names, lengths = self._by_first.get(match.group(), NONE)
            for length in lengths:  # of a first word there may be thousands of names, of few lengths
                name = text[start : start + length]
                if name in names and not (AFTER_CAPITALS if name.isupper() else AFTER).match(text, start + length):
                    end = start + len(name)
                    yield start, end
                    break
