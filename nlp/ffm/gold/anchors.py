"""Annotations found again in another text of the same report, by hashes of their quotes and of what stands around them.

The hashes are short, so that gold holds no text: they tell a quote that is there, and give none back.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from ffm.gold.normal import NormalText, normal_form
from ffm.gold.store import Anchor, GoldEntity, GoldRecord
from ffm.records import Range

NEAR, AROUND = 12, 40  # characters in normal form that are hashed before and after a quote
HEAD = 32  # of a quote by which its places are looked up; what is shorter says too little to be known by itself
MAX_PLACES = 1000  # of one head in a text
QUOTE_CHARACTERS, AROUND_CHARACTERS, HEAD_BITS = 8, 3, 16  # of hashes; characters of six bits
BASE = 0x9E3779B97F4A7C15  # of the rolling hash; odd, so that it has an inverse modulo 2**64


class Reanchored(Struct, frozen=True):
    """Records in the offsets of another text, and those whose quotes were not found in it or stand there in several places."""

    records: tuple[GoldRecord, ...]
    lost: tuple[GoldRecord, ...]


class _Place(Struct, frozen=True):
    """Where a quote stands in normal form, and how much of its surroundings stands there too: nothing, 0, to all, 4."""

    at: int
    agreeing: int
    whole: bool  # cuts no word


def with_anchors(records: Sequence[GoldRecord], text: str) -> tuple[GoldRecord, ...]:
    """Return records with the hashes of the quotes that their offsets have in a text, which must be the one that was annotated."""
    normal = normal_form(text)
    return _with_anchors(records, normal, _Heads(normal.text))


def reanchor(records: Sequence[GoldRecord], text: str) -> Reanchored:
    """Find annotated ranges again in another text of their report.

    Where a quote stands several times, its surroundings decide, then the places of the records before and after it. A quote of less
    than 32 characters counts only where its surroundings or both these neighbours say so. What is left open is lost, as is
    a record without hashes.

    Parameters
    ----------
    records
        In the offsets of the text that was annotated.
    text
        The text that is here.
    """
    ordered = sorted(records, key=lambda record: (record.start, record.end))
    normal = normal_form(text)
    heads = _Heads(normal.text)
    places = _places(ordered, normal, heads)
    settled = [_decided(record, found) for record, found in zip(ordered, places, strict=True)]
    settled = _between(ordered, places, settled)
    settled = _one_each(ordered, settled)
    moved: list[GoldRecord] = []
    lost: list[GoldRecord] = []
    for record, place in zip(ordered, settled, strict=True):
        new = None if place is None else _moved(record, place.at, normal)
        if new is None:
            lost.append(record)
        else:
            moved.append(new)
    return Reanchored(_with_anchors(moved, normal, heads), tuple(lost))


def _with_anchors(records: Sequence[GoldRecord], normal: NormalText, heads: _Heads) -> tuple[GoldRecord, ...]:
    return tuple(replace(record, anchor=_anchor(record, normal, heads)) for record in records)


def _anchor(record: GoldRecord, normal: NormalText, heads: _Heads) -> Anchor | None:
    """Return a record's hashes; None where nothing of its quote is left in normal form."""
    start, end = normal.place(record.start, record.end)
    if start == end:
        return None
    bounds = sorted({bound for entity in record.entities for bound in (entity.start, entity.end)})
    return Anchor(
        length=end - start,
        head=heads.at(start, min(end - start, HEAD)),
        quote=_hash("quote", normal.text[start:end], QUOTE_CHARACTERS),
        before=_before(normal.text, start),
        after=_after(normal.text, end),
        bounds=tuple((bound - record.start, normal.place(record.start, bound)[1] - start) for bound in bounds),
    )


def _hash(what: str, text: str, characters: int) -> str:
    data = text.encode("utf-8", "surrogatepass")
    return urlsafe_b64encode(blake2b(data, digest_size=6, person=what.encode()).digest()).decode()[:characters]


def _before(text: str, start: int) -> str:
    """Return the hashes of the nearer and of all that stands before a place; empty at the text's beginning, which tells no place."""
    if start < NEAR:
        return ""
    near, far = text[start - NEAR : start], text[max(0, start - AROUND) : start]
    return _hash("before", near, AROUND_CHARACTERS) + _hash("far before", far, AROUND_CHARACTERS)


def _after(text: str, end: int) -> str:
    """Return the hashes of the nearer and of all that stands after a place; empty at the text's end."""
    if len(text) - end < NEAR:
        return ""
    near, far = text[end : end + NEAR], text[end : end + AROUND]
    return _hash("after", near, AROUND_CHARACTERS) + _hash("far after", far, AROUND_CHARACTERS)


def _agreeing(one: str, two: str) -> int:
    """Return how far the hashes of two surroundings agree: not at all, 0, the nearer, 1, or all, 2."""
    if not one or one[:AROUND_CHARACTERS] != two[:AROUND_CHARACTERS]:
        return 0
    return 2 if one == two else 1


class _Heads:
    """Rolling hashes of all windows of a text (Karp and Rabin 1987), from sums of its characters times powers of the base."""

    def __init__(self, text: str) -> None:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
        self._inverse = np.concatenate(([np.uint64(1)], np.cumprod(np.full(len(codes), pow(BASE, -1, 2**64), dtype=np.uint64))))
        powers = np.cumprod(np.full(len(codes), BASE, dtype=np.uint64))
        self._sums = np.concatenate(([np.uint64(0)], np.cumsum((codes + np.uint64(1)) * powers, dtype=np.uint64)))

    def windows(self, length: int) -> np.ndarray:
        """Return the hash of the window of a length at each offset."""
        if length >= len(self._sums):
            return np.empty(0, dtype=np.uint64)
        sums = self._sums[length:] - self._sums[:-length]
        return (sums * self._inverse[: len(sums)]) >> np.uint64(64 - HEAD_BITS)

    def at(self, start: int, length: int) -> int:
        """Return the hash of one window."""
        total = (int(self._sums[start + length]) - int(self._sums[start])) * int(self._inverse[start])
        return (total % 2**64) >> (64 - HEAD_BITS)


def _places(records: Sequence[GoldRecord], normal: NormalText, heads: _Heads) -> list[list[_Place]]:
    """Return for each record where its quote stands."""
    wanted: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, record in enumerate(records):
        if record.anchor is not None:
            wanted[min(record.anchor.length, HEAD)][record.anchor.head].append(number)
    found: list[list[_Place]] = [[] for _ in records]
    for length, numbers in wanted.items():
        windows = heads.windows(length)
        at: dict[int, list[int]] = defaultdict(list)
        for offset in np.flatnonzero(np.isin(windows, np.array(sorted(numbers), dtype=np.uint64))).tolist():
            at[int(windows[offset])].append(offset)
        for head, offsets in at.items():
            if len(offsets) <= MAX_PLACES:
                for number in numbers[head]:
                    found[number] = list(_standing(records[number], offsets, normal))
    return found


def _standing(record: GoldRecord, offsets: Sequence[int], normal: NormalText) -> Iterator[_Place]:
    """Yield those of some offsets at which a record's quote stands."""
    anchor = record.anchor
    if anchor is None:
        return
    for start in offsets:
        end = start + anchor.length
        if end <= len(normal.text) and _hash("quote", normal.text[start:end], QUOTE_CHARACTERS) == anchor.quote:
            agreeing = _agreeing(_before(normal.text, start), anchor.before) + _agreeing(_after(normal.text, end), anchor.after)
            yield _Place(start, agreeing, not (_cuts(normal, start) or _cuts(normal, end)))


def _cuts(normal: NormalText, at: int) -> bool:
    """Tell whether a place in normal form is inside of a word of the text."""
    if not 0 < at < len(normal.text) or normal.ends[at - 1] != normal.starts[at]:
        return False
    return normal.text[at - 1].isalnum() and normal.text[at].isalnum()


def _decided(record: GoldRecord, places: Sequence[_Place]) -> _Place | None:
    """Return the place that a record's surroundings speak for, or the only one of a quote that is long enough to be known by itself."""
    most = max((place.agreeing for place in places), default=0)
    best = [place for place in places if place.agreeing == most]
    if most == 0:
        best = [place for place in best if place.whole and record.anchor is not None and record.anchor.length >= HEAD]
    return best[0] if len(best) == 1 else None


def _between(records: Sequence[GoldRecord], places: Sequence[Sequence[_Place]], settled: Sequence[_Place | None]) -> list[_Place | None]:
    """Return the settled places with those of records that stand once between the places of their two neighbours."""
    found = list(settled)
    for number in range(1, len(records) - 1):
        before, after = settled[number - 1], settled[number + 1]
        if settled[number] is None and before is not None and after is not None:
            inside = [place for place in places[number] if place.whole and before.at <= place.at <= after.at]
            found[number] = inside[0] if len(inside) == 1 else None
    return found


def _one_each(records: Sequence[GoldRecord], settled: Sequence[_Place | None]) -> list[_Place | None]:
    """Return the settled places without those that several quotes claim, but for the one that more surroundings speak for."""
    claims: dict[Range, list[int]] = defaultdict(list)
    for number, (record, place) in enumerate(zip(records, settled, strict=True)):
        if place is not None and record.anchor is not None:
            claims[place.at, record.anchor.length].append(number)
    kept: list[_Place | None] = [None] * len(records)
    for numbers in claims.values():
        ranked = sorted(((place.agreeing, number) for number in numbers if (place := settled[number]) is not None), reverse=True)
        if len(ranked) == 1 or ranked[0][0] > ranked[1][0]:
            kept[ranked[0][1]] = settled[ranked[0][1]]
    return kept


def _moved(record: GoldRecord, at: int, normal: NormalText) -> GoldRecord | None:
    """Return a record in the offsets of the text; None where a mark's place in its quote is not known."""
    anchor = record.anchor
    if anchor is None:
        return None
    bounds = dict(anchor.bounds)
    entities: list[GoldEntity] = []
    for entity in record.entities:
        first, last = bounds.get(entity.start - record.start), bounds.get(entity.end - record.start)
        if first is None or last is None or not 0 <= first < last <= anchor.length:
            return None
        start, end = normal.source(at + first, at + last)
        entities.append(replace(entity, start=start, end=end))
    start, end = normal.source(at, at + anchor.length)
    return replace(record, start=start, end=end, entities=tuple(entities))
