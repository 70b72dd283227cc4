"""Formal names of bodies, found by the word that they are built around: "State Agency for Child Rights and Protection"."""

from __future__ import annotations

import re

from ffm.entities.lexicon import Lexicon, folded, lexicon
from ffm.entities.tokens import Tokens
from ffm.records import Range

LINKS = {"of", "for", "on", "against", "to"}
INNER = {"of", "for", "and", "&", "the", "on", "against"}
DASHES = ("-", "–")
POSSESSIVES = ("'s", "’s", "'", "’")
POSSESSORS = lexicon().possessors
NOT_FIRST = lexicon().not_first
GENERIC_LEFT = {"Regional", "Local", "National", "State", "General", "Central", "Social", "Public", "Mobile", "Child", "Health", "Border"}
ALONE_TOO_VAGUE = lexicon().alone_too_vague
JOINING = {"of", "and", "for", "&"}
SUBJECTS = lexicon().subjects
MADE_BY = {"backed", "based", "run", "led", "funded", "owned", "controlled", "sponsored", "supported", "affiliated", "aligned"}
DOCUMENTS = lexicon().documents
NUMBERED = lexicon().numbered
EVENTS = {"Conference", "Forum"}
NUMBER_MARKS = {"No", "No.", "Nr", "Nr.", "№", "Number"}


def is_capital(word: str) -> bool:
    """Tell whether a token begins with a capital of an alphabet and holds no digit, or is "&"."""
    return (word[0].isupper() and word[0] <= "\uffff" and not any(character.isdigit() for character in word)) or word == "&"


def formal_names(tokens: Tokens) -> list[Range]:
    """Return the token ranges of formal names, in order and without overlaps, the longest first where they compete."""
    lexical = lexicon()
    found: list[Range] = []
    for index, word in enumerate(tokens.words):
        if word in NUMBERED and (end := _after_number(tokens, index + 1)):
            found.append((_extend_left(tokens, index), end))
        elif word in lexical.lower_heads:
            left = _extend_left(tokens, index)
            if (
                left < index
                and not (left == 0 and index == 1 and not _is_placed(tokens.words[0], lexical))  # Notwithstanding | university policy
                and not all(tokens.words[other] in GENERIC_LEFT for other in range(left, index))
                and not tokens.words[index - 1].endswith("ian")
            ):
                found.append((left, index + 1))
        elif word in EVENTS and tokens.word(index + 1) in LINKS:
            continue  # International Conference on Migration
        elif word in lexical.heads:
            left = _extend_left(tokens, index)
            right = _extend_right(tokens, index, lexical)
            if (left, right) != (index, index + 1) and (right > index + 1 or _specific(tokens, left, index)):
                found.append((_before_number(tokens, left) if word in NUMBERED else left, right))
    found.sort(key=lambda span: (span[0] - span[1], span[0]))
    kept: list[Range] = []
    for start, end in found:
        if all(end <= other_start or start >= other_end for other_start, other_end in kept):
            kept.append((start, end))
    return sorted(kept)


def _after_number(tokens: Tokens, position: int) -> int | None:
    """Return where the number of a numbered body ends: "Penitentiary | No. 13", "School | No.5"; None where there is none."""
    if re.fullmatch(r"(?:No|Nr)\.\d{1,4}", tokens.word(position)):
        return position + 1
    if tokens.word(position) not in NUMBER_MARKS:
        return None
    position += 1 + (tokens.word(position + 1) == ".")
    return position + 1 if tokens.word(position).isdigit() else None


def _before_number(tokens: Tokens, left: int) -> int:
    """Return where the number begins that opens a name: "No. 6 | Detention Center"; where the name does if none opens it."""
    position = left - 1
    if position < 1 or not tokens.words[position].isdigit():
        return left
    position -= 1 + (tokens.words[position - 1] == ".")
    return position if position >= 0 and tokens.words[position] in NUMBER_MARKS else left


def _specific(tokens: Tokens, left: int, head: int) -> bool:
    """Tell whether the words left of a head make a name of it: "Tirana Municipality", not "Every Municipality"."""
    words = tokens.words[left:head]
    return bool(words) and not (tokens.words[head] in ALONE_TOO_VAGUE and len(words) == 1 and words[0] in NOT_FIRST)


def _is_placed(word: str, lexical: Lexicon) -> bool:
    return word.isupper() or folded(word) in lexical.places


def _extend_left(tokens: Tokens, head: int) -> int:
    """Return the index of the first word of the name that ends in a head."""
    words, spaced = tokens.words, tokens.spaced
    left = head
    while left > 0:
        previous = words[left - 1]
        if previous in NOT_FIRST and (left - 1 == 0 or words[left - 2] in '.?!:"“' or previous not in ("New", "All")):
            break
        if (
            (previous in POSSESSIVES and left > 1 and words[left - 2] in POSSESSORS)
            or (previous in DASHES and left > 1 and not spaced[left - 1] and is_capital(words[left - 2]) and not spaced[left - 2])
            or (previous == "in" and left > 1 and words[left - 2].endswith("Trafficking"))
            or (previous == "and" and 1 < left < head and words[left - 2] in SUBJECTS and not _complements(tokens, left - 2))
        ):
            left -= 2
        elif (
            previous.islower()
            and previous not in MADE_BY
            and spaced[left - 1]
            and left > 2
            and words[left - 2] == "-"
            and words[left - 3][0].isupper()
            and not spaced[left - 3]
        ):
            left -= 3
        elif is_capital(previous) and spaced[left - 1] and previous != "&":
            left -= 1
        elif previous == "&" and left > 1 and is_capital(words[left - 2]):
            left -= 2
        else:
            break
    while (
        left < head
        and words[left] in NOT_FIRST
        and words[left + 1] not in POSSESSIVES
        and not (words[left] == "All" and left and words[left - 1] == "the")
    ):
        left += 1
    return head if words[left] in DASHES else left  # In | -country Movement


def _complements(tokens: Tokens, position: int) -> bool:
    """Tell whether the capitalised words up to a token complete what stands before them: "Ministry of Social | Welfare"."""
    while position > 0 and is_capital(tokens.words[position]):
        position -= 1
    return tokens.words[position] in JOINING


def _extend_right(tokens: Tokens, head: int, lexical: Lexicon) -> int:
    """Return the index after a head's complement: "of the Interior", "for Child Rights and Protection"."""
    words = tokens.words
    end = head + 1
    position = end
    while position < len(words):
        word = words[position]
        previous = words[position - 1]
        if word in ("No", "No.", "Nr", "Nr.", "Decision"):
            break
        if is_capital(word) and position > head + 1 and word != "&":
            after_and = previous.lower() in ("and", "&")
            if after_and and word in lexical.heads and tokens.word(position + 1) in LINKS:
                break
            if after_and and (starts_other_body(tokens, position, lexical) or folded(word) in lexical.places):
                break  # Ministry of Public Security | and Hanoi police
            if word in DOCUMENTS and is_capital(previous):
                break
            if previous == "the" and position > head + 3 and len(word) >= 3 and word.isupper():  # Ministry of Interior | of the KRG
                break
            if is_own_acronym(word, previous) and any(other in LINKS for other in words[head:position]):
                break
            position += 1
            end = position
        elif _links(tokens, position, head, lexical):
            position += 1
        else:
            break
    return end


def is_own_acronym(word: str, previous: str) -> bool:
    """Tell whether a token is a short form that follows a full name without brackets: "Organization for Support of Youth | ARSIS"."""
    return len(word) >= 3 and word.isupper() and word.isalpha() and previous not in INNER and not previous.isupper()


def _links(tokens: Tokens, position: int, head: int, lexical: Lexicon) -> bool:
    """Tell whether a token that is no capitalised word joins a head, or its complement so far, to more of the name."""
    words = tokens.words
    word, lower, previous, following = words[position], words[position].lower(), words[position - 1], tokens.word(position + 1)
    beside = position == head + 1
    if lower == "in":
        return (beside and words[head] in ("Presence", "Mission", "Delegation")) or (
            previous in ("Trafficking", "trafficking", "Traffic", "Trade") and following[:1].isupper()
        )
    if lower == "the" and not beside:
        return previous.lower() in LINKS
    if lower == "on" and not beside and following.endswith("ing"):  # Council of Ministers | on Defining Hazardous Work
        return False
    if (beside and lower in LINKS) or (not beside and lower in INNER):
        return True
    if word in POSSESSIVES:
        return previous in POSSESSORS and following != "" and is_capital(following)
    if word == ",":
        return position > head + 2 and _listed(tokens, position, lexical)
    return word in DASHES and not tokens.spaced[position] and following != "" and is_capital(following) and not tokens.spaced[position - 1]


def _listed(tokens: Tokens, comma: int, lexical: Lexicon) -> bool:
    """Tell whether a comma stands inside a name such as "Ministry of Labour, Social Affairs and Equal Opportunities"."""
    words = tokens.words
    position = comma + 1
    if tokens.word(position) == "and" and "," in words[max(0, comma - 3) : comma]:
        return position + 1 < len(words) and is_capital(words[position + 1]) and not starts_other_body(tokens, position + 1, lexical)
    while position < len(words) and is_capital(words[position]) and position - comma < 4:
        position += 1
    if position < len(words) - 2 and position > comma + 1 and words[position] == "," and words[position + 1] == "and":
        position += 1
    return (
        position > comma + 1
        and position + 1 < len(words)
        and words[position] == "and"
        and is_capital(words[position + 1])
        and not starts_other_body(tokens, position + 1, lexical)
    )


def starts_other_body(tokens: Tokens, position: int, lexical: Lexicon) -> bool:
    """Tell whether the capitalised words from here on end in a head word: another body begins."""
    words = tokens.words
    start = position
    while position < len(words) and (is_capital(words[position]) or words[position] in ("'s", "’s")):
        position += 1
    last = words[position - 1]
    return (
        (position - start >= 2 and last in lexical.heads and last not in ("Services", "Service", "Agencies"))
        or (words[start] in lexical.heads and tokens.word(position) in LINKS)
        or (position - start == 1 and words[start].isupper() and len(words[start]) >= 3)
    )
