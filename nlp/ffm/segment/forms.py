"""Forms: boxes to tick, the questions above them, and what else an empty form asks of its reader."""

from __future__ import annotations

import re

from ffm.segment.asking import FIRST_PERSON, REQUEST, SECOND_PERSON, is_same_voice
from ffm.segment.elements import Element, Elements
from ffm.segment.lines import is_terminated

BOX = re.compile(r"[☐□◻❏❑▢◯⭘⬜]|(?:^|\s)(?:\[\s?\]|\(\s?\))(?=\s|$)")
RADIO = re.compile(r"^\s{0,9}[○◦o]\s+(?P<option>\S.{0,80})$")  # a bullet too: of a form where answers in a word stand beside it
ANSWER = re.compile(
    r"(?:yes|no|not sure|unsure|don['’]t know|other|none(?: of (?:these|the above))?|prefer not to say|never|always|not applicable|n/a)\b(?!,? [a-z]+ed\b)",
    re.IGNORECASE,
)
MIN_RADIO = 2
TICKED = re.compile(r"[☑☒✓✔✗✘]|(?:^|\s)(?:\[[xX✓]\]|\([xX✓]\))(?=\s|$)")
PLEASE = re.compile(r"\bplease\b", re.IGNORECASE)
MAX_OPTION = 120  # characters of a line of options
MAX_OPTION_WORDS = 14
MIN_LABELLED = 3  # lines of a field with two options below its name
MAX_FIELD_WORDS = 40
MAX_HELP = 2  # paragraphs of help under a field


def mark_forms(elements: Elements) -> Elements:
    """Mark the fields of an empty form: options that nobody ticked, their question, and fields that ask the reader for text."""
    radio = any(element.is_words and _are_answers(element) for element in elements)
    options = [index for index, element in enumerate(elements) if element.is_words and _is_empty_choice(element, radio)]
    for index in options:
        elements[index].kind = "furniture"
        if "?" in elements[index].text:
            continue
        above = next((other for other in reversed(elements[max(0, index - 3) : index]) if other.kind != "furniture"), None)
        if above is not None and above.kind in ("text", "heading", "list") and _asks(above):
            above.kind = "furniture"
    if options:
        _mark_text_fields(elements)
        left = [element for element in elements if element.is_words]
        if all(len(element.text.split()) <= MAX_OPTION_WORDS and not is_terminated(element.text) for element in left):
            for element in left:  # nothing is said anywhere: titles and empty lines
                element.kind = "furniture"
    return elements


def _radio_options(element: Element) -> list[str]:
    """Return what stands beside the round bullets of a list, or nothing where a line has none or is a sentence."""
    found = [RADIO.match(line) for line in element.raw.splitlines() if line.strip()]
    options = [match["option"].strip() for match in found if match]
    return options if len(options) == len(found) and not any(is_terminated(option) for option in options) else []


def _are_answers(element: Element) -> bool:
    """Tell whether round bullets stand beside answers in a word: they are a form's buttons, there and elsewhere in the text."""
    return sum(bool(ANSWER.match(option)) for option in _radio_options(element)) >= MIN_RADIO


def _is_empty_choice(element: Element, radio: bool) -> bool:
    """Tell whether every line of an element is an option, and none is ticked; a round bullet is one where ``radio``."""
    lines = [line for line in element.raw.splitlines() if line.strip()]
    if any(len(line) > MAX_OPTION for line in lines):
        return False
    if any(TICKED.search(line) for line in lines):
        return False
    if len(lines) >= MIN_LABELLED and len(lines[0].split()) <= MAX_OPTION_WORDS and not is_terminated(lines[0]):
        lines = lines[1:]  # the field's name
    if all(BOX.search(line) and len(line.split()) <= MAX_OPTION_WORDS for line in lines):
        return True
    return radio and bool(_radio_options(element))


def _asks(element: Element) -> bool:
    return len(element.text.split()) <= MAX_FIELD_WORDS and (element.text[-1:] in "?:*)" or not is_terminated(element.text))


def _mark_text_fields(elements: Elements) -> None:
    """Mark questions to the reader whose help speaks to the reader too, in a document that has boxes to tick."""
    index = 0
    while index < len(elements):
        element = elements[index]
        stop = index + 1
        request = bool(REQUEST.match(element.text))
        asks = element.text.endswith("?") or request
        if element.kind in ("text", "heading") and asks and len(element.text.split()) <= MAX_FIELD_WORDS:
            while (
                stop < len(elements)
                and stop <= index + MAX_HELP
                and elements[stop].is_words
                and len(elements[stop].text.split()) <= MAX_FIELD_WORDS
                and not elements[stop].text.endswith("?")
                and is_same_voice("you" if request or not element.marked else element.text, elements[stop].text)
            ):
                stop += 1
            if stop > index + 1:
                for other in elements[index:stop]:
                    other.kind = "furniture"
        elif element.kind == "list" and asks and element.one_line and (stop == len(elements) or not is_terminated(elements[stop].text)):
            element.kind = "furniture"  # a numbered field, with no words below that answer
        elif stop < len(elements) and element.isolated and _asks(element) and element.kind in ("text", "heading"):
            if REQUEST.match(elements[stop].text) and len(elements[stop].text.split()) <= MAX_FIELD_WORDS:
                element.kind = elements[stop].kind = "furniture"
        elif index and element.kind == "text" and elements[index - 1].kind == "furniture" and len(element.text.split()) <= MAX_FIELD_WORDS:
            if PLEASE.search(element.text) and SECOND_PERSON.search(element.text) and not FIRST_PERSON.search(element.text):
                element.kind = "furniture"
        index = stop
