"""The fits of an evaluation: independent of each other, so that worker processes share them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial

from ffm.engine import Killed, work_through
from ffm.errors import FfmError
from ffm.evaluation.crossval import Judgement, Recipe, judge_split
from ffm.evaluation.examples import Example
from ffm.evaluation.splits import Split
from ffm.processes import one_thread

Progress = Callable[[int, int], None]


def judge_splits(
    examples: Sequence[Example], recipe: Recipe, splits: Sequence[Split], workers: int = 1, progress: Progress = lambda done, total: None
) -> list[Judgement]:
    """Return what each split's models say of the examples outside of it, in the order of the splits.

    Parameters
    ----------
    workers
        Number of processes; the result is the same for every number.
    progress
        Called with the number of training examples fitted so far and of all fits.

    Raises
    ------
    FfmError
        If a worker process was killed.
    """
    sizes = [len(split.inside) for split in splits]
    found: dict[int, Judgement] = {}

    def note(number: int, judgement: Judgement) -> None:
        found[number] = judgement
        progress(sum(sizes[index] for index in found), sum(sizes))

    longest_first = sorted(range(len(splits)), key=lambda number: -sizes[number])
    work = partial(_judge, examples, recipe, splits)
    with closing(work_through(work, longest_first, min(workers, len(splits)))) as results:
        for number, judgement in results:
            if isinstance(judgement, Killed):
                raise FfmError("a worker process was killed (out of memory?); run again with fewer workers, such as -j 1")
            note(number, judgement)
    return [found[number] for number in range(len(splits))]


def _judge(examples: Sequence[Example], recipe: Recipe, splits: Sequence[Split], number: int) -> Judgement:
    with one_thread():
        return judge_split(examples, recipe, splits[number])
