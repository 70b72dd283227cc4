"""The classifier on disk: a skops archive read with an allow-list, and a manifest that says what it is and checks it."""

from __future__ import annotations

import hashlib
import io
import json
import platform
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeGuard
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import msgspec
import numpy as np
import skops.io
from msgspec import Struct

from ffm.errors import ModelError
from ffm.themes.classifier import Calibration, ThemeModel
from ffm.themes.features import VIEWS, Cues, restored_vectorizers, terms_of
from ffm.themes.stance import StanceModel, restored_vectorizer

FORMAT = 3
MANIFEST = "manifest.json"
ARCHIVE = "classifier.skops"
# All that an archive may hold, by skops' node: skops itself trusts every scikit-learn estimator and many functions.
ALLOWED = {
    "DictNode": {"builtins.dict"},
    "ListNode": {"builtins.list"},
    "JsonNode": {"builtins.str"},
    "TypeNode": {"builtins.str"},
    "NdArrayNode": {"numpy.ndarray"},
}
ARRAYS = ("weights", "bias", "stance_weights", "stance_bias")
VOCABULARIES = {*VIEWS, "stance words", "stance question"}


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a stored classifier is.

    Attributes
    ----------
    scheme
        Version of the scheme that it was trained on.
    themes
        The themes, in order.
    cues, stance_cues
        The phrases that the classifiers look for, as they stood in the scheme.
    calibration
        See :class:`ffm.themes.classifier.Calibration`.
    sha256
        Digest of the archive.
    versions
        Libraries that wrote it.
    seed
        The seed of all fits.
    gold
        Number of annotated sentences by report.
    """

    format: int
    scheme: int
    themes: tuple[str, ...]
    stance_themes: tuple[str, ...]
    stances: tuple[str, ...]
    cues: tuple[str, ...]
    stance_cues: tuple[str, ...]
    calibration: Calibration
    sha256: str
    versions: dict[str, str]
    seed: int
    gold: dict[str, int]


def save_classifier(
    folder: Path, model: ThemeModel, stance: StanceModel, calibration: Calibration, scheme: int, seed: int, gold: dict[str, int]
) -> None:
    """Write the archive and its manifest; the same model gives the same bytes."""
    import sklearn

    folder.mkdir(parents=True, exist_ok=True)
    vectorizers = {**model.vectorizers, "stance words": stance.words, "stance question": stance.question}
    content = {
        "weights": model.weights.astype(np.float16),
        "bias": model.bias,
        "stance_weights": stance.weights,
        "stance_bias": stance.bias,
        "terms": {name: "\n".join(terms_of(vectorizer)) for name, vectorizer in vectorizers.items()},
        "idf": {name: vectorizer.idf_ for name, vectorizer in vectorizers.items()},
    }
    data = _same_bytes(skops.io.dumps(content, compression=ZIP_DEFLATED, compresslevel=9))
    (folder / ARCHIVE).write_bytes(data)
    manifest = Manifest(
        format=FORMAT,
        scheme=scheme,
        themes=model.themes,
        stance_themes=stance.themes,
        stances=stance.stances,
        cues=model.cues.expressions,
        stance_cues=stance.cues.expressions,
        calibration=calibration,
        sha256=hashlib.sha256(data).hexdigest(),
        versions={"python": platform.python_version().rsplit(".", 1)[0], "scikit-learn": sklearn.__version__, "skops": skops.__version__},
        seed=seed,
        gold=gold,
    )
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")


def load_classifier(folder: Path) -> tuple[ThemeModel, StanceModel, Manifest]:
    """Read a classifier.

    Raises
    ------
    ModelError
        If a file is missing, does not match its checksum, or holds a type that is not on the allow-list.
    """
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        data = (folder / ARCHIVE).read_bytes()
    except FileNotFoundError as error:
        raise ModelError(f"{error.filename}: missing; restore the model folder or train it again with ffm train") from None
    except msgspec.DecodeError as error:
        raise ModelError(f"{folder / MANIFEST}: damaged ({error}); restore the model folder or train it again with ffm train") from None
    if manifest.format != FORMAT:
        raise ModelError(f"{folder}: format {manifest.format}, this version reads {FORMAT}; train the model again with ffm train")
    if hashlib.sha256(data).hexdigest() != manifest.sha256:
        raise ModelError(f"{folder / ARCHIVE}: does not match its checksum; restore the model folder or train it again with ffm train")
    content = _read_archive(folder / ARCHIVE, data)
    terms, idf = {name: text.split("\n") for name, text in content["terms"].items()}, content["idf"]
    model = ThemeModel(
        manifest.themes, restored_vectorizers(terms, idf), Cues(manifest.cues), content["weights"].astype(np.float32), content["bias"]
    )
    stance = StanceModel(
        manifest.stance_themes,
        manifest.stances,
        restored_vectorizer("words", terms["stance words"], idf["stance words"]),
        restored_vectorizer("question", terms["stance question"], idf["stance question"]),
        Cues(manifest.stance_cues),
        content["stance_weights"],
        content["stance_bias"],
    )
    return model, stance, manifest


def _read_archive(path: Path, data: bytes) -> dict[str, Any]:
    """Return what an archive holds, once every type in it is known to be allowed: until then nothing of it is built."""
    advice = "restore the model folder or train it again with ffm train"
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            foreign = next(_foreign_types(json.loads(archive.read("schema.json"))), None)
    except (BadZipFile, zlib.error, KeyError, ValueError, RecursionError) as error:
        raise ModelError(f"{path}: damaged ({error}); {advice}") from None
    if foreign is not None:
        raise ModelError(f"{path}: holds {foreign}, which is not allowed in a model; train it again with ffm train")
    content = skops.io.loads(data, trusted=sorted(set().union(*ALLOWED.values())))
    if not _is_classifier(content):
        raise ModelError(f"{path}: is not a classifier of this project; {advice}")
    return content


def _is_classifier(content: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether an archive holds the arrays of a classifier, and the terms and weights of all its views."""
    if not isinstance(content, dict) or not all(isinstance(content.get(name), np.ndarray) for name in ARRAYS):
        return False
    terms, idf = content.get("terms"), content.get("idf")
    if not isinstance(terms, dict) or not isinstance(idf, dict) or terms.keys() != idf.keys() or terms.keys() != VOCABULARIES:
        return False
    return all(isinstance(text, str) and text.count("\n") + 1 == np.size(idf[name]) for name, text in terms.items())


def _foreign_types(node: object) -> Iterator[str]:
    """Yield the types and kinds of nodes in an archive's schema that are not on the allow-list."""
    if isinstance(node, list):
        for item in node:
            yield from _foreign_types(item)
    elif isinstance(node, dict):
        if "__loader__" in node or "__class__" in node:
            kind, name = node.get("__loader__"), f"{node.get('__module__')}.{node.get('__class__')}"
            if not isinstance(kind, str) or name not in ALLOWED.get(kind, ()):
                yield f"{name} ({kind})"
        for item in node.values():
            yield from _foreign_types(item)


def _same_bytes(data: bytes) -> bytes:
    """Return an archive with its entries sorted, its times fixed and its objects numbered.

    skops names arrays and objects by their addresses in memory; numbering them in the order of the schema makes
    the bytes those of the content alone.
    """
    numbers: dict[str, str] = {}

    def numbered(match: re.Match[str]) -> str:
        return match.group(1) + numbers.setdefault(match.group(2), str(len(numbers) + 1))

    source = ZipFile(io.BytesIO(data))
    schema = re.sub(r'("__id__":\s*|"file":\s*")(\d+)', numbered, source.read("schema.json").decode())
    target = io.BytesIO()
    entries = {name: source.read(name) for name in source.namelist() if name != "schema.json"}
    entries = {re.sub(r"^\d+", lambda match: numbers.get(match.group(), match.group()), name): body for name, body in entries.items()}
    entries["schema.json"] = schema.encode()
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as out:
        for name in sorted(entries):
            info = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            out.writestr(info, entries[name])
    return target.getvalue()
