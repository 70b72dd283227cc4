"""The classifier on disk: a skops archive read with an allow-list, and a manifest that says what it is and checks it."""

from __future__ import annotations

import hashlib
import io
import platform
import re
import zipfile
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED

import msgspec
import numpy as np
import skops.io
from msgspec import Struct

from ffm.errors import ModelError
from ffm.themes.classifier import Calibration, ThemeModel
from ffm.themes.stance import StanceModel

FORMAT = 1
MANIFEST = "manifest.json"
ARCHIVE = "classifier.skops"
# The only types beyond numbers, strings and containers that an archive may hold.
ALLOWED = (
    "sklearn.feature_extraction.text.TfidfTransformer",
    "sklearn.feature_extraction.text.TfidfVectorizer",
    "numpy.ndarray",
    "numpy.dtype",
    "numpy.float32",
    "numpy.float64",
    "numpy.int64",
    "scipy.sparse._dia.dia_matrix",
    "scipy.sparse._csr.csr_matrix",
)


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a stored classifier is.

    Attributes
    ----------
    scheme
        Version of the scheme that it was trained on.
    themes
        The themes, in order.
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
    content = {
        "weights": model.weights.astype(np.float16),
        "bias": model.bias,
        "vectorizers": dict(model.vectorizers),
        "stance_weights": stance.weights,
        "stance_bias": stance.bias,
        "stance_words": stance.words,
        "stance_question": stance.question,
    }
    data = _same_bytes(skops.io.dumps(content, compression=ZIP_DEFLATED, compresslevel=9))
    (folder / ARCHIVE).write_bytes(data)
    manifest = Manifest(
        format=FORMAT,
        scheme=scheme,
        themes=model.themes,
        stance_themes=stance.themes,
        stances=stance.stances,
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
    unknown = [name for name in skops.io.get_untrusted_types(data=data) if name not in ALLOWED]
    if unknown:
        raise ModelError(f"{folder / ARCHIVE}: holds {unknown[0]}, which is not allowed in a model; train it again with ffm train")
    content: dict[str, Any] = skops.io.loads(data, trusted=list(ALLOWED))
    model = ThemeModel(manifest.themes, content["vectorizers"], content["weights"].astype(np.float32), content["bias"])
    stance = StanceModel(
        manifest.stance_themes,
        manifest.stances,
        content["stance_words"],
        content["stance_question"],
        content["stance_weights"],
        content["stance_bias"],
    )
    return model, stance, manifest


def _same_bytes(data: bytes) -> bytes:
    """Return an archive with its entries sorted, its times fixed and its objects numbered.

    skops names arrays and objects by their addresses in memory; numbering them in the order of the schema makes
    the bytes those of the content alone.
    """
    numbers: dict[str, str] = {}

    def numbered(match: re.Match[str]) -> str:
        return match.group(1) + numbers.setdefault(match.group(2), str(len(numbers) + 1))

    source = zipfile.ZipFile(io.BytesIO(data))
    schema = re.sub(r'("__id__":\s*|"file":\s*")(\d+)', numbered, source.read("schema.json").decode())
    target = io.BytesIO()
    entries = {name: source.read(name) for name in source.namelist() if name != "schema.json"}
    entries = {re.sub(r"^\d+", lambda match: numbers.get(match.group(), match.group()), name): body for name, body in entries.items()}
    entries["schema.json"] = schema.encode()
    with zipfile.ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as out:
        for name in sorted(entries):
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            out.writestr(info, entries[name])
    return target.getvalue()
