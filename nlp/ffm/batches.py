"""Batches of a fixed size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def batches(stream: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items of a stream in lists of ``size``; the last may be shorter."""
    source = iter(stream)
    while batch := list(islice(source, size)):
        yield batch
