"""A tuned network as files that onnxruntime reads: layers quantised to eight bits, embeddings to eight bits a row."""

from __future__ import annotations

import hashlib
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import transformers
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import save
from torch import Tensor, nn

from ffm.themes.encoder.inputs import WINDOW_TOKENS
from ffm.themes.encoder.model import LAYERS, TENSORS, TOKENIZER, EncoderManifest, write_encoder
from ffm.training.encoder.network import BASE, FROZEN, LICENCE, WEIGHTS, WIDTH, Network, load_base, through
from ffm.training.encoder.tune import RECIPE

OPSET = 17
EXAMPLE_TOKENS = 12  # of the input by which the graph is traced; its length is free


class _Layers(nn.Module):
    """All layers, frozen and tuned, as one graph: embeddings of one window in, hidden states out."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.layers = nn.ModuleList([*load_base().encoder.layer[:FROZEN], *network.layers])

    def forward(self, embeddings: Tensor) -> Tensor:
        for layer in self.layers:
            embeddings = through(layer, embeddings, None)
        return embeddings


def export_encoder(network: Network, folder: Path, themes: Sequence[str], gold: str) -> None:
    """Write a network as an encoder's folder.

    Parameters
    ----------
    gold
        Digest of the examples that it was tuned on.
    """
    files = {TOKENIZER: (WEIGHTS / "tokenizer.json").read_bytes(), TENSORS: save(_tensors(network))}
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole, small = Path(name) / "whole.onnx", Path(name) / LAYERS
        torch.onnx.export(
            _Layers(network).float().eval(),
            (torch.zeros(1, EXAMPLE_TOKENS, WIDTH),),
            str(whole),
            input_names=["embeddings"],
            output_names=["hidden"],
            dynamic_axes={"embeddings": {1: "tokens"}, "hidden": {1: "tokens"}},
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(whole, small, op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8)
        files[LAYERS] = small.read_bytes()
    manifest = EncoderManifest(
        base=BASE,
        licence=LICENCE,
        themes=tuple(themes),
        gold=gold,
        recipe=RECIPE,
        sha256={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        versions={"torch": str(torch.__version__), "transformers": transformers.__version__},
    )
    write_encoder(manifest, files, folder)


def _tensors(network: Network) -> dict[str, np.ndarray]:
    embeddings = load_base().embeddings
    words = embeddings.word_embeddings.weight.detach().numpy()
    scales = np.maximum(np.abs(words).max(axis=1), 1e-8) / 127
    norm = embeddings.LayerNorm
    return {
        "words": np.round(words / scales[:, None]).astype(np.int8),
        "scales": scales.astype(np.float32),
        "positions": embeddings.position_embeddings.weight.detach().numpy()[:WINDOW_TOKENS].copy(),
        "types": embeddings.token_type_embeddings.weight.detach().numpy().copy(),
        "norm": np.stack([norm.weight.detach().numpy(), norm.bias.detach().numpy()]),
        "head": np.ascontiguousarray(network.head.weight.detach().numpy().T),
        "bias": network.head.bias.detach().numpy().copy(),
    }
