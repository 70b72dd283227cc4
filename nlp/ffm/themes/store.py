"""The classifier on disk: a skops archive read with an allow-list, and a manifest that says what it is and checks it."""

from __future__ import annotations

import hashlib
import io
import json
import math
import platform
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeGuard
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ffm.errors import ModelError
from ffm.project.scheme import Scheme, Wording, scheme_problems
from ffm.themes.classifier import Calibration, ThemeModel, Unit
from ffm.themes.features import VIEWS, Cues, restored_vectorizers
from ffm.themes.first_look import cues_of_definitions
from ffm.themes.mixture import Mixture
from ffm.themes.polarity import Polarity
from ffm.themes.stance import VIEWS as STANCE_VIEWS
from ffm.themes.stance import StanceModel, WithVectors
from ffm.themes.terms import Vectorizer

FORMAT = 8
ADVICE = "restore the model folder or train it again with ffm train"
MANIFEST = "manifest.json"
ARCHIVE = "classifier.skops"
SCHEME = "scheme.json"
# All that an archive may hold, by skops' node: skops itself trusts every scikit-learn estimator and many functions.
ALLOWED = {
    "DictNode": {"builtins.dict"},
    "ListNode": {"builtins.list"},
    "JsonNode": {"builtins.str"},
    "TypeNode": {"builtins.str"},
    "NdArrayNode": {"numpy.ndarray"},
}
ARRAYS = ("weights", "bias", "stance_weights", "stance_bias")
BESIDE = ("stance_beside_weights", "stance_beside_bias")  # where the classifier of stance can read an encoder's vectors
VOCABULARIES = {*VIEWS, *(f"stance {name}" for name in STANCE_VIEWS)}


class Versioned(Struct, frozen=True):
    """What every manifest says, of whatever version: its format."""

    format: int


class Mixed(Struct, frozen=True, forbid_unknown_fields=True):
    """How an encoder's scores are mixed with the classifier's, and the calibration of the classifier alone."""

    mixture: Mixture
    alone: Calibration


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a stored classifier is.

    Attributes
    ----------
    scheme
        The scheme that it was trained on, ``id@version+digest``; it stands beside the archive.
    themes
        The themes, in order.
    cues, stance_cues
        The phrases that the classifiers look for, as they stood in the scheme.
    calibration
        See :class:`ffm.themes.classifier.Calibration`.
    sha256
        Digests of the archive and of the scheme's file, by name.
    versions
        Libraries that wrote it.
    seed
        The seed of all fits.
    gold
        Number of annotated sentences by report.
    unit
        What it reads, see :class:`ffm.themes.classifier.ThemeModel`.
    wordings
        How texts word that a theme is there or not, as it stood in the scheme; none where the classifier of stance does not read for it.
    mixed
        Set where an encoder scores beside the classifier; ``calibration`` is then that of both.
    """

    format: int
    scheme: str
    themes: tuple[str, ...]
    stance_themes: tuple[str, ...]
    stances: tuple[str, ...]
    cues: tuple[str, ...]
    stance_cues: tuple[str, ...]
    calibration: Calibration
    sha256: dict[str, str]
    versions: dict[str, str]
    seed: int
    gold: dict[str, int]
    unit: Unit = "sentence"
    mixed: Mixed | None = None
    wordings: dict[str, Wording] = {}


def save_classifier(
    folder: Path,
    model: ThemeModel,
    stance: StanceModel,
    calibration: Calibration,
    scheme: Scheme,
    seed: int,
    gold: dict[str, int],
    mixed: Mixed | None = None,
) -> None:
    """Write the archive and its manifest; the same model gives the same bytes."""
    import sklearn
    import skops.io

    folder.mkdir(parents=True, exist_ok=True)
    vectorizers = {**model.vectorizers, "stance words": stance.words, "stance question": stance.question}
    content = {
        "weights": model.weights.astype(np.float16),
        "bias": model.bias,
        "stance_weights": _packed(stance.weights),
        "stance_bias": stance.bias,
        "terms": {name: "\n".join(vectorizer.terms) for name, vectorizer in vectorizers.items()},
        "idf": {name: vectorizer.idf for name, vectorizer in vectorizers.items()},
    }
    if stance.beside is not None:
        content |= dict(zip(BESIDE, (_packed(stance.beside.weights), stance.beside.bias), strict=True))
    data = _same_bytes(skops.io.dumps(content, compression=ZIP_DEFLATED, compresslevel=9))
    (folder / ARCHIVE).write_bytes(data)
    described = msgspec.json.format(msgspec.json.encode(scheme), indent=1) + b"\n"
    (folder / SCHEME).write_bytes(described)
    manifest = Manifest(
        format=FORMAT,
        scheme=scheme.reference,
        themes=model.themes,
        stance_themes=stance.themes,
        stances=stance.stances,
        cues=model.cues.expressions,
        stance_cues=stance.cues.expressions,
        calibration=calibration,
        sha256={ARCHIVE: hashlib.sha256(data).hexdigest(), SCHEME: hashlib.sha256(described).hexdigest()},
        versions={"python": platform.python_version().rsplit(".", 1)[0], "scikit-learn": sklearn.__version__, "skops": skops.__version__},
        seed=seed,
        gold=gold,
        unit=model.unit,
        mixed=mixed,
        wordings=stance.polarity.wordings,
    )
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")


def _packed(weights: NDArray[np.float32]) -> NDArray[np.float16]:
    """Return weights of stance to three decimals, in half precision: they take a third of the room, and margins change by less than 0.01."""
    return np.round(weights, 3).astype(np.float16)


def load_classifier(folder: Path) -> tuple[ThemeModel, StanceModel, Manifest, Scheme]:
    """Read a classifier.

    Raises
    ------
    ModelError
        If a file is missing, does not match its checksum, holds a type that is not on the allow-list, or contradicts another.
    """
    manifest = read_manifest(folder)
    scheme = load_scheme(folder)
    _check_manifest(folder, manifest, scheme)
    data = _read_checked(folder / ARCHIVE, manifest.sha256.get(ARCHIVE))
    content = _read_archive(folder / ARCHIVE, data)
    terms, idf = {name: text.split("\n") for name, text in content["terms"].items()}, content["idf"]
    model = ThemeModel(
        manifest.themes,
        restored_vectorizers(terms, idf),
        Cues(manifest.cues),
        content["weights"].astype(np.float32),
        content["bias"],
        manifest.unit,
    )
    words, question = (Vectorizer(analysis, terms[f"stance {name}"], idf[f"stance {name}"]) for name, analysis in STANCE_VIEWS.items())
    stance = StanceModel(
        manifest.stance_themes,
        manifest.stances,
        words,
        question,
        Cues(manifest.stance_cues),
        content["stance_weights"].astype(np.float32),
        content["stance_bias"],
        Polarity(manifest.wordings),
        None if manifest.mixed is None or BESIDE[0] not in content else WithVectors(*(content[name].astype(np.float32) for name in BESIDE)),
    )
    _check_shapes(folder / ARCHIVE, model, stance)
    return model, stance, manifest, scheme


def load_scheme(folder: Path) -> Scheme:
    """Read the scheme that stands with a stored classifier.

    Raises
    ------
    ModelError
        If it is missing, damaged, not the one that was stored, or contradicts itself; a cue that can take for ever does.
    """
    try:
        scheme = msgspec.json.decode(_read_checked(folder / SCHEME, read_manifest(folder).sha256.get(SCHEME)), type=Scheme)
    except msgspec.DecodeError as error:
        raise ModelError(f"{folder / SCHEME}: not a scheme ({error}); {ADVICE}") from None
    if problems := scheme_problems(scheme):
        raise ModelError(f"{folder / SCHEME}: {problems[0].rpartition('; ')[0]}; {ADVICE}")
    return scheme


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a stored classifier.

    Raises
    ------
    ModelError
        If it is missing, damaged, or of a version that cannot be read.
    """
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
        written = msgspec.json.decode(data, type=Versioned).format
        if written != FORMAT:
            older = "written by an earlier version of ffm-nlp" if written < FORMAT else "of a later version"
            raise ModelError(f"{folder}: {older} (format {written}, this version reads {FORMAT}); train the model again with ffm train")
        return msgspec.json.decode(data, type=Manifest)
    except FileNotFoundError as error:
        raise ModelError(f"{error.filename}: missing; {ADVICE}") from None
    except msgspec.DecodeError as error:
        raise ModelError(f"{path}: damaged ({error}); {ADVICE}") from None


def _check_manifest(folder: Path, manifest: Manifest, scheme: Scheme) -> None:
    """Hold what a manifest says against the scheme that stands beside it: a column that bears another theme's name would label wrongly.

    Raises
    ------
    ModelError
        If they contradict each other, or a number of the calibration is none.
    """
    calibrations = [manifest.calibration, *([manifest.mixed.alone] if manifest.mixed else [])]
    lines = [manifest.mixed.mixture.sparse, manifest.mixed.mixture.encoder] if manifest.mixed else []
    of_themes: list[Mapping[str, object]] = [*lines, *(part for item in calibrations for part in (item.slope, item.intercept))]
    numbers = [value for item in calibrations for part in (item.slope, item.intercept, item.threshold) for value in part.values()]
    numbers += [value for line in lines for pair in line.values() for value in pair]
    same = {
        "scheme": manifest.scheme == scheme.reference,
        "themes": manifest.themes == scheme.theme_ids,
        "stance_themes": manifest.stance_themes == scheme.stance_ids,
        "stances": manifest.stances == tuple(scheme.stances),
        "cues": manifest.cues == scheme.cues or manifest.cues == cues_of_definitions(scheme),  # the latter where there was little gold
        "stance_cues": manifest.stance_cues == scheme.stance_cues,
        "wordings": not manifest.wordings or manifest.wordings == scheme.wordings,
    }
    if wrong := [name for name, fits in same.items() if not fits]:
        raise ModelError(f"{folder / MANIFEST}: its {', '.join(wrong)} are not those of the scheme beside it; {ADVICE}")
    sound = all(part.keys() == set(manifest.themes) for part in of_themes) and all(math.isfinite(number) for number in numbers)
    if not sound or any(not item.threshold.keys() <= set(manifest.themes) for item in calibrations):
        raise ModelError(f"{folder / MANIFEST}: its calibration is not one of its themes; {ADVICE}")


def _check_shapes(path: Path, model: ThemeModel, stance: StanceModel) -> None:
    """Hold the arrays of an archive against the manifest.

    Raises
    ------
    ModelError
        If they are not of its themes, stances and cues.
    """
    wanted = {
        "weights": (model.weights, (model.width, len(model.themes))),
        "bias": (model.bias, (len(model.themes),)),
        "stance_weights": (stance.weights, (stance.width, len(stance.stances))),
        "stance_bias": (stance.bias, (len(stance.stances),)),
    }
    if stance.beside is not None:  # how many dimensions a vector has the encoder knows
        rows = max(len(stance.beside.weights), stance.width)
        wanted |= dict(
            zip(BESIDE, ((stance.beside.weights, (rows, len(stance.stances))), (stance.beside.bias, (len(stance.stances),))), strict=True)
        )
    for name, (array, shape) in wanted.items():
        if array.shape != shape or not np.issubdtype(array.dtype, np.floating) or not np.isfinite(array).all():
            raise ModelError(f"{path}: its {name} are not of the themes, stances and cues that {MANIFEST} names; {ADVICE}")


def _read_checked(path: Path, digest: str | None) -> bytes:
    """Return a file's bytes, which have the digest."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ModelError(f"{path}: missing; {ADVICE}") from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise ModelError(f"{path}: does not match its checksum; {ADVICE}")
    return data


def _read_archive(path: Path, data: bytes) -> dict[str, Any]:
    """Return what an archive holds, once every type in it is known to be allowed: until then nothing of it is built."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            schema = json.loads(archive.read("schema.json"))
            foreign = next(_foreign_types(schema), None)
            if foreign is not None:
                raise ModelError(f"{path}: holds {foreign}, which is not allowed in a model; train it again with ffm train")
            content = _built(schema, archive)
    except (BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(f"{path}: damaged ({error}); {ADVICE}") from None
    if not _is_classifier(content):
        raise ModelError(f"{path}: is not a classifier of this project; {ADVICE}")
    return content


def _built(node: Any, archive: ZipFile) -> Any:
    """Return what a node of an archive's schema stands for, of those nodes that are allowed: skops builds the same, and imports scikit-learn to."""
    kind, content = node["__loader__"], node.get("content")
    if kind == "DictNode":
        return {name: _built(item, archive) for name, item in content.items()}
    if kind == "ListNode":
        return [_built(item, archive) for item in content]
    if kind == "NdArrayNode" and node["type"] == "numpy":
        return np.load(io.BytesIO(archive.read(node["file"])), allow_pickle=False)
    if kind == "JsonNode":
        return json.loads(content)
    raise ValueError(f"a node {kind}")


def _is_classifier(content: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether an archive holds the arrays of a classifier, and the terms and weights of all its views."""
    if not isinstance(content, dict) or not all(isinstance(content.get(name), np.ndarray) for name in ARRAYS):
        return False
    if not all(isinstance(content.get(name), np.ndarray) for name in BESIDE if BESIDE[0] in content):
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
