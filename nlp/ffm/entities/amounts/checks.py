"""The bare numbers that count nothing: dates, ages, durations, labels, shares, references, and "one" as a pronoun."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from ffm.entities.amounts.grammar import Quantity, is_change
from ffm.entities.amounts.nouns import PLURALS
from ffm.entities.amounts.numerals import DASHES, Lexemes, is_year, number_at
from ffm.entities.amounts.vocabulary import vocabulary
from ffm.entities.lexicon import lexicon

PHONE = re.compile(
    r"(?<!\w)(?:\+|00)\d[\d\s()./-]{6,}\d|(?<![\w.,])0\d{1,4}(?:[\s./-]\d{2,})+|\b116[\s-]\d{3}\b|(?<![\w.,])\d{3,4}-\d{3,4}(?:-\d{2,4})+(?!\w)"
)
LIST_NUMBER = re.compile(r"(?<![\w.,])(\d{1,2})[.)]\s+(?=[A-Z])")
LINE = re.compile(
    r"\b(?:help|hot)?line(?:\snumber)?s?(?:\son)?\s(?:\(\s?)?$|\b(?:call|calling|dial|dialling|ring|ringing)\s$", re.IGNORECASE
)
DURATION_BEFORE = re.compile(r"(?<!\d)\d++\s(?:years|months|weeks|days|hours)\b[^\d.;]*$", re.IGNORECASE)
AGE_AND = re.compile(r"\b[Aa]ge[sd]?\b(?:\s(?:of|from|between|range|ranges|group|groups|ranging))*\s\w+(?:\s(?:and|to|or)|\s?[-–,])\s*$")
AGE = {"age", "ages", "aged"}
GROWN = {"younger", "older", "minor", "minors", "birthday", "adult", "adulthood"}
AGE_LIMITS = {5, 12, 13, 14, 15, 16, 17, 18, 21}  # "under 18" is an age, "over 20 women" is none
PEOPLE = {"man", "woman", "girl", "boy", "child", "person", "adult", "men", "women", "girls", "boys", "children", "people", "minors"}
FRACTIONS = {"third", "thirds", "quarter", "quarters", "fifth", "fifths", "half", "halves", "tenths"}
MANY = {"staff", "police", "personnel", "people", "clergy", "livestock", "cattle"}  # many in a singular word
WHOLES = {"10", "ten", "100", "hundred"}
BE = {"is", "was", "am", "are", "were", "be", "'s", "’s"}
NO_LABEL_BEFORE = {"between", "from", "with", "over", "only", "about"}
AFTER_TIME = {
    "st", "nd", "rd", "th", "monthly", "weekly", "yearly", "hourly", "o'clock", "o’clock", "pm", "am", "p.m.", "a.m.",
}  # fmt: skip
VERBS_TOO = {"block", "order", "report", "target", "question", "note", "act", "phone", "dial", "fax", "source", "form"}  # of the labels
BEFORE_VERBS = {"to", "not", "will", "would", "must", "should", "can", "could", "may", "might", "shall"}  # "to block 22 websites"
JOINS_NUMBERS = ("and", "or", "to")
JOINS = {*JOINS_NUMBERS, ",", "&", "/", "-", "–"}
EACH = {"every", "each"}
OF_EACH = {"of", "in"}  # before "every": a share; "for every 40 pupils" counts them
CLOSES = {",", ".", ";", ")"}
NOT_ONE = {"the", "this", "no", "any", "each", "every", "another", "other", "same"}


class Bare(Struct, frozen=True):
    """A number without a unit, in its sentence."""

    lex: Lexemes
    tags: Sequence[str]  # a Penn Treebank tag for each lexeme; empty before tagging
    left: int
    right: int  # the range of the sentence's lexemes
    quantity: Quantity
    head: int | None = None  # the index after the head noun of what it counts

    @property
    def low(self) -> float | int:
        """Return its value, of a range the lower one."""
        return self.quantity.low

    @property
    def ranged(self) -> bool:
        """Tell whether it is a range."""
        return self.quantity.low != self.quantity.high

    @property
    def written(self) -> str:
        """Return its first word or figure."""
        return self.lex.lower[self.quantity.start]

    def _index(self, index: int) -> int | None:
        position = self.quantity.start + index if index < 0 else self.quantity.stop + index
        return position if self.left <= position < self.right else None

    def at(self, index: int) -> str:
        """Return a lexeme of the sentence in lower case, counted from the number: -1 is the one before it, 0 the one after it."""
        return "" if (position := self._index(index)) is None else self.lex.lower[position]

    def tag(self, index: int) -> str:
        """Return the tag of a lexeme, counted as by ``at``."""
        return "" if (position := self._index(index)) is None else self.tags[position]

    def back(self, count: int) -> list[str]:
        """Return up to so many lexemes before the number."""
        return self.lex.lower[max(self.left, self.quantity.start - count) : self.quantity.start]

    @property
    def before_text(self) -> str:
        """Return the end of the text before the number."""
        start = self.lex.starts[self.quantity.start]
        return self.lex.text[max(self.lex.starts[self.left], start - 60) : start]

    @property
    def phrase(self) -> list[str]:
        """Return what is counted, in lower case."""
        return self.lex.lower[self.quantity.stop : self.head] if self.head is not None else []

    @property
    def head_tag(self) -> str:
        """Return the tag of what is counted."""
        return "" if self.head is None else self.tags[self.head - 1]


def closed_ranges(text: str) -> list[tuple[int, int]]:
    """Return the ranges of a text in which no number counts: telephones, and what counts off a list, "1. The nurse 2. The cook"."""
    found = [match.span() for match in PHONE.finditer(text)]
    run: list[tuple[int, int]] = []
    for match in LIST_NUMBER.finditer(text):
        number = int(match.group(1))
        if number != len(run) + 1:
            run = []
        if number == len(run) + 1:
            run.append(match.span(1))
            found += run if len(run) == 2 else run[2:][-1:]
    return found


def counts_nothing(bare: Bare) -> bool:
    """Tell whether what stands beside a number, without its noun, shows that it counts nothing: the quick look before tagging."""
    lex, after = bare.lex, bare.quantity.stop
    if lex.joined(after) and not by_sex(bare):
        sign, tied = lex.at(after), lex.joined(after + 1)
        if sign[0].isalnum() or sign in "/:_" or (tied and sign in DASHES and lex.at(after + 1) != "odd"):
            return True
        if sign in DASHES and not tied and lex.at(after + 1) in (*JOINS_NUMBERS, ","):  # five- to seven-year terms
            return True
        if tied and sign == "." and lex.words[after + 1].islower():  # sections 1.d. and 2.b.
            return True
    return _is_measure(bare) or _is_marked_label(bare) or bare.at(-1) == "per"


def by_sex(bare: Bare) -> bool:
    """Tell whether a number counts men or women by a letter: "(49 M, 15F)"."""
    lex, stop = bare.lex, bare.quantity.stop
    near = {*lex.lower[max(bare.left, stop - 8) : stop], *lex.lower[stop + 1 : stop + 8]} if lex.at(stop) in ("m", "f") else set()
    return not near.isdisjoint({"m", "f"})


def counts_something(bare: Bare) -> bool:
    """Tell whether a number counts something: no date, age, duration, ordinal, label, share or vague "one"."""
    if not vocabulary().words.units_of_measure.isdisjoint(bare.phrase) or (bare.head is None and _is_point(bare)):
        return False
    if _is_label(bare) or _is_age(bare) or _is_share(bare) or (bare.head is None and _is_reference(bare)):
        return False
    if bare.quantity.first.letter and bare.head_tag not in PLURALS:
        return False
    if bare.low <= 1:
        return bare.low == 1 and bare.written in ("one", "1") and _counts_one(bare)
    return bare.head is not None or _counts_alone(bare)


def _is_point(bare: Bare) -> bool:
    """Tell whether a number without a noun is one like "10.30", or stands before a colon."""
    return bare.at(0) == ":" or (bare.quantity.first.scale == 1 and re.fullmatch(r"\d+\.\d{1,2}", bare.written) is not None)


def _is_measure(bare: Bare) -> bool:
    """Tell whether a number is a date, a time, a duration or a distance."""
    of_which = bare.at(0) == "of" and bare.at(1) == "which"
    return (
        is_year(bare.lex, bare.quantity.first)
        or _unit_follows(bare)
        or (of_which and DURATION_BEFORE.search(bare.before_text) is not None)
        or _is_month(bare, bare.quantity.start - 1)
        or _is_month(bare, bare.quantity.stop)
        or bare.at(0) in AFTER_TIME
    )


def _is_month(bare: Bare, index: int) -> bool:
    """Tell whether a lexeme is a month; "may" and "march" are verbs."""
    if not bare.left <= index < bare.right:
        return False
    return bare.lex.lower[index] in lexicon().months and bare.lex.words[index] not in ("may", "march")


def _unit_follows(bare: Bare) -> bool:
    """Tell whether a unit of measure or a month follows, after other numbers or a half: "4, 8 and 12 weeks", "two and a half years"."""
    lex, at = bare.lex, bare.quantity.stop
    for _ in range(12):
        if lex.at(at) not in JOINS or not (number := number_at(lex, at + 1)):
            break
        at = number.stop
    if lex.at(at) in DASHES:
        at += 3 if lex.at(at + 1) == "half" else 1  # five and one-half-year
    elif lex.lower[at : at + 3] == ["and", "a", "half"]:
        at += 3
    else:
        at += lex.at(at) == "or"
        at += lex.at(at) in ("more", "less", "full", "working", "calendar", "consecutive")
    if at >= bare.right:
        return False
    return lex.lower[at] in vocabulary().words.units_of_measure or (
        lex.words[at].istitle() and len(lex.words[at]) > 3 and _is_month(bare, at)
    )


def _is_marked_label(bare: Bare) -> bool:
    """Tell whether a word or sign before a number makes it a label: "Article 110", "pp. 31", "§ 4", "007"."""
    words, lex, before, two, written = vocabulary().words, bare.lex, bare.at(-1), bare.at(-2), bare.written
    if before == "number":
        return False
    if lex.at(bare.quantity.start - 1) == "." and lex.at(bare.quantity.start - 2) in words.shortened_labels:
        return True
    if before == ".":
        return two in words.labels or re.fullmatch("[A-Z]", lex.words[bare.quantity.start - 2]) is not None  # ILO C. 182
    if before in words.labels:
        return not (before in VERBS_TOO and two in BEFORE_VERBS)
    return before in ("#", "§", "+", "=", "^") or (written[0] == "0" and len(written) > 1 and written.isdigit())


def _is_label(bare: Bare) -> bool:
    """Tell whether a number names something: "Decision no 578 and 129", "Programme 130", "Questions 12 to 40", "flat 12"."""
    words, lex, start = vocabulary().words, bare.lex, bare.quantity.start
    before, alone = bare.at(-1), bare.head is None
    capital = bool(before) and lex.words[start - 1][0].isupper()
    if before == "number":
        return not (bare.tag(-1).startswith("VB") or bare.low >= 1000 or bare.tag(-2) == "NNS")
    if before.endswith("s") and before[:-1] in words.labels and (alone or capital):
        return True
    if (alone and _names_alone(bare, capital)) or (bare.head_tag not in PLURALS and _follows_label(bare)):
        return True
    if alone or not capital or start <= bare.left + 1 or not before.isalpha() or before in NO_LABEL_BEFORE:
        return False
    return lex.words[bare.quantity.stop][0].isupper() or (bare.head_tag in ("NN", "NNP") and bare.phrase[-1] not in MANY)


def _names_alone(bare: Bare, capital: bool) -> bool:
    """Tell whether a number with no noun after it names what stands before it: "Canal 3", "at flat 12", "October 7 and 8", a telephone."""
    words, before, ends = vocabulary().words, bare.at(-1), bare.at(0) in CLOSES
    figure = bare.written.isdecimal()
    return (
        (capital and bare.lex.words[bare.quantity.start - 1] in words.named_labels)
        or (bare.tag(-1) == "NNP" and figure and ends)
        or (before in words.addresses and not bare.tag(-1).startswith("VB"))
        or (before in JOINS and bare.at(-2).isdigit() and _is_month(bare, bare.quantity.start - 3))
        or (figure and len(bare.written) > 2 and LINE.search(bare.before_text) is not None)
        or (figure and len(bare.written) > 3 and (before == "," or len(bare.written) > 6))
        or (figure and (ends or not bare.at(0)) and _nouns_end(bare) and before not in words.totals)
    )


def _nouns_end(bare: Bare) -> bool:
    return bare.tag(-1) == "NN" and bare.tag(-2) in ("IN", ",", "")


def _follows_label(bare: Bare) -> bool:
    """Tell whether a number is one of several after a label: "Articles 114-115, 117 and 128"."""
    lower, start = bare.lex.lower, bare.quantity.start
    position = start
    while position - 2 >= max(bare.left, start - 30) and lower[position - 1] in JOINS and lower[position - 2][0].isdigit():
        position -= 2
    label = lower[position - 1] if bare.left < position < start else ""
    return label in vocabulary().words.labels or label.removesuffix("s") in vocabulary().words.labels


def _is_age(bare: Bare) -> bool:
    """Tell whether a number is an age: "aged 6 to 18", "a boy of four", "between the ages of 13 and 18", "16 or older"."""
    before, two, after, low = bare.at(-1), bare.at(-2), bare.at(0), bare.low
    if before in vocabulary().words.ages or (before in ("of", "between", "from", "least") and two in AGE):
        return not (bare.head is not None and before in ("over", "above", "below", "under") and low not in AGE_LIMITS)
    if AGE_AND.search(bare.before_text):
        return True
    if low > 99 or bare.head is not None:
        return False
    if (
        (after in ("or", "and") and bare.at(1) in ("older", "over", "under", "younger", "above", "below", "up"))
        or (two in ("he", "she", "who", "i") and before in BE)
        or after == "old"
        or not AGE.isdisjoint(bare.back(25))
        or (before in ("between", "from") and two in PEOPLE and bare.ranged)
        or (before == after == "," and bare.tag(-2) in ("NN", "NNP"))
    ):
        return True
    near = bare.back(20 if bare.ranged else 7)
    return low <= 25 and (
        any(word in GROWN and (bare.ranged or "and" not in near[place:]) for place, word in enumerate(near))
        or (before == "of" and two in PEOPLE)
        or (before in ("around", "about") and two in ("at", "are", "is", "was", "were"))
    )


def _is_share(bare: Bare) -> bool:
    """Tell whether a number is part of a fraction, a ratio or a comparison: "two thirds", "1 in 4 women", "six of every ten"."""
    after, before, two = bare.at(0), bare.at(-1), bare.at(-2)
    if (before in EACH and two in OF_EACH) or _each_follows(bare):
        return True
    if (after == "per" and bare.at(1)[:1].isdigit()) or after in FRACTIONS or (after == "-" and bare.at(1) in FRACTIONS):
        return True
    if (before in ("than", "as") and two in ("younger", "older", "young", "old", "early", "late")) or "ratio" in bare.back(14):
        return True
    if after == "out" and bare.at(1) == "of":
        return bare.at(2) in WHOLES
    if before == "of" and two == "out":
        return bare.head is None or bare.written in WHOLES
    if after == "in" and bare.low <= 10:
        return _small(bare.at(1)) > bare.low
    return before == "in" and 0 < _small(two) < bare.low <= 100


def _each_follows(bare: Bare) -> bool:
    """Tell whether a number is told for each so many: "six out of | every 10 children"; not "in every 3 months"."""
    lex, at = bare.lex, bare.quantity.stop if bare.head is None else bare.head
    at += lex.at(at) == "out"
    base = number_at(lex, at + 2) if lex.at(at) in OF_EACH and lex.at(at + 1) in EACH else None
    return base is not None and lex.at(base.stop) not in vocabulary().words.units_of_measure


def _small(word: str) -> int:
    """Return the value of a number from 1 to 100, else 0."""
    value = int(word) if word.isascii() and word.isdigit() and len(word) < 4 else vocabulary().numbers.get(word, 0)
    return value if value <= 100 else 0


def _is_reference(bare: Bare) -> bool:
    """Tell whether a number without a noun refers to a note or page, or numbers a list: "[12]", "(4; 21)", "(Hall 2020: 33-35)"."""
    before, after = bare.at(-1), bare.at(0)
    if [word for word in bare.back(12) if word in "[]"][-1:] == ["["] or (before, after) in (("(", ";"), (";", ";"), (";", ")")):
        return True
    if after == ")" and "(" not in bare.back(40) and bare.low < 30:  # and 4) minors
        return True
    if re.fullmatch(r"(?:19|20)\d\d", bare.at(-2)) and (before == ":" or (before == "," and bare.ranged)):
        return True
    if before == "(" and after == ")":
        return bare.ranged or bare.low < 10 or bare.tag(-2) not in PLURALS
    return after in (".", ")") and bare.quantity.start == bare.left


def _counts_one(bare: Bare) -> bool:
    """Tell whether "one" or "1" counts: "1 case", "one conviction", "only one", "two girls and one boy"."""
    known, before, after, phrase = vocabulary(), bare.at(-1), bare.at(0), bare.phrase
    if before in NOT_ONE or (before == "that" and bare.tag(-1) == "DT"):
        return False
    others = any(word.isdigit() or word in known.numbers or word in known.scales for word in bare.back(25))
    if not phrase:
        return bare.written == "one" and (
            (before in ("only", "just") and (after in CLOSES or not after))
            or (others and before in (",", "and", "plus") and after in ("from", "to", "against", "run"))
            or (before in ("(", "from", "and", ",") and after == "in" and bare.at(1).isdigit())
        )
    if before == "in" and bare.quantity.start <= bare.left + 1:  # "In one case, ..." introduces an example
        return False
    if phrase[-1] not in known.words.counted_by_one:
        return bare.written == "one" and phrase[-1] in known.words.counted_by_deed and _is_given(bare)
    if bare.written == "1" or before in ("only", "just", "least", "has", "have", "had") or _is_given(bare):
        return True
    if phrase[-1] not in known.words.not_counted_by_word:
        return bare.quantity.start > bare.left or phrase[-1] in ("official", "interpreter", "representative")
    return others and before in ("and", "plus")


def _is_given(bare: Bare) -> bool:
    """Tell whether "one" stands where a report gives its figures: after a verb of doing, or after "staffed by"."""
    before = bare.at(-2) if bare.at(-1) in ("out", "up") else bare.at(-1)
    by = before == "by" and bare.at(-2) in ("staffed", "run", "served", "led", "done", "covered", "just")
    return by or before in vocabulary().words.figure_verbs


def _counts_alone(bare: Bare) -> bool:
    """Tell whether a number of two or more with no noun after it counts what was named before."""
    before, after = bare.at(-1), bare.at(0)
    if not vocabulary().words.totals.isdisjoint(bare.back(14)) or (before == "to" and is_change(bare.back(4))):
        return True
    if bare.written in ("two", "three") and after not in ("of", ",", ".", ";", ")", "were", "have", "are", "in", "from", "for"):
        return (after == "or" and bare.at(1) == "more") or bare.tag(0) in ("VBD", "VBN")
    return not (bare.low <= 25 and before in {*BE, "until", "till", "at", "to"} and after in (".", ",", "", "and", "or", "when", ")"))
