"""From a report's text to its blocks, sections and passages: a list of steps over its elements, each of which decides one thing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from msgspec.structs import replace

from ffm.records import Block, BlockKind, Passage, Report, Section, Segmentation, SourceType, joined
from ffm.segment.contents import mark_contents
from ffm.segment.corrections import apply_layout, unmatched
from ffm.segment.cover import mark_cover, report_date
from ffm.segment.elements import Elements
from ffm.segment.forms import mark_forms
from ffm.segment.front import mark_front_matter
from ffm.segment.furniture import mark_apparatus, mark_links, mark_notices, mark_pictures, mark_version_lines
from ffm.segment.headings import join_numbers, mark_plain_headings, mark_titles
from ffm.segment.interviews import mark_details
from ffm.segment.menus import mark_menus
from ffm.segment.notes import mark_notes
from ffm.segment.pages import mark_running_heads, page_marks
from ffm.segment.passages import Unit, cut_unit, make_units
from ffm.segment.questions import mark_numbered_questions, mark_reported_questions, split_unanswered, unmark_words
from ffm.segment.quotes import mark_attributions, mark_quotes
from ffm.segment.reader import read_elements
from ffm.segment.repeated import first_of_question, short_name, short_path
from ffm.segment.sections import mark_sections
from ffm.segment.sources import source_type
from ffm.segment.speakers import mark_speakers
from ffm.segment.spoken import mark_spoken_turns
from ffm.segment.structure import unusual
from ffm.segment.turns import mark_numbers, mark_turns

__all__ = ["STEPS", "segment"]

Step = Callable[[Elements], Elements]

STEPS: tuple[Step, ...] = (
    split_unanswered,
    unmark_words,
    # what is not text
    mark_running_heads,
    mark_links,
    mark_contents,
    mark_menus,
    mark_notices,
    mark_version_lines,
    mark_apparatus,
    mark_pictures,
    mark_forms,
    mark_notes,
    mark_attributions,
    # what asks, and who speaks
    mark_numbered_questions,
    mark_reported_questions,
    mark_speakers,
    # under which heading
    mark_titles,
    mark_plain_headings,
    join_numbers,
    mark_cover,
    mark_details,
    mark_sections,
    mark_front_matter,
    # in which role
    mark_turns,
    mark_spoken_turns,
    mark_numbers,
    mark_quotes,
)


def segment(report: Report) -> Segmentation:
    """Segment a report.

    Parameters
    ----------
    report
        Any text: layouts that are not known give paragraphs. What its layout file says of it is followed first.

    Returns
    -------
    Segmentation
        Its blocks partition the text: every character lies in exactly one. Its passages are in the order of the
        text, footnotes and tables among them; each passage's ``text`` is its parts joined by one space.
    """
    text = report.text
    elements = apply_layout(read_elements(text), report.layout)
    for step in STEPS:
        elements = step(elements)
    sections = _sections(elements, len(text))
    day = (report.layout.report_date if report.layout else None) or report_date(elements)
    passages = _passages(report, elements, sections, day)
    found = Segmentation(
        report=report,
        blocks=_partition(elements, len(text)),
        sections=sections,
        passages=passages,
        notices=(*_contradictions(elements), *unmatched(elements, report.layout)),
        report_date=day,
    )
    return replace(found, notices=(*found.notices, *unusual(found)))


def _sections(elements: Elements, length: int) -> tuple[Section, ...]:
    sections = [element.section for element in elements if element.section is not None]
    if sections:
        sections[-1] = replace(sections[-1], end=length)
    return tuple(sections)


def _contradictions(elements: Elements) -> list[str]:
    """Return a notice for each heading that contradicts the details below it."""
    return [
        f'"{element.head.title}": the heading says {section.date_conflict}, the Date line says {section.date}; '
        f"{section.date} is used, {section.date_conflict} is kept beside it"
        for element in elements
        if (section := element.section) is not None and element.head is not None and section.date_conflict
    ]


def _passages(report: Report, elements: Elements, sections: tuple[Section, ...], day: str | None) -> tuple[Passage, ...]:
    text = report.text
    units, questions = make_units(elements, text)
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
            asked = first_of_question(text, questions.get(unit.question, ()))
            source, kind = _said_by(unit, section)
            found.append(
                Passage(
                    report=report.id,
                    passage="",
                    kind=unit.kind,
                    start=start,
                    end=end,
                    section=short_name(section.title) or None,
                    source=source and short_name(source),
                    source_type=kind,
                    date=section.date,
                    date_conflict=section.date_conflict,
                    page=pages[page_at][1] if page_at >= 0 else None,
                    question=joined(text, asked) if asked else None,
                    question_start=asked[0][0] if asked else None,
                    question_parts=asked,
                    parts=parts,
                    text=joined(text, parts),
                    part=unit.part,
                    paragraph=unit.number,
                    section_path=short_path(section.path),
                    quoted_source=unit.quoted_source and short_name(unit.quoted_source),
                    report_date=day,
                )
            )
    found.sort(key=lambda passage: (passage.start, passage.end))
    return tuple(replace(passage, passage=f"{report.id}/{number:04d}") for number, passage in enumerate(found, start=1))


def _said_by(unit: Unit, section: Section) -> tuple[str | None, SourceType | None]:
    """Return who says a unit and of what type they are; where nobody is named, the type of who is quoted."""
    if section.source is not None or unit.source is None:
        quoted = unit.quoted_source if section.source is None else None
        return section.source, source_type(quoted) if quoted else section.source_type
    return unit.source, source_type(unit.source, unit.description)


def _partition(elements: Elements, length: int) -> tuple[Block, ...]:
    """Return blocks that cover the text: each element with the white space after it."""
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
            kind = "question" if element.role == "question" else "passage"
        blocks.append(Block(element.start, end, kind))
    return tuple(blocks)
