"""Names over a whole report: what one passage makes certain holds for the others."""

from __future__ import annotations

import string
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from ffm.entities.names.index import NameIndex
from ffm.entities.names.link import link_names
from ffm.entities.names.settle import Found, ReportNames, apply_names, learn_names
from ffm.records import Entity, Report
from ffm.tagging.pipeline import assemble
from ffm.tagging.report import all_entities, tag_report


@pytest.fixture(scope="module")
def nlp() -> Language:
    return assemble()


def names(nlp: Language, *paragraphs: str) -> list[tuple[str, str]]:
    """Return the names of a report of these paragraphs, with their labels."""
    report = Report("made-up", "\n\n".join(paragraphs))
    return [(entity.text, entity.label) for entity in all_entities(report, nlp) if entity.label != "AMOUNT"]


def marked(text: str, name: str, label: str, origin: str = "recogniser") -> Found:
    start = text.index(name)
    return Found(start, start + len(name), label, origin)


def test_a_name_found_in_some_places_is_found_in_all() -> None:
    texts = ["Sweet Oven bakes.", "At dawn Sweet Oven sings.", "They like Sweet Oven."]
    learnt = learn_names(texts, [[marked(texts[0], "Sweet Oven", "ORG")], [], []], [])
    index = NameIndex(learnt.certain)
    assert [[(f.start, f.label) for f in apply_names(text, [], learnt, index, {})] for text in texts] == [
        [(0, "ORG")],
        [(8, "ORG")],
        [(10, "ORG")],
    ]


def test_a_word_found_in_few_of_many_places_is_dropped() -> None:
    texts = ["They saw Bakers."] + ["Then Bakers sang." for _ in range(9)]
    learnt = learn_names(texts, [[marked(texts[0], "Bakers", "ORG")], *([] for _ in range(9))], [])
    assert "Bakers" in learnt.dropped


def test_a_word_that_owes_its_capital_to_the_sentence_is_dropped() -> None:
    texts = ["Underage marriages are rare.", "They met Sakhli in May. Sakhli smiled."]
    learnt = learn_names(texts, [[marked(texts[0], "Underage", "ORG")], [marked(texts[1], "Sakhli", "ORG")]], [])
    assert "Underage" in learnt.dropped and "Sakhli" not in learnt.dropped


def test_a_last_name_is_no_body() -> None:
    texts = ["Mira Maloku baked; later Maloku sang.", "They heard Maloku sing."]
    found = [[marked(text, "Maloku", "ORG")] for text in texts]
    assert "Maloku" in learn_names(texts, found, [], persons=["Mira Maloku"]).dropped


@pytest.mark.parametrize(
    ("definition", "short", "long", "name"),
    [
        ("The United Nations Children’s Fund (UNICEF) came.", "UNICEF", "United Nations Children’s Fund", "unicef"),
        (
            "They met the UNHCR (United Nations High Commissioner for Refugees).",
            "UNHCR",
            "United Nations High Commissioner for Refugees",
            "unhcr",
        ),
        ("The European Union (EU) paid.", "EU", "European Union", "european-union"),
        ("She fled from the Democratic Republic of Congo (DRC).", "DRC", "Democratic Republic of Congo", "drc"),
    ],
)
def test_a_known_short_form_and_the_long_form_of_a_report_share_an_id(definition: str, short: str, long: str, name: str) -> None:
    learnt = learn_names([definition], [[]], [])
    label = learnt.certain[long]
    assert set(link_names([(short, label), (long, label)], learnt).values()) == {name}


def test_a_source_is_a_body_throughout() -> None:
    texts = ["Sunrise opened early.", "They met Sunrise."]
    learnt = learn_names(texts, [[], []], [("Sunrise Bakery House (SBH)", "ngo")])
    assert learnt.certain["Sunrise Bakery House"] == "ORG" and learnt.certain["SBH"] == "ORG"


def test_one_name_made_of_two_is_two() -> None:
    text = "They met Sweet Oven and Other Vision."
    certain = {"Sweet Oven": "ORG", "Other Vision": "ORG"}
    learnt = ReportNames(certain, frozenset(), {})
    found = apply_names(text, [marked(text, "Sweet Oven and Other Vision", "ORG")], learnt, NameIndex(certain), {})
    assert [text[span.start : span.end] for span in found] == ["Sweet Oven", "Other Vision"]


def test_a_count_gives_way_to_a_body_that_the_report_makes_certain() -> None:
    text = "They met 12 Sakhli cooks."
    learnt = ReportNames({"Sakhli": "ORG"}, frozenset(), {})
    found = apply_names(text, [Found(9, 24, "AMOUNT")], learnt, NameIndex(["Sakhli"]), {(9, 24): 11})
    assert [(text[span.start : span.end], span.label) for span in found] == [("12", "AMOUNT"), ("Sakhli", "ORG")]


def test_a_sentence_keeps_its_full_stop() -> None:
    text = "They met the Centre of VoT. In D.C. they met U.S. cooks."
    spans = [Found(13, 27, "ORG", "formal"), Found(45, 49, "PLACE", "list")]
    learnt = learn_names([text], [spans], [])
    assert [text[f.start : f.end] for f in apply_names(text, spans, learnt, NameIndex(learnt.certain), {})] == ["Centre of VoT", "U.S."]


def test_a_word_for_its_kind_beside_it_makes_a_name_certain(nlp: Language) -> None:
    found = names(
        nlp,
        "They asked Skylark airline to bake bread.",
        "Skylark complied.",
        "Linden, the state-run shelter, sings.",
        "At dawn Linden bakes.",
    )
    assert found == [("Skylark", "ORG")] * 2 + [("Linden", "ORG")] * 2


def test_a_common_word_that_begins_a_sentence_is_no_body() -> None:
    texts = ["† Loaves are from May.", "Loaves said nothing.", "Few loaves were sold."]
    learnt = learn_names(texts, [[marked(texts[0], "Loaves", "ORG")], [marked(texts[1], "Loaves", "ORG")], []], [])
    assert "Loaves" in learnt.dropped


def test_a_sum_keeps_the_full_stop_of_its_sentence_out(nlp: Language) -> None:
    report = Report("made-up", "It was sold for N1.5m.")
    assert [entity.text for entity in all_entities(report, nlp)] == ["N1.5m"]


@pytest.mark.parametrize("unit", ["(", "%", "<", ".", "€", "(a", "1 to ", "1, ", "Abc ", "Ministry of ", "(4; "])
def test_odd_text_takes_no_more_time_than_its_length(nlp: Language, unit: str) -> None:
    def seconds(length: int) -> float:
        started = time.process_time()
        all_entities(Report("odd", unit * (length // len(unit))), nlp)
        return time.process_time() - started

    seconds(100)
    assert seconds(8000) < 8 * max(seconds(2000), 0.1)


def test_what_the_report_says_decides_between_body_and_place(nlp: Language) -> None:
    found = names(nlp, "The Karrec facility is full. They sleep in Karrec.", "At noon the Karrec facility was closed.")
    assert {label for name, label in found if name == "Karrec"} == {"PLACE"}


def test_a_first_name_that_always_stands_before_a_short_form_belongs_to_it(nlp: Language) -> None:
    found = names(nlp, *(f"{when} Nisma ARSIS baked {loaves} loaves." for when, loaves in (("In May", 3), ("In June", 5), ("In July", 7))))
    assert found == [("Nisma ARSIS", "ORG")] * 3


INTERVIEW = """# Fact-finding mission to the lake

## Bread and Roses (B&R), Tirana, 4 April 2022

**Date:** 4 April 2022

**Q. Who pays for the bread?**

A. The Ministry of Bread (MoB) pays 9,000 lek a month, and B&R pays 20% of it. Kukës has none.

**Q. Does the MoB pay in Kukes?**

A. No. The MoB paid the United Kingdom; the UK paid B&R.

| Town | Loaves |
|---|---|
| Vlora | 17 |
| Vlorë | 41 |
"""


def test_a_tagged_report_marks_answers_questions_and_tables(nlp: Language) -> None:
    passages = tag_report(Report("lake", INTERVIEW), nlp)
    entities = [entity for passage in passages for entity in passage.entities]
    assert {"Ministry of Bread", "MoB", "B&R", "9,000 lek", "20%", "Kukës", "UK", "Vlora"} <= {entity.text for entity in entities}
    assert ("MoB", "ministry-of-bread") in {(entity.text, entity.id) for passage in passages for entity in passage.question_entities}
    for forms in (("Kukës", "Kukes"), ("Vlora", "Vlorë"), ("UK", "United Kingdom"), ("MoB", "Ministry of Bread")):
        everything = [*entities, *(entity for passage in passages for entity in passage.question_entities)]
        assert len({entity.id for entity in everything if entity.text in forms}) == 1


def check(report: Report, entities: list[Entity]) -> None:
    """Check that entities are in order and apart, and that each quotes the report; one may go on behind a paragraph that stands between its parts."""
    assert [entity.start for entity in entities] == sorted(entity.start for entity in entities)
    places = sorted(place for entity in entities for place in (entity.parts or ((entity.start, entity.end),)))
    for entity in entities:
        ranges = entity.parts or ((entity.start, entity.end),)
        assert entity.text == " ".join(report.text[start:end] for start, end in ranges)
    assert all(left[1] <= right[0] for left, right in pairwise(places))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Ministry of Bread (MoB)", "MoB", "Tirana", "Kukës", "9,000 lek", "20%", "**", "_", "<b>", "</b>", "<br>", "[UNICEF](http://x.y)", "\n\n", "\n", "|", " ",
             "  ", "\t", "Q.", "A.", "#", "(4; 12)", "12", "one", "two cooks", "½", "²", "İ", "e\u0301", "\u200b", "\u00a0", "’s", ".", ",", "- ", "and", "the", "in"]
        ),
        max_size=30,
    )
)  # fmt: skip
def test_tagging_never_fails_and_always_quotes_the_report(nlp: Language, parts: list[str]) -> None:
    report = Report("odd", " ".join(parts))
    check(report, all_entities(report, nlp))


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
def test_tagging_any_text_quotes_the_report(nlp: Language, text: str) -> None:
    report = Report("odd", text)
    check(report, all_entities(report, nlp))


WORDS = st.text(alphabet=string.ascii_letters[:4] + "é'", min_size=1, max_size=3)


@given(st.lists(WORDS, max_size=6), st.lists(st.sampled_from(["ab", "a", "b a", "ab-a", "@a", "_a", " ", "-", "ba", "é"]), max_size=12))
def test_an_index_finds_whole_words_and_never_overlaps(listed: list[str], parts: list[str]) -> None:
    text = "".join(parts)
    end = 0
    for start, stop in NameIndex(listed).find(text):
        assert text[start:stop] in listed
        assert start >= end
        assert start == 0 or not (text[start - 1].isalnum() or text[start - 1] in "_@/-")
        assert stop == len(text) or not (text[stop].isalnum() or text[stop] in "_@")
        end = stop


def test_an_index_prefers_the_longest_name() -> None:
    assert list(NameIndex(["Sweet", "Sweet Oven", "Oven"]).find("A Sweet Oven, Sweet, Ovens")) == [(2, 12), (14, 19)]


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from(["ORG", "PLACE", "AMOUNT"])), max_size=8),
    st.sets(st.sampled_from(["Vatra", "Tirana", "Vatra Tirana", "of"])),
)
def test_settled_names_are_apart_and_in_order(spans: list[tuple[int, int, str]], certain: set[str]) -> None:
    text = "Vatra Tirana of Vatra, Tirana and Vatra"
    found = [Found(start, min(start + length, len(text)), label) for start, length, label in spans]
    learnt = ReportNames(dict.fromkeys(certain, "ORG"), frozenset({"of"}), {})
    settled = apply_names(text, found, learnt, NameIndex(learnt.certain), {})
    assert all(left.end <= right.start for left, right in pairwise(settled))


def test_a_short_name_at_the_end_of_a_text_is_not_taken_for_a_longer_one() -> None:
    assert list(NameIndex(["UNICEF", "UNICEF Albania"]).find("Three officials of UNICEF")) == [(19, 25)]


def test_a_place_that_begins_a_documents_title_is_no_place_though_the_report_knows_it() -> None:
    names = ReportNames({"Ghana": "PLACE"}, frozenset(), {})
    text = "The 2017 Ghana Maternal Health Survey was made in Ghana."
    found = apply_names(text, [], names, NameIndex(names.certain), {})
    assert [(span.start, span.end) for span in found] == [(len(text) - 6, len(text) - 1)]
