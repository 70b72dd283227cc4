"""Who speaks: labels at the start of paragraphs in minutes, debates and transcripts, told by their shape and their return."""

from __future__ import annotations

import re
from collections import Counter

from msgspec import Struct

from ffm.segment.elements import Element, Elements, is_single
from ffm.segment.lines import FIELD, LIST_ITEM, SPEAKER_TITLE, is_terminated

_TITLE = (
    r"(?:(?:The )?(?:Rt\.? ?)?(?:Hon|HON)(?:ourable|OURABLE)?|MRS?|MS|MISS|DR|Mrs?|Ms|Miss|Mx|Dr|Prof(?:essor)?|PROF|Sir|SIR|Dame|Lord|LORD|Lady|Baroness|Senator|SENATOR|Judge"
    r"|Justice|(?:(?:The|THE) )?(?:(?:Deputy|Acting|Vice|DEPUTY|ACTING|VICE)[ -])?(?:Speaker|SPEAKER|Chair(?:man|woman|person)?|CHAIR(?:MAN|WOMAN|PERSON)?|President|PRESIDENT|Minister|MINISTER|Secretary|SECRETARY|Prime Minister|PRIME MINISTER))"
)
_STAMP = r"[\[(]?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?[\])]?"
_LEAD = r"^[\s*_>]{0,20}"
_WORD = r"[\w.'’&/-]{1,40}"
LABEL = re.compile(
    _LEAD
    + rf"(?P<name>[^\W\d_][\w.'’&/-]{{0,40}}(?:,? {_WORD}){{0,9}}?)[\s*_]{{0,4}}(?:\((?P<role>[^()\n]{{2,120}})\))?(?:\s?\([^()\n]{{2,60}}\)){{0,2}}(?:\s(?:replied|answered|responded|said)(?=:))?[\s*_]{{0,4}}"
    rf"(?:(?P<stamp>{_STAMP})[\s*_]{{0,4}}[:–-]?|(?P<stop>\.\s?[–—-]+)|(?P<colon>:)|(?P<dash>(?<=\s)[–—-]))[*_]{{0,4}}\s{{1,9}}(?:(?P<after>{_STAMP})\s{{1,9}})?(?=\S)"
)
STAMP_ALONE = re.compile(_LEAD + r"[\[(](?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?[\])]\s{1,9}(?=\S)")
STAMP_FIRST = re.compile(
    _LEAD
    + rf"(?P<stamp>{_STAMP})[\s*_–-]{{1,6}}(?P<name>[A-Z]{_WORD}(?: {_WORD}){{0,5}}?)[\s*_]{{0,4}}(?:\((?P<role>[^()\n]{{2,120}})\))?[\s*_]{{0,4}}:[*_]{{0,4}}\s{{1,9}}(?=\S)"
)
POINTED = re.compile(
    _LEAD
    + r"(?P<name>(?:The (?:(?:Acting|Vice) )?|Mr\. |Mrs\. |Ms\. |Miss |Dr\. |Prof\. |Senator |Representative )[A-Z][A-Z'’-]{1,30}(?: [A-Z][A-Z'’-]{1,30}){0,2})\.[*_]{0,4}\s{1,9}(?=[\"“‘(]?[A-Z])"
)
NARRATED = re.compile(
    _LEAD
    + rf"(?P<name>{_TITLE}\.?(?: {_WORD}){{0,6}}?)\s?(?:\((?P<role>[^()\n]{{2,120}})\))?,?\s(?:to )?(?:asked?|enquired|inquired|questioned)\b[^\n?]{{0,200}}[:–—-]\s{{0,9}}$"
)
TITLED = re.compile(rf"^{_TITLE}\b")
HONORIFIC = re.compile(r"^(?:(?:the|rt|hon(?:ou?rable)?)\b\.? ?)+", re.IGNORECASE)
OFFICE = re.compile(r"^the ", re.IGNORECASE)
QUESTION_NUMBER = re.compile(r"[\s*_>]{0,9}Q\s?\d{1,4}\b[\s*_.:)]{0,9}")
MAX_LABEL = 160
MAX_NAME_WORDS = 4
MIN_SAID_WORDS = 12  # of a paragraph that says something though its sentence goes on elsewhere
MIN_RETURNS = 3  # paragraphs that a plain name opens, from which on it is a speaker's
MIN_STRONG = 2  # labels of a speaker's shape from which on a text is told by speakers
SMALL_WORDS = frozenset(
    ["of", "for", "and", "the", "to", "in", "on", "at", "de", "da", "do", "dos", "van", "von", "der", "al", "el", "bin", "ibn", "bint"]
)


class Label(Struct, frozen=True):
    """A label at the start of a paragraph: who speaks, what it says of them, where the words begin, and how it is set off."""

    name: str
    role: str
    end: int
    sign: str
    asks: bool = False
    numbered: bool = False


def mark_speakers(elements: Elements) -> Elements:
    """Give each paragraph that a speaker's label opens its speaker.

    A label counts by a time stamp, by a title or capitals where two paragraphs or more begin so, or as a name that
    opens three or more, some with a question. The paragraphs below it, to the next label or heading, are the same speaker's.
    """
    labels = {index: label for index, element in enumerate(elements) if (label := _label(element)) is not None}
    stamped = sum(label.sign == "stamp" for label in labels.values())
    strong = {index for index, label in labels.items() if _is_strong(label)}
    sentences = sum(_says(elements[index]) for index in strong)  # a list of persons has labels too
    names = Counter(label.name for label in labels.values() if label.sign in ("colon", "stop"))
    numbered = any(element.kind == "text" and QUESTION_NUMBER.match(element.raw) for element in elements)
    asking = {label.name for index, label in labels.items() if names[label.name] >= MIN_RETURNS and elements[index].text.endswith("?")}
    roles = {label.name: label.role for label in reversed(labels.values()) if label.role}  # as the first label of each tells
    named = {label.name for index, label in labels.items() if index in strong} | set(roles.values())
    for index, label in labels.items():
        element = elements[index]
        if label.sign == "stamp":
            known = stamped >= MIN_STRONG
        elif index in strong:
            known = sentences >= MIN_STRONG
        else:
            returns = names[label.name] >= MIN_RETURNS and bool(asking)
            answers = numbered and label.sign == "colon" and 1 < len(label.name.split()) <= MAX_NAME_WORDS
            known = (
                returns or answers or (label.name in named and sentences >= MIN_STRONG) or (label.numbered and len(label.name.split()) > 1)
            )
        if known and (label.sign == "stamp" or not SPEAKER_TITLE.match(label.name)):
            element.kind = "text"
            element.speaker, element.speaker_role, element.label_end = display_name(label), roles.get(label.name, ""), label.end
            if label.asks:
                element.asks, element.label_end = True, 0
    if any(element.speaker for element in elements):
        for element in elements:
            if element.kind == "text" and not element.speaker and (alone := STAMP_ALONE.match(element.raw)):
                element.label_end = alone.end()
    return elements


def _label(element: Element) -> Label | None:
    if not is_single(element) and element.kind != "text":
        return None
    if element.answers or FIELD.match(element.raw):
        return None
    raw = element.raw[:400]
    match = NARRATED.match(element.raw) if len(element.raw) < 400 else None
    if match:
        return Label(match.group("name"), match.group("role") or "", 0, "stop", True)
    match = POINTED.match(raw)
    if match:
        return Label(match.group("name"), "", match.end(), "stop")
    start = QUESTION_NUMBER.match(raw) or (LIST_ITEM.match(raw) if element.kind == "list" else None)
    offset = start.end() if start else 0
    if element.asks and not start:
        return None
    match = LABEL.match(raw[offset:]) or STAMP_FIRST.match(raw[offset:])
    if match is None or match.end() > MAX_LABEL:
        return None
    found = match.groupdict()
    sign = "stamp" if found["stamp"] or found.get("after") else "stop" if found.get("stop") else "dash" if found.get("dash") else "colon"
    name = found["name"].strip(" *_")
    if not _is_name(name):
        return None
    if sign == "dash" and not (TITLED.match(name) and raw[offset + match.end()].isupper()):
        return None
    return Label(name, (found["role"] or "").strip(), offset + match.end(), sign, numbered=bool(start) and element.kind == "text")


def _says(element: Element) -> bool:
    return is_terminated(element.text) or len(element.text.split()) >= MIN_SAID_WORDS


def _is_name(name: str) -> bool:
    """Tell whether every word of a label is one of a name or an office."""
    return all(word[0].isupper() or not word[0].isalpha() or word.lower() in SMALL_WORDS for word in name.replace(",", " ").split())


def _is_strong(label: Label) -> bool:
    """Tell whether a label has the shape of a speaker's by itself: a title, or a name of two words or more in capitals or with a role."""
    if TITLED.match(label.name):
        return True
    if label.role and 1 < len(label.name.split()) <= MAX_NAME_WORDS and label.sign == "colon":
        return not _is_short_form(label.role, label.name)
    letters = [character for character in label.name if character.isalpha()]
    capitals = bool(letters) and all(character.isupper() for character in letters)
    return capitals and len(label.name.split()) >= 2 and label.sign in ("colon", "stop")


def _is_short_form(role: str, name: str) -> bool:
    """Tell whether what stands in brackets is the initials of the name before it: "Harbour Safety Rules (HSR):" opens a subject."""
    initials = "".join(word[0] for word in re.findall(r"[^\W_]+", name) if word.lower() not in SMALL_WORDS)
    return "".join(character for character in role if character.isalnum()).lower() == initials.lower()


def display_name(label: Label) -> str:
    """Return a speaker's name as it is told apart: without "Hon.", capitals as in running text, an office with the name of who holds it."""
    words = HONORIFIC.sub("", label.name).rstrip(".,").split() or [label.name]
    shown = " ".join(_in_lower_case(word) for word in words)
    return f"{shown} ({label.role})" if label.role and OFFICE.match(label.name) else shown


def _in_lower_case(word: str) -> str:
    letters = [character for character in word if character.isalpha()]
    if len(letters) < 2 or not all(character.isupper() for character in letters) or "." in word[:-1]:
        return word
    return word.lower() if word.lower() in SMALL_WORDS else re.sub(r"[^\W\d_]+", lambda match: match.group().capitalize(), word)
