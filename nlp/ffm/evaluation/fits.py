"""The fits of an evaluation: independent of each other, so that worker processes share them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ffm.evaluation.crossval import Judgement, Recipe, judge_split
from ffm.evaluation.examples import Example
from ffm.evaluation.splits import Split
from ffm.processes import one_thread, without_interrupts, worker_pool

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

    if workers <= 1 or len(splits) <= 1:
        with one_thread():
            for number, split in enumerate(splits):
                note(number, judge_split(examples, recipe, split))
        return list(found.values())
    longest_first = sorted(range(len(splits)), key=lambda number: -sizes[number])
    with worker_pool(workers, _start, examples, recipe) as pool:
        with without_interrupts():
            running = {number: pool.submit(_judge, splits[number]) for number in longest_first}
        for number in longest_first:
            note(number, running[number].result())
    return [found[number] for number in range(len(splits))]


_MATERIAL: tuple[Sequence[Example], Recipe] | None = None


def _start(examples: Sequence[Example], recipe: Recipe) -> None:
    global _MATERIAL  # sent once a process, as every fit needs it
    _MATERIAL = examples, recipe


def _judge(split: Split) -> Judgement:
    assert _MATERIAL is not None
    with one_thread():
        return judge_split(*_MATERIAL, split)
