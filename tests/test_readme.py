"""The commands of the README run, and print what it says; the guideline is the rendered scheme."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from ffm.project.project import find_project

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def console_commands() -> list[tuple[str, str]]:
    """Return (command, what the README prints after it) of all console blocks but that of ``make demo``."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            if command != "make demo":
                found.append((command, printed.strip()))
    return found


@pytest.mark.parametrize(("command", "printed"), console_commands(), ids=[command for command, _ in console_commands()])
def test_command_of_the_readme_prints_what_it_says(command: str, printed: str) -> None:
    (ROOT / "build").mkdir(exist_ok=True)
    words = shlex.split(command)
    assert words[0] == "ffm"
    done = subprocess.run([str(Path(sys.executable).parent / "ffm"), *words[1:]], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    pattern = ".*".join(re.escape(piece.strip()) for piece in printed.split("..."))
    assert re.search(pattern, done.stdout, re.DOTALL), done.stdout


def test_python_of_the_readme_gives_what_it_says() -> None:
    block = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert block is not None
    *code, shown = block.group(1).strip().splitlines()
    names: dict[str, object] = {}
    exec("\n".join(code[:-1]), names)
    assert repr(eval(code[-1], names)) == shown.removeprefix("# ")


def test_both_set_up_commands_stand_in_the_readme_and_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test", "test-slow"):
        assert f"make {target}" in README
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_guideline_is_the_rendered_scheme() -> None:
    from ffm.project.guideline import render_guideline

    assert (ROOT / "annotations" / "guideline.md").read_text(encoding="utf-8") == render_guideline(find_project().scheme)


def test_links_of_the_documents_lead_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
