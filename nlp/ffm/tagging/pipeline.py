"""The spaCy pipeline, assembled and loaded."""

from __future__ import annotations

import hashlib
import warnings
from functools import lru_cache
from pathlib import Path

import msgspec
import spacy
from spacy.language import Language

import ffm.tagging.factories  # noqa: F401  (registers the components where the entry points are not installed)
from ffm import __version__
from ffm.errors import FfmError, ModelError
from ffm.project.project import find_project
from ffm.project.scheme import Scheme, read_scheme
from ffm.records import Origin
from ffm.themes.classifier import SEED
from ffm.themes.component import ThemeTagger
from ffm.themes.digests import FILE as DIGESTS
from ffm.themes.digests import model_digest
from ffm.themes.first_look import NAME, first_look

SPARSE = "-sparse"  # after the name of a model whose encoder is left out
COMPONENTS = ("ffm_names", "ffm_amounts", "ffm_themes")


def assemble(name: str = "ffm") -> Language:
    """Return a pipeline with the components of the package, its theme classifier not trained; ``name`` is the model's."""
    nlp = spacy.blank("en")
    for component in COMPONENTS:
        nlp.add_pipe(component)
    nlp.meta.update(
        {
            "name": name,
            "version": __version__,
            "description": "Entities, themes and stance for reports of fact-finding missions.",
            "license": "MIT",
        }
    )
    return nlp


def load(path: str | Path | None = None, sparse: bool = False) -> Language:
    """Load a trained pipeline: ``nlp = ffm.load(); doc = nlp(text)``.

    Parameters
    ----------
    path
        A model folder, or the file of a scheme, by which passages then get a first look: scores that rank them, no labels.
        By default what the project tags with, see :attr:`ffm.project.project.Project.tags_with`.
    sparse
        Leave the model's encoder out, if it has one: its sparse classifier alone, with a calibration and a name of its own.

    Returns
    -------
    Language
        ``doc.ents`` are the entities, ``doc.cats`` the theme scores (0 to 1), ``doc._.labels`` the themes above
        their thresholds, ``doc._.stance`` the stance of those that carry one.

    Raises
    ------
    ModelError
        If the folder is missing, damaged, or of an incompatible version.
    SchemeError
        If the scheme is damaged.
    """
    named = Path(path) if path is not None else find_project().tags_with
    decisive = named if named.is_file() else named / DIGESTS
    return _load(named, named.absolute(), decisive.stat().st_mtime_ns if decisive.is_file() else 0, sparse)


@lru_cache(maxsize=8)
def _load(named: Path, place: Path, changed: int, sparse: bool) -> Language:
    """Load a pipeline once, and again where the working folder is another, by its ``place``, or its files have ``changed``."""
    if named.is_file():
        return _look_first(read_scheme(named))
    nlp = _load_model(named)
    if sparse and theme_tagger(nlp).beside is not None:
        theme_tagger(nlp).without_encoder()
        nlp.meta["name"] += SPARSE
    return nlp


def _look_first(scheme: Scheme) -> Language:
    nlp = assemble(NAME)
    model, stance, calibration = first_look(scheme)
    theme_tagger(nlp).set_model(model, stance, calibration, scheme, {}, SEED)
    return nlp


def _load_model(folder: Path) -> Language:
    if not (folder / "config.cfg").is_file():
        raise ModelError(f"{folder}: no model here; train one with ffm train, or give the path of a model folder")
    if not (folder / DIGESTS).is_file():
        raise ModelError(f"{folder / DIGESTS}: missing; restore the model folder or train it again with ffm train")
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


def theme_tagger(nlp: Language) -> ThemeTagger:
    """Return the classifier of a pipeline.

    Raises
    ------
    ModelError
        If it has none.
    """
    component = nlp.get_pipe("ffm_themes") if "ffm_themes" in nlp.component_names else None
    if not isinstance(component, ThemeTagger):
        raise ModelError("the pipeline has no classifier of themes; load it with ffm.load()")
    return component


def scheme_of(nlp: Language) -> Scheme:
    """Return the scheme that a pipeline labels by: that of its model.

    Raises
    ------
    ModelError
        If its classifier is not trained.
    """
    scheme = theme_tagger(nlp).scheme
    if scheme is None:
        raise ModelError("the pipeline's classifier is not trained; load a model with ffm.load()")
    return scheme


def is_first_look(nlp: Language) -> bool:
    """Tell whether a pipeline ranks by a scheme alone, and gives no labels."""
    return bool(nlp.meta["name"] == NAME)


def origin_of(nlp: Language) -> Origin:
    """Return what the labels of a pipeline are labels of, and what gives them; no scheme where its classifier is not trained.

    A first look is told by all that its scheme says.
    """
    scheme = theme_tagger(nlp).scheme
    digest = hashlib.sha256(msgspec.json.encode(scheme)).hexdigest()[:8] if is_first_look(nlp) else model_digest(nlp.path)
    return Origin(
        scheme.reference if scheme else "",
        f"{nlp.meta['name']}@{nlp.meta['version']}+{digest}",
        frozenset(theme_tagger(nlp).gold),
    )
