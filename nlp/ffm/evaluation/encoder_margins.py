"""What encoders said of gold passages that they had not been tuned on: kept with the model, so that figures need no tuning again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ffm.evaluation.examples import Example
from ffm.evaluation.kept import keep, kept

FILE = "encoder_margins.json"
DIGITS = 3

Matrix = NDArray[np.float64]


class EncoderMargins(Struct, frozen=True, forbid_unknown_fields=True):
    """Out-of-fold margins of passages by themes.

    Attributes
    ----------
    themes
        In the order of the columns.
    margins
        By :func:`example_key` those of an encoder that was tuned without the passage's family of reports.
    """

    themes: tuple[str, ...]
    margins: dict[str, tuple[float, ...]]

    def of(self, examples: Sequence[Example], themes: Sequence[str]) -> Matrix | None:
        """Return the margins of examples, passages by themes; None where those of one are not known."""
        keys = [example_key(example) for example in examples]
        if tuple(themes) != self.themes or not all(key in self.margins for key in keys):
            return None
        return np.array([self.margins[key] for key in keys])


def example_key(example: Example) -> str:
    """Return what a passage with its gold is known by: another text or other themes give another key."""
    told = [example.report, example.start, example.end, example.text, [sorted(carried) for carried in example.sentence_themes]]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:16]


def gold_digest(examples: Sequence[Example]) -> str:
    """Return eight hexadecimal digits over all examples."""
    return hashlib.sha256("".join(sorted(example_key(example) for example in examples)).encode()).hexdigest()[:8]


def make_margins(examples: Sequence[Example], themes: Sequence[str], margins: Matrix) -> EncoderMargins:
    """Return the margins of examples, passages by themes, as they are kept."""
    rows = (tuple(round(float(value), DIGITS) for value in row) for row in margins)
    return EncoderMargins(tuple(themes), dict(zip(map(example_key, examples), rows, strict=True)))


def write_margins(margins: EncoderMargins, folder: Path) -> None:
    """Write margins beside a model's other files."""
    keep(margins, folder / FILE)


def read_margins(folder: Path) -> EncoderMargins | None:
    """Read the margins of a model's folder; None where it has none.

    Raises
    ------
    ModelError
        If they are damaged.
    """
    return kept(folder / FILE, EncoderMargins, "ffm train --encoder")
