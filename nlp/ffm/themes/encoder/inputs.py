"""What the encoder reads: a passage's question or heading and its sentences as tokens, in as many windows as they take."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from tokenizers import Tokenizer

from ffm.records import Range

SUBJECT_TOKENS = 64
SENTENCE_TOKENS = 128
WINDOW_TOKENS = 320
START, END = "[CLS]", "[SEP]"


class Window(Struct, frozen=True):
    """One pass of the encoder: ``[CLS] subject [SEP] sentence sentence ... [SEP]``.

    Attributes
    ----------
    ids
        Tokens of the vocabulary.
    types
        0 up to the first ``[SEP]``, then 1.
    spans
        The tokens of each sentence, in order; of one without any token those of ``[CLS]``.
    """

    ids: tuple[int, ...]
    types: tuple[int, ...]
    spans: tuple[Range, ...]


def windows(tokenizer: Tokenizer, subject: str, sentences: Sequence[str]) -> list[Window]:
    """Return the windows in which a passage is read, its sentences in order, each in one of them.

    The subject, a question or heading, is cut at :data:`SUBJECT_TOKENS`, a sentence at :data:`SENTENCE_TOKENS`; a window holds at most
    :data:`WINDOW_TOKENS`.
    """
    start, end = (tokenizer.encode(mark, add_special_tokens=False).ids[0] for mark in (START, END))
    about = tokenizer.encode(subject, add_special_tokens=False).ids[:SUBJECT_TOKENS] if subject else []
    head = [start, *about, end]
    found: list[Window] = []
    ids, spans = list(head), list[Range]()
    for encoding in tokenizer.encode_batch(list(sentences), add_special_tokens=False):
        mine = encoding.ids[:SENTENCE_TOKENS]
        if spans and len(ids) + len(mine) + 1 > WINDOW_TOKENS:
            found.append(_window(ids, spans, len(head), end))
            ids, spans = list(head), []
        spans.append((len(ids), len(ids) + len(mine)) if mine else (0, 1))
        ids += mine
    if spans:
        found.append(_window(ids, spans, len(head), end))
    return found


def _window(ids: list[int], spans: list[Range], head: int, end: int) -> Window:
    return Window((*ids, end), (0,) * head + (1,) * (len(ids) + 1 - head), tuple(spans))
