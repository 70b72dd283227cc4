"""Tagging and comparing in Python: texts at hand, data frames, and back to rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ffm
from ffm.errors import RecordError, ReportError
from ffm.records import Entity, Sentence
from ffm.tagging.frames import frame_of, rows_of
from rows import row

PAGES = st.one_of(st.none(), st.integers(1, 900))


@given(st.lists(st.tuples(PAGES, st.text(min_size=1, max_size=30), st.floats(0, 1), st.booleans()), max_size=5))
def test_rows_come_back_from_a_data_frame_as_they_were(cells):
    rows = [
        row(
            "a",
            number,
            text,
            page=page,
            source=None if page else "Harbour Office",
            scores={"stigma": score},
            labels=("stigma",),
            sentences=(Sentence(number * 10_000, number * 10_000 + 1, {"stigma": score}),),
            entities=(Entity(number * 10_000, number * 10_000 + 1, "AMOUNT", text[:1], kind="count", low=3),),
            in_training=known,
            words=1,
        )
        for number, (page, text, score, known) in enumerate(cells)
    ]
    frame = frame_of(rows)
    assert rows_of(frame) == rows
    assert rows_of(frame[frame.start >= 10_000]) == rows[1:]


def test_a_text_at_hand_is_tagged_into_a_data_frame_which_is_compared():
    first = ffm.tag(
        ffm.read_text("# Mission to the coast\n\nQ. Are there shelters?\n\nA. There are two shelters, run by UNICEF.\n", "coast")
    )
    assert isinstance(first, pd.DataFrame) and set(first.report) == {"coast"}
    assert first[first.kind == "answer"].iloc[0].text.endswith("run by UNICEF.")
    second = ffm.tag(ffm.read_text("# Mission to the hills\n\nThe hills have no shelter at all.\n", "hills"))
    compared = ffm.compare(pd.concat([first, second]))
    assert compared.reports == 2 and set(compared.frame("prevalence").report) >= {"coast", "hills"}


def test_a_frame_without_its_columns_and_a_text_of_nothing_are_refused():
    with pytest.raises(RecordError, match="data frame: row 0"):
        rows_of(frame_of([row("a", 1, "Two boats.")]).drop(columns=["text"]))
    with pytest.raises(ReportError, match="holds no text"):
        ffm.read_text(" \n")


def test_a_page_at_hand_is_read_as_a_page():
    report = ffm.read_text("<!doctype html><html><body><main><h1>Coast</h1><p>Two boats were seen.</p></main></body></html>")
    assert "<p>" not in report.text and "Two boats were seen." in report.text


def test_the_sample_reads_the_same_from_its_file_and_as_text():
    path = Path("raw_text/sample") if Path("raw_text/sample").is_dir() else Path("raw_text")
    sample = next(iter(sorted(path.rglob("*.md"))))
    assert ffm.read_text(sample.read_text(encoding="utf-8"), "x").text == ffm.read_report(sample, "x").text
