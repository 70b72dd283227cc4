"""The command line: help, exit codes, errors in one line, what stands on which stream, nothing that steers the terminal."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from ffm import __version__
from ffm.cli import main
from ffm.cli.examples import EXAMPLES
from ffm.cli.main import app
from ffm.project.project import find_project
from ffm.tagging import batch

FFM = Path(sys.executable).parent / "ffm"
SAMPLE = "albania-tip-2021-digest"
STEERING = "\x1b]0;owned\x07\x1b[31mred\x9b32mgreen\u202e"


def commands(command: Any = None, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command and group with the words that name it."""
    command = command or typer.main.get_command(app)
    yield words, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*words, name))


@pytest.mark.parametrize(("words", "command"), list(commands()), ids=[" ".join(words) or "ffm" for words, _ in commands()])
def test_help_lists_every_option_and_command_and_says_what_it_does(run_ffm: Callable, words: tuple[str, ...], command: Any) -> None:
    done = run_ffm(*words, "--help")
    assert (done.code, done.err) == (0, "")
    assert command.help
    assert " ".join(command.help.split()) in " ".join(done.out.split())
    for parameter in command.params:
        for option in parameter.opts:
            assert re.search(rf"^  .*{re.escape(option)}\b", done.out, re.MULTILINE), option
        assert parameter.help, f"{parameter.name} has no help"
    for name in getattr(command, "commands", {}):
        assert re.search(rf"^  {name} ", done.out, re.MULTILINE)


def test_summaries_are_whole(run_ffm: Callable) -> None:
    for words, command in commands():
        shown = "".join(run_ffm(*words, "--help").out.split())
        for name, inner in getattr(command, "commands", {}).items():
            assert "".join([name, *inner.help.partition("\n")[0].split()]) in shown, name


@pytest.mark.parametrize("words", [words for words, command in commands() if not hasattr(command, "commands")], ids=" ".join)
def test_help_ends_with_an_example_that_is_one(run_ffm: Callable, words: tuple[str, ...]) -> None:
    *_, heading, example = (line for line in run_ffm(*words, "--help").out.splitlines() if line)
    assert heading.strip() == "Example:"
    program, *given = shlex.split(example)
    assert (program, tuple(given[: len(words)])) == ("ffm", words)
    command: Any = typer.main.get_command(app)
    for word in words:
        command = command.commands[word]
    command.make_context(words[-1], given[len(words) :])


def test_no_example_is_of_a_command_that_is_not_there() -> None:
    assert EXAMPLES.keys() == {" ".join(words) for words, command in commands() if not hasattr(command, "commands")}


def test_the_shell_completes_commands(here: Path) -> None:
    asked = {"_FFM_COMPLETE": "complete_bash", "COMP_WORDS": "ffm doccano pu", "COMP_CWORD": "2"}
    done = subprocess.run([FFM], env={**os.environ, **asked}, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["push", "pull"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_completion_is_installed_for_the_shell_at_hand(here: Path) -> None:
    command = ["bash", "-c", f'"{FFM}" --install-completion; true']
    done = subprocess.run(command, env={**os.environ, "HOME": str(here)}, capture_output=True, text=True, timeout=120)
    assert "bash completion installed in" in done.stdout, done
    assert "_FFM_COMPLETE=complete_bash" in (here / ".bash_completions" / "ffm.sh").read_text(encoding="utf-8")
    assert "ffm.sh" in (here / ".bashrc").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [(), ("reports",), ("scheme",)])
def test_group_without_a_command_prints_its_help_and_is_wrong_usage(run_ffm: Callable, words: tuple[str, ...]) -> None:
    done = run_ffm(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"Usage: {' '.join(('ffm', *words))} ")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("tga",), "No such command 'tga'. Did you mean 'tag'?; see ffm --help"),
        (("reports", "remove"), "No such command 'remove'; see ffm reports --help"),
        (("--nonsense",), "No such option: --nonsense"),
        (("tag",), "Missing argument"),
        (("tag", "a.md"), "Missing option '-o' / '--output'; see ffm tag --help"),
        (("tag", "a.md", "-o", "out.jsonl", "-j", "0"), "0 is not in the range"),
        (("tag", "a.md", "-o", "out.jsonl", "-j", "many"), "'many'"),
        (("tag", "a.md", "-o", "out.jsonl", "--quick"), "No such option: --quick"),
        (("show", SAMPLE, "--theme", "boats"), 'the scheme has no theme "boats"; it has '),
        (("show", SAMPLE, "-n", "-1"), "-1 is not in the range"),
        (("show", "\x1b[31m", "--\x1b[31m"), "No such option"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(here: Path, refused: Callable, words: tuple[str, ...], why: str) -> None:
    line = refused(*words, code=2)
    assert why in line
    assert re.search(r"; see ffm( \w+)* --help$", line)
    assert list(here.iterdir()) == []


def test_version_is_printed(run_ffm: Callable) -> None:
    assert run_ffm("--version") == (0, f"ffm {__version__}\n", "")


@pytest.mark.parametrize(
    "words",
    [
        ("show", "no-such-report"),
        ("compare", "missing.jsonl", "-o", "out"),
        ("train", "--gold", "missing", "-o", "model"),
        ("evaluate", "--gold", "missing"),
        ("agreement", "missing-a", "missing-b"),
        ("scheme", "check", "missing.toml"),
        ("reports", "add", "missing.md"),
    ],
    ids=lambda words: words[0],
)
def test_what_is_missing_is_named_in_one_line_by_every_command(here: Path, refused: Callable, words: tuple[str, ...]) -> None:
    assert re.search("missing|no-such-report", refused(*words))
    assert list(here.iterdir()) == []


def test_fault_of_the_program_is_one_line_too_and_debug_shows_where(here: Path, refused: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*values: object) -> None:
        raise ValueError("one\ntwo")

    monkeypatch.setattr(batch, "tag_files", fault)
    assert refused("tag", "a.md", "-o", "out.jsonl").startswith("ValueError: one two; this is a fault of ffm: run it as ffm --debug ")
    with pytest.raises(ValueError, match="one"):
        refused("--debug", "tag", "a.md", "-o", "out.jsonl")


def test_help_does_not_wait_for_the_libraries_of_the_pipeline() -> None:
    program = "import sys; import ffm.cli; print(sorted({'spacy', 'sklearn', 'pandas', 'scipy'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60).stdout == "[]\n"


# The installed command, as a user runs it


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a good report and a bad one."""
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "good.md").write_text("UNICEF has a boat. It cost 9,000 lek.\n", encoding="utf-8")
    (folder / "bad.md").write_bytes(bytes(range(256)) * 12)
    return folder


def environment(**more: str) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in ("FFM_RAW_TEXT", "FORCE_COLOR", "NO_COLOR")} | more


def test_installed_command_prints_errors_on_stderr_and_what_was_done_on_stdout(folder: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [FFM, "tag", folder, "-o", "out.jsonl"], cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[0].startswith("notice: no project here; where none is named, the packaged scheme ")
    assert done.stderr.splitlines()[1:] == [f"error: {folder / 'bad.md'}: binary data, not text; export the report as .md, .txt or .pdf"]
    assert re.fullmatch(r"out\.jsonl: 1 passage \(8 words, 0 interviews\) of 1 report, 1 refused, \d+\.\d s\n", done.stdout)
    (row,) = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [entity["text"] for entity in row["entities"]] == ["UNICEF", "9,000 lek"]


@pytest.mark.skipif(os.name != "posix", reason="there are no pseudo-terminals on this system")
def test_progress_bar_is_shown_on_a_terminal_and_gone_at_the_end(folder: Path, tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    words = [FFM, "tag", folder / "good.md", "-o", "out.jsonl"]
    with subprocess.Popen(words, cwd=tmp_path, env=environment(TERM="xterm"), stdout=subprocess.PIPE, stderr=theirs, text=True) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # how Linux says that the other end is closed
                break
            if not piece:
                break
            shown += piece
        os.close(ours)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"tagging" in shown
    assert b"100%" in shown
    assert shown.rstrip().endswith((b"\x1b[2K", b"\x1b[?25h"))  # the line is cleared, the cursor shown again
    assert "\x1b" not in out


def test_output_that_nobody_reads_is_no_traceback(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "argv", ["ffm", "scheme", "guideline"])
        with pytest.raises(SystemExit):
            main()
    assert capsys.readouterr().err == ""


def test_character_that_stdout_lacks_is_printed_as_a_question_mark(reports: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "argv", ["ffm", "show", str(reports / "bicycles.md")])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    assert b"Kor?a" in out.buffer.getvalue()


# ffm show


def test_show_prints_passages_with_their_values_and_no_colour_in_a_pipe(run_ffm: Callable, here: Path) -> None:
    done = run_ffm("show", SAMPLE)
    assert (done.code, done.err) == (0, "")
    assert "\x1b" not in done.out
    numbers = re.findall(rf"^{SAMPLE}/(\d{{4}}) \w+ \d+-\d+", done.out, re.MULTILINE)
    assert numbers == sorted(numbers)
    assert len(numbers) > 5


def test_show_of_a_theme_a_source_and_the_first_few(run_ffm: Callable, tagged: Path, reports: Path, here: Path) -> None:
    bicycles = reports / "bicycles.md"
    rows = [json.loads(line) for line in (tagged / "all.jsonl").read_text(encoding="utf-8").splitlines()]
    mine = [row for row in rows if row["report"] == "bicycles"]

    def shown(*words: str) -> list[str]:
        return re.findall(r"^(bicycles/\d+) ", run_ffm("show", bicycles, *words).out, re.MULTILINE)

    assert shown() == [row["passage"] for row in mine]
    assert shown("-n", "1") == [mine[0]["passage"]]
    assert shown("--no-notes") == [row["passage"] for row in mine if row["kind"] != "table"]
    assert shown("--source", "nobody") == []
    for theme in find_project().scheme.theme_ids:
        assert shown("--theme", theme) == [row["passage"] for row in mine if theme in row["labels"]]
    assert run_ffm("show", bicycles, "--source", "nobody").out == "no passages fit\n"


@pytest.mark.parametrize("colour", [False, True], ids=["plain", "colour"])
def test_show_prints_no_escape_characters_of_a_report(run_ffm: Callable, here: Path, monkeypatch: pytest.MonkeyPatch, colour: bool) -> None:
    text = (
        f"# Meeting with {STEERING} Boats\n\nDate: 3 May 2021\n\n**Q. What of {STEERING} boats?**\n\n"
        f"UNICEF {STEERING} has 9,000 lek{STEERING} and 12 {STEERING}boats.\n\n| Town {STEERING} | 5 |\n|---|---|\n| Vlora | {STEERING} |\n"
    )
    (here / f"a{STEERING}.md").write_text(text + "The boats lie still.\n" * 1600, encoding="utf-8")
    if colour:
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("TERM", "xterm")
    done = run_ffm("show", f"a{STEERING}.md")
    assert (done.code, done.err) == (0, "")
    assert ("\x1b[" in done.out) == colour
    rest = re.sub(r"\x1b\[[\d;]*m", "", done.out) if colour else done.out
    assert "\x1b[31mred" not in done.out
    assert all(character.isprintable() or character == "\n" for character in rest)
    assert "9,000 lek" in rest


def test_the_package_offers_what_its_documents_name() -> None:
    import ffm

    assert dir(ffm) == ["Project", "__version__", "compare", "load", "read_report", "read_text", "segment", "tag", "tag_report"]
    assert all(callable(getattr(ffm, name)) for name in ffm.__all__)
