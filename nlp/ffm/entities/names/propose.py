"""Candidates for names in one text: formal names, defined short forms, the lexicon's names, and what stands in a telling place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct
from spacy.lang.en.stop_words import STOP_WORDS

from ffm.entities.lexicon import folded_in_place, kinds_of_places, lexicon
from ffm.entities.names.bodies import acts_as_body, names_body, names_nothing
from ffm.entities.names.common_words import is_common, is_place_name
from ffm.entities.names.formal import DASHES, NOT_FIRST, formal_names
from ffm.entities.names.index import NameIndex
from ffm.entities.names.lists import BEGINNINGS
from ffm.entities.names.schools_and_media import airports, bodies_beside, in_own_language
from ffm.entities.names.short_forms import find_short_forms
from ffm.entities.places import countries_by_place, places_of
from ffm.entities.tokens import Tokens

WORDS = lexicon()
ORG = "ORG"
PLACE = "PLACE"
# Places that are also common words or first names: left to the recogniser where nothing before them tells.
AMBIGUOUS_PLACES = {"Georgia", "Jordan", "Chad", "Turkey", "Mali", "Niger", "Guinea", "Togo", "Cuba", "Fier", "Berat"}
IN = {"in", "near", "around", "outside"}
PLACING = {*IN, "from", "to", "at", "between", "across", "of"}  # what stands before a place
SHORTEST_CAPITALS = 3  # letters: the next longer names are looked for in capitals too
PLACE_LABELS = {"GPE", "LOC"}
RETYPED_LABELS = {"PERSON", "FAC", "PRODUCT", "EVENT", "WORK_OF_ART"}
QUOTED_HEAD = r"(?:[Cc]ent(?:er|re)|[Ff]oundation|[Aa]ssociation|[Mm]ovement|[Ss]helter|Institute|School|Network|Organi[sz]ation)"
HEAD_QUOTED = r"(?:(?:[A-Z][\w-]+\s){0,4}(?:Cent(?:er|re)|Foundation|Association|Shelter|School)|(?:[A-Z][\w-]+\s){1,4}Organi[sz]ation)"
QUOTED = re.compile(
    rf"(?<!\w)[\"“][A-Z][^\"“”\n]{{2,50}}[\"”]\s(?:[A-Z][\w-]+\s){{0,3}}{QUOTED_HEAD}\b|\b{HEAD_QUOTED}\s[\"“][A-Z][^\"“”\n]{{2,40}}[\"”]"
)

PLATFORM = re.compile(r"(?<![\w-])e-[A-Z][a-z]+\b")  # e-Albania
# Lapsi.ks; in a word of English such as "in" a sentence begins that no space parts from the last one.
SITE = re.compile(
    rf"(?<![\w@/.-])[A-Z][\w-]+\.(?:com|net|org|info|news|press|media|(?!(?:{'|'.join(word for word in STOP_WORDS if len(word) == 2)})\b)[a-z]{{2}})(?![\w/@-]|\.\w)"
)
MOVEMENT = re.compile(  # Jamaat-e-Islami
    rf"(?<![\w-])(?:Pakistan )?(?:{'|'.join(sorted(WORDS.movements))})"
    r"(?:[- ](?:(?:e|i|ul|al|an|as|ash|ud|us|ur|ut|uz)-)?[A-Z][\w’']*(?:-[\w’']+)*){1,4}"
)
SPELT = ((QUOTED, ORG, "quoted"), (PLATFORM, ORG, "list"), (SITE, ORG, "list"), (MOVEMENT, ORG, "list"))  # what its spelling tells
MINISTRY = re.compile(r"Mo[A-Z]{1,5}\.?")  # the tokenizer leaves the full stop of a sentence on "MoI."
LOCAL = re.compile(
    r"\b(?:(?:regional|district|city|municipal|county)\s)?(?:directorate|council)\sof\s(?P<after>[A-Z][\w’'-]+)"
    r"|\b(?P<before>[A-Z][\w’'-]+)\s(?:district|regional|city|county|municipal|family|appeals?|administrative)\s(?:council|court|directorate)\b"
)

_KINDS = "|".join(sorted(kinds_of_places(), key=len, reverse=True))
_CAPITAL_KINDS = "|".join(sorted([*map(str.title, WORDS.place_kinds), *WORDS.features]))
_PLURAL_KINDS = "|".join(sorted(kind.title() for kind in kinds_of_places() if kind.endswith("s")))
_PLAIN = r"[A-Z][a-zà-ỿ’'-]+(?:-[A-Z][a-zà-ỿ]+)?"
NAMED_KIND = re.compile(rf"(?<![\w’'-])(?P<name>{_PLAIN}(?: {_PLAIN}){{0,2}}) (?:{_KINDS})\b(?! of\b)")  # Tete | province
LISTED_KIND = re.compile(rf"(?:,|\band) (?P<name>{_PLAIN}(?: {_PLAIN})?) (?:{_PLURAL_KINDS})\b")  # Tete and | Manica | Provinces
WHOLE_KIND = re.compile(rf"(?<![\w’'-])(?P<name>(?:{_PLAIN} ){{1,3}}(?:{_CAPITAL_KINDS}))\b(?! of\b)")  # Kukes County
KIND_OF = re.compile(rf"\b(?:{_KINDS}) of (?P<name>{_PLAIN}(?: {_PLAIN}){{0,2}})(?![\w’'-])")  # the town of | Tete
STATE_OF = re.compile(  # Socialist Republic of Vietnam
    rf"(?<![\w’'-])(?P<name>(?:{_PLAIN} ){{0,3}}(?:Republic|Kingdom|Sultanate|Emirate|Commonwealth|Federation) of (?:the )?"
    rf"(?P<country>{_PLAIN}(?: {_PLAIN})?))"
)


class Candidate(Struct):
    """A proposed name: its tokens, label and what proposed it ("formal", "short form", "recogniser" ...)."""

    start: int
    end: int
    label: str
    origin: str


class Proposal(Struct, frozen=True):
    """What the recogniser proposes: tokens of the document and its own label."""

    start: int
    end: int
    label: str


def find_candidates(tokens: Tokens, proposed: list[Proposal], countries: frozenset[str] = frozenset()) -> tuple[list[Candidate], set[str]]:
    """Return the candidates of a text, and the short forms that it defines for what is no body.

    Parameters
    ----------
    countries
        ISO 3166-1 codes of the countries that the text is about, whose places the gazetteer proposes.
    """
    spelt = [Candidate(*span, label, origin) for pattern, label, origin in SPELT for span, _ in tokens.matches(pattern)]
    formal = [
        Candidate(*span, ORG, "formal") for span in formal_names(tokens) if folded_in_place(tokens.surface(*span)) not in WORDS.places
    ]
    formal += [Candidate(*span, ORG, "introduced") for span in in_own_language(tokens, [(body.start, body.end) for body in formal])]
    defined, others = _short_forms(tokens, formal + spelt)
    candidates = [
        *formal,
        *spelt,
        *defined,
        *(
            candidate
            for proposal in proposed
            for part in _parts(tokens, proposal)
            if (candidate := _recognised(tokens, part, countries)) is not None
        ),
        *(Candidate(*span, ORG, "introduced") for span in bodies_beside(tokens)),
        *(Candidate(*span, PLACE, "list") for span in airports(tokens)),
        *_local(tokens),
        *_acronyms(tokens),
        *_towns(tokens, proposed, countries),
        *_of_kinds(tokens),
    ]
    head = _run_in_head(tokens)
    return [candidate for candidate in candidates if candidate.start >= head] + _listed(tokens), others


def _parts(tokens: Tokens, proposal: Proposal) -> Iterator[Proposal]:
    """Yield what the recogniser runs together, cut at a slash or dash between names of several words and before a date's day: "El Sol | 3 May 2019"."""
    words, start = tokens.words, proposal.start
    for index in range(proposal.start + 1, proposal.end):
        sides = max(index - start, proposal.end - index - 1) > 1
        if (words[index] == "/" and sides) or (words[index] in DASHES and tokens.spaced[index - 1] and tokens.spaced[index]):
            yield Proposal(start, index, proposal.label)
            start = index + 1
        elif words[index].isdigit() and tokens.word(index + 1).lower().rstrip(".") in WORDS.months:
            yield Proposal(start, index, proposal.label)
            return
    if start < proposal.end:
        yield Proposal(start, proposal.end, proposal.label)


def _recognised(tokens: Tokens, proposal: Proposal, countries: frozenset[str]) -> Candidate | None:
    """Return a candidate for what the recogniser proposes, with our label, or None where it is no name of ours."""
    surface = tokens.surface(proposal.start, proposal.end)
    text = re.sub(r"^(?:the|The)\s+", "", surface).strip("\"“”‘’'.,;: ")
    label = PLACE if text in WORDS.places else ORG if text in WORDS.bodies else None
    if label or text.startswith(("Government of", "Republic of")):
        pass
    elif proposal.label in PLACE_LABELS or (proposal.label != "PERSON" and _is_town(tokens, proposal, text, countries)):
        label = PLACE
    elif proposal.label == "ORG" or (proposal.label in RETYPED_LABELS and any(word in WORDS.heads for word in surface.split())):
        label = ORG
    return None if label is None else Candidate(proposal.start, proposal.end, label, "recogniser")


def _is_town(tokens: Tokens, proposal: Proposal, text: str, countries: frozenset[str]) -> bool:
    """Tell whether the gazetteer knows what the recogniser took for something else, in a country that is spoken of, or where a place stands."""
    known = countries_by_place().get(folded_in_place(text))
    if known is None or text.lower() in WORDS.months:
        return False
    return not countries.isdisjoint(known) or tokens.word(proposal.start - 1).lower() in PLACING


def _of_kinds(tokens: Tokens) -> Iterator[Candidate]:
    """Yield candidates for places by the word for their kind beside them: "Tete province", "Kukes County", "the town of Dielli"."""
    for pattern in (NAMED_KIND, LISTED_KIND, WHOLE_KIND, KIND_OF):
        for (start, end), _ in tokens.matches(pattern, "name"):
            opens = tokens.word(start - 1) in BEGINNINGS
            while start < end and opens and (tokens.words[start] in NOT_FIRST or tokens.words[start].lower() in STOP_WORDS):
                start += 1
            name = tokens.words[start : end - 1 if pattern is WHOLE_KIND else end]
            known = is_place_name(" ".join(name))
            opens = opens and pattern is NAMED_KIND and len(name) == 1 and tokens.word(start - 1) in BEGINNINGS
            if name and (known or not (opens or any(is_common(word) and not is_place_name(word) for word in name))):
                yield Candidate(start, end, PLACE, "kind")
    for (start, end), match in tokens.matches(STATE_OF, "name"):
        if folded_in_place(match["country"]) in WORDS.places:
            start = next(index for index in range(start, end) if tokens.words[index] not in NOT_FIRST)
            yield Candidate(start, end, PLACE, "kind")


def _towns(tokens: Tokens, proposed: list[Proposal], countries: frozenset[str]) -> Iterator[Candidate]:
    """Yield candidates for the places of some countries: of one word inside of a sentence only, and none inside of a person's name."""
    persons = {(proposal.start, proposal.end) for proposal in proposed if proposal.label == "PERSON"}
    within = {index for span in persons for index in range(*span)}
    plain = folded_in_place(tokens.text) if countries else ""
    for country in sorted(countries):
        for start, end in filter(None, (tokens.exactly(*span) for span in places_of(country).find(plain))):
            before, several = tokens.word(start - 1), end - start > 1
            inside = not within.intersection(range(start, end)) and (several or before not in BEGINNINGS)
            if inside or before.lower() in PLACING or (several and (start, end) in persons):
                yield Candidate(start, end, PLACE, "gazetteer")


def _local(tokens: Tokens) -> list[Candidate]:
    """Return candidates for bodies in lower case that their place names: "regional directorate of Kukes", "Tirana family court"."""
    return [
        Candidate(*span, ORG, "formal")
        for span, match in tokens.matches(LOCAL)
        if folded_in_place(match["after"] or match["before"]) in WORDS.places
    ]


def _acronyms(tokens: Tokens) -> list[Candidate]:
    """Return candidates for short forms in capitals that are no common abbreviation, and of ministries: "INSTAT", "SPAK", "MoI"."""
    found = []
    for index, text in enumerate(tokens.words):
        capitals = 3 <= len(text) <= 8 and text.isupper() and text.isascii() and text.isalpha()
        if not (capitals or MINISTRY.fullmatch(text)) or (text.rstrip(".") in WORDS.no_names and text not in WORDS.names_if_acting):
            continue
        beside = [tokens.word(index - 1), tokens.word(index + 1)]
        if not any(other.isupper() and other.isalpha() and len(other) > 1 for other in beside):  # no line in capitals
            found.append(Candidate(index, index + 1, ORG, "acronym"))
    return found


def _run_in_head(tokens: Tokens) -> int:
    """Return the index after a run-in head such as "Access to Basic Services:", 0 where the text has none."""
    for index, word in enumerate(tokens.words[:14]):
        if word == ":":
            main = [before for before in tokens.words[:index] if before.isalpha() and len(before) > 3]
            return index + 1 if len(main) >= 2 and all(before[0].isupper() for before in main) else 0
        if word in (".", "?", "!", "(", '"'):
            return 0
    return 0


@cache
def _list_index() -> NameIndex:
    """Return the index of the lexicon's bodies, places and heads that stand alone."""
    names = WORDS.bodies | WORDS.places | WORDS.alone
    names |= {name.upper() for name in WORDS.places if len(name) > SHORTEST_CAPITALS}
    return NameIndex(folded_in_place(name) for name in names if not name.startswith(("The ", "the ")))


def _listed(tokens: Tokens) -> list[Candidate]:
    """Return candidates for the bodies and places of the lexicon, and for the bodies that a head alone names."""
    found, plain = [], folded_in_place(tokens.text)
    for start, end in _list_index().find(plain):
        name, span = plain[start:end], tokens.exactly(start, end)
        if name in AMBIGUOUS_PLACES and span and (tokens.word(span[0] - 1).lower() not in PLACING or tokens.word(span[1]).istitle()):
            continue
        if span and (name not in WORDS.alone or _stands_for_one(name, tokens.word(span[0] - 1).lower())):
            body = name in WORDS.alone or (name in WORDS.bodies and name not in WORDS.places)
            found.append(Candidate(*span, ORG if body else PLACE, "list"))
    return found


def _stands_for_one(head: str, before: str) -> bool:
    """Tell whether a head with nothing but an article or a possessive names the one body of its country: "the Assembly"."""
    return head == "Parliament" or before in ("the", "an", "albanian", "'s", "’s")


def _short_forms(tokens: Tokens, formal: list[Candidate]) -> tuple[list[Candidate], set[str]]:
    """Return candidates for the bodies whose short forms a text defines, and the short forms of what is no body."""
    bodies: list[Candidate] = []
    others: set[str] = set()
    for form in find_short_forms(tokens.text):
        span = tokens.exactly(form.start, form.end)
        if span is None:
            continue
        start, end = span
        ending = [candidate for candidate in formal if candidate.start < end and start < candidate.end <= end]
        named = names_body(form.long, form.short) or (form.short in WORDS.bodies and form.long[:1].isupper())
        if (named or any(candidate.end == end for candidate in ending)) and not names_nothing(form.long):
            first = min([start, *(candidate.start for candidate in ending)])
            first = next((index for index in range(first, end - 1) if tokens.words[index] not in NOT_FIRST), end - 1)
            bodies.append(Candidate(first, end, ORG, "short form"))
            ranges = [tokens.exactly(*found) for found in NameIndex([form.short]).find(tokens.text)]
            bodies += [Candidate(*found, ORG, "short form") for found in ranges if found is not None]
        elif form.short not in WORDS.places | WORDS.bodies and not acts_as_body(form.long, form.short, tokens.text):
            others.add(form.short)
    return bodies, others
