"""Who speaks: labels at the start of paragraphs in minutes, debates and transcripts, told by their shape and their return."""

from __future__ import annotations

import itertools
import re
from collections import Counter

from msgspec import Struct

from ffm.segment.elements import Element, Elements, is_single
from ffm.segment.lines import FIELD, LIST_ITEM, QUESTION_NUMBER, SPEAKER_TITLE, STAMP_LINE, is_terminated

_TITLE = (
    r"(?:(?:The )?(?:Rt\.? ?)?(?:Hon|HON)(?:ourable|OURABLE)?|MRS?|MS|MISS|DR|Mrs?|Ms|Miss|Mx|Dr|Prof(?:essor)?|PROF|Sir|SIR|Dame|Lord|LORD|Lady|Baroness|Senator|SENATOR|Judge"
    r"|Justice|(?:(?:The|THE) )?(?:(?:Deputy|Acting|Vice|DEPUTY|ACTING|VICE)[ -])?(?:Speaker|SPEAKER|Chair(?:man|woman|person)?|CHAIR(?:MAN|WOMAN|PERSON)?|President|PRESIDENT|Minister|MINISTER|Secretary|SECRETARY|Prime Minister|PRIME MINISTER))"
)
_STAMP = r"[\[(]?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?[\])]?"
_NO_TIME = r"(?!\d{1,2}:\d)"
_LEAD = r"^[\s*_>]{0,20}"
_WORD = r"[\w.'’&/-]{1,40}"
LABEL = re.compile(
    _LEAD
    + rf"(?P<name>[^\W\d_][\w.'’&/-]{{0,40}}(?: \([A-Z][\w.]{{0,10}}\)(?= [A-Z]))?(?:,? {_WORD}){{0,9}}?)[\s*_]{{0,4}}(?:\((?P<role>{_NO_TIME}[^()\n]{{2,120}})\))?(?:\s?\({_NO_TIME}[^()\n]{{2,60}}\)){{0,2}}(?:\s(?:replied|answered|responded|said)(?=:))?[\s*_]{{0,4}}"
    rf"(?:(?P<stamp>{_STAMP})[\s*_]{{0,4}}[:–-]?|(?P<stop>\.\s?[–—-]+)|(?P<colon>:)|(?P<dash>(?<=\s)[–—-]))[*_]{{0,4}}\s{{1,9}}(?:(?P<after>{_STAMP})\s{{1,9}})?(?=\S)"
)
STAMP_ALONE = re.compile(_LEAD + r"[\[(](?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?[\])]\s{1,9}(?=\S)")
STAMP_FIRST = re.compile(
    _LEAD
    + rf"(?P<stamp>{_STAMP})[\s*_–-]{{1,6}}(?P<name>[A-Z]{_WORD}(?: {_WORD}){{0,5}}?)[\s*_]{{0,4}}(?:\((?P<role>[^()\n]{{2,120}})\))?[\s*_]{{0,4}}(?:(?P<colon>:)|(?=[\r\n]))[*_]{{0,4}}\s{{1,9}}(?=\S)"
)
POINTED = re.compile(
    _LEAD
    + r"(?P<name>(?:The (?:(?:Acting|Vice) )?|Mr\. |Mrs\. |Ms\. |Miss |Dr\. |Prof\. |Senator |Representative )[A-Z][A-Z'’-]{1,30}(?: [A-Z][A-Z'’-]{1,30}){0,2})\.[*_]{0,4}\s{1,9}(?=[\"“‘(]?[A-Z])"
)
CHEVRONS = re.compile(rf"^[\s*_]{{0,9}}>>\s{{1,4}}(?P<name>[A-Z]{_WORD}(?: [A-Z]{_WORD}){{0,3}}?)[.:]\s{{1,9}}(?=[\"“‘(]?[A-Z])")
NARRATED = re.compile(
    _LEAD
    + rf"(?P<name>{_TITLE}\.?(?: {_WORD}){{0,6}}?)\s?(?:\((?P<role>[^()\n]{{2,120}})\))?,?\s(?:to )?(?:asked?|enquired|inquired|questioned)\b[^\n?]{{0,300}}[.:–—-]\s{{0,9}}$"
)
TITLED = re.compile(rf"^{_TITLE}\b")
HONORIFIC = re.compile(r"^(?:(?:the|rt|hon(?:ou?rable)?)\b\.? ?)+", re.IGNORECASE)
IN_BRACKETS = re.compile(r"\(([^()]{1,12})\)")  # a title within a name
OFFICE = re.compile(r"^the ", re.IGNORECASE)
MAX_LABEL = 160
MAX_NAME_WORDS = 4
MAX_OFFICE_WORDS = 10  # of an office with the name of who holds it
DEBATE_SHARE = 0.5  # of the paragraphs, from which on those with speakers' labels make a debate of a text
MIN_TURNS = 2  # paragraphs that a name opens, from which on it is a speaker's where others are told by their shape
MIN_SAID_WORDS = 12  # of a paragraph that says something though its sentence goes on elsewhere
MIN_RETURNS = 3  # paragraphs that a plain name opens, from which on it is a speaker's
MIN_EXCHANGE = 4  # paragraphs that names open which return, from which on they are an exchange
EXCHANGE_SHARE = 0.75  # of all paragraphs, and of the places where the name changes
MIN_CAPITALS = 2  # words in capitals of a name that a dash sets off
MIN_STRONG = 2  # labels of a speaker's shape from which on a text is told by speakers
SMALL_WORDS = frozenset(
    ["of", "for", "and", "the", "to", "in", "on", "at", "de", "da", "do", "dos", "van", "von", "der", "al", "el", "bin", "ibn", "bint"]
)


class Label(Struct):
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
    below_stamps = [label for index, label in labels.items() if index and STAMP_LINE.match(elements[index - 1].raw)]
    for label in below_stamps if len(below_stamps) >= MIN_STRONG else ():
        label.sign = "stamp"
    stamped = sum(label.sign == "stamp" for label in labels.values())
    strong = {index for index, label in labels.items() if _is_strong(label)}
    sentences = sum(_says(elements[index]) for index in strong)  # a list of persons has labels too
    names = Counter(label.name for label in labels.values() if label.sign != "stamp")
    numbered = any(element.kind == "text" and QUESTION_NUMBER.match(element.raw) for element in elements)
    asking = {label.name for index, label in labels.items() if names[label.name] >= MIN_RETURNS and elements[index].text.endswith("?")}
    roles = {label.name: label.role for label in reversed(labels.values()) if label.role}  # as the first label of each tells
    texts = sum(element.kind == "text" for element in elements)
    debate = sentences >= MIN_STRONG and len(strong) >= DEBATE_SHARE * texts
    exchange = _is_exchange(elements, labels, names)
    addresses = {
        name.split()[0] for name, count in names.items() if count >= MIN_TURNS and len(name.split()) > 1
    }  # "Deputy", as more than one is called
    named = {label.name for index, label in labels.items() if index in strong} | set(roles.values())
    for index, label in labels.items():
        element = elements[index]
        if label.asks and element.text.endswith(".") and index + 1 not in labels:
            continue
        if label.end >= len(element.raw) and (label.sign == "dash" or index + 1 in labels):
            continue
        if label.sign == "stamp":
            known = stamped >= MIN_STRONG
        elif index in strong:
            known = sentences >= MIN_STRONG
        else:
            returns = names[label.name] >= MIN_RETURNS and bool(asking)
            answers = numbered and label.sign == "colon" and 1 < len(label.name.split()) <= MAX_NAME_WORDS
            known = (
                returns
                or (exchange and names[label.name] >= MIN_TURNS)
                or answers
                or (sentences >= MIN_STRONG and label.sign in ("colon", "dash") and _may_be_person(label.name, names, debate, addresses))
                or (label.name in named and sentences >= MIN_STRONG)
                or (label.numbered and len(label.name.split()) > 1)
            )
        if known and (label.sign == "stamp" or not SPEAKER_TITLE.match(label.name)):
            element.kind = "text"
            element.speaker, element.speaker_role, element.label_end = display_name(label), roles.get(label.name, ""), label.end
            if label.asks:
                element.asks, element.label_end = True, 0
            elif label.end >= len(element.raw):
                _hand_down(elements, index)
    if any(element.speaker for element in elements):
        for element in elements:
            if element.kind == "text" and not element.speaker and (alone := STAMP_ALONE.match(element.raw)):
                element.label_end = alone.end()
    return elements


def _hand_down(elements: Elements, index: int) -> None:
    """Give the speaker that a label alone names to the paragraph below it."""
    alone = elements[index]
    below = elements[index + 1] if index + 1 < len(elements) else None
    if below is not None and below.is_words:
        below.kind, below.speaker, below.speaker_role = "text", alone.speaker, alone.speaker_role
        alone.kind, alone.speaker = "furniture", ""


def _label(element: Element) -> Label | None:
    if not is_single(element) and element.kind != "text":
        return None
    if element.answers or FIELD.match(element.raw):
        return None
    raw = element.raw[:400]
    start = QUESTION_NUMBER.match(raw) or (LIST_ITEM.match(raw) if element.kind == "list" else None)
    offset = start.end() if start else 0
    match = NARRATED.match(element.raw[offset:]) if len(element.raw) < 400 else None
    if match:
        return Label(match.group("name"), match.group("role") or "", 0, "stop", True)
    match = POINTED.match(raw) or CHEVRONS.match(raw)
    if match:
        return Label(match.group("name"), "", match.end(), "stop")
    if element.asks and not start:
        return None
    if element.one_line and element.isolated and len(raw) <= MAX_LABEL:
        raw += "\n\n."  # a label alone, the words in the paragraphs below
    match = LABEL.match(raw[offset:]) or STAMP_FIRST.match(raw[offset:])
    if match is None or match.end() > MAX_LABEL:
        return None
    found = match.groupdict()
    sign = "stamp" if found["stamp"] or found.get("after") else "stop" if found.get("stop") else "dash" if found.get("dash") else "colon"
    name = found["name"].strip(" *_")
    if not _is_name(name) and not (sign == "stamp" and len(name.split()) <= MAX_NAME_WORDS):
        return None
    named = TITLED.match(name) or sum(word.isupper() and len(word) > 1 for word in name.split()) >= MIN_CAPITALS
    if sign == "dash" and not (named and raw[offset + match.end()].isupper()):
        return None
    return Label(name, (found["role"] or "").strip(), offset + match.end(), sign, numbered=bool(start) and element.kind == "text")


def _says(element: Element) -> bool:
    return is_terminated(element.text) or len(element.text.split()) >= MIN_SAID_WORDS


def _is_exchange(elements: Elements, labels: dict[int, Label], names: Counter[str]) -> bool:
    """Tell whether nearly all paragraphs from the first to the last such one open with names that return, in turns, and some ask: what two or three say to each other."""
    texts = [index for index, element in enumerate(elements) if element.kind == "text"]
    turns = [
        index for index in texts if index in labels and labels[index].sign in ("colon", "stop") and names[labels[index].name] >= MIN_TURNS
    ]
    within = sum(turns[0] <= index <= turns[-1] for index in texts) if turns else 0
    if len(turns) < MIN_EXCHANGE or len(turns) < EXCHANGE_SHARE * within:
        return False
    changes = sum(labels[before].name != labels[after].name for before, after in itertools.pairwise(turns))
    return changes >= EXCHANGE_SHARE * (len(turns) - 1) and any(elements[index].text.endswith("?") for index in turns)


def _may_be_person(name: str, names: Counter[str], debate: bool, addresses: set[str]) -> bool:
    """Tell whether a label among those of speakers is one too: two words or more in a debate, with a short form or another's form of address first, or that return."""
    words = name.split()
    addressed = words[0].endswith(".") or words[0] in addresses
    return 1 < len(words) <= MAX_NAME_WORDS and (debate or addressed or names[name] >= MIN_TURNS)


def _is_name(name: str) -> bool:
    """Tell whether every word of a label is one of a name or an office."""
    return all(word[0].isupper() or not word[0].isalpha() or word.lower() in SMALL_WORDS for word in name.replace(",", " ").split())


def _is_strong(label: Label) -> bool:
    """Tell whether a label has the shape of a speaker's by itself: a title, or a name of two words or more in capitals or with a role."""
    if TITLED.match(label.name):
        return True
    longest = MAX_OFFICE_WORDS if OFFICE.match(label.name) else MAX_NAME_WORDS
    if label.role and 1 < len(label.name.split()) <= longest and label.sign == "colon":
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
    name = IN_BRACKETS.sub(r"\1", HONORIFIC.sub("", label.name))
    words = name.rstrip(".,").split() or [label.name]
    shown = " ".join(_in_lower_case(word) for word in words)
    return f"{shown} ({label.role})" if label.role[:1].isupper() and OFFICE.match(label.name) else shown


def _in_lower_case(word: str) -> str:
    letters = [character for character in word if character.isalpha()]
    if len(letters) < 2 or not all(character.isupper() for character in letters) or "." in word[:-1]:
        return word
    return word.lower() if word.lower() in SMALL_WORDS else re.sub(r"[^\W\d_]+", lambda match: match.group().capitalize(), word)
