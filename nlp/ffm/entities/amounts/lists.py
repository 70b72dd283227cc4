"""Counts that the form of a list tells: "France (4), Norway (81)", "Edo – 6, Delta – 1"."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ffm.entities.amounts.grammar import Quantity
from ffm.entities.amounts.numerals import DASHES, Lexemes, is_year
from ffm.entities.amounts.vocabulary import vocabulary

BETWEEN = {",", ";", "and", "&", "or"}
LONGEST = 8  # the words of an item


def listed_counts(lex: Lexemes, found: Sequence[Quantity], persons: Collection[str] = ()) -> set[int]:
    """Return where the counts of lists begin: two or more items of one form, each a label and its number.

    Parameters
    ----------
    persons
        Names of persons: a number beside one is an age.
    """
    runs: list[list[Quantity]] = []
    form = None
    for quantity in found:
        last, form = form, _form(lex, quantity)
        if form and form == last and _goes_on(lex, runs[-1][-1], quantity):
            runs[-1].append(quantity)
        elif form:
            runs.append([quantity])
    return {
        item.start
        for run in runs
        if len(run) > 1 and not all(is_year(lex, item.first) for item in run) and not any(_person(lex, item, persons) for item in run)
        for item in run
    }


def _form(lex: Lexemes, item: Quantity) -> str | None:
    """Return how a number stands beside its label: "(" in brackets, "–" after a dash or colon, or None."""
    sign, label, labels = lex.at(item.start - 1), lex.at(item.start - 2), vocabulary().words.labels
    if item.unit or not label[-1:].isalpha() or label in labels or label.removesuffix("s") in labels:
        return None
    if sign == "(":
        return sign if lex.at(item.stop) == ")" else None
    return "–" if sign == ":" or (sign in DASHES and not (lex.joined(item.start - 1) and lex.joined(item.start))) else None


def _goes_on(lex: Lexemes, last: Quantity, item: Quantity) -> bool:
    """Tell whether an item follows the last one: a comma or "and", then the words of its label."""
    start = last.stop + (lex.at(last.stop) == ")")
    between = lex.lower[start : item.start - 1]
    if not between or between[0] not in BETWEEN or len(between) > LONGEST:
        return False
    words = [word for word in between if word not in BETWEEN]
    return bool(words) and all(word[0].isalpha() or word in "-–’'" for word in words)


def _person(lex: Lexemes, item: Quantity, persons: Collection[str]) -> bool:
    end = lex.ends[item.start - 2]
    return any(lex.text.startswith(person, max(0, end - len(person))) for person in persons)
