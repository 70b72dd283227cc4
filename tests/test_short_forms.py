"""Short forms that a report defines, and what they stand for throughout it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from ffm.entities.names.short_forms import find_short_forms, unscanned
from ffm.records import Entity, Report
from ffm.tagging.pipeline import assemble
from ffm.tagging.report import all_entities


@pytest.fixture(scope="module")
def nlp() -> Language:
    return assemble()


def names(nlp: Language, *paragraphs: str) -> list[Entity]:
    """Return the names of a report of these paragraphs."""
    return [entity for entity in all_entities(Report("made-up", "\n\n".join(paragraphs)), nlp) if entity.label != "AMOUNT"]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("the General Prosecutors Office (GPO) met", "GPO", "General Prosecutors Office"),
        ("the Ministry of Interior (MoI) met", "MoI", "Ministry of Interior"),
        ("the Ministry of Interior (Mol) met", "Mol", "Ministry of Interior"),
        ("the Office on Missing Persons (OMP) met", "OMP", "Office on Missing Persons"),
        ("Bread and Roses (B and R) met", "B and R", "Bread and Roses"),
        ("Bread and Roses (B&R) met", "B&R", "Bread and Roses"),
        ("some victims of trafficking (VOTs) met", "VOTs", "victims of trafficking"),
        ("the UN International Bread Fund (UNIBF) met", "UNIBF", "UN International Bread Fund"),
        ("the Rapid Bread Battalion (“RBB”) met", "RBB", "Rapid Bread Battalion"),
        ("the Instituto para el Pan (IPP) met", "IPP", "Instituto para el Pan"),
        ("OSCE (Organization for Security and Co-operation in Europe) met", "OSCE", "Organization for Security and Co-operation in Europe"),
    ],
)
def test_a_definition_gives_the_short_form_and_its_words(text: str, short: str, long: str) -> None:
    (form,) = find_short_forms(text)
    assert (form.short, form.long) == (short, long)
    assert text[form.start : form.end] == long


@pytest.mark.parametrize(
    "text", ["the mill (see Annex A) stood", "the mill (12) stood", "It rained. The mill (BBC) stood", "the mill (Tirana) stood"]
)
def test_brackets_that_spell_nothing_define_nothing(text: str) -> None:
    assert find_short_forms(text) == []


def test_an_l_that_a_scan_made_of_an_i_is_read_as_i() -> None:
    assert unscanned("Mol") == "MoI"
    assert unscanned("Model") == "Model"
    assert unscanned("GPO") == "GPO"


@given(st.text(alphabet="ABab of()&.- l", max_size=60))
def test_the_long_form_always_stands_where_it_says(text: str) -> None:
    for form in find_short_forms(text):
        assert text[form.start : form.end] == form.long


@pytest.mark.parametrize(
    ("definition", "later", "short"),
    [
        ("The General Prosecutors Office (GPO) opened a bakery.", "A cook of the GPO sings.", "GPO"),
        ("The Ministry of Interior (Mol) opened a bakery.", "A cook of the Mol sings.", "Mol"),
        ("The Ministry of Public Security (MPS) opened a bakery in Hanoi.", "In Hanoi MPS cooks sing.", "MPS"),
        ("The National Agency for the Prohibition of Trafficking in Persons (NAPTIP) bakes.", "NAPTIP cooks sing.", "NAPTIP"),
        ("Ain o Salish Kendra (ASK) opened a bakery.", "ASK counted the loaves.", "ASK"),
        ("The anti-trafficking coordinator's office (ONAC) bakes.", "ONAC said so.", "ONAC"),
        ("The Institute of Statistics (INSTAT) counts loaves.", "INSTAT counts cakes.", "INSTAT"),
        ("The commissioner for protection from hunger (CPH) bakes.", "In one case, the CPH ruled that bread is bread.", "CPH"),
        ("The directorate of public ovens (DPO) bakes.", "The DPO reported that bread is dear.", "DPO"),
        ("The NGO Bread and Roses (B and R) bakes.", "In Korça B and R sings.", "B and R"),
    ],
)
def test_a_defined_body_is_known_by_its_short_form_wherever_it_stands(nlp: Language, definition: str, later: str, short: str) -> None:
    found = [entity for entity in names(nlp, later, definition) if entity.text == short]
    assert [entity.label for entity in found] == ["ORG", "ORG"]
    assert len({entity.id for entity in found}) == 1


def test_short_and_long_form_share_an_id(nlp: Language) -> None:
    found = names(nlp, "The General Prosecutors Office (GPO) bakes.", "The GPO sings; the General Prosecutors Office does not.")
    assert [entity.text for entity in found] == ["General Prosecutors Office", "GPO", "GPO", "General Prosecutors Office"]
    assert {entity.id for entity in found} == {"general-prosecutors-office"}


@pytest.mark.parametrize(
    "definition",
    ["victims of trafficking (VOT)", "the National Referral Mechanism (NRM)", "mental health (MH)", "Standard Baking Procedures (SBP)",
     "the Special Law for a Life Free of Flour (LFLF)", "the Temporary Bread Status (TBS)"],
)  # fmt: skip
def test_a_short_form_of_no_body_is_a_body_nowhere(nlp: Language, definition: str) -> None:
    short = definition.split("(")[1].rstrip(")")
    found = names(nlp, f"Many bakers know {definition} well.", f"The {short} helps bakers, and they like {short}.", f"{short} is old.")
    assert short not in [entity.text for entity in found]


def test_a_short_form_of_a_place_is_a_place(nlp: Language) -> None:
    found = names(nlp, "They bake in the Kurdistan Region of Iraq (KRI).", "Bakers leave the KRI.")
    assert {(entity.text, entity.label, entity.id) for entity in found} == {
        ("Kurdistan Region of Iraq", "PLACE", "kurdistan-region-of-iraq"),
        ("KRI", "PLACE", "kurdistan-region-of-iraq"),
    }


def test_a_report_may_give_the_letters_of_a_country_to_a_body(nlp: Language) -> None:
    found = names(nlp, "The Danish Refugee Council (DRC) bakes.", "The DRC sings.")
    assert {entity.label for entity in found} == {"ORG"}
    assert names(nlp, "They fled from the DRC to Uganda.")[0].label == "PLACE"
