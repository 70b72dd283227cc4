"""What cross-validation said of every gold passage, stand-off: the material that a gate compares."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from ffm.errors import ModelError
from ffm.evaluation.crossval import OutOfFold
from ffm.evaluation.examples import Example

FILE = "held_out.jsonl"
DIGITS = 3  # decimals of a score
LEAST = 0.005  # a score below it is not kept


class Judged(Struct, frozen=True, forbid_unknown_fields=True):
    """A gold passage and what a model that had not seen its group said of it.

    Attributes
    ----------
    group
        The group that resampling keeps together.
    gold, labels
        The themes that gold and the model give it.
    entities
        Per entity label: hits, predicted and gold spans (exact) in the passage.
    stance
        Per theme of the gold that carries a stance: the gold's stance and the model's. Models of before it was kept have none.
    sentences, carrying
        Number of annotated sentences, and by theme how many of them carry it.
    scores
        The model's probability by theme; themes that hardly have one are left out.
    """

    report: str
    start: int
    end: int
    group: str
    gold: tuple[str, ...]
    labels: tuple[str, ...]
    entities: dict[str, tuple[int, int, int]] = {}
    stance: dict[str, tuple[str, str]] = {}
    sentences: int = 1
    carrying: dict[str, int] = {}
    scores: dict[str, float] = {}


def judge(
    examples: Sequence[Example],
    groups: Sequence[str],
    held_out: OutOfFold,
    themes: Sequence[str],
    entities: dict[tuple[str, int], dict[str, tuple[int, int, int]]],
) -> list[Judged]:
    """Return the judged passages of a cross-validation, in the order of the examples."""
    return [
        Judged(
            example.report,
            example.start,
            example.end,
            group,
            tuple(theme for theme in themes if theme in example.themes),
            tuple(theme for theme in themes if theme in labels),
            entities.get((example.report, example.start), {}),
            {theme: (example.stance[theme], stance[theme]) for theme in themes if theme in example.stance and theme in stance},
            len(example.sentence_themes),
            {theme: count for theme in themes if (count := sum(theme in carried for carried in example.sentence_themes))},
            {theme: round(float(score), DIGITS) for theme, score in zip(themes, scores, strict=True) if score >= LEAST},
        )
        for example, group, labels, stance, scores in zip(
            examples, groups, held_out.labels, held_out.stance, held_out.probability, strict=True
        )
    ]


def write_held_out(judged: Sequence[Judged], folder: Path) -> None:
    """Write judged passages, one line each."""
    (folder / FILE).write_bytes(b"".join(msgspec.json.encode(item) + b"\n" for item in judged))


def read_held_out(folder: Path) -> list[Judged]:
    """Read the judged passages of a model folder.

    Raises
    ------
    ModelError
        If they are missing or damaged.
    """
    path = folder / FILE
    try:
        return [msgspec.json.decode(line, type=Judged) for line in path.read_bytes().splitlines() if line.strip()]
    except FileNotFoundError:
        raise ModelError(f"{path}: missing; train the model again with ffm train") from None
    except msgspec.DecodeError as error:
        raise ModelError(f"{path}: damaged ({error}); train the model again with ffm train") from None
