"""The encoder: a small transformer, tuned on the gold, that scores sentences beside the sparse classifier."""

from ffm.themes.encoder.model import Encoder, load_encoder

__all__ = ["Encoder", "load_encoder"]
