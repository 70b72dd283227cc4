"""What stands in many tagged rows is held once, and rows are read as they were written."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffm.errors import RecordError
from ffm.records import Entity, Sentence, TaggedPassage
from ffm.segment.sentences import BOUNDARY, START
from ffm.tagging.dataset import read_file
from rows import row


def boats(number: int, model: str, score: float) -> TaggedPassage:
    text = f"The harbour office counted {number} boats."
    start = 100 * number
    return row(
        "ferries-2021",
        number,
        text,
        start,
        entities=(Entity(start + 4, start + 18, "ORG", "harbour office", id="harbour-office"),),
        scores={"boats": score},
        model=model,
        section_path=("Coast", "Boats"),
        sentences=(Sentence(start, start + len(text)),),
        words=6,
    )


@given(st.lists(st.tuples(st.sampled_from(["m@1", "m@2", ""]), st.sampled_from([0.0, -0.0, 0.25, 1.0])), min_size=1, max_size=6))
def test_rows_are_read_as_they_were_written(tmp_path_factory, told):
    rows = [boats(number, model, score) for number, (model, score) in enumerate(told, 1)]
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    path.write_bytes(b"".join(msgspec.json.encode(item) + b"\n" for item in rows))
    read = read_file(path)
    assert read == rows
    assert list(map(msgspec.json.encode, read)) == list(map(msgspec.json.encode, rows))


def test_texts_of_many_rows_are_held_once(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"".join(msgspec.json.encode(boats(number, "m@1", 0.5)) + b"\n" for number in (1, 2)))
    one, two = read_file(path)
    assert one.report is two.report
    assert one.model is two.model
    assert one.section_path is two.section_path
    assert one.entities[0].id is two.entities[0].id


def test_a_row_that_is_no_passage_is_named_by_its_line(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(msgspec.json.encode(boats(1, "m@1", 0.5)) + b'\n{"report": 7}\n')
    with pytest.raises(RecordError, match=r"line 2: Expected `str`, got `int` - at `\$\.report`"):
        read_file(path)


@given(st.text(st.sampled_from("a B.!?…\r\n\f\u2028\u2029 \"')-•1([*<sup>/"), max_size=60))
def test_a_boundary_of_sentences_begins_where_one_is_looked_for(text):
    assert all(START.match(text, boundary.start()) for boundary in BOUNDARY.finditer(text))
