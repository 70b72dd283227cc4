"""The workflow of docs/ci.md: the commands of its steps, run in order in a throwaway repository with a change that it is asked about.

What needs a network is replaced: the checkout is a clone on this machine, Python and its packages are those at hand, and `gh` writes
down what it is given.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import srsly
from msgspec.structs import replace

from conftest import ROOT
from ffm.gold.store import read_gold, write_gold

WORKFLOW = ROOT / "docs" / "ci" / "ffm-gate.yml"
JOBS: dict[str, Any] = srsly.yaml_loads(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
STEPS = [step for job in JOBS.values() for step in job["steps"]]
REPLACED = ["actions/checkout", "actions/setup-python", "actions/upload-artifact", "actions/download-artifact"]
THEME = "stigma"
ALSO_AFTER_A_FAILURE = "${{ !cancelled() && hashFiles('build/gate.md') != '' }}"

pytestmark = pytest.mark.skipif(
    not ((ROOT / ".git").exists() and shutil.which("git") and shutil.which("make") and os.name == "posix"),
    reason="needs git, make and a checkout",
)


class Run(NamedTuple):
    """The exit code of each step that ran, by name or command; what they printed; the job's summary and the comment."""

    codes: dict[str, int]
    printed: str
    summary: str
    comment: str


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, message: str) -> str:
    git(folder, "add", "--all", "--force", ".")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """Return a repository of the files of this one as they stand, without its history."""
    folder = tmp_path / "origin"
    for name in git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines():
        if (ROOT / name).is_file() and not (ROOT / name).is_symlink():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "-q")
    commit(folder, "The branch that the change is for")
    return folder


def run_workflow(origin: Path, base: str) -> Run:
    """Run the job's steps on a clone of a repository, with its sample texts only."""
    clone, programs = origin.parent / "clone", origin.parent / "programs"
    git(origin.parent, "clone", "-q", str(origin), str(clone))
    programs.mkdir()
    binaries = clone / ".venv" / "bin"
    binaries.mkdir(parents=True)
    for path, script in (
        (binaries / "ffm", f'exec "{sys.executable}" -c "from ffm.cli import main; main()" "$@"'),
        (
            programs / "gh",
            f'echo "$@" > "{programs}/comment"; while [ "$1" != --body-file ]; do shift; done; cat "$2" >> "{programs}/comment"',
        ),
    ):
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
    (clone / ".venv" / ".runtime").touch()  # what make would install is there
    values = {
        "github.workspace": str(clone),
        "github.event.pull_request.base.sha": base,
        "github.event.pull_request.number": "7",
        "github.token": "",
        "github.repository": "owner/name",
    }

    def filled(settings: dict[str, str]) -> dict[str, str]:
        found = {}
        for name, value in settings.items():
            for key, meant in values.items():
                value = value.replace("${{ " + key + " }}", meant)
            assert "${{" not in value, f"{name}: {value} is not known to this test"
            found[name] = value
        return found

    summary = programs / "summary"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FFM_", "GIT_", "MAKE"))}
    job = {
        **inherited,
        **filled(JOBS["gate"]["env"]),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(clone / "nlp"),
        "GITHUB_STEP_SUMMARY": str(summary),
    }
    codes: dict[str, int] = {}
    printed = ""
    for step in STEPS:
        if "uses" in step:  # the report is where the one job leaves it and the other looks for it
            continue
        assert step.get("if") in (None, ALSO_AFTER_A_FAILURE)
        if "if" in step and not (clone / "build" / "gate.md").is_file():
            continue
        if "if" not in step and any(codes.values()):
            continue
        shell = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
        done = subprocess.run(shell, cwd=clone, env={**job, **filled(step.get("env", {}))}, capture_output=True, text=True, timeout=900)
        codes[step["name"]] = done.returncode
        printed += done.stdout + done.stderr
    read = [path.read_text(encoding="utf-8") if path.is_file() else "" for path in (summary, programs / "comment")]
    return Run(codes, printed, read[0], read[1])


def test_the_document_names_the_workflow_and_its_steps_are_known() -> None:
    assert f"({WORKFLOW.parent.name}/{WORKFLOW.name})" in (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    assert [step["uses"].split("@")[0] for step in STEPS if "uses" in step] == REPLACED
    assert any("make gate" in step.get("run", "") for step in STEPS)


@pytest.mark.slow
def test_a_candidate_of_the_samples_alone_fails_and_the_report_says_why(origin: Path) -> None:
    base = git(origin, "rev-parse", "HEAD")
    (origin / "annotations" / "note.md").write_text("A change.\n", encoding="utf-8")
    commit(origin, "A change")
    run = run_workflow(origin, base)
    assert list(run.codes.values()) == [0, 2, 0, 0], run.printed
    assert "the gold is not comparable" in run.summary
    assert "passages of the standing model's gold were judged by both models" in run.summary
    assert run.comment.startswith("pr comment 7 --edit-last --create-if-none --body-file build/gate.md\n**FAILED**")


@pytest.mark.slow
def test_a_change_that_harms_nothing_passes_and_one_that_takes_a_theme_fails(origin: Path) -> None:
    """The standing model of the branch is one of the samples, as the clone's texts are."""
    environment = {**os.environ, "PYTHONPATH": str(origin / "nlp"), "FFM_RAW_TEXT": str(origin / "raw_text")}
    command = [sys.executable, "-c", "from ffm.cli import main; main()", "train", "--quick", "-j", "1", "-o", "small"]
    subprocess.run(command, cwd=origin, env=environment, check=True, capture_output=True, timeout=600)
    shutil.rmtree(origin / "models" / "ffm-en")
    (origin / "small").rename(origin / "models" / "ffm-en")
    base = commit(origin, "A model of the samples")
    run = run_workflow(origin, base)
    assert list(run.codes.values()) == [0, 0, 0, 0], run.printed
    assert run.summary.startswith("**Passed**")
    for path in (origin / "annotations" / "gold").glob("*-digest.jsonl"):
        header, records = read_gold(path)
        left = [tuple(theme for theme in record.themes if theme != THEME) for record in records]
        stances = [{theme: value for theme, value in record.stance.items() if theme != THEME} for record in records]
        write_gold(
            path,
            header,
            [replace(record, themes=themes, stance=stance) for record, themes, stance in zip(records, left, stances, strict=True)],
        )
    run = run_after_a_change(origin, base)
    assert list(run.codes.values()) == [0, 2, 0, 0], run.printed
    assert f"the candidate's gold has 0 labels of {THEME}" in run.summary


def run_after_a_change(origin: Path, base: str) -> Run:
    for name in ("clone", "programs"):
        shutil.rmtree(origin.parent / name)
    commit(origin, "Another change")
    return run_workflow(origin, base)
