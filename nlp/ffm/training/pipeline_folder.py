"""A model for other programs: the pipeline alone, in a folder that plain ``spacy.load`` opens."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ffm import __version__
from ffm.tagging.pipeline import load
from ffm.themes.digests import write_digests
from ffm.training.folder import model_place

META = "meta.json"
CARD = ("README.md", "*.svg")


def export_pipeline(model: Path, folder: Path, sparse: bool = False) -> int:
    """Write a model's pipeline into a folder of its own, with digests, and its card where its figures are those of the pipeline.

    Parameters
    ----------
    sparse
        Leave the encoder out.

    Returns
    -------
    int
        The number of bytes written.

    Raises
    ------
    ModelError
        If the model is missing, damaged, or of an incompatible version.
    OutputError
        If the folder cannot be written, or holds something that is no model.
    """
    nlp = load(model, sparse)
    with model_place(folder) as part:
        nlp.to_disk(part, exclude=["vocab"])
        meta = json.loads((part / META).read_bytes())
        meta["requirements"] = [f"ffm-nlp>={__version__}"]  # which `spacy package` passes on, and without which spaCy knows no component
        (part / META).write_text(json.dumps(meta, indent=2) + "\n", encoding="utf-8")
        for path in [] if sparse else [path for pattern in CARD for path in sorted(model.glob(pattern))]:
            shutil.copy(path, part / path.name)
        write_digests(part)
        return sum(path.stat().st_size for path in part.rglob("*") if path.is_file())
