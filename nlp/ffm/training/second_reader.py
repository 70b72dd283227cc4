"""The encoder that scores beside the classifier: which one, and what it said of passages that it had not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from ffm.evaluation.crossval import Recipe
from ffm.evaluation.encoder_margins import EncoderMargins, read_margins
from ffm.evaluation.examples import Example
from ffm.evaluation.protocol import SecondMargins
from ffm.project.project import Project, packaged_project
from ffm.themes.encoder import Encoder, load_encoder
from ffm.themes.encoder.model import FOLDER as ENCODER
from ffm.training.frozen import FrozenVectors

FROZEN_FROM = 100  # labelled passages from which heads on an encoder's vectors are worth more than they cost


class SecondReader(Struct, frozen=True):
    """The encoder that is to score beside the classifier.

    Attributes
    ----------
    encoder
        Gives it; None where there is none.
    margins
        Gives what encoders that had not seen a fold say of it.
    stored
        Margins to be kept with the model, of an encoder that was tuned on its gold.
    messages
        Why an encoder is left out.
    """

    encoder: Callable[[], Encoder] | None = None
    margins: SecondMargins | None = None
    stored: EncoderMargins | None = None
    messages: tuple[str, ...] = ()


def second_reader(project: Project, folder: Path | None, examples: Sequence[Example], recipe: Recipe) -> SecondReader:
    """Return the encoder that can score beside the classifier without flattering it.

    One that was tuned on this gold speaks where it is known what encoders that had not seen a passage say of it. To the gold of another
    project, where it is large enough, the encoder of the package lends its vectors.

    Parameters
    ----------
    folder
        The model whose encoder is kept.
    """
    place = None if folder is None else folder / "ffm_themes" / ENCODER
    margins = None if folder is None else read_margins(folder)
    if folder is not None and place is not None and margins is not None:
        known = margins.of(examples, recipe.themes)
        if known is None:
            left_out = f"{folder}: its encoder was tuned on another gold and is left out; tune it again with ffm train --encoder"
            return SecondReader(messages=(left_out,))
        return SecondReader(lambda: load_encoder(place), lambda splits, kind: known, margins)
    package = packaged_project()
    lent = package.model / "ffm_themes" / ENCODER
    if package.scheme.id == project.scheme.id or not lent.is_dir() or len(examples) < FROZEN_FROM:
        return SecondReader()
    frozen = FrozenVectors(load_encoder(lent), examples, recipe)
    return SecondReader(frozen.encoder, lambda splits, kind: frozen.margins(splits))
