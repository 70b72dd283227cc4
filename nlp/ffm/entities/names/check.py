"""What is trimmed from a candidate's edges, and which candidates are no names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ffm.entities.amounts.vocabulary import vocabulary
from ffm.entities.lexicon import folded, kinds_of_places, lexicon
from ffm.entities.names.bodies import DEED, names_nothing
from ffm.entities.names.common_words import COMPASS, is_common, is_place_name, of_people
from ffm.entities.names.formal import LINKS, NOT_FIRST, POSSESSIVES, is_own_acronym, starts_other_body
from ffm.entities.names.lists import BEGINNINGS
from ffm.entities.names.propose import ORG, PLACE, Candidate
from ffm.entities.tokens import Tokens
from ffm.records import Range

WORDS = lexicon()
TRIMMED_FIRST = {"the", "a", "an", "The", "A", "An", "this", "that", "our", "their", "its", "NGO", "NGOs"}
TRIMMED_LAST = {"No", "no", "Nr", "and", "of", "for", "the", "on", "to", "in"}
QUOTES = {"”": "“", '"': '"'}
AFTER_PLACE = kinds_of_places() | {"border", "country", "countries"} | {kind.title() for kind in kinds_of_places() if kind.endswith("s")}
TITLES = {"PM", "MP", "President", "Mr", "Mr.", "Ms", "Ms.", "Mrs", "Mrs.", "Dr", "Dr.", "Judge", "Mayor", "Sir", "Prof", "Prof."}
NO_TITLES = {"Justice", "Major", "Student", "Women", "Woman", "Teacher", "Candidate"}  # begin names of bodies too
# The capitalised words after a place, joined by small ones.
TITLE = re.compile(r"(?: (?:(?:and|&|of|on) )?(?!&)[A-Z][\w’'/-]*)+")
NO_NAME = re.compile(r"[<>@=%]|https?:|www\.|\d{3}")
DOCUMENT_NUMBER = re.compile(r"(?<!\d)\d+/\d")
CLAUSE_ENDS = {",", ".", ";", ":", "|", "[", "]", "(", ")", "?", "!", "\n"}
HEADLINE = 8  # words on either side that show one
BETWEEN_DIRECTIONS = {"and", "or", "of", "-"}
IN = {"in", "near", "around", "outside"}
RULES = ("list", "quoted", "kind")  # what finds whole names


def relabelled(tokens: Tokens, candidate: Candidate) -> list[Candidate]:
    """Return what the recogniser took for bodies as places where they stand as places do: "in Muriqan", "the towns of Levan and Driza"."""
    if candidate.origin != "recogniser" or candidate.label != ORG or is_known_body(tokens, candidate):
        return [candidate]
    start, end, before = candidate.start, candidate.end, tokens.word(candidate.start - 1)
    name = tokens.surface(start, end)
    if before in IN and name.istitle() and name.replace("-", "").isalpha():
        return [Candidate(start, end, PLACE, "recogniser")]
    parts = [index for index in range(start, end) if tokens.words[index] not in ("and", "the")]
    if before == "of" and tokens.word(start - 2) in kinds_of_places() and all(tokens.words[index].istitle() for index in parts):
        return [Candidate(index, index + 1, PLACE, "recogniser") for index in parts]
    return [candidate]


def is_known_body(tokens: Tokens, candidate: Candidate) -> bool:
    """Tell whether the lexicon knows a body, or the head of its name."""
    name = tokens.words[candidate.start : candidate.end]
    return not WORDS.heads.isdisjoint(name) or tokens.surface(candidate.start, candidate.end) in WORDS.bodies


def trimmed(tokens: Tokens, candidate: Candidate) -> Candidate | None:
    """Strip articles, quotes, punctuation and the possessive from a candidate's edges; a direction or kind from a place."""
    if candidate.origin in RULES:
        return candidate
    words, start, end = tokens.words, candidate.start, candidate.end
    recognised = candidate.origin == "recogniser"
    if recognised:
        end = _first_break(tokens, start, end)
    if candidate.origin in ("recogniser", "introduced", "acronym"):
        start, end = _with_hyphens(tokens, start, end)
    while start < end and (words[start] in TRIMMED_FIRST or _is_sign(words[start])):
        start += 1
    while end > start and (words[end - 1] in POSSESSIVES or _is_sign(words[end - 1])):
        end -= 1
    if recognised:
        end = _before_person(tokens, start, end) if candidate.label == ORG else end
        while start < end - 1 and (
            (words[start] in NOT_FIRST and words[start] not in ("New", "Mary"))
            or (candidate.label == ORG and words[start].islower() and words[start + 1] != "-")
        ):
            start += 1
        while end - start > 1 and words[end - 1] in TRIMMED_LAST:
            end -= 1
    if candidate.label == PLACE and start < end:
        start, end = _bare_place(tokens, start, end)
    elif opening := QUOTES.get(next((word for word in words[start:end] if word in QUOTES), "")):
        start -= tokens.word(start - 1) == opening
    return Candidate(start, end, candidate.label, candidate.origin) if start < end else None


def _is_sign(word: str) -> bool:
    """Tell whether a token is white space, a sign such as an emoji, or a letter that is one: "𝒳"."""
    return not any(character.isalnum() and character <= "\uffff" for character in word)


def _first_break(tokens: Tokens, start: int, end: int) -> int:
    """Return where a name ends at the latest: at a comma, bracket, possessive, another body after "and", "on Defining"."""
    words = tokens.words
    for index in range(start + 1, end):
        word = words[index]
        if (
            word in (",", ":", ";", "(")
            or (is_own_acronym(word, words[index - 1]) and not LINKS.isdisjoint(words[start:index]))
            or (word in ("'s", "’s") and (words[index - 1] not in WORDS.possessors or tokens.surface(start, index) in WORDS.bodies))
            or (word == "and" and not WORDS.heads.isdisjoint(words[start:index]) and starts_other_body(tokens, index + 1))
            or (word == "on" and tokens.word(index + 1).endswith("ing"))
        ):
            return index
    return end


def _with_hyphens(tokens: Tokens, start: int, end: int) -> Range:
    """Return a name with what a hyphen ties to it, where that is a number or begins with a capital: "Promo | -LEX", "UN- | ACT", "Zora | -88"."""
    words, spaced = tokens.words, tokens.spaced
    while end + 1 < len(tokens) and words[end] == "-" and not spaced[end - 1] and not spaced[end]:
        if not (words[end + 1][:1].isupper() or words[end + 1].isdigit()):
            break
        end += 2
    while start > 1 and words[start - 1] == "-" and words[start - 2][:1].isupper() and not spaced[start - 1] and not spaced[start - 2]:
        start -= 2
    return start, end


def _before_person(tokens: Tokens, start: int, end: int) -> int:
    """Return the end of a body of the state that the recogniser ran together with a person: "National Assembly | Nguyen Van Hoa"."""
    for index in range(start + 1, end - 2):
        rest = tokens.words[index + 1 : end]
        if tokens.words[index] in WORDS.office_holders and all(word.istitle() and word.isalpha() for word in rest):
            if WORDS.heads.isdisjoint(rest) and WORDS.places.isdisjoint(rest):
                return index + 1
    return end


def _bare_place(tokens: Tokens, start: int, end: int) -> Range:
    """Return a place without directions before it and a kind after it: "northern | Albania", "North and | South Kivu", "Kukes | region"."""
    words = tokens.words
    before = WORDS.directions | BETWEEN_DIRECTIONS
    while start < end - 1 and words[start].lower() in before and tokens.surface(start, end) not in WORDS.places:
        start += 1
    while start < end - 1 and words[end - 1] in AFTER_PLACE and tokens.surface(start, end) not in WORDS.places:
        end -= 1
    return start, end


def is_name(tokens: Tokens, candidate: Candidate, others: set[str], persons: Sequence[Range]) -> bool:
    """Tell whether a trimmed candidate is a name, by its words and by what stands beside it.

    Parameters
    ----------
    others
        Short forms of what is no body.
    persons
        The token ranges of persons that nouns beside them tell.
    """
    start, end, origin = candidate.start, candidate.end, candidate.origin
    text, after = tokens.surface(start, end), tokens.end(end - 1)
    if text in WORDS.names_if_acting and text not in others:
        return DEED.match(tokens.text, after) is not None
    if (
        text.rstrip(".") in WORDS.no_names
        or text in others
        or (text.endswith(("overnment", "overnments")) and text not in WORDS.bodies)
        or not any(character.isupper() for character in text)
        or COMPASS.fullmatch(text)
        or (candidate.label == PLACE and (titles_document(tokens.text, after) or _begins_longer(tokens, candidate)))
        or (end - start == 1 and text.isupper() and DOCUMENT_NUMBER.match(tokens.word(end)))  # the report ABC 12/004/2009
    ):
        return False
    if origin in RULES:
        return True
    if origin in ("formal", "short form"):
        return not names_nothing(text) and not _counted(tokens, candidate)
    if NO_NAME.search(text) or len(text) < 2 or len(text.split()) > 12:
        return False
    if all(part in WORDS.no_names or part in ("and", "or", "&") for part in re.split(r"[\s/]+", text)):
        return False
    if (origin == "recogniser" and _is_title_or_people(tokens, candidate, text)) or is_person(tokens, candidate, persons):
        return False
    if candidate.label == PLACE:
        return _is_place(tokens, candidate, text)
    if (names_nothing(text) and origin != "introduced") or _counted(tokens, candidate):
        return False
    if origin == "recogniser" and (_in_title(tokens, candidate) or _in_headline(tokens, candidate)):
        return False
    return not (end - start == 1 and (text in WORDS.heads or text in WORDS.alone_too_vague or _is_plural_head(text)))


def _is_title_or_people(tokens: Tokens, candidate: Candidate, text: str) -> bool:
    """Tell whether a name holds a person's title, or is the adjective of a people, country or faith: "Macedonian"."""
    if TITLES & {tokens.words[candidate.start], tokens.words[candidate.end - 1], tokens.word(candidate.start - 1)}:
        return True
    if text in WORDS.places or text in WORDS.bodies:
        return False
    return of_people(text) or all(map(of_people, text.split()))


def is_person(tokens: Tokens, candidate: Candidate, persons: Sequence[Range]) -> bool:
    """Tell whether a candidate of the recogniser lies in what is known as a person's name, or begins with a person's title."""
    start, end = candidate.start, candidate.end
    name, surface = tokens.words[start:end], tokens.surface(start, end)
    if candidate.origin not in ("recogniser", "gazetteer") or surface in WORDS.places or is_known_body(tokens, candidate):
        return False
    if len(name) > 1 and name[0].lower() in WORDS.persons and name[0] not in NO_TITLES:
        return True
    if 1 < len(name) <= 5 and all(word[0].isupper() and word.isalpha() and not word.isupper() for word in name):
        if folded(name[0]) in WORDS.surnames or _acts_as_person(tokens, start, end):
            return True
    return not surface.isupper() and any(first <= start and end <= last for first, last in persons)


def _acts_as_person(tokens: Tokens, start: int, end: int) -> bool:
    """Tell whether what stands beside a name is what stands beside a person's: "arrested | Ion Ceban", "| Ion Ceban was sentenced"."""
    verb, before = tokens.word(start - 2).lower(), tokens.word(start - 1).lower()
    after, following = tokens.word(end).lower(), tokens.word(end + 1).lower()
    return (
        before in WORDS.done_to_persons
        or (before == "of" and verb in WORDS.of_persons)
        or after in WORDS.done_by_persons
        or (after == "," and (following in ("who", "whose") or (following.isdigit() and tokens.word(end + 2) == ",")))
        or (after in ("was", "were", "is") and following in WORDS.done_to_persons)
        or (after in ("'s", "’s") and following in WORDS.of_persons)
    )


def _is_place(tokens: Tokens, candidate: Candidate, text: str) -> bool:
    """Tell whether a place stands as one does: not "Western Balkan countries", not the first word of a sentence that none knows."""
    single, following = candidate.end - candidate.start == 1, tokens.word(candidate.end)
    if text in WORDS.places or following.startswith("countr") or not single:
        return text in WORDS.places or not following.startswith("countr")
    if candidate.origin == "recogniser" and tokens.word(candidate.start - 1) in BEGINNINGS and following.islower():
        if not is_place_name(text):  # Propaganda | officials
            return following in kinds_of_places()
    return text not in WORDS.heads and not re.fullmatch(r"[A-Z]{2,4}|(?:[A-Z]\.)+|\w*[a-z][A-Z]\w*", text)


def _begins_longer(tokens: Tokens, candidate: Candidate) -> bool:
    """Tell whether a place of one word, which a list knows, begins a longer name that none knows: "Edo | Marsk Ugal"."""
    end = candidate.end
    word = tokens.word(end)
    if candidate.end - candidate.start > 1 or candidate.origin not in ("list", "gazetteer") or not tokens.spaced[end - 1]:
        return False
    unknown = word.istitle() and word.isalpha() and len(word) > 2 and not is_common(word) and not is_place_name(word)
    return unknown and tokens.word(end + 1).istitle()


def titles_document(text: str, end: int) -> bool:
    """Tell whether the place that ends at an offset begins the title of a document or event: "Nigeria | Demographic and Health Survey"."""
    title = TITLE.match(text, end)
    following = title.group().split() if title else []
    return bool(following) and following[-1] in WORDS.no_heads and WORDS.heads.isdisjoint(following)


def _in_title(tokens: Tokens, candidate: Candidate) -> bool:
    """Tell whether the recogniser cut its name from a post or from the title of a document: "Minister of | Interior"."""
    first = candidate.start - 1
    first -= tokens.word(first) in ("the", "The")
    before, following = tokens.word(first - 1), tokens.word(candidate.end)
    if (tokens.word(first) in ("of", "for") and before in ("Minister", "Ministers", "minister")) or following in ("Minister", "minister"):
        return True
    if any(word in WORDS.documents for word in tokens.words[candidate.start + 1 : candidate.end]):
        return True
    return tokens.word(first) in ("on", "against", "for", "to") and before in WORDS.no_heads


def _in_headline(tokens: Tokens, candidate: Candidate) -> bool:
    """Tell whether the recogniser cut its name from a headline in capitals: "Albania Opposition | Condemns Suspended Sentence"."""
    start, end = candidate.start, candidate.end
    if end - start < 2 or not WORDS.heads.isdisjoint(tokens.words[start:end]):
        return False
    left = next((at for at in range(start, max(0, start - HEADLINE), -1) if tokens.words[at - 1] in CLAUSE_ENDS), max(0, start - HEADLINE))
    right = next((at for at in range(end, min(len(tokens), end + HEADLINE)) if tokens.words[at] in CLAUSE_ENDS), end + HEADLINE)
    beside = [word for word in tokens.words[left:start] + tokens.words[end:right] if len(word) > 3 and word.isalpha()]
    return len(beside) >= 2 and all(word[0].isupper() for word in beside)


def _counted(tokens: Tokens, candidate: Candidate) -> bool:
    """Tell whether a plural in capitals is counted and so names no one body: "12 Regional Anti Trafficking Committees"."""
    before = tokens.word(candidate.start - 1).lower()
    return _is_plural_head(tokens.words[candidate.end - 1]) and (before.isdigit() or vocabulary().numbers.get(before, 0) > 1)


def _is_plural_head(word: str) -> bool:
    singular = word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")
    return singular != word and (singular in WORDS.heads or singular in WORDS.alone_too_vague)
