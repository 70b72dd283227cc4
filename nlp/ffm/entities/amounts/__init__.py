"""Amounts: a grammar of numbers, scales, currencies and ranges, and what a number counts.

``read.py`` goes the way from text to amounts; ``grammar.py`` is the grammar, ``numerals.py`` its numbers, ``currencies.py`` its currencies, ``nouns.py``
what is counted, ``checks.py`` what counts nothing, ``lists.py`` counts in lists, ``attributes.py`` what an amount carries. Words and names of currencies
stand in ``words.toml`` and ``currencies.toml``.
"""

from ffm.entities.amounts.component import LABEL, AmountFinder
from ffm.entities.amounts.currencies import Where, country_of
from ffm.entities.amounts.read import Amount, value_in

__all__ = ["LABEL", "Amount", "AmountFinder", "Where", "country_of", "value_in"]
