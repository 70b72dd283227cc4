"""Names in one text: what is a body, what is a place, where a name begins and ends."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from ffm.entities.lexicon import folded, folded_in_place, lexicon
from ffm.entities.names.bodies import acts, names_nothing
from ffm.entities.stock import PACKAGES, stock_folder, weights_digest
from ffm.entities.tokens import Tokens, sentences
from ffm.tagging.pipeline import assemble


@pytest.fixture(scope="module")
def nlp() -> Language:
    pipeline = assemble()
    pipeline.remove_pipe("ffm_themes")
    return pipeline


def names(nlp: Language, text: str) -> list[tuple[str, str]]:
    """Return the names of a text with their labels."""
    return [(entity.text, entity.label_) for entity in nlp(text).ents if entity.label_ != "AMOUNT"]


def orgs(nlp: Language, text: str) -> list[str]:
    return [name for name, label in names(nlp, text) if label == "ORG"]


def places(nlp: Language, text: str) -> list[str]:
    return [name for name, label in names(nlp, text) if label == "PLACE"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Ministry of Education and Youth sent books.", ["Ministry of Education and Youth"]),
        ("The Ministry of Labour, Social Affairs and Equal Opportunities sent books.", ["Ministry of Labour, Social Affairs and Equal Opportunities"]),
        ("The Ministry of Justice and the General Prosecutor's Office sent books.", ["Ministry of Justice", "General Prosecutor's Office"]),
        ("The Ministry of Health and the State Police sent books.", ["Ministry of Health", "State Police"]),
        ("UNICEF Albania sent books.", ["UNICEF Albania"]),
        ("UNICEF's books and the Ministry of Health's pens came.", ["UNICEF", "Ministry of Health"]),
        ("The EU sent books; EU books are heavy.", ["EU", "EU"]),
        ("The UK Home Office met the British Embassy.", ["UK Home Office", "British Embassy"]),
        ("Books came from the State Agency for Child Rights and Protection.", ["State Agency for Child Rights and Protection"]),
        ("The National Agency for the Prohibition of Trafficking in Persons met NAPTIP.",
            ["National Agency for the Prohibition of Trafficking in Persons", "NAPTIP"]),
        ("The Counter-Trafficking in Persons Advisory Committee met.", ["Counter-Trafficking in Persons Advisory Committee"]),
        ("The Border and Migration Police met.", ["Border and Migration Police"]),
        ("The Attorney General's Office met the Prime Minister's Office.", ["Attorney General's Office", "Prime Minister's Office"]),
        ("The Vietnam Women's Union and the Security Service of Ukraine met.", ["Vietnam Women's Union", "Security Service of Ukraine"]),
        ("The Turkish-backed Syrian National Army met.", ["Syrian National Army"]),
        ("Books came from the Council of Europe Convention on Cooks.", ["Council of Europe"]),
        ("“Light Steps” Centre and the Women Center “Quiet Rooms” met.", ["“Light Steps” Centre", "Women Center “Quiet Rooms”"]),
        ("The NGO Bread and Roses met the regional directorate of Kukes.", ["Bread and Roses", "regional directorate of Kukes"]),
        ("The Assembly met; Nigeria's Senate did not.", ["Assembly", "Senate"]),
        ("Facebook met Human Rights Watch, Boko Haram and Save the Children.", ["Facebook", "Human Rights Watch", "Boko Haram", "Save the Children"]),
        ("The US embassy met the MoJ and INSTAT.", ["US embassy", "MoJ", "INSTAT"]),
        # proper name and kind
        ("They closed the Lule Dielli kindergarten and the Mira Doda girls’ high school.", ["Lule Dielli kindergarten", "Mira Doda girls’ high school"]),
        ("They work at the Mother Ana public hospital in Korça.", ["Mother Ana public hospital"]),
        ("It asked that Skylark airline mend its boats.", ["Skylark"]),
        ("They read it in the newspaper Dielli.", ["Dielli"]),
        ("Dielli, a newspaper, wrote about it. Linden (state-run shelter) is full.", ["Dielli", "Linden"]),
        ("The e-Albania platform is slow.", ["e-Albania"]),
        ("Tehreek-e-Noor and Hizb al-Khubz met.", ["Tehreek-e-Noor", "Hizb al-Khubz"]),
        # lists of bodies
        ("Last year Nisma, ARSIS, and UNICEF baked bread.", ["Nisma", "ARSIS", "UNICEF"]),
        ("In May Blue Kite and the Linden Foundation baked bread.", ["Blue Kite", "Linden Foundation"]),
        # where a name ends
        ("The Social Union for the Bread of Youth ARSIS baked.", ["Social Union for the Bread of Youth", "ARSIS"]),
        ("The Ministry of Bread of the KRG baked.", ["Ministry of Bread", "KRG"]),
        ("The Lakeside Domestic and Sexual Violence Agency baked.", ["Lakeside Domestic and Sexual Violence Agency"]),
        ("The Ministry of Social Welfare and State Police baked.", ["Ministry of Social Welfare", "State Police"]),
        ("𝒳 Ministry of Interior 👨", ["Ministry of Interior"]),
        ("The Danish Immigration Service 🙂 met UNICEF ✅ there.", ["Danish Immigration Service", "UNICEF"]),
        ("The GDP told them so; the GDP per head rose.", ["GDP"]),
    ],
)  # fmt: skip
def test_a_body_is_marked_from_its_first_word_to_its_last(nlp: Language, text: str, expected: list[str]) -> None:
    assert orgs(nlp, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They live in Kukes, Kukës and Korça.", ["Kukes", "Kukës", "Korça"]),
        ("The UK and the United Kingdom are one; the US and the USA too.", ["UK", "United Kingdom", "US", "USA"]),
        ("They left northern Albania for the Western Balkans.", ["Albania", "Western Balkans"]),
        ("There were clashes in North and South Kivu and in Goma.", ["South Kivu", "Goma"]),
        ("They came from Edo and Delta States, Benin City and Borno State.", ["Edo", "Delta", "Benin City", "Borno State"]),
        ("They came from Ho Chi Minh City, Quang Ninh and An Giang.", ["Ho Chi Minh City", "Quang Ninh", "An Giang"]),
        ("They came from Dohuk, Sulaymaniyah, Halabja and Sinjar.", ["Dohuk", "Sulaymaniyah", "Halabja", "Sinjar"]),
        ("They came from Donetsk and Luhansk oblasts and Kharkiv.", ["Donetsk", "Luhansk", "Kharkiv"]),
        ("They came from Asmara, Keren and Massawa.", ["Asmara", "Keren", "Massawa"]),
        ("They came from Cox's Bazar in Bangladesh.", ["Cox's Bazar", "Bangladesh"]),
        ("They came from The Gambia.", ["Gambia"]),
        ("They travel within the Schengen area.", ["Schengen area"]),
        ("They flew from Tirana International Airport to Heathrow Airport.", ["Tirana International Airport", "Heathrow Airport"]),
        ("In Tirana, a shelter opened; Tirana’s hospital is full.", ["Tirana", "Tirana"]),
    ],
)
def test_a_place_is_marked_without_article_direction_or_kind(nlp: Language, text: str, expected: list[str]) -> None:
    assert places(nlp, text) == expected


def test_a_place_inside_a_body_is_none(nlp: Language) -> None:
    assert names(nlp, "The Tirana Municipality has a mill in Tirana.") == [("Tirana Municipality", "ORG"), ("Tirana", "PLACE")]
    assert names(nlp, "Kukes Municipality and the University of Nairobi met.") == [
        ("Kukes Municipality", "ORG"),
        ("University of Nairobi", "ORG"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "An Albanian cook, two Nigerian bakers and some Egyptians met Roma and Kosovars.",
        "The state police, the government, the courts and the shelters met.",
        "The Albanian government met the Vietnamese Government.",
        "The NRM and the SOPs help every VOT and PVOT, says the CPIN.",
        "The National Action Plan and the Criminal Code are old; so is the Law on Cooks.",
        "The Minister of Interior met Deputy Minister for Labour.",
        "He met Mr Hoxha, President Rama and Dr Leka.",
        "Western Balkan countries met in the north.",
        "Data are few. Media wrote about bread.",
        "The Albanian school and the Catholic hospital met; so did the high school.",
        "Call the SOS line about HIV, PTSD and COVID-19.",
    ],
)
def test_what_names_no_body_and_no_place_stays_unmarked(nlp: Language, text: str) -> None:
    assert names(nlp, text) == []


def test_a_counted_plural_names_no_body(nlp: Language) -> None:
    assert names(nlp, "There are 12 Regional Anti Trafficking Committees and six Safe Homes.") == []


def test_names_never_cross_the_cells_of_a_table(nlp: Language) -> None:
    assert orgs(nlp, "Ministry of Interior\nEnforce all laws\nState Labour Inspectorate\nHealth") == [
        "Ministry of Interior",
        "State Labour Inspectorate",
    ]


def test_a_document_is_no_body() -> None:
    for title in (
        "Action Plan for Children",
        "Convention on the Rights of the Child",
        "Domestic Violence Act",
        "Fight against Trafficking",
    ):
        assert names_nothing(title)
    for body in ("Committee on the Rights of the Child", "Institute of Statistics", "World Food Programme", "Office on Missing Persons"):
        assert not names_nothing(body)


def test_a_body_acts() -> None:
    text = "ASK counted the loaves. According to Sakhli, BASK baked. The plan (XYZ) said nothing."
    assert acts("ASK", text) and acts("Sakhli", text) and acts("XYZ", text)
    assert not acts("BAS", text) and not acts("loaves", text)


@pytest.mark.parametrize(("name", "plain"), [("Kukës", "Kukes"), ("Kükes", "Kukes"), ("Şanlıurfa", "Sanliurfa"), ("Niš", "Nis")])
def test_folding_drops_diacritics_and_keeps_every_character_in_its_place(name: str, plain: str) -> None:
    assert folded(name) == plain
    assert len(folded_in_place(name)) == len(name)


def test_the_lexicon_does_not_contradict_itself() -> None:
    words = lexicon()
    assert not words.places & words.bodies
    assert not words.no_names & words.bodies
    assert not words.places & words.no_names
    assert not words.heads & words.no_heads


def test_the_pretrained_pipeline_is_checked_before_it_is_used() -> None:
    name, folder = stock_folder()
    assert PACKAGES[name] in (None, weights_digest(folder))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Ministry", "of", "Interior", " ", "  ", "\n", "“", "UNICEF", "é", "e\u0301", "İ", "’s", ",", "\u00a0", "Q.", "-"]
        ),
        max_size=15,
    )
)
def test_tokens_are_the_characters_of_the_text(nlp: Language, parts: list[str]) -> None:
    doc = nlp.make_doc(" ".join(parts))
    tokens = Tokens.of(doc)
    assert tokens.text == doc.text
    for index, token in enumerate(doc):
        assert tokens.offsets[index] == token.idx
        assert tokens.exactly(token.idx, token.idx + len(token)) == (index, index + 1)
    assert all(0 <= start < end <= len(tokens) for start, end in sentences(tokens, None))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["the", "Ministry", "of", "Tirana", "and", "for", "NGO", "(", ")", "MoI", "“", "”", "Center", "'s", "in", ",", ".", "\n", "UN", "Vatra", "No", "said", "-", "&"]),
        max_size=20,
    )
)  # fmt: skip
def test_names_of_any_text_are_apart_in_order_and_trimmed(nlp: Language, parts: list[str]) -> None:
    found = [entity for entity in nlp(" ".join(parts)).ents if entity.label_ != "AMOUNT"]
    assert all(left.end <= right.start for left, right in pairwise(found))
    for entity in found:
        assert not entity.text.startswith(("the ", "The ")) and entity.text[-1] not in ",;:("
        assert "\n" not in entity.text
