"""The encoder at run time: ONNX layers, embeddings looked up in numpy, one window at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors
from tokenizers import Tokenizer

from ffm.errors import ModelError
from ffm.themes.encoder.inputs import Window, windows

if TYPE_CHECKING:
    import onnxruntime

FOLDER = "encoder"
MANIFEST = "encoder.json"
LAYERS, TENSORS, TOKENIZER = "layers.onnx", "tensors.safetensors", "tokenizer.json"
PART, PART_BYTES = ".part-", 1_000_000  # files are kept in parts: a repository holds no large ones
TENSOR_NAMES = ("words", "scales", "positions", "types", "norm", "head", "bias")
ADVICE = "restore the model folder or train it again with ffm train --encoder"
EPSILON = 1e-12  # of the embeddings' layer normalisation, as BERT has it

Matrix = NDArray[np.float64]


class EncoderManifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a stored encoder is.

    Attributes
    ----------
    base, licence
        The pretrained model that was tuned, and its licence.
    themes
        The themes that its head scores, in order.
    gold
        Digest of the examples that it was tuned on.
    recipe
        How it was tuned.
    sha256
        Digests of its files, by name.
    versions
        Libraries that tuned it.
    """

    base: str
    licence: str
    themes: tuple[str, ...]
    gold: str
    recipe: dict[str, str | float]
    sha256: dict[str, str]
    versions: dict[str, str]


class Layers:
    """The transformer's layers, embeddings in, one vector a token out; made ready when they are first run.

    Parameters
    ----------
    data
        The bytes of an ONNX file.
    place
        What messages call it.
    """

    def __init__(self, data: bytes, place: Path) -> None:
        self._data, self._place = data, place

    def run(self, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the vectors of one window, tokens by width, from its embeddings.

        Raises
        ------
        ModelError
            If the file is not one that can be run.
        """
        return np.asarray(self._session.run(None, {"embeddings": embeddings[None]})[0][0])

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()  # under which the result is the same however many processes there are
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.use_deterministic_compute = True
        try:
            return onnxruntime.InferenceSession(self._data, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library raises kinds of its own for damaged bytes
            raise ModelError(f"{self._place}: the encoder is damaged ({_first_line(error)}); {ADVICE}") from None


class Encoder:
    """A tuned encoder with its head.

    Parameters
    ----------
    manifest
        What it is.
    tokenizer
        That of the pretrained model.
    layers
        The transformer's layers.
    tensors
        Word embeddings (8 bits, a scale a row), positions, token types, layer normalisation, and the head.
    files
        What it was read from, by name: it is written as it was read.

    Notes
    -----
    Windows go one by one: the quantisation of activations depends on all of a batch, so that a passage's score would depend on its neighbours.
    """

    def __init__(
        self,
        manifest: EncoderManifest,
        tokenizer: Tokenizer,
        layers: Layers,
        tensors: dict[str, NDArray[Any]],
        files: dict[str, bytes],
    ) -> None:
        self.manifest = manifest
        self._tokenizer = tokenizer
        self._layers = layers
        self._tensors = tensors
        self._files = files

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes, in the order of the columns of :meth:`margins`."""
        return self.manifest.themes

    @property
    def width(self) -> int:
        """How many dimensions a vector of :meth:`vectors` has."""
        return int(self._tensors["head"].shape[0])

    def margins(self, subject: str, sentences: Sequence[str]) -> Matrix:
        """Return the log odds of each theme for each sentence of a passage, sentences by themes."""
        return self.scored(self.vectors(subject, sentences))

    def scored(self, vectors: NDArray[np.float32]) -> Matrix:
        """Return the log odds of each theme by the head, for vectors of :meth:`vectors`, or means of them."""
        return np.asarray(vectors @ self._tensors["head"] + self._tensors["bias"], dtype=np.float64)

    def with_head(self, themes: Sequence[str], weights: NDArray[np.float32], bias: NDArray[np.float32]) -> Encoder:
        """Return an encoder of the same layers with a head for other themes; ``weights`` is twice the width of a token by themes."""
        tensors = {**self._tensors, "head": np.ascontiguousarray(weights, dtype=np.float32), "bias": bias.astype(np.float32)}
        files = {**self._files, TENSORS: save_tensors(tensors)}
        manifest = replace(
            self.manifest,
            themes=tuple(themes),
            recipe={"head": "logistic regressions on frozen vectors"},
            sha256={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        )
        return Encoder(manifest, self._tokenizer, self._layers, tensors, files)

    def save(self, folder: Path) -> None:
        """Write it into a folder, the bytes that it was read from."""
        write_encoder(self.manifest, self._files, folder)

    def vectors(self, subject: str, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector for each sentence of a passage: the mean of its tokens, joined with that of its window's ``[CLS]``."""
        rows = [row for window in windows(self._tokenizer, subject, sentences) for row in self._read(window)]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self.width)

    def _read(self, window: Window) -> list[NDArray[np.float32]]:
        hidden = self._layers.run(self._embedded(window))
        return [np.concatenate([hidden[start:end].mean(axis=0), hidden[0]]) for start, end in window.spans]

    def _embedded(self, window: Window) -> NDArray[np.float32]:
        tensors = self._tensors
        ids = np.asarray(window.ids)
        rows = tensors["words"][ids].astype(np.float32) * tensors["scales"][ids, None]
        rows = rows + tensors["positions"][: len(ids)] + tensors["types"][np.asarray(window.types)]
        centred = rows - rows.mean(axis=1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + EPSILON)
        return np.asarray(scaled * tensors["norm"][0] + tensors["norm"][1], dtype=np.float32)


def load_encoder(folder: Path) -> Encoder:
    """Read an encoder.

    Raises
    ------
    ModelError
        If a file is missing, does not match its checksum, or is no part of an encoder.
    """
    manifest = read_manifest(folder)
    data: dict[str, bytes] = {}
    for name in (LAYERS, TENSORS, TOKENIZER):
        parts = sorted(folder.glob(f"{name}{PART}*"))
        if not parts:
            raise ModelError(f"{folder / name}: missing; {ADVICE}")
        data[name] = b"".join(part.read_bytes() for part in parts)
        if hashlib.sha256(data[name]).hexdigest() != manifest.sha256.get(name):
            raise ModelError(f"{folder / name}: does not match its checksum; {ADVICE}")
    try:
        tensors = load_tensors(data[TENSORS])
        tokenizer = Tokenizer.from_buffer(data[TOKENIZER])
    except Exception as error:  # the libraries raise kinds of their own for damaged bytes
        raise ModelError(f"{folder}: the encoder is damaged ({_first_line(error)}); {ADVICE}") from None
    if set(tensors) != set(TENSOR_NAMES) or tensors["head"].shape[1] != len(manifest.themes):
        raise ModelError(f"{folder / TENSORS}: is not that of an encoder of this project; {ADVICE}")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Encoder(manifest, tokenizer, Layers(data[LAYERS], folder / LAYERS), tensors, data)


def read_manifest(folder: Path) -> EncoderManifest:
    """Read what a stored encoder is.

    Raises
    ------
    ModelError
        If its manifest is missing or damaged.
    """
    path = folder / MANIFEST
    try:
        return msgspec.json.decode(path.read_bytes(), type=EncoderManifest)
    except OSError:
        raise ModelError(f"{path}: missing; {ADVICE}") from None
    except msgspec.DecodeError as error:
        raise ModelError(f"{path}: damaged ({error}); {ADVICE}") from None


def write_encoder(manifest: EncoderManifest, files: Mapping[str, bytes], folder: Path) -> None:
    """Write an encoder's files, each in numbered parts of at most :data:`PART_BYTES`, and what it is beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        for part in folder.glob(f"{name}{PART}*"):
            part.unlink()
        for number, start in enumerate(range(0, len(data), PART_BYTES)):
            (folder / f"{name}{PART}{number:02}").write_bytes(data[start : start + PART_BYTES])
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
