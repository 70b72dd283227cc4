"""Entities of a report: values of amounts, names defined once and known throughout, one id for all forms of a name."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

import ffm
from ffm.entities.amounts.numerals import figure_value
from ffm.records import Entity, Report
from ffm.tagging.pipeline import assemble
from ffm.tagging.report import all_entities


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
        "They got five- to seven-year terms.",
        "It ran on a 30- to 60-minute delay.",
        "Both 12- and 13-year-olds work there.",
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
    assert figure_value(f"{number:,}") == number


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


# Sentences of our own about other countries, with what is to be marked in braces: {name|O} an organisation, {name|P} a place,
# {words|value unit} an amount, its unit a currency, % or, of a count, nothing.
ELSEWHERE = """
# Nigeria
The {National Agency for the Prohibition of Trafficking in Persons|O} ({NAPTIP|O}) has {10 zonal commands|10}, one of them in {Benin City|P}.
A family in {Edo State|P} borrowed {N350,000|350000 NGN} and later sold its land for {₦1.2 million|1200000 NGN}.
Sponsors ask {30,000 to 50,000 euros|30000-50000 EUR}, while the journey costs {NGN 600,000|600000 NGN}.
The {Edo State Task Force Against Human Trafficking|O} works with the {Nigeria Immigration Service|O} and the {Nigeria Police Force|O}.
The {Economic and Financial Crimes Commission|O} ({EFCC|O}) froze {N2.3bn|2300000000 NGN}.
A shelter in {Uselu|P} is run by {Idia Renaissance|O}, a non-governmental organisation.
About {250 naira|250 NGN} buys a loaf in {Lagos|P}; in {Kano|P} it is {180 naira|180 NGN}.
Members of {Boko Haram|O} and {ISWAP|O} hold parts of {Borno State|P} near {Lake Chad|P}.
The {Nigerian Bar Association|O} and the {National Human Rights Commission|O} run legal aid in {36 states|36}.
{Pathfinders Justice Initiative|O}, {WOTCLEF|O} and the {Salvation Army|O} refer women to {NAPTIP|O}.
The {Committee for the Support of the Dignity of Women|O} ({COSUDOW|O}) has {18 beds|18} in {Benin City|P}.
The {Federal High Court|O} in {Abuja|P} sentenced {three traffickers|3}, one of whom fled.
The {Lagos State Domestic and Sexual Violence Agency|O} received {4,860 reports|4860} in 2021.
The {Vanguard|O} reported on {23 women and girls|23} returned from {Libya|P}.
Officers of the {Nigerian Correctional Service|O} said that about {70 per cent|70 %} of inmates await trial.
In {Ogun|P}, {Oyo|P} and {Delta|P} States the police have their own units.
The {University of Benin Teaching Hospital|O} treats survivors for free.
{Premium Times|O} and {Punch|O} wrote about it.
Nearly {half a million people|500000} live there.
The minimum wage is {₦30,000|30000 NGN} ({£55|55 GBP}) a month.
# Vietnam
The {Ministry of Public Security|O} ({MPS|O}) recorded {1,180 victims|1180} between 2015 and 2018.
The {Ministry of Labour, Invalids and Social Affairs|O} ({MOLISA|O}) pays {VND 1 million|1000000 VND} to each returnee.
A worker earns {2-3 million VND|2000000-3000000 VND} a month in {Nghe An|P}.
Families paid {400 million dong|400000000 VND}, about {US$17,000|17000 USD}, to a broker in {Hai Phong|P}.
The {Vietnam Women's Union|O} runs the {Peace House|O} in {Hanoi|P}.
{Blue Dragon|O} and the {Pacific Links Foundation|O} rescued {75 people|75} from {China|P}.
{Hagar International|O}, {World Vision|O}, and {IOM|O} train the {Border Guard|O}.
The {Supreme People's Court|O} heard {240 cases|240} against {490 defendants|490}.
The {Communist Party of Vietnam|O} controls the press, {Radio Free Asia|O} said.
Victims get up to {5,000,000 VND|5000000 VND} or {150 pounds|150 GBP}.
A loan from the {Vietnam Bank for Social Policies|O} may reach {50 million dong|50000000 VND}.
The {Department of Social Vices Prevention|O} has offices in {63 provinces|63}.
The hotline 111 took {2,000 calls|2000}, of which {65%|65 %} were about children.
Smugglers charge between {£10,000 and £40,000|10000-40000 GBP} to reach the {UK|P}.
The {People's Committee of Quang Ninh|O} met the {Supreme People's Procuracy|O}.
# Pakistan
The {Federal Investigation Agency|O} ({FIA|O}) arrested {1,078 smugglers|1078} in {Punjab|P} and {Sindh|P}.
In {Lahore|P} a brick kiln worker owed {Rs 5,000|5000 PKR}; in {Karachi|P} a fisher owed {Rs. 1.5 lakh|150000 PKR}.
{Pakistan|P} spends {PKR 4 billion|4000000000 PKR} a year on it.
The {Human Rights Commission of Pakistan|O} ({HRCP|O}) counted {430 killings|430} in 2019.
The {Aurat Foundation|O}, the {Edhi Foundation|O} and {Dastak|O} have shelters.
The {Lahore High Court|O} and the {Supreme Court of Pakistan|O} differ.
{NADRA|O} issues the cards; the {National Database and Registration Authority|O} charges {750 rupees|750 PKR} in {Islamabad|P}.
{Shirkat Gah|O}, a women's organisation, has worked in {Peshawar|P} for years.
The {Pakistan Tehreek-e-Insaf|O} ({PTI|O}) governs {Khyber Pakhtunkhwa|P}.
{Tehrik-i-Taliban Pakistan|O} and {Jamaat-e-Islami|O} deny it.
There are {36 Darul Amans|36} in the province, each with {25 to 50 beds|25-50}.
An editor of the newspaper {Jang|O} spoke to {two lawyers|2}, a doctor and {four teachers|4}.
The {Punjab Police|O} set up {56 gender desks|56}.
The {National Commission on the Status of Women|O} said that one in five women had been hit.
The {Punjab Commission on the Status of Women|O} runs a helpline on 1043.
# Iraq
The {Kurdistan Regional Government|O} ({KRG|O}) pays {IQD 250,000|250000 IQD} a month.
Checkpoints are held by the {Popular Mobilization Forces|O} ({PMF|O}), the {Asayish|O} and the {Peshmerga|O}.
A taxi from {Erbil|P} to {Dohuk|P} costs {25,000 Iraqi dinars|25000 IQD}, or {15,000 dinars|15000 IQD} if shared.
The {Ministry of Migration and Displacement|O} closed {16 camps|16} in {Ninewa|P} and {Kirkuk|P}.
The {SEED Foundation|O} opened a shelter in {Erbil|P} with {15 rooms|15}.
The {KDP|O} and the {PUK|O} hold {56|56} of the {111 seats|111}.
{Asa'ib Ahl al-Haq|O} and {Kata'ib Hezbollah|O} are armed groups.
The {Directorate of Combatting Violence Against Women|O} recorded {8,400 complaints|8400}.
They flew from {Baghdad International Airport|P} to {Sulaymaniyah|P}.
Residents of {Khanke|P} camp and {Sharya|P} are Yazidis.
A tribal settlement cost {60 million dinars|60000000 IQD} in {Basra|P}.
{UNAMI|O} and {UNHCR|O} visit {Sinjar|P} every month.
{Rudaw|O} reported {12 deaths|12} in {Mosul|P}.
The {Iraqi Red Crescent Society|O} gave each family {IQD 300,000|300000 IQD}.
The {Independent High Electoral Commission|O} ({IHEC|O}) has its office in {Baghdad|P}.
# Ukraine
The {Security Service of Ukraine|O} ({SBU|O}) and the {National Police|O} searched the flat.
The pension is {3,100 hryvnia|3100 UAH}; rent in {Kyiv|P} is {UAH 15,000|15000 UAH} or {₴14,500|14500 UAH}.
Displaced people receive {2,000 hryvnias|2000 UAH} for an adult and {3,000|3000} for a child.
The {State Migration Service of Ukraine|O} counted {4.9 million IDPs|4900000}.
The {Verkhovna Rada|O} passed a law on mobilisation.
{Right Sector|O} and the {Azov Regiment|O} were named.
The {Kharkiv Human Rights Protection Group|O} documented {81 cases|81} in {Kharkiv|P} oblast.
{Caritas Ukraine|O} and the {Ukrainian Red Cross|O} helped {12,500 families|12500}.
The {State Border Guard Service|O} turned back {14 men|14} at the border with {Poland|P}.
The {National Anti-Corruption Bureau of Ukraine|O} ({NABU|O}) opened {four investigations|4}.
A medical certificate costs {USD 5,000-8,000|5000-8000 USD} on the black market.
{La Strada Ukraine|O} runs a line that took {38,000 calls|38000}.
# Eritrea
The {People's Front for Democracy and Justice|O} ({PFDJ|O}) is the only party.
A conscript in {Sawa|P} gets {150 nakfa|150 ERN} a month, others {Nfk 500|500 ERN}.
The {National Union of Eritrean Women|O} ({NUEW|O}) has offices in {Asmara|P} and {Keren|P}.
The diaspora pays {2%|2 %} of income at the {Eritrean Embassy|O} in {London|P}.
A smuggler asks {$5,000|5000 USD} from {Asmara|P} to {Khartoum|P}.
The {National Union of Eritrean Youth and Students|O} meets in {Massawa|P}.
The {Red Sea Trading Corporation|O} imports goods through {Assab|P}.
Fines of {50,000 Nakfa|50000 ERN} are known in {Tesseney|P}.
The {Orotta Hospital|O} is in {Asmara|P}.
Around {5,000 Eritreans|5000} left each month for {Ethiopia|P} and {Sudan|P}.
# missions
The {Danish Immigration Service|O} ({DIS|O}) and {Landinfo|O} met {12 sources|12} in {Mogadishu|P}.
The {Norwegian Country of Origin Information Centre|O} shared its notes with {Lifos|O}.
The {Finnish Immigration Service|O} and the {Swedish Migration Agency|O} joined the mission to {Baghdad|P}.
The {Dutch Ministry of Foreign Affairs|O} published its report in The {Hague|P}.
{EUAA|O}, formerly {EASO|O}, quoted {OFPRA|O}, {BAMF|O} and {CEDOCA|O}.
The {Immigration and Refugee Board of Canada|O} cited {Al Jazeera|O}.
The {Upper Tribunal|O} heard evidence from the {Foreign, Commonwealth and Development Office|O} ({FCDO|O}).
The {British High Commission|O} in {Islamabad|P} met the delegation.
A representative of {UN Women|O} and {two staff members|2} of the {Norwegian Refugee Council|O} attended.
The {State Secretariat for Migration|O} ({SEM|O}) in {Bern|P} agreed.
The {International Committee of the Red Cross|O} ({ICRC|O}) visited {31 prisons|31}.
The mission was carried out from 3 to 12 May 2019 in {Erbil|P}, {KRI|P}.
The {UN High Commissioner for Refugees|O} and {MSF|O} run a clinic.
The {Refugee Documentation Centre|O} in {Dublin|P} asked the Office.
# counts, percents, money
Between {15% and 20%|15-20 %} of the girls had left school by the age of 14.
The fine is {US$1.2m|1200000 USD}, of which {€300,000|300000 EUR} was paid.
It trained {37 prosecutors, judges, and police officers|37} in 2019.
They identified {22 adult victims|22} and {14 child victims|14}.
The rate rose from {3.5 percent|3.5 %} to {7 percent|7 %} in two years.
Some {2.3 million people|2300000} were displaced within six months.
The office is staffed by {one individual|1}.
The agency carried out {one national campaign|1} and {three workshops|3}.
One of the women was Somali.
Children aged 14 to 17 may work for up to six hours a day.
Schooling lasts 12 years, 9 of which are compulsory.
Two-thirds of the houses were burnt.
It cost {KES 20,000|20000 KES} in {Nairobi|P} and {USh 500,000|500000 UGX} in {Kampala|P}.
In {Bangladesh|P} a garment worker earns {Tk 8,000|8000 BDT}, or {8,000 taka|8000 BDT}.
A passport costs {AFN 10,000|10000 AFN} or {10,000 Afghanis|10000 AFN} in {Herat|P}.
The bribe was {200,000 Syrian pounds|200000 SYP} in {Aleppo|P} and {SYP 500,000|500000 SYP} in {Homs|P}.
They paid {5,000 Libyan dinars|5000 LYD} in {Sabha|P} and {LYD 3,000|3000 LYD} in {Tripoli|P}.
A teacher in {Tehran|P} earns {12 million tomans|12000000 IRR}.
A family in {Colombo|P} borrowed {500,000 rupees|500000 LKR}.
In {Addis Ababa|P} rent is {4,000 birr|4000 ETB} and in {Khartoum|P} {SDG 9,000|9000 SDG}.
The trip to {Yangon|P} is {45,000 kyat|45000 MMK}, to {Phnom Penh|P} {80,000 riel|80000 KHR}.
Rents in {Beirut|P} reach {$800-$1,000|800-1000 USD} or {30 million Lebanese pounds|30000000 LBP}.
A guide charged {3,000 Moroccan dirhams|3000 MAD} and {1,500 Tunisian dinars|1500 TND}.
It costs {5,000 DKK|5000 DKK}, {SEK 7,500|7500 SEK} or {NOK 8,000|8000 NOK}.
{Sudan|P} charges {40,000 pounds|40000 SDG} for it.
# Interviews and reports of several countries
The source from the {Nigerian Embassy|O} in {Rome|P} said that {80%|80 %} of returnees came from {Edo State|P}.
In {Ebonyi|P}, a girl was sold for {N70,000|70000 NGN} and another for {N1.5m|1500000 NGN} in cash.
Q: Does the {Ministry of Women Affairs and Social Development|O} fund the shelters?
A: {ActionAid Nigeria|O} gave {six computers|6} to the {Ministry of Women Affairs|O}.
The {Nigerian Army|O} freed {1,009 captives|1009} from {Boko Haram|O} camps in {Bama|P}.
{Human Rights Watch|O} spoke with {76 women|76} between March and May 2019.
{Amnesty International|O} and the {Centre for Democracy and Development|O} disagreed.
In 2020 {NAPTIP|O} had a budget of {₦4.4bn|4400000000 NGN}, up from {₦3.1bn|3100000000 NGN}.
The {Kano State Hisbah Board|O} arrested {15 couples|15}.
A monthly rent of {60,000-80,000 naira|60000-80000 NGN} is common in {Port Harcourt|P}.
Victims sent to {Hai Duong|P} get {500,000 dong|500000 VND} a day for meals.
The {Vietnamese Ministry of Justice|O} and the {Hanoi Bar Association|O} trained {34 lawyers|34}.
Brokers take {20 to 25 million VND|20000000-25000000 VND} from each worker bound for {Taiwan|P}.
The {Department of Labour, Invalids and Social Affairs|O} in {Lao Cai|P} runs {Compassion House|O}.
Police in {Quang Binh|P} and {Ha Tinh|P} broke up {11 rings|11} in the first half of 2019.
The {People's Army of Vietnam|O} guards the border with {Laos|P} and {Cambodia|P}.
The {International Labour Organization|O} ({ILO|O}) put the number at {16,000|16000}.
A brick maker in {Sindh|P} pays back {Rs. 200|200 PKR} a day on a loan of {PKR 60,000|60000 PKR}.
The {Punjab Child Protection and Welfare Bureau|O} took in {2,500 children|2500}.
The {Sindh High Court|O} ordered the {Sindh Police|O} to act.
{War Against Rape|O}, an NGO in {Karachi|P}, has {three counsellors|3}.
The {Bonded Labour Liberation Front|O} freed {80,000 people|80000} over 30 years.
The {Ahmadiyya Muslim Community|O} says that {five mosques|5} were sealed.
The {Federal Shariat Court|O} was set up in 1980.
In {Rawalpindi|P} a lawyer asks for {50,000 rupees|50000 PKR}.
The {High Commission for Human Rights|O} visited {Nineveh|P}.
{Sunni Endowment|O} lands lie in {Diyala|P}.
The {Ministry of Peshmerga Affairs|O} and the {Ministry of Interior|O} of the {KRG|O} replied.
Rent in {Sulaymaniyah|P} is {300-400 US dollars|300-400 USD}.
The {Iraqi Al-Amal Association|O} and the {Organization of Women's Freedom|O} run safe houses.
{Islamic State|O} seized {Mosul|P} in 2014, and {3,117 Yazidi women and girls|3117} were taken.
The {Al-Rasheed Bank|O} cashes it, less a fee of {3,000 IQD|3000 IQD}.
A conscript who pays {$8,000|8000 USD} is let go, said {two sources|2}.
The {Ukrainian Parliament Commissioner for Human Rights|O} received {1,200 complaints|1200}.
The {Office of the Prosecutor General|O} opened {72,000 cases|72000}.
The {Territorial Centre of Recruitment|O} in {Lviv|P} fined him {17,000 hryvnias|17000 UAH}.
{DTEK|O} and {Naftogaz|O} supply power.
The {Zaporizhzhia Regional State Administration|O} helped {6,700 households|6700}.
The {Eritrean Defence Forces|O} ({EDF|O}) hold {Badme|P}.
The {Ministry of Defence of Eritrea|O} pays {1,800 nakfa|1800 ERN}, or {120 USD|120 USD}.
{Awet Hospital|O} and the {Asmara College of Health Sciences|O} are full.
Fares from {Tesseney|P} to {Kassala|P} are {15,000-20,000 nakfa|15000-20000 ERN}.
The {UN Commission of Inquiry on Human Rights|O} reported in 2016.
The {Asylum Research Centre|O} and {Asylos|O} wrote to {UKVI|O}.
The {European Asylum Support Office|O} met {11 experts|11} in {Valletta|P}.
The {Norwegian Directorate of Immigration|O} ({UDI|O}) asked {Landinfo|O} for {two notes|2}.
The delegation met the {National Human Rights Committee|O} in {Doha|P}.
"""
MARKED = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")


@pytest.fixture(scope="module")
def nlp() -> Language:
    pipeline = assemble()
    pipeline.remove_pipe("ffm_themes")
    return pipeline


def read_marked(line: str) -> tuple[str, list[tuple[object, ...]]]:
    """Return a marked sentence without its marks, and what is to be found in it."""
    expected: list[tuple[object, ...]] = []
    for words, mark in MARKED.findall(line):
        value, _, unit = mark.partition(" ")
        low, _, high = value.partition("-")
        expected.append((words, {"O": "ORG", "P": "PLACE"}[mark]) if mark in "OP" else (words, float(low), float(high or low), unit))
    return MARKED.sub(r"\1", line), expected


@pytest.mark.parametrize("line", [line for line in ELSEWHERE.strip().splitlines() if not line.startswith("#")])
def test_reports_on_other_countries_follow_the_scheme(nlp: Language, line: str) -> None:
    text, expected = read_marked(line)
    found = [
        (entity.text, entity.label_)
        if (amount := entity._.amount) is None
        else (entity.text, amount.low, amount.high, "%" if amount.kind == "percent" else amount.currency or "")
        for entity in nlp(text).ents
    ]
    assert found == expected
