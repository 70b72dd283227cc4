"""Nothing of a report is lost: blocks partition any text, passages quote it exactly; each real layout is read as what it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ffm.ingest import read_report
from ffm.records import Report, Segmentation
from ffm.segment import segment

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "raw_text"
SAMPLES = sorted((ROOT / "raw_text").glob("*-digest.md"))
REPORTS = SAMPLES + (sorted(path for path in REAL.iterdir() if path.suffix in (".md", ".txt", ".pdf")) if REAL.exists() else [])

PIECES = st.sampled_from(
    [
        "Q. ",
        "A. ",
        "Q: Why?",
        "a. Yes",
        "# ",
        "## Police, 3 May 2021",
        "**Date:** 4 May 2021",
        "---",
        "\n",
        "\n\n",
        "\r\n",
        "\f",
        "\u00a0",
        "| a | b |",
        "\t1\t2",
        "1. ",
        "- ",
        "<sup>1</sup> ",
        "[^1]: ",
        "2.1.3 ",
        "Official 2: ",
        "word ",
        "It rained. ",
        "Is it so?",
        "(",
        ")",
        "[x](y)",
        "**",
        "_",
        "\u2028",
        "\ufeff",
        "é",
        "中",
        "😀",
        "12",
        "Page 3 of 9",
    ]
)


def check(found: Segmentation) -> None:
    text = found.report.text
    assert "".join(text[block.start : block.end] for block in found.blocks) == text
    for passage in found.passages:
        assert passage.text == " ".join(text[start:end] for start, end in passage.parts)
        assert (passage.start, passage.end) == (passage.parts[0][0], passage.parts[-1][1])
        assert all(start < end for start, end in passage.parts)
        assert all(before[1] <= after[0] for before, after in zip(passage.parts, passage.parts[1:], strict=False))
        if passage.question is not None:
            assert passage.question == " ".join(text[start:end] for start, end in passage.question_parts)
    ids = [passage.passage for passage in found.passages]
    assert len(set(ids)) == len(ids)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_blocks_partition_any_text(text: str) -> None:
    check(segment(Report("r", text)))


@settings(deadline=None, max_examples=200)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_blocks_partition_any_jumble_of_marks(text: str) -> None:
    check(segment(Report("r", text)))


@pytest.mark.parametrize("path", REPORTS, ids=[path.name for path in REPORTS])
def test_blocks_partition_each_real_layout_and_passages_are_short(path: Path) -> None:
    found = segment(read_report(path))
    check(found)
    assert found.passages
    for passage in found.passages:
        if passage.kind in ("answer", "paragraph", "list"):
            assert len(passage.text.split()) <= 150


def test_the_digest_of_the_interviews_has_its_sources_dates_and_contradictions() -> None:
    found = segment(read_report(ROOT / "raw_text" / "albania-ffm-2022-digest.md"))
    interviews = [section for section in found.sections if section.interview]
    assert len(interviews) == 11
    assert all(section.source and section.date and section.date.startswith("2022-10") for section in interviews)
    assert len(found.notices) == 2
    answers = [passage for passage in found.passages if passage.kind == "answer"]
    assert all(passage.question for passage in answers)
    assert any(len(passage.parts) > 1 for passage in found.passages)


@pytest.mark.skipif(not REAL.exists(), reason="the real reports are not here")
def test_the_report_of_2022_has_17_interviews_and_4_contradictions() -> None:
    found = segment(read_report(REAL / "albania-ffm-2022.md", "albania-ffm-2022"))
    interviews = [section for section in found.sections if section.interview]
    assert len(interviews) == 17
    assert all(section.source and section.date for section in interviews)
    assert sum(section.date_conflict is not None for section in interviews) == len(found.notices) == 4


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Q. Who pays?\n\nA. Nobody pays.\n", "Who pays?"),
        ("Q: Who pays?\n\nNobody pays.\n", "Who pays?"),
        ("Q Who pays?\n\na. Nobody pays.\n", "Who pays?"),
        ("Q . Who pays?\n\nA, Nobody pays.\n", "Who pays?"),
        ("Question 1: Who pays?\nAnswer 1: Nobody pays.\n", "Who pays?"),
        ("**Who pays for the shelters?**\n\nNobody pays.\n", "Who pays for the shelters?"),
        ("Q. Who pays? A. Nobody pays.\n", "Who pays?"),
        ("Q.\u00a0Who pays?\r\n\r\nA.\u00a0Nobody pays.\r\n", "Who pays?"),
        ("Q. Who pays?\n\nOfficial 1: Nobody pays.\n", "Who pays?"),
    ],
)
def test_irregular_marks_are_read_as_what_they_are(text: str, question: str) -> None:
    found = segment(Report("r", f"## Police, 3 May 2021\n\n**Date:** 3 May 2021\n\n**Meeting with:** two officers\n\n---\n\n{text}"))
    (answer,) = [passage for passage in found.passages if passage.kind == "answer"]
    assert answer.text.endswith("Nobody pays.")
    assert answer.question is not None and question in answer.question
    assert answer.source == "Police"


def test_unmarked_questions_on_lines_of_their_own_are_questions() -> None:
    turns = "\n\n".join(f"What do you do in case {number}?\n\nWe write the case down and wait." for number in range(4))
    found = segment(Report("r", turns))
    assert [passage.kind for passage in found.passages] == ["answer"] * 4


def test_a_sentence_cut_by_a_page_break_and_a_footnote_is_joined() -> None:
    text = "Q. Why?\n\nA. The office closed because the\n\n---\n\n<sup>1</sup> See the register.\n\n---\n\nroof had fallen in. It is open now.\n"
    found = segment(Report("r", text))
    (answer,) = [passage for passage in found.passages if passage.kind == "answer"]
    assert answer.text == "The office closed because the roof had fallen in. It is open now."
    assert [passage.kind for passage in found.passages] == ["answer", "footnote"]


def test_long_answers_are_cut_between_sentences_into_nearly_equal_passages() -> None:
    sentence = "The clerk wrote the number of the house into the book and went on. "
    found = segment(Report("r", "Q. How?\n\nA. " + sentence * 40))
    lengths = [len(passage.text.split()) for passage in found.passages]
    assert len(lengths) == 4
    assert max(lengths) <= 150 and max(lengths) - min(lengths) <= 28
    assert all(passage.text.endswith(".") for passage in found.passages)


def test_text_without_headings_is_paragraphs() -> None:
    found = segment(Report("r", "The first thing was said here.\n\nThe second thing was said there.\n"))
    assert [passage.kind for passage in found.passages] == ["paragraph", "paragraph"]
    assert all(passage.section is None for passage in found.passages)


@pytest.mark.skipif(not REAL.exists(), reason="the real reports are not here")
def test_at_least_99_of_100_sentences_of_answers_lie_in_passages() -> None:
    """Read the answers a second time, line by line and without the segmenter, and look each sentence up in the passages."""
    text = (REAL / "albania-ffm-2022.md").read_text(encoding="utf-8")
    passages = " ".join(
        "".join(character for character in passage.text.lower() if character.isalnum()) for passage in segment(Report("r", text)).passages
    )
    lost, total, answering = [], 0, False
    for line in text.splitlines():
        if re.match(r"^[Aa][.:]\s", line):
            answering, line = True, line[2:]
        elif re.match(r"^(?:Q[\s.:]|#|\*\*|\[Back)", line):
            answering = False
        if not answering or re.match(r"^(?:\s*$|---|<sup>|- $|\t|\[)", line):
            continue
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", line):
            letters = "".join(character for character in sentence.lower() if character.isalnum())
            if len(letters) > 8:
                total += 1
                lost += [] if letters in passages else [sentence]
    assert total > 1000
    assert len(lost) <= 0.01 * total, lost[:5]
