"""The outline of a report, what is unusual in it, and layout files, by which a person corrects it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kinds
import layouts
from ffm.errors import ReportError
from ffm.ingest import read_report
from ffm.ingest.layouts import layout_path, read_layout
from ffm.records import Correction, Layout, Report, Segmentation
from ffm.segment import segment
from ffm.segment.corrections import template
from ffm.segment.structure import outline, outline_lines

NOTES = """# Visit to the harbour

Roads

They are closed by night, said both.

## Harbour office

Who owns the boats?

Two families own them.

## Lake fund

The fund lends nets.

## Words

A net is a net.
"""


def read(text: str, *lines: Correction, report_date: str | None = None) -> Segmentation:
    return segment(Report("made-up", text, layout=Layout(report_date, lines)))


def long(text: str, times: int) -> str:
    return " ".join([text] * times)


def test_outline_counts_passages_and_questions_with_and_without_answers() -> None:
    text = "## Port, 3 May 2021\n\nQ. Who pays?\n\nA. Nobody.\n\nQ. Who helps?\n\n## Notes\n\nNothing was said of it.\n"
    entries = outline(segment(Report("r", text)))
    assert [(entry.passages, entry.answered, entry.unanswered) for entry in entries] == [(1, 1, 1), (1, 0, 0)]


def test_outline_names_the_speakers_of_a_section_without_a_source() -> None:
    (entry,) = outline(segment(Report("r", kinds.SAID["DEBATE_STOPS"][0])))
    assert entry.section is None
    assert entry.speakers == ("Senator Okafor",)


@pytest.mark.parametrize("name", layouts.ALL)
def test_outline_holds_every_passage_and_section(name: str) -> None:
    found = segment(Report("r", layouts.ALL[name]))
    entries = outline(found)
    assert sum(entry.passages for entry in entries) == len(found.passages)
    assert [entry.section for entry in entries if entry.section] == list(found.sections)
    assert len(outline_lines(found)) == 1 + len(found.notices) + len(entries)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (long("The road is closed by night.", 90), "no sections were found"),
        (
            f"## Port, 3 May 2021\n\nQ. Who pays?\n\nA. {long('Nobody pays for it.', 40)}\n\n# Towns\n\n{long('The road is closed by night.', 90)}",
            "of its text has no source",
        ),
        (
            f"## Port, 3 May 2021\n\nQ. Who pays?\n\nA. {long('Nobody pays for it.', 110)}\n\n# Glossary\n\n{long('A net is a net.', 100)}",
            "passages are front matter",
        ),
    ],
)
def test_what_is_unusual_is_told_in_one_line(text: str, told: str) -> None:
    (notice,) = segment(Report("r", text)).notices
    assert told in notice
    assert "ffm reports layout" in notice


def test_usual_reports_have_no_notice() -> None:
    assert segment(Report("r", "## Roads\n\n" + long("The road is closed by night.", 90))).notices == ()
    assert segment(Report("r", "The road is closed.\n")).notices == ()


def test_layout_says_whose_words_stand_under_a_line_and_when_they_were_said() -> None:
    found = read(NOTES, Correction("Lake fund", source="Lake Fund", source_type="ngo", date="2021-05-04"))
    (passage,) = [passage for passage in found.passages if passage.source]
    assert (passage.text, passage.source, passage.source_type, passage.date) == ("The fund lends nets.", "Lake Fund", "ngo", "2021-05-04")


def test_layout_says_what_is_a_heading_a_question_and_front_matter() -> None:
    found = read(
        NOTES,
        Correction("roads"),
        Correction("Harbour office", section=False),
        Correction("Who owns the boats?", question=True),
        Correction("WORDS", part="front"),
    )
    by_text = {passage.text: passage for passage in found.passages}
    assert by_text["They are closed by night, said both."].section == "Roads"
    assert "Harbour office" not in [section.title for section in found.sections]
    assert by_text["Two families own them."].question == "Who owns the boats?"
    assert by_text["A net is a net."].part == "front"
    assert found.notices == ()


def test_layout_counts_lines_of_the_same_words() -> None:
    text = "# North\n\n## Courts\n\nSlow.\n\n# South\n\n## Courts\n\nQuick.\n"
    found = read(text, Correction("Courts", nth=2, source="Bar of the South"))
    assert [passage.source for passage in found.passages] == [None, "Bar of the South"]


def test_layout_gives_the_report_its_date() -> None:
    assert read("Version 2, May 2020\n\nRoads\n\nRoads are mined.\n", report_date="2019").report_date == "2019"


def test_line_of_a_layout_that_the_report_does_not_have_is_named() -> None:
    (notice,) = read(NOTES, Correction("Harbour police", source="Police")).notices
    assert '"Harbour police" is no line of the report' in notice


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["Roads", "# Roads", "\n", "\n\n", "Who?", "It is so. ", "- ", "Q. "]), max_size=20).map("".join),
    st.booleans(),
    st.booleans(),
)
def test_nothing_is_lost_with_a_layout(text: str, question: bool, section: bool) -> None:
    found = read(text, Correction("Roads", question=question, section=section), Correction("Who?", source="Port"))
    assert "".join(text[block.start : block.end] for block in found.blocks) == text
    assert all(passage.text == " ".join(text[start:end] for start, end in passage.parts) for passage in found.passages)


@pytest.mark.parametrize("name", layouts.ALL)
def test_template_says_what_was_found_and_changes_nothing_when_it_is_taken(name: str) -> None:
    found = segment(Report("r", layouts.ALL[name]))
    written = template(found)
    assert tomllib.loads(written) == {}
    taken = "\n".join(
        line.removeprefix("# ")
        for line in written.splitlines()
        if line.startswith(("# [[", "# heading", "# nth", "# source", "# date", "# part"))
    )
    said = tomllib.loads(taken).get("line", [])
    assert len(said) <= len(found.sections)
    for entry in said:
        assert entry["heading"].strip()


def test_layout_file_stands_beside_the_report_and_is_read_with_it(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text(NOTES, encoding="utf-8")
    assert read_report(path).layout is None
    layout_path(path).write_text(
        'report_date = 2021-05-04\n[[line]]\nheading = "Lake fund"\nsource = "Lake Fund"\ndate = 2021-05-04\n', encoding="utf-8"
    )
    assert read_report(path).layout == Layout("2021-05-04", (Correction("Lake fund", source="Lake Fund", date="2021-05-04"),))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[line]]\nheading = ", "not a layout file"),
        ('[[lines]]\nheading = "x"\n', "unknown field"),
        ('[[line]]\nsource = "x"\n', "heading"),
        ('[[line]]\nheading = "x"\npart = "back"\n', "back"),
        ('[[line]]\nheading = "x"\nnth = 0\n', "nth"),
        ('[[line]]\nheading = "x"\ndate = "May 2021"\n', "YYYY-MM-DD"),
        ('[[line]]\nheading = "x"\ndate = "2021-02-30"\n', "calendar"),
        ('report_date = "soon"\n', "YYYY"),
        ("\xff", "not a layout file"),
    ],
)
def test_damaged_layout_file_is_refused_by_name(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "notes.md"
    layout_path(path).write_bytes(text.encode("latin-1"))
    with pytest.raises(ReportError, match=r"notes\.md\.layout\.toml") as refused:
        read_layout(path)
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)


def test_commands_show_the_outline_and_write_and_check_the_layout_file(here: Path, run_ffm: Callable, refused: Callable) -> None:
    path = here / "notes.md"
    path.write_text(NOTES, encoding="utf-8")
    assert "Lake fund · 1 passage" in run_ffm("show", "--structure", path).out
    assert run_ffm("reports", "layout", path).code == 0
    place = layout_path(path)
    assert run_ffm("reports", "layout", path).code == 0  # which checks it
    place.write_text('[[line]]\nheading = "Lake fund"\nsource = "Lake Fund"\n', encoding="utf-8")
    assert "source: Lake Fund" in run_ffm("show", "--structure", path).out
    place.write_text(place.read_text(encoding="utf-8").replace('"Lake fund"', json.dumps("Lake fnd")), encoding="utf-8")
    assert "Lake fnd" in run_ffm("reports", "layout", path).err
    assert run_ffm("reports", "layout", path).code == 1
    place.write_text("[[line]", encoding="utf-8")
    assert "notes.md.layout.toml" in refused("show", "--structure", path)
