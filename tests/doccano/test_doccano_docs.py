"""The commands that docs/annotating.md shows exist, with the options and the number of arguments that they have there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from ffm.cli.main import app

PAGE = (Path(__file__).parents[2] / "docs" / "annotating.md").read_text(encoding="utf-8")
COMMANDS = list(dict.fromkeys(re.findall(r"^\$ ffm (.+)$", PAGE, re.MULTILINE) + re.findall(r"`ffm ([^`]+ -a [^`]+)`", PAGE)))


@pytest.mark.parametrize("line", COMMANDS)
def test_command_of_the_page_exists_with_its_options(line: str) -> None:
    words = shlex.split(line)
    command: Any = typer.main.get_command(app)
    context = command.make_context("ffm", ["scheme", "check"])  # any that parses
    while hasattr(command, "commands"):
        name = words.pop(0)
        assert name in command.commands, line
        command = command.commands[name]
    command.make_context(command.name, words, parent=context)  # refuses what it does not know, and what is missing


def test_page_shows_the_whole_round() -> None:
    for name in ("setup", "push", "status", "pull", "adjudicate"):
        assert any(line.startswith(f"doccano {name} ") for line in COMMANDS)
    assert {"tag", "agreement", "gold", "serve"} <= {line.split()[0] for line in COMMANDS}


def test_pictures_of_the_page_are_there_and_small() -> None:
    shown = re.findall(r"!\[[^\]]+\]\((pictures/[^)]+)\)", PAGE)
    assert len(shown) == 5
    for picture in shown:
        assert (Path(__file__).parents[2] / "docs" / picture).stat().st_size <= 120_000
