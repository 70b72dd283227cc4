"""The comparison of reports: how much of each speaks of what, over time, with the quotes behind every figure."""

from ffm.comparison.comparing import Comparison, compare

__all__ = ["Comparison", "compare"]
