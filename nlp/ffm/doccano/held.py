"""What a project holds already: which passages, and what an import that broke off or ran twice has left there."""

from __future__ import annotations

from collections.abc import Iterator
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
        Passages that stand there without the labels that were sent with them: an import that breaks off can leave up
        to a thousand of them. They are told from those that an annotator has emptied by being unconfirmed.
    others
        Number of examples that are no passages of ours.
    surplus
        Examples of passages that stand there more than once, on which nobody has worked.
    """

    passages: dict[str, list[int]]
    torn: frozenset[str]
    others: int
    surplus: tuple[int, ...]

    @property
    def examples(self) -> int:
        """How many examples of passages there are."""
        return sum(map(len, self.passages.values()))


class _Example(Struct):
    """An example of a passage, as all members see it together."""

    passage: str
    suggested: int
    marks: list[Any]
    comments: int


def read_held(server: Server, project: Project) -> Held:
    """Return what a project holds."""
    examples: dict[int, _Example] = {}
    others: set[int] = set()
    for row in _rows(server, project):
        passage = row.get("passage")
        if not isinstance(passage, str):
            others.add(row["id"])
        else:
            found = examples.setdefault(row["id"], _Example(passage, _suggested(row), [], 0))
            found.marks += [*row["entities"], *row["cats"]]
            found.comments += len(row["Comments"])
    passages: dict[str, list[int]] = {}
    for number in sorted(examples):
        passages.setdefault(examples[number].passage, []).append(number)
    bare = {
        number for number, found in examples.items() if project.collaborative and found.suggested and not found.marks and not found.comments
    }
    twice = [numbers for numbers in passages.values() if len(numbers) > 1]
    if not bare and not twice:
        return Held(passages, frozenset(), len(others), ())
    confirmed = {row["id"] for row in _rows(server, project, confirmed=True)}
    torn = {examples[number].passage for number in bare - confirmed}
    surplus = [number for numbers in twice for number in _surplus(numbers, examples, confirmed)]
    return Held(passages, frozenset(passage for passage in torn if len(passages[passage]) == 1), len(others), tuple(surplus))


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
