"""The ready workflow and docs/ci.md: valid, and every command in them exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import srsly
from typer.main import get_command

from ffm.cli.main import app

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "ci.md"
WORKFLOW = ROOT / "docs" / "ci" / "ffm-gate.yml"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    return srsly.yaml_loads(WORKFLOW.read_text(encoding="utf-8"))


def page_commands() -> list[str]:
    """Return the commands of the page, in blocks and in the text."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.findall(r"^\$ (.+)$", text, re.MULTILINE) + re.findall(r"`((?:ffm|make) [^`]+)`", text)
    return [command for command in found if "..." not in command]


def workflow_commands() -> list[str]:
    jobs = srsly.yaml_loads(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    return [line.strip() for step in steps for line in step.get("run", "").splitlines() if line.strip()]


def makefile_commands(target: str) -> list[str]:
    """Return what a target runs."""
    block = re.search(rf"^{target}:.*\n((?:\t.+\n)+)", MAKEFILE, re.MULTILINE)
    assert block is not None, target
    return [line.strip().replace("$(FFM)", "ffm").replace("$(STANDING)", "models/ffm-en") for line in block[1].splitlines()]


def check_ffm(words: list[str]) -> None:
    """Let the command line parse a command, without running it."""
    context = get_command(app).make_context("ffm", words, resilient_parsing=False)
    name, command, rest = context.command.resolve_command(context, [*context._protected_args, *context.args])  # type: ignore[attr-defined]
    assert command is not None
    command.make_context(name, rest, parent=context)


def check_make(words: list[str]) -> None:
    for word in words:
        name, given, _ = word.partition("=")
        if given:
            assert re.search(rf"^{name} \?= ", MAKEFILE, re.MULTILINE), word
            assert f"$({name})" in MAKEFILE
        else:
            assert re.search(rf"^{name}:", MAKEFILE, re.MULTILINE), word


@pytest.mark.parametrize("command", sorted({*page_commands(), *workflow_commands(), *makefile_commands("gate")}))
def test_command_exists(command: str) -> None:
    words = shlex.split(command)
    if words[0] == "ffm":
        check_ffm(words[1:])
    elif words[0] == "make":
        check_make(words[1:])
    else:
        assert words[0] in ("mkdir", "git", "cat", "gh")


def test_both_ways_of_running_the_gate_are_shown() -> None:
    commands = page_commands() + workflow_commands()
    assert any(command.startswith("ffm evaluate --gate") for command in commands)
    assert any(command.startswith("make gate") for command in commands)


def test_workflow_runs_the_gate_on_pull_requests_with_least_rights(workflow: dict[str, Any]) -> None:
    assert set(workflow) >= {"name", "on", "permissions", "jobs"}
    assert list(workflow["on"]) == ["pull_request"]  # never pull_request_target, which would run a stranger's code with rights
    assert workflow["permissions"] == {}
    assert workflow["jobs"]["gate"]["permissions"] == {"contents": "read"}
    comment = workflow["jobs"]["comment"]
    assert comment["permissions"] == {"pull-requests": "write"}
    assert [step.get("uses", "").split("@")[0] for step in comment["steps"]] == ["actions/download-artifact", ""]  # no code of the request
    (gate,) = [step for step in workflow["jobs"]["gate"]["steps"] if "make gate" in step.get("run", "")]
    assert "continue-on-error" not in gate


def test_report_is_shown_also_where_the_gate_fails(workflow: dict[str, Any]) -> None:
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    (summary,) = [step for step in steps if "GITHUB_STEP_SUMMARY" in step.get("run", "")]
    (comment,) = [step for step in steps if "gh pr comment" in step.get("run", "")]
    for step in (summary, comment):
        assert "!cancelled()" in step["if"] and "build/gate.md" in step["run"]
    assert any("-o build/gate.md" in command for command in makefile_commands("gate"))


def test_actions_are_pinned_by_commit_and_told_by_version() -> None:
    used = re.findall(r"uses: (\S+)(.*)", WORKFLOW.read_text(encoding="utf-8"))
    assert len(used) == 4
    for action, note in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", note), action


def test_no_expression_stands_in_a_shell_line(workflow: dict[str, Any]) -> None:
    for command in workflow_commands():
        assert "${{" not in command


def test_paths_that_start_the_workflow_are_there(workflow: dict[str, Any]) -> None:
    for path in workflow["on"]["pull_request"]["paths"]:
        assert (ROOT / path.removesuffix("/**")).exists(), path


def test_no_registry_is_named() -> None:
    for page in (PAGE, WORKFLOW):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"index-url|pypi|https?://", text, re.IGNORECASE), page.name
