"""Formal names of bodies, found by the word that they are built around: "State Agency for Child Rights and Protection"."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from ffm.entities.lexicon import lexicon

LINKS = {"of", "for", "on", "against", "to"}
INNER = {"of", "for", "and", "&", "the", "on", "against"}
POSSESSORS = {
    "Prosecutor", "Prosecutors", "Women", "Children", "People", "Lawyers", "Workers", "Attorney", "Child", "Men", "Journalists", "Peoples",
    "Citizens", "Consumers", "Employers", "Teachers", "Doctors", "King", "Queen", "Veterans", "Girls", "Boys", "Ombudsman", "Advocate", "Coordinators", "Human",
}  # fmt: skip
NOT_FIRST = {
    "The", "A", "An", "In", "On", "At", "Our", "This", "That", "These", "Those", "And", "But", "We", "They", "He", "She", "It", "Yes", "No",
    "Under", "From", "To", "For", "By", "With", "As", "If", "When", "While", "Since", "Also", "Deputy", "Their", "His", "Her", "My", "Your",
    "Official", "Officials", "Director", "Head", "Chief", "Mr", "Ms", "Mrs", "Dr", "Executive", "Local", "Some", "Many", "Most", "All", "Every",
    "Each", "Both", "New", "Former", "Of", "There", "After", "Before", "During", "According", "Source", "Q", "A.", "Chairman", "Minister", "Other",
    "Where", "What", "Which", "How", "Is", "Are", "Do", "Does", "Can", "However", "Furthermore", "Additionally", "Specialist", "Representative", "Representatives",
}  # fmt: skip
GENERIC_LEFT = {"Regional", "Local", "National", "State", "General", "Central", "Social", "Public", "Mobile", "Child", "Health", "Border"}
ALONE_TOO_VAGUE = {
    "Police", "Service", "Services", "Office", "Offices", "Court", "Courts", "Unit", "Group", "Home", "House", "Shelter", "Line", "School", "Hospital", "Centre", "Center",
    "Programme", "Initiative", "Church", "Front", "Force", "Press", "Prison", "Mission", "Board", "Institution", "Company",
}  # fmt: skip


def _capital(token: Token) -> bool:
    text = token.text
    return (text[0].isupper() and not any(character.isdigit() for character in text)) or text == "&"


def formal_names(doc: Doc) -> list[tuple[int, int]]:
    """Return the token ranges of formal names, in order and without overlaps, the longest first where they compete."""
    words = lexicon()
    found: list[tuple[int, int]] = []
    for token in doc:
        if token.text in words.lower_heads:
            left = _extend_left(doc, token.i)
            if (
                left < token.i
                and not all(doc[index].text in GENERIC_LEFT for index in range(left, token.i))
                and not doc[token.i - 1].text.endswith("ian")
            ):
                found.append((left, token.i + 1))
            continue
        if token.text not in words.heads:
            continue
        left = _extend_left(doc, token.i)
        right = _extend_right(doc, token.i)
        if left == token.i and right == token.i + 1:
            continue
        if right == token.i + 1 and not _specific(doc, left, token.i):
            continue
        found.append((left, right))
    found.sort(key=lambda span: (span[0] - span[1], span[0]))
    kept: list[tuple[int, int]] = []
    for start, end in found:
        if all(end <= other_start or start >= other_end for other_start, other_end in kept):
            kept.append((start, end))
    return sorted(kept)


def _specific(doc: Doc, left: int, head: int) -> bool:
    """Tell whether the words left of a head make a name of it: "Tirana Municipality", not "Every Municipality"."""
    words = [doc[index].text for index in range(left, head)]
    return bool(words) and not (doc[head].text in ALONE_TOO_VAGUE and len(words) == 1 and words[0] in NOT_FIRST)


def _extend_left(doc: Doc, head: int) -> int:
    left = head
    while left > 0:
        previous = doc[left - 1]
        if previous.text in NOT_FIRST and (left - 1 == 0 or doc[left - 2].text in '.?!:"“' or previous.text not in ("New", "All")):
            break
        if (previous.text in ("'s", "’s", "'", "’") and left > 1 and doc[left - 2].text in POSSESSORS) or (
            previous.text in ("-", "–")
            and left > 1
            and not previous.whitespace_
            and _capital(doc[left - 2])
            and not doc[left - 2].whitespace_
        ):
            left -= 2
        elif (
            previous.text.islower()
            and previous.whitespace_
            and left > 2
            and doc[left - 2].text == "-"
            and doc[left - 3].text[:1].isupper()
            and (not doc[left - 3].whitespace_)
        ):
            left -= 3
        elif _capital(previous) and previous.whitespace_ and previous.text != "&":
            left -= 1
        elif previous.text == "&" and left > 1 and _capital(doc[left - 2]):
            left -= 2
        else:
            break
    while left < head and doc[left].text in NOT_FIRST:
        left += 1
    return left


def _extend_right(doc: Doc, head: int) -> int:
    """Return the index after a head's complement: "of the Interior", "for Child Rights and Protection"."""
    heads = lexicon().heads
    end = head + 1
    position = end
    while position < len(doc):
        token = doc[position]
        lower = token.text.lower()
        if token.text in ("No", "No.", "Nr", "Nr.", "Decision"):
            break
        if _capital(token) and position > head + 1 and token.text != "&":
            if (
                token.text in heads
                and doc[position - 1].text.lower() in ("and", "&")
                and position + 1 < len(doc)
                and doc[position + 1].text in LINKS
            ):
                break
            if doc[position - 1].text.lower() in ("and", "&") and _starts_other_body(doc, position):
                break
            position += 1
            end = position
        elif token.text == "in" and position == head + 1 and doc[head].text in ("Presence", "Mission", "Delegation"):
            position += 1
        elif lower == "the" and position > head + 1 and doc[position - 1].text.lower() == "and":
            break
        elif (
            (lower in LINKS and position == head + 1)
            or (lower in INNER and position > head + 1)
            or (lower == "the" and position > head + 1 and doc[position - 1].text.lower() in LINKS)
            or (
                token.text in ("'s", "’s", "'", "’")
                and position + 1 < len(doc)
                and doc[position - 1].text in POSSESSORS
                and _capital(doc[position + 1])
            )
            or (token.text == "," and position > head + 2 and _listed(doc, position))
            or (
                token.text in ("-", "–")
                and not token.whitespace_
                and position + 1 < len(doc)
                and _capital(doc[position + 1])
                and not doc[position - 1].whitespace_
            )
        ):
            position += 1
        else:
            break
    return end


def _listed(doc: Doc, comma: int) -> bool:
    """Tell whether a comma stands inside a name such as "Ministry of Labour, Social Affairs and Equal Opportunities"."""
    position = comma + 1
    if (
        doc[position - 1].text == ","
        and position < len(doc)
        and doc[position].text == "and"
        and any(doc[index].text == "," for index in range(max(0, comma - 3), comma))
    ):
        return position + 1 < len(doc) and _capital(doc[position + 1]) and not _starts_other_body(doc, position + 1)
    while position < len(doc) and _capital(doc[position]) and position - comma < 4:
        position += 1
    if position < len(doc) - 2 and position > comma + 1 and doc[position].text == "," and doc[position + 1].text == "and":
        position += 1
    return (
        position > comma + 1
        and position + 1 < len(doc)
        and doc[position].text == "and"
        and _capital(doc[position + 1])
        and not _starts_other_body(doc, position + 1)
    )


def _starts_other_body(doc: Doc, position: int) -> bool:
    """Tell whether the capitalised words from here on end in a head word: another body begins."""
    heads = lexicon().heads
    start = position
    while position < len(doc) and (_capital(doc[position]) or doc[position].text in ("'s", "’s")):
        position += 1
    return (
        (position - start >= 2 and doc[position - 1].text in heads and doc[position - 1].text not in ("Services", "Service", "Agencies"))
        or (doc[start].text in heads and position < len(doc) and doc[position].text in LINKS)
        or (position - start == 1 and doc[start].text.isupper() and len(doc[start].text) >= 3)
    )
