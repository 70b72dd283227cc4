"""Every command of the tutorial on one's own scheme, in its order, prints what the page says, but for measured figures."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ffm.cli.main import app
from ffm.tagging.dataset import read_file

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "own-scheme.md").read_text(encoding="utf-8")
FIGURE = r"\d+\\?\.\d+"  # measured: seconds, F1


def steps() -> Iterator[tuple[str, str]]:
    """Yield the page's steps: ("ffm ...", what it prints), ("cd ...", ""), ("toml", what is added to the scheme)."""
    for kind, block in re.findall(r"```(console|toml)\n(.*?)```", PAGE, re.DOTALL):
        if kind == "toml":
            yield kind, block
            continue
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed.strip()


def pattern_of(printed: str) -> str:
    """Return an expression for what a command prints: ``...`` stands for anything, a figure for any figure."""
    pieces = [re.sub(FIGURE, r"\\d+\\.\\d+", re.escape(piece.strip())) for piece in printed.split("...")]
    return ".*".join(pieces)


def test_the_tutorial_runs_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_ffm: Callable) -> None:
    shutil.copytree(DOCS / "own-scheme", tmp_path / "docs" / "own-scheme")
    (tmp_path / "build").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("FFM_PROJECT", "FFM_RAW_TEXT"):
        monkeypatch.delenv(name, raising=False)
    for command, printed in steps():
        words = shlex.split(command)
        if command == "toml":
            scheme = Path("annotations/scheme.toml")
            scheme.write_text(scheme.read_text(encoding="utf-8") + "\n" + printed, encoding="utf-8")
        elif words[0] == "cd":
            monkeypatch.chdir(words[1])
        else:
            done = run_ffm(*words[1:])
            assert (done.code, done.err) == (0, ""), command
            assert re.fullmatch(pattern_of(printed), done.out.strip(), re.DOTALL), f"{command}\n{done.out}"
    rows = read_file(Path("tagged.jsonl"))
    assert {label for row in rows for label in row.labels} == {"overcrowding", "health-care", "complaints", "contact"}
    assert len({row.model for row in rows}) == 1


@pytest.mark.parametrize("line", re.findall(r"^ffm (doccano .+)$", PAGE, re.MULTILINE))
def test_the_commands_of_doccano_exist_with_their_options(line: str) -> None:
    import typer

    words = shlex.split(line)
    command = typer.main.get_command(app)
    context = command.make_context("ffm", ["scheme", "check"])
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    command.make_context(command.name, words, parent=context)
