"""Turns of debates and transcripts: who says what, which turn asks and which answers."""

from __future__ import annotations

import itertools
import re
from collections import Counter

from msgspec import Struct

from ffm.segment.elements import Element, Elements, Role, by_section, is_spoken
from ffm.segment.lines import LIST_ITEM, QUESTION_NUMBER

ASKED_OF = re.compile(r"\s{0,9}To ask\b")  # a written question, as the paper of a parliament prints it
MAX_ASKED_WORDS = 150  # a longer turn that ends in a question is a speech
ASKS_SHARE = 0.6  # of a speaker's turns that end in a question, from which on all of them ask
MIN_TURNS = 2
MIN_NUMBERED = 2  # questions with a number, from which on all that follows one answers it


class Speech(Struct):
    """What one speaker says without a break, and how much of its end asks."""

    speaker: str
    elements: Elements
    asked: int = 0

    @property
    def ends_asking(self) -> bool:
        """Whether its last words are a question."""
        return self.elements[-1].text.rstrip("\"'”’)*_ ").endswith("?")


def mark_spoken_turns(elements: Elements) -> Elements:
    """Give the elements of sections that speakers tell their roles, and each its speaker as source.

    A turn that ends in a question, and any turn of a speaker who mostly asks, is a question to the next speaker.
    What the others say who answered somewhere is an answer too, until the next question.
    """
    count = max((element.question for element in elements), default=0)
    for section, piece in by_section(elements):
        if is_spoken(section, piece):
            count = _read_speeches(_speeches(piece), count)
    return elements


def _speeches(elements: Elements) -> list[Speech]:
    """Return the speeches of a section; a label or a question's mark begins one."""
    speeches: list[Speech] = []
    for element in elements:
        if not element.is_words:
            continue
        fresh = bool(element.speaker) or (element.asks and not (speeches and speeches[-1].elements[-1].asks))
        if fresh or not speeches:
            speeches.append(Speech(element.speaker, []))
        speeches[-1].elements.append(element)
    return speeches


def _read_speeches(speeches: list[Speech], count: int) -> int:
    """Give the elements of speeches their roles; return the number of questions so far."""
    turns = Counter(speech.speaker for speech in speeches)
    asking = Counter(speech.speaker for speech in speeches if speech.ends_asking)
    askers = {name for name, number in asking.items() if name and turns[name] >= MIN_TURNS and number >= ASKS_SHARE * turns[name]}
    answerers: set[str] = set()
    for speech, following in itertools.pairwise(speeches):
        if following.speaker != speech.speaker or not following.speaker:
            speech.asked = _asked(speech, askers)
            if speech.asked:
                answerers.add(following.speaker)
    asked = {speech.speaker for speech in speeches if speech.asked}
    numbered = sum(bool(QUESTION_NUMBER.match(speech.elements[0].raw)) for speech in speeches) >= MIN_NUMBERED
    question = 0
    after_question = False
    for speech in speeches:
        replies = after_question or speech.speaker in answerers - askers or (numbered and speech.speaker not in asked)
        answers = bool(question) and not speech.asked and replies
        if speech.asked:
            count += 1
            question = count
        elif not answers:
            question = 0
        _give_roles(speech, question, answers)
        after_question = bool(speech.asked)
    return count


def _asked(speech: Speech, askers: set[str]) -> int:
    """Return how many elements at the end of a speech ask."""
    elements = speech.elements
    words = sum(len(element.text.split()) for element in elements)
    to_ask = ASKED_OF.match(elements[0].raw, elements[0].label_end)
    if words <= MAX_ASKED_WORDS and (elements[0].asks or to_ask or speech.speaker in askers):
        return len(elements)
    if not speech.ends_asking:
        return 0
    asked = 0
    total = 0
    for element in reversed(elements):
        total += len(element.text.split())
        if not (element.text.endswith("?") or element.asks) or total > MAX_ASKED_WORDS:
            break
        asked += 1
    return asked


def _give_roles(speech: Speech, question: int, answers: bool) -> None:
    first_asked = len(speech.elements) - speech.asked
    for number, element in enumerate(speech.elements):
        element.source = speech.speaker or None
        element.words = element.start + element.label_end
        if number >= first_asked:
            element.role, element.question, element.opens = "question", question, number == first_asked
        elif answers:
            element.role, element.question, element.opens = "answer", question, number == 0
        else:
            element.role, element.question, element.opens = _plain_role(element), 0, not element.runs_on


def _plain_role(element: Element) -> Role:
    return "list" if element.kind == "list" and LIST_ITEM.sub("", element.raw) != element.raw else "paragraph"
