"""The normal form of a text, by which a quote is known again in another extraction of the same words, with a map back.

Hashes of it stand in gold files: a change of this form orphans them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from msgspec import Struct

from ffm.records import Range

_LETTER = r"[^\W\d_]"
_ACCENT = "[\u0300-\u036f]"  # of a letter that is not composed
_UNSEEN = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffc\ue000-\uf8ff\U000f0000-\U0010ffff"
# white space, what is not seen, marks of Markdown, and hyphens between letters, which stand where a line ended or a compound is joined
_OUT = re.compile(rf"[\s{_UNSEEN}\x00-\x1f\x7f-\x9f*_\\`#|]|(?<={_LETTER}|{_ACCENT})[-\u2010\u2011](?=\s{{0,9}}{_LETTER})")
_ALIKE = str.maketrans("‘’“”–—\u2010\u2011\u2012", "''\"\"-----")


class NormalText(Struct, frozen=True):
    """A text in normal form.

    Attributes
    ----------
    text
        Composed (NFC), without white space, soft hyphens, zero-width characters, marks of Markdown and hyphens between letters;
        quotation marks and dashes are those of ASCII.
    starts, ends
        For each character of ``text`` where the characters that it came from begin and end; both rise.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def place(self, start: int, end: int) -> Range:
        """Return the range in normal form of a range of the text; empty where nothing of it is left."""
        first = bisect_left(self.starts, start)
        return first, max(first, bisect_right(self.ends, end))

    def source(self, start: int, end: int) -> Range:
        """Return the range of the text for a range in normal form that is not empty."""
        return self.starts[start], self.ends[end - 1]


def normal_words(text: str) -> str:
    """Return a text in normal form without the map back: for short texts that are held against each other."""
    return unicodedata.normalize("NFC", _OUT.sub("", text)).translate(_ALIKE)


def normal_form(text: str) -> NormalText:
    """Return a text in normal form, in time that grows as its length."""
    starts: list[int] = []
    offset = 0
    for match in _OUT.finditer(text):
        starts += range(offset, match.start())
        offset = match.end()
    starts += range(offset, len(text))
    kept = "".join([text[at] for at in starts])
    if unicodedata.is_normalized("NFC", kept):
        return NormalText(kept.translate(_ALIKE), starts, [at + 1 for at in starts])
    return _composed(kept, starts)


def _composed(kept: str, places: Sequence[int]) -> NormalText:
    """Return characters composed, each group of a base and what combines with it by itself."""
    said: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(kept):
        after = at + 1
        while after < len(kept) and (
            unicodedata.combining(kept[after]) or "\u1160" <= kept[after] <= "\u11ff"
        ):  # and parts of Korean syllables
            after += 1
        group = unicodedata.normalize("NFC", kept[at:after])
        said.append(group)
        starts += [places[at]] * len(group)
        ends += [places[after - 1] + 1] * len(group)
        at = after
    return NormalText("".join(said).translate(_ALIKE), starts, ends)
