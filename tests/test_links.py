"""One id for all forms of a name in a report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffm.entities.names.link import link_names, slug
from ffm.entities.names.settle import ReportNames

NONE = ReportNames({}, frozenset(), {})


def ids(*surfaces: tuple[str, str], names: ReportNames = NONE) -> list[str]:
    """Return the id of each surface form, in order."""
    linked = link_names(surfaces, names)
    return [linked[surface] for surface in surfaces]


@pytest.mark.parametrize(
    "spellings",
    [
        ("Kukes", "Kukës", "Kükes"),
        ("Vlora", "Vlorë", "Vlore"),
        ("UK", "United Kingdom", "U.K.", "Great Britain"),
        ("US", "USA", "United States", "United States of America"),
        ("Vietnam", "Viet Nam"),
    ],
)
def test_spellings_of_a_place_share_an_id(spellings: tuple[str, ...]) -> None:
    assert len(set(ids(*((spelling, "PLACE") for spelling in spellings)))) == 1


@pytest.mark.parametrize(
    "spellings",
    [
        ("EU", "European Union"),
        ("UN", "United Nations"),
        ("International Labour Organization", "International Labor Organisation"),
        ("Different & Equal", "Different and Equal"),
        ("Psycho-Social Centre", "Psychosocial Center"),
        ("Prosecutor's Office", "Prosecutor’s Office", "Prosecutors Office"),
    ],
)
def test_spellings_of_a_body_share_an_id(spellings: tuple[str, ...]) -> None:
    assert len(set(ids(*((spelling, "ORG") for spelling in spellings)))) == 1


def test_a_short_form_has_the_id_of_its_long_form() -> None:
    names = ReportNames({}, frozenset(), {"GPO": "General Prosecutors Office"})
    assert ids(("GPO", "ORG"), ("General Prosecutors Office", "ORG"), names=names) == ["general-prosecutors-office"] * 2


def test_the_most_frequent_spelling_names_the_id() -> None:
    assert ids(("Vlorë", "PLACE"), ("Vlora", "PLACE"), ("Vlora", "PLACE")) == ["vlora"] * 3
    assert ids(("Vlorë", "PLACE"), ("Vlorë", "PLACE"), ("Vlora", "PLACE")) == ["vlore"] * 3


def test_a_final_vowel_tells_bodies_apart_and_places_not() -> None:
    assert len(set(ids(("Vatra", "ORG"), ("Vatre", "ORG")))) == 2
    assert ids(("Tirana", "PLACE"), ("Tirana Municipality", "ORG")) == ["tirana", "tirana-municipality"]


@given(st.text(min_size=1, max_size=30))
def test_an_id_is_lower_case_letters_digits_and_hyphens(name: str) -> None:
    made = slug(name)
    assert made and all(part.isalnum() and part.isascii() and part == part.lower() for part in made.split("-"))
    assert slug(made) == made


@given(
    st.lists(
        st.tuples(st.sampled_from(["Kukes", "Kukës", "UNICEF", "the UN", "UN", "Vlora", "Vlorë"]), st.sampled_from(["ORG", "PLACE"])),
        max_size=8,
    )
)
def test_every_name_gets_an_id_whatever_the_order(surfaces: list[tuple[str, str]]) -> None:
    linked = link_names(surfaces, NONE)
    assert linked.keys() == set(surfaces)
    assert linked == link_names(reversed(surfaces), NONE)
