"""Entities of a report: values of amounts, names defined once and known throughout, one id for all forms of a name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ffm
from ffm.entities.numbers import value_of
from ffm.markup import clean
from ffm.records import Entity, Report
from ffm.tagger import all_entities


def entities(text: str) -> list[Entity]:
    return all_entities(Report("r", text), ffm.load())


def amounts(text: str) -> list[tuple[object, ...]]:
    return [(e.text, e.kind, e.low, e.high, e.currency) for e in entities(text) if e.label == "AMOUNT"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "They got 17.6 million leks ($175,390) then.",
            [("17.6 million leks", "money", 17_600_000, 17_600_000, "ALL"), ("$175,390", "money", 175_390, 175_390, "USD")],
        ),
        ("The rent is 200 to 250 euro.", [("200 to 250 euro", "money", 200, 250, "EUR")]),
        ("About 70% to 80% stayed.", [("70% to 80%", "percent", 70, 80, None)]),
        ("It pays ALL 9,000 a month.", [("ALL 9,000", "money", 9000, 9000, "ALL")]),
        ("A debt of £30,000 was left.", [("£30,000", "money", 30_000, 30_000, "GBP")]),
        ("They met five officially recognized victims.", [("five officially recognized victims", "count", 5, 5, None)]),
        ("It has 18 beds.", [("18 beds", "count", 18, 18, None)]),
        ("There were two convictions.", [("two convictions", "count", 2, 2, None)]),
        ("Nearly 90 per cent agreed.", [("90 per cent", "percent", 90, 90, None)]),
    ],
)
def test_amounts_carry_their_values(text: str, expected: list[tuple[object, ...]]) -> None:
    assert amounts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It opened on 5 October 2022.",
        "The girls were aged 6 to 18.",
        "They stay for 3 to 6 months.",
        "It was the first case of its kind.",
        "Law 18/2017 and Article 110 apply.",
        "One of them left.",
        "The line is open 24/7.",
        "During COVID-19 it closed.",
        "Many came, a few stayed.",
    ],
)
def test_dates_ages_durations_ordinals_and_labels_are_no_amounts(text: str) -> None:
    assert amounts(text) == []


def test_a_short_form_is_known_wherever_it_stands_and_has_the_id_of_its_long_form() -> None:
    text = "The GPO has files.\n\nThe General Prosecutors Office (GPO) keeps them.\n\nAsk the GPO again.\n"
    found = [entity for entity in entities(text) if entity.label == "ORG"]
    assert [entity.text for entity in found] == ["GPO", "General Prosecutors Office", "GPO", "GPO"]
    assert {entity.id for entity in found} == {"general-prosecutors-office"}


def test_a_short_form_of_no_body_is_no_name() -> None:
    text = "Many victims of trafficking (VOT) came.\n\nThe VOT stayed in the house.\n\nOur plan of coastal repair (PCR) waits.\n\nThe PCR is late.\n"
    assert [entity.text for entity in entities(text) if entity.label == "ORG"] == []


def test_a_misread_short_form_is_linked() -> None:
    text = "The Ministry of Interior (Mol) decides.\n\nThe Mol said so.\n"
    assert {entity.id for entity in entities(text) if entity.label == "ORG"} == {"ministry-of-interior"}


def test_spelling_variants_of_a_place_share_one_id() -> None:
    found = entities("They live in Kukes.\n\nThe road to Kukës is long.\n\nHe left Kukes early.\n")
    assert {entity.text for entity in found} == {"Kukes", "Kukës"}
    assert len({entity.id for entity in found}) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The EU gave money in Tirana.", [("EU", "ORG"), ("Tirana", "PLACE")]),
        ("Tirana Municipality runs it.", [("Tirana Municipality", "ORG")]),
        ("The Ministry of Education and Youth answered.", [("Ministry of Education and Youth", "ORG")]),
        ("The UK's police and the Albanian police met in Kosovo.", [("UK", "PLACE"), ("Kosovo", "PLACE")]),
        ("UNICEF Albania pays.", [("UNICEF Albania", "ORG")]),
    ],
)
def test_names_follow_the_scheme(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(entity.text, entity.label) for entity in entities(text)] == expected


@given(st.integers(0, 999_999_999))
def test_a_number_with_separators_has_its_value(number: int) -> None:
    assert value_of(f"{number:,}") == number


@given(st.text(max_size=200))
def test_clean_text_maps_back_to_the_characters_it_came_from(source: str) -> None:
    body = clean(source)
    assert len(body.text) == len(body.index)
    assert list(body.index) == sorted(set(body.index))
    assert all(character == source[index] or character.isspace() for character, index in zip(body.text, body.index, strict=True))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "The Bank of Hanoi (BH) ",
                "paid 3 to 5 ",
                "million euros ",
                "to 12 women. ",
                "\n\n",
                "UNHCR ",
                "(",
                "**in** Lagos ",
                "<sup>2</sup>",
                "9% ",
                "A. ",
                "and ",
            ]
        ),
        max_size=20,
    ).map("".join)
)
def test_every_entity_is_the_text_at_its_offsets(text: str) -> None:
    for entity in entities(text):
        parts = entity.parts or ((entity.start, entity.end),)
        assert entity.text == " ".join(text[start:end] for start, end in parts)
