"""The classifier of passages: features, estimator, thresholds, calibration, stance, and its spaCy component."""
