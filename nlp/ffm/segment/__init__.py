"""From a report's text to its blocks, sections and passages."""

from __future__ import annotations

from bisect import bisect_right

from msgspec.structs import replace

from ffm.records import Block, BlockKind, Passage, Report, Section, Segmentation, joined
from ffm.segment.elements import Element, read_elements
from ffm.segment.furniture import mark_furniture, page_marks
from ffm.segment.headings import mark_cover, mark_headings
from ffm.segment.interviews import Turn, read_turns, split_unanswered
from ffm.segment.notes import mark_notes
from ffm.segment.passages import cut_unit, make_units
from ffm.segment.sections import make_sections, mark_details

__all__ = ["segment"]


def segment(report: Report) -> Segmentation:
    """Segment a report.

    Parameters
    ----------
    report
        Any text: layouts that are not known give paragraphs.

    Returns
    -------
    Segmentation
        Its blocks partition the text: every character lies in exactly one. Its passages are in the order of the
        text, footnotes and tables among them; each passage's ``text`` is its parts joined by one space.
    """
    text = report.text
    elements = split_unanswered(read_elements(text))
    mark_furniture(elements)
    mark_notes(elements)
    mark_headings(elements)
    mark_cover(elements)
    heads = mark_details(elements)
    sections, notices = make_sections(heads, len(text))
    turns = read_turns(elements, sections)
    units, questions = make_units(elements, turns, text)
    starts = [section.start for section in sections]
    pages = page_marks(elements, report.page_starts, text)
    page_offsets = [offset for offset, _ in pages]
    found: list[Passage] = []
    for unit in units:
        for parts in cut_unit(unit, text) if unit.joinable else [tuple(unit.paragraphs[0])]:
            start, end = parts[0][0], parts[-1][1]
            at = bisect_right(starts, start) - 1
            section = sections[at] if at >= 0 else Section("", 0, 0)
            page_at = bisect_right(page_offsets, start) - 1
            asked = questions.get(unit.question, ())
            found.append(
                Passage(
                    report=report.id,
                    passage="",
                    kind=unit.kind,
                    start=start,
                    end=end,
                    section=section.title or None,
                    source=section.source,
                    source_type=section.source_type,
                    date=section.date,
                    date_conflict=section.date_conflict,
                    page=pages[page_at][1] if page_at >= 0 else None,
                    question=joined(text, asked) if asked else None,
                    question_start=asked[0][0] if asked else None,
                    question_parts=asked,
                    parts=parts,
                    text=joined(text, parts),
                )
            )
    found.sort(key=lambda passage: (passage.start, passage.end))
    return Segmentation(
        report=report,
        blocks=_partition(elements, turns, len(text)),
        sections=tuple(sections),
        passages=tuple(_numbered(report.id, found)),
        notices=tuple(notices),
    )


def _numbered(report_id: str, passages: list[Passage]) -> list[Passage]:
    return [replace(passage, passage=f"{report_id}/{number:04d}") for number, passage in enumerate(passages, start=1)]


def _partition(elements: list[Element], turns: list[Turn], length: int) -> tuple[Block, ...]:
    """Return blocks that cover the text: each element with the white space after it."""
    roles = {turn.element.start: turn.role for turn in turns}
    blocks: list[Block] = []
    if elements and elements[0].start > 0:
        blocks.append(Block(0, elements[0].start, "furniture"))
    elif not elements and length:
        return (Block(0, length, "furniture"),)
    for index, element in enumerate(elements):
        end = elements[index + 1].start if index + 1 < len(elements) else length
        kind: BlockKind
        if element.kind in ("heading", "details", "footnote", "table", "furniture"):
            kind = element.kind
        else:
            kind = "question" if roles.get(element.start) == "question" else "passage"
        blocks.append(Block(element.start, end, kind))
    return tuple(blocks)
