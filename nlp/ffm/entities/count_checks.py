"""The numbers that count nothing: dates, ages, durations, labels, shares, references, and "one" as a pronoun."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from msgspec import Struct

from ffm.entities.lexicon import lexicon
from ffm.entities.numbers import NUMBER, SCALES, TENS, UNITS
from ffm.entities.tokens import Tokens

PLURALS = ("NNS", "NNPS")
AGE_WORDS = {"age", "ages", "aged", "younger", "older", "minor", "minors", "birthday", "adult", "adulthood"}
AGE_AND = re.compile(r"\b[Aa]ge[sd]?\b(?:\s(?:of|from|between|range|ranges|group|groups|ranging))*\s\w+(?:\s(?:and|to|or)|\s?[-–,])\s*$")
AGE_LIMITS = {5, 12, 13, 14, 15, 16, 17, 18, 21}  # "under 18" is an age, "over 20 women" is none
PEOPLE = {"man", "woman", "girl", "boy", "child", "person", "adult", "men", "women", "girls", "boys", "children", "people", "minors"}
LINE = re.compile(
    r"\b(?:help|hot)?line(?:\snumber)?s?(?:\son)?\s(?:\(\s?)?$|\b(?:call|calling|dial|dialling|ring|ringing)\s$", re.IGNORECASE
)
DURATION_BEFORE = re.compile(r"\d+\s(?:years|months|weeks|days|hours)\b[^\d.;]*$", re.IGNORECASE)
FRACTIONS = {"third", "thirds", "quarter", "quarters", "fifth", "fifths", "half", "halves", "tenths"}
WHOLES = {"10", "ten", "100", "hundred"}


class Number(Struct, frozen=True):
    """A number in a sentence, with what stands around it.

    Attributes
    ----------
    tokens
        The sentence.
    lower
        Its tokens in lower case.
    tags
        A Penn Treebank tag for each.
    start, stop
        The tokens of the number.
    head
        Index after the head noun of the phrase that the number counts, or None.
    offset
        Where the number ends in the sentence's text.
    low
        Its value, of a range the lower bound.
    written
        Its digits or words, of a range the lower bound's.
    """

    tokens: Tokens
    lower: list[str]
    tags: Sequence[str]
    start: int
    stop: int
    head: int | None
    offset: int
    low: float | int
    written: str

    def at(self, index: int) -> str:
        """Return a token in lower case, counted from the number: -1 is the one before it, 0 the one after it."""
        position = self.start + index if index < 0 else self.stop + index
        return self.lower[position] if 0 <= position < len(self.lower) else ""

    @property
    def before(self) -> str:
        """Return the token before the number."""
        return self.at(-1)

    @property
    def after(self) -> str:
        """Return the token after the number."""
        return self.at(0)

    @property
    def phrase(self) -> list[str]:
        """Return what is counted, in lower case."""
        return self.lower[self.stop : self.head] if self.head is not None else []


@cache
def _measured() -> re.Pattern[str]:
    """Return the pattern of what makes a number a duration, distance or date: its unit, after other numbers or a half."""
    words = lexicon()
    units = "|".join(sorted(words.units_of_measure, key=len, reverse=True))
    months = "|".join(sorted((month.title() for month in words.months if len(month) > 3), key=len, reverse=True))
    more = rf"(?:\s*(?:,|/|-|–|\band\b|\bor\b|\bto\b)\s*(?:{NUMBER})){{0,12}}+"
    return re.compile(
        rf"\s*(?:\(\w+\)\s*)?{more}\s*(?:-\s*|(?:or\s)?(?:more|less|full|working|calendar|consecutive)\s|and\sa\shalf\s)?(?:(?i:{units})|{months})\b"
    )


def counts_something(number: Number, ranged: bool) -> bool:
    """Tell whether a number counts something: no date, age, duration, ordinal, label, share or vague "one"."""
    if _is_measure(number) or _is_label(number) or _is_age(number, ranged) or _is_share(number) or _is_reference(number, ranged):
        return False
    if number.low <= 1:
        return number.low == 1 and number.written.lower() in ("one", "1") and _counts_one(number)
    return number.head is not None or _counts_alone(number)


def _is_measure(number: Number) -> bool:
    """Tell whether a number is a date, a time, a duration or a distance."""
    words = lexicon()
    after, written = number.after, number.written
    return (
        after in words.units_of_measure
        or (after == "of" and number.at(1) == "which" and DURATION_BEFORE.search(_left(number)) is not None)
        or any(word in words.units_of_measure for word in number.phrase)
        or _measured().match(number.tokens.text, number.offset) is not None
        or _is_month(number.tokens.word(number.start - 1))
        or _is_month(number.tokens.word(number.stop))
        or after in ("st", "nd", "rd", "th", "monthly", "weekly", "yearly", "hourly")
        or is_year(written, number.low)
        or (number.head is None and re.fullmatch(r"\d+[.:]\d+", written) is not None)
        or (number.head is None and after == ":")
        or after in ("o'clock", "pm", "am", "p.m.", "a.m.", "p.m", "a.m")
        or (
            after == "," and re.fullmatch(r"(?:19|20)\d\d", number.at(1)) is not None and number.tokens.word(number.start - 1)[:1].isupper()
        )
    )


def _is_month(word: str) -> bool:
    """Tell whether a token is a month, the year joined to it or not; "may" and "march" are verbs."""
    return re.sub(r"\d+$", "", word).lower() in lexicon().months and word not in ("may", "march")


def _is_label(number: Number) -> bool:
    """Tell whether a number names something: "Article 110", "Law 18/2017", "Decision no 578 and 129", "Programme 130"."""
    words = lexicon()
    tokens, start, stop, head = number.tokens, number.start, number.stop, number.head
    before, two = number.before, number.at(-2)
    if head is None and re.fullmatch(r"\d{3,}", number.written) and LINE.search(_left(number)):
        return True
    if before == "number" and (
        number.tags[start - 1].startswith("VB") or number.low >= 1000 or (start > 1 and number.tags[start - 2] == "NNS")
    ):
        return False
    if before in words.labels or before.rstrip(".") in words.labels or (before == "." and two in words.labels):
        return True
    if head is None and tokens.word(start - 1) in words.named_labels:
        return True
    if number.written[0] == "0" and len(number.written) > 1 and number.written.isdigit():
        return True
    if head is None and re.fullmatch(r"\d{4,}", number.written) and (before == "," or len(number.written) > 6):
        return True
    if before in ("#", "§", "+", "=") or (
        before in ("-", "/", "–") and start > 1 and not tokens.spaced[start - 2] and not tokens.spaced[start - 1]
    ):
        return True
    if (head is None or number.tags[head - 1] not in PLURALS) and _follows_label(number):
        return True
    return (
        start > 1
        and head is not None
        and tokens.words[start - 1][:1].isupper()
        and tokens.words[start - 1].isalpha()
        and tokens.words[stop][:1].isupper()
        and before not in ("between", "from", "with", "over", "only", "about")
    )


def _follows_label(number: Number) -> bool:
    """Tell whether a number is one of several after a label: "Articles 114-115, 117 and 128"."""
    labels = lexicon().labels
    position = number.start
    while (
        position >= 2
        and number.lower[position - 1] in ("and", "or", ",", "&", "to", "-", "–")
        and re.match(r"\d", number.lower[position - 2])
    ):
        position -= 2
    return position < number.start and position >= 1 and number.lower[position - 1] in labels


def _is_age(number: Number, ranged: bool) -> bool:
    """Tell whether a number is an age: "aged 6 to 18", "a boy of four", "between the ages of 13 and 18", "16 or older"."""
    ages = lexicon().ages
    before, two, head, low = number.before, number.at(-2), number.head, number.low
    if before in ages or (before in ("of", "between", "from", "least") and two in ("age", "ages", "aged")):
        return not (head is not None and before in ("over", "above", "below", "under") and low not in AGE_LIMITS)
    if AGE_AND.search(_left(number)):
        return True
    if low > 99 or head is not None:
        return False
    if number.after in ("or", "and") and number.at(1) in ("older", "over", "under", "younger", "above", "below", "up"):
        return True
    if two in ("he", "she", "who", "i") and before in ("is", "was", "am", "are", "were", "'s", "’s"):
        return True
    if low > 25:
        return False
    return (
        any(word in AGE_WORDS for word in number.lower[max(0, number.start - (20 if ranged else 7)) : number.start])
        or (before == "of" and two in PEOPLE and number.after not in ("the", "our", "whom", "these", "those"))
        or (before == "from" and two in PEOPLE and number.after not in ("of",) and number.stop - number.start > 1)
        or (before in ("around", "about") and two in ("at", "are", "is", "was", "were", "aged"))
        or (before == "between" and two in PEOPLE)
        or number.after == "old"
    )


def _left(number: Number) -> str:
    return number.tokens.text[: number.tokens.offsets[number.start]][-60:]


def _is_share(number: Number) -> bool:
    """Tell whether a number is part of a fraction, a ratio or a comparison: "two thirds", "1 in 4 women", "per 100,000 women"."""
    after, before, two = number.after, number.before, number.at(-2)
    if (
        before == "per"
        or (after == "per" and number.at(1)[:1].isdigit())
        or after in FRACTIONS
        or (after == "-" and number.at(1) in FRACTIONS)
    ):
        return True
    if (before in ("than", "as") and two in ("younger", "older", "young", "old", "early", "late")) or "ratio" in number.lower[
        max(0, number.start - 14) : number.start
    ]:
        return True
    if after == "out" and number.at(1) == "of":
        return number.at(2) in WHOLES
    if before == "of" and two == "out":
        return number.head is None or number.lower[number.start] in WHOLES
    if after == "in" and number.low <= 10:
        return (_small(number.at(1)) or 0) > number.low
    return before == "in" and 0 < (_small(two) or 0) < number.low <= 100


def _small(word: str) -> int | None:
    """Return the value of a number from 1 to 100, or None."""
    value = int(word) if word.isascii() and word.isdigit() else UNITS.get(word)
    return value if value is not None and 1 <= value <= 100 else None


def _is_reference(number: Number, ranged: bool) -> bool:
    """Tell whether a number refers to a note or numbers a list: "[12]", "(4; 21)"."""
    if number.head is not None:
        return False
    before, after = number.before, number.after
    if before == "[" or (before in ("(", ";") and after == ";") or (before == ";" and after == ")"):
        return True
    if before == "(" and after == ")":
        return ranged or number.low < 10 or number.start < 2 or number.tags[number.start - 2] not in PLURALS
    return after in (".", ")") and number.start == 0


def _counts_one(number: Number) -> bool:
    """Tell whether "one" or "1" counts: "1 case", "one conviction", "only one", "two girls and one boy"."""
    words = lexicon()
    before, phrase = number.before, number.phrase
    if before in ("the", "this", "no", "any", "each", "every", "another", "other", "same") or (
        before == "that" and number.tags[number.start - 1] == "DT"
    ):
        return False
    others = any(_is_number(word) for word in number.lower[max(0, number.start - 25) : number.start])
    if not phrase:
        return number.written.lower() == "one" and (
            (before in ("only", "just") and number.after in (".", ",", ";", ")", ""))
            or (others and before in (",", "and", "plus") and number.after in ("from", "to", "against", "run"))
            or (before in ("(", "from", "and", ",") and number.after == "in" and number.at(1).isdigit())
        )
    if before == "in" and number.start <= 1:  # "In one case, ..." introduces an example
        return False
    if phrase[-1] not in words.counted_by_one:
        return number.after != "-" and number.written.lower() == "one" and phrase[-1] in words.counted_by_deed and _is_given(number)
    if number.written == "1" or before in ("only", "just", "least"):
        return True
    if _is_given(number) or before in ("has", "have", "had"):
        return True
    if phrase[-1] in words.counted_by_word:
        return number.start > 0 or phrase[-1] in ("official", "interpreter", "representative")
    return others and before in ("and", "plus")


def _is_given(number: Number) -> bool:
    """Tell whether "one" stands where a report gives its figures: after a verb of doing or having, or after "staffed by"."""
    before = number.before
    if before in ("out", "up"):
        before = number.at(-2)
    return before in lexicon().figure_verbs or (
        before == "by" and number.at(-2) in ("staffed", "run", "served", "led", "done", "covered", "just")
    )


def _is_number(word: str) -> bool:
    return word.isdigit() or word in UNITS or word in TENS or word in SCALES


def _counts_alone(number: Number) -> bool:
    """Tell whether a number of two or more with no noun after it counts what was named before."""
    before, after = number.before, number.after
    if number.written.lower() in ("two", "three") and after not in ("of", ",", ".", ";", ")", "were", "have", "are", "in", "from", "for"):
        return (after == "or" and number.at(1) == "more") or number.tags[number.stop : number.stop + 1] in (["VBD"], ["VBN"])
    return not (
        number.low <= 25
        and before in ("is", "was", "until", "till", "at", "am", "be", "are", "to", "’s", "'s")
        and after in (".", ",", "", "and", "or", "when", ")")
    )


def is_year(written: str, value: float | int) -> bool:
    """Tell whether a number is a year of our time: four digits from 1900 to 2100."""
    return written.isdigit() and len(written) == 4 and 1900 <= value <= 2100
