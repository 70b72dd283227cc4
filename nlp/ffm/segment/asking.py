"""What asks and what answers, as a single element shows: marks, words, the persons that it speaks of."""

from __future__ import annotations

import re

from ffm.segment.elements import Element
from ffm.segment.lines import LIST_ITEM, SPEAKER, SPEAKER_TITLE, is_bold, is_terminated

MAX_QUESTION_WORDS = 90
MAX_REPORTED_WORDS = 45
QUESTION_WORD = re.compile(
    r"^(?:and |so |but )?(?:what|who|whom|whose|which|when|where|why|how|is|are|was|were|do|does|did|can|could|will|would|should|shall|may|might"
    r"|have|has|had|in|to|if|with|regarding|you|of|on|for|any|apart|following|according|as|at|from|under|after|before|please|since|given|there"
    r"|tell|what's|how's|aren't|isn't|don't|the)\b",
    re.IGNORECASE,
)
INTERROGATIVE = re.compile(
    r"^(?:how|what|which|who|whom|whose|where|when|why|is|are|was|were|do|does|did|can|could|has|have|will|would)\b", re.IGNORECASE
)
REQUEST = re.compile(r"^(?:please\b|tell (?:us|me)\b|(?:could|can|would) you\b|describe\b|explain\b)", re.IGNORECASE)
SECOND_PERSON = re.compile(r"\b(?:you(?:rs?)?|yourself)\b", re.IGNORECASE)
ASKING_YOU = re.compile(r"\byour?s?\b", re.IGNORECASE)
LEANS = re.compile(
    r"^(?:yes|no|not|none|nobody|because|since|they|we|i|it|he|she|by|mostly|mainly|partly|only|sometimes|often|usually|never|always|both|neither|all of|most of"
    r"|some of)\b",
    re.IGNORECASE,
)
MAX_FRAGMENT_WORDS = 4
FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e)\b")
SENTENCE_GAP = re.compile(r"(?<=[.!?])\s+")
_ABOUT = r"(?:if|whether|about|that|for|how|what|when|where|why|who|whose|which|to|on|regarding|concerning|after|into|of|over|with respect to|as to)\b"
REPORTS_ASKING = re.compile(
    r"\b(?:(?:ask(?:s|ed)|enquire[sd]|inquire[sd]|querie[sd]|wondered)|(?:wanted|wished|sought|was keen|were keen) to (?:know|learn|hear|understand"
    r"|find out|establish|clarify)|sought (?:information|clarification|views|details)|put (?:it )?to|turned|moved on|(?:was|were) interested|raised (?:the )?(?:issue|question|matter|subject|topic)),?\s(?:[\w'’.,-]{1,30}\s){0,8}?"
    + _ABOUT,
    re.IGNORECASE,
)
MAX_BEFORE_ASKING = 8  # words before the verb of asking


def speaker_label(element: Element) -> re.Match[str] | None:
    """Return the label "Name:" at the start of a text, or None."""
    return SPEAKER.match(element.raw) if element.kind == "text" else None


def is_asked(element: Element) -> bool:
    """Tell whether an element carries a question's mark, or an interviewer's label and a question."""
    if element.kind != "text":
        return False
    if element.asks:
        return True
    label = speaker_label(element)
    title = SPEAKER_TITLE.match(label.group("name")) if label else None
    return bool(title and title.group("asks")) and ("?" in element.text or bool(label and REQUEST.match(element.raw[label.end() :])))


def has_mark(element: Element) -> bool:
    """Tell whether an element opens with a mark of a question or of an answer."""
    return element.kind == "text" and (element.answers or is_asked(element))


def reads_as_question(element: Element) -> bool:
    """Tell whether a paragraph or a numbered line that carries no mark of a question asks, as its words show."""
    text = element.text
    if element.kind == "list":
        match = LIST_ITEM.match(element.raw)
        if not (match and element.one_line and (match.group("number") or match.group("letter") or element.isolated)):
            return False
        text = re.sub(r"^\S+\s+", "", text)
    elif element.kind not in ("text", "heading"):
        return False
    if not text.endswith("?") or len(text.split()) > MAX_QUESTION_WORDS:
        return False
    *before, last = SENTENCE_GAP.split(text)
    if len(before) >= 2 and not ASKING_YOU.search(text) and not all(sentence.endswith("?") for sentence in before):
        return False
    return bool(QUESTION_WORD.match(last) or QUESTION_WORD.match(text)) or is_bold(element.raw) or len(text.split()) >= 4


def asks_as_heading(element: Element) -> bool:
    """Tell whether a heading of an interview asks: by its question mark or its first word."""
    return element.text.endswith("?") or bool(INTERROGATIVE.match(element.text))


def reports_question(text: str) -> bool:
    """Tell whether a line, which is no sentence, tells that somebody asked: "The team asked if ..."."""
    if is_terminated(text) and not text.endswith("?"):
        return False
    words = text.split()
    match = REPORTS_ASKING.search(text)
    return (
        match is not None
        and 2 < len(words) <= MAX_REPORTED_WORDS
        and len(text[: match.start()].split()) <= MAX_BEFORE_ASKING
        and len(text[match.end() :].split()) >= 1
        and text[:1].isupper()
        and not text.endswith(",")
    )


def leans_on_question(reply: str) -> bool:
    """Tell whether words are understood only together with a question above: a few that are no clause, or ones that begin with what it asks of."""
    return is_terminated(reply) and (bool(LEANS.match(reply)) or (len(reply.split()) <= MAX_FRAGMENT_WORDS and not reply.endswith("?")))


def is_same_voice(question: str, reply: str) -> bool:
    """Tell whether a question and what follows both speak to the reader: in a conversation "you" turns into "I" or "we"."""
    first = SENTENCE_GAP.split(reply.strip(), maxsplit=1)[0]
    return bool(SECOND_PERSON.search(question)) and bool(SECOND_PERSON.search(first)) and not FIRST_PERSON.search(first)
