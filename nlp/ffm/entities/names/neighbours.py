"""Candidates for names by what stands beside them: "the newspaper Dielli", "Dielli, a newspaper", "Dielli school", "UNICEF, Dielli and ARSIS"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.lang.en.stop_words import STOP_WORDS

from ffm.entities.lexicon import Lexicon, folded, lexicon
from ffm.entities.names.formal import COMPASS, NOT_FIRST, POSSESSIVES, SUBJECTS
from ffm.entities.tokens import Tokens
from ffm.records import Range

TOLD_BY = lexicon().told_by
ENDED_BY = {"airline", "airlines", "newspaper", "agency", "station", "group", "militia"}
MADE_OF = lexicon().made_of
CAPITAL = r"[A-Z][\w’'-]*\w"
NAME = rf"{CAPITAL}(?: (?:(?:of|for|on|against|to) )?{CAPITAL}){{0,5}}"
KINDS = (
    r"(?:newspapers?|daily|broadcaster|airline|charity|organi[sz]ation|militia|news (?:agency|website|site|outlet)|website|radio station|TV (?:station|channel)"
    r"|(?:political|opposition|ruling) party|armed group|think tank|law firm|trade union|rights group)"
)
INTRODUCED = re.compile(rf"\b{KINDS} (?P<name>{NAME})")
APPOSED = re.compile(
    rf"(?<![\w’'-])(?P<name>{NAME})(?:, (?:an?|the) | [(\[](?:(?:an?|the) )?)(?:[\w’'-]+ ){{0,4}}?"
    rf"(?:{KINDS}|NGO|shelter|cent(?:er|re) for|network|foundation|association|agency|company|coalition|federation)\b(?!-)"
)
# A school and the like with a proper name is a body; the modifiers may stand between: "Dielli girls’ high school".
KEPT_KIND = re.compile(
    rf"(?<![\w’'-])(?P<name>{NAME}) (?:(?:girls|boys|women|children)[’']s? |(?:public|private|state|regional|military|teaching|psychiatric|general|maternity"
    r"|primary|secondary|high|middle|elementary|vocational|technical|boarding) ){0,3}(?:school|kindergarten|hospital|college|academy|clinic|orphanage|madrass?ah?)\b"
)
DROPPED_KIND = re.compile(rf"(?<![\w’'-])(?P<name>{NAME}) (?:airlines?|newspaper|news agency|radio station|armed group|militia)\b")
AIRPORT = re.compile(rf"(?<![\w’'-]){CAPITAL}(?: {CAPITAL}){{0,3}} Airport\b")
PLATFORM = re.compile(r"(?<![\w-])e-[A-Z][a-z]+\b")
MOVEMENTS = lexicon().movements
MOVEMENT = re.compile(
    rf"(?<![\w-])(?:Pakistan )?(?:{'|'.join(sorted(MOVEMENTS))})(?:[- ](?:(?:e|i|ul|al|an|as|ash|ud|us|ur|ut|uz)-)?[A-Z][\w’']*(?:-[\w’']+)*){{1,4}}"
)
PREPOSITIONS = {"in", "at", "from", "near", "of", "to", "for", "on", "against", "around", "outside", "via", "through", "by"}
PEOPLES = re.compile(
    r"[A-Z][a-z]+(?:ian|ean|ese|ish|ic)s?|German|Moroccan|Mexican|Saudi|Emirati|French|Dutch|Swiss|Greek|Turkish|Kurdish|Western|Eastern"
)
MANY_PLACES = {"States", "Provinces", "Regions", "Districts", "Counties", "Divisions", "Governorates", "Oblasts"}
JOINED = {",", "and", "or", "&", "the"}  # "the" may follow one of the others
AFTER_LAST = lexicon().after_last
BEGINNINGS = {"", ".", "?", "!", ":", ";", "“", '"', "\n", "-", "•", "*", "–"}


def bodies_beside(tokens: Tokens, words: Lexicon) -> Iterator[Range]:
    """Yield the token ranges of bodies that a word for their kind beside them tells."""
    text = tokens.text
    for pattern, kinds in ((INTRODUCED, TOLD_BY), (APPOSED, TOLD_BY), (DROPPED_KIND, ENDED_BY)):
        for match in () if kinds.isdisjoint(tokens.words) else pattern.finditer(text):
            if span := tokens.exactly(*match.span("name")):
                yield from _proper(tokens, span, words, alone=pattern is not DROPPED_KIND)
    for match in () if MADE_OF.isdisjoint(tokens.words) else KEPT_KIND.finditer(text):
        if (span := tokens.exactly(*match.span())) and (name := tokens.exactly(*match.span("name"))):
            yield from ((start, span[1]) for start, _ in _proper(tokens, name, words))


def _proper(tokens: Tokens, span: Range, words: Lexicon, alone: bool = False) -> Iterator[Range]:
    """Yield the range of a proper name without common words before it, if any of it is left.

    Parameters
    ----------
    alone
        The name stands apart from the word for its kind: a place may stand there, an adjective does not.
    """
    start, end = span
    while start < end and (tokens.words[start] in NOT_FIRST or tokens.words[start].lower() in STOP_WORDS):
        start += 1
    name = tokens.words[start:end]
    if not name or name[-1] in POSSESSIVES or (alone and tokens.word(start - 1) in PREPOSITIONS):
        return
    surface = tokens.surface(start, end)
    if surface in words.no_names or folded(surface) in words.places or all(folded(word) in words.places for word in name):
        return
    if len(name) == 1 and (
        (tokens.word(start - 1) in BEGINNINGS and not alone)
        or (not alone and of_people(surface, words))
        or surface in words.heads
        or surface in SUBJECTS
        or surface.lower() in words.months
        or (len(surface) < 4 and not surface.isupper())
    ):
        return
    yield start, end


def of_people(word: str, words: Lexicon) -> bool:
    """Tell whether a word is the adjective of a people or country: "Albanian", "Iraqi", "Somali", "Kenyan", "Afghan"."""
    stems = (word[:-1], word + "a", word + "istan", *(word.removesuffix(ending) for ending in ("an", "ans") if word.endswith(ending)))
    return PEOPLES.fullmatch(word) is not None or any(name in words.places for name in stems)


def spelt_bodies(tokens: Tokens) -> Iterator[Range]:
    """Yield the token ranges of bodies that their spelling tells: "e-Albania", "Jamaat-e-Islami"."""
    patterns = ([PLATFORM] if "e-" in tokens.text else []) + ([] if MOVEMENTS.isdisjoint(tokens.words) else [MOVEMENT])
    for pattern in patterns:
        for match in pattern.finditer(tokens.text):
            if span := tokens.exactly(*match.span()):
                yield span


def airports(tokens: Tokens) -> Iterator[Range]:
    """Yield the token ranges of airports."""
    if "Airport" in tokens.text:
        for match in AIRPORT.finditer(tokens.text):
            if span := tokens.exactly(*match.span()):
                start, end = span
                while tokens.words[start] in NOT_FIRST:
                    start += 1
                if end - start > 1:
                    yield start, end


def listed_with_bodies(tokens: Tokens, bodies: Sequence[Range], others: Sequence[Range], words: Lexicon) -> Iterator[Range]:
    """Yield what stands as one of a list of bodies: "Dielli, ARSIS, and UNICEF", "Blue Kite and the Linden Foundation".

    Parameters
    ----------
    bodies
        The token ranges of the bodies found.
    others
        Those of places and persons.
    """
    if not any(tokens.word(start - 1) in JOINED or tokens.word(end) in JOINED for start, end in bodies):
        return
    starts, ends = dict(bodies), {end: start for start, end in bodies}
    taken = {index for start, end in (*bodies, *others) for index in range(start, end)}
    for index, word in enumerate(tokens.words):
        if not _may_name(word, index, taken, words) or (index and _may_name(tokens.words[index - 1], index - 1, taken, words)):
            continue
        end = index + 1
        while end < len(tokens) and _may_name(tokens.words[end], end, taken, words) and end - index < 4:
            end += 1
        before = tokens.word(index - 1)
        if before in PREPOSITIONS or (end - index == 1 and (before in BEGINNINGS or of_people(word, words))):
            continue
        found = _bodies_after(tokens, end, starts)
        if not found and (end - index > 1 or tokens.word(end) in AFTER_LAST):
            found = _bodies_before(tokens, index, ends)
        if found >= (2 if end - index == 1 else 1) and tokens.words[end - 1] not in words.no_heads:
            yield index, end


def _may_name(word: str, index: int, taken: set[int], words: Lexicon) -> bool:
    return (
        word[0].isupper()
        and len(word) > 2
        and word.isalpha()
        and index not in taken
        and word not in NOT_FIRST
        and word not in words.no_names
        and word.lower() not in STOP_WORDS
        and word.lower() not in words.months
        and folded(word) not in words.places
    )


def _bodies_before(tokens: Tokens, position: int, ends: dict[int, int]) -> int:
    """Return how many bodies stand in the list that a name ends: "DTEK, Naftogaz and | Dielli"."""
    count = 0
    if tokens.word(position - 1) == "the":
        position -= 1
    if tokens.word(position - 1) not in ("and", "or", "&"):
        return 0
    position -= 1
    while True:
        if tokens.word(position - 1) == ",":
            position -= 1
        elif count:
            return count
        if position not in ends:
            return count
        position = ends[position]
        count += 1
        if tokens.word(position - 1) == "the":
            position -= 1


def _bodies_after(tokens: Tokens, position: int, starts: dict[int, int]) -> int:
    """Return how many bodies follow in a list that ends with "and": ", ARSIS, and UNICEF", "and the Linden Foundation"."""
    count = 0
    while True:
        last = False
        if tokens.word(position) == ",":
            position += 1
        if tokens.word(position) in ("and", "or", "&"):
            last = True
            position += 1
        elif tokens.word(position - 1) != ",":
            return 0
        if tokens.word(position) == "the":
            position += 1
        if position not in starts:
            return 0
        count += 1
        position = starts[position]
        if tokens.word(position) == "(" and tokens.word(position + 2) == ")":
            position += 3
        if last:
            return count


def persons_beside(tokens: Tokens, words: Lexicon) -> list[Range]:
    """Return the token ranges of persons that a noun beside them tells, and of those listed with them.

    "activists | Ana Rusu, | Le Van Hoa and | Ion Ceban", "the blogger, | Ana Rusu", "| Ana Rusu, a former minister".
    """
    found: list[Range] = []
    for index, word in enumerate(tokens.words):
        start = index + 1
        noun = word.lower()
        if noun in words.persons or noun.removesuffix("s") in words.persons:
            while tokens.word(start) in PERSON_BREAKS:
                start += 1
            end = _personal_run(tokens, start, words)
            while end > start:
                found.append((start, end))
                start = _before_comma(tokens, end) or end
                end = _personal_run(tokens, start, words) if start > end else start
    return found + [span for span in _apposed_persons(tokens, words) if span not in found]


def _apposed_persons(tokens: Tokens, words: Lexicon) -> Iterator[Range]:
    """Yield persons by what follows their name: "| Ana Rusu, a former head of the party"."""
    for index, word in enumerate(tokens.words):
        if word == "," and tokens.word(index + 1) in ("a", "an", "the", "former"):
            following = [other.lower() for other in tokens.words[index + 2 : index + 2 + APPOSITION]]
            if any(noun in words.persons for noun in following[: following.index(",") if "," in following else None]):
                start = index
                while start > 0 and index - start < 4 and _is_personal(tokens.words[start - 1], words):
                    start -= 1
                if index - start >= 2:
                    yield start, index


def _personal_run(tokens: Tokens, start: int, words: Lexicon) -> int:
    """Return where a person's name ends that begins at a token: one to five capitalised words, none of a body or place."""
    end = start
    while end < len(tokens) and end - start < 5 and _is_personal(tokens.words[end], words):
        end += 1
    return end


def _is_personal(word: str, words: Lexicon) -> bool:
    return (
        word.istitle()
        and word.isalpha()
        and word not in words.heads
        and word not in words.no_names
        and word not in NOT_FIRST
        and folded(word) not in words.places
        and word.lower() not in words.months
    )


PERSON_BREAKS = {",", "”", "“", '"', "’", "‘"}  # may stand between a person's noun and name
APPOSITION = 7  # words after a name in which its noun stands


def listed_with_places(tokens: Tokens, places: Sequence[Range], others: Sequence[Range], words: Lexicon) -> list[Range]:
    """Return what stands as one of a list of places: "Goma, Minova and Rutshuru".

    Parameters
    ----------
    places
        The token ranges of the places found.
    others
        Those of what is sure to be something else: persons, bodies that a rule found.
    """
    starts, ends = {start for start, _ in places}, {end for _, end in places}
    taken = {index for span in (*places, *others) for index in range(*span)}
    runs: list[Range] = []
    index = 0
    while index < len(tokens):
        end = index
        while end < len(tokens) and end - index < 3 and _may_name(tokens.words[end], end, taken, words) and not tokens.words[end].isupper():
            end += 1
        if (
            end > index
            and tokens.word(index - 1) not in BEGINNINGS
            and not any(_is_no_place(word, words) for word in tokens.words[index:end])
        ):
            runs.append((index, end))
        index = max(end, index + 1)
    found: list[Range] = []
    while True:
        new = [
            (start, end)
            for start, end in runs
            if (start, end) not in found and (_after_comma(tokens, start) in ends or _before_comma(tokens, end) in starts)
        ]
        if not new:
            return sorted(found)
        found += new
        starts |= {start for start, _ in new}
        ends |= {end for _, end in new}


def _is_no_place(word: str, words: Lexicon) -> bool:
    return (
        word in MANY_PLACES
        or of_people(word, words)
        or COMPASS.fullmatch(word) is not None
        or word in words.heads
        or word in words.no_heads
        or word.endswith("al")
    )


def _after_comma(tokens: Tokens, position: int) -> int | None:
    """Return where the item ends that a list has before a token; None where none does."""
    joined = 0
    while joined < 2 and tokens.word(position - 1) in (",", "and", "or"):
        position -= 1
        joined += 1
    return position if joined else None


def _before_comma(tokens: Tokens, position: int) -> int | None:
    """Return where the item begins that a list has after a token; None where none does."""
    joined = 0
    while joined < 2 and tokens.word(position) in (",", "and", "or"):
        position += 1
        joined += 1
    return position if joined else None
