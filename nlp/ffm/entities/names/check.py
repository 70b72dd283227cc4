"""What is trimmed from a candidate's edges, and which candidates are no names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ffm.entities.amounts.vocabulary import vocabulary
from ffm.entities.lexicon import Lexicon, folded, kinds_of_places, lexicon
from ffm.entities.names.bodies import DEED, names_nothing
from ffm.entities.names.common_words import COMPASS, is_common, is_place_name, of_people
from ffm.entities.names.formal import (
    ALONE_TOO_VAGUE,
    DOCUMENTS,
    LINKS,
    NOT_FIRST,
    POSSESSIVES,
    POSSESSORS,
    is_capital,
    is_own_acronym,
    starts_other_body,
)
from ffm.entities.names.lists import BEGINNINGS
from ffm.entities.names.propose import ORG, PLACE, Candidate
from ffm.entities.tokens import Tokens
from ffm.records import Range

TRIMMED_FIRST = {"the", "a", "an", "The", "A", "An", "this", "that", "our", "their", "its", "NGO", "NGOs"}
TRIMMED_EDGE = set("\"“”‘’'()[]{},.;:!?-–—/*•|<>†‡")
TRIMMED_LAST = {"No", "no", "Nr", "and", "of", "for", "the", "on", "to", "in"}
QUOTES = {"”": "“", '"': '"'}
DIRECTIONS = lexicon().directions
PLACE_KINDS = kinds_of_places()
TRIMMED_KINDS = PLACE_KINDS | {"border", "country", "countries"}
MANY_PLACES = {kind.title() for kind in PLACE_KINDS if kind.endswith("s")}
TITLES = {"PM", "President", "Mr", "Mr.", "Ms", "Ms.", "Mrs", "Mrs.", "Dr", "Dr.", "Judge", "Mayor", "Sir", "Prof", "Prof."}
OFFICE_HOLDERS = lexicon().office_holders
NO_TITLES = {"Justice", "Major", "Student", "Women", "Woman", "Teacher", "Candidate"}  # begin names of bodies too
# The capitalised words after a place, joined by small ones.
TITLE = re.compile(r"(?: (?:(?:and|&|of|on) )?(?!&)[A-Z][\w’'/-]*)+")
DOCUMENT_NUMBER = re.compile(r"(?<!\d)\d+/\d")
CLAUSE_ENDS = {",", ".", ";", ":", "|", "[", "]", "(", ")", "?", "!", "\n"}
IN = {"in", "near", "around", "outside"}
ON = {"on", "against", "for", "to"}


def relabelled(tokens: Tokens, candidate: Candidate, words: Lexicon) -> list[Candidate]:
    """Return what the recogniser took for bodies as places where they stand as places do: "in Muriqan", "the towns of Levan and Driza"."""
    start, end = candidate.start, candidate.end
    surface = tokens.surface(start, end)
    if (
        candidate.origin != "recogniser"
        or candidate.label != ORG
        or surface in words.bodies
        or any(w in words.heads for w in surface.split())
    ):
        return [candidate]
    names = [word for word in tokens.words[start:end] if word not in ("and", "the")]
    if not all(re.fullmatch(r"[A-Z][^\W\d_]*[a-z][^\W\d_]*", word) for word in names):
        return [candidate]
    listed = len(names) > 1 and tokens.words[start:end].count("and") == len(names) - 1 and any(name in words.places for name in names)
    if listed or (tokens.word(start - 1) == "of" and tokens.word(start - 2) in PLACE_KINDS):
        return [Candidate(index, index + 1, PLACE, "recogniser") for index in range(start, end) if tokens.words[index] in names]
    if len(names) == 1 and (
        (tokens.word(start - 1) in IN and not _goes_on(tokens.word(end)))
        or (tokens.word(end) in PLACE_KINDS and tokens.word(end + 1) not in ("of", "for"))
    ):
        return [Candidate(start, end, PLACE, "recogniser")]
    return [candidate]


def _goes_on(word: str) -> bool:
    """Tell whether a token can go on with a name: it begins with a capital or is "&"."""
    return word[:1].isupper() or word == "&"


def trimmed(tokens: Tokens, candidate: Candidate) -> Candidate | None:
    """Strip articles, quotes, punctuation and the possessive from a candidate's edges; a direction or kind from a place."""
    if candidate.origin in ("list", "quoted", "kind"):
        return candidate
    words = tokens.words
    start, end = candidate.start, candidate.end
    if candidate.origin == "recogniser":
        end = _first_break(tokens, start, end)
    if candidate.origin in ("recogniser", "introduced", "acronym"):
        start, end = _with_hyphens(tokens, start, end)
    while start < end and (words[start] in TRIMMED_FIRST or words[start] in TRIMMED_EDGE or _is_sign(words[start])):
        start += 1
    while end > start and (words[end - 1] in TRIMMED_EDGE or words[end - 1] in POSSESSIVES or _is_sign(words[end - 1])):
        end -= 1
    if candidate.origin == "recogniser":
        end = _before_person(tokens, start, end) if candidate.label == ORG else end
        if (
            start < end - 2 and words[start].lower() in lexicon().months and words[start + 1].isdigit()
        ):  # September 9 | World Economic Forum
            start += 2
        while start < end - 1 and words[start] in NOT_FIRST and words[start] not in ("New", "Mary"):
            start += 1
        while start < end - 1 and candidate.label == ORG and words[start].islower() and words[start + 1] != "-":
            start += 1
        while end - start > 1 and words[end - 1] in TRIMMED_LAST:
            end -= 1
    if candidate.label == PLACE and start < end:
        start, end = _bare_place(tokens, start, end)
    elif start < end and (opening := QUOTES.get(next((word for word in words[start:end] if word in QUOTES), ""))):
        if tokens.word(start - 1) == opening and words[start:end].count(opening) < 2:
            start -= 1
    return Candidate(start, end, candidate.label, candidate.origin) if start < end else None


def _is_sign(word: str) -> bool:
    """Tell whether a token is white space, a sign such as an emoji, or a letter that is one: "𝒳"."""
    return not any(character.isalnum() and character <= "\uffff" for character in word)


def _first_break(tokens: Tokens, start: int, end: int) -> int:
    """Return where a name ends at the latest: at a comma, bracket, line end, possessive, another body after "and", "on Defining"."""
    words = tokens.words
    for index in range(start + 1, end):
        word = words[index]
        if (
            word in (",", ":", ";", "(")
            or "\n" in word
            or (word[0] > "\u20ff" and _is_sign(word))
            or (index == end - 1 and is_own_acronym(word, words[index - 1]) and any(other in LINKS for other in words[start:index]))
            or (word in ("'s", "’s") and words[index - 1] not in POSSESSORS)
            or (word == "and" and _begins_other(tokens, start, index))
            or (word == "on" and tokens.word(index + 1).endswith("ing"))
        ):
            return index
    return end


def _with_hyphens(tokens: Tokens, start: int, end: int) -> tuple[int, int]:
    """Return a name with what a hyphen ties to it, where that begins with a capital: "Promo | -LEX", "UN- | ACT"."""
    words, spaced = tokens.words, tokens.spaced
    while end + 1 < len(tokens) and words[end] == "-" and words[end + 1][:1].isupper() and not spaced[end - 1] and not spaced[end]:
        if tokens.word(end + 2) == "-":  # ASTRA | -Anti-trafficking
            break
        end += 2
    while start > 1 and words[start - 1] == "-" and words[start - 2][:1].isupper() and not spaced[start - 1] and not spaced[start - 2]:
        start -= 2
    return start, end


def _before_person(tokens: Tokens, start: int, end: int) -> int:
    """Return the end of a body of the state that the recogniser ran together with a person: "National Assembly | Nguyen Van Hoa"."""
    words = lexicon()
    for index in range(start + 1, end - 1):
        rest = tokens.words[index + 1 : end]
        if (
            tokens.words[index] in OFFICE_HOLDERS
            and len(rest) > 1
            and all(
                word[0].isupper() and word.isalpha() and not word.isupper() and word not in words.heads and word not in words.places
                for word in rest
            )
        ):
            return index + 1
    return end


def _begins_other(tokens: Tokens, start: int, conjunction: int) -> bool:
    """Tell whether "and" joins a second body to a first: "Ministry of Bread | and State Police"."""
    words = lexicon()
    return (
        conjunction + 1 < len(tokens)
        and any(word in words.heads for word in tokens.words[start:conjunction])
        and starts_other_body(tokens, conjunction + 1, words)
    )


def _bare_place(tokens: Tokens, start: int, end: int) -> tuple[int, int]:
    """Return a place without a direction before it and a kind after it: "northern | Albania", "Kukes | region"."""
    words = tokens.words
    places = lexicon().places
    while start < end - 1 and words[start].lower() in DIRECTIONS and tokens.surface(start, end) not in places:
        start += 1
    while (
        start < end - 1 and (words[end - 1] in TRIMMED_KINDS or words[end - 1] in MANY_PLACES) and tokens.surface(start, end) not in places
    ):
        end -= 1
    return start, end


def is_name(tokens: Tokens, candidate: Candidate, words: Lexicon, others: set[str], persons: Sequence[Range]) -> bool:
    """Tell whether a trimmed candidate is a name, by its words and by what stands beside it.

    Parameters
    ----------
    others
        Short forms of what is no body.
    persons
        The token ranges of persons that nouns beside them tell.
    """
    text = tokens.surface(candidate.start, candidate.end)
    if text in words.names_if_acting and text not in others:
        return DEED.match(tokens.text, tokens.end(candidate.end - 1)) is not None
    if (
        text in words.no_names
        or text.rstrip(".") in words.no_names
        or text in others
        or (re.search(r"\b[Gg]overnments?$", text) and text not in words.bodies)
        or not any(character.isupper() for character in text)
        or COMPASS.fullmatch(text)
    ):
        return False
    if candidate.label == PLACE and (
        titles_document(tokens.text, tokens.end(candidate.end - 1), words) or _begins_longer(tokens, candidate)
    ):
        return False
    if candidate.end - candidate.start == 1 and text.isupper() and DOCUMENT_NUMBER.match(tokens.word(candidate.end)):
        return False  # the report ABC 12/004/2009
    if candidate.origin in ("list", "quoted", "kind"):
        return True
    if candidate.origin in ("formal", "short form"):
        return not names_nothing(text, words) and not _counted(tokens, candidate, words)
    if re.search(r"[<>@=%]|https?:|www\.|\d{3}", text) or len(text) < 2 or len(text.split()) > 12:
        return False
    if all(part in words.no_names or part in ("and", "or", "&") for part in re.split(r"[\s/]+", text)):
        return False
    if candidate.origin == "recogniser" and (
        TITLES & {tokens.words[candidate.start], tokens.word(candidate.start - 1)}
        or (
            candidate.end - candidate.start == 1
            and text not in words.places | words.bodies
            and (_is_adjective(text, tokens.word(candidate.end)) or of_people(text))
        )
    ):
        return False
    if is_person(tokens, candidate, words, persons):
        return False
    if candidate.label == PLACE:
        return _is_place(tokens, candidate, text, words)
    if (
        (names_nothing(text, words) and candidate.origin != "introduced")
        or _in_title(tokens, candidate, words)
        or _counted(tokens, candidate, words)
        or _in_headline(tokens, candidate, words)
    ):
        return False
    return not (candidate.end - candidate.start == 1 and (text in words.heads or text in ALONE_TOO_VAGUE or _is_plural_head(text, words)))


def is_person(tokens: Tokens, candidate: Candidate, words: Lexicon, persons: Sequence[Range]) -> bool:
    """Tell whether a candidate of the recogniser lies in what is known as a person's name, or begins with a person's title."""
    start, end = candidate.start, candidate.end
    name = tokens.words[start:end]
    surface = tokens.surface(start, end)
    if (
        candidate.origin not in ("recogniser", "gazetteer")
        or any(word in words.heads for word in name)
        or surface in words.places | words.bodies
    ):
        return False
    if len(name) > 1 and name[0].lower() in words.persons and name[0] not in NO_TITLES:
        return True
    if 1 < len(name) <= 5 and all(word[0].isupper() and word.isalpha() and not word.isupper() for word in name):
        if folded(name[0]) in words.surnames or acts_as_person(tokens, start, end, words):
            return True
    return not surface.isupper() and any(first <= start and end <= last for first, last in persons)


def _is_adjective(text: str, following: str) -> bool:
    """Tell whether a word is the adjective of a people, country or faith: "Macedonian", "Koranic education"."""
    return re.fullmatch(r"[A-Z][a-z]+(?:ian|ean|ese|ish)", text) is not None or (text.endswith("ic") and following.islower())


def _is_place(tokens: Tokens, candidate: Candidate, text: str, words: Lexicon) -> bool:
    if text in words.places:
        following = tokens.word(candidate.end).lower()
        return not (following.startswith("countr") and text.endswith(("Balkan", "Balkans")))
    single = candidate.end - candidate.start == 1 and candidate.origin == "recogniser"
    if single and tokens.word(candidate.start - 1) in BEGINNINGS and tokens.word(candidate.end).islower() and not is_place_name(text):
        return tokens.word(candidate.end) in PLACE_KINDS  # Propaganda | officials
    if candidate.end - candidate.start > 1 or text.startswith("Balkan"):
        return not tokens.word(candidate.end).lower().startswith("countr")
    return text[0].isupper() and text not in words.heads and not re.fullmatch(r"[A-Z]{2,4}|(?:[A-Z]\.)+|\w*[a-z][A-Z]\w*", text)


def _begins_longer(tokens: Tokens, candidate: Candidate) -> bool:
    """Tell whether a place of one word, which a list knows, begins a longer name that none knows: "Edo | Marsk Ugal"."""
    end = candidate.end
    word = tokens.word(end)
    if candidate.end - candidate.start > 1 or candidate.origin not in ("list", "gazetteer") or not tokens.spaced[end - 1]:
        return False
    return (
        word.istitle()
        and word.isalpha()
        and len(word) > 2
        and not is_common(word)
        and not is_place_name(word)
        and tokens.word(end + 1).istitle()
    )


def titles_document(text: str, end: int, words: Lexicon) -> bool:
    """Tell whether the place that ends at an offset begins the title of a document or event: "Nigeria | Demographic and Health Survey"."""
    title = TITLE.match(text, end)
    following = title.group().split() if title else []
    return bool(following) and following[-1] in words.no_heads and words.heads.isdisjoint(following)


def acts_as_person(tokens: Tokens, start: int, end: int, words: Lexicon) -> bool:
    """Tell whether what stands beside a name is what stands beside a person's: "arrested | Ion Ceban", "| Ion Ceban was sentenced"."""
    before, verb = tokens.word(start - 1).lower(), tokens.word(start - 2).lower()
    if before in words.done_to_persons or (before == "of" and verb in words.of_persons):
        return True
    after, following = tokens.word(end).lower(), tokens.word(end + 1).lower()
    if after in words.done_by_persons:
        return True
    return (after in ("was", "were", "is") and following in words.done_to_persons) or (
        after in ("'s", "’s") and following in words.of_persons
    )


def _in_title(tokens: Tokens, candidate: Candidate, words: Lexicon) -> bool:
    """Tell whether the recogniser cut its name from a post or from the title of a document: "Minister of | Interior"."""
    if candidate.origin != "recogniser":
        return False
    first = candidate.start - 1
    if tokens.word(first) in ("the", "The"):
        first -= 1
    before = tokens.word(first - 1)
    if tokens.word(first) in ("of", "for") and before in ("Minister", "Ministers", "minister"):
        return True
    if tokens.word(candidate.end) in ("Minister", "minister"):
        return True
    if any(tokens.words[index] in DOCUMENTS and is_capital(tokens.words[index - 1]) for index in range(candidate.start + 1, candidate.end)):
        return True
    return tokens.word(first) in ON and before in words.no_heads and before[:1].isupper()


def _in_headline(tokens: Tokens, candidate: Candidate, words: Lexicon) -> bool:
    """Tell whether the recogniser cut its name from a headline in capitals: "Albania Opposition | Condemns Suspended Sentence"."""
    start, end = candidate.start, candidate.end
    if candidate.origin != "recogniser" or end - start < 2 or any(word in words.heads for word in tokens.words[start:end]):
        return False
    left, right = start, end
    while left > 0 and tokens.words[left - 1] not in CLAUSE_ENDS and start - left < 8:
        left -= 1
    while right < len(tokens) and tokens.words[right] not in CLAUSE_ENDS and right - end < 8:
        right += 1
    beside = [word for word in tokens.words[left:start] + tokens.words[end:right] if len(word) > 3 and word.isalpha()]
    return len(beside) >= 2 and all(word[0].isupper() for word in beside)


def _counted(tokens: Tokens, candidate: Candidate, words: Lexicon) -> bool:
    """Tell whether a plural in capitals is counted and so names no one body: "12 Regional Anti Trafficking Committees"."""
    before, last = tokens.word(candidate.start - 1).lower(), tokens.words[candidate.end - 1]
    return _is_plural_head(last, words) and ((before.isdigit() and before != "1") or vocabulary().numbers.get(before, 0) > 1)


def _is_plural_head(word: str, words: Lexicon) -> bool:
    singular = word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")
    return singular != word and (singular in words.heads or singular in ALONE_TOO_VAGUE)
