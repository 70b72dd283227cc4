"""Bodies that a word for their kind beside them tells: "the newspaper Dielli", "Dielli, a charity", "Dielli girls’ school"; and airports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spacy.lang.en.stop_words import STOP_WORDS

from ffm.entities.lexicon import folded, lexicon
from ffm.entities.names.common_words import of_people
from ffm.entities.names.formal import NOT_FIRST, POSSESSIVES
from ffm.entities.names.lists import BEGINNINGS, PREPOSITIONS
from ffm.entities.tokens import Tokens
from ffm.records import Range

CAPITAL = r"[A-Z][\w’'-]*\w"
NAME = rf"(?P<name>{CAPITAL}(?: (?:(?:of|for|on|against|to) )?{CAPITAL}){{0,5}})"
QUOTES = {"“", '"', "‘"}
OPENS = r"(?<![\w’'-])"
KINDS = (
    r"(?:newspapers?|daily|broadcaster|airline|charity|organi[sz]ation|militia|news (?:agency|website|site|outlet)|website|radio station|TV (?:station|channel)"
    r"|(?:political|opposition|ruling) party|armed group|think tank|law firm|trade union|rights group)"
)
APPOSED_KINDS = rf"(?:{KINDS}|NGO|shelter|cent(?:er|re) for|network|foundation|association|agency|company|coalition|federation)\b"
# A school and the like with a proper name is a body; the modifiers may stand between: "Dielli girls’ high school".
SCHOOLS = r"(?:school|kindergarten|hospital|college|academy|clinic|orphanage|madrass?ah?)\b"
INTRODUCED = re.compile(rf"\b(?:{KINDS}|shelter|NGOs)(?:,(?= [^,.]{{2,60}},))? [“\"‘]?{NAME}")
NGO = re.compile(rf"\bNGO [“\"‘]?(?P<name>{CAPITAL}(?: (?:(?:of|for|on|against|to|and) )?{CAPITAL}){{0,6}})")
APPOSED = re.compile(rf"{OPENS}{NAME}(?:, (?:an?|the) | [(\[](?:(?:an?|the) )?)(?:(?!of |for )[\w’'-]+ ){{0,4}}?{APPOSED_KINDS}(?!-)")
FOLLOWED = re.compile(rf"{OPENS}{NAME} (?:airlines?|newspaper|news agency|radio station|armed group|militia)\b")
SCHOOL = re.compile(
    rf"{OPENS}{NAME} (?:(?:girls|boys|women|children)[’']s? |(?:public|private|state|regional|military|teaching|psychiatric|general|maternity"
    rf"|primary|secondary|high|middle|elementary|vocational|technical|boarding) ){{0,3}}{SCHOOLS}"
)
OTHER_SMALL_WORDS = lexicon().small_words - STOP_WORDS - {"&"}
ANY_NAME = rf"(?P<name>{CAPITAL}(?: (?:[^\W\d_’']{{1,4}} ){{0,2}}{CAPITAL}){{0,7}})"
MONTHS = "|".join(sorted(month.title() for month in lexicon().months))
# What a citation names before its date: "(El Sol 3 May 2019; Radio Nord n.d.)".
CITED = re.compile(rf"[(;] ?{ANY_NAME},? (?:(?:\d{{1,2}} )?(?:{MONTHS})\b\.? \d{{4}}|n\.d\.)")
# A name in its own language after its translation: "Ombudsman (Defensoría del Pueblo)".
OWN_LANGUAGE = re.compile(rf"\({ANY_NAME}(?=\)|, | [-–] )")
HAS_KIND = re.compile(rf"\b{APPOSED_KINDS}")
HAS_SCHOOL = re.compile(rf"\b{SCHOOLS}")
AIRPORT = re.compile(rf"{OPENS}{CAPITAL}(?: {CAPITAL}){{0,3}} Airport\b")


def bodies_beside(tokens: Tokens) -> Iterator[Range]:
    """Yield the token ranges of bodies that a word for their kind beside them tells."""
    for pattern in (INTRODUCED, NGO, APPOSED, FOLLOWED) if HAS_KIND.search(tokens.text) else ():
        for span, _ in tokens.matches(pattern, "name"):
            yield from _proper(tokens, span, alone=pattern is not FOLLOWED)
    for span, _ in tokens.matches(CITED, "name"):
        yield from _proper(tokens, span, alone=True)
    for span, match in tokens.matches(SCHOOL, "name") if HAS_SCHOOL.search(tokens.text) else ():
        if school := tokens.exactly(*match.span()):
            yield from ((start, school[1]) for start, _ in _proper(tokens, span))


def in_own_language(tokens: Tokens, bodies: Iterable[Range]) -> Iterator[Range]:
    """Yield the token ranges of names that stand in brackets after bodies in the words of another language."""
    ends = {end for _, end in bodies}
    for (start, end), match in tokens.matches(OWN_LANGUAGE, "name"):
        words = match["name"].split()
        if start - 1 in ends and (not match["name"].isascii() or any(word in OTHER_SMALL_WORDS for word in words)):
            yield start, end


def _proper(tokens: Tokens, span: Range, alone: bool = False) -> Iterator[Range]:
    """Yield the range of a proper name without common words before it, if any of it is left.

    Parameters
    ----------
    alone
        The name stands apart from the word for its kind: a place may stand there, an adjective does not.
    """
    words, (start, end) = lexicon(), span
    while (
        start < end
        and tokens.word(start - 1) not in QUOTES
        and (tokens.words[start] in NOT_FIRST or tokens.words[start].lower() in STOP_WORDS)
    ):
        start += 1
    name = tokens.words[start:end]
    if not name or name[-1] in POSSESSIVES or (alone and tokens.word(start - 1) in PREPOSITIONS):
        return
    surface = tokens.surface(start, end)
    if surface in words.no_names or folded(surface) in words.places or all(folded(word) in words.places for word in name):
        return
    if len(name) == 1 and (
        (not alone and (tokens.word(start - 1) in BEGINNINGS or of_people(surface)))
        or surface in words.heads
        or surface in words.subjects
        or surface.lower() in words.months | words.persons
        or (len(surface) < 4 and not surface.isupper())
    ):
        return
    yield start, end


def airports(tokens: Tokens) -> Iterator[Range]:
    """Yield the token ranges of airports."""
    for (start, end), _ in tokens.matches(AIRPORT) if "Airport" in tokens.text else ():
        start = next(index for index in range(start, end) if tokens.words[index] not in NOT_FIRST)
        if end - start > 1:
            yield start, end
