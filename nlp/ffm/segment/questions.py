"""Questions that the report retells as headings or lines of their own, and marks that turn out to be none."""

from __future__ import annotations

import itertools
import re
from collections import Counter

from ffm.segment.asking import INTERROGATIVE, MAX_REPORTED_WORDS, SENTENCE_GAP, is_asked, reports_question
from ffm.segment.elements import LOOK_LEVEL, Element, Elements, is_single, split_element
from ffm.segment.lines import ATX_HEADING, FIELD, LIST_ITEM, OPEN_WORD, is_terminated

NUMBERED_QUESTION = re.compile(r"^[\s*_>]{0,20}Q(?:uestion)?\s?(?P<number>\d{1,4})\b[\s*_.:)]{0,9}", re.IGNORECASE)
WORD_MARK = re.compile(r"^[\s*_>]{0,20}(?:Question|Answer|Q|A)\s?[.:]\s", re.IGNORECASE)
UNMARKED_ANSWER = re.compile(r"(?<=\?)[\"'”’*_]{0,4}\s+(?=[^\s*_])")
INDIRECT = re.compile(r"^(?:whether|if|how|what|which|who|where|when|why)\b", re.IGNORECASE)
MAX_LINES = 3
MIN_ALIKE = 2  # retold questions with the same first words from which on other lines with them are questions too
MIN_SHARED = 3  # lines with the same subject in a report with interviews from which on they are questions without a verb of asking
ASKED_SHARE = 0.6  # of the headings of one mark that ask, from which on all of them do
SUBJECT = re.compile(r"^(?:the|we|our|team|members|officials|questions?)\b")
MIN_ASKING_WORDS = 3  # of such a heading; fewer are a topic
MIN_NUMBERED = 3  # numbers that rise from which on "Q12" marks a question though no question mark follows


def split_unanswered(elements: Elements) -> Elements:
    """Cut each marked question that no answer follows after its question mark, where words follow it."""
    found: Elements = []
    for index, element in enumerate(elements):
        cut = UNMARKED_ANSWER.search(element.raw) if element.asks and element.kind == "text" else None
        after = next((other for other in elements[index + 1 : index + 9] if other.kind not in ("furniture", "footnote")), None)
        if cut is None or (after is not None and after.kind in ("text", "list", "table") and not is_asked(after)):
            found.append(element)
        else:
            found += split_element(element, [cut.end()])
    return found


def mark_numbered_questions(elements: Elements) -> Elements:
    """Mark paragraphs that open with "Q12", "Q13", ... as questions where the numbers rise, whatever their words."""
    found = [(element, int(match.group("number"))) for element in elements if (match := _numbered(element))]
    numbers = [number for _, number in found]
    if len(numbers) >= MIN_NUMBERED and all(before < after for before, after in itertools.pairwise(numbers)):
        for element, _ in found:
            element.asks = True
    return elements


def _numbered(element: Element) -> re.Match[str] | None:
    return NUMBERED_QUESTION.match(element.raw) if element.kind == "text" else None


def unmark_words(elements: Elements) -> Elements:
    """Take the mark from a paragraph that begins with the word "Question." or "A." as the sentence above runs into it."""
    before: Element | None = None
    for element in elements:
        if element.kind == "furniture":
            continue
        if element.kind == "text" and element.marked and "?" not in element.text and WORD_MARK.match(element.raw):
            if before is not None and before.kind == "text" and not before.asks and OPEN_WORD.search(before.text):
                element.asks = element.answers = False
        before = element
    return elements


def mark_reported_questions(elements: Elements) -> Elements:
    """Turn headings and lines of their own that tell what was asked into questions.

    What asks is told by a verb of asking, by first words or a heading's mark that such lines of the report share, or by
    question words where all numbered lines of their own open with one.
    """
    lines = [index for index in range(len(elements)) if _stands_alone(elements, index)]
    found = {index for index in lines if reports_question(elements[index].text)}
    numbered = [index for index in lines if LIST_ITEM.match(elements[index].raw)]
    asking = [index for index in numbered if INTERROGATIVE.match(LIST_ITEM.sub("", elements[index].raw))]
    if len(asking) == len(numbered) and (len(asking) >= MIN_NUMBERED or _count_up(elements, asking)):
        found.update(asking)
    openings = Counter(_opening(elements[index]) for index in found)
    shared = Counter(_opening(elements[index]) for index in lines)
    detailed = any(FIELD.match(element.raw) for element in elements if element.kind in ("text", "details"))
    if detailed:
        found |= _retold_in_sentences(elements)
    for index in lines:
        opening = _opening(elements[index])
        if openings[opening] >= MIN_ALIKE or (detailed and shared[opening] >= MIN_SHARED and SUBJECT.match(opening)):
            found.add(index)
    marks = {index: elements[index].level for index in lines if ATX_HEADING.match(elements[index].raw)}
    asked = Counter(level for index, level in marks.items() if index in found)
    of_level = Counter(marks.values())
    found.update(
        index
        for index, level in marks.items()
        if asked[level] >= MIN_ALIKE
        and asked[level] >= ASKED_SHARE * of_level[level]
        and len(elements[index].text.split()) >= MIN_ASKING_WORDS
    )
    if found:  # and so does a line that tells only what, below one that tells who asked
        found.update(index for index in lines if INDIRECT.match(elements[index].text) and _is_sentence_case(elements[index].text))
    # among retold questions, a line that ends in a question mark is one too, as long as it is set as they are
    plain = sum(index not in marks for index in found) >= MIN_ALIKE
    found.update(
        index
        for index in lines
        if elements[index].text.endswith("?") and (asked[marks[index]] >= MIN_ALIKE if index in marks else plain and detailed)
    )
    for index in sorted(found):
        element = elements[index]
        element.kind, element.asks, element.level = "text", True, element.level or LOOK_LEVEL
    return elements


def _is_sentence_case(text: str) -> bool:
    """Tell whether a line of four words or more is set as a sentence is, its later words hardly ever with a capital."""
    words = text.split()[1:]
    return len(words) >= MIN_ASKING_WORDS and 2 * sum(word[0].isupper() for word in words) < len(words)


def _count_up(elements: Elements, lines: list[int]) -> bool:
    """Tell whether two lines or more are numbered from 1 and each ends in a question mark."""
    numbers = [LIST_ITEM.match(elements[index].raw) for index in lines]
    printed = [match.group("number") for match in numbers if match]
    return (
        len(lines) >= MIN_ALIKE
        and printed == [str(number + 1) for number in range(len(lines))]
        and all(elements[index].text.endswith("?") for index in lines)
    )


def _retold_in_sentences(elements: Elements) -> set[int]:
    """Return the paragraphs that are one sentence each, with the same first words, of what was asked, each above another paragraph."""
    found = {
        index
        for index, element in enumerate(elements[:-1])
        if element.kind == "text"
        and element.isolated
        and element.text.endswith(".")
        and not SENTENCE_GAP.search(element.text)
        and SUBJECT.match(_opening(element))
        and reports_question(element.text[:-1])
        and elements[index + 1].is_words
    }
    found -= {index + 1 for index in found}  # two in a row tell of a conversation
    openings = Counter(_opening(elements[index]) for index in found)
    return {index for index in found if openings[_opening(elements[index])] >= MIN_SHARED}


def _opening(element: Element) -> str:
    return " ".join(element.text.lower().split()[:2])


def _stands_alone(elements: Elements, index: int) -> bool:
    """Tell whether an element is a heading below the first depth, or a short line of its own and no sentence, above a text."""
    element = elements[index]
    if element.correction is not None:
        return False
    if element.kind == "heading":
        if element.level == 1:
            return False
    elif (
        (not is_single(element) and element.kind != "text")
        or not element.isolated
        or element.marked
        or FIELD.match(element.raw)
        or element.page_break
    ):
        return False
    text = element.text
    if not text or len(text.split()) > MAX_REPORTED_WORDS or element.raw.count("\n") >= MAX_LINES or text.endswith(","):
        return False
    if is_terminated(text) and not text.endswith("?"):
        return False
    below = next((other for other in elements[index + 1 : index + 6] if other.kind not in ("furniture", "footnote")), None)
    return below is not None and below.kind in ("text", "list", "table") and not below.text[:1].islower()
