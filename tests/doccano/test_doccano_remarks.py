"""What annotators remark in doccano comes back with the pull, stands in the task of whoever decides, and in a list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from doccano.conftest import Room, Site, passages_of
from ffm.doccano.pull import Texts, pull
from ffm.doccano.push import make_rows, push
from ffm.doccano.setup import open_batch, set_up
from ffm.gold.comments import FILE, Comment, comments_markdown, read_comments, write_comments
from ffm.project.project import find_project

pytestmark = pytest.mark.slow
SCHEME = find_project().scheme
TEXTS = ["One nurse left.", "Two 😀 came.", "Three stayed."]


def remark(site: Site, user: str, room: Room, project: Any, passage: str, text: str) -> None:
    row = next(row for rows in room.server.download(project).values() for row in rows if row["passage"] == passage)
    site.as_user(user).create_comment(project.id, row["id"], text)


def test_comments_come_back_of_confirmed_passages_or_not_and_those_of_other_batches_stay(
    site: Site, room: Room, tmp_path: Path, run_ffm: Callable[..., Any]
) -> None:
    report, passages = passages_of(TEXTS)
    room.push(passages)
    project = room.project
    remark(site, "anna", room, project, "notes/0002", 'Is "came" <b>new</b>?\nAsk Ben.\n"2 beds" = 2 beds')
    remark(site, "admin", room, project, "notes/0002", "It is.")
    folder = tmp_path / "anna"
    write_comments(folder, [Comment("lake", 3, 9, "A lake", "", "anna", "2026-01-02", "Of another batch.")])
    done = pull(room.server, room.batch, SCHEME, Texts({}, [report]), tmp_path)
    assert (done.errors, done.files, done.comments) == ([], {}, {folder / FILE: 2})
    found = read_comments(folder / FILE)
    start = len(TEXTS[0]) + 2
    assert [(item.report, item.start, item.end, item.quote, item.author) for item in found[1:]] == [
        ("notes", start, start + len(TEXTS[1]), TEXTS[1], author) for author in ("anna", "admin")
    ]
    assert [item.comment for item in found] == ["Of another batch.", 'Is "came" <b>new</b>?\nAsk Ben.', "It is."]
    pull(room.server, room.batch, SCHEME, Texts({}, [report]), tmp_path)
    assert read_comments(folder / FILE) == found
    listed = run_ffm("gold", "comments", folder)
    assert (listed.code, listed.out.splitlines()[-1]) == (0, "comments: 3 comments")
    assert "  - anna, 2026-01-02: Of another batch." in listed.out.splitlines()
    assert r"""Is "came" \<b\>new\</b\>? Ask Ben.""" in listed.out
    (folder / FILE).write_text("report\nx\n")
    (error,) = pull(room.server, room.batch, SCHEME, Texts({}, [report]), tmp_path).errors
    assert error.startswith(f'{folder / FILE}: has no column "start"')
    assert (folder / FILE).read_text() == "report\nx\n"


def test_in_a_blind_project_comments_are_their_authors(site: Site, name: str, tmp_path: Path) -> None:
    set_up(site.admin, name, ["anna", "ben"], SCHEME, blind=True)
    room = Room(site.admin, name, SCHEME)
    report, passages = passages_of(TEXTS)
    push(site.admin, room.batch, make_rows(passages, SCHEME, False)[0], SCHEME)
    project = open_batch(site.admin, name).projects[""]
    for user, text in (("anna", "I doubt it."), ("ben", "Clear."), ("admin", "Please hurry.")):
        remark(site, user, room, project, "notes/0003", text)
    done = pull(site.admin, room.batch, SCHEME, Texts({}, [report]), tmp_path)
    assert done.errors == []
    assert {path.parent.name: read_comments(path)[0].comment for path in done.comments} == {
        "anna": "I doubt it.",
        "ben": "Clear.",
        "admin": "Please hurry.",
    }


def test_the_list_puts_remarks_on_one_range_together_with_what_was_marked_there() -> None:
    comments = [
        Comment("lake", 5, 9, "boats", "stigma", "ben", "2026-01-03", "No."),
        Comment("lake", 5, 9, "boats", "", "anna", "2026-01-02", "Is *this* shame?"),
        Comment("lake", 0, 0, "", "", "anna", "", "A long report."),
    ]
    labels = {("lake", (5, 9)): {"anna": "stigma (denied)", "ben": "no theme"}}
    assert comments_markdown(comments, labels).splitlines() == [
        "- lake",
        "  - anna: A long report.",
        "- lake 5-9 stigma",
        "  > boats",
        "  - anna marked: stigma (denied)",
        "  - ben marked: no theme",
        r"  - anna, 2026-01-02: Is \*this\* shame?",
        "  - ben, 2026-01-03: No.",
    ]
