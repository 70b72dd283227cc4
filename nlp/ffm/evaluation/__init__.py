"""Honest figures: examples from gold data, splits that do not leak, metrics, cross-validation."""
