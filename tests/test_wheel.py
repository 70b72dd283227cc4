"""The wheel as its users have it: installed bare and with the extra for doccano, in environments of their own, run away from the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from conftest import INTERVIEW, run_in_process

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
LOCKS = {"": "requirements.txt", "[doccano]": "requirements-doccano.txt"}
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


def build(kind: str, source: Path, folder: Path) -> Path:
    """Build the project's ``wheel`` or ``sdist`` into a folder."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", folder], cwd=source, check=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


class Installed(NamedTuple):
    """An environment that holds the wheel."""

    extra: str
    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def run(self, place: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run ``ffm`` in a folder, with nothing set that could lead it to the checkout, where files are ASCII unless it says otherwise."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("FFM_", "PYTHON", "VIRTUAL_ENV", "XDG_"))}
        ascii = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
        environment = {**kept, **ascii, "HOME": str(place), "USERPROFILE": str(place)}
        command = (self.python.with_name("ffm"), *words)
        return subprocess.run(command, cwd=place, env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False)

    def versions(self) -> dict[str, str]:
        """Return the versions of what is installed, which pip finds to be complete and consistent."""
        subprocess.run([*PIP, "--python", self.python, "check"], check=True)
        listed = subprocess.run([*PIP, "--python", self.python, "list", "--format", "json"], capture_output=True, check=True)
        return {package["name"].lower(): package["version"] for package in json.loads(listed.stdout)}


@pytest.fixture(scope="module", params=LOCKS, ids=["bare", "doccano"])
def installed(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Return an environment in which pip installed the wheel and what it asks for, out of the files of a lock."""
    folder = tmp_path_factory.mktemp("installed")
    here = Installed(request.param, folder / "venv")
    files = folder / "files"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", here.folder], check=True)
    subprocess.run([*PIP, "download", "-q", "--no-deps", "--require-hashes", "-d", files, "-r", ROOT / LOCKS[here.extra]], check=True)
    name = f"ffm-nlp{here.extra} @ {wheel.as_uri()}"
    chosen = ("--no-index", "--find-links", files)
    subprocess.run([*PIP, "--python", here.python, "install", "-q", "--no-compile", *chosen, name], check=True)
    return here


def write_interviews(folder: Path) -> list[Path]:
    """Write the interview of two years."""
    folder.mkdir()
    paths = [folder / f"bicycles-{year}.md" for year in (2021, 2022)]
    for number, path in enumerate(paths):
        path.write_text(INTERVIEW.format(number=17, interruption="").replace("2021", str(2021 + number)), encoding="utf-8")
    return paths


def read_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def said(rows: Iterable[dict[str, Any]]) -> list[Any]:
    """Return what does not hang on the last digits of a sum: places, labels and entities."""
    return [(row["passage"], row["start"], row["end"], row["labels"], row["entities"]) for row in rows]


def test_the_wheel_is_pure_python_and_holds_nothing_but_the_package(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.partition("/")[0] for name in names} == {"ffm", wheel.name.removesuffix("-py3-none-any.whl") + ".dist-info"}
    assert not [name for name in names if name.endswith((".so", ".pyd", ".pyc", ".part"))]
    for module in (ROOT / "nlp" / "ffm").rglob("*.py"):
        assert module.relative_to(ROOT / "nlp").as_posix() in names


def test_the_source_archive_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    with tarfile.open(build("sdist", ROOT, tmp_path / "archive")) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    (tmp_path / "wheel").mkdir()
    assert build("wheel", source, tmp_path / "wheel").read_bytes() == wheel.read_bytes()


def test_each_world_has_its_own_versions(installed: Installed) -> None:
    versions = installed.versions()
    assert versions["pydantic"].split(".")[0] == ("1" if installed.extra else "2")
    assert ("doccano-client" in versions) == bool(installed.extra)
    assert not {"starlette", "matplotlib", "pytest"} & set(versions)


def test_reports_are_tagged_as_in_the_checkout_and_compared(installed: Installed, tmp_path: Path) -> None:
    write_interviews(tmp_path / "reports")
    done = installed.run(tmp_path, "tag", "reports", "-o", "tagged.jsonl")
    assert done.returncode == 0, done.stderr
    assert run_in_process("tag", tmp_path / "reports", "-o", tmp_path / "here.jsonl").code == 0
    rows = read_rows(tmp_path / "tagged.jsonl")
    assert any(row["labels"] for row in rows)
    assert said(rows) == said(read_rows(tmp_path / "here.jsonl"))
    done = installed.run(tmp_path, "compare", "tagged.jsonl", "-o", "comparison")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "comparison" / "comparison.html").is_file()


def test_an_exported_pipeline_is_opened_by_a_program_that_knows_spacy_alone(installed: Installed, tmp_path: Path) -> None:
    done = installed.run(tmp_path, "model", "export", "-o", "pipeline")
    assert done.returncode == 0, done.stderr
    program = (
        "import spacy, sys\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] == 'ffm']\n"
        "doc = spacy.load('pipeline')('UNICEF gave 9,000 lek to each of 12 nurses in Tirana.')\n"
        "print([(entity.text, entity.label_) for entity in doc.ents], len(doc.cats))\n"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FFM_", "PYTHON"))}
    shown = subprocess.run(
        [installed.python, "-I", "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert shown.returncode == 0, shown.stderr
    assert "('UNICEF', 'ORG'), ('9,000 lek', 'AMOUNT')" in shown.stdout


def test_a_project_of_one_s_own_is_begun_from_nothing(installed: Installed, tmp_path: Path) -> None:
    """What ``ffm init`` makes can be tagged at once: a first look, which has scores and no labels, as no one has labelled anything."""
    done = installed.run(tmp_path, "init", "prisons")
    assert done.returncode == 0, done.stderr
    project = tmp_path / "prisons"
    assert (project / "ffm.toml").is_file()
    assert (project / "annotations" / "scheme.toml").is_file()
    done = installed.run(project, "tag", "raw_text", "-o", "tagged.jsonl")
    assert done.returncode == 0, done.stderr
    rows = read_rows(project / "tagged.jsonl")
    assert any(row["scores"] for row in rows)
    assert not any(row["labels"] for row in rows)
    again = installed.run(tmp_path, "init", "prisons")
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)


def test_what_needs_another_extra_is_named(installed: Installed, tmp_path: Path) -> None:
    served = installed.run(tmp_path, "serve")
    assert (served.returncode, 'pip install "ffm-nlp[serve]"' in served.stderr) == (1, True)
    status = installed.run(tmp_path, "doccano", "status", "batch")
    missing = "FFM_DOCCANO_URL is not set" if installed.extra else 'pip install "ffm-nlp[doccano]"'
    assert (status.returncode, missing in status.stderr) == (1, True)
