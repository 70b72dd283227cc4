"""The page on changing schemes: its entries are what it says, its commands print what it shows."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable

import msgspec
import pytest

from conftest import ROOT, Done
from ffm.project.changes import Change, steps_between

PAGE = (ROOT / "docs" / "changing-scheme.md").read_text(encoding="utf-8")
COMMANDS = [
    (command, printed)
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    for command, _, printed in (part.partition("\n") for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:])
]


def test_entries_of_the_page_are_of_the_kinds_that_it_names() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (step,) = steps_between(msgspec.convert(tomllib.loads(block)["change"], list[Change]), 1, 2)
    assert {label: step.kind(label) for label in step.becomes} == {
        "camps": "renamed",
        "returns": "split",
        "smugglers": "merged",
        "routes": "merged",
        "rumours": "dropped",
        "asylum": "redefined",
    }
    assert step.added == ("sea-rescue",)


@pytest.mark.parametrize(("command", "printed"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_command_of_the_page_prints_what_it_says(
    command: str, printed: str, run_ffm: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    (ROOT / "build").mkdir(exist_ok=True)
    done = run_ffm(*shlex.split(command)[1:])
    assert done.code == 0, done.err
    assert re.fullmatch(".*".join(re.escape(piece) for piece in printed.split("...\n")), done.out, re.DOTALL), done.out
