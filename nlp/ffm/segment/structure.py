"""What was understood of a report: its outline, and what in it is unusual."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter

from msgspec import Struct

from ffm.records import Section, Segmentation, is_evidence

MIN_WORDS = 400  # of evidence from which on a report's structure can be judged
UNSOURCED_SHARE = 0.5
FRONT_SHARE = 1 / 3
MAX_SPEAKERS = 6  # named in one line of an outline


class OutlineEntry(Struct, frozen=True):
    """A section in the outline of a report.

    Attributes
    ----------
    section
        The section; None for what stands before the first.
    depth
        How many sections it lies in.
    passages, words
        Its own passages, footnotes and tables among them, and their words.
    speakers
        Who speaks in it, where it has no source of its own, in the order of their first words.
    answered, unanswered
        Its questions with and without an answer.
    """

    section: Section | None
    depth: int
    passages: int
    words: int
    speakers: tuple[str, ...]
    answered: int
    unanswered: int


def outline(found: Segmentation) -> list[OutlineEntry]:
    """Return the outline of a report: its sections in order, each with what it holds."""
    starts = [section.start for section in found.sections]

    def at(offset: int) -> int:
        return bisect_right(starts, offset) - 1

    passages: Counter[int] = Counter()
    words: Counter[int] = Counter()
    speakers: dict[int, dict[str, None]] = {}
    answered_starts = {start for passage in found.passages for start, _ in passage.question_parts}
    answered = Counter(at(start) for start in {passage.question_start for passage in found.passages if passage.question_start is not None})
    for passage in found.passages:
        where = at(passage.start)
        passages[where] += 1
        words[where] += len(passage.text.split())
        section = found.sections[where] if where >= 0 else None
        if passage.source and (section is None or section.source is None):
            speakers.setdefault(where, {})[passage.source] = None
    unanswered = Counter(at(start) for start in _unanswered(found, sorted(answered_starts)))
    entries = []
    for where in range(-1, len(found.sections)):
        if where < 0 and not (passages[where] or answered[where] or unanswered[where]):
            continue
        section = found.sections[where] if where >= 0 else None
        entries.append(
            OutlineEntry(
                section,
                max(0, len(section.path) - 1) if section else 0,
                passages[where],
                words[where],
                tuple(speakers.get(where, ())),
                answered[where],
                unanswered[where],
            )
        )
    return entries


def _unanswered(found: Segmentation, answered: list[int]) -> list[int]:
    """Return where questions begin that no passage answers; blocks that follow each other are one question."""
    starts: list[int] = []
    before = False
    for block in found.blocks:
        if block.kind == "question":
            at = bisect_right(answered, block.end - 1) - 1
            is_open = at < 0 or answered[at] < block.start
            if is_open and not before:
                starts.append(block.start)
            before = is_open
        elif block.kind != "furniture":
            before = False
    return starts


def unusual(found: Segmentation) -> list[str]:
    """Return in one line what in a report's structure is unusual, and what to do; an empty list where nothing is."""
    evidence = [passage for passage in found.passages if is_evidence(passage)]
    words = sum(len(passage.text.split()) for passage in evidence)
    unsourced = sum(len(passage.text.split()) for passage in evidence if not passage.source)
    front = sum(passage.part == "front" for passage in found.passages)
    told = []
    if words < MIN_WORDS:
        return []
    if not found.sections:
        told.append("no sections were found")
    if 0 < unsourced < words and unsourced >= UNSOURCED_SHARE * words:
        told.append(f"{unsourced / words:.0%} of its text has no source")
    if front >= FRONT_SHARE * len(found.passages) and front:
        told.append(f"{front} of {len(found.passages)} passages are front matter")
    return [f"unusual: {'; '.join(told)}; see ffm show --structure, and correct it with ffm reports layout"] if told else []


def outline_lines(found: Segmentation) -> list[str]:
    """Return the outline of a report as lines of text: a summary, its notices, then a line for each section."""
    entries = outline(found)
    front = sum(passage.part == "front" for passage in found.passages)
    interviews = sum(section.interview for section in found.sections)
    words = sum(entry.words for entry in entries)
    sourced = sum(len(passage.text.split()) for passage in found.passages if passage.source)
    asked = sum(entry.answered + entry.unanswered for entry in entries)
    open_ = sum(entry.unanswered for entry in entries)
    lines = [
        f"{found.report.id}: {found.report_date or 'no date of its own'}; {_counted(len(found.sections), 'section')}, {_counted(interviews, 'interview')}, "
        f"{_counted(len(found.passages), 'passage')} ({front} front matter), {_counted(asked, 'question')} ({open_} without answer), "
        f"{sourced / words if words else 0:.0%} of the words with a source"
    ]
    lines += [f"! {notice}" for notice in found.notices]
    lines += [_outline_line(entry) for entry in entries]
    return lines


def _outline_line(entry: OutlineEntry) -> str:
    section = entry.section
    facts = ["  " * entry.depth + (section.path[-1] if section and section.path else "(before the first heading)")]
    if section is not None and section.source:
        facts.append(f"source: {section.source}{f' ({section.source_type})' if section.source_type else ''}")
    if entry.speakers:
        more = f" and {len(entry.speakers) - MAX_SPEAKERS} more" if len(entry.speakers) > MAX_SPEAKERS else ""
        facts.append(f"speakers: {', '.join(entry.speakers[:MAX_SPEAKERS])}{more}")
    if section is not None and section.date:
        facts.append(section.date)
    if section is not None and section.part == "front":
        facts.append("front matter")
    if entry.passages:
        facts.append(_counted(entry.passages, "passage"))
    if entry.answered or entry.unanswered:
        facts.append(
            _counted(entry.answered + entry.unanswered, "question") + (f" ({entry.unanswered} without answer)" if entry.unanswered else "")
        )
    return " · ".join(facts)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
