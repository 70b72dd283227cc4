"""doccano's traps, each shown on the real server, and that ours does not fall into it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from doccano.conftest import Room, Site, passages_of
from ffm.doccano.client import Server
from ffm.doccano.errors import DoccanoError
from ffm.doccano.pull import Texts, pull
from ffm.exchange.categories import category_types, span_types
from ffm.exchange.lead import lead_of
from ffm.project.project import find_project
from ffm.records import Entity

pytestmark = pytest.mark.slow
SCHEME = find_project().scheme
EMOJI = "😀😀 UNICEF left Tirana."


def named(text: str) -> dict[str, Any]:
    return {"entities": [Entity(text.index("UNICEF"), text.index("UNICEF") + 6, "ORG", "UNICEF")]}


def raw(room: Room, *rows: dict[str, Any]) -> list[str]:
    """Upload rows as they are, which is what a naive program does."""
    return room.server.upload(room.project, "".join(json.dumps(row) + "\n" for row in rows))


def test_offsets_are_utf_16_units(room: Room) -> None:
    _, passages = passages_of([EMOJI], marks=named)
    room.push(passages)
    (row,) = room.rows()
    lead = lead_of(row["text"])
    assert row["entities"] == [[lead + 5, lead + 11, "ORG"]]  # code points are 3 to 9
    assert EMOJI.encode("utf-16-le")[10:22].decode("utf-16-le") == "UNICEF"


def test_the_encoding_of_a_small_file_is_not_guessed(room: Room, tmp_path: Path) -> None:
    text = "Café"
    naive = tmp_path / "naive.jsonl"
    naive.write_text(json.dumps({"text": text, "entities": [], "cats": []}, ensure_ascii=False) + "\n", encoding="utf-8")
    client = room.server._client
    client.upload(room.project.id, [str(naive)], "IntentDetectionAndSlotFilling", "JSONL")
    _, passages = passages_of([text])
    room.push(passages)
    texts = {row.get("passage"): row["text"] for row in room.rows()}
    assert texts["notes/0001"].splitlines()[-1] == text
    assert texts[None] != text  # doccano took it for another encoding


def test_metadata_that_are_missing_or_null_would_fail_the_batch(room: Room) -> None:
    with pytest.raises(DoccanoError, match=r"doccano's task (failed|did not end)"):
        raw(room, {"text": "a", "entities": [], "cats": [], "page": 3}, {"text": "b", "entities": [], "cats": [], "page": None, "x": "y"})
    before = room.server.count(room.project)
    assert before == 0
    _, passages = passages_of(["One nurse left.", "Two came."])
    known = [passages[0], msgspec.structs.replace(passages[1], page=3, source=None, question=None, date=None)]
    assert room.push(known).sent == {room.project.name: 2}
    rows = {row["passage"]: row["text"].splitlines() for row in room.rows()}
    assert rows["notes/0002"][:-2] == ["Meeting with the Workshop · page 3"]
    assert rows["notes/0001"][:-2] == ["Q. Who mends the bicycles?", "Workshop (ngo) · Meeting with the Workshop · 2021-05-03"]


def test_metadata_named_like_a_field_would_overwrite_it(room: Room) -> None:
    raw(room, {"text": "the text", "entities": [], "cats": [], "data": "not the text"})
    assert [row["text"] for row in room.rows()] == ["not the text"]


def test_a_theme_given_twice_is_imported_once(room: Room) -> None:
    _, passages = passages_of(["One nurse left."], marks=lambda text: {"labels": ("stigma", "stigma"), "stance": {"stigma": "denied"}})
    assert room.push(passages).errors == []
    assert [row["cats"] for row in room.rows()] == [["stigma:denied"]]


def test_a_second_push_sends_only_what_is_new_whatever_was_marked_since(room: Room) -> None:
    _, passages = passages_of(["One nurse left.", "Two came.", "Three stayed."], marks=lambda text: {"labels": ("justice",)})
    assert room.push(passages[:2]).sent == {room.project.name: 2}
    row = room.rows()[0]
    client = room.server._client
    for category in client.list_categories(room.project.id, row["id"]):
        client.delete_category(room.project.id, row["id"], category.id)
    client.update_example_state(room.project.id, row["id"])
    done = room.push(passages)
    assert (done.sent, done.held, done.again) == ({room.project.name: 1}, {room.project.name: 2}, {room.project.name: 0})
    rows = room.rows()
    assert sorted(item["passage"] for item in rows) == [passage.passage for passage in passages]
    assert next(item for item in rows if item["id"] == row["id"])["cats"] == []  # the annotator's answer stays


def test_white_space_at_the_ends_is_kept(room: Room) -> None:
    _, passages = passages_of(["  \t UNICEF left. \n "], marks=named)
    room.push(passages)
    (row,) = room.rows()
    lead = lead_of(row["text"])
    assert row["text"][lead:] == "  \t UNICEF left. \n "
    assert row["entities"] == [[lead + 4, lead + 10, "ORG"]]
    example = room.server._client.create_example(room.project.id, "  UNICEF")
    assert example.text == "UNICEF"  # doccano's other way in strips it


def test_a_span_outside_of_the_text_would_be_taken_and_is_refused_when_pulled(room: Room, tmp_path: Path) -> None:
    report, passages = passages_of(["One nurse left.", "Two came."])
    room.push(passages)
    row = next(row for row in room.rows() if row["passage"] == "notes/0001")
    label = next(known.id for known in room.server.label_types(room.project, "span") if known.label.text == "ORG")
    room.server._client.create_span(room.project.id, row["id"], 3, 999, label)
    done = pull(room.server, room.batch, SCHEME, Texts({}, [report]), tmp_path, everything=True)
    (error,) = done.errors
    assert error.startswith(
        "anna: the passage notes/0001: the span 3-999 leaves the text or divides a character; correct it in doccano, at"
    )
    assert list(done.files.values()) == [1]


def test_an_empty_project_is_pulled_as_nothing(room: Room, tmp_path: Path) -> None:
    done = pull(room.server, room.batch, SCHEME, Texts({}), tmp_path, everything=True)
    assert (done.files, done.errors) == ({}, [])
    assert done.notices == [f'"{room.project.name}": anna has no passages']
    assert room.rows() == []


def test_a_page_holds_more_than_doccano_s_five(site: Site, name: str) -> None:
    for number in range(6):
        site.admin.create_project(f"{name} page {number}", True, ("ffm",), "", "one of six")
    assert sum(project.name.startswith(f"{name} page") for project in site.admin.projects()) == 6


def test_suggestions_are_not_seen_in_a_blind_project_so_none_are_sent(site: Site, command: Any, name: str, tmp_path: Path) -> None:
    _, passages = passages_of(["One nurse left."], marks=lambda text: {"labels": ("justice",)})
    tagged = tmp_path / "tagged.jsonl"
    tagged.write_bytes(msgspec.json.encode(passages[0]) + b"\n")
    assert command("setup", name, "-a", "anna", "-a", "ben", "--blind").code == 0
    done = command("push", name, tagged, "--suggestions", "model")
    assert done.errors == [
        f'error: "{name}" is blind: its annotators would not see suggestions; push without, or set up a batch without --blind'
    ]
    assert command("push", name, tagged).code == 0
    server: Server = site.admin
    project = next(project for project in server.projects() if project.name == name)
    assert [row["cats"] for rows in server.download(project).values() for row in rows] == [[], [], []]  # admin, anna, ben


def test_each_label_has_its_key_and_colour_on_the_server(room: Room) -> None:
    for kind, wanted in (("span", span_types(SCHEME)), ("category", category_types(SCHEME))):
        assert [known.label for known in room.server.label_types(room.project, kind)] == wanted
