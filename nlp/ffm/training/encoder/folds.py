"""All fits of an encoder: one for each fold, whose margins are kept, and the last on all passages, whose weights are."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import torch
from msgspec import Struct
from numpy.typing import NDArray

from ffm.engine import Killed, work_through
from ffm.errors import FfmError
from ffm.evaluation.encoder_margins import EncoderMargins, example_key, gold_digest, make_margins
from ffm.evaluation.examples import Example
from ffm.evaluation.fits import Progress
from ffm.evaluation.splits import Split
from ffm.training.encoder.export import export_encoder
from ffm.training.encoder.network import load_tokenizer
from ffm.training.encoder.tune import RECIPE, make_material, network_margins, tune

Matrix = NDArray[np.float64]


class Job(Struct, frozen=True):
    """A fit: where its margins are kept, and the passages outside of it; the one on all passages keeps its weights instead."""

    place: Path
    split: Split | None


def tune_encoder(
    examples: Sequence[Example],
    written: Sequence[Example],
    themes: Sequence[str],
    families: Sequence[Split],
    folder: Path,
    kept: Path,
    workers: int = 1,
    progress: Progress = lambda done, total: None,
) -> EncoderMargins:
    """Tune an encoder on all examples, and others without each fold; return the margins of those.

    Parameters
    ----------
    families
        The folds that leave whole families out.
    folder
        Where the encoder is written.
    kept
        A folder where each fit's margins are kept, so that what was stopped goes on where it was.
    workers
        Number of processes; each takes one thread.
    progress
        Called with the number of fits done and of all.
    """
    kept.mkdir(parents=True, exist_ok=True)
    places = [kept / f"{_name(examples, written, split)}.npy" for split in families]
    jobs = [Job(place, split) for place, split in zip(places, families, strict=True)]
    waiting = [job for job in jobs if not job.place.is_file()]
    total = len(jobs) + 1
    progress(total - 1 - len(waiting), total)
    last = Job(folder, None)
    work = partial(_tune, examples, written, themes)
    with closing(work_through(work, [last, *waiting], workers)) as results:
        for number, (_, killed) in enumerate(results, start=1):
            if isinstance(killed, Killed):
                raise FfmError("a worker process was killed (out of memory?); run again with fewer workers, such as -j 1")
            progress(total - 1 - len(waiting) + number, total)
    margins = np.zeros((len(examples), len(themes)))
    for place, split in zip(places, families, strict=True):
        margins[list(split.outside)] = np.load(place, allow_pickle=False)
    return make_margins(examples, themes, margins)


def _name(examples: Sequence[Example], written: Sequence[Example], split: Split) -> str:
    """Return what a fit is known by: what it learns from, how, and what it judges."""
    told = [RECIPE, len(written), [[example_key(examples[number]) for number in side] for side in (split.inside, split.outside)]]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:16]


def _tune(examples: Sequence[Example], written: Sequence[Example], themes: Sequence[str], job: Job) -> None:
    torch.set_num_threads(1)
    material = make_material(load_tokenizer(), examples, written, themes)
    if job.split is None:
        export_encoder(tune(material, range(material.passages)), job.place, tuple(themes), gold_digest(examples))
        return
    inside = [*job.split.inside, *range(len(examples), material.passages)]
    margins = network_margins(tune(material, inside), material, job.split.outside)
    part = job.place.with_suffix(".part.npy")
    np.save(part, margins)
    part.replace(job.place)
