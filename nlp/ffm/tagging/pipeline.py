"""The spaCy pipeline, assembled and loaded."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language

import ffm.tagging.factories  # noqa: F401  (registers the components where the entry points are not installed)
from ffm.errors import FfmError, ModelError
from ffm.project.project import model_path

COMPONENTS = ("ffm_names", "ffm_amounts", "ffm_themes")


def assemble() -> Language:
    """Return a pipeline with the project's components, its theme classifier not trained."""
    nlp = spacy.blank("en")
    for component in COMPONENTS:
        nlp.add_pipe(component)
    nlp.meta.update(
        {
            "name": "ffm",
            "version": "0.1.0",
            "description": "Entities, themes and stance for reports of fact-finding missions.",
            "license": "MIT",
        }
    )
    return nlp


def load(path: str | Path | None = None) -> Language:
    """Load a trained pipeline: ``nlp = ffm.load(); doc = nlp(text)``.

    Parameters
    ----------
    path
        A model folder; by default the one that comes with the project.

    Returns
    -------
    Language
        ``doc.ents`` are the entities, ``doc.cats`` the theme scores (0 to 1), ``doc._.labels`` the themes above
        their thresholds, ``doc._.stance`` the stance of those that carry one.

    Raises
    ------
    ModelError
        If the folder is missing, damaged, or of an incompatible version.
    """
    return _load(Path(path) if path is not None else model_path())


@cache
def _load(folder: Path) -> Language:
    if not (folder / "config.cfg").is_file():
        raise ModelError(f"{folder}: no model here; train one with ffm train, or give the path of a model folder")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nlp = spacy.load(folder)
    except FfmError:
        raise
    except Exception as error:  # spaCy raises many kinds for damaged folders
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(f"{folder}: the model is damaged ({reason}); restore it or train it again with ffm train") from error
    if tuple(nlp.pipe_names) != COMPONENTS:
        raise ModelError(f"{folder}: its components are not {', '.join(COMPONENTS)}; restore it or train it again with ffm train")
    return nlp
