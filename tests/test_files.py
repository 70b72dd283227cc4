"""Names of files that hold on every system."""

from __future__ import annotations

from pathlib import PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffm.files import can_name_a_file


@pytest.mark.parametrize("name", ["albania-2022", "Korça", "report.v2", ".hidden", "console", "com", "nulls.md", "a b", "報告"])
def test_an_ordinary_name_is_one_on_every_system(name: str) -> None:
    assert can_name_a_file(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            ".",
            "..",
            "a/b",
            "a\\b",
            "C:",
            "a:b",
            "what?",
            "a*",
            "<a>",
            'a"b',
            "a|b",
            "a\nb",
            "a\0",
            "end.",
            "end ",
            "x" * 201,
            "é" * 101,
        ),
        *("con", "CON", "nul.txt", "Aux.tar.gz", "com1", "LPT9.md", "prn ", "nul .txt"),
    ],
)
def test_what_some_system_keeps_for_itself_or_cannot_write_is_none(name: str) -> None:
    assert not can_name_a_file(name)


@given(st.text(max_size=12))
def test_a_name_is_one_part_of_a_windows_path_and_no_device(name: str) -> None:
    if can_name_a_file(name):
        path = PureWindowsPath("folder") / name
        assert path.name == name
        assert not path.is_reserved()
