"""Questions and answers of notes and interviews: which elements ask, which answer, and whom each answer belongs to."""

from __future__ import annotations

import itertools
import re
from collections import Counter

from ffm.segment.asking import (
    ASKING_YOU,
    INTERROGATIVE,
    QUESTION_WORD,
    REQUEST,
    asks_as_heading,
    is_asked,
    is_same_voice,
    leans_on_question,
    reads_as_question,
    speaker_label,
)
from ffm.segment.elements import LOOK_LEVEL, Element, Elements, by_section, is_spoken, is_title_case
from ffm.segment.lines import (
    FIELD,
    LINE_END,
    LIST_ITEM,
    NOT_THE_SOURCE,
    NOTE_AT_END,
    NUMBERED,
    SPEAKER_TITLE,
    answer_start,
    is_bold,
    is_terminated,
    plain,
)

MAX_REQUEST_WORDS = 40
MAX_NAME_WORDS = 14
MIN_QUESTION_WORDS = 4  # of a question that stands alone in a text
MIN_PARAGRAPH_WORDS = 12  # mean length from which on numbered items are paragraphs of their own
MIN_UNMARKED = 3  # unmarked questions with answers from which on a text is one of questions and answers
WORDED_SHARE = 0.75  # of them that open with a question's word, from which on a short one without is none
MAX_APPEAL_WORDS = 6
UNMARKED_SHARE = 0.15  # of its paragraphs that then ask
B_UPPER, B_LOWER = re.compile(r"^[\s*_]{0,20}B[.)]\s"), re.compile(r"^[\s*_]{0,20}b[.)]\s")
SET_APART = re.compile(
    r"^\s{0,9}(?:\[(?P<number>\d{1,4})\]\s|(?P<lettered>[A-Z]\.\d{1,3}(?:\.\d{1,3}){0,2})\s{1,9}(?=[A-Z])|(?:[§¶]{1,2}|[Pp]ara(?:graph)?\b\.?)\s?(?P<section>\d{1,4}(?:\.\d{1,3}){0,3})[.:)]?\s{1,9}(?=[\"“‘'(]?[A-Z]))"
)
PLAIN_NUMBER = re.compile(r"^\s{0,9}\(?(?P<number>\d{1,3})\)?\s{1,9}(?=[\"“‘(]?[A-Z])")


def mark_turns(elements: Elements) -> Elements:
    """Give every text and list element its role, but for those in sections that speakers tell.

    A question is not carried over the start of a section.
    """
    paragraphs = _numbered_paragraphs(elements)
    anywhere = any(is_asked(element) for element in elements)
    count = 0
    for section, piece in by_section(elements):
        if not is_spoken(section, piece):
            count = _read_part(piece, _Part(piece, section is not None and section.interview, anywhere), count, paragraphs)
    return elements


BOLD_NUMBER = re.compile(r"^\s*+(?P<marks>\*\*|__)(?P<number>\d{1,2}(?:\.\d{1,3}){1,3}(?:\.[a-z])?)\.?(?P=marks)\s++(?=\S)")


def mark_numbers(elements: Elements) -> Elements:
    """Give each paragraph that opens with a number its number; its words begin after it."""
    for element in elements:
        if element.role != "paragraph" or element.words != element.start:
            continue
        numbered = (
            NUMBERED.match(element.raw)
            or BOLD_NUMBER.match(element.raw)
            or (LIST_ITEM.match(element.raw) if element.kind == "list" else None)
        )
        if numbered:
            element.number = numbered.groupdict().get("number") or numbered.groupdict().get("letter")
            element.words += numbered.end()
    _number_series(elements)
    return elements


def _number_series(elements: Elements) -> None:
    """Give numbers to paragraphs that open with one in another form, such as "B.4", "[4]" or "§ 4", or, where they rise by one, with "(4)" or "4"."""
    before: Element | None = None
    last = 0
    for element in elements:
        if element.role != "paragraph" or element.number is not None:
            continue
        match = SET_APART.match(element.raw) or PLAIN_NUMBER.match(element.raw)
        if match is None:
            continue
        printed = next(filter(None, match.groups()))
        number = int(printed.rsplit(".", 1)[-1])
        if match.re is SET_APART:
            element.number = printed
            element.words += match.end() if match.groupdict().get("lettered") else 0
        elif before is not None and number == last + 1:
            for other in (before, element):
                other.number = other.number or str(number - (other is before))
        before, last = element, number


class _Part:
    """A section's elements, with what tells how its questions look."""

    def __init__(self, elements: Elements, interview: bool, other_marks: bool) -> None:
        self.marked = sum(is_asked(element) for element in elements)
        self.speakers = {} if self.marked else _speakers(elements)
        self.bold = sum(is_bold(element.raw) and reads_as_question(element) for element in elements)
        self.interview = interview
        asked = [index for index, element in enumerate(elements) if element.kind != "heading" and self._reads_as_question(element)]
        answered = [index for index in asked if index + 1 < len(elements) and _may_answer(elements[index], elements[index + 1])]
        self.worded = bool(asked) and sum(_opens_as_question(elements[index]) for index in asked) >= WORDED_SHARE * len(asked)
        texts = sum(1 for element in elements if element.is_words)
        self.unmarked = not self.marked and (
            interview or (not other_marks and len(answered) >= MIN_UNMARKED and len(answered) >= UNMARKED_SHARE * texts)
        )

    def _reads_as_question(self, element: Element) -> bool:
        """Tell whether an element reads as a question, and outside of interviews not as a title that asks."""
        return reads_as_question(element) and (self.interview or is_bold(element.raw) or not is_title_case(element.text))

    def appeals(self, element: Element) -> bool:
        """Tell whether a short unmarked question has no question's word though nearly all others have one: "Still in doubt?" below a list of them."""
        words = len(element.text.split())
        if element.kind != "text" or not element.isolated:
            return False
        return (
            self.unmarked and self.worded and words <= MAX_APPEAL_WORDS and element.text.endswith("?") and not _opens_as_question(element)
        )

    def asks(self, element: Element, after: Element | None) -> bool:
        """Tell whether an element is a question of this section."""
        if is_asked(element):
            return True
        label = speaker_label(element)
        if label and self.speakers.get(label.group("name")) == "asks":
            return True
        if (element.kind == "text" and element.answers) or self.appeals(element):
            return False
        if self._reads_as_question(element):
            return self._asks_unmarked(element, after)
        if element.kind != "text" or not (self.unmarked or self.bold):
            return False
        if self.bold:
            return is_bold(element.raw) and is_terminated(element.text) and len(element.text.split()) <= MAX_REQUEST_WORDS
        return element.isolated and len(element.text.split()) <= MAX_REQUEST_WORDS and bool(REQUEST.match(element.text))

    def _asks_unmarked(self, element: Element, after: Element | None) -> bool:
        """Tell whether an element that reads as a question is one here: among others, before an answer, or to a person in an exchange."""
        answered = after is not None and after.kind == "text" and after.answers
        if element.kind == "text" and (answered or (is_bold(element.raw) and len(element.text.split()) >= MIN_QUESTION_WORDS)):
            return True
        if after is not None and not self.interview and is_same_voice(element.text, after.text):
            return False
        if self.unmarked:
            return element.kind != "list" or element.isolated or not (after and reads_as_question(after))
        return (
            not self.marked
            and element.kind == "text"
            and element.isolated
            and element.one_line
            and len(element.text.split()) >= MIN_QUESTION_WORDS
            and after is not None
            and (bool(ASKING_YOU.search(element.text)) or (bool(INTERROGATIVE.match(element.text)) and leans_on_question(after.text)))
            and _may_answer(element, after)
        )


def _read_part(elements: Elements, part: _Part, count: int, paragraphs: set[int]) -> int:
    """Give the elements of one section their roles; return the number of questions so far."""
    question = 0
    asking = False
    before: Element | None = None
    source: str | None = None  # who gives an answer, as a line above it tells
    spoken = [element for element in elements if element.is_words]
    following = {former.start: latter for former, latter in itertools.pairwise(spoken)}
    for index, element in enumerate(elements):
        if element.kind == "heading" and part.interview and part.unmarked and asks_as_heading(element):
            element.kind, element.asks = "text", not element.text.endswith("?")
        elif element.kind == "heading" and element.level < LOOK_LEVEL:
            question, asking = 0, False
        if not element.is_words:
            continue
        after = following.get(element.start)
        if part.appeals(element):
            question, asking, source = 0, False, None
        element.words, element.question, element.opens = element.start, question, True
        begins = None
        if element.runs_on and before is not None:
            element.role, element.opens = before.role, False
        elif part.asks(element, after):
            joins = asking and part.unmarked and not is_asked(element)
            count += not joins
            question, asking = count, True
            source = source if joins else None
            element.role, element.opens, element.question = "question", not joins, question
        elif question and (named := _named(element)) is not None:
            element.kind, source = "details", named
            continue
        elif (begins := _answer_start(elements, index, part, question, asking)) is not None:
            element.role, element.words, asking = "answer", element.start + begins, False
        elif (label := _label_end(element, part)) is not None:
            element.role, element.words, asking = "answer" if question else "paragraph", element.start + label, False
        elif question and asking and before is not None and _continues_question(before, element, after):
            element.role, element.opens = "question", False
        elif question:
            element.role, element.opens, asking = "answer", asking, False
        else:
            element.role = "list" if element.kind == "list" and element.start not in paragraphs else "paragraph"
        element.source = source if element.role == "answer" else element.source
        before = element
    return count


def _opens_as_question(element: Element) -> bool:
    return bool(QUESTION_WORD.match(LIST_ITEM.sub("", element.text)))


def _named(element: Element) -> str | None:
    """Return the name in a line that only tells who answers, below the mark of an answer or without one."""
    line = element.raw[answer_start(element.raw, True) or 0 :].strip()
    label = FIELD.match(line)
    if label is None or LINE_END.search(line) or is_terminated(line) or NOT_THE_SOURCE.search(label.group("label")):
        return None
    name = plain(line[label.end() :])
    return name if name and len(name.split()) <= MAX_NAME_WORDS else None


def _answer_start(elements: Elements, index: int, part: _Part, question: int, asking: bool) -> int | None:
    """Return where an answer's words begin after its mark, or None where an element has no such mark."""
    element = elements[index]
    if element.kind != "text" or not (part.marked or question):
        return None
    begins = answer_start(element.raw, asking)
    return None if begins is None or _letter_list(elements, index, 1 if asking else 3) else begins


def _may_answer(asked: Element, element: Element) -> bool:
    return element.is_words and not reads_as_question(element) and not is_same_voice(asked.text, element.text)


def _label_end(element: Element, part: _Part) -> int | None:
    """Return where the words begin after a speaker's label, or None where a paragraph has none.

    A label that only says that an answer follows is left out of the words; one that tells who speaks stays.
    """
    label = speaker_label(element)
    if label is None:
        return None
    title = SPEAKER_TITLE.match(label.group("name"))
    if title is None and label.group("name") not in part.speakers:
        return None
    generic = title is not None and title.group("answers") and not re.search(r"\d", label.group("name"))
    return label.end() if generic else 0


def _speakers(elements: Elements) -> dict[str, str]:
    """Return the names that open three paragraphs or more as "Name: ...", each with "asks" or "answers"."""
    counts: Counter[str] = Counter()
    asks: Counter[str] = Counter()
    for element in elements:
        match = speaker_label(element)
        if match:
            counts[match.group("name")] += 1
            asks[match.group("name")] += element.text.endswith("?")
    repeated = {name: count for name, count in counts.items() if count >= 3}
    if not any(asks[name] >= 0.6 * count for name, count in repeated.items()):
        return {}
    return {name: "asks" if asks[name] >= 0.6 * count else "answers" for name, count in repeated.items()}


def _numbered_paragraphs(elements: Elements) -> set[int]:
    """Return the starts of numbered items that are paragraphs: apart from each other, numbered on and on, and long on average."""
    found: set[int] = set()
    runs: list[Elements] = [[]]
    last = 0
    for element in elements:
        match = LIST_ITEM.match(element.raw) if element.kind == "list" and element.blank_before else None
        if match is None or not match.group("number"):
            continue
        number = int(match.group("number"))
        if number != last + 1:
            runs.append([])
        runs[-1].append(element)
        last = number
    for run in runs:
        if len(run) >= 2 and sum(len(item.text.split()) for item in run) >= MIN_PARAGRAPH_WORDS * len(run):
            found.update(item.start for item in run if is_terminated(NOTE_AT_END.sub("", item.text)))
    return found


def _continues_question(before: Element, element: Element, after: Element | None) -> bool:
    """Tell whether an unmarked paragraph after a question still asks: the question was cut, or an answer's mark follows."""
    if before.level:
        return False
    if not is_terminated(before.text) and element.text[:1].islower():
        return True
    return element.text.endswith("?") and after is not None and after.kind == "text" and after.answers


def _letter_list(elements: Elements, index: int, near: int) -> bool:
    """Tell whether "A." opens a lettered list rather than an answer: one of the next few paragraphs opens with "B."."""
    following = B_UPPER if elements[index].text[:1].isupper() else B_LOWER
    return any(following.match(other.raw) for other in elements[index + 1 : index + 1 + near])
