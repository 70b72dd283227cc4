"""Segmentation of real reports: those of others where they stand beside the repository, and the project's own digests always."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from ffm import segment
from ffm.ingest import read_report
from ffm.records import Segmentation, joined

HERE = Path(__file__).parents[1] / "raw_text"
SHARED = Path(__file__).parents[2] / "shared" / "raw_text"
DIGESTS = sorted(HERE.glob("*-digest.md"))
OTHERS = sorted(path for path in SHARED.glob("*") if path.suffix in (".md", ".txt", ".pdf"))
FFM_2022 = SHARED / "albania-ffm-2022.md"
THEMED = ("answer", "paragraph", "list")
needs_others = pytest.mark.skipif(not FFM_2022.is_file(), reason="the reports of others are not here")

INTERVIEWS_2022 = [
    ("UNICEF", "international", "2022-10-05", None),
    ("Different and Equal", "ngo", "2022-10-05", None),
    ("OSCE", "international", "2022-10-05", None),
    ("Tjeter Vizion", "ngo", "2022-10-05", None),
    ("Center for Legal Civic Initiatives", "ngo", "2022-10-06", None),
    ("Caritas", "ngo", "2022-10-06", None),
    ("Mobile unit, Kukes", None, "2022-10-07", "2020-10-07"),
    ("Ministry of Interior", "state", "2022-10-06", "2022-10-07"),
    ("Kukes Municipality", "state", "2022-10-07", None),
    ("Vatra Psycho-Social Center", "ngo", "2022-10-10", None),
    ("Ministry of Health and Social Protection", "state", "2022-10-10", None),
    ("State Agency for Child Rights and Protection", "state", "2022-10-11", None),
    ("Terres des Homme", "ngo", "2022-10-10", "2022-10-11"),
    ("Mary Ward Loreto", "ngo", "2022-10-10", "2022-10-11"),
    ("BIRN Albania", "media", "2022-10-12", None),
    ("Tirana Municipality", "state", "2022-10-12", None),
    ("National Agency for Employment and Skills", "state", "2022-10-12", None),
]


@cache
def read(path: Path) -> Segmentation:
    return segment(read_report(path))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def named(paths: list[Path]) -> object:
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.name)


@named(DIGESTS + OTHERS)
def test_blocks_partition_the_text_and_passages_quote_it(path: Path) -> None:
    found = read(path)
    text = found.report.text
    assert "".join(text[block.start : block.end] for block in found.blocks) == text
    for passage in found.passages:
        assert passage.text == joined(text, passage.parts)
        assert passage.kind not in THEMED or len(passage.text.split()) <= 150
    assert segment(found.report) == found


@named(DIGESTS + OTHERS)
def test_every_block_of_text_lies_in_a_passage(path: Path) -> None:
    found = read(path)
    parts = [part for passage in found.passages for part in passage.parts]
    questions = {part for passage in found.passages for part in passage.question_parts}
    for block in found.blocks:
        if block.kind == "passage":
            assert any(start < block.end and block.start < end for start, end in parts)
        if block.kind == "question":
            assert any(start < block.end and block.start < end for start, end in questions), found.report.text[block.start : block.end]


@named(DIGESTS + OTHERS)
def test_no_sentence_is_taken_for_a_heading_or_for_furniture(path: Path) -> None:
    found = read(path)
    cover = next((section.start for section in found.sections if section.title == "Contents"), 0)
    for block in found.blocks:
        text = squeezed(found.report.text[block.start : block.end])
        if block.kind in ("heading", "furniture") and block.start >= cover and "...." not in text:
            assert len(text.split()) <= 20 or re.fullmatch(r"(?:\S{1,4} )+\S{1,4}", text)
            assert not re.search(r"[a-z]{3}[.!?]$", text) or "restricted" in text or "cleared" in text


def said(text: str) -> list[str]:
    """Return the answers by a reading of its own: what stands between a mark and the next heading, no rule, footnote or link back."""
    answers: list[str] = []
    asking = inside = False
    for line in map(str.strip, text.splitlines()):
        if re.match(r"#{1,6} |\*\*[^*]+\*\*$", line):
            inside = False
        elif re.match(r"Q\s?[.:,]|Q [A-Z]", line):
            inside = asking = True
        elif match := re.match(r"A\s?[.:]\s*", line):
            inside, asking = True, False
            answers.append(line[match.end() :])
        elif inside and line and not re.match(r"[-*_ ]+$|\[Back to|<sup>|\d+\. |\|", line) and "\t" not in line:
            if asking and not line.endswith("?"):
                asking = False
                answers.append(line)
            elif not asking:
                answers[-1] += f" {line}"
    return answers


@named([*(path for path in DIGESTS if "ffm-2022" in path.name), *(path for path in OTHERS if path == FFM_2022)])
def test_at_least_99_of_100_sentences_of_the_answers_lie_in_passages(path: Path) -> None:
    found = read(path)
    passages = "\n".join(squeezed(passage.text) for passage in found.passages if passage.kind in THEMED)
    sentences = [sentence for answer in said(found.report.text) for sentence in re.split(r"(?<=[.!?])\s+", squeezed(answer)) if sentence]
    missing = [sentence for sentence in sentences if sentence not in passages]
    assert len(sentences) > 150
    assert len(missing) <= 0.01 * len(sentences), missing


@needs_others
def test_seventeen_interviews_with_source_type_and_date() -> None:
    found = [(s.source, s.source_type, s.date, s.date_conflict) for s in read(FFM_2022).sections if s.interview]
    assert found == INTERVIEWS_2022
    assert len(read(FFM_2022).notices) == 4


@needs_others
def test_answers_of_the_interview_report_have_questions() -> None:
    found = read(FFM_2022)
    kinds = Counter(passage.kind for passage in found.passages)
    assert kinds["answer"] >= 300
    assert all(passage.question and passage.source and passage.date for passage in found.passages if passage.kind == "answer")
    assert sum(passage.question.count("?") >= 1 for passage in found.passages if passage.question) > 0.9 * kinds["answer"]
    assert not any(re.match(r"[QA][.:]", passage.text) for passage in found.passages)
    assert not any("Back to Contents" in passage.text or "\n---" in passage.text for passage in found.passages)
    assert sum(len(passage.parts) > 1 for passage in found.passages) >= 30  # cut by page breaks and footnotes


@needs_others
def test_sections_after_an_interview_keep_its_source() -> None:
    sources = {section.title: section.source for section in read(FFM_2022).sections}
    assert sources["Ministry of Interior statistics provided by UNICEF"] == "UNICEF"
    assert sources["Forms of exploitation of males"] == "Vatra Psycho-Social Center"
    assert sources["Version control"] is None


@needs_others
def test_thematic_report_is_read_in_numbered_paragraphs() -> None:
    found = read(SHARED / "albania-ffm-2018.md")
    assert not any(re.match(r"\d\.\d", passage.text) for passage in found.passages)
    assert {passage.kind for passage in found.passages} == {"paragraph", "list", "table"}
    assert "2.10 Re-trafficking" in [section.title for section in found.sections]
    assert not any(section.interview for section in found.sections)


@needs_others
def test_enormous_paragraphs_are_cut_into_passages_of_nearly_equal_length() -> None:
    found = read(SHARED / "us-tip-albania-2021-excerpt.txt")
    counts = [len(passage.text.split()) for passage in found.passages]
    assert max(counts) <= 150
    assert min(counts) >= 80
    assert {passage.kind for passage in found.passages} == {"paragraph"}


@named([path for path in OTHERS if "-dol-" in path.name])
def test_running_heads_page_numbers_and_table_captions_are_no_passages_and_no_sections(path: Path) -> None:
    found = read(path)
    heads = r"ADVANCEMENT\W*$|FINDINGS ON THE WORST|BUREAU OF INTERNATIONAL|F I N D I N G S|L A B O R|^\W*(?:Albania|Nigeria)\W*$|^\W*\d{1,2}\W*$"
    assert not any(re.search(heads, re.sub(r"</?u>", "", passage.text)) for passage in found.passages if passage.kind in THEMED)
    assert not any(re.search(r"Table \d|Figure \d|<mark>", section.title) for section in found.sections)
    kinds = Counter(passage.kind for passage in found.passages)
    assert kinds["table"] >= 9
    assert kinds["footnote"] >= 20
    assert kinds["paragraph"] >= 20
    assert len({passage.page for passage in found.passages}) >= 7


@named([path for path in OTHERS if "-hrr-" in path.name])
def test_human_rights_reports_are_read_by_section(path: Path) -> None:
    found = read(path)
    assert len(found.sections) in (5, 6)
    assert {passage.kind for passage in found.passages} == {"paragraph"}
    ended = [passage for passage in found.passages if re.search(r"[.:)][”’\"']*$", passage.text)]
    assert len(ended) >= len(found.passages) - 1  # one lacks its full stop in the original


@named([path for path in OTHERS if path.suffix == ".pdf"])
def test_pdfs_have_headings_whole_paragraphs_and_tables(path: Path) -> None:
    found = read(path)
    titles = [section.title for section in found.sections]
    assert titles[0].startswith("I. PREVALENCE")
    assert {"Labor Law Enforcement", "Criminal Law Enforcement", "REFERENCES"} <= set(titles)
    assert len(titles) == 10
    rows = [passage.text for passage in found.passages if passage.kind == "table"]
    assert any("Number of Labor Inspectors\t" in text for text in rows)
    paragraphs = [passage.text for passage in found.passages if passage.kind == "paragraph" and len(passage.text.split()) > 30]
    whole = [text for text in paragraphs if text[0].isupper() and text.endswith((".", ":", ")"))]
    assert len(whole) >= 15
    assert len(paragraphs) - len(whole) <= 1  # a table without rules


def test_digest_of_the_interview_report() -> None:
    found = read(HERE / "albania-ffm-2022-digest.md")
    interviews = [section for section in found.sections if section.interview]
    assert len(interviews) == 11
    assert all(section.source_type or section.source == "Mobile unit, Kukës" for section in interviews), [s.source for s in interviews]
    assert len(found.notices) == 2
    assert sum(passage.kind == "answer" for passage in found.passages) >= 60


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@named(DIGESTS)
def test_digests_read_the_same_with_other_line_ends(path: Path, end: str) -> None:
    def shape(found: Segmentation) -> list[tuple]:
        return [(p.kind, p.section, p.source, p.date, squeezed(p.question or ""), squeezed(p.text)) for p in found.passages]

    report = read(path).report
    assert shape(segment(type(report)(report.id, report.text.replace("\n", end)))) == shape(read(path))
