"""The gold store: what is written is read, what contradicts the scheme or the text is refused and named."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ffm.errors import GoldError
from ffm.gold.load import load_gold
from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord, check_records, read_gold, text_digest, write_gold
from ffm.project.project import find_project
from ffm.project.reports import Registered
from ffm.records import Report

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "annotations" / "gold"
SCHEME = find_project().scheme
THEME, CORE = SCHEME.theme_ids[-1], SCHEME.core_ids[0]
TEXT = "The office in Hanoi counted 12 cases. Nobody was told."


def header(report: Report) -> GoldHeader:
    return GoldHeader(report.id, text_digest(report), SCHEME.version, "reader", "human annotator", True, "2026-11-21")


def record(**fields: object) -> GoldRecord:
    return msgspec.convert({"start": 0, "end": 37, **fields}, GoldRecord)


@given(
    st.lists(
        st.builds(
            GoldRecord,
            start=st.integers(0, 10),
            end=st.integers(11, 37),
            entities=st.lists(
                st.builds(GoldEntity, start=st.integers(0, 5), end=st.integers(6, 9), label=st.sampled_from(SCHEME.entity_ids)), max_size=1
            ).map(tuple),
            themes=st.lists(st.sampled_from(SCHEME.theme_ids), unique=True, max_size=3).map(tuple),
        ),
        max_size=5,
    )
)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, records: list[GoldRecord]) -> None:
    path = tmp_path_factory.mktemp("gold") / "report.jsonl"
    report = Report("report", TEXT)
    write_gold(path, header(report), records)
    found_header, found = read_gold(path)
    assert found_header == header(report)
    assert sorted(found, key=repr) == sorted(records, key=repr)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"themes": ["no-such-theme"]}, "no theme"),
        ({"themes": [CORE]}, "need one stance"),
        ({"themes": [THEME], "stance": {THEME: "reported"}}, "need one stance"),
        ({"themes": [CORE], "stance": {CORE: "perhaps"}}, "need one stance"),
        ({"end": 400}, "outside of the text"),
        ({"entities": [{"start": 14, "end": 19, "label": "PERSON"}]}, "no entity label"),
        ({"entities": [{"start": 14, "end": 19, "label": "PLACE"}, {"start": 16, "end": 22, "label": "ORG"}]}, "overlaps"),
        ({"entities": [{"start": 30, "end": 39, "label": "PLACE"}]}, "leaves its record"),
    ],
)
def test_annotations_that_contradict_scheme_or_text_are_refused_by_name(fields: dict[str, object], complaint: str) -> None:
    with pytest.raises(GoldError, match=complaint) as caught:
        check_records("report.jsonl", [record(**fields)], Report("report", TEXT), SCHEME)
    assert "report.jsonl" in str(caught.value)


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "report.jsonl"
    write_gold(path, header(Report("report", TEXT)), [record(), record()])
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:2], '{"start": 1']))
    with pytest.raises(GoldError, match="line 3"):
        read_gold(path)


def test_gold_of_a_missing_or_changed_text_is_skipped_with_a_message(tmp_path: Path) -> None:
    folder = tmp_path / "gold"
    folder.mkdir()
    (tmp_path / "here.md").write_text(TEXT)
    (tmp_path / "changed.md").write_text(TEXT + " More.")
    for name in ("here", "changed", "missing"):
        write_gold(folder / f"{name}.jsonl", header(Report(name, TEXT)), [record()])
    entries = {name: Registered(file=f"{name}.md", id=name, folder=str(tmp_path)) for name in ("here", "changed", "missing")}
    joined, messages = load_gold(folder, entries, SCHEME)
    assert [item.header.report for item in joined] == ["here"]
    assert len(messages) == 2
    assert any("changed: 1 annotated ranges skipped, its text is not the one" in message for message in messages)
    assert any("missing: 1 annotated ranges skipped, the report's text is not here" in message for message in messages)


def test_gold_of_the_repository_holds_together_where_its_texts_are() -> None:
    joined, messages = load_gold(GOLD, find_project().reports(), SCHEME)
    assert {item.header.report for item in joined} >= {"albania-ffm-2022-digest", "albania-ffm-2018-digest", "albania-tip-2021-digest"}
    skipped = [message for message in messages if " skipped, " in message]
    assert len(joined) + len(skipped) == len(list(GOLD.glob("*.jsonl")))
    assert len(messages) == len(skipped) + 1 and "were annotated by version 1 and are read as version 2; " in messages[-1]


def test_all_gold_says_that_a_model_made_it_and_nobody_verified_it() -> None:
    for path in [*GOLD.glob("*.jsonl"), *(ROOT / "annotations" / "passes").glob("*/*.jsonl")]:
        found, _ = read_gold(path)
        assert (found.made_by, found.verified) == ("language model", False)


def test_adjudicated_gold_is_that_of_a_pass_or_has_a_decision_with_a_reason() -> None:
    for path in GOLD.glob("*.jsonl"):
        _, final = read_gold(path)
        first, second = (read_gold(ROOT / "annotations" / "passes" / name / path.name)[1] for name in "ab")
        decisions_path = ROOT / "annotations" / "decisions" / path.name
        decisions = [msgspec.json.decode(line) for line in decisions_path.read_text().splitlines()]
        decided = {(decision["start"], decision["end"]) for decision in decisions}
        assert all(decision["reason"] for decision in decisions)
        for mine, one, two in zip(final, first, second, strict=True):
            if (mine.start, mine.end) not in decided:
                assert replace(mine, anchor=None) == one
                assert set(mine.themes) == set(two.themes)
