"""Who reads which passages of a batch: each so many annotators, and a part of them one more, for agreement to be measured on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from msgspec import Struct

TAG = re.compile(r"(\d{1,4}) a passage, overlap (\d(?:\.\d{1,6})?)")


class Share(Struct, frozen=True):
    """How passages are shared out.

    Attributes
    ----------
    per_passage
        How many annotators read a passage, at least 1.
    overlap
        Which part of the passages one annotator more reads, in [0, 1].
    """

    per_passage: int
    overlap: float

    @property
    def tag(self) -> str:
        """How a project's tag says it."""
        return f"{self.per_passage} a passage, overlap {format(self.overlap, '.6f').rstrip('0').rstrip('.')}"

    def readers(self, passage: str, annotators: Sequence[str]) -> set[str]:
        """Return who reads a passage: the same whatever else is sent, and few change when an annotator joins.

        Each annotator's rank for a passage is a hash of both (Thaler and Ravishankar 1998, "Using name-based mappings to increase
        hit rates"), so that all pairs come to share about as many passages.
        """
        ranked = sorted(annotators, key=lambda name: _hash(passage, name))
        more = int(_hash(passage, "") < self.overlap * 2**64)
        return set(ranked[: self.per_passage + more])


def _hash(*words: str) -> int:
    return int.from_bytes(hashlib.blake2b("\0".join(words).encode("utf-8", "surrogatepass"), digest_size=8).digest())


def read_share(tags: Sequence[str]) -> Share | None:
    """Return how a project's tags say that its batch is shared out; None where everybody reads everything."""
    for tag in tags:
        if found := TAG.fullmatch(tag):
            return Share(int(found[1]), float(found[2]))
    return None
