"""From gold data to a model folder with its card."""
