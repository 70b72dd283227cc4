"""Formal names of bodies, found by the word that they are built around: "State Agency for Child Rights and Protection"."""

from __future__ import annotations

import re

from ffm.entities.lexicon import folded, lexicon
from ffm.entities.tokens import Tokens, apart
from ffm.records import Range

WORDS = lexicon()
NOT_FIRST = WORDS.not_first
AND = {"and", "&"}
LINKS = {"of", "for", "on", "against", "to"}
INNER = {"of", "for", *AND, "the", "on", "against"}
DASHES = ("-", "–")
POSSESSIVES = ("'s", "’s", "'", "’")
MADE_BY = {"backed", "based", "run", "led", "funded", "owned", "controlled", "sponsored", "supported", "affiliated", "aligned"}
EVENTS = {"Conference", "Forum"}
MANY = {"Services", "Service", "Agencies"}  # more than one stands in one name: "Ministry of Health and Social Services"
NUMBER_MARKS = {"No", "No.", "Nr", "Nr.", "№", "Number"}


def is_capital(word: str) -> bool:
    """Tell whether a token begins with a capital of an alphabet and holds no digit, or is "&"."""
    return (word[:1].isupper() and word[0] <= "\uffff" and not any(character.isdigit() for character in word)) or word == "&"


def formal_names(tokens: Tokens) -> list[Range]:
    """Return the token ranges of formal names, in order and without overlaps, the longest first where they compete."""
    found: list[Range] = []
    for index, word in enumerate(tokens.words):
        if word in WORDS.numbered and (end := _after_number(tokens, index + 1)):
            found.append((_extend_left(tokens, index), end))
        elif word in WORDS.lower_heads:
            left = _extend_left(tokens, index)
            if left < index and (index > 1 or tokens.words[0].isupper() or folded(tokens.words[0]) in WORDS.places):
                found.append((left, index + 1))
        elif word in WORDS.heads and not (word in EVENTS and tokens.word(index + 1) in LINKS):  # International Conference on Migration
            left, right = _extend_left(tokens, index), _extend_right(tokens, index)
            if right == index + 1 and word.lower() in WORDS.persons and tokens.word(right).istitle():
                continue  # Police Commissioner | Ana Rusu
            if left < index or right > index + 1:
                found.append((_before_number(tokens, left) if word in WORDS.numbered else left, right))
    return apart(sorted(found, key=lambda span: (span[0] - span[1], span[0])), lambda span: span)


def _after_number(tokens: Tokens, position: int) -> int | None:
    """Return where the number of a numbered body ends: "Penitentiary | No. 13", "School | No.5"; None where there is none."""
    if re.fullmatch(r"(?:No|Nr)\.\d{1,4}", tokens.word(position)):
        return position + 1
    if tokens.word(position) not in NUMBER_MARKS:
        return None
    position += 1 + (tokens.word(position + 1) == ".")
    return position + 1 if tokens.word(position).isdigit() else None


def _before_number(tokens: Tokens, left: int) -> int:
    """Return where the number begins that opens a name: "No. 6 | Detention Center", "7th | Rifle Brigade"; where the name does if none opens it."""
    if re.fullmatch(r"\d+(?:st|nd|rd|th)", tokens.word(left - 1)):
        return left - 1
    if not tokens.word(left - 1).isdigit():
        return left
    mark = left - 2 - (tokens.word(left - 2) == ".")
    return mark if tokens.word(mark) in NUMBER_MARKS else left


def _extend_left(tokens: Tokens, head: int) -> int:
    """Return the index of the first word of the name that ends in a head."""
    left = head
    while left > 0 and (step := _left_step(tokens, left, head)):
        left -= step
    while left < head and tokens.words[left] in NOT_FIRST and tokens.words[left + 1] not in POSSESSIVES:
        left += 1
    return head if tokens.words[left] in DASHES else left  # In | -country Movement


def _left_step(tokens: Tokens, left: int, head: int) -> int:
    """Return how many tokens before a name belong to it, 0 at its beginning."""
    previous, before = tokens.words[left - 1], tokens.word(left - 2)
    if previous in NOT_FIRST and previous not in ("New", "All"):
        return 0
    tied = left > 1 and not tokens.spaced[left - 2]
    if (
        (previous in POSSESSIVES and before in WORDS.possessors)
        or (previous in DASHES and tied and not tokens.spaced[left - 1] and is_capital(before))
        or (previous == "and" and left < head and before in WORDS.subjects and not _complements(tokens, left - 2))
        or (previous == "&" and is_capital(before))
        or (previous == "and" and folded(tokens.surface(left - 2, left + 1)) in WORDS.places)  # Trinidad and | Tobago Police
    ):
        return 2
    if previous.islower() and before == "-" and tied and tokens.spaced[left - 1] and previous not in MADE_BY:  # Serb-run | Ministry
        return 3 if tokens.word(left - 3)[:1].isupper() and not tokens.spaced[left - 3] else 0
    return int(is_capital(previous) and previous != "&" and tokens.spaced[left - 1])


def _complements(tokens: Tokens, position: int) -> bool:
    """Tell whether the capitalised words up to a token complete what stands before them: "Ministry of Social | Welfare"."""
    while position > 0 and is_capital(tokens.words[position]):
        position -= 1
    return tokens.words[position] in {"of", "for", *AND}


def _extend_right(tokens: Tokens, head: int) -> int:
    """Return the index after a head's complement: "of the Interior", "for Child Rights and Protection"."""
    words = tokens.words
    end = position = head + 1
    while position < len(words):
        word = words[position]
        if is_capital(word) and position > head + 1 and word != "&":
            if _begins_anew(tokens, position, head):
                break
            position += 1
            end = position
        elif _links(tokens, position, head):
            position += 1
        else:
            break
    return end


def _begins_anew(tokens: Tokens, position: int, head: int) -> bool:
    """Tell whether a capitalised word after a head belongs to something else: another body, a place, a document, a short form."""
    words = tokens.words
    word, previous = words[position], words[position - 1]
    if previous.lower() in AND and (  # Ministry of Public Security | and Hanoi police
        starts_other_body(tokens, position) or folded(word) in WORDS.places
    ):
        return True
    return (
        word in NUMBER_MARKS
        or (word in WORDS.documents and is_capital(previous))
        or (previous == "the" and position > head + 3 and len(word) >= 3 and word.isupper())  # Ministry of Interior | of the KRG
        or (is_own_acronym(word, previous) and not LINKS.isdisjoint(words[head:position]))
    )


def is_own_acronym(word: str, previous: str) -> bool:
    """Tell whether a token is a short form that follows a full name without brackets: "Organization for Support of Youth | ARSIS"."""
    return len(word) >= 3 and word.isupper() and word.isalpha() and previous not in INNER and not previous.isupper()


def _links(tokens: Tokens, position: int, head: int) -> bool:
    """Tell whether a token that is no capitalised word joins a head, or its complement so far, to more of the name."""
    words = tokens.words
    word, previous, following = words[position], words[position - 1], tokens.word(position + 1)
    lower, beside, goes_on = word.lower(), position == head + 1, is_capital(following)
    if lower == "in":
        return (beside and words[head] in ("Presence", "Mission", "Delegation")) or (
            previous in ("Trafficking", "trafficking", "Traffic", "Trade") and goes_on
        )
    if lower == "the":
        return previous.lower() in LINKS and not beside
    if lower in (LINKS if beside else INNER):
        dated = following.lower() in WORDS.months  # Ministry of Labour | on May 3
        return lower != "on" or not (
            dated or (not beside and following.endswith("ing"))
        )  # Council of Ministers | on Defining Hazardous Work
    if word in POSSESSIVES:
        return previous in WORDS.possessors and goes_on
    if word == ",":
        return position > head + 2 and _listed(tokens, position)
    return word in DASHES and not tokens.spaced[position] and not tokens.spaced[position - 1] and goes_on


def _listed(tokens: Tokens, comma: int) -> bool:
    """Tell whether a comma stands inside a name such as "Ministry of Labour, Social Affairs and Equal Opportunities"."""
    position = comma + 1
    while position - comma < 4 and is_capital(tokens.word(position)):
        position += 1
    if tokens.word(position) == "," and position > comma + 1:
        position += 1
    last = position > comma + 1 or "," in tokens.words[max(0, comma - 3) : comma]
    return last and tokens.word(position) == "and" and is_capital(tokens.word(position + 1)) and not starts_other_body(tokens, position + 1)


def starts_other_body(tokens: Tokens, position: int) -> bool:
    """Tell whether the capitalised words from here on end in a head word: another body begins."""
    start = position
    while is_capital(tokens.word(position)) or tokens.word(position) in ("'s", "’s"):
        position += 1
    first, last, length = tokens.word(start), tokens.word(position - 1), position - start
    return (
        (length >= 2 and last in WORDS.heads and last not in MANY)
        or (first in WORDS.heads and tokens.word(position) in LINKS)
        or (length == 1 and first.isupper() and len(first) >= 3)
    )
