"""Passages drawn at random for people to read: what turns a classifier's guess of a share into a measured one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from scipy.special import stdtrit

from ffm.errors import RecordError
from ffm.files import beside
from ffm.records import Range, TaggedPassage, is_evidence

FOLDER = "draws"  # beside a project's gold
ALL_BELOW = 60  # passages of a report: fewer are read whole
CLEARANCE = 1.2  # times the classifier's own doubt that the variance of its errors is at least taken for
RARE = 0.8  # of the variance of an error that one reading in all would have met


class DrawnPassages(Struct, frozen=True, forbid_unknown_fields=True):
    """A random draw from a report.

    Attributes
    ----------
    seed
        Of the draw.
    of
        How many passages it was drawn from.
    passages
        Ranges of the drawn passages in the order in which they are to be read: what was read of it, from the first on, is a random draw too.
    """

    report: str
    seed: int
    of: int
    passages: tuple[Range, ...]


def draw(passages: Sequence[TaggedPassage], number: int, seed: int) -> tuple[list[TaggedPassage], DrawnPassages]:
    """Draw passages of one report at random, without replacement; all where it has fewer than :data:`ALL_BELOW` or no more are asked for."""
    themed = sorted((passage for passage in passages if is_evidence(passage)), key=lambda passage: (passage.start, passage.end))
    report = themed[0].report if themed else ""
    generator = np.random.default_rng([seed, *report.encode("utf-8")])
    order = generator.permutation(len(themed))[: len(themed) if len(themed) < ALL_BELOW else number]
    chosen = [themed[index] for index in order]
    return chosen, DrawnPassages(report, seed, len(themed), tuple((passage.start, passage.end) for passage in chosen))


def interval_width(probability: np.ndarray, read: int) -> float:
    """Return how wide the 95% interval of a share will be about, once so many passages of a report are read.

    Parameters
    ----------
    probability
        The classifier's, of all passages of the report, for one theme.
    read
        At least 2.
    """
    count = len(probability)
    if read >= count:
        return 0.0
    variance = floor_of_errors(probability, read) / read * (1 - read / count)
    return float(2 * stdtrit(read - 1, 0.975) * np.sqrt(variance))


def floor_of_errors(probability: np.ndarray, read: int) -> float:
    """Return the least that the variance of the classifier's errors is taken for: a few readings seldom meet its rare ones."""
    return float(max(CLEARANCE * (probability * (1 - probability)).mean(), RARE * (1 / read) * (1 - 1 / read)))


def write_draw(drawn: DrawnPassages, folder: Path) -> Path:
    """Write a draw into a folder; an earlier one of the same report is replaced.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{drawn.report}.json"
    with beside(path) as part:
        part.write_bytes(msgspec.json.format(msgspec.json.encode(drawn), indent=1) + b"\n")
    return path


def read_draws(folder: Path) -> Mapping[str, DrawnPassages]:
    """Read the draws of a folder, by report.

    Raises
    ------
    RecordError
        If one is damaged.
    """
    found = {}
    for path in sorted(folder.glob("*.json")):
        try:
            drawn = msgspec.json.decode(path.read_bytes(), type=DrawnPassages)
        except msgspec.DecodeError as error:
            raise RecordError(f"{path}: not a draw of ffm sample ({error}); draw again") from None
        found[drawn.report] = drawn
    return found
