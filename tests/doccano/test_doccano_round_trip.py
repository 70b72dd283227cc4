"""What is pushed and pulled again untouched is equal, for any text; and two thousand passages go quickly."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doccano.conftest import Room, passage_of, passages_of
from ffm.doccano.pull import Texts, pull
from ffm.exchange.lead import lead_of
from ffm.gold.anchors import with_anchors
from ffm.gold.store import GoldEntity, GoldRecord, read_gold
from ffm.project.project import find_project
from ffm.records import Entity, Period, Report, joined, value_of

pytestmark = pytest.mark.slow
SCHEME = find_project().scheme
TEXTS = 300
PERIOD = Period("so far", None, "2022-10-05")
VALUE: dict[str, Any] = {"kind": "count", "low": 0.1, "high": 3, "noun": "😀 beds", "qualifier": "under", "rate": "week", "period": PERIOD}
PIECES = [
    "😀", "👩‍⚕️", "🇦🇱", "𝔘𝔫𝔦", "é", "é́̂", "ö", "שלום", "مرحبا بالعالم", "\u202eevil\u202c", "\r\n", "\r", "\n\n", "\t", "\x0b", "\x0c",
    "\x1c", "\x85", "\u2028", "\u2029", "\ufeff", "\u200b", "\u00a0", "\x7f", "\x01", "\ufffd", "\uffff", "\U0010ffff", "  ", '"', "\\", "\\u0041",
    "{{ text }}", "{% x %}", "<b>", "</script>", "&amp;", "nan", "null", "None", "NaN", "1e5", "9,000 lek", "42 cases", "UNICEF", ",", "'", "`", "$",
]  # fmt: skip
PART = st.lists(st.one_of(st.sampled_from(PIECES), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9)), min_size=1, max_size=8).map("".join).filter(bool)  # fmt: skip
THEMES = st.lists(st.sampled_from(SCHEME.theme_ids), unique=True, max_size=4)


class Made(NamedTuple):
    """A generated passage: its parts, its spans in offsets of each part, its themes and their stances."""

    parts: list[str]
    spans: list[list[tuple[int, int, str]]]
    themes: list[str]
    stances: dict[str, str]
    question: str


@st.composite
def made(draw: st.DrawFn) -> Made:
    parts = draw(st.lists(PART, min_size=1, max_size=3))
    spans = []
    for part in parts:
        cuts = sorted(draw(st.sets(st.integers(0, len(part)), max_size=6)))
        pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
        spans.append([(start, end, draw(st.sampled_from(SCHEME.entity_ids))) for start, end in pairs])
    themes = draw(THEMES)
    stances = {theme: draw(st.sampled_from(list(SCHEME.stances))) for theme in themes if theme in SCHEME.stance_ids}
    return Made(parts, spans, themes, stances, draw(st.one_of(st.just(""), PART)))


def generated(number: int) -> list[Made]:
    """Return generated passages, the same ones in each run."""
    found: list[Made] = []

    @settings(max_examples=number, database=None, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(made())
    def collect(item: Made) -> None:
        found.append(item)

    collect()
    return found


def test_any_text_comes_back_equal_with_its_marks(room: Room, tmp_path: Path) -> None:
    items = generated(TEXTS)
    assert len(items) >= TEXTS * 0.9
    gap = "\n\n[page 3]\n\n"
    report = Report("generated", gap.join(part for item in items for part in item.parts))
    passages, wanted, offset = [], {}, 0
    for number, item in enumerate(items, 1):
        ranges, entities = [], []
        for part, spans in zip(item.parts, item.spans, strict=True):
            ranges.append((offset, offset + len(part)))
            entities += [
                Entity(offset + start, offset + end, label, part[start:end], **(VALUE if label == "AMOUNT" else {}))
                for start, end, label in spans
            ]
            offset += len(part) + len(gap)
        about: dict[str, Any] = {
            "question": item.question,
            "entities": tuple(entities),
            "labels": tuple(item.themes),
            "stance": item.stances,
        }
        passage = passage_of(report, number, ranges, **about)
        passages.append(passage)
        gold = [GoldEntity(entity.start, entity.end, entity.label, **value_of(entity)) for entity in entities]
        themes = tuple(theme for theme in SCHEME.theme_ids if theme in item.themes)
        wanted[passage.start] = GoldRecord(passage.start, passage.end, tuple(gold), themes, item.stances, "passage")

    done = room.push(passages)
    assert (done.sent, done.errors) == ({room.project.name: len(items)}, [])
    rows = {row["passage"]: row for row in room.rows()}
    for passage in passages:
        shown = rows[passage.passage]["text"]
        assert shown[lead_of(shown) :] == passage.text == joined(report.text, passage.parts)
        assert " ".join((passage.question or "").split()) in shown
    pulled = pull(room.server, room.batch, SCHEME, Texts({}, [report]), tmp_path, everything=True)
    assert pulled.errors == []
    header, records = read_gold(tmp_path / "anna" / "generated.jsonl")
    assert (header.annotator, header.made_by, header.verified) == ("anna", "human annotator", False)
    assert {record.start: record for record in records} == {item.start: item for item in with_anchors(list(wanted.values()), report.text)}
    assert room.push(passages).sent == {room.project.name: 0}


def busy(text: str) -> dict[str, Any]:
    entities = [Entity(text.index(word), text.index(word) + len(word), label, word) for word, label in MARKED]
    return {
        "entities": entities,
        "labels": ("stigma", "funding-gaps", "support-services"),
        "stance": {"stigma": "denied", "funding-gaps": "reported"},
    }


MARKED = (("UNICEF", "ORG"), ("Tirana", "PLACE"), ("4 shelters", "AMOUNT"), ("9,000 lek", "AMOUNT"))


def test_two_thousand_passages_with_suggestions_are_pushed_and_pulled_in_under_fifteen_seconds_each(room: Room, tmp_path: Path) -> None:
    texts = [
        f"{number} 😀 UNICEF runs 4 shelters in Tirana and pays 9,000 lek. " + "The lake is calm in spring. " * 15 for number in range(2000)
    ]
    report, passages = passages_of(texts, "long", busy)
    started = time.perf_counter()
    assert room.push(passages).sent == {room.project.name: 2000}
    pushed = time.perf_counter()
    done = pull(room.server, room.batch, SCHEME, Texts({}, [report]), tmp_path, everything=True)
    pulled = time.perf_counter()
    assert list(done.files.values()) == [2000]
    assert not done.errors
    print(f"2,000 passages: pushed in {pushed - started:.1f} s, pulled in {pulled - pushed:.1f} s")
    assert pushed - started < 15
    assert pulled - pushed < 15
