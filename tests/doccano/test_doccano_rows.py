"""What is sent, before it is sent: rows, labels, keys, values; without a server."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from conftest import run_in_process
from ffm.doccano.connection import asks_itself_alone
from ffm.doccano.errors import DoccanoError
from ffm.doccano.local_server import BUILD_PINS, PINS, find_python
from ffm.doccano.metadata import KEYS, PROGRAM, read_sent
from ffm.doccano.pull import Pulled, Texts, read_rows
from ffm.doccano.push import make_row, make_rows
from ffm.doccano.setup import auto_label_configurations
from ffm.errors import PassageError
from ffm.exchange.categories import categories, category_types, read_categories, span_types
from ffm.exchange.lead import RULE, lead_of, with_lead
from ffm.gold.store import GoldEntity
from ffm.project.project import find_project
from ffm.records import Entity, Period, Report, TaggedPassage, value_of
from ffm.tagging.migrate import migrate_gold

SCHEME = find_project().scheme
REPORT = Report("notes", "Two nurses of UNICEF left. 😀 Tirana pays 9,000 lek.")


def passage(text: str = REPORT.text, **fields: Any) -> TaggedPassage:
    about: dict[str, Any] = dict.fromkeys(
        ("section", "source", "source_type", "date", "date_conflict", "page", "question", "question_start")
    )
    place = {"report": "notes", "passage": "notes/0001", "kind": "answer", "start": 0, "end": len(text), "parts": ((0, len(text)),)}
    return TaggedPassage(**{**about, "question_parts": (), **place, "text": text, **fields})


def test_a_row_has_the_same_keys_whatever_is_known_and_only_texts() -> None:
    full = passage(question="Q. Who?", source="UNICEF", page=3, section="One", date="2021-05-03")
    rows = [json.loads(make_row(item, SCHEME).line) for item in (passage(), full)]
    assert list(rows[0]) == list(rows[1]) == ["text", "entities", "cats", *KEYS]
    assert all(isinstance(row[key], str) for row in rows for key in KEYS)
    assert not {"id", "data", "text", "label", "cats", "entities", "relations", "Comments", "meta"} & set(KEYS)
    assert all(row[key] for row in rows for key in KEYS)  # no empty line beside the text


def test_what_an_annotator_should_know_stands_above_the_text_in_lines_of_their_own() -> None:
    item = passage(question="Q. Who\n left?", source="UNICEF", source_type="international", page=3, section="One", date="2021-05-03")
    row = json.loads(make_row(item, SCHEME, notes={"reading of anna": "stigma"}).line)
    *lines, rule, text = row["text"].split("\n")
    assert lines == ["Q. Who left?", "UNICEF (international) · One · 2021-05-03 · page 3", "reading of anna: stigma"]
    assert (rule, text) == (RULE, item.text)
    assert read_sent(row).text == item.text
    assert json.loads(make_row(passage(), SCHEME).line)["text"] == REPORT.text


@given(st.lists(st.text(max_size=9), max_size=4), st.text(max_size=30))
def test_a_passage_is_found_under_any_lines(lines: list[str], text: str) -> None:
    shown = with_lead(lines, text)
    assert shown == text or shown[lead_of(shown) :] == text


def test_marks_in_the_lines_above_are_left_out_and_told_and_those_across_are_refused() -> None:
    row = {"id": 1, **json.loads(make_row(passage(question="Did UNICEF leave?"), SCHEME).line)}
    lead, done = row["text"].index(REPORT.text), Pulled()
    marks = [[4, 10, "ORG"], [lead + 14, lead + 20, "ORG"]]
    (reading,) = read_rows([{**row, "entities": marks}], "anna", SCHEME, Texts({}, [REPORT]), done)["notes"]
    assert [(entity.start, entity.end) for entity in reading.record.entities] == [(14, 20)]
    assert done.notices == ['anna: the passage notes/0001: the ORG "UNICEF" in the lines above it is left out']
    read_rows([{**row, "entities": [[4, lead + 2, "ORG"]]}], "anna", SCHEME, Texts({}, [REPORT]), done)
    assert done.errors == [
        "anna: the passage notes/0001: a mark (ORG) reaches from the lines above into the passage; correct it in doccano"
    ]


def test_categories_stand_in_the_order_of_the_scheme_group_after_group() -> None:
    mixed = msgspec.structs.replace(SCHEME, theme=tuple(reversed(SCHEME.theme)))
    groups = {theme.id: theme.group for theme in SCHEME.theme}
    found = [groups[label.text.partition(":")[0]] for label in category_types(mixed)]
    assert list(dict.fromkeys(found)) == ["core", "topic", "group"]
    assert found == sorted(found, key=["core", "topic", "group"].index)


def test_a_line_is_ascii_with_offsets_in_utf_16_units_and_each_category_once() -> None:
    start = REPORT.text.index("Tirana")
    item = passage(
        entities=(Entity(start, start + 6, "PLACE", "Tirana"),),
        labels=("stigma", "justice", "stigma"),
        stance={"stigma": "denied"},
    )
    line = make_row(item, SCHEME, suggestions=True).line
    assert line.isascii()
    row = json.loads(line)
    assert row["text"] == REPORT.text
    assert row["entities"] == [[start + 1, start + 7, "PLACE"]]
    assert row["cats"] == ["stigma:denied", "justice"]
    assert read_sent(row).suggested == 3
    without = json.loads(make_row(item, SCHEME).line)
    assert (without["entities"], without["cats"], read_sent(without).suggested) == ([], [], 0)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"text": "A\0B"}, "holds a NUL character, which doccano cannot keep; correct the report"),
        ({"question": "Q\0"}, "holds a NUL character, which doccano cannot keep; correct the report"),
        ({"text": "A\ud83d"}, "holds half of a character, which doccano cannot keep; correct the report"),
        ({"text": ""}, "has no text; tag the report again"),
        ({"entities": (Entity(2, 99, "ORG", "x"),)}, "the span 2-99 does not lie in the passage's parts; tag the report again"),
        ({"entities": (Entity(4, 4, "ORG", ""),)}, "the span 4-4 does not lie in the passage's parts; tag the report again"),
        (
            {"entities": (Entity(0, 10, "AMOUNT", "Two nurses"), Entity(4, 20, "ORG", "nurses of UNICEF"))},
            "the entity 4-20 overlaps another; tag the report again",
        ),
        ({"entities": (Entity(0, 3, "ORG", "One"),)}, "the entity 0-3 is not the text that it quotes; tag the report again"),
        ({"entities": (Entity(0, 3, "PERSON", "Two"),)}, 'the scheme has no entity label "PERSON"; tag the report again'),
        ({"labels": ("weather",)}, 'the scheme has no theme "weather"; tag the report again'),
        ({"labels": ("stigma",), "stance": {"stigma": "loud"}}, 'the scheme has no theme "stigma:loud"; tag the report again'),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name_and_the_rest_goes(fields: dict[str, Any], why: str) -> None:
    text = fields.get("text", REPORT.text)
    wrong = passage(text, **{key: value for key, value in fields.items() if key != "text"})
    right = passage(passage="notes/0002")
    rows, errors = make_rows([wrong, right], SCHEME, suggestions=True)
    assert [row.passage for row in rows] == ["notes/0002"]
    assert errors == [f"the passage notes/0001: {why}"]


def test_footnotes_and_tables_go_only_when_asked_for() -> None:
    items = [passage(passage=f"notes/{kind}", kind=kind) for kind in ("answer", "paragraph", "list", "footnote", "table")]
    assert len(make_rows(items, SCHEME, True)[0]) == 3
    assert len(make_rows(items, SCHEME, True, all_kinds=True)[0]) == 5


def test_a_passage_that_stands_twice_is_sent_once_and_refused_if_its_contents_differ() -> None:
    assert len(make_rows([passage(), passage()], SCHEME, True)[0]) == 1
    _, errors = make_rows([passage(), passage(labels=("justice",))], SCHEME, True)
    assert errors == ["the passage notes/0001: stands twice with different contents; push one data set at a time"]


def test_no_two_labels_have_one_key_and_none_a_prefix() -> None:
    """On its annotation page doccano ignores prefixes: of labels with one key, the last would be marked."""
    labels = [*span_types(SCHEME), *category_types(SCHEME)]
    keys = [label.suffix for label in labels if label.suffix]
    assert len(keys) == len(set(keys)) == len(labels)
    assert {label.prefix for label in labels} == {None}
    named = {theme.id: theme.key for theme in SCHEME.theme}
    assert {label.text: label.suffix for label in category_types(SCHEME) if label.text in named} == named


def test_a_scheme_with_more_stances_than_keys_leaves_labels_without_one() -> None:
    stances = {f"stance{number}": "x" for number in range(30)}
    labels = category_types(msgspec.structs.replace(SCHEME, stances=stances))
    keys = [label.suffix for label in labels if label.suffix]
    assert len(keys) == len(set(keys)) < len(labels)


@pytest.mark.parametrize("stance", list(SCHEME.stances))
def test_categories_carry_the_stance_there_and_back(stance: str) -> None:
    texts = categories(("justice", "stigma"), {"stigma": stance}, SCHEME)
    assert texts == [f"stigma:{stance}" if stance != "reported" else "stigma", "justice"]
    assert read_categories(texts, SCHEME) == (("stigma", "justice"), {"stigma": stance})


def test_a_theme_with_two_stances_is_refused() -> None:
    with pytest.raises(PassageError, match=r'^the theme "stigma" is marked as reported and as unknown$'):
        read_categories(["stigma", "stigma:unknown"], SCHEME)


@pytest.mark.parametrize("suggestions", [True, False])
def test_the_values_of_amounts_travel_with_the_marks_and_only_with_them(suggestions: bool) -> None:
    period = Period("in 2021", "2021-01-01", "2021-12-31")
    value = {
        "kind": "money",
        "low": 9000,
        "high": 9000.5,
        "currency": "ALL",
        "noun": "old lek",
        "qualifier": "about",
        "rate": "month",
        "period": period,
    }
    start = REPORT.text.index("9,000 lek")
    entity = Entity(start, start + 9, "AMOUNT", "9,000 lek", **value)
    row = json.loads(make_row(passage(entities=(entity,)), SCHEME, suggestions).line)
    assert all(isinstance(row[key], str) for key in KEYS)
    amounts = read_sent(row).amounts
    assert {place: value_of(found) for place, found in amounts.items()} == ({(start, start + 9): value} if suggestions else {})


OLDER = {
    "id": 7,
    "text": REPORT.text,
    "question": "Q. Who?",
    "kind": "answer",
    "report": "notes",
    "passage": "notes/0001",
    "parts": f"0-{len(REPORT.text)}",
    "checksum": "0cb117d09f0df35e",
    "suggested": "3",
}


def test_rows_that_were_sent_before_are_read_and_damaged_ones_are_refused() -> None:
    found = read_sent(OLDER)
    assert (found.report, found.parts, found.suggested, found.lead, found.text) == ("notes", passage().parts, 3, 0, REPORT.text)
    valued = read_sent({**OLDER, "amounts": '[{"start":1,"end":2,"kind":"count","low":1,"high":1}]'})
    assert valued.amounts[1, 2].kind == "count"
    for damaged in ({**OLDER, "amounts": "[{"}, {**sent(), PROGRAM: "{"}, {**sent(), PROGRAM: "[" * 9999}):
        with pytest.raises(PassageError, match="lacks what ffm sends with a passage"):
            read_sent(damaged)


def pulled(report: Report, row: dict[str, Any], *spans: tuple[str, str]) -> tuple[GoldEntity, ...]:
    """Return what is pulled of a row of a report whose marks are now these."""
    places = [[row["text"].rindex(word), row["text"].rindex(word) + len(word), label] for word, label in spans]
    done = Pulled()
    (reading,) = read_rows([{**row, "entities": places}], "anna", SCHEME, Texts({}, [report]), done)[report.id]
    assert done.errors == []
    return reading.record.entities


SHARED = [
    ("NP", "rupees", "NPR"),
    ("LK", "rupees", "LKR"),
    ("KW", "dinars", "KWD"),
    ("JO", "dinars", "JOD"),
    ("UG", "shillings", "UGX"),
    ("EG", "pounds", "EGP"),
]


@pytest.mark.parametrize(("country", "name", "currency"), SHARED)
def test_a_pull_keeps_a_value_that_was_sent_and_reads_one_that_was_marked_in_the_report(country: str, name: str, currency: str) -> None:
    text = f"A loaf costs 30 {name}. A bun costs 20 {name}."
    report = Report("notes", text, country=country)
    start = text.index("30")
    kept = Entity(start, start + 3 + len(name), "AMOUNT", f"30 {name}", kind="money", low=30, high=30, currency=currency, qualifier="over")
    row = json.loads(make_row(passage(text, end=len(text), parts=((0, len(text)),), entities=(kept,)), SCHEME, suggestions=True).line)
    entities = pulled(report, row, (f"30 {name}", "AMOUNT"), (f"20 {name}", "AMOUNT"))
    assert value_of(entities[0]) == value_of(kept)
    assert [(entity.low, entity.currency) for entity in entities] == [(30, currency), (20, currency)]


def sent(**fields: Any) -> dict[str, Any]:
    row = json.loads(make_row(passage(), SCHEME).line)
    return {"id": 7, **row, **fields}


def test_a_row_that_was_changed_or_is_not_ours_is_refused_by_name() -> None:
    assert read_sent(sent()).parts == passage().parts
    led = json.loads(make_row(passage(question="Q. Who?"), SCHEME).line)
    with pytest.raises(PassageError, match=r"^the passage notes/0001: its text is not the one that was sent; restore it"):
        read_sent({**led, "text": "Two nurses"})
    for fields in ({"passage": None}, {PROGRAM: None}, *(of_program(**{key: value}) for key, value in WRONG)):
        with pytest.raises(PassageError, match=r"^the passage (notes/0001|number 7) lacks what ffm sends with a passage"):
            read_sent(sent(**fields))


WRONG = [("parts", "1-x"), ("parts", ""), ("suggested", "many"), ("report", 3), ("report", ""), ("question", "x"), ("amounts", [{}])]


def of_program(**fields: Any) -> dict[str, str]:
    return {PROGRAM: json.dumps({**json.loads(sent()[PROGRAM]), **fields})}


@pytest.mark.parametrize(
    ("policy", "alone"),
    [
        ("", False),
        ("frame-ancestors 'self'", False),
        ("script-src 'self' https://www.youtube.com", False),
        ("default-src 'self'; script-src *", False),
        ("default-src 'self' 'unsafe-inline' data: blob:", True),
        ("Default-Src *; SCRIPT-SRC 'self'", True),
    ],
)
def test_a_policy_keeps_pages_from_scripts_of_other_sites_or_not(policy: str, alone: bool) -> None:
    assert asks_itself_alone(policy) == alone


def test_auto_labels_have_every_field_that_doccano_demands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFM_SERVE_TOKEN", "t" * 20)
    spans, themes = auto_label_configurations("http://127.0.0.1:8137/")
    assert spans["model_attrs"] == {
        "url": "http://127.0.0.1:8137/autolabel/spans",
        "method": "POST",
        "params": {},
        "headers": {"Authorization": "Bearer " + "t" * 20},
        "body": {"text": "{{ text }}"},
    }
    assert (spans["task_type"], themes["task_type"]) == ("Span", "Category")
    for wrong, told in (
        ("8137", "8137"),
        ("http://x:y", "http://x:y"),
        ("http://anna:sec@ret@x:1", "http://***@x:1"),
        ("http://[x", "http://[x"),
    ):
        with pytest.raises(DoccanoError, match=rf'^"{re.escape(told)}" is no address of ffm serve'):
            auto_label_configurations(wrong)


@pytest.mark.parametrize("path", [PINS, BUILD_PINS], ids=lambda path: path.name)
def test_the_server_s_pins_have_digests_and_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert "index" not in text
    blocks = re.findall(r"^\S+==\S+ \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text, re.MULTILINE)
    assert len(blocks) == len(re.findall("^[^#\n ]", text, re.MULTILINE))


def test_a_python_of_the_right_version_is_found_or_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFM_DOCCANO_PYTHON", "/opt/python")
    assert find_python() == "/opt/python"
    monkeypatch.delenv("FFM_DOCCANO_PYTHON")
    monkeypatch.setattr("sys.version_info", (3, 13))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(DoccanoError, match=r"needs Python 3\.11"):
        find_python()


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ffm.cli.doccano.find_spec", lambda name: None)
    done = run_in_process("doccano", "status", "x")
    assert (done.code, done.errors) == (
        1,
        ['error: ffm doccano needs packages that are not installed; run: pip install "ffm-nlp[doccano]"'],
    )


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("127.0.0.1:8000", 'FFM_DOCCANO_URL "127.0.0.1:8000" is no address; write it as http://127.0.0.1:8000'),
        ("anna:secret@x", 'FFM_DOCCANO_URL "anna:***@x" is no address; write it as http://127.0.0.1:8000'),
        ("ftp://anna:sec/r@t@x", 'FFM_DOCCANO_URL "ftp://***@x" is no address; write it as http://127.0.0.1:8000'),
        ("http//anna:secret@x", 'FFM_DOCCANO_URL "***@x" is no address; write it as http://127.0.0.1:8000'),
        ("http://anna:secret@x:port", 'FFM_DOCCANO_URL "http://***@x:port" is no address; write it as http://127.0.0.1:8000'),
        ("ftp://x", 'FFM_DOCCANO_URL "ftp://x" is no address; write it as http://127.0.0.1:8000'),
        ("http://x:99999", 'FFM_DOCCANO_URL "http://x:99999" is no address; write it as http://127.0.0.1:8000'),
        (
            "http://anna:secret@x",
            "FFM_DOCCANO_URL holds a user or password; put them into FFM_DOCCANO_USER and FFM_DOCCANO_PASSWORD",
        ),
    ],
)
def test_an_address_that_is_none_is_refused(address: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFM_DOCCANO_URL", address)
    done = run_in_process("doccano", "status", "x")
    assert (done.code, done.errors) == (1, [f"error: {why}"])


def test_what_is_not_set_and_cannot_be_asked_for_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "USER", "PASSWORD"):
        monkeypatch.delenv(f"FFM_DOCCANO_{name}", raising=False)
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: PTH123, SIM115
    done = run_in_process("doccano", "status", "x")
    assert done.errors == ["error: FFM_DOCCANO_URL is not set, and there is no terminal to ask at; set it"]


def test_gold_that_needs_review_after_a_change_of_the_scheme_makes_a_batch() -> None:
    gold = Path(__file__).parents[2] / "annotations" / "gold" / "albania-tip-2021-digest.jsonl"
    found = migrate_gold(gold, find_project())
    rows, errors = make_rows(found.review, SCHEME, suggestions=True, all_kinds=True)
    assert errors == []
    assert [row.passage for row in rows] == [passage.passage for passage in found.review] != []


def test_labels_of_a_scheme_without_stances_are_its_themes() -> None:
    bare = replace(SCHEME, stances={}, theme=tuple(replace(theme, stance=False) for theme in SCHEME.theme))
    assert [label.text for label in category_types(bare)] == list(SCHEME.theme_ids)
    assert categories(SCHEME.core_ids, {}, bare) == list(SCHEME.core_ids)
