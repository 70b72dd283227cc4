"""Tokens of spaCy's blank English, cut further where an entity begins or ends inside of one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from ffm.exchange.items import Mark
from ffm.records import Range

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


@cache
def blank() -> Language:
    """Return spaCy's blank English, which only divides a text into tokens."""
    import spacy

    return spacy.blank("en")


def make_doc(text: str, marks: Sequence[Mark]) -> Doc:
    """Return a Doc of exactly this text in which every mark is an entity of whole tokens; ids stand in ``ent.kb_id_``."""
    from spacy.tokens import Doc, Span

    words, spaces = [], []
    for start, end, space in _cut(text, marks):
        words.append(text[start:end])
        spaces.append(space)
    doc = Doc(blank().vocab, words=words, spaces=spaces)
    starts = {token.idx: token.i for token in doc}
    ends = {token.idx + len(token): token.i + 1 for token in doc}
    doc.set_ents([Span(doc, starts[mark.start], ends[mark.end], mark.label, kb_id=mark.id or "") for mark in marks])
    return doc


def _cut(text: str, marks: Sequence[Mark]) -> list[tuple[int, int, bool]]:
    """Return the tokens as (start, end, followed by a space that is no token)."""
    edges = sorted({mark.start for mark in marks} | {mark.end for mark in marks})
    begins, stops = {mark.start for mark in marks}, {mark.end for mark in marks}
    cut: list[tuple[int, int, bool]] = []
    for token in blank().make_doc(text):
        start, end = token.idx, token.idx + len(token)
        space = bool(token.whitespace_)
        own = space and (end in begins or end + 1 in stops)  # an entity begins or ends with this space: it becomes a token
        places: list[Range] = []
        for edge in (*(edge for edge in edges if start < edge < end), end):
            places.append((start, edge))
            start = edge
        cut += [(first, last, False) for first, last in places[:-1]]
        cut.append((*places[-1], space and not own))
        if own:
            cut.append((end, end + 1, False))
    return cut
