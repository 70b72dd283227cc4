"""Questions and answers: which elements ask, which answer, and whom each answer belongs to."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import Literal

from msgspec import Struct

from ffm.records import Section
from ffm.segment.elements import Element, make_element
from ffm.segment.lines import LIST_ITEM, NUMBERED, SPEAKER, SPEAKER_TITLE, answer_start, is_bold, is_terminated

Role = Literal["question", "answer", "paragraph", "list"]

MAX_QUESTION_WORDS = 90
MAX_REQUEST_WORDS = 40
MIN_PARAGRAPH_WORDS = 12  # mean length from which on numbered items are paragraphs of their own
QUESTION_WORD = re.compile(
    r"^(?:and |so |but )?(?:what|who|whom|whose|which|when|where|why|how|is|are|was|were|do|does|did|can|could|will|would|should|shall|may|might"
    r"|have|has|had|in|to|if|with|regarding|you|of|on|for|any|apart|following|according|as|at|from|under|after|before|please|since|given|there"
    r"|tell|what's|how's|aren't|isn't|don't|the)\b",
    re.IGNORECASE,
)
REQUEST = re.compile(r"^(?:please\b|tell (?:us|me)\b|(?:could|can|would) you\b|describe\b|explain\b)", re.IGNORECASE)
SECOND_PERSON = re.compile(r"\byour?s?\b", re.IGNORECASE)
UNMARKED_ANSWER = re.compile(r"(?<=\?)[\"'”’*_]{0,4}\s+(?=[^\s*_])")
B_UPPER, B_LOWER = re.compile(r"^[\s*_]{0,20}B[.)]\s"), re.compile(r"^[\s*_]{0,20}b[.)]\s")
SENTENCE_GAP = re.compile(r"(?<=[.!?])\s+")


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


def split_unanswered(elements: list[Element]) -> list[Element]:
    """Return the elements with each marked question that no answer follows cut after its question mark, where words follow it."""
    found: list[Element] = []
    for index, element in enumerate(elements):
        cut = UNMARKED_ANSWER.search(element.raw) if element.asks and element.kind == "text" else None
        after = next((other for other in elements[index + 1 : index + 9] if other.kind not in ("furniture", "footnote")), None)
        if cut is None or (after is not None and after.kind in ("text", "list", "table") and not is_asked(after)):
            found.append(element)
            continue
        middle = element.start + cut.end()
        asked, said = element.raw[: cut.start()], element.raw[cut.end() :]
        found.extend((make_element(element.start, asked), make_element(middle, said)))
        found[-1].page_break = element.page_break
    return found


def has_mark(element: Element) -> bool:
    """Tell whether an element opens with a mark of a question or of an answer."""
    return element.kind == "text" and (element.answers or is_asked(element))


def is_asked(element: Element) -> bool:
    """Tell whether an element carries a question's mark, or an interviewer's label and a question."""
    if element.kind != "text":
        return False
    if element.asks:
        return True
    speaker = _speaker(element)
    title = SPEAKER_TITLE.match(speaker.group("name")) if speaker else None
    return bool(title and title.group("asks")) and ("?" in element.text or bool(speaker and REQUEST.match(element.raw[speaker.end() :])))


def reads_as_question(element: Element) -> bool:
    """Tell whether a paragraph or a numbered line that carries no mark of a question asks, as its words show."""
    text = element.text
    if element.kind == "list":
        match = LIST_ITEM.match(element.raw)
        if not (match and match.group("number") and element.one_line):
            return False
        text = re.sub(r"^\S+\s+", "", text)
    elif element.kind not in ("text", "heading"):
        return False
    if not text.endswith("?") or len(text.split()) > MAX_QUESTION_WORDS:
        return False
    *before, last = SENTENCE_GAP.split(text)
    if len(before) >= 2 and not SECOND_PERSON.search(text) and not all(sentence.endswith("?") for sentence in before):
        return False
    return bool(QUESTION_WORD.match(last) or QUESTION_WORD.match(text)) or is_bold(element.raw) or len(text.split()) >= 4


def _speaker(element: Element) -> re.Match[str] | None:
    return SPEAKER.match(element.raw) if element.kind == "text" else None


class _Part:
    """A section's elements, with what tells how its questions look."""

    def __init__(self, elements: list[Element], interview: bool, other_marks: bool) -> None:
        self.marked = sum(is_asked(element) for element in elements)
        self.speakers = {} if self.marked else _speakers(elements)
        self.bold = sum(is_bold(element.raw) and reads_as_question(element) for element in elements)
        asked = [index for index, element in enumerate(elements) if reads_as_question(element) and element.kind != "heading"]
        answered = [index for index in asked if index + 1 < len(elements) and _may_answer(elements[index + 1])]
        texts = sum(1 for element in elements if element.kind in ("text", "list"))
        self.unmarked = not self.marked and (interview or (not other_marks and len(answered) >= 3 and len(answered) >= 0.15 * texts))
        self.interview = interview

    def asks(self, element: Element, after: Element | None) -> bool:
        """Tell whether an element is a question of this section."""
        if is_asked(element):
            return True
        speaker = _speaker(element)
        if speaker and self.speakers.get(speaker.group("name")) == "asks":
            return True
        if element.kind == "text" and element.answers:
            return False
        if reads_as_question(element):
            if self.unmarked and (element.kind != "list" or element.isolated or not (after and reads_as_question(after))):
                return True
            answered = after is not None and after.kind == "text" and after.answers
            return element.kind == "text" and (answered or (is_bold(element.raw) and len(element.text.split()) >= 4))
        if element.kind != "text" or not (self.unmarked or self.bold):
            return False
        if self.bold:
            return is_bold(element.raw) and is_terminated(element.text) and len(element.text.split()) <= MAX_REQUEST_WORDS
        return element.isolated and len(element.text.split()) <= MAX_REQUEST_WORDS and bool(REQUEST.match(element.text))


def read_turns(elements: list[Element], sections: list[Section]) -> list[Turn]:
    """Give every text and list element its role.

    Parameters
    ----------
    elements
        The report's elements, furniture and details marked.
    sections
        Its sections, in order; a question is not carried over their starts.

    Returns
    -------
    list of Turn
        One turn for each text or list element, in order.
    """
    turns: list[Turn] = []
    paragraphs = _numbered_paragraphs(elements)
    anywhere = sum(is_asked(element) for element in elements)
    starts = [section.start for section in sections] + [float("inf")]
    cuts = [0]
    for index, element in enumerate(elements):
        while element.start >= starts[len(cuts) - 1]:
            cuts.append(index)
    cuts.extend([len(elements)] * (len(sections) + 2 - len(cuts)))
    count = 0
    for number in range(len(cuts) - 1):
        piece = elements[cuts[number] : cuts[number + 1]]
        part = _Part(piece, number > 0 and sections[number - 1].interview, bool(anywhere))
        count = _read_part(piece, part, turns, count, paragraphs)
    return turns


def _read_part(elements: list[Element], part: _Part, turns: list[Turn], count: int, paragraphs: set[int]) -> int:
    """Add the turns of one section; return the number of questions so far."""
    question = 0
    asking = False
    spoken = [element for element in elements if element.kind in ("text", "list")]
    following = {before.start: after for before, after in itertools.pairwise(spoken)}
    for index, element in enumerate(elements):
        if element.kind == "heading" and part.interview and part.unmarked and element.text.endswith("?"):
            element.kind = "text"
        elif element.kind == "heading" and element.level < 7:
            question, asking = 0, False
        if element.kind not in ("text", "list"):
            continue
        after = following.get(element.start)
        if part.asks(element, after):
            joins = asking and part.unmarked and not is_asked(element)
            count += not joins
            question, asking = count, True
            turns.append(Turn(element, "question", element.start, not joins, question))
            continue
        begins = answer_start(element.raw, asking) if element.kind == "text" and (part.marked or question) else None
        if begins is not None and not _letter_list(elements, index, 1 if asking else 3):
            turns.append(Turn(element, "answer", element.start + begins, True, question))
            asking = False
            continue
        label = _label_end(element, part)
        if label is not None:
            turns.append(Turn(element, "answer" if question else "paragraph", element.start + label, True, question))
            asking = False
        elif question:
            if asking and _continues_question(turns[-1].element, element, after):
                turns.append(Turn(element, "question", element.start, False, question))
                continue
            turns.append(Turn(element, "answer", element.start, asking, question))
            asking = False
        elif element.kind == "list" and element.start not in paragraphs:
            turns.append(Turn(element, "list", element.start, True))
        else:
            numbered = NUMBERED.match(element.raw) or (LIST_ITEM.match(element.raw) if element.kind == "list" else None)
            turns.append(Turn(element, "paragraph", element.start + (numbered.end() if numbered else 0), True))
    return count


def _may_answer(element: Element) -> bool:
    return element.kind in ("text", "list") and not reads_as_question(element)


def _label_end(element: Element, part: _Part) -> int | None:
    """Return where the words begin after a speaker's label, or None where a paragraph has none.

    A label that only says that an answer follows is left out of the words; one that tells who speaks stays.
    """
    speaker = _speaker(element)
    if speaker is None:
        return None
    title = SPEAKER_TITLE.match(speaker.group("name"))
    if title is None and speaker.group("name") not in part.speakers:
        return None
    generic = title is not None and title.group("answers") and not re.search(r"\d", speaker.group("name"))
    return speaker.end() if generic else 0


def _speakers(elements: list[Element]) -> dict[str, str]:
    """Return the names that open three paragraphs or more as "Name: ...", each with "asks" or "answers"."""
    counts: Counter[str] = Counter()
    asks: Counter[str] = Counter()
    for element in elements:
        match = _speaker(element)
        if match:
            counts[match.group("name")] += 1
            asks[match.group("name")] += element.text.endswith("?")
    repeated = {name: count for name, count in counts.items() if count >= 3}
    if not any(asks[name] >= 0.6 * count for name, count in repeated.items()):
        return {}
    return {name: "asks" if asks[name] >= 0.6 * count else "answers" for name, count in repeated.items()}


def _numbered_paragraphs(elements: list[Element]) -> set[int]:
    """Return the starts of numbered items that are paragraphs: apart from each other, numbered on and on, and long on average."""
    found: set[int] = set()
    runs: list[list[Element]] = [[]]
    last = 0
    for element in elements:
        match = LIST_ITEM.match(element.raw) if element.kind == "list" and element.isolated else None
        if match is None or not match.group("number"):
            continue
        number = int(match.group("number"))
        if number != last + 1:
            runs.append([])
        runs[-1].append(element)
        last = number
    for run in runs:
        if len(run) >= 2 and sum(len(item.text.split()) for item in run) >= MIN_PARAGRAPH_WORDS * len(run):
            found.update(item.start for item in run if is_terminated(item.text))
    return found


def _continues_question(before: Element, element: Element, after: Element | None) -> bool:
    """Tell whether an unmarked paragraph after a question still asks: the question was cut, or an answer's mark follows."""
    if not is_terminated(before.text) and element.text[:1].islower():
        return True
    return element.text.endswith("?") and after is not None and after.kind == "text" and after.answers


def _letter_list(elements: list[Element], index: int, near: int) -> bool:
    """Tell whether "A." opens a lettered list rather than an answer: one of the next few paragraphs opens with "B."."""
    following = B_UPPER if elements[index].text[:1].isupper() else B_LOWER
    return any(following.match(other.raw) for other in elements[index + 1 : index + 1 + near])
