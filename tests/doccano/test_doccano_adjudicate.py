"""What a third is asked to decide, without a server: readings side by side where each annotator read another portion."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doccano.conftest import passages_of
from ffm.doccano.adjudicate import find_differences
from ffm.errors import GoldError
from ffm.gold.comments import Comment, write_comments
from ffm.gold.store import GoldHeader, GoldRecord, text_digest, write_gold
from ffm.project.project import find_project

SCHEME = find_project().scheme
REPORT, PASSAGES = passages_of(["One nurse left.", "Two came.", "Three stayed.", "Four slept."])
P, Q, R, S = PASSAGES


def read(folder: Path, name: str, **themes: str) -> Path:
    """Write what an annotator marked: passages by their letter, each with one theme or none."""
    letters = {"p": P, "q": Q, "r": R, "s": S}
    records = [
        GoldRecord(letters[letter].start, letters[letter].end, (), (theme,) if theme else (), {}, "passage")
        for letter, theme in themes.items()
    ]
    header = GoldHeader(REPORT.id, text_digest(REPORT), SCHEME.version, name, "human annotator", True, "2026-11-21")
    (folder / name).mkdir()
    write_gold(folder / name / "notes.jsonl", header, records)
    return folder / name


def lines_of(line: str) -> list[str]:
    return [said for said in json.loads(line)["text"].splitlines() if said.startswith(("reading", "remark"))]


def test_of_three_who_read_different_portions_those_are_compared_who_read_a_passage(tmp_path: Path) -> None:
    folders = [
        read(tmp_path, "anna", p="justice", q="housing"),
        read(tmp_path, "ben", q="", r="housing", s="housing"),
        read(tmp_path, "carol", p="justice", r="justice"),
    ]
    where = (Q.start, Q.end)
    write_comments(tmp_path / "ben", [Comment("notes", *where, Q.text, "", "ben", "2026-11-21", "Whose\nhouse?")])
    found = find_differences(folders, PASSAGES, SCHEME)
    assert (found.compared, found.errors) == (3, ())
    assert {row.passage: lines_of(row.line) for row in found.rows} == {
        Q.passage: [
            "reading of anna: housing",
            "reading of ben: none of these",
            "reading of carol: has not read it",
            "remark of ben: Whose house?",
        ],
        R.passage: ["reading of anna: has not read it", "reading of ben: housing", "reading of carol: justice"],
    }
    (notice,) = found.notices
    assert notice.startswith("1 passage left out that one annotator alone read (ben: 1); offer them with --one-sided")
    offered = find_differences(folders, PASSAGES, SCHEME, one_sided=True)
    assert [row.passage for row in offered.rows] == [Q.passage, R.passage, S.passage]
    assert (offered.notices, offered.rows[-1].categories) == ((), ("housing",))


def test_annotators_who_share_no_passage_can_still_be_decided_on(tmp_path: Path) -> None:
    folders = [read(tmp_path, "anna", p="justice"), read(tmp_path, "ben", q="")]
    with pytest.raises(GoldError, match="share no annotated range"):
        find_differences(folders, PASSAGES, SCHEME)
    found = find_differences(folders, PASSAGES, SCHEME, one_sided=True)
    assert ([row.passage for row in found.rows], found.compared) == ([P.passage, Q.passage], 0)
