"""Segmentation of made-up reports: which text is whose answer to which question, and what is no passage at all."""

from __future__ import annotations

import itertools
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import layouts
from ffm import segment
from ffm.records import Passage, Report, Segmentation, joined

THEMED = ("answer", "paragraph", "list")


def read(text: str) -> Segmentation:
    return segment(Report("made-up", text))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def themed(text: str) -> list[Passage]:
    return [passage for passage in read(text).passages if passage.kind in THEMED]


def texts(text: str, *kinds: str) -> list[str]:
    return [squeezed(passage.text) for passage in read(text).passages if passage.kind in (kinds or THEMED)]


def conversation(text: str) -> list[tuple[str, str]]:
    """Return (question, answer) pairs, white space single; the question is empty where nobody asked."""
    return [(squeezed(passage.question or ""), squeezed(passage.text)) for passage in themed(text)]


def interviews(text: str) -> list[tuple[str | None, str | None, str | None]]:
    return [(section.source, section.source_type, section.date) for section in read(text).sections if section.interview]


def block_texts(text: str, kind: str) -> list[str]:
    return [squeezed(text[block.start : block.end]) for block in read(text).blocks if block.kind == kind]


# Questions and answers

CONVERSATIONS: dict[str, list[tuple[str, str]]] = {
    "BOLD_QUESTIONS": [
        (
            "**How many prisoners are held in Kuje?**",
            "There are 840 prisoners in a building for 560. **Overcrowding** is our first problem.",
        ),
        ("**Please tell us about the food.**", "Three meals a day. The budget for a prisoner's meals is 750 naira a day."),
        ("**Are women held apart from men?**", "They are. The women's wing has its own guards."),
        ("**What do you see when you visit?**", "Cells without light. Men sleep in shifts."),
        ("**And how does the service answer your letters?**", "It does not."),
    ],
    "BOLD_QUESTION_IN_LINE": [
        ("**How long is the course?**", "Nine months. It was six until 2015."),
        ("**Who teaches law?**", "Two judges."),
    ],
    "BOLD_WRAPPED_QUESTIONS": [
        ("**How many women stay in the house at present, and where do they come from?**", "Eleven. They come from the hills."),
        ("**And who pays?**", "The province."),
    ],
    "ITALIC_QUESTIONS": [("*How long is the course?*", "Nine months."), ("_Who teaches law?_", "Two judges.")],
    "QUESTION_ANSWER_WORDS": [
        ("Question 1: How many families have gone back to the old city?", "About 3,100 families, most of them since 2020."),
        (
            "Question 2: Is there running water?",
            "In some streets. Where there is none, tankers come twice a week. They come late in summer.",
        ),
        ("Question 3: Who clears the rubble?", "The municipality and two contractors."),
    ],
    "QUESTION_WORD_HEADINGS": [
        ("### Question 1 How many women stay there?", "Eleven."),
        ("### Question 2: Who pays?", "The province."),
    ],
    "QUESTION_HEADINGS": [
        ("### What does a widow inherit?", "The law gives her a third. Custom often gives her nothing."),
        ("### Who helps her to go to court?", "A legal aid council with two lawyers."),
        ("### Do widows go to court?", "Hardly ever."),
    ],
    "MARKS_ALONE": [
        ("Question: How many beds are there?", "There are 40."),
        ("Question 2 Who pays?", "The province."),
        ("**Q** Is it enough?", "No."),
    ],
    "SPEAKERS": [
        ("Interviewer: Who may ask for alternative service?", "Members of ten registered religious bodies. The law names them."),
        (
            "Interviewer: And a man who has no religion but objects?",
            "The law gives him no way. He may write to a court, and some did in 2023.",
        ),
        ("Interviewer: How long does the court take?", "Three to five months."),
    ],
    "NAMED_SPEAKERS": [
        ("Ms Carter: What kind of cases do you take?", "Ms Tran: Land cases above all, and some cases of wages."),
        (
            "Ms Carter: Do your clients pay?",
            "Ms Tran: Nobody pays. We live on grants from two foundations. Note: the second foundation left in 2020.",
        ),
        ("Ms Carter: What happens when the grants end?", "Ms Tran: We close."),
    ],
    "CAPITAL_LABELS": [
        ("**INTERVIEWER:** How many pupils are in your class?", "**MRS OKORO:** Ninety."),
        ("**INTERVIEWER:** Do they have books?", "**MRS OKORO:** One for three pupils."),
        ("**INTERVIEWER:** What do you need most?", "**MRS OKORO:** Chairs."),
    ],
    "OFFICIALS": [
        ("Q. How do you treat people who are sent back?", "Official 1: They are met at the airport by two of our staff."),
        ("Q. How do you treat people who are sent back?", "Official 2: We give them 5,000 naira for the bus."),
        ("Q. Does anybody follow up?", "Official 1: No. We have no people for that."),
        ("Q. Does anybody follow up?", "Official 3: An NGO in Benin City does."),
    ],
    "SAME_LINE": [
        ("Q: Are there enough nurses?", "No. Four wards share two nurses at night."),
        ("Q: Do they get their wages on time?", "Since May they do."),
        ("Q. Is medicine free?", "Insulin is free, the rest is not."),
    ],
    "LINE_BREAK_TAGS": [("Q. Is it open at night?<br>", "Until ten.<br/>"), ("Q. Who comes?<br />", "Mothers.")],
    "NO_BLANK_LINES": [
        ("How many women stay in the house?", "Eleven."),
        ("Who pays for it?", "The province pays. It pays late."),
        ("Where do they go then?", "Home."),
        ("How many nurses work here?", "Two."),
    ],
    "WRAPPED_INTERVIEW": [
        (
            "Q. How many ships came in May, and how many of them carried grain?",
            "Nineteen ships came. Fourteen of them carried grain, the others carried fuel and machines. In April there were more.",
        ),
        ("Q. Is the harbour safe at night?", "It is closed at night."),
    ],
    "IRREGULAR_MARKS": [
        ("Q. How many displaced people live here?", "Close to 30,000 are registered."),
        ("Q Where do they live?", "In schools, in hotels and with families."),
        ("Q . Who pays the hotels?", "The oblast pays. It pays late."),
        ("Q, Do children go to school?", "They do, in two shifts."),
        ("q: Is there room for more?", "There is room in the villages, not in the town."),
        ("Q) Will they stay?", "Half of them will."),
        ("**Q.** Do men find work?", "In building, yes."),
        ("Q– What of the old?", "They miss home."),
    ],
    "INITIALS": [
        ("Q1. How many of your members were threatened last year?", "Thirty-one told us so."),
        ("Q2. Did the police act?", "In four cases."),
        ("Q3) Are women threatened more often?", "More often on the internet."),
    ],
    "FAQ": [
        ("1. Where do I get a passport?", "At the office of your district. It takes 14 days."),
        ("2. How much does it cost?", "200,000 dong. Children pay half."),
        ("3. Can my sister fetch it?", "She can, with a letter."),
    ],
    "NUMBERED_QUESTIONS": [
        ("1. How many wells are there?", "There are 300 wells."),
        ("2. How many are dry?", "Ninety, for these reasons: 1. Little rain. 2. Dams upstream."),
        ("3. What is done?", "Nothing."),
    ],
    "HARD_SPACES": [("Q. How many ships?", "Nine ships."), ("Q. Large ones?", "Two.")],
    "MIXED_STYLES": [
        ("Q. Is the port open?", "It is."),
        ("Interviewer: How many members do you have?", "900."),
        ("Interviewer: Do they pay?", "Half of them pay."),
        ("How many officers do you have?", "There are 300."),
        ("Are they trained?", "For six weeks."),
    ],
}


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_each_answer_has_its_question(name: str) -> None:
    assert conversation(layouts.ALL[name]) == CONVERSATIONS[name]
    assert {passage.kind for passage in themed(layouts.ALL[name])} == {"answer"}


def test_unmarked_question_is_a_line_that_ends_in_a_question_mark() -> None:
    pairs = conversation(layouts.UNMARKED_QUESTIONS)
    assert pairs[0][0] == ""  # the introduction asks within a sentence
    assert pairs[1] == ("", "The Union runs a house for women in Hanoi. It opened in 2007.")
    assert [question for question, _ in pairs[2:]] == [
        "How many women stay in the house at present?",
        "Who pays for their food?",
        "When they leave, where do they go and what happens to them there?",
        "Could you describe your work?",
        "Do the police help you?",
    ]
    assert "Is that enough? No, we ask donors for the rest." in pairs[3][1]
    assert pairs[5][1].endswith("- 40 people in 2021 - 61 people in 2022")


def test_rhetorical_question_in_an_answer_is_no_question() -> None:
    questions = [question for question, _ in conversation(layouts.RHETORICAL_QUESTION)]
    assert questions == ["How many stalls are there?", "What do people buy?"]


def test_sentence_that_only_begins_like_a_mark_is_none() -> None:
    pairs = conversation(layouts.TRAPS)
    assert [question for question, _ in pairs] == ["Q. Which fevers do you watch?", "Q. What may a farmer do?"]
    fevers, farmer = (answer for _, answer in pairs)
    for sentence in ("A number of herds", "A third were", "Quarantine lasts", "Queries go", "Q-fever vaccine is", "A vaccine for"):
        assert sentence in fevers
    assert "a. He sells the herd to the state. b. He pays for the tests himself. c. He waits." in farmer
    assert farmer.endswith("A.M. Sani, the vet, knows more than I do.")


@pytest.mark.parametrize(
    ("paragraphs", "answer"),
    [
        ("Q, R and S agree.", "Yes. Q, R and S agree."),
        ("Question marks remain.", "Yes. Question marks remain."),
        ("Answers differ.", "Yes. Answers differ."),
        ("A few do not.", "Yes. A few do not."),
        ("A: yes, B: no.", "yes, B: no."),
    ],
)
def test_paragraph_after_an_answer_continues_it(paragraphs: str, answer: str) -> None:
    assert conversation(f"## Port, 3 May 2021\n\nQ. Is it so?\n\nA. Yes.\n\n{paragraphs}\n")[-1][1] == answer


def test_lettered_paragraphs_are_no_answers() -> None:
    assert "A. Courts are slow. A case takes four years." in texts(layouts.LETTERED_PARAGRAPHS)
    assert {passage.kind for passage in themed(layouts.LETTERED_PARAGRAPHS)} == {"paragraph"}
    listed = "## Port, 3 May 2021\n\nQ. Which steps are there?\n\nA. Register.\n\nB. Wait.\n\nC. Leave.\n"
    assert conversation(listed) == [("Q. Which steps are there?", "A. Register. B. Wait. C. Leave.")]


def test_lists_and_later_paragraphs_stay_in_their_answer() -> None:
    first, second, third, fourth = conversation(layouts.LISTS)
    assert (
        first[1]
        == "We offer three things: - schooling - in tents - in two schools - meals - clothes in winter The clothes are given by people of the city."
    )
    assert second[1] == "In this order: 1. Children without parents. 2. Families with more than five children. 3. All others."
    assert third == ("Q. Is there a list?", "• Yes, on paper.")
    assert fourth == ("Q. Which papers must they bring?", "* a card of the camp * a letter")


def test_question_is_not_carried_into_the_next_section() -> None:
    text = "## Port, 3 May 2021\n\nQ. Is it so?\n\nA. Yes.\n\n## Annex\n\nThe port has nine cranes and two of them work.\n"
    assert conversation(text)[-1] == ("", "The port has nine cranes and two of them work.")


# Sources, dates, sections


@pytest.mark.parametrize(
    ("title", "source", "date"),
    [
        ("Caritas, 6 October 2022", "Caritas", "2022-10-06"),
        ("Caritas – 6 October 2022", "Caritas", "2022-10-06"),
        ("Caritas (6 October 2022)", "Caritas", "2022-10-06"),
        ("6 October 2022: Caritas", "Caritas", "2022-10-06"),
        ("Thursday, 6 October 2022 — Caritas", "Caritas", "2022-10-06"),
        ("Interview with the Ministry of Justice, 3 March 2021", "Ministry of Justice", "2021-03-03"),
        ("Meeting with a lawyer on 12 October 2022", "lawyer", "2022-10-12"),
        ("Notes of the meeting with UNHCR, 2021-03-04", "UNHCR", "2021-03-04"),
        ("3. Bar Association of Erbil, March 5, 2021", "Bar Association of Erbil", "2021-03-05"),
        ("Bar Association, 03/14/2022", "Bar Association", "2022-03-14"),
        ("Human Rights Office, 06.03.2021", "Human Rights Office", "2021-03-06"),
        ("PORT AUTHORITY, 1 JUNE 2020", "PORT AUTHORITY", "2020-06-01"),
        ("Port Authority, 1st of June 2020", "Port Authority", "2020-06-01"),
        ("Port Authority, 1-2 June 2020", "Port Authority", "2020-06-01"),
        ("Interview 4: Port Authority, 1 June 2020", "Port Authority", "2020-06-01"),
        ("Interview with the Governor, 5 May 2022, via Skype", "Governor", "2022-05-05"),
    ],
)
@pytest.mark.parametrize("form", ["{}", "## {}", "### **{}**", "**{}**", "{}\n====="])
def test_title_names_the_source_and_the_date(form: str, title: str, source: str, date: str) -> None:
    text = "The mission met three sources, and this is what they said.\n\n" + form.format(title) + "\n\nQ. Is it so?\n\nA. It is.\n"
    (found,) = [section for section in read(text).sections if section.interview]
    assert (found.source, found.date, found.title) == (source, date, source)
    assert themed(text)[-1].source == source


def test_several_plain_interviews_are_several_sections() -> None:
    assert interviews(layouts.PLAIN_INTERVIEWS) == [
        ("Ministry of Justice", "state", "2021-03-03"),
        ("Heartland Alliance", "ngo", "2021-03-04"),
        ("Bar Association of Erbil", "ngo", "2021-03-05"),
        ("Human Rights Office", None, "2021-03-06"),
    ]
    assert block_texts(layouts.PLAIN_INTERVIEWS, "furniture") == ["Baghdad and Erbil, 1 to 12 March 2021"]


def test_details_need_no_bold_and_may_be_lists_or_tables() -> None:
    assert interviews(layouts.DETAILS_WITHOUT_BOLD) == [
        ("Centre for Civil Liberties", "ngo", "2023-09-07"),
        ("State Employment Service", "state", "2023-09-08"),
    ]
    assert interviews(layouts.DETAILS_IN_TABLES_AND_LISTS) == [
        ("Women's House", None, "2021-05-03"),
        ("Clinic", "private", "2021-05-04"),
        ("School", None, "2021-05-05"),
    ]
    for text in (layouts.DETAILS_WITHOUT_BOLD, layouts.DETAILS_IN_TABLES_AND_LISTS):
        assert {passage.kind for passage in read(text).passages} == {"answer"}


def test_source_stands_in_the_details_where_no_heading_names_it() -> None:
    assert interviews(layouts.INITIALS) == [("Union of Journalists, Baghdad", "media", "2022-05-02")]
    assert interviews(layouts.DETAIL_BLOCKS) == [
        ("Mr Bello, Head of the Teachers' Union", "ngo", "2021-05-03"),
        ("Parents' Association of Kano", "ngo", "2021-05-04"),
    ]


@pytest.mark.parametrize(
    ("title", "date"),
    [
        ("Caritas\n6 October 2022", "2022-10-06"),
        ("Caritas\n\n6 October 2022", "2022-10-06"),
        ("## Caritas\n\n*6 October 2022*", "2022-10-06"),
        ("Interview with Caritas\nHue, 6 October 2022", "2022-10-06"),
        ("Caritas, October 2022", None),
        ("Caritas (Oct. 2022)", None),
    ],
)
def test_date_may_stand_below_the_name_or_be_a_month(title: str, date: str | None) -> None:
    ((source, kind, found),) = interviews(f"{title}\n\nQ. Is it so?\n\nA. It is.\n")
    assert source is not None
    assert source.startswith("Caritas")
    assert (kind, found) == ("ngo", date)


def test_interview_without_a_name_has_no_source() -> None:
    text = "# Notes\n\n## Interview 1\n\nWho pays?\n\nNobody.\n\n## Interview 2\n\nWho helps?\n\nAll of them.\n"
    assert interviews(text) == [(None, None, None), (None, None, None)]
    assert conversation(text) == [("Who pays?", "Nobody."), ("Who helps?", "All of them.")]


def test_text_under_details_is_no_detail() -> None:
    text = "## Caritas\n\n**Date:** 5 May 2021\n\nThe source has no rice.\n\n## Red Cross\n\n**Date:** 6 May 2021\n\nThe source has some.\n"
    assert [(passage.source, passage.text) for passage in themed(text)] == [
        ("Caritas", "The source has no rice."),
        ("Red Cross", "The source has some."),
    ]
    named = "## Caritas\n\n**Date:** 5 May 2021\n\nAnna Nowak, head of the office\n\n---\n\nQ. Is it so?\n\nA. Yes.\n"
    assert conversation(named) == [("Q. Is it so?", "Yes.")]


def test_date_below_the_title_of_a_report_makes_no_interview() -> None:
    line = "The road is long and has nine bridges, of which two are closed."
    text = f"Country report\n\n6 October 2022\n\nIntroduction\n\n{line}\n\nRoads\n\n{line}\n"
    assert interviews(text) == []
    assert [(passage.section, passage.text) for passage in themed(text)] == [("Introduction", line), ("Roads", line)]


def test_minutes_in_numbered_paragraphs_are_interviews() -> None:
    assert interviews(layouts.MINUTES) == [
        ("western embassy, Baghdad", "international", "2022-04-26"),
        ("international organisation, Erbil", "international", "2022-04-28"),
    ]
    assert [(passage.kind, passage.source) for passage in themed(layouts.MINUTES)] == [
        ("paragraph", "western embassy, Baghdad"),
        ("paragraph", "western embassy, Baghdad"),
        ("paragraph", "international organisation, Erbil"),
    ]
    assert [name for name, _, _ in interviews(layouts.NUMBERED_INTERVIEWS)] == ["Supreme Court, Abuja", "western embassy, Abuja"]


def test_section_without_a_date_is_an_interview_where_its_heading_names_a_body() -> None:
    assert interviews(layouts.UNDATED) == [("Lawyer in Hanoi", "private", None), ("Ministry of Justice", "state", None)]


def test_subsections_belong_to_the_interview_above_them() -> None:
    for text in (layouts.SUBHEADINGS, layouts.PLAIN_SUBHEADINGS):
        assert {passage.source for passage in themed(text)} == {"Bar Association"}
        assert {passage.date for passage in themed(text)} == {"2021-05-03"}


def test_date_of_the_heading_that_contradicts_the_details_is_kept_and_reported() -> None:
    text = "## Port, 7 May 2020\n\n**Date:** 7 May 2021\n\n**Meeting with:** A pilot\n\nQ. Is it so?\n\nA. Yes.\n"
    (passage,) = themed(text)
    assert (passage.date, passage.date_conflict) == ("2021-05-07", "2020-05-07")
    (notice,) = read(text).notices
    assert "2020-05-07" in notice
    assert "2021-05-07" in notice


@pytest.mark.parametrize("name", ["COVER_DETAILS", "DATED_TITLE", "LISTED_SOURCES", "CONTENTS_DOTS", "NO_HEADINGS"])
def test_narrative_with_dates_is_no_interview(name: str) -> None:
    found = [source for source, _, _ in interviews(layouts.ALL[name])]
    assert found == (["Ministry of Public Security"] if name == "CONTENTS_DOTS" else [])


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("CAPITAL_HEADINGS", ["COUNTRY REPORT: IRAQ", "1 INTRODUCTION", "1.1 Method", "2 HEALTH"]),
        ("LETTERED_HEADINGS", ["Report on the camps", "A. Background", "B. Water"]),
        ("COVER_DETAILS", ["Country note: Iraq", "Police", "Courts"]),
        ("DATED_TITLE", ["Country note: Iraq, 5 May 2021", "Police", "Courts"]),
        ("NUMBERED_PARAGRAPHS", ["4. Freedom of movement", "4.2 Sponsors"]),
        ("NO_HEADINGS", []),
    ],
)
def test_headings_make_sections(name: str, titles: list[str]) -> None:
    assert [section.title for section in read(layouts.ALL[name]).sections] == titles


# Paragraphs, footnotes, tables, furniture


def test_numbered_paragraph_begins_after_its_number() -> None:
    assert texts(layouts.NUMBERED_PARAGRAPHS)[1] == "The card costs 25,000 dinar. It is valid for one year."
    assert [passage.kind for passage in themed(layouts.NUMBERED_PARAGRAPHS)] == ["paragraph", "paragraph", "list", "paragraph"]


def test_paragraphs_of_plain_text() -> None:
    assert len(texts(layouts.HARD_WRAPPED)) == 3
    assert texts(layouts.INDENTED)[0].endswith("He does not get a receipt.")
    assert texts(layouts.INDENTED)[1].startswith("Buses go twice a day.")
    assert len(texts(layouts.ONE_LINE_PARAGRAPHS)) == 5
    assert len(texts(layouts.NO_HEADINGS)) == 3


@pytest.mark.parametrize(
    "sentence",
    [
        "Test strips are sold in shops and cost 400 hryvnia a box, which is a fifth of a pension.",
        "The ward was painted in 2022 by volunteers.",
        "Some patients travel for two hours and sleep in the corridor.",
    ],
)
def test_sentence_that_a_footnote_cuts_is_joined(sentence: str) -> None:
    (passage,) = [passage for passage in themed(layouts.FOOTNOTES) if sentence in passage.text]
    assert len(passage.parts) == 2


def test_footnotes_of_every_style_are_kept_as_footnotes() -> None:
    assert texts(layouts.FOOTNOTES, "footnote") == [
        "[^1]: Ministry of Health, order 12 of 2021.",
        "<sup>2</sup> Visit of 3 June 2023.",
        "³ Interview with a nurse, Lviv. She has worked there for nine years.",
        "4 Ministry of Veterans, annual report 2022, page 14.",
        "1. The report was written in Kyiv. 2. Names were left out.",
    ]
    assert texts(layouts.BRACKETED_NOTES, "footnote") == ["[1] Visit of 4 May 2021.", "[2] Interview with a driver."]
    assert texts(layouts.ENDNOTES, "footnote") == ["1 Visit of May 2021.", "2 Interview with a teacher.", "3 Ibid.", "4 Market survey."]


def test_paragraphs_with_numbers_in_brackets_are_no_footnotes() -> None:
    assert len(texts(layouts.BRACKETED_PARAGRAPHS)) == 3


@pytest.mark.parametrize("name", ["PAGED", "FORM_FEEDS", "PAGES_OF_TEXT"])
def test_page_numbers_and_running_heads_are_left_out_and_sentences_joined(name: str) -> None:
    found = themed(layouts.ALL[name])
    assert any(len(passage.parts) == 2 for passage in found)
    for passage in found:
        assert not re.search(r"Ministry for Home Affairs|Country (?:note|[Rr]eport)|[Pp]age \d|- \d -|^\d+$", passage.text)
        assert passage.text.endswith(".")
    assert [passage.page for passage in found] == sorted(passage.page or 0 for passage in found)
    assert found[0].page == (3 if name == "PAGED" else 1)


def test_tables_are_kinds_of_their_own() -> None:
    tables = [passage.text.splitlines()[0] for passage in read(layouts.TABLES).passages if passage.kind == "table"]
    assert tables == ["| Year | Men | Women |", "Province\tCases\tSolved", "Year     Arrests     Trials", "<table>"]
    assert texts(layouts.TABLES) == [
        "Arrivals by year:",
        "The number of women rises.",
        "Duhok has fewer police officers.",
        "Trials take longer than arrests.",
        "No other city keeps figures.",
    ]
    assert [passage.kind for passage in read(layouts.PIPES_WITHOUT_EDGES).passages] == ["table", "paragraph"]


def test_answer_and_question_run_on_over_a_table_and_a_footnote() -> None:
    assert conversation(layouts.TABLE_IN_ANSWER) == [
        (
            "Q. How many people cross?",
            "The figures are these, for the first half of the year and with the ferry left out. Most of them are traders. They go home at night.",
        ),
        ("Q. Are there children among them?", "Few."),
    ]


@pytest.mark.parametrize(
    "line", ["Date:\tMonday", "1.\tFirst", "•   a bed\n•   a meal", "Q.\tWho?", "\tA paragraph that begins with a tab."]
)
def test_tabs_and_gaps_after_marks_make_no_table(line: str) -> None:
    assert texts(f"Before it.\n\n{line}\n\nAfter it.\n", "table") == []


@pytest.mark.parametrize("name", ["CONTENTS_DOTS", "CONTENTS_LINKS", "CONTENTS_WITHOUT_DOTS", "CONTENTS_THEN_INTERVIEWS"])
def test_contents_list_is_no_passage_and_what_follows_is(name: str) -> None:
    found = texts(layouts.ALL[name])
    assert not any(re.search(r"\.\.\.|\]\(#|Introduction|Ministry", text) for text in found)
    assert len(found) == {"CONTENTS_LINKS": 2, "CONTENTS_THEN_INTERVIEWS": 2}.get(name, 3)


def test_entry_of_the_contents_list_that_returns_is_a_heading() -> None:
    titles = [section.title for section in read(layouts.CONTENTS_DOTS).sections]
    assert titles == ["Contents", "Introduction", "1. Police", "1.1 Recruitment", "Ministry of Public Security"]


def test_apparatus_and_links_back_are_no_passages() -> None:
    text = "# Report\n\nWater is scarce.\n\n[Back to Contents](#)\n\n# Version control\n\n- version 1\n- valid from May\n\n## Clearance\n\nCleared in May.\n"
    assert texts(text) == ["Water is scarce."]


# What holds for every report


@pytest.mark.parametrize("name", layouts.ALL)
def test_line_ends_and_hard_spaces_change_nothing(name: str) -> None:
    def shape(text: str) -> list[tuple]:
        return [
            (p.kind, p.section, p.source, p.date, p.page, squeezed(p.question or ""), squeezed(p.text), len(p.parts))
            for p in read(text).passages
        ]

    text = layouts.ALL[name]
    for changed in (text.replace("\n", "\r\n"), text.replace("\n", "\r"), text.replace("\n", " \n")):
        assert shape(changed) == shape(text)
    if not re.search(r"\s{2}|#|\t", text):
        assert shape(text.replace(" ", "\u00a0")) == shape(text)


def holds(text: str) -> None:
    """Check what holds for the segmentation of any text."""
    found = read(text)
    assert "".join(text[block.start : block.end] for block in found.blocks) == text
    assert all(block.start < block.end for block in found.blocks)
    assert [passage.passage for passage in found.passages] == [f"made-up/{number:04d}" for number in range(1, len(found.passages) + 1)]
    for passage in found.passages:
        assert passage.text == joined(text, passage.parts)
        assert (passage.start, passage.end) == (passage.parts[0][0], passage.parts[-1][1])
        ends = [offset for part in passage.parts for offset in part]
        assert ends == sorted(ends)
        assert all(text[start:end].strip() for start, end in passage.parts)
        if passage.question_parts:
            assert passage.question == joined(text, passage.question_parts)
            assert passage.question_start == passage.question_parts[0][0]
        if passage.kind in THEMED:
            assert len(passage.text.split()) <= 150
    spans = sorted(part for passage in found.passages for part in passage.parts)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    covered = {block.start for block in found.blocks if block.kind == "passage"}
    for start in covered:
        end = next(block.end for block in found.blocks if block.start == start)
        assert any(left < end and start < right for left, right in spans)


PIECES = [
    *(
        "Q. ",
        "A. ",
        "A ",
        "Q",
        "Question 1",
        "Answer:",
        "Interviewer: ",
        "Date: 5 May 2021",
        "## ",
        "**",
        "- ",
        "1. ",
        "2.1 ",
        "| a | b |",
        "\t",
    ),
    *(
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\f",
        "\u2028",
        " ",
        "   ",
        "?",
        ". ",
        ": ",
        "word",
        "Word ",
        "the",
        "12",
        "<sup>1</sup> ",
        "[^1]: ",
        "†",
        "---",
    ),
    *(
        "Contents",
        "....... 4",
        "References",
        "Back to Contents",
        "Caritas, 6 October 2022",
        "Table 1. ",
        "(",
        ")",
        "[",
        "](",
        "\u00a0",
        "&nbsp;",
        "\\.",
    ),
    *(
        "The team asked if ",
        "Mr BELLO - ",
        "HON. A. B.- ",
        "Ana [00:01] ",
        "Q46",
        "☐ Yes",
        "‘",
        "’",
        "> ",
        "said:",
        "Start of part (A)",
        "End of part (A)",
        "Section 1.",
        "a. ",
        "Glossary",
        "Version 2, May 2021",
        "Held on: 5 May 2021",
        "\n3\n",
        "…… ",
    ),
]


@settings(max_examples=250, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=60).map("".join)))
def test_nothing_is_lost_in_any_text(text: str) -> None:
    holds(text)


@pytest.mark.parametrize("name", layouts.ALL)
def test_nothing_is_lost_in_any_layout(name: str) -> None:
    holds(layouts.ALL[name])
    assert read(layouts.ALL[name]) == read(layouts.ALL[name])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(min_value=1, max_value=60), min_size=1, max_size=40))
def test_long_answers_are_cut_at_sentences_into_nearly_equal_passages(lengths: list[int]) -> None:
    sentences = [" ".join(["word"] * (length - 1) + ["end."]).capitalize() for length in lengths]
    found = themed("## Port, 3 May 2021\n\nQ. Is it so?\n\nA. " + " ".join(sentences) + "\n")
    assert " ".join(passage.text for passage in found) == " ".join(sentences)
    counts = [len(passage.text.split()) for passage in found]
    assert max(counts) <= 150
    assert len(counts) <= -(-sum(lengths) // 90)
    assert all(passage.text.lower().endswith("end.") for passage in found)


def test_sentence_that_has_no_end_is_cut_into_nearly_equal_passages() -> None:
    assert [len(passage.text.split()) for passage in themed("word " * 301 + "end.")] == [101, 101, 100]
    assert len(themed("x" * 1_000_000)) == 1


SIZE = 100_000
HARD = ["#", "[", "*", "_", "(", ")", "<", "|", "-", ".", "?", "…", '"', "\t", "\n", "Q", "1", "=", "\\", "x"]
HARD_LINES = [
    "Mr A - Yes?\n\n",
    "Ana [00:01] Yes. ",
    "He said:\n\n‘Yes.\n\n",
    "The team asked if it is so\n\nYes.\n\n",
    "End of part\n\nStart of part\n\n",
    "Word\n\n",
    "Ab: c\n",
    "Ab: 3 May 2021\n",
    "# a. Ab\n\n",
    "He came.\n3\nShe",
    "☐ Yes\n\n",
    "Contents\n\nAa ...... 4\n\n",
    "… ",
    ". ",
    "reports reported that: ",
    "‘",
]
HARD_PAIRS = ["<sup>", "<sup>1</sup>", "](", "[a](b", "Q. ", "? A. ", "1. ", "**a?** ", "- \n", "A\n\n", "(1)"]
STUBS = ["", "Q", "A.", "Date", "Date:", "x.", "#", "1.", "-", "|", "[", "Mr X:", "Answer", "<sup>", "Contents"]


@pytest.mark.parametrize(
    "text",
    [
        *(character * SIZE for character in HARD),
        *(pair * (SIZE // 4 // len(pair)) for pair in HARD_PAIRS),
        *(line * (SIZE // 4 // len(line)) + "x" for line in HARD_LINES),
        *(f"{stub}{' ' * 2 * SIZE}x" for stub in STUBS),
        "He said so." + "¹²³" * 20 + "x",
        "[(" * (SIZE // 2) + ")]" * (SIZE // 2),
        "x." + ")" * SIZE + "y",
        "x." + " (1)" * (SIZE // 4) + "y",
    ],
    ids=lambda text: f"{text[:6]!r}{len(text)}",
)
def test_no_text_takes_long(text: str) -> None:
    before = time.process_time()
    read(text)
    assert time.process_time() - before < 4


def test_time_is_linear_in_the_text() -> None:
    one = "".join(text for name, text in layouts.ALL.items() if not name.startswith(("FORM", "PAGES"))) * 2

    def seconds(text: str) -> float:
        before = time.process_time()
        read(text)
        return time.process_time() - before

    read(one)
    assert seconds(one * 8) < 8 * 2.5 * max(seconds(one), 0.02)
