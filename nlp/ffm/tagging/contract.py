"""What holds of every tagged passage, as far as that can be told without its report."""

from __future__ import annotations

from msgspec.structs import replace

from ffm.errors import RecordError
from ffm.records import Range, TaggedPassage
from ffm.segment.passages import count_words


def checked(passage: TaggedPassage) -> TaggedPassage:
    """Return a passage that keeps the contract of its parts.

    Raises
    ------
    RecordError
        If it does not; without file and place.
    """
    if not passage.report.strip() or not passage.passage.strip():
        raise RecordError("the report or the passage has no name")
    _check_parts("text", passage.text, passage.parts)
    if (passage.start, passage.end) != (passage.parts[0][0], passage.parts[-1][1]):
        raise RecordError(f"the passage {passage.start}-{passage.end} does not end where its parts do")
    if passage.question is not None:
        _check_parts("question", passage.question, passage.question_parts)
        if passage.question_start != passage.question_parts[0][0]:
            raise RecordError(f"question_start {passage.question_start} is not where the question's parts begin")
    for sentence in passage.sentences:
        if not passage.start <= sentence.start < sentence.end <= passage.end:
            raise RecordError(f"the sentence {sentence.start}-{sentence.end} is not within the passage {passage.start}-{passage.end}")
    for scores in (passage.scores, passage.question_scores, *[sentence.scores for sentence in passage.sentences]):
        for theme, score in scores.items():
            if not 0 <= score <= 1:
                raise RecordError(f'the score {score} of "{theme[:60]}" is not between 0 and 1')
    return passage if passage.words else replace(passage, words=count_words(passage.text))


def _check_parts(name: str, text: str, parts: tuple[Range, ...]) -> None:
    if not parts:
        raise RecordError(f"the {name} has no parts")
    last = 0
    for start, end in parts:
        if not last <= start < end:
            raise RecordError(f"the {name}'s part {start}-{end} is empty, negative or out of order")
        last = end
    length = sum(end - start for start, end in parts) + len(parts) - 1
    if len(text) != length:
        raise RecordError(f"the {name} has {len(text)} characters, its parts joined by one space {length}")
