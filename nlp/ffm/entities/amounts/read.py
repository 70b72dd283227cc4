"""From a text to its amounts: quantities by the grammar, then what the bare numbers count, then what each amount carries."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from msgspec import Struct, field
from msgspec.structs import replace

from ffm.entities.amounts.attributes import period_of, periods_in, qualifier_of, rate_of
from ffm.entities.amounts.checks import Bare, by_sex, closed_ranges, counts_nothing, counts_something
from ffm.entities.amounts.currencies import Where
from ffm.entities.amounts.grammar import PERCENT, Quantity, quantities
from ffm.entities.amounts.lists import listed_counts
from ffm.entities.amounts.nouns import head_after
from ffm.entities.amounts.numerals import Lexemes, lexemes
from ffm.entities.amounts.vocabulary import vocabulary
from ffm.records import AmountKind, Period, Range, Value, value_of
from ffm.segment.sentences import sentence_ranges


class Amount(Value, frozen=True):
    """A found amount: its characters and its value."""

    start: int
    end: int  # range in the text
    number_end: int = 0  # where the number of a count ends; 0 of other kinds


class Draft(Struct):
    """A text whose bare numbers wait for the tags of their sentences."""

    lex: Lexemes
    edges: list[int]
    marked: list[Quantity] = field(default_factory=list)  # the money and percentages, and the counts of lists, as quantities
    bare: list[Bare] = field(default_factory=list)  # the numbers that may count something, each with the lexemes of its sentence
    tags: list[str] = field(default_factory=list)  # a tag for each lexeme; filled sentence by sentence
    today: str | None = None  # ISO 8601 date of the text
    periods: dict[int, list[tuple[Range, Period]]] = field(default_factory=dict)  # the times that a sentence names, by its first lexeme

    def sentence(self, start: int, stop: int) -> Range:
        """Return the range of the lexemes of the sentence, or of the line in it, in which a range of lexemes stands."""
        left = self.edges[bisect_right(self.edges, self.lex.starts[start]) - 1]
        right = self.edges[bisect_left(self.edges, self.lex.ends[stop - 1])]
        return bisect_left(self.lex.starts, left), bisect_left(self.lex.starts, right)


@cache
def _begins() -> re.Pattern[str]:
    words = "|".join([*vocabulary().numbers, "million", "dozen", "hundred", "thousand", "billion"])
    return re.compile(rf"\d|\b(?:{words})", re.IGNORECASE)


def draft(
    text: str, where: Where, sentences: Iterable[Range] | None = None, persons: Collection[str] = (), today: str | None = None
) -> Draft | None:
    """Read a text up to where tags are needed; None where it holds no number.

    Parameters
    ----------
    where
        What tells the country whose currency is meant.
    sentences
        The sentences as ranges of characters, where they are known.
    persons
        Names of persons in it.
    today
        ISO 8601 date of the text.
    """
    if not _begins().search(text):
        return None
    lex = lexemes(text)
    edges = {0, len(text), *(edge for range_ in sentences or sentence_ranges(text) for edge in range_)}
    edges.update(match.start() for match in re.finditer("\n", text))
    found = Draft(lex, sorted(edges), tags=[""] * len(lex), today=today)
    every = list(quantities(lex, where))
    listed = listed_counts(lex, every, persons)
    closed = sorted(closed_ranges(text))
    for quantity in every:
        if quantity.unit:
            found.marked.append(quantity)
            continue
        bare = Bare(lex, found.tags, *found.sentence(quantity.start, quantity.stop), quantity)
        place = bisect_right(closed, (lex.ends[quantity.stop - 1], 0))
        if (place and closed[place - 1][1] > lex.starts[quantity.start]) or counts_nothing(bare):
            continue
        if quantity.start in listed or by_sex(bare):
            found.marked.append(replace(quantity, stop=quantity.stop + by_sex(bare)))
        else:
            found.bare.append(bare)
    return found


def untagged(found: Draft) -> Iterator[Range]:
    """Yield the sentences of a draft that need tags, as ranges of lexemes."""
    yield from sorted({(bare.left, bare.right) for bare in found.bare})


def finished(found: Draft) -> list[Amount]:
    """Return the amounts of a draft whose sentences are tagged, in order and apart."""
    lex = found.lex
    amounts = [(quantity, _marked(lex, quantity)) for quantity in found.marked]
    for bare in found.bare:
        stop = bare.quantity.stop
        odd = lex.at(stop + 1) == "odd"
        bare = replace(bare, head=head_after(lex, found.tags, stop + 2 * odd, bare.right, bare.low))
        if counts_something(bare):
            amounts.append((bare.quantity, _count(lex, bare, odd)))
    amounts.sort(key=lambda pair: pair[0].start)
    edges = [0, *(edge for _, amount in amounts for edge in (amount.start, amount.end)), len(lex.text)]
    return [_carrying(found, *pair, (edges[2 * number], edges[2 * number + 3])) for number, pair in enumerate(amounts)]


def value_in(text: str, start: int, end: int, where: Where, today: str | None = None) -> Value | None:
    """Return the value of a marked range of a text, or None where its words give none.

    The text around it tells a currency that stands beside it, and the country of one that several share.

    Parameters
    ----------
    where, today
        As for ``draft``.
    """
    found = draft(text, where, today=today)
    if found is None:
        return None
    lex = found.lex
    every = [item for item in quantities(lex, where) if lex.starts[item.start] < end and start < lex.ends[item.stop - 1]]
    inside = list(quantities(lexemes(text[start:end]), where))
    units = [item for item in every if item.unit]
    chosen = units or every
    if not inside or not chosen or len(units) > 1:
        return None
    quantity = chosen[0]
    if (quantity.low, quantity.high) != (inside[0].low, inside[0].high):  # a part of a range was marked
        quantity = replace(quantity, low=inside[0].low, high=inside[0].high)
    amount = _marked(lex, quantity)
    noun = " ".join(text[amount.number_end : end].split()) if amount.kind == "count" else ""
    amount = _carrying(found, quantity, replace(amount, end=max(end, amount.end), noun=noun or amount.noun), (0, len(text)))
    return Value(**value_of(amount))


def _marked(lex: Lexemes, quantity: Quantity) -> Amount:
    start, end, unit = lex.starts[quantity.start], lex.ends[quantity.stop - 1], quantity.unit
    kind: AmountKind = "count" if unit is None else "percent" if unit == PERCENT else "money"
    currency = unit if kind == "money" else None
    number_end = end if kind == "count" else 0
    return Amount(start, end, number_end, kind=kind, low=quantity.low, high=quantity.high, currency=currency, noun=quantity.noun)


def _count(lex: Lexemes, bare: Bare, odd: bool) -> Amount:
    amount = _marked(lex, bare.quantity)
    if bare.head is None:
        return amount
    noun = lex.surface(bare.quantity.stop + 2 * odd, bare.head)
    return replace(amount, end=amount.end if odd else lex.ends[bare.head - 1], noun=noun)


def _carrying(found: Draft, quantity: Quantity, amount: Amount, free: Range) -> Amount:
    """Return an amount with its qualifier, rate and period; the amounts before and after it leave so much of the text free."""
    lex = found.lex
    left, right = found.sentence(quantity.start, quantity.stop)
    if left not in found.periods:
        found.periods[left] = periods_in(lex.text, lex.starts[left], lex.ends[right - 1], found.today)
    times = found.periods[left]
    return replace(
        amount,
        qualifier=qualifier_of(lex, quantity.start, quantity.stop),
        rate=rate_of(lex, quantity.start, bisect_left(lex.starts, amount.end), left, right),
        period=period_of(lex.text, times, (amount.start, amount.end), free, lex.starts[left]) if times else None,
    )
