"""Short documents of many layouts: under which heading, by whom, in answer to what each passage stands, and what is no passage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ffm.records import Report, Segmentation
from ffm.segment import segment

CASES = json.loads(Path(__file__).with_name("layout_cases.json").read_text(encoding="utf-8"))
EXACT = ("date", "paragraph", "part")


def plain(text: str | None) -> str:
    return " ".join((text or "").split()).lower()


def check(wanted: dict[str, Any], found: Segmentation) -> None:
    """Hold one expectation against what was found; names and questions need only hold the words."""
    if "absent" in wanted:
        assert not [item.text for item in found.passages if plain(wanted["absent"]) in plain(item.text)]
    elif "report_date" in wanted:
        assert found.report_date == wanted["report_date"]
    elif "passages" in wanted:
        assert len(found.passages) == wanted["passages"]
    else:
        passage = next(item for item in found.passages if plain(wanted["find"]) in plain(item.text))
        for field, value in wanted.items():
            if field == "text_lacks":
                assert plain(value) not in plain(passage.text)
            elif field == "section_path":
                assert list(map(plain, passage.section_path[-len(value) :])) == list(map(plain, value))
            elif field != "find":
                mine = getattr(passage, field)
                assert mine == value if value is None or field in EXACT else plain(value) in plain(mine), (field, mine)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_document_is_understood(case: dict[str, Any]) -> None:
    found = segment(Report("made-up", case["text"]))
    for wanted in case["checks"]:
        check(wanted, found)
