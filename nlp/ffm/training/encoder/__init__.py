"""Tuning the encoder (extra ``encoder-train``); nothing of it is needed to tag, to evaluate or to train without the encoder."""
