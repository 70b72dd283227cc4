"""One fit of the encoder: passages in, a tuned network out."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from math import ceil

import numpy as np
import torch
from msgspec import Struct
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from ffm.evaluation.examples import Example
from ffm.themes.classifier import UNSEEN
from ffm.themes.encoder.inputs import Window, windows
from ffm.training.encoder.network import FROZEN, Network, frozen_states, padded

SEED = 0
EPOCHS = 4
BATCH = 16  # windows
POOL = 16  # batches among which windows of like length are sorted together
RATE, HEAD_RATE = 2e-4, 2e-3
BETAS, DECAY, WARM_UP, CLIP = (0.9, 0.98), 0.01, 0.1, 1.0
WRITTEN_WEIGHT = 0.5  # of a written passage against one of the gold
PASSAGE_SHARE = 0.5  # of the loss of a window's best sentence beside that of its sentences
RECIPE: dict[str, str | float] = {
    "frozen layers": FROZEN,
    "epochs": EPOCHS,
    "batch": BATCH,
    "learning rate": RATE,
    "learning rate of the head": HEAD_RATE,
    "weight decay": DECAY,
    "warm-up": WARM_UP,
    "share of the passage's loss": PASSAGE_SHARE,
    "weight of written examples": WRITTEN_WEIGHT,
    "before the sentences": "question, else heading",
    "seed": SEED,
    "precision": "bfloat16 autocast",
}

Matrix = NDArray[np.float64]


class Material(Struct):
    """Passages as the network reads them.

    Attributes
    ----------
    read, states, targets, weights, owners
        For each window: its tokens, what the frozen layers make of them, the themes of its sentences (sentences by themes), what it
        counts, and the number of its passage.
    passages
        How many passages there are.
    """

    read: list[Window]
    states: list[Tensor]
    targets: list[NDArray[np.float32]]
    weights: list[float]
    owners: list[int]
    passages: int


def make_material(tokenizer: Tokenizer, examples: Sequence[Example], written: Sequence[Example], themes: Sequence[str]) -> Material:
    """Return examples, then written ones, as the network reads them."""
    read: list[Window] = []
    targets: list[NDArray[np.float32]] = []
    weights: list[float] = []
    owners: list[int] = []
    for number, example in enumerate([*examples, *written]):
        carried = np.array([[theme in found for theme in themes] for found in example.sentence_themes], dtype=np.float32)
        subject = example.sentences[0].subject if example.sentences else ""
        at = 0
        for window in windows(tokenizer, subject, [sentence.text for sentence in example.sentences]):
            read.append(window)
            targets.append(carried[at : at + len(window.spans)])
            at += len(window.spans)
            weights.append(1.0 if number < len(examples) else WRITTEN_WEIGHT)
            owners.append(number)
    return Material(read, frozen_states(read), targets, weights, owners, len(examples) + len(written))


def tune(material: Material, inside: Sequence[int], progress: Callable[[], None] = lambda: None) -> Network:
    """Tune a network on some passages of the material.

    Parameters
    ----------
    inside
        The numbers of the passages to learn from.
    progress
        Called after each epoch.

    Notes
    -----
    The loss is the cross-entropy of the sentences and half that of each window's best sentence. bfloat16 is not bit-equal across
    processors: the weights are committed, not made again.
    """
    torch.manual_seed(SEED)
    shuffle = random.Random(SEED)
    chosen = set(inside)
    mine = [number for number, owner in enumerate(material.owners) if owner in chosen]
    network = Network(np.concatenate([material.targets[number] for number in mine]).mean(axis=0))
    network.train()
    groups = [{"params": list(network.layers.parameters()), "lr": RATE}, {"params": list(network.head.parameters()), "lr": HEAD_RATE}]
    optimizer = torch.optim.AdamW(groups, betas=BETAS, weight_decay=DECAY)
    steps = EPOCHS * ceil(len(mine) / BATCH)
    warm = max(1, int(WARM_UP * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm))))
    for _ in range(EPOCHS):
        for batch in _batches(material, mine, shuffle):
            loss = _loss(network, material, batch)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP)
            optimizer.step()
            schedule.step()
        progress()
    network.eval()
    return network


def _batches(material: Material, mine: Sequence[int], shuffle: random.Random) -> list[list[int]]:
    order = list(mine)
    shuffle.shuffle(order)
    batches = []
    for at in range(0, len(order), BATCH * POOL):
        pool = sorted(order[at : at + BATCH * POOL], key=lambda number: len(material.read[number].ids))
        batches += [pool[start : start + BATCH] for start in range(0, len(pool), BATCH)]
    shuffle.shuffle(batches)
    return batches


def _loss(network: Network, material: Material, batch: Sequence[int]) -> Tensor:
    read = [material.read[number] for number in batch]
    hidden, mask = padded([material.states[number] for number in batch])
    with torch.autocast("cpu", torch.bfloat16):
        odds = network(hidden, mask, read)
    target = torch.tensor(np.concatenate([material.targets[number] for number in batch]))
    weight = torch.tensor([material.weights[number] for number in batch])
    counts = [len(window.spans) for window in read]
    own = torch.repeat_interleave(weight, torch.tensor(counts))
    sentences = (cross_entropy(odds, target, reduction="none").mean(1) * own).sum() / own.sum()
    best = torch.stack([part.max(0).values for part in odds.split(counts)])
    carried = torch.stack([part.max(0).values for part in target.split(counts)])
    passages = (cross_entropy(best, carried, reduction="none").mean(1) * weight).sum() / weight.sum()
    return sentences + PASSAGE_SHARE * passages


def network_margins(network: Network, material: Material, passages: Sequence[int]) -> Matrix:
    """Return the margins of passages, those of their best sentences, passages by themes."""
    row = {passage: number for number, passage in enumerate(passages)}
    mine = sorted(
        (number for number, owner in enumerate(material.owners) if owner in row), key=lambda number: len(material.read[number].ids)
    )
    found = np.full((len(passages), network.head.out_features), UNSEEN)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(mine), BATCH):
            batch = mine[at : at + BATCH]
            read = [material.read[number] for number in batch]
            odds = network(*padded([material.states[number] for number in batch]), read)
            for number, part in zip(batch, odds.split([len(window.spans) for window in read]), strict=True):
                place = row[material.owners[number]]
                found[place] = np.maximum(found[place], part.max(0).values.double().numpy())
    return found
