"""Names of other countries, each case a kind: persons and peoples are no bodies, places by a gazetteer, by their kinds and in lists."""

from __future__ import annotations

import pytest

import ffm
from ffm.entities.places import countries_by_place, places_of
from ffm.records import Report
from ffm.tagging.report import all_entities


def names(text: str, country: str | None = None) -> list[tuple[str, str]]:
    """Return the names in a text of a report about a country, as (text, label)."""
    found = all_entities(Report("made-up", text, country=country), ffm.load())
    return [(item.text, item.label) for item in found if item.label != "AMOUNT"]


@pytest.mark.parametrize(
    "text",
    [
        "Activist Lena Tiko Maru was let go in May.",
        "The mayor Ion Radu Pelin gave no answer.",
        "Guards beat its reporters, Sela Domi and Arta Kolin, at the gate.",
        "Town councillor Ekon Bassey Udo agreed, and Marta Zelaya Pinto replied.",
        "Nguyen Thi Lam and Tran Van Duc went home.",
        "The detention of Iosif Danu Crasni began in March.",
        "Petru Vasin Lupan was sentenced in absentia.",
        "General Somsak Thani kept the watches.",
        "Former “president” Yegor Sulin left the city.",
        "Edo Marsk Velin and Corina Tovan were threatened by men in plain clothes.",
    ],
)
def test_persons_are_no_bodies_and_no_places(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    "text", ["Tigrayan elders met them.", "Bangladeshi soldiers came.", "Many Nigerians left.", "The Moldovan said no."]
)
def test_peoples_are_no_bodies(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize("text", ["Farmers fled in the East.", "Roads in the Northwest are bad.", "The North and the South differ."])
def test_points_of_the_compass_are_no_places(text: str) -> None:
    assert names(text, "NG") == []


@pytest.mark.parametrize(
    "text",
    [
        "The report (ABC 12/004/2009) came out.",
        "FGM/C is against the law.",
        "In-country Movement: Anyone may travel.",
        "The Press Ordinance is old.",
    ],
)
def test_documents_conditions_and_heads_are_no_bodies(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The NGO Promo-Veritas noted delays.", "Promo-Veritas"),
        ("He was held at Penitentiary No. 7 for a week.", "Penitentiary No. 7"),
        (
            "The National Agency for the Prohibition of Traffic in Persons was closed.",
            "National Agency for the Prohibition of Traffic in Persons",
        ),
        ("The local NGO Dialogue on Prison Law said so.", "Dialogue on Prison Law"),
        ("In May the Ministry of Public Order and Hanoi police came.", "Ministry of Public Order"),
    ],
)
def test_bodies_are_whole(text: str, name: str) -> None:
    assert (name, "ORG") in names(text, "VN")


@pytest.mark.parametrize(
    ("text", "country", "places"),
    [
        ("Traders from Cahul sold apples in Orhei.", "MD", ["Cahul", "Orhei"]),
        ("They fled to Beledweyne and Luuq districts of Somalia.", None, ["Beledweyne", "Luuq", "Somalia"]),
        ("A flood hit Tete province and Manica Province.", "MZ", ["Tete", "Manica Province"]),
        ("Aid came to the town of Kasulo.", None, ["Kasulo"]),
        ("AFGHANISTAN: Aid stopped.", None, ["AFGHANISTAN"]),
        ("The Socialist Republic of Vietnam is a member.", None, ["Socialist Republic of Vietnam"]),
        ("Boats left Lagos, Ondule and Calabar at night.", "NG", ["Lagos", "Ondule", "Calabar"]),
        ("On March 3 they met in Can Tho.", "VN", ["Can Tho"]),
    ],
)
def test_places_of_other_countries(text: str, country: str | None, places: list[str]) -> None:
    assert [name for name, label in names(text, country) if label == "PLACE"] == places


def test_a_place_in_the_title_of_a_survey_is_none() -> None:
    assert names("The 2018 Ghana Demographic and Health Survey counted births.") == []


def test_the_gazetteer_knows_towns_and_subdivisions_by_country() -> None:
    assert {"MD"} <= countries_by_place()["Cahul"]
    assert {"NG"} <= countries_by_place()["Borno"]
    assert list(places_of("MD").find("from Cahul to Orhei")) == [(5, 10), (14, 19)]
    assert list(places_of("XX").find("from Cahul")) == []


def test_what_a_list_joins_to_a_place_is_one_and_what_stands_beside_it_is_none() -> None:
    text = "Some fled to Goma, Minova, Zobia and Rutshuru in May. They told their old Ally, the Netherlands."
    assert [name for name, label in names(text) if label == "PLACE"] == ["Goma", "Minova", "Zobia", "Rutshuru", "Netherlands"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Raids went on (Radio Kasulo 3 May 2017; El Faro del Sur Aug. 2016, 4; Chile n.d.).", ["Radio Kasulo", "El Faro del Sur"]),
        ("The news came from Tikvesh.info and Dielli.al. The end.", ["Tikvesh.info", "Dielli.al"]),
        ("The Ombudsman's Office (Defensoría de los Vecinos) took calls.", ["Ombudsman's Office", "Defensoría de los Vecinos"]),
        ("Sailors Aid Network UK (SAN UK) sent staff, and SAN UK paid.", ["Sailors Aid Network UK", "SAN UK", "SAN UK"]),
        ("The rights group Zarya-12 closed; Zarya-12 was small.", ["Zarya-12", "Zarya-12"]),
        ("The Linden Foundation/Federal Court of Ghana list is out.", ["Linden Foundation", "Federal Court of Ghana"]),
        ("The NGO “Warm Hearth opened a house; the shelter “New Roof shut.", ["Warm Hearth", "New Roof"]),
        ("The Antigua and Barbuda Police came.", ["Antigua and Barbuda Police"]),
        ("The 5th Rifle Brigade left.", ["5th Rifle Brigade"]),
        ("Staff of Médecins du Monde helped.", ["Médecins du Monde"]),
        ("The Engineers for Clean Water (ECW) met; ECW left.", ["Engineers for Clean Water", "ECW", "ECW"]),
        ("The State Ministry, the National Sea Police (NSP) and others met.", ["State Ministry", "National Sea Police", "NSP"]),
        ("A form of the Ministry of Labour on September 8 and an EU-backed plan.", ["Ministry of Labour", "EU"]),
        ("UNICEF’s Warm Homes for Girls project began.", ["UNICEF"]),
    ],
)
def test_bodies_by_what_stands_beside_them(text: str, expected: list[str]) -> None:
    assert [name for name, label in names(text) if label == "ORG"] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Costa Rican and South African cooks came.",
        "The Sankarists and many Garibaldistas marched.",
        "Many Francophones, and Francophone Cameroonians, left.",
        "Police Commissioner Adewale Okoro agreed.",
        "Lena Tiko Maru, who sells fish, and Ion Radu Pelin, 45, agreed.",
        "Cases of tuberculosis (TB) fell; TB is rare.",
        "Non-Governmental Organisations (NGOs) came.",
        "Dora Tiko Maru, a member of the ruling party, agreed.",
    ],
)
def test_peoples_posts_persons_and_kinds_are_no_bodies(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Raids hit Kolda and Sedhiou Regions of Senegal.", ["Kolda", "Sedhiou", "Senegal"]),
        ("They fled from South-Western Ghana to Jordan.", ["Ghana", "Jordan"]),
        ("They met in Kampala, Joint reports followed.", ["Kampala"]),
        ("A bus stopped in Kalinga Road.", ["Kalinga Road"]),
    ],
)
def test_places_by_what_stands_beside_them(text: str, expected: list[str]) -> None:
    assert [name for name, label in names(text) if label == "PLACE"] == expected
