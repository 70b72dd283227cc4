"""A model's folder is replaced whole, recovered after a kill, and never mixed with that of another run."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from ffm.errors import OutputError
from ffm.training.folder import STALE, check_model_place, model_place


def killed_at_rename(number: int, folder: Path) -> int:
    """Write a model in a process that is killed when it is about to rename for the given time; return its wait status."""
    child = os.fork()
    if child == 0:
        original, calls = Path.rename, []

        def rename(self: Path, target: Path) -> Path:
            calls.append(target)
            if len(calls) == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(self, target)

        Path.rename = rename  # type: ignore[method-assign,assignment]
        write(folder, "new")
        os._exit(0)
    return os.waitpid(child, 0)[1]


def write(folder: Path, text: str) -> None:
    with model_place(folder) as part:
        (part / "config.cfg").write_text(text)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_model_replaces_another_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write(tmp_path / "model", "one")
    (tmp_path / "model" / "extra").write_text("of the first")
    write(tmp_path / "model", "two")
    assert names(tmp_path) == ["model"]
    assert names(tmp_path / "model") == ["config.cfg"]
    assert (tmp_path / "model" / "config.cfg").read_text() == "two"


def test_a_failure_while_writing_leaves_the_old_model(tmp_path: Path) -> None:
    write(tmp_path / "model", "one")
    with pytest.raises(RuntimeError), model_place(tmp_path / "model") as part:
        (part / "config.cfg").write_text("half")
        raise RuntimeError
    assert names(tmp_path) == ["model"]
    assert (tmp_path / "model" / "config.cfg").read_text() == "one"


@pytest.mark.parametrize("number", [1, 2])
def test_a_kill_at_a_rename_loses_no_model(number: int, tmp_path: Path) -> None:
    """Killed before the old model goes aside, and between that and the new one's coming in."""
    folder = tmp_path / "model"
    write(folder, "one")
    assert os.WTERMSIG(killed_at_rename(number, folder)) == signal.SIGKILL
    assert folder.exists() == (number == 1)
    check_model_place(folder)
    assert (folder / "config.cfg").read_text() == "one"
    write(folder, "two")
    assert (folder / "config.cfg").read_text() == "two"


def test_an_old_model_left_beside_its_successor_is_removed(tmp_path: Path) -> None:
    write(tmp_path / "model", "two")
    aside = tmp_path / ".model.old.part"
    aside.mkdir()
    (aside / "config.cfg").write_text("one")
    check_model_place(tmp_path / "model")
    assert names(tmp_path) == ["model"]
    assert (tmp_path / "model" / "config.cfg").read_text() == "two"


def test_two_runs_do_not_share_a_part_folder_and_the_last_one_counts(tmp_path: Path) -> None:
    with model_place(tmp_path / "model") as first:
        (first / "config.cfg").write_text("first")
        write(tmp_path / "model", "second")
        assert (first / "config.cfg").read_text() == "first"
    assert (tmp_path / "model" / "config.cfg").read_text() == "first"
    assert names(tmp_path) == ["model"]


def test_what_a_killed_run_was_writing_is_removed_when_it_is_old(tmp_path: Path) -> None:
    for name, age in ((".model.abc.part", STALE + 60), (".model.def.part", 0), (".other.abc.part", STALE + 60)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    check_model_place(tmp_path / "model")
    assert names(tmp_path) == [".model.def.part", ".other.abc.part"]


def test_a_run_waits_while_another_renames(tmp_path: Path) -> None:
    write(tmp_path / "model", "one")
    with ThreadPoolExecutor() as pool:
        with FileLock(tmp_path / ".model.lock"):
            writing = pool.submit(write, tmp_path / "model", "two")
            time.sleep(0.3)
            assert not writing.done()
            assert (tmp_path / "model" / "config.cfg").read_text() == "one"
        writing.result(timeout=30)
    assert (tmp_path / "model" / "config.cfg").read_text() == "two"
    assert names(tmp_path) == ["model"]


@pytest.mark.parametrize("name", ["a [b]", "é\n"])
def test_odd_names_are_names(name: str, tmp_path: Path) -> None:
    write(tmp_path / name, "one")
    write(tmp_path / name, "two")
    assert names(tmp_path) == [name]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real", "one")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write(tmp_path / "link", "two")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "config.cfg").read_text() == "two"


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="no model"):
        check_model_place(tmp_path)


def test_a_file_as_output_is_refused_in_one_line_before_the_work(here: Path, refused: Callable[..., str]) -> None:
    (here / "file").write_text("words")
    began = time.monotonic()
    assert refused("train", "-o", here / "file", "--gold", GOLD).endswith("is a file; name a folder")
    assert "cannot be written" in refused("train", "-o", here / "file" / "model", "--gold", GOLD)
    assert time.monotonic() - began < 60
    assert (here / "file").read_text() == "words"


def test_a_place_that_cannot_be_written_is_refused_in_one_line(locked: Path, refused: Callable[..., str]) -> None:
    assert "cannot be written" in refused("train", "-o", locked / "model", "--gold", GOLD)


GOLD = Path(__file__).parents[1] / "annotations" / "gold"
