"""Amounts: which numbers are money, shares or counts, where they end, what they are worth, and which numbers are none."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from ffm.entities.amounts import Where, country_of, value_in
from ffm.entities.amounts.checks import closed_ranges
from ffm.entities.amounts.grammar import quantities
from ffm.entities.amounts.numerals import lexemes
from ffm.tagging.pipeline import assemble


@pytest.fixture(scope="module")
def nlp() -> Language:
    pipeline = assemble()
    pipeline.remove_pipe("ffm_themes")
    return pipeline


def amounts(nlp: Language, text: str) -> list[tuple]:
    """Return the amounts of a text: what is written, kind, bounds, currency or noun."""
    return [
        (entity.text, found.kind, found.low, found.high, found.currency or found.noun)
        for entity in nlp(text).ents
        if (found := entity._.amount) is not None
    ]


MONEY = [
    ("The kitchen cost 17.6 million leks ($175,390).", [("17.6 million leks", 17_600_000, "ALL"), ("$175,390", 175_390, "USD")]),
    ("The court set ALL 9,000 aside.", [("ALL 9,000", 9000, "ALL")]),
    ("A cook earns 9,000 lek, about $80 USD.", [("9,000 lek", 9000, "ALL"), ("$80 USD", 80, "USD")]),
    ("The town gave £30,000 and a baker €80.", [("£30,000", 30_000, "GBP"), ("€80", 80, "EUR")]),
    ("A bus to the coast costs US$50.", [("US$50", 50, "USD")]),
    ("The baker paid N500,000 for an oven.", [("N500,000", 500_000, "NGN")]),
    ("The baker paid ₦500,000 for an oven.", [("₦500,000", 500_000, "NGN")]),
    ("The oven cost N2.5 million.", [("N2.5 million", 2_500_000, "NGN")]),
    ("The bridge took 2.5 million euros.", [("2.5 million euros", 2_500_000, "EUR")]),
    ("The boat costs 1 million dong a day.", [("1 million dong", 1_000_000, "VND")]),
    ("Each widow gets 500 nakfa or UAH 40,000.", [("500 nakfa", 500, "ERN"), ("UAH 40,000", 40_000, "UAH")]),
    ("The mill owes 500,000 Iraqi dinars.", [("500,000 Iraqi dinars", 500_000, "IQD")]),
    ("She borrowed Rs. 3,000 and BDT 2 crore.", [("Rs. 3,000", 3000, "INR"), ("BDT 2 crore", 20_000_000, "BDT")]),
    ("They paid 500 euros and 20 dollars.", [("500 euros", 500, "EUR"), ("20 dollars", 20, "USD")]),
    ("In 2019 and 2020 the roof took $400 and $500.", [("$400", 400, "USD"), ("$500", 500, "USD")]),
    ("Bread cost SEK 75 or NOK 80, and AFN 10,000 or 10,000 Afghanis.", [("SEK 75", 75, "SEK"), ("NOK 80", 80, "NOK"), ("AFN 10,000", 10_000, "AFN"), ("10,000 Afghanis", 10_000, "AFN")]),
    ("The price rose from $5 to $7.", [("$5", 5, "USD"), ("$7", 7, "USD")]),
    ("In Lahore bread is Rs 50, in Delhi Rs 40, and in Colombo 90 rupees.", [("Rs 50", 50, "PKR"), ("Rs 40", 40, "INR"), ("90 rupees", 90, "LKR")]),
    ("A Libyan baker asks 20 dinars, a Serbian one 300 dinars.", [("20 dinars", 20, "LYD"), ("300 dinars", 300, "RSD")]),
    ("In Khartoum bread is 40 pounds.", [("40 pounds", 40, "SDG")]),
    ("Bread is 40 pounds.", [("40 pounds", 40, "GBP")]),
    ("A mill costs 45,000 kyat, 80,000 riel or 1.200.000 rupiah.", [("45,000 kyat", 45_000, "MMK"), ("80,000 riel", 80_000, "KHR"), ("1.200.000 rupiah", 1_200_000, "IDR")]),
    ("It is ₪50, 12 convertible marks, 300 somoni and R2,500.", [("₪50", 50, "ILS"), ("12 convertible marks", 12, "BAM"), ("300 somoni", 300, "TJS"), ("R2,500", 2500, "ZAR")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MONEY)
def test_money_is_a_number_with_its_currency(nlp: Language, text: str, expected: list[tuple]) -> None:
    assert amounts(nlp, text) == [(written, "money", value, value, currency) for written, value, currency in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rent is 200 to 250 euro.", ("200 to 250 euro", "money", 200, 250, "EUR")),
        ("Guides ask $2,000-3,000.", ("$2,000-3,000", "money", 2000, 3000, "USD")),
        ("Guides ask £20,000 – £30,000.", ("£20,000 – £30,000", "money", 20_000, 30_000, "GBP")),
        ("Tickets are between $400 and $500.", ("$400 and $500", "money", 400, 500, "USD")),
        ("It took 2 to 3 million lek.", ("2 to 3 million lek", "money", 2_000_000, 3_000_000, "ALL")),
        ("Some 70% to 80% are bakers.", ("70% to 80%", "percent", 70, 80, None)),
        ("Only 4-5% bake at night.", ("4-5%", "percent", 4, 5, None)),
        ("About 90 per cent eat bread.", ("90 per cent", "percent", 90, 90, None)),
        ("Five percent eat none.", ("Five percent", "percent", 5, 5, None)),
        ("The house holds 15-20 people.", ("15-20 people", "count", 15, 20, "people")),
        ("She teaches between 10 and 20 pupils.", ("10 and 20 pupils", "count", 10, 20, "pupils")),
        ("He drew four or five maps.", ("four or five maps", "count", 4, 5, "maps")),
    ],
)
def test_a_range_has_two_bounds(nlp: Language, text: str, expected: tuple) -> None:
    assert amounts(nlp, text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The town has 81 potential victims.", [("81 potential victims", 81)]),
        ("They found five officially recognized victims.", [("five officially recognized victims", 5)]),
        ("The inn has 18 beds and 2 for emergencies.", [("18 beds", 18), ("2", 2)]),
        ("The judge gave two convictions in 42 cases.", [("two convictions", 2), ("42 cases", 42)]),
        ("There are 4 shelters and 254 women and girls.", [("4 shelters", 4), ("254 women and girls", 254)]),
        ("The unit runs 3 NGO-run houses and 2 one-stop shops.", [("3 NGO-run houses", 3), ("2 one-stop shops", 2)]),
        ("Of the 12 cooks, 8 were from Vlora.", [("12 cooks", 12), ("8", 8)]),
        ("It rose from 3 in 2013 to 22 in 2016.", [("3", 3), ("22", 22)]),
        ("They saw 29 Dong Tam residents.", [("29 Dong Tam residents", 29)]),
        ("They receive 5,000 a month and 40 calls a day.", [("5,000", 5000), ("40 calls", 40)]),
        ("Over 20 women sing there.", [("20 women", 20)]),
        ("We helped 200 (70 VoT) people and 10 women VOT.", [("200", 200), ("70 VoT", 70), ("10 women VOT", 10)]),
        ("Only some 80 work there; members number 236,000.", [("80", 80), ("236,000", 236_000)]),
        ("There was one conviction and only one boy came.", [("one conviction", 1), ("one boy", 1)]),
        ("Two girls and one boy came with 1 interpreter.", [("Two girls", 2), ("one boy", 1), ("1 interpreter", 1)]),
        ("How many came? Only one.", [("one", 1)]),
        ("They taught 37 bakers, millers, and police officers.", [("37 bakers, millers, and police officers", 37)]),
        ("They met 39 young victims of theft and potential victims of theft.", [("39 young victims of theft and potential victims", 39)]),
        ("They met 60 known victims or potential victims.", [("60 known victims or potential victims", 60)]),
        ("Some 300 Roma and Balkan-Egyptians sing.", [("300 Roma and Balkan-Egyptians", 300)]),
        ("They have three shops and local police.", [("three shops", 3)]),
        ("Homes with three or more children pay less; two or more pay more.", [("three or more children", 3), ("two", 2)]),
        ("The town runs three inns, and the lake six others.", [("three inns", 3), ("six", 6)]),
        ("Two obtained or renewed bread; three came from afar.", [("Two", 2), ("three", 3)]),
        ("The inn is staffed by one individual.", [("one individual", 1)]),
        ("The club held one national awareness-raising campaign.", [("one national awareness-raising campaign", 1)]),
        ("The number fell from 12 cooks to 7 cooks.", [("12 cooks", 12), ("7 cooks", 7)]),
    ],
)
def test_a_count_ends_with_what_is_counted(nlp: Language, text: str, expected: list[tuple]) -> None:
    assert [(written, low) for written, _, low, *_ in amounts(nlp, text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        # dates, years, times
        "They came on 3 May 2021, on 12/05/2019 and between 5 and 12 October.",
        "It opened in 2016 and closed in the 1990s.",
        "The shop shuts at 9 p.m. and opens at 10.30.",
        "The line is open 24/7.",
        # ages
        "The pupils, aged 6 to 18, sing.",
        "Nobody under 18 may sign, nor a 17-year-old.",
        "Girls between the ages of 13 and 18 sing; women between the ages of 18 and 74 dance.",
        "A boy of four and a woman of 18 to 25 met at about 16.",
        "The pupil is 16 or older; she is 45.",
        "The law raises the age at which a pupil may work in a bakery in summer from 14 to 15.",
        # durations, distances
        "They stay for 3 to 6 months, then for 4, 8 and 12 weeks.",
        "The 72-hour rule and the five-year plan are old.",
        "It is two and a half years and 40 km away.",
        "School lasts 12 years, 9 of which are free.",
        "They write 6 monthly letters.",
        # ordinals, labels
        "It was the first case, the 3rd visit and the 21st century.",
        "Law 18/2017, Decision No. 582, Article 110 and DCM 578 apply.",
        "Decision no 578 and 129 apply, as do Articles 114-115, 117 and 128.",
        "See page 12, footnote 4, version 3, Decree 66 and Branch 215.",
        "Programme 130 ended.",
        "COVID-19 shut the mill.",
        "The mill stands at Route 9, Canal 3, and by sections 1.d., Bread, and 2.b., on land of News 24 journalist Ana.",
        "They lift 44 pounds; they bring a) bread, b) salt, and 4) oil.",
        # telephones
        "Ring +355 69 20 71 234, 0800 1212, 0800-222-3333 or 116 111.",
        "There is a helpline on 1043.",
        # references and list numbers
        "The mill is old (1-6), the oven older [12] and the yard oldest (28; 55).",
        "1. The nurse 2. The cook 3. The driver",
        # shares and rates
        "Two thirds left, one in three sang and 9 out of 10 women baked.",
        "The rate is 13 per 100,000 women.",
        "Some seven of every 20 girls left; four out of each 10 boys and one in every five men stayed.",
        # one as a pronoun
        "I met one of them, no one else, and one day the other one.",
        "In one case, a baker sang.",
        "I know one case example of one baker who sang one song in one night.",
        # vague
        "Many, several and a few bakers sang half of it; dozens danced, hundreds slept.",
        # no quantity
        "The code is " + "7" * 400 + ", or " + "7," * 400,
    ],
)
def test_what_counts_nothing_is_no_amount(nlp: Language, text: str) -> None:
    assert amounts(nlp, text) == []


def test_a_body_in_the_counted_phrase_leaves_the_number_alone(nlp: Language) -> None:
    doc = nlp("The mission met 12 UNICEF officers.")
    assert [(entity.text, entity.label_) for entity in doc.ents] == [("12", "AMOUNT"), ("UNICEF", "ORG")]
    assert doc.ents[0]._.amount.noun is None


def test_a_long_list_of_numbers_takes_little_time(nlp: Language) -> None:
    started = time.process_time()
    assert len(amounts(nlp, "Cooks: " + ", ".join(str(number) for number in range(100, 160)) + " and so on.")) > 0
    assert time.process_time() - started < 2


def test_the_question_may_tell_whose_currency_it_is(nlp: Language) -> None:
    doc = nlp.make_doc("They pay 300 rupees.")
    doc._.question = "What do they pay in Nepal?"
    assert [entity._.amount.currency for entity in nlp(doc).ents] == ["NPR"]


def test_money_is_never_a_count_too(nlp: Language) -> None:
    assert [kind for _, kind, *_ in amounts(nlp, "He paid 300 lek for 3 loaves, 20% of them stale.")] == ["money", "count", "percent"]


def test_cells_of_a_table_are_counted_apart(nlp: Language) -> None:
    assert [written for written, *_ in amounts(nlp, "Bakers\n12\nMillers of the town\n171")] == ["12", "171"]


@given(st.integers(1, 10**9), st.sampled_from([("€{}", "EUR"), ("{} lek", "ALL"), ("USD {}", "USD"), ("£{}", "GBP"), ("{} naira", "NGN")]))
def test_money_round_trips(value: int, form: tuple[str, str]) -> None:
    template, currency = form
    written = template.format(f"{value:,}")
    text = f"They paid {written} for it."
    lex = lexemes(text)
    (amount,) = quantities(lex, Where(text))
    assert (amount.low, amount.high, amount.unit) == (value, value, currency)
    assert lex.surface(amount.start, amount.stop) == written


@given(
    st.lists(
        st.sampled_from(["1. A", "2. B", "3. C", "4. D", "7. G", "seen 12.", "and", "5%", "€3 to 4", "1 to", "\n", "(5)", "-3%", "m"]),
        max_size=12,
    )
)
def test_quantities_are_in_order_and_apart(parts: list[str]) -> None:
    text = " ".join(parts)
    found = list(quantities(lexemes(text), Where(text)))
    assert all(left.stop <= right.start for left, right in pairwise(found))
    assert all(amount.low <= amount.high for amount in found)
    for start, end in closed_ranges(text):
        assert text[start:end].isdigit()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from([
            "the", "two", "3", "—", "(", ")", "%", "€", "½", "²", "1,50,000", "0", "of", "beds", "to", "between", "and", "years", "No.", "million", "N500",
            "UNICEF", ".", ",", "\n", "5-6", "1/2", "[12]", "٣", "one", "boy", "aged",
        ]),
        max_size=25,
    )
)  # fmt: skip
def test_no_text_is_too_odd(nlp: Language, parts: list[str]) -> None:
    for entity in nlp(" ".join(parts)).ents:
        if entity._.amount is not None:
            assert entity._.amount.low <= entity._.amount.high


CARRIED = [
    ("In 2021 about 300 cooks came.", ("about", None, ("In 2021", "2021-01-01", "2021-12-31"))),
    ("It has fed over 300 cooks since March 2019.", ("over", None, ("since March 2019", "2019-03-01", None))),
    ("Fewer than 30 bakers sang.", ("under", None, None)),
    ("At least 30 bakers sang.", ("at least", None, None)),
    ("Up to 30 bakers sang so far.", ("up to", None, ("so far", None, "2022-10-05"))),
    ("A cook gets 200 euro a month.", (None, "month", None)),
    ("A monthly fee of 90 lek is due.", (None, "month", None)),
    ("It costs $7,000 per year.", (None, "year", None)),
    ("They pay €5 per day.", (None, "day", None)),
    ("Between March and May 2019 the mill fed 80 cooks.", (None, None, ("Between March and May 2019", "2019-03-01", "2019-05-31"))),
    ("It fed 80 cooks in the second half of 2020.", (None, None, ("in the second half of 2020", "2020-07-01", "2020-12-31"))),
    ("It fed 80 cooks from 2015 to 2018.", (None, None, ("from 2015 to 2018", "2015-01-01", "2018-12-31"))),
    ("It fed 80 cooks in the last three months.", (None, None, ("in the last three months", None, None))),
    ("The mill fed 80 cooks (and a cat in 2018).", (None, None, ("in 2018", "2018-01-01", "2018-12-31"))),
    ("Some 300-odd cooks came, or 50 or more.", ("about", None, None)),
]


@pytest.mark.parametrize(("text", "expected"), CARRIED)
def test_an_amount_carries_its_qualifier_rate_and_period(nlp: Language, text: str, expected: tuple) -> None:
    doc = nlp.make_doc(text)
    doc._.date = "2022-10-05"
    amount = next(entity._.amount for entity in nlp(doc).ents if entity._.amount is not None)
    period = amount.period and (amount.period.words, amount.period.start, amount.period.end)
    assert (amount.qualifier, amount.rate, period) == expected


def test_the_country_of_the_report_decides_where_the_passage_names_none(nlp: Language) -> None:
    for country, currency in (("NP", "NPR"), ("LK", "LKR"), (None, "INR")):
        doc = nlp.make_doc("A fine of 500 rupees is usual.")
        doc._.country = country
        assert [entity._.amount.currency for entity in nlp(doc).ents] == [currency]


def test_the_country_of_a_report_is_the_one_that_leads(nlp: Language) -> None:
    assert country_of("Nepal: bread in 2021\n\nIn the south of Nepal bread is dear; in India it is not.") == "NP"
    assert country_of("Bread in Nepal and Kuwait") is None
    assert country_of("Bread") is None


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("They pay 9,000 lek.", "9,000 lek", ("money", 9000, 9000, "ALL", None)),
        ("They pay 9,000 lek.", "9,000", ("money", 9000, 9000, "ALL", None)),
        ("They pay 200 to 250 euro.", "200 to 250 euro", ("money", 200, 250, "EUR", None)),
        ("They pay 200 to 250 euro.", "250 euro", ("money", 250, 250, "EUR", None)),
        ("In Nepal they pay 70 rupees.", "70 rupees", ("money", 70, 70, "NPR", None)),
        ("They hold 70% to 80%.", "70% to 80%", ("percent", 70, 80, None, None)),
        ("They saw 42 cases.", "42 cases", ("count", 42, 42, None, "cases")),
        ("They saw forty-two\ncases.", "forty-two\ncases", ("count", 42, 42, None, "cases")),
        ("They have some 20-25 beds.", "some 20-25 beds", ("count", 20, 25, None, "beds")),
        ("They have 2.", "2", ("count", 2, 2, None, None)),
        ("They have a few.", "a few", None),
        ("They have none.", "", None),
    ],
)
def test_a_marked_amount_has_the_value_that_the_text_around_it_gives(text: str, span: str, expected: tuple | None) -> None:
    start = text.index(span)
    value = value_in(text, start, start + len(span), Where(text))
    assert (value and (value.kind, value.low, value.high, value.currency, value.noun)) == expected


@pytest.mark.parametrize(
    "piece", ["1,", "1, ", "(5 ", "two ", "and two ", "half a ", "5-", "between 5 and ", "a (5), ", "5% to ", "c.5 ", "Nepal 5 rupees "]
)
def test_odd_texts_take_time_that_grows_with_their_length(nlp: Language, piece: str) -> None:
    finder = nlp.get_pipe("ffm_amounts")
    doc = nlp.make_doc(piece * 2000)
    started = time.process_time()
    list(finder.pipe([doc]))
    assert time.process_time() - started < 2


def test_the_body_that_wrote_a_report_does_not_tell_its_country() -> None:
    assert country_of("Note of the UK Home Office on Nigeria\nThe team flew to Lagos.") == "NG"
    assert country_of("Report on the United Kingdom\nThe team met the Home Office in London.") == "GB"
