"""Gold data and the exchange with annotators."""
