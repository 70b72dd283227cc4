"""The scheme: what is wrong with one is named, each problem in a line; the guideline is rendered from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ffm.project.project import find_project

SCHEME = """\
id = "boats"
version = 3
title = "Boats and harbours"

[guideline]
units = "Every sentence about boats."

[stances]
seen = "someone saw it"

[[theme]]
id = "BOAT"
name = "Boat"
group = "topic"
applies = "a vessel"
colour = "#112233"
key = "b"

[[theme]]
id = "weather"
name = "Weather"
group = "core"
applies = "wind, rain"
colour = "#445566"
key = "w"
stance = true
"""


@pytest.fixture
def scheme(here: Path) -> Callable[..., str]:
    """Return a function that writes the scheme of boats, with one string replaced, and returns its name."""

    def write(old: str = "", new: str = "") -> str:
        assert old in SCHEME
        (here / "boats.toml").write_text(SCHEME.replace(old, new, 1) if old else SCHEME, encoding="utf-8")
        return "boats.toml"

    return write


def test_the_projects_scheme_holds_together(run_ffm: Callable) -> None:
    done = run_ffm("scheme", "check")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(str(find_project().scheme_file))
    assert done.out.endswith("no problems\n")


def test_scheme_that_holds_together_is_counted(run_ffm: Callable, scheme: Callable) -> None:
    done = run_ffm("scheme", "check", scheme())
    assert (done.code, done.err) == (0, "")
    assert done.out == "boats.toml: version 3, 3 entity labels, 2 themes, no problems\n"


def test_byte_order_mark_at_the_head_of_a_scheme_is_no_part_of_it(here: Path, run_ffm: Callable, scheme: Callable) -> None:
    path = here / scheme()
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert run_ffm("scheme", "check", path).code == 0


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('id = "weather"', 'id = "BOAT"', 'the id "BOAT" stands twice'),
        ('id = "weather"', 'id = "wet weather"', '"wet weather" is no id'),
        ('id = "weather"', 'id = "weather\\n"', "is no id"),
        ('id = "weather"', 'id = "\\u001b[31m"', "is no id"),
        ("#445566", "red", 'the colour "red" is not of the form #rrggbb'),
        ("#445566", "#44556", 'the colour "#44556" is not of the form #rrggbb'),
        ("#445566", "#445566\\n", "is not of the form #rrggbb"),
        ('key = "w"', 'key = "W"', 'the key "W" is not one lower-case letter or digit'),
        ('key = "w"', 'key = "b"', 'have the same key "b"'),
        ('name = "Weather"', 'name = "Boat"', 'have the same name "Boat"'),
        ('seen = "someone saw it"', "", "no stances are defined"),
    ],
)
def test_contradiction_is_one_line_that_names_it(
    refused: Callable, scheme: Callable, run_ffm: Callable, old: str, new: str, why: str
) -> None:
    path = scheme(old, new)
    line = refused("scheme", "check", path)
    assert line.startswith("boats.toml: ")
    assert why in line
    assert "; " in line  # what to do
    assert run_ffm("scheme", "check", path).out.endswith(", 1 problem\n")
    assert why in refused("scheme", "guideline", path)


def test_check_names_every_problem(run_ffm: Callable, scheme: Callable, here: Path) -> None:
    path = here / scheme("#445566", "red")
    path.write_text(path.read_text(encoding="utf-8").replace('key = "b"', 'key = "bb"'), encoding="utf-8")
    done = run_ffm("scheme", "check", path)
    assert done.code == 1
    assert len(done.errors) == 2
    assert done.out.endswith(", 2 problems\n")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("version = 3", 'version = "3"', "Expected `int`"),
        ("version = 3", "", "missing required field `version`"),
        ("version = 3", "version = 3\nedition = 4", "unknown field `edition`"),
        ('group = "core"', 'group = "kern"', "'kern'"),
        ('key = "w"', 'key = "w"\nshape = "round"', "unknown field `shape`"),
        ("[stances]", "[stances", "line 8"),
        ("version = 3", "version = " + "[" * 20000, "not a scheme"),
    ],
)
def test_file_with_other_fields_or_no_toml_is_refused(refused: Callable, scheme: Callable, old: str, new: str, why: str) -> None:
    path = scheme(old, new)
    for command in ("check", "guideline"):
        line = refused("scheme", command, path)
        assert line.startswith("boats.toml: not a scheme: ")
        assert why in line
        assert line.endswith("; correct the file")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b""], ids=["missing", "no UTF-8", "empty"])
def test_file_that_is_no_scheme_is_refused(here: Path, refused: Callable, content: bytes | None) -> None:
    if content is not None:
        (here / "s.toml").write_bytes(content)
    assert refused("scheme", "check", "s.toml").startswith("s.toml: ")


def test_folder_instead_of_a_scheme_is_refused(here: Path, refused: Callable) -> None:
    assert refused("scheme", "check", here).startswith(f"{here}: ")


def test_guideline_tells_of_every_label_and_case(run_ffm: Callable) -> None:
    done = run_ffm("scheme", "guideline")
    assert (done.code, done.err) == (0, "")
    for label in (*find_project().scheme.entity, *find_project().scheme.theme):
        assert label.id in done.out
        assert f"key `{label.key}`" in done.out
        assert label.applies in done.out
        assert label.does_not_apply in done.out
    for name, meaning in find_project().scheme.stances.items():
        assert f"- `{name}`: {meaning}" in done.out


def test_guideline_goes_into_a_file_with_the_same_bytes_each_time(here: Path, run_ffm: Callable, scheme: Callable) -> None:
    path = scheme()
    printed = run_ffm("scheme", "guideline", path).out
    assert run_ffm("scheme", "guideline", path, "-o", "g.md").out == "g.md: guideline written\n"
    assert (here / "g.md").read_bytes() == printed.encode()
    assert sorted(item.name for item in here.iterdir()) == ["boats.toml", "g.md"]


def test_guideline_that_cannot_be_written_is_refused(here: Path, refused: Callable, scheme: Callable) -> None:
    assert refused("scheme", "guideline", scheme(), "-o", "no/g.md") == "no/g.md: its folder does not exist; make it first"
    assert refused("scheme", "guideline", scheme(), "-o", here).endswith(": is a folder; name a file")


@pytest.mark.parametrize(
    "cue", [r"(a+)+$", r"(?:a|a)*b", r"(\w+\s?)+!", r"(?:\w*){0,9}!", r"(?:a?){40}a{40}", "", ".*", "x?", "(", "a{1}{2}"]
)
def test_cues_that_could_take_for_ever_match_everything_or_are_none_are_refused(
    here: Path, refused: Callable, scheme: Callable, cue: str
) -> None:
    path = scheme('key = "w"', f"key = \"w\"\ncues = ['{cue}']")
    line = refused("scheme", "check", path)
    assert line.startswith('boats.toml: "weather": the cue "') and "; " in line


def test_a_scheme_may_have_more_themes_than_keys(here: Path, run_ffm: Callable) -> None:
    themes = "".join(f'[[theme]]\nid = "t{n}"\nname = "T {n}"\ngroup = "topic"\napplies = "t"\ncolour = "#000000"\n' for n in range(60))
    (here / "many.toml").write_text(f'id = "many"\nversion = 1\ntitle = "Many"\n{themes}', encoding="utf-8")
    assert run_ffm("scheme", "check", "many.toml").out == "many.toml: version 1, 3 entity labels, 60 themes, no problems\n"
