"""Layouts of the field, each as a kind: debates, transcripts, notes with retold questions, numbered notes, forms, contents lists."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import kinds
from ffm.records import Passage, Report, Segmentation
from ffm.segment import STEPS, segment
from ffm.segment.sources import source_type

SEGMENT = Path(inspect.getfile(segment)).parent


def read(text: str) -> Segmentation:
    return segment(Report("made-up", text))


def squeezed(text: str | None) -> str:
    return " ".join((text or "").split())


def said(text: str) -> list[tuple[str | None, str, str]]:
    """Return (source, question, words) of each passage."""
    return [(passage.source, squeezed(passage.question), squeezed(passage.text)) for passage in read(text).passages]


def paths(text: str) -> list[tuple[str, ...]]:
    return [section.path for section in read(text).sections]


def found(text: str, words: str) -> Passage:
    (passage,) = [passage for passage in read(text).passages if words in squeezed(passage.text)]
    return passage


def test_each_step_works_on_elements_and_calls_no_other_step() -> None:
    modules = {step.__module__.rsplit(".", 1)[-1] for step in STEPS}
    for name in modules:
        tree = ast.parse((SEGMENT / f"{name}.py").read_text(encoding="utf-8"))
        imported = {node.module.rsplit(".", 1)[-1] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
        assert not imported & modules, name


# Sections and their paths


@pytest.mark.parametrize("name", kinds.PATHS)
def test_sections_have_the_path_that_leads_to_them(name: str) -> None:
    text, expected = kinds.PATHS[name]
    assert paths(text) == expected


@pytest.mark.parametrize("name", kinds.PATHS)
def test_section_of_a_passage_is_the_last_of_its_path(name: str) -> None:
    for passage in read(kinds.PATHS[name][0]).passages:
        assert passage.section == (passage.section_path[-1] if passage.section_path else None)


def test_lines_without_blank_lines_between_are_paragraphs_under_their_headings() -> None:
    assert [(passage.section, passage.text) for passage in read(kinds.UNBROKEN).passages] == [
        ("Prisons", "Cells are crowded. Guards are few."),
        ("Prisons", "Men sleep in shifts."),
        ("Courts", "A trial takes four years. Judges ask for money, and nobody is ever sentenced for it."),
        ("Land", "Widows lose their land."),
    ]


def test_lines_that_a_margin_broke_stay_one_paragraph() -> None:
    wrapped = "The road to the\nHarbour was built in\n1960. It is wide.\nLorries use it by night\nand by day.\nNobody mends it.\n"
    assert len(read(wrapped).passages) == 1


# Who says it


@pytest.mark.parametrize("name", kinds.SAID)
def test_words_have_their_speaker_and_their_question(name: str) -> None:
    text, expected = kinds.SAID[name]
    assert said(text) == expected


@pytest.mark.parametrize(
    ("name", "kind"), [("DEBATE", "state"), ("TRANSCRIPT_STAMPS_FIRST", "academic"), ("DEBATE_DASHES", None), ("EVIDENCE_SESSION", None)]
)
def test_speakers_have_the_type_that_their_office_tells(name: str, kind: str | None) -> None:
    assert {passage.source_type for passage in read(kinds.SAID[name][0]).passages if passage.kind == "answer"} == {kind}


@pytest.mark.parametrize("name", kinds.INTERVIEWS)
def test_interviews_have_source_and_date_to_the_next_one(name: str) -> None:
    text, expected = kinds.INTERVIEWS[name]
    result = read(text)
    assert [(section.source, section.date) for section in result.sections if section.interview] == expected
    assert all(passage.source for passage in result.passages)
    assert not any(
        word in passage.text for passage in result.passages for word in ("Date", "Held on", "Present", "Venue", "Opening remarks")
    )


def test_interview_that_the_text_begins_in_has_no_source_and_not_that_of_the_next() -> None:
    text = "#### The team asked about wells\n\nThere are two.\n\n" + kinds.RETOLD
    assert [(passage.source, squeezed(passage.question)) for passage in read(text).passages][:2] == [
        (None, "#### The team asked about wells"),
        ("nurse", "#### The delegation asked about medicines in the camp"),
    ]


@pytest.mark.parametrize("mark", ["#### ", ""])
def test_questions_that_are_retold_are_questions(mark: str) -> None:
    text = kinds.RETOLD.replace("#### ", mark)
    assert [(squeezed(passage.question), squeezed(passage.text)) for passage in read(text).passages] == [
        (f"{mark}The delegation asked about medicines in the camp", "She said that there are none. The last were used in May."),
        (f"{mark}The delegation enquired whether doctors visit", "Twice a month."),
        (f"{mark}The delegation aksed how people pay", "They do not pay."),  # misspelt as it is
    ]
    assert {(passage.source, passage.date) for passage in read(text).passages} == {("nurse", "2020-05-03")}


def test_headings_of_the_mark_of_questions_are_questions() -> None:
    text = kinds.RETOLD + "\n#### Follow-up: who pays\n\nThe province.\n"
    assert squeezed(read(text).passages[-1].question) == "#### Follow-up: who pays"


def test_narrative_headings_that_speak_of_questions_are_headings() -> None:
    text = "# Report\n\n## Children questioned by police\n\nSome were held for a night.\n\n## Persons invited to court\n\nFew came.\n"
    assert [passage.section for passage in read(text).passages] == ["Children questioned by police", "Persons invited to court"]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("word", ["Question", "Answer"])
def test_word_into_which_a_sentence_runs_is_no_mark(word: str, gap: str) -> None:
    text = f"The committee returned the paper with the{gap}{word}. It was then kept in the records of the town.\n\nMembers left at nine.\n"
    passages = read(text).passages
    assert [passage.kind for passage in passages] == ["paragraph", "paragraph"]
    assert squeezed(passages[0].text).startswith(f"The committee returned the paper with the {word}. It")


def test_word_that_a_margin_put_first_is_no_mark_in_a_text_that_asks_nothing() -> None:
    text = "The clerk sent the paper back with a curt\nAnswer. It will be read again in June.\n\nA boat sank at the quay in May.\n"
    assert [(passage.kind, squeezed(passage.text)) for passage in read(text).passages] == [
        ("paragraph", "The clerk sent the paper back with a curt Answer. It will be read again in June."),
        ("paragraph", "A boat sank at the quay in May."),
    ]


def test_title_that_asks_and_calls_to_the_reader_are_no_questions() -> None:
    asked = [(passage.question, passage.text) for passage in read(kinds.GUIDE).passages if passage.question]
    assert asked == [("How do families in your village live now?", "They sell wood.")]


# Quotations


def test_quotation_carries_its_introduction_and_who_is_quoted() -> None:
    result = [(passage.paragraph, passage.quoted_source, squeezed(passage.text)) for passage in read(kinds.QUOTATIONS).passages]
    assert result == [
        (
            "2.3.1",
            "Lantern Rights Group",
            "In its report of May 2021, Lantern Rights Group wrote: “Women are held in cells with men.",
        ),
        ("2.3.1", "Lantern Rights Group", "“Guards take their phones.”"),
        ("2.3.2", "Bureau of Statistics", "According to the Bureau of Statistics: “Some 400 women were held in 2020.”"),
        ("2.3.3", "Bureau of Statistics", "The same source added: “Nobody counts the men.”"),
        ("2.3.4", "2019 harbour survey", "The 2019 harbour survey found that: > Nets are old."),
        ("2.3.5", None, "Cells are cold."),
    ]
    assert found(kinds.QUOTATIONS, "Some 400").source_type == "state"


@pytest.mark.parametrize(
    ("introduction", "name"),
    [
        ("The relief fund noted:", "relief fund"),
        ("The relief fund’s report noted that:", "relief fund’s report"),
        ("In June 2020, Harbour Watch, a network of fishermen, reported as follows:", "Harbour Watch"),
        ("Harbour Watch has also stated that:", "Harbour Watch"),
        ("A police officer told the mission:", "police officer"),
        ("As per the census office:", "census office"),
        ("Harbour Watch stated in a letter of 4 May 2020 that:", "Harbour Watch"),
        ("Writing for the Bay Post in March 2020, Ana Belo observed:", "Ana Belo"),
        ("Two weeks later, Radio Quay reported:", "Radio Quay"),
        ("As the lake fund noted in May 2020:", "lake fund"),
        ("In March 2020 the harbour master wrote that:", "harbour master"),
        ("In 2020 Harbour Watch reported:", "Harbour Watch"),
        ("Asked about the nets, the harbour master replied:", "harbour master"),
        ("Speaking at the boat fair, Ana Belo, who chairs the lake fund, said:", "Ana Belo"),
        ("The nets were counted in May 2020. None was whole. The lake fund, in a page titled “Nets”, stated:", "lake fund"),
        ("The lake fund, citing two fishermen, wrote in its bulletin that –", "lake fund"),
        ("Harbour Watch, Lake Fund and Radio Quay stated:", "Harbour Watch, Lake Fund and Radio Quay"),
        ("After the talks, the following villages were identified:", None),
        ("As stated in the lake fund survey 2020:", "lake fund survey 2020"),
        ("There are three reasons:", None),
    ],
)
def test_introduction_names_who_is_quoted(introduction: str, name: str | None) -> None:
    (passage,) = read(f"{introduction}\n\n‘The nets are old.’\n").passages
    assert passage.quoted_source == name


@pytest.mark.parametrize("words", ["The source also noted:", "The report added that:", "It went on to say:"])
def test_introduction_that_points_back_names_who_was_quoted_before(words: str) -> None:
    text = f"Harbour Watch wrote:\n\n‘The nets are old.’\n\n{words}\n\n‘So are the boats.’\n"
    assert [passage.quoted_source for passage in read(text).passages] == ["Harbour Watch", "Harbour Watch"]


def test_attribution_within_a_paragraph_names_who_is_quoted() -> None:
    text = "Harbour Watch stated that ‘the nets are old, the boats are older, and nobody lends money for new ones’.\n"
    assert read(text).passages[0].quoted_source == "Harbour Watch"
    assert (
        read("**Boats:** Harbour Watch stated that “no boat left the harbour in the whole of the winter”.\n").passages[0].quoted_source
        == "Harbour Watch"
    )
    assert read("People call it ‘the pit’ and say that nobody comes out of it before the rains.\n").passages[0].quoted_source is None


@pytest.mark.parametrize(
    "text",
    [
        "The islands’ “ministry” reported 41 arrests, and the “guard” that it commands shut two more harbours before the storms of that winter.",
        "Harbour votes took place in May. Watchers of the league reported that they “were held in daylight and with ink that did not wash off”.",
        "Significant problems of the islands included reports of: arrests by “guards”; searches of boats by “customs officers”; and closed schools.",
        "The rules of the port forbid mooring and publishing of “lists that name the dead of the harbour, its fires or its wrecks”.",
        "There were continued reports that “no boat left the harbour in the whole of the winter”.",
    ],
)
def test_words_in_quotation_marks_do_not_make_a_paragraph_somebody_elses(text: str) -> None:
    assert read(f"{text}\n").passages[0].quoted_source is None


def test_an_apostrophe_does_not_end_a_quotation() -> None:
    text = "The port doctor said that ‘they don’t come before it’s too late, and the nurses’ room is empty by then’.\n"
    assert read(text).passages[0].quoted_source == "port doctor"


# Kinds of sources


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Human Rights Watch", "ngo"),
        ("Doctors Without Borders", "ngo"),
        ("Island Lawyers for Human Rights", "ngo"),
        ("Women’s Centre Tall Masts", "ngo"),
        ("law firm Tall Masts", "private"),
        ("Office of the UN High Commissioner for Human Rights", "international"),
        ("International Labour Organisation", "international"),
        ("European Court of Human Rights", "international"),
        ("Island Human Rights Commission", "state"),
        ("Ministry of Harbours", "state"),
        ("Reuters", "media"),
        ("Sunday Post", "media"),
        ("Harbour Gazette", "media"),
        ("University of the Islands", "academic"),
        ("Tall Masts", None),
    ],
)
def test_a_body_is_of_the_kind_that_its_name_tells(name: str, kind: str | None) -> None:
    assert source_type(name) == kind


# Numbers, notes, furniture


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4.1.2 The house has no cook.\n", "4.1.2"),
        (
            "12. The mission went to the hills and heard that wells are dry.\n\n13. It saw the clinic, which has neither doctor nor bed.\n",
            "12",
        ),
        ("[31] The applicant left in May.\n", "31"),
        ("§ 14 The court has nine members.\n", "14"),
        ("(4) The court heard two men.\n\n(5) It found that the paper was false.\n", "4"),
        ("¶8. The court heard two men.\n", "8"),
        ("para 2.3 The fee was raised.\n", "2.3"),
        ("6.1.b Few of them volunteer.\n", "6.1.b"),
        ("B.12 The unit has two cars.\n", "B.12"),
        ("14 Houses were burned.\n", None),
        ("Paragraph 8 of the law is not followed.\n", None),
        ("The house has no cook.\n", None),
    ],
)
def test_paragraph_keeps_its_number_in_a_column(text: str, number: str | None) -> None:
    passage = read(text).passages[0]
    assert passage.paragraph == number
    assert number is None or not passage.text.startswith(f"{number} ")


def test_numbered_paragraphs_without_blank_lines_are_paragraphs_and_the_mark_of_a_note_is_no_part_of_them() -> None:
    assert [(passage.kind, passage.paragraph, squeezed(passage.text)) for passage in read(kinds.NUMBERED).passages] == [
        ("paragraph", "14", "The mission went to the three camps in the hills, where it met the elders."),
        ("paragraph", "15", "It heard that wells were dry and that lorries no longer came. Most families had left for the town."),
        ("paragraph", "16", "The mission saw the clinic, which has no doctor."),
    ]


def test_mark_of_a_note_that_is_glued_to_a_sentence_does_not_join_numbered_paragraphs() -> None:
    text = "8. The mission saw the cells in which nine men slept on the\nfloor of the yard.14\n9. It was told that the roof would be mended before the\nrains came again.\n"
    assert [(passage.kind, passage.paragraph) for passage in read(text).passages] == [("paragraph", "8"), ("paragraph", "9")]


def test_heading_that_asks_without_a_question_mark_is_a_question_in_an_interview() -> None:
    text = kinds.INTERVIEWS["headings that ask without a question mark"][0]
    assert [squeezed(passage.question) for passage in read(text).passages] == ["## Can families come back?", "## Who helps them then"]


def test_title_with_a_date_below_is_the_reports_and_no_interview() -> None:
    text = "Short paper\n\nOstland – Wells and springs\n\n12 May 2020\n\nBasis\n\nIt was written by two.\n\nWells\n\nThey are dry.\n"
    result = read(text)
    assert result.report_date == "2020-05-12"
    assert not any(section.interview for section in result.sections)
    assert {passage.source for passage in result.passages} == {None}


@pytest.mark.parametrize("name", kinds.FURNITURE)
def test_what_is_no_text_makes_no_passage(name: str) -> None:
    text, expected = kinds.FURNITURE[name]
    assert [(passage.section, squeezed(passage.text)) for passage in read(text).passages] == expected


def test_ticked_form_is_answered() -> None:
    ticked = "Does the person need a bed?\n\n☒ Yes\n\nWhere is she now?\n\nIn a church in the old town.\n"
    assert "In a church in the old town." in [passage.text for passage in read(ticked).passages]


# Front matter and dates


def test_front_matter_is_told_apart() -> None:
    parts = {squeezed(passage.text): passage.part for passage in read(kinds.FRONT).passages}
    assert parts == {
        "Officers use this note.": "front",
        "Roads are mined.": "evidence",
        "The methods of traffickers have changed.": "evidence",
        "VOT means victim.": "front",
        "Nine people were met.": "front",
    }


def test_what_introduces_interviews_is_front_matter_and_a_summary_is_not() -> None:
    interviews = "".join(
        f"## Port office {number}, {number} May 2021\n\nQ. How many ships came?\n\nA. Nine ships came in the spring, and none of them was searched.\n\n"
        for number in range(1, 4)
    )
    text = f"# Mission\n\n## Background\n\nTwo officers went.\n\n## Summary\n\nShips are not searched.\n\n# Notes\n\n{interviews}"
    parts = [(passage.section, passage.part) for passage in read(text).passages]
    assert parts[:3] == [("Background", "front"), ("Summary", "evidence"), ("Port office 1", "evidence")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Version 6.2, May 2022\n\nRoads\n\nRoads are mined.\n", "2022-05"),
        ("Country note\n\nLast updated: 4 May 2021\n\nRoads are mined.\n", "2021-05-04"),
        ("Committee on Works\n\nTuesday 14 May 2024\n\nQ1 Chair: Who builds the road?\n\nMr Reed: Nobody.\n", "2024-05-14"),
        ("# Country note: Maravia, 5 May 2021\n\n## Police\n\nThere are 300 police stations.\n", "2021-05-05"),
        ("Roads are mined. They were mined on 4 May 2021.\n", None),
    ],
)
def test_report_has_its_own_date(text: str, day: str | None) -> None:
    result = read(text)
    assert result.report_date == day
    assert {passage.report_date for passage in result.passages} == {day}


def test_the_menu_of_a_page_that_was_copied_as_text_is_no_passage() -> None:
    text = (
        "Skip to main content\n\nThe Bakers' Post\n\nRecipes\n\nMills and ovens\n\nFacebook\nInstagram\n\n"
        "Inspectors fined 7 bakers in Orto in May.\n\nPrivacy notice\n\nCookies\n\nBack to top\n"
    )
    assert [passage.text for passage in segment(Report("page", text)).passages] == ["Inspectors fined 7 bakers in Orto in May."]


def test_short_lines_that_no_site_says_stay() -> None:
    text = "Ovens\n\nNine are warm in the town of Orto and two in Lenta today.\n\nContact\n\nThe bakers were met by a clerk who showed them the mill.\n"
    assert len(segment(Report("page", text)).passages) == 2


def test_a_page_number_with_the_title_and_year_of_the_document_is_the_foot_of_a_page() -> None:
    text = "Four ovens are cold in the town of Orto.\n\n112\nSurvey of Bakers 2014\n\nTwo mills turn.\n\nOvens\n12 in 2014\n"
    passages = [passage.text for passage in segment(Report("page", text)).passages]
    assert passages[:2] == ["Four ovens are cold in the town of Orto.", "Two mills turn."]


def test_marks_of_one_font_are_bullets_and_signs_without_words_are_none() -> None:
    text = "\ufffc\ufffc\ufffc\n\uf0b7 Three bakers were fined.\n\n\uf0b7 Two mills were shut.\n\n\ufffcThey opened again in July.\n"
    found = segment(Report("page", text)).passages
    assert [passage.kind for passage in found] == ["list", "paragraph"]


def test_what_markdown_carries_besides_words_is_no_passage() -> None:
    text = (
        '---\ntitle: "Survey of ovens"\nkeywords: bread\n...\n\nMost ovens are full.^[Answer 77.]\n\n![Map of ovens](map.pdf){#fig:map}\n\n'
        "[image1]: <data:image/png;base64,iVBORw0KGgo=>\n\n  [1]: https://x.y/z\n"
    )
    assert [passage.text for passage in segment(Report("page", text)).passages] == ["Most ovens are full.^[Answer 77.]"]


def test_a_subject_with_its_short_form_is_no_speaker() -> None:
    text = "\n\n".join(
        [
            "Harbour Safety Rules (HSR): The rules forbid swimming near the quay. They were renewed last year.",
            "Rescue Boat Service (RBS): The service has three boats. One of them is old.",
            "The coast is long.",
        ]
    )
    assert [(passage.source, passage.text[:7]) for passage in segment(Report("coast", text)).passages] == [
        (None, "Harbour"),
        (None, "Rescue "),
        (None, "The coa"),
    ]
