"""A project: found upwards or named, made by init; its scheme, gold, reports and model serve every command."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ffm.errors import ProjectError
from ffm.project.project import find_project, packaged_project, read_project
from ffm.project.start import start_project

ROOT = Path(__file__).parents[1]


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, far from any project and without variables that name one."""
    monkeypatch.chdir(tmp_path)
    for name in ("FFM_PROJECT", "FFM_RAW_TEXT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_init_makes_a_project_with_a_scheme_to_edit_a_readme_and_a_report_to_try(empty: Path, run_ffm: Callable) -> None:
    done = run_ffm("init", "Press Freedom")
    assert (done.code, done.err) == (0, "")
    project = read_project(empty / "Press Freedom")
    assert (project.name, len(project.scheme.theme), list(project.reports())) == ("press-freedom", 3, ["first-report"])
    assert len((empty / "Press Freedom" / "README.md").read_text(encoding="utf-8").splitlines()) == 6
    assert run_ffm("scheme", "check", "--project", "Press Freedom").out.endswith("3 themes, no problems\n")
    assert run_ffm("reports", "verify", "--project", "Press Freedom").code == 0


def test_init_keeps_what_stands_in_the_folder(empty: Path, run_ffm: Callable) -> None:
    (empty / "annotations").mkdir()
    (empty / "annotations" / "scheme.toml").write_text("# mine\n", encoding="utf-8")
    assert "# mine" in (start_scheme := empty / "annotations" / "scheme.toml").read_text(encoding="utf-8")
    with pytest.raises(Exception, match="not a scheme"):  # the scheme is his, and damaged: it is told, not replaced
        _ = start_project(empty).scheme
    assert start_scheme.read_text(encoding="utf-8") == "# mine\n"


def test_init_twice_is_refused(empty: Path, run_ffm: Callable, refused: Callable) -> None:
    assert run_ffm("init", "boats").code == 0
    assert "is there already, so this folder is a project" in refused("init", "boats")


def test_init_copies_and_registers_reports(empty: Path, run_ffm: Callable) -> None:
    for name in ("one", "two"):
        (empty / f"{name}.md").write_text(f"Report {name} tells of boats.\n", encoding="utf-8")
    assert run_ffm("init", "boats", "--from-reports", "one.md", "two.md").code == 0
    project = read_project(empty / "boats")
    assert sorted(project.reports()) == ["one", "two"]
    assert all(entry.path.parent == empty / "boats" / "raw_text" for entry in project.reports().values())


def test_init_makes_nothing_where_a_report_cannot_be_read(empty: Path, refused: Callable) -> None:
    (empty / "bad.md").write_bytes(bytes(range(256)))
    assert "bad.md" in refused("init", "boats", "--from-reports", "bad.md")
    assert not (empty / "boats").exists()


def test_a_project_is_found_from_the_folders_below_it(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_project(empty / "boats")
    below = empty / "boats" / "raw_text"
    monkeypatch.chdir(below)
    assert find_project().folder == Path("..")
    assert (find_project().name, find_project().packaged) == ("boats", False)


def test_option_goes_before_variable_goes_before_folder(empty: Path, monkeypatch: pytest.MonkeyPatch, run_ffm: Callable) -> None:
    for name in ("here", "variable", "option"):
        start_project(empty / name)
    monkeypatch.chdir(empty / "here")
    assert find_project().name == "here"
    monkeypatch.setenv("FFM_PROJECT", str(empty / "variable"))
    assert find_project().name == "variable"
    assert find_project(empty / "option").name == "option"
    for words in (("--project", empty / "option", "scheme", "check"), ("scheme", "check", "--project", empty / "option")):
        assert run_ffm(*words).out.startswith(str(empty / "option" / "annotations" / "scheme.toml"))


def test_without_a_project_the_package_serves_and_says_so(empty: Path, run_ffm: Callable) -> None:
    assert find_project().packaged
    (empty / "a.md").write_text("Families blame the women who come back.\n", encoding="utf-8")
    done = run_ffm("tag", "a.md", "-o", "a.jsonl")
    assert done.code == 0
    reference = packaged_project().scheme.reference
    assert done.errors == [f"notice: no project here; where none is named, the packaged scheme {reference} and its model serve"]
    assert f'"scheme":"{reference}"' in (empty / "a.jsonl").read_text(encoding="utf-8")


def test_a_scheme_without_a_project_file_is_named_as_not_used(empty: Path, run_ffm: Callable) -> None:
    shutil.copytree(ROOT / "nlp" / "ffm" / "project" / "template", empty / "annotations")
    (empty / "a.md").write_text("Boats.\n", encoding="utf-8")
    done = run_ffm("tag", "a.md", "-o", "a.jsonl")
    assert "annotations/scheme.toml is not used" in done.err and "ffm init . writes one" in done.err


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "missing required field `name`"),
        (b"name = 3", "Expected `str`"),
        (b'name = " "', "name is empty"),
        (b'name = "a"\ncolour = "red"', "unknown field `colour`"),
        (b'name = "a"\n[paths]\nraw_text = []', "raw_text names no folder"),
        (b"name = ", "not a project"),
        (b"\xff\xfe\x00", "not a project"),
    ],
)
def test_a_damaged_project_is_one_line(empty: Path, refused: Callable, content: bytes, why: str) -> None:
    (empty / "ffm.toml").write_bytes(content)
    line = refused("reports", "list")
    assert line.startswith("ffm.toml: ") and why in line and "; " in line


def test_a_named_folder_that_is_no_project_is_refused(empty: Path, refused: Callable) -> None:
    assert "no project here (ffm.toml is missing); make one with ffm init DIR" in refused("--project", "nowhere", "reports", "list")
    with pytest.raises(ProjectError):
        find_project(empty / "nowhere")


def test_training_without_a_project_names_the_way_to_one(empty: Path, run_ffm: Callable) -> None:
    done = run_ffm("train")
    assert done.code == 1
    assert "no project here: make one with ffm init DIR" in done.err


def test_show_and_explain_take_a_model(empty: Path, run_ffm: Callable) -> None:
    """With labels, names and themes of that model, whatever scheme the project has."""
    start_project(empty)
    core = packaged_project().scheme.core_ids[0]
    shown = run_ffm("show", "first-report", "--model", packaged_project().model, "--theme", core, "-n", "1")
    assert (shown.code, "no theme" in shown.err) == (0, False)
    explained = run_ffm("explain", "first-report", "1", "--model", packaged_project().model, "--theme", core)
    assert explained.code == 0 and core in explained.out
