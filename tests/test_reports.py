"""The register of reports: add keeps all that stood there, verify names what is not as registered, folders add up."""

from __future__ import annotations

import hashlib
import os
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ffm.project.project import find_project
from ffm.project.reports import is_date, read_register, write_entry

ROOT = Path(__file__).parents[1]
REGISTER = """\
# Reports about boats.

# Bought in 2020.
[harbour]
file = "harbour.md"
title = 'Notes on the "harbour"'   # as on the cover
covers = "2019-05"
note = '''
[this is no entry]
title = "nor this a title"
'''

# The last one.
[lake]
file = "lake.md"
publisher = "Boat Office"
"""


@pytest.fixture(autouse=True)
def no_other_registers(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave only the registers that a test makes."""
    monkeypatch.delenv("FFM_RAW_TEXT")


@pytest.fixture
def raw_text(here: Path) -> Path:
    """Return a folder with a register of two reports."""
    folder = here / "raw_text"
    folder.mkdir()
    (folder / "reports.toml").write_text(REGISTER, encoding="utf-8")
    for name in ("harbour", "lake", "river"):
        (folder / f"{name}.md").write_text(f"One boat on the {name}.\n", encoding="utf-8")
    return folder


def text_of(folder: Path) -> str:
    return (folder / "reports.toml").read_text(encoding="utf-8")


def test_add_computes_the_checksum_and_keeps_every_line_that_stood_there(raw_text: Path, run_ffm: Callable) -> None:
    done = run_ffm(
        "reports", "add", "raw_text/river.md", "--title", 'The "river" \\ its boats', "--country", "AL", "--covers", "2021-06-30"
    )
    assert (done.code, done.err, done.out) == (0, "", "river: registered in raw_text/reports.toml\n")
    assert text_of(raw_text).startswith(REGISTER)
    entry = tomllib.loads(text_of(raw_text))["river"]
    assert entry == {
        "file": "river.md",
        "title": 'The "river" \\ its boats',
        "country": "AL",
        "covers": "2021-06-30",
        "sha256": hashlib.sha256((raw_text / "river.md").read_bytes()).hexdigest(),
    }
    assert sorted(path.name for path in raw_text.iterdir()) == ["harbour.md", "lake.md", "reports.toml", "river.md"]


def test_add_makes_the_register_where_there_is_none(here: Path, run_ffm: Callable) -> None:
    (here / "raw_text").mkdir()
    (here / "raw_text" / "été 1.md").write_text("One boat.\n", encoding="utf-8")
    assert run_ffm("reports", "add", "raw_text/été 1.md").code == 0
    assert list(read_register(here / "raw_text")) == ["été-1"]
    assert run_ffm("reports", "verify").code == 0


def test_add_of_a_registered_file_changes_its_fields_and_no_other(raw_text: Path, run_ffm: Callable) -> None:
    before = tomllib.loads(REGISTER)
    (raw_text / "lake.md").write_text("Two boats on the lake.\n", encoding="utf-8")
    assert run_ffm("reports", "add", "raw_text/lake.md", "--published", "2022").code == 0
    after = tomllib.loads(text_of(raw_text))
    digest = hashlib.sha256((raw_text / "lake.md").read_bytes()).hexdigest()
    assert after == {**before, "lake": {**before["lake"], "published": "2022", "sha256": digest}}
    again = text_of(raw_text)
    assert run_ffm("reports", "add", "raw_text/lake.md", "--published", "2022").code == 0
    assert text_of(raw_text) == again
    assert run_ffm("reports", "add", "raw_text/lake.md", "--published", "2023").code == 0
    assert text_of(raw_text) == again.replace('"2022"', '"2023"')


def test_add_refuses_an_entry_whose_layout_it_cannot_change(raw_text: Path, refused: Callable) -> None:
    """The text in several lines looks like fields and like the head of another entry."""
    line = refused("reports", "add", "raw_text/harbour.md", "--title", "Harbour")
    assert line == 'raw_text/reports.toml: the entry "harbour" cannot be changed here; change it by hand'
    assert text_of(raw_text) == REGISTER


def test_add_keeps_the_line_ends_of_the_register(raw_text: Path, run_ffm: Callable) -> None:
    (raw_text / "reports.toml").write_bytes(REGISTER.replace("\n", "\r\n").encode())
    assert run_ffm("reports", "add", "raw_text/river.md").code == 0
    data = (raw_text / "reports.toml").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > REGISTER.count("\n")


def test_file_outside_of_the_folder_is_registered_by_its_absolute_path(raw_text: Path, here: Path, run_ffm: Callable) -> None:
    (here / "sea.txt").write_text("One boat at sea.\n", encoding="utf-8")
    assert run_ffm("reports", "add", "sea.txt", "--id", "sea-2020").code == 0
    assert read_register(raw_text)["sea-2020"].path == here / "sea.txt"
    assert run_ffm("show", "sea-2020").code == 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--covers", "May 2020"), 'covers "May 2020" is no date; write YYYY, YYYY-MM or YYYY-MM-DD'),
        (("--covers", "2020-13"), "is no date"),
        (("--published", "2021-02-29"), "is no date"),
        (("--published", "2021\n"), "is no date"),
        (("--country", "Albania"), 'country "Albania" is no code; write two capitals such as AL'),
        (("--country", "al"), "is no code"),
        (("--id", "lake"), 'the id "lake" is that of raw_text/lake.md; choose another with --id'),
        (("--id", "a/b"), 'the id "a/b" has characters that no id may have'),
        (("--id", "a\nb"), "has characters that no id may have"),
        (("--id", "nul.txt"), 'the id "nul.txt" is too long or a name that Windows keeps for a device'),
        (("--title", "two\nlines"), "control characters"),
    ],
)
def test_add_refuses_what_is_not_of_its_form(raw_text: Path, refused: Callable, words: tuple[str, str], why: str) -> None:
    line = refused("reports", "add", "raw_text/river.md", *words)
    assert line.startswith("raw_text/river.md: ")
    assert why in line
    assert text_of(raw_text) == REGISTER


def test_add_refuses_a_file_that_is_no_report(raw_text: Path, refused: Callable) -> None:
    (raw_text / "empty.md").write_bytes(b"")
    for name in ("empty.md", "missing.md"):
        assert refused("reports", "add", raw_text / name).startswith(f"{raw_text / name}: ")
    assert text_of(raw_text) == REGISTER


def test_add_refuses_a_second_id_for_one_file(raw_text: Path, refused: Callable) -> None:
    assert 'is registered as "lake"' in refused("reports", "add", "raw_text/lake.md", "--id", "pond")
    assert text_of(raw_text) == REGISTER


def test_add_refuses_an_id_that_another_folder_registers(
    raw_text: Path, here: Path, refused: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(raw_text, here / "more")
    (here / "more" / "reports.toml").write_text('[river]\nfile = "lake.md"\n', encoding="utf-8")
    monkeypatch.setenv("FFM_RAW_TEXT", str(here / "more"))
    assert f'the id "river" is that of {here / "more" / "lake.md"}' in refused("reports", "add", "raw_text/river.md")


def test_add_that_cannot_write_says_so(here: Path, refused: Callable, monkeypatch: pytest.MonkeyPatch, locked: Path) -> None:
    (here / "river.md").write_text("One boat.\n", encoding="utf-8")
    (here / "raw_text").symlink_to(locked)
    assert refused("reports", "add", "river.md") == "raw_text/reports.toml: cannot be written (Permission denied); choose another place"


def test_list_shows_every_report_and_what_is_not_here(raw_text: Path, run_ffm: Callable) -> None:
    (raw_text / "lake.md").unlink()
    done = run_ffm("reports", "list")
    assert (done.code, done.err) == (0, "")
    assert [" ".join(line.split()) for line in done.out.splitlines()] == [
        'harbour -- 2019-05 Notes on the "harbour"',
        "lake -- - Boat Office (file is not here)",
    ]


def test_list_of_nothing_says_how_to_add(here: Path, run_ffm: Callable) -> None:
    (here / "raw_text").mkdir()
    done = run_ffm("reports", "list")
    assert (done.code, done.out) == (0, "no reports are registered; add one with ffm reports add FILE\n")


def test_list_prints_no_escape_characters_of_a_register(raw_text: Path, run_ffm: Callable) -> None:
    (raw_text / "reports.toml").write_text('[a]\nfile = "a.md"\ntitle = "x\\u001b[31m\\u009b1m\\ny"\n', encoding="utf-8")
    done = run_ffm("reports", "list")
    assert done.out.removesuffix("\n").isprintable()


def test_verify_of_what_is_as_registered(raw_text: Path, run_ffm: Callable) -> None:
    assert run_ffm("reports", "add", "raw_text/lake.md").code == 0
    done = run_ffm("reports", "verify")
    assert (done.code, done.err, done.out) == (0, "", "2 of 2 reports are as registered\n")


def test_verify_names_missing_changed_and_damaged_files(raw_text: Path, run_ffm: Callable) -> None:
    assert run_ffm("reports", "add", "raw_text/lake.md").code == 0
    assert run_ffm("reports", "add", "raw_text/river.md").code == 0
    (raw_text / "harbour.md").unlink()
    (raw_text / "lake.md").write_text("Three boats.\n", encoding="utf-8")
    (raw_text / "river.md").write_bytes(b"")
    done = run_ffm("reports", "verify")
    assert done.code == 1
    assert done.errors == [
        "error: harbour: raw_text/harbour.md is not here; restore it or remove its entry",
        "error: lake: raw_text/lake.md differs from the registered one; restore it or register it again",
        "error: river: raw_text/river.md: holds no text; check that the right file was saved",
    ]
    assert done.out == "0 of 3 reports are as registered\n"


def test_verify_names_fields_that_are_not_of_their_form(raw_text: Path, run_ffm: Callable) -> None:
    (raw_text / "reports.toml").write_text(REGISTER.replace("2019-05", "May"), encoding="utf-8")
    done = run_ffm("reports", "verify")
    assert (done.code, done.errors) == (1, ['error: harbour: covers "May" is no date; write YYYY, YYYY-MM or YYYY-MM-DD'])


def test_the_repositorys_own_samples_are_as_registered(run_ffm: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("FFM_RAW_TEXT", raising=False)
    before = (ROOT / "raw_text" / "reports.toml").read_bytes()
    done = run_ffm("reports", "verify")  # the texts of the others are not the repository's to give
    assert done.out.startswith("3 of ")
    assert all("is not here" in line for line in done.err.splitlines()) and "-digest.md" not in done.err
    assert (ROOT / "raw_text" / "reports.toml").read_bytes() == before


def test_variable_adds_folders_and_the_first_folder_counts(
    raw_text: Path, here: Path, run_ffm: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, text in (("more", '[lake]\nfile = "x.md"\n[sea]\nfile = "sea.md"\n'), ("still-more", '[bay]\nfile = "bay.md"\n')):
        (here / folder).mkdir()
        (here / folder / "reports.toml").write_text(text, encoding="utf-8")
    (here / "more" / "sea.md").write_text("One boat at sea.\n", encoding="utf-8")
    monkeypatch.setenv("FFM_RAW_TEXT", os.pathsep.join([str(here / "more"), "", str(here / "still-more"), str(here / "gone")]))
    found = find_project().reports()
    assert list(found) == ["harbour", "lake", "sea", "bay"]
    assert found["lake"].path == Path("raw_text/lake.md")
    assert run_ffm("show", "sea").code == 0
    assert run_ffm("tag", here / "more" / "sea.md", "-o", "out.jsonl").code == 0
    assert '"report":"sea"' in (here / "out.jsonl").read_text(encoding="utf-8")


def test_report_is_tagged_under_its_registered_id(raw_text: Path, here: Path, run_ffm: Callable) -> None:
    assert run_ffm("reports", "add", "raw_text/river.md", "--id", "river-2021").code == 0
    assert run_ffm("tag", here / "raw_text" / "river.md", "-o", "out.jsonl").code == 0
    assert '"report":"river-2021"' in (here / "out.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["2020", "2020-02", "2020-02-29", "1999-12-31"])
def test_day_month_or_year_of_the_calendar_is_a_date(text: str) -> None:
    assert is_date(text)


@pytest.mark.parametrize("text", ["", "202", "2020-2", "2020-00", "2021-02-29", "20200229", "2020-02-2", "0000", "２０２０", "2020\n"])
def test_anything_else_is_no_date(text: str) -> None:
    assert not is_date(text)


PRINTABLE = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(name=PRINTABLE, fields=st.dictionaries(st.sampled_from(["title", "publisher", "covers", "sha256"]), PRINTABLE))
def test_entry_that_is_written_is_the_entry_that_is_read(
    tmp_path_factory: pytest.TempPathFactory, name: str, fields: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("register")
    (folder / "reports.toml").write_text(REGISTER, encoding="utf-8")
    write_entry(folder, f"x{name}", {"file": "x.md"})
    write_entry(folder, f"x{name}", {"file": "y.md", **fields})
    assert tomllib.loads(text_of(folder)) == {**tomllib.loads(REGISTER), f"x{name}": {"file": "y.md", **fields}}
    assert text_of(folder).startswith(REGISTER)
