"""What to label next: strategies that choose among the passages that the gold does not cover."""

from ffm.suggest.change import Periods, make_periods
from ffm.suggest.pool import GoldCover, Labelled, Pool, is_covered, make_pool, open_passages, read_cover
from ffm.suggest.strategies import DEFAULT, READ_LABELLED, STRATEGIES, Choice, Strategy

__all__ = [
    "DEFAULT",
    "READ_LABELLED",
    "STRATEGIES",
    "Choice",
    "GoldCover",
    "Labelled",
    "Periods",
    "Pool",
    "Strategy",
    "is_covered",
    "make_periods",
    "make_pool",
    "open_passages",
    "read_cover",
]
