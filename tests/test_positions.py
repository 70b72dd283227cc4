"""Who says what: attribution in narratives, sources over reports, positions by theme, figures with their heads."""

from __future__ import annotations

from pathlib import Path

import pytest

from ffm.comparison.attribution import attributions
from ffm.comparison.carried import Carried
from ffm.comparison.figures import figures
from ffm.comparison.positions import contradictions, corroborations, positions
from ffm.comparison.sources import Countries, names_of
from ffm.entities.names.link import slug
from ffm.errors import ReportError
from ffm.project.sources import read_aliases
from ffm.records import Entity, TaggedPassage
from rows import named, row


def narrative(text: str, *bodies: str, number: int = 1, report: str = "a", **fields: object) -> TaggedPassage:
    entities = tuple(named(text, number * 10_000, "ORG", body, slug(body)) for body in bodies)
    return row(report, number, text, entities=entities, **fields)


@pytest.mark.parametrize(
    ("text", "bodies", "speaking"),
    [
        ("OXFAM felt that the pier was unsafe.", ["OXFAM"], ["oxfam"]),
        ("According to the Ministry of Boats, no ferry sank.", ["Ministry of Boats"], ["ministry-of-boats"]),
        ("The director of the Coast Guard told the mission that it was calm.", ["Coast Guard"], ["coast-guard"]),
        ("Both OXFAM and the Coast Guard said that it was calm.", ["OXFAM", "Coast Guard"], ["oxfam", "coast-guard"]),
        ("The office, as reported by OXFAM, was closed.", ["OXFAM"], ["oxfam"]),
        ("Victims of the Coast Guard said that they were hit.", ["Coast Guard"], []),
        ("Fishermen complained to OXFAM added the paper.", ["OXFAM"], []),
        ("OXFAM mended the pier.", ["OXFAM"], []),
        ("OXFAM found five boats.", ["OXFAM"], []),
        ("The Coast Guard answers directly to the cabinet.", ["Coast Guard"], []),
        ("The pier was shut. Nobody came. OXFAM answered that it was calm.", ["OXFAM"], ["oxfam"]),
    ],
)
def test_a_body_speaks_where_it_is_the_subject_of_a_verb_of_saying_or_is_cited(text: str, bodies: list[str], speaking: list[str]):
    found = attributions([narrative(text, *bodies)])
    assert [item.id for item in found.get("a/0001", ())] == speaking


def test_a_sentence_that_goes_on_is_the_same_bodys_and_the_next_is_nobodys():
    found = attributions([narrative("OXFAM said it was calm. They added that it rained. The pier is old.", "OXFAM")])
    assert [item.start - 10_000 for item in found["a/0001"]] == [0, 24]


def test_names_of_one_body_are_linked_over_the_reports_of_a_country_and_others_are_not():
    rows = [
        narrative("Municipality of Kukes; Lake Trust (LKT); Ministry of Boats", "Municipality of Kukes", "Lake Trust", "Ministry of Boats"),
        narrative("Kukes Municipality; Lezha Municipality; Ministry of Boats", "Kukes Municipality", "Lezha Municipality", report="b"),
    ]
    countries = Countries({"Ministry of Boats": "boats"})
    for report in rows:
        countries.add("AA", names_of([report]))
    linked = countries.linked()["AA"]
    assert linked["municipality-of-kukes"] == linked["kukes-municipality"] != linked["lezha-municipality"]
    assert linked["ministry-of-boats"] == "boats"


def test_aliases_are_read_from_the_file_beside_the_register_and_a_damaged_one_is_refused(tmp_path: Path):
    assert read_aliases(tmp_path) == {}
    (tmp_path / "sources.toml").write_text('[alias]\n"Lake House" = "lake-house"\n', encoding="utf-8")
    assert read_aliases(tmp_path) == {"Lake House": "lake-house"}
    (tmp_path / "sources.toml").write_text('[alias]\n"Lake House" = "Lake House"\n', encoding="utf-8")
    with pytest.raises(ReportError, match="Lake House"):
        read_aliases(tmp_path)


def interview(number: int, source: str, stance: str | None, asked: bool = True, text: str = "") -> TaggedPassage:
    given = {"labels": ("storms",), "stance": {"storms": stance}, "scores": {"storms": 0.9}} if stance else {}
    question = "Are there storms?" if asked else "Who mends the nets?"
    about = {"storms": 0.9} if asked else {}
    return row("a", number, text or f"Answer {number}.", source=source, kind="answer", question=question, question_scores=about, **given)


def test_silence_is_told_apart():
    rows = [
        interview(1, "Denier", "denied"), interview(2, "Unsure", "unknown"), interview(3, "Silent", None), interview(4, "Other", None, asked=False),
        interview(5, "Teller", "reported"),
    ]  # fmt: skip
    found = positions(rows, ["storms"], {"a": names_of(rows)}, {}, {})
    assert {one.source: one.silence for one in found} == {
        "Denier": "asked and denied", "Unsure": "asked and unknown", "Silent": "asked, nothing on it", "Other": "not asked", "Teller": None,
    }  # fmt: skip
    (pair,) = contradictions(found, rows)
    assert (pair.reporting.source, pair.denying.source, pair.reported_in, pair.denied_in) == ("Teller", "Denier", ("a/0005",), ("a/0001",))


def test_a_repeated_or_carried_over_text_corroborates_nothing():
    rows = [
        interview(1, "One", "reported", text="It storms."),
        interview(2, "Two", "reported", text="It storms!"),
        interview(3, "Three", "reported"),
    ]
    found = positions(rows, ["storms"], {"a": names_of(rows)}, {}, {})
    carried = [Carried("z", "a", "z/0001", "a/0003", "carried", 1.0)]
    (one,) = corroborations(found, rows, carried=carried)
    assert (one.sources, one.independent) == (("one", "two", "three"), ("one",))


def test_a_cell_counts_what_the_heads_of_its_row_and_column_name_in_the_year_of_its_head():
    text = "|2016|Big boats|Small boats|\n|---|---|---|\n|Sunk|4|17|"
    entities = tuple(
        Entity(
            start=10_000 + text.rindex(value),
            end=10_000 + text.rindex(value) + len(value),
            label="AMOUNT",
            text=value,
            kind="count",
            low=int(value),
        )
        for value in ("4", "17")
    )
    rows = [row("a", 1, text, kind="table", entities=entities)]
    found = figures(rows, {"a": names_of(rows)}, {"a": "2017"}, {})
    assert [(one.low, one.noun, one.period_from, one.covers) for one in found] == [
        (4, "Sunk, Big boats", "2016-01-01", "2017"),
        (17, "Sunk, Small boats", "2016-01-01", "2017"),
    ]
