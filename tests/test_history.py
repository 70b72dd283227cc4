"""The history of gold: what was suggested and left or changed, kept through merging and exchange, counted, told without names."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from conftest import Done
from ffm.doccano.pull import Pulled, Texts, read_rows
from ffm.doccano.push import make_row
from ffm.doccano.suggested import in_order
from ffm.gold.annotators import Annotations
from ffm.gold.history import Event, with_event
from ffm.gold.log import acceptance, pseudonyms, with_history
from ffm.gold.merge import ADJUDICATED, merge
from ffm.gold.store import GoldHeader, GoldRecord, read_gold, text_digest, write_gold
from ffm.project.project import find_project
from ffm.records import Entity, Report, TaggedPassage
from rows import row

SCHEME = find_project().scheme
TEXT = "Two nurses of UNICEF left the clinic."
REPORT = Report("notes", TEXT)
TODAY = date.today().isoformat()
PASSAGE = row(
    "notes", 1, TEXT, start=0, labels=("stigma", "justice"), stance={"stigma": "reported"}, model="ffm@1+00000000",
    entities=(Entity(start=14, end=20, label="ORG", text="UNICEF"),),
)  # fmt: skip


def pulled(passage: TaggedPassage = PASSAGE, suggestions: bool = True, **changed: Any) -> GoldRecord:
    """Return what a pull makes of a row that came back with changes."""
    back = {"id": 1, "Comments": [], **json.loads(make_row(passage, SCHEME, suggestions).line), **changed}
    done = Pulled()
    readings = read_rows([back], "anna", SCHEME, Texts({}, [REPORT]), done)
    assert not done.errors, done.errors
    (reading,) = readings["notes"]
    return reading.record


def test_suggestions_that_are_left_as_they_were_are_accepted() -> None:
    (event,) = pulled().history
    assert event == Event("accepted", "anna", TODAY, "ffm@1+00000000", ("stigma", "justice"), suggested=3, kept=3)


@pytest.mark.parametrize(
    ("changed", "kept", "added"),
    [
        ({"cats": ["stigma"]}, 2, 0),
        ({"cats": ["stigma:denied", "justice"]}, 2, 1),
        ({"cats": ["stigma", "justice", "children"]}, 3, 1),
        ({"entities": []}, 2, 0),
        ({"entities": [[14, 20, "PLACE"]]}, 2, 1),
        ({"entities": [], "cats": []}, 0, 0),
    ],
)
def test_what_is_removed_added_or_made_another_is_a_change(changed: dict[str, Any], kept: int, added: int) -> None:
    (event,) = pulled(**changed).history
    assert (event.did, event.suggested, event.kept, event.added) == ("changed", 3, kept, added)


def test_a_passage_on_which_nothing_was_suggested_can_be_accepted_too() -> None:
    (event,) = pulled(replace(PASSAGE, labels=(), stance={}, entities=())).history
    assert (event.did, event.suggested) == ("accepted", 0)


def test_a_blind_reading_is_labelling() -> None:
    assert pulled(suggestions=False, cats=["justice"]).history == (Event("labelled", "anna", TODAY),)


def test_damaged_metadata_are_refused_by_the_passage_s_name() -> None:
    back = {"id": 1, "Comments": [], **json.loads(make_row(PASSAGE, SCHEME, True).line), "for ffm": "{"}
    done = Pulled()
    assert read_rows([back], "anna", SCHEME, Texts({}, [REPORT]), done) == {}
    assert "notes/0001 lacks what ffm sends with a passage" in done.errors[0]


def test_a_second_pull_keeps_the_day_of_what_has_not_changed() -> None:
    old = replace(pulled(), history=(Event("accepted", "anna", "2020-01-01", "ffm@1+00000000", (), 3, 3),))
    header, _ = gold("anna")
    assert in_order([pulled()], [old], header)[0].history == old.history
    assert in_order([pulled(cats=[])], [old], header)[0].history[0].when == TODAY


def test_an_adjudicator_decides_and_accepts_no_suggestion() -> None:
    (record,) = in_order([pulled()], [], gold(ADJUDICATED)[0])
    assert record.history == (Event("adjudicated", "anna", TODAY),)


def test_a_pull_of_what_is_not_confirmed_tells_nothing_of_its_annotator() -> None:
    (record,) = in_order([pulled()], [], replace(gold("anna")[0], verified=False))
    assert record.history == ()


def test_doing_the_same_again_is_one_event() -> None:
    first, second = Event("labelled", "anna", "2020-01-01"), Event("labelled", "anna", "2020-01-02")
    assert with_event((first, Event("labelled", "ben", "2020-01-01")), second) == (Event("labelled", "ben", "2020-01-01"), second)


# Merging, counting, exchange


def gold(who: str, *records: GoldRecord, made_by: str = "human annotator") -> tuple[GoldHeader, tuple[GoldRecord, ...]]:
    return GoldHeader("notes", text_digest(REPORT), SCHEME.version, who, made_by, True, "2026-11-28"), records


def as_set(who: str, *records: GoldRecord) -> Annotations:
    header, _ = gold(who, *records)
    by_range = {(record.start, record.end): record for record in records}
    return Annotations(who, {"notes": by_range}, {"notes": header.sha256}, {"notes": header})


def read_by(who: str, did: Any, when: str = "2026-11-01", **fields: Any) -> GoldRecord:
    return GoldRecord(0, 10, unit="passage", history=(Event(did, who, when, "m@1+0", (), 2, 2 * (did == "accepted")),), **fields)


def test_merged_gold_tells_what_everybody_did() -> None:
    one, two = read_by("anna", "accepted"), read_by("ben", "changed", "2026-10-31")
    merged = merge([as_set("anna", one), as_set("ben", two)], {"notes": REPORT}, SCHEME)
    ((_, (record,)),) = merged.gold
    assert [(event.who, event.did) for event in record.history] == [("ben", "changed"), ("anna", "accepted")]
    other = read_by("ben", "changed", themes=("justice",))
    decision = GoldRecord(0, 10, unit="passage", themes=("justice",), history=(Event("adjudicated", "clara", "2026-11-02"),))
    merged = merge([as_set("anna", one), as_set("ben", other), as_set(ADJUDICATED, decision)], {"notes": REPORT}, SCHEME)
    ((_, (record,)),) = merged.gold
    assert [event.did for event in record.history] == ["accepted", "changed", "adjudicated"]


def test_the_share_of_suggestions_that_were_accepted_is_counted() -> None:
    records = [read_by("anna", "accepted"), read_by("ben", "accepted"), read_by("anna", "changed"), read_by("anna", "labelled")]
    found = acceptance([*records, GoldRecord(0, 3, history=(Event("corrected", "anna", "2026-11-02"),))])
    assert (found.seen, found.accepted, found.suggested, found.kept, found.unaided, found.corrected) == (3, 2, 6, 4, 1, 1)
    assert found.told() == (
        "2 of 3 readings left what was suggested as it was (67%; 4 of 6 marks kept); 1 without suggestions; 1 corrected while reading"
    )
    assert acceptance([GoldRecord(0, 3)]).told() == ""


def test_history_stays_with_what_is_read_again_unchanged() -> None:
    old = read_by("anna", "accepted")
    assert with_history([replace(old, history=())], [old]) == [old]
    assert with_history([replace(old, history=(), themes=("justice",))], [old])[0].history == ()


@pytest.mark.parametrize("format", ["conll", "doccano", "docbin", "webannotation", "refi-qda"])
def test_history_comes_back_from_other_formats(here: Path, run_ffm: Callable[..., Done], format: str) -> None:
    sample = "albania-tip-2021-digest"
    raw = find_project().reports()[sample].path
    report = Report(sample, raw.read_text(encoding="utf-8"))
    end = report.text.index("\n", 400)
    start = report.text.rindex("\n", 0, end) + 1
    history = (Event("changed", "anna", "2026-11-01", "m@1+0", ("justice",), 2, 1, 1), Event("corrected", "ben", "2026-11-02"))
    record = GoldRecord(start, end, themes=("justice",), unit="passage", history=history)
    header = GoldHeader(sample, text_digest(report), SCHEME.version, "anna", "human annotator", True, "2026-11-28")
    (here / "gold").mkdir()
    write_gold(here / "gold" / f"{sample}.jsonl", header, [record])
    name = "out.qdpx" if format == "refi-qda" else "out"
    assert run_ffm("export", "gold", "--format", format, "-o", name).code == 0
    done = run_ffm("import", name, "--format", format, "-o", "back")
    assert done.code == 0, done.err
    _, (back,) = read_gold(here / "back" / f"{sample}.jsonl")
    assert back.history == history


# The commands


@pytest.fixture
def round_one(here: Path) -> Path:
    for who, did in (("anna", "accepted"), ("ben", "changed")):
        (here / "round" / who).mkdir(parents=True)
        header, records = gold(who, read_by(who, did))
        write_gold(here / "round" / who / "notes.jsonl", header, records)
    return here / "round"


def test_the_log_tells_who_did_what_and_when(round_one: Path, run_ffm: Callable[..., Done]) -> None:
    lines = run_ffm("gold", "log", round_one).out.splitlines()
    assert lines[0].split() == ["when", "who", "did", "report", "start", "end", "model", "suggested", "kept", "added"]
    assert lines[1].split() == ["2026-11-01", "anna", "accepted", "notes", "0", "10", "m@1+0", "2", "2", "0"]
    assert lines[-1] == "1 of 2 readings left what was suggested as it was (50%; 2 of 4 marks kept)"
    assert "anna" not in run_ffm("gold", "log", round_one, "--who", "ben").out
    letters = run_ffm("gold", "log", round_one, "--pseudonyms").out
    assert "anna" not in letters and letters.splitlines()[1].split()[1] == "A"
    assert run_ffm("gold", "log", round_one, "--report", "other").out == "no history is kept here\n"


def test_the_log_is_a_table_too(round_one: Path, here: Path, run_ffm: Callable[..., Done]) -> None:
    assert run_ffm("gold", "log", round_one, "-o", "log.csv").out == "log.csv: 2 lines\n"
    with (here / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        (one, two) = csv.DictReader(file)
    assert (one["who"], one["did"], two["kept"]) == ("anna", "accepted", "0")


def test_gold_is_shared_without_names(round_one: Path, here: Path, run_ffm: Callable[..., Done], refused: Callable[..., str]) -> None:
    assert run_ffm("gold", "share", round_one, "-o", "shared").out == "shared: 2 files, 2 names replaced\n"
    files = sorted(path for path in (here / "shared").rglob("*") if path.is_file())
    assert [path.relative_to(here / "shared").as_posix() for path in files] == ["round/A/notes.jsonl", "round/B/notes.jsonl"]
    assert not [path for path in files if "anna" in path.read_text(encoding="utf-8") or "ben" in path.read_text(encoding="utf-8")]
    header, (record,) = read_gold(files[0])
    assert (header.annotator, record.history[0].who) == ("A", "A")
    agreement = run_ffm("agreement", here / "shared" / "round" / "A", here / "shared" / "round" / "B").out
    assert agreement.startswith("Agreement of A, B on 1 ranges.")
    assert agreement == run_ffm("agreement", round_one / "anna", round_one / "ben", "--pseudonyms").out
    assert "stands there already" in refused("gold", "share", round_one, "-o", "shared")


def test_machines_and_decisions_keep_their_names() -> None:
    names = pseudonyms([*(f"reader {number:02}" for number in range(27)), ADJUDICATED, ""])
    assert names["reader 00"] == "A" and names["reader 25"] == "Z" and names["reader 26"] == "A2"
    assert ADJUDICATED not in names and "" not in names


def test_a_spreadsheet_s_reading_is_labelling(here: Path, run_ffm: Callable[..., Done]) -> None:
    assert run_ffm("init", "prisons").code == 0
    report = next(iter(sorted((here / "prisons" / "raw_text").glob("*.md")))).stem
    assert run_ffm("gold", "template", report, "-n", "1", "-o", "to-label.csv", "--project", "prisons").code == 0
    with (here / "to-label.csv").open(encoding="utf-8-sig", newline="") as file:
        columns, *rows_ = list(csv.reader(file))
    rows_[0][columns.index("read")] = "x"
    with (here / "to-label.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows_])
    for _ in range(2):
        done = run_ffm("gold", "read", "to-label.csv", "-a", "anna", "--project", "prisons")
        assert done.code == 0, done.err
    _, (record,) = read_gold(next((here / "prisons").rglob(f"gold/{report}.jsonl")))
    assert record.history == (Event("labelled", "anna", TODAY),)
