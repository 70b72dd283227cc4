"""What a project holds already: which passages, and what an import that broke off or ran twice has left there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from ffm.doccano.client import Project, Server
from ffm.doccano.metadata import read_sent
from ffm.errors import PassageError


class Held(Struct, frozen=True):
    """What a project holds.

    Attributes
    ----------
    passages
        The numbers of a passage's examples: one, unless an import ran twice.
    torn
        Passages that stand there without the marks that were sent with them, or with their categories alone: an import
        writes up to a thousand texts, then all of their categories, then all of their spans, and can break off between. They
        are told from those that an annotator has emptied by being unconfirmed, and the categories by being those that are sent.
    doubtful
        Where passages are torn, those that may be so too: without spans, and with other categories than are sent.
    others
        Number of examples that are no passages of ours.
    surplus
        Examples of passages that stand there more than once, on which nobody has worked.
    """

    passages: dict[str, list[int]]
    torn: frozenset[str]
    others: int
    surplus: tuple[int, ...]
    doubtful: frozenset[str] = frozenset()

    @property
    def examples(self) -> int:
        """How many examples of passages there are."""
        return sum(map(len, self.passages.values()))


class _Example(Struct):
    """An example of a passage, as all members see it together."""

    passage: str
    suggested: int
    spans: list[Any]
    categories: list[str]
    comments: int

    @property
    def marks(self) -> list[Any]:
        """Spans and categories."""
        return [*self.spans, *self.categories]


def read_held(server: Server, project: Project, sent: Mapping[str, Sequence[str]]) -> Held:
    """Return what a project holds.

    Parameters
    ----------
    sent
        By passage the categories that a push sends with it.
    """
    examples: dict[int, _Example] = {}
    others: set[int] = set()
    for row in _rows(server, project):
        passage = row.get("passage")
        if not isinstance(passage, str):
            others.add(row["id"])
        else:
            found = examples.setdefault(row["id"], _Example(passage, _suggested(row), [], [], 0))
            found.spans += row["entities"]
            found.categories += row["cats"]
            found.comments += len(row["Comments"])
    passages: dict[str, list[int]] = {}
    for number in sorted(examples):
        passages.setdefault(examples[number].passage, []).append(number)
    bare = {
        number
        for number, found in examples.items()
        if project.collaborative and len(found.categories) < found.suggested and not found.spans and not found.comments
    }
    twice = [numbers for numbers in passages.values() if len(numbers) > 1]
    if not bare and not twice:
        return Held(passages, frozenset(), len(others), ())
    confirmed = {row["id"] for row in _rows(server, project, confirmed=True)}
    torn: set[str] = set()
    doubtful: set[str] = set()
    for number in bare - confirmed:
        found = examples[number]
        if len(passages[found.passage]) == 1:
            unchanged = not found.categories or sorted(found.categories) == sorted(sent.get(found.passage, ()))
            (torn if unchanged else doubtful).add(found.passage)
    surplus = [number for numbers in twice for number in _surplus(numbers, examples, confirmed)]
    return Held(passages, frozenset(torn), len(others), tuple(surplus), frozenset(doubtful if torn else ()))


def _rows(server: Server, project: Project, confirmed: bool = False) -> Iterator[dict[str, Any]]:
    for rows in server.download(project, confirmed).values():
        yield from rows


def _suggested(row: dict[str, Any]) -> int:
    try:
        return read_sent(row).suggested
    except PassageError:
        return 0


def _surplus(numbers: list[int], examples: dict[int, _Example], confirmed: set[int]) -> list[int]:
    """Return which of a passage's examples nobody would miss: unconfirmed, and marked as the one that stays or not at all."""
    kept = next((number for number in numbers if number in confirmed), None) or max(numbers, key=lambda number: len(examples[number].marks))
    same: tuple[list[Any], ...] = ([], examples[kept].marks)
    return [
        number
        for number in numbers
        if number != kept and number not in confirmed and not examples[number].comments and examples[number].marks in same
    ]
