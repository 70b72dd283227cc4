"""What annotators do with suggestions is kept in the gold that a real server gives back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from doccano.conftest import Room, Site, passages_of
from doccano.test_doccano_workflow import confirm
from ffm.doccano.pull import Texts, pull
from ffm.gold.store import read_gold
from ffm.project.project import find_project

pytestmark = pytest.mark.slow
SCHEME = find_project().scheme


def test_accepted_and_changed_suggestions_of_another_tool_are_told_apart(
    site: Site, room: Room, command: Any, name: str, tmp_path: Path
) -> None:
    report, passages = passages_of(["Two nurses left.", "Nobody came back."])
    tagged, said = tmp_path / "tagged.jsonl", tmp_path / "small-lm.jsonl"
    tagged.write_bytes(b"".join(msgspec.json.encode(passage) + b"\n" for passage in passages))
    said.write_text("".join(json.dumps({"passage": item.passage, "labels": ["justice"]}) + "\n" for item in passages), encoding="utf-8")
    done = command("push", name, tagged, "--suggestions", said)
    assert done.code == 0, done.err

    def unmark(client: Any, project: int, example: int) -> None:
        for mark in client.list_categories(project, example):
            client.delete_category(project, example, mark.id)

    confirm(site, "anna", room.project.name, {passages[1].passage: unmark})
    pulled = pull(room.server, room.batch, SCHEME, Texts({}, [report]), tmp_path / "out")
    assert pulled.errors == []
    _, (first, second) = read_gold(tmp_path / "out" / "anna" / "notes.jsonl")
    assert [(event.did, event.who, event.model, event.suggested, event.kept) for event in (*first.history, *second.history)] == [
        ("accepted", "anna", "small-lm", 1, 1),
        ("changed", "anna", "small-lm", 1, 0),
    ]
