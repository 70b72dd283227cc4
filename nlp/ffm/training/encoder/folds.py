"""All fits of an encoder: one for each fold, whose margins are kept, and the last on all passages, whose weights are."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import torch
from msgspec import Struct
from numpy.typing import NDArray

from ffm.evaluation.encoder_margins import EncoderMargins, example_key, gold_digest, make_margins
from ffm.evaluation.examples import Example
from ffm.evaluation.fits import Progress
from ffm.evaluation.splits import Split, fold_splits, group_folds
from ffm.processes import without_interrupts, worker_pool
from ffm.training.encoder.export import export_encoder
from ffm.training.encoder.network import load_tokenizer
from ffm.training.encoder.tune import RECIPE, Material, make_material, network_margins, tune

GROUP_FOLDS = 3

Matrix = NDArray[np.float64]


class Job(Struct, frozen=True):
    """A fit: where its margins are kept, and the passages outside of it; the last one keeps its weights instead."""

    place: Path
    split: Split


def tune_encoder(
    examples: Sequence[Example],
    written: Sequence[Example],
    themes: Sequence[str],
    families: Sequence[Split],
    groups: Sequence[str],
    folder: Path,
    work: Path,
    workers: int = 1,
    progress: Progress = lambda done, total: None,
) -> EncoderMargins:
    """Tune an encoder on all examples, and others without each fold; return the margins of those.

    Parameters
    ----------
    families
        The folds that leave whole families out.
    groups
        The group of each example; :data:`GROUP_FOLDS` folds leave groups out.
    folder
        Where the encoder is written.
    work
        A folder where each fit's margins are kept, so that what was stopped goes on where it was.
    workers
        Number of processes; each takes one thread.
    progress
        Called with the number of fits done and of all.
    """
    work.mkdir(parents=True, exist_ok=True)
    by_group = fold_splits(group_folds(groups, GROUP_FOLDS))
    jobs = [Job(work / f"{_name(examples, written, split)}.npy", split) for split in (*families, *by_group)]
    waiting = [job for job in jobs if not job.place.is_file()]
    total = len(jobs) + 1
    progress(total - 1 - len(waiting), total)
    with worker_pool(workers, _start, examples, written, themes) as pool:
        with without_interrupts():
            last = pool.submit(_tune_last, folder, tuple(themes), gold_digest(examples))
            running = [pool.submit(_tune_without, job) for job in waiting]
        for number, future in enumerate(running, start=1):
            future.result()
            progress(total - 1 - len(waiting) + number, total)
        last.result()
        progress(total, total)
    found = []
    for kind in (jobs[: len(families)], jobs[len(families) :]):
        margins = np.zeros((len(examples), len(themes)))
        for job in kind:
            margins[list(job.split.outside)] = np.load(job.place, allow_pickle=False)
        found.append(margins)
    return make_margins(examples, themes, found[0], found[1])


def _name(examples: Sequence[Example], written: Sequence[Example], split: Split) -> str:
    """Return what a fit is known by: what it learns from, how, and what it judges."""
    told = [RECIPE, len(written), [[example_key(examples[number]) for number in side] for side in (split.inside, split.outside)]]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:16]


_MATERIAL: Material | None = None
_EXAMPLES = 0


def _start(examples: Sequence[Example], written: Sequence[Example], themes: Sequence[str]) -> None:
    global _MATERIAL, _EXAMPLES  # made once a process, as every fit needs it
    torch.set_num_threads(1)
    _MATERIAL, _EXAMPLES = make_material(load_tokenizer(), examples, written, themes), len(examples)


def _tune_without(job: Job) -> None:
    assert _MATERIAL is not None
    inside = [*job.split.inside, *range(_EXAMPLES, _MATERIAL.passages)]
    margins = network_margins(tune(_MATERIAL, inside), _MATERIAL, job.split.outside)
    part = job.place.with_suffix(".part.npy")
    np.save(part, margins)
    part.replace(job.place)


def _tune_last(folder: Path, themes: tuple[str, ...], gold: str) -> None:
    assert _MATERIAL is not None
    export_encoder(tune(_MATERIAL, range(_MATERIAL.passages)), folder, themes, gold)
