"""Questions and answers: which elements ask, which answer, and whom each answer belongs to."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

from msgspec import Struct

from ffm.segment.elements import Element
from ffm.segment.lines import A_MARK, BARE_A, LIST_ITEM, NUMBERED, Q_MARK, SPEAKER, SPEAKER_TITLE, is_bold, is_terminated

Role = Literal["question", "answer", "paragraph", "list", "none"]

MAX_QUESTION_WORDS = 90
ASKERS = re.compile(r"^(?:interviewer|ffm(?: team)?|fft|cpit|team|delegation|ho|home office)\b", re.IGNORECASE)
QUESTION_WORD = re.compile(
    r"^(?:and |so |but )?(?:what|who|whom|whose|which|when|where|why|how|is|are|was|were|do|does|did|can|could|will|would|should|shall|may|might"
    r"|have|has|had|in|to|if|with|regarding|you|of|on|for|any|apart|following|according|as|at|from|under|after|before|please|since|given|there"
    r"|tell|what's|how's|does|aren't|isn't|don't|the)\b",
    re.IGNORECASE,
)


class Turn(Struct):
    """An element with its role in the conversation.

    Attributes
    ----------
    start
        Offset at which its words begin, after a mark such as "A." or "2.1.3".
    opens
        Whether it begins a new unit rather than continuing the one before.
    question
        Index of the question (a number that rises) that it belongs to, 0 for none.
    """

    element: Element
    role: Role
    start: int
    opens: bool
    question: int = 0


def read_turns(elements: list[Element], interview_spans: list[tuple[int, int]], section_starts: set[int]) -> list[Turn]:
    """Give every text and list element its role.

    Parameters
    ----------
    elements
        The report's elements, furniture and details marked.
    interview_spans
        Ranges of the sections that are interviews by their details or dates.
    section_starts
        Offsets at which sections begin; a question is not carried over them.

    Returns
    -------
    list of Turn
        One turn for each text or list element, in order.
    """
    marked = sum(1 for element in elements if element.kind == "text" and _question_mark(element.raw) is not None)
    unmarked_spans = _unmarked_interviews(elements, interview_spans, marked)
    speakers = _speakers(elements) if marked < 2 else {}
    turns: list[Turn] = []
    question = count = 0
    asking = False
    for index, element in enumerate(elements):
        if element.start in section_starts or (element.kind == "heading" and element.level < 7):
            question, asking = 0, False
        if element.kind == "heading" and element.text.endswith("?") and _inside(element, unmarked_spans):
            element.kind = "text"
        if element.kind not in ("text", "list"):
            continue
        raw = element.raw
        asked = _question_mark(raw) if element.kind == "text" else None
        speaker = SPEAKER.match(raw) if element.kind == "text" else None
        named = speaker is not None and (bool(SPEAKER_TITLE.match(speaker.group("name"))) or speaker.group("name") in speakers)
        if asked is None and named and speaker is not None:
            name = speaker.group("name")
            if (speakers.get(name) == "asks" or ASKERS.match(name)) and "?" in raw:
                asked = element.start
        if asked is None and element.kind == "text" and not A_MARK.match(raw) and _is_unmarked_question(element, unmarked_spans, marked):
            asked = element.start
        if asked is not None:
            count += 1
            question, asking = count, True
            turns.append(Turn(element, "question", element.start, True, question))
            continue
        answer = (A_MARK.match(raw) or (BARE_A.match(raw) if asking else None)) if marked or count else None
        if element.kind == "text" and answer and (question or not _letter_list(elements, index)):
            turns.append(Turn(element, "answer", element.start + answer.end(), True, question))
            asking = False
        elif named and speaker is not None:
            turns.append(Turn(element, "answer" if question else "paragraph", element.start, True, question))
            asking = False
        elif question:
            if asking and _continues_question(elements, index):
                turns.append(Turn(element, "question", element.start, False, question))
                continue
            turns.append(Turn(element, "answer", element.start, asking, question))
            asking = False
        elif element.kind == "list":
            turns.append(Turn(element, "list", element.start, True))
        else:
            number = NUMBERED.match(raw)
            turns.append(Turn(element, "paragraph", element.start + (number.end() if number else 0), True))
    return turns


def _question_mark(raw: str) -> int | None:
    """Return 0 where a paragraph carries a question's mark, else None.

    A bare "Q" or "Question" without punctuation counts only before a capital letter.
    """
    match = Q_MARK.match(raw)
    if match is None:
        return None
    if not match.group("sep") and not re.match(r"[\"'“‘(*_]*[A-Z]", raw[match.end() :]) and not re.search(r"\d", match.group()):
        return None
    if raw.lstrip("*_ >").lower().startswith("question") and not match.group("sep") and not re.search(r"\d", match.group()):
        return None
    return 0


def _inside(element: Element, spans: list[tuple[int, int]]) -> bool:
    return any(start <= element.start < end for start, end in spans)


def _reads_as_question(element: Element) -> bool:
    text = element.text
    if not text.endswith("?") or len(text.split()) > MAX_QUESTION_WORDS or LIST_ITEM.match(element.raw):
        return False
    last = re.split(r"(?<=[.!?])\s+", text)[-1]
    return bool(QUESTION_WORD.match(last) or QUESTION_WORD.match(text)) or is_bold(element.raw) or len(text.split()) >= 4


def _unmarked_interviews(elements: list[Element], interview_spans: list[tuple[int, int]], marked: int) -> list[tuple[int, int]]:
    """Return the ranges in which a paragraph that ends in a question mark asks, though no mark says so.

    An interview section counts from one such paragraph on; text without interview sections from three on, where
    something other than a question follows each.
    """
    spans = [
        span
        for span in interview_spans
        if not any(_question_mark(e.raw) is not None for e in elements if e.kind == "text" and span[0] <= e.start < span[1])
        and any(_reads_as_question(e) for e in elements if e.kind in ("text", "heading") and span[0] <= e.start < span[1])
    ]
    if spans or marked:
        return spans
    asked = [
        (index, element)
        for index, element in enumerate(elements)
        if element.kind in ("text", "heading") and _reads_as_question(element) and len(element.text.split()) <= 40
    ]
    answered = [
        element
        for index, element in asked
        if index + 1 < len(elements) and elements[index + 1].kind in ("text", "list") and not _reads_as_question(elements[index + 1])
    ]
    texts = sum(1 for element in elements if element.kind in ("text", "list"))
    if len(answered) >= 3 and len(answered) >= 0.15 * texts:
        return [(answered[0].start, elements[-1].end)]
    return []


def _is_unmarked_question(element: Element, spans: list[tuple[int, int]], marked: int) -> bool:
    if not _reads_as_question(element):
        return False
    return _inside(element, spans) or (is_bold(element.raw) and len(element.text.split()) >= 4)


def _speakers(elements: list[Element]) -> dict[str, str]:
    """Return the names that open three paragraphs or more as "Name: ...", each with "asks" or "answers"."""
    counts: Counter[str] = Counter()
    asks: Counter[str] = Counter()
    for element in elements:
        match = SPEAKER.match(element.raw) if element.kind == "text" else None
        if match:
            counts[match.group("name")] += 1
            asks[match.group("name")] += element.text.endswith("?")
    repeated = {name: count for name, count in counts.items() if count >= 3}
    if not any(asks[name] >= 0.6 * count for name, count in repeated.items()):
        return {}
    return {name: "asks" if asks[name] >= 0.6 * count else "answers" for name, count in repeated.items()}


def _continues_question(elements: list[Element], index: int) -> bool:
    """Tell whether an unmarked paragraph after a question still asks: the question was cut, or an answer's mark follows."""
    element = elements[index]
    before = next((other for other in reversed(elements[:index]) if other.kind in ("text", "list")), None)
    if before is not None and not is_terminated(before.text) and element.text[:1].islower():
        return True
    if not element.text.endswith("?"):
        return False
    after = next((other for other in elements[index + 1 :] if other.kind in ("text", "list")), None)
    return after is not None and bool(A_MARK.match(after.raw))


def _letter_list(elements: list[Element], index: int) -> bool:
    """Tell whether "A." opens a lettered list rather than an answer: a paragraph that opens with "B." is near."""
    return any(re.match(r"^[\s*_]*B[.)]\s", other.raw) for other in elements[index + 1 : index + 4])
