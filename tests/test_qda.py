"""REFI-QDA as NVivo, MAXQDA, ATLAS.ti and QualCoder save it: codings come back at their words, under their coder's name, with memos."""

from __future__ import annotations

import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import SubElement

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

import qda_programs
from conftest import Done
from ffm.exchange.refi_places import aligned, counted
from ffm.exchange.refi_project import Selection
from ffm.gold.comments import Comment, read_comments
from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord, read_gold, text_digest, write_gold
from ffm.project.project import find_project
from ffm.records import Report
from qda_programs import Saved

SCHEME = find_project().scheme
SCHEMA = Path(__file__).parent / "schemas" / "refi-qda-1.5.xsd"
THEME, CORE = next(theme for theme in SCHEME.theme_ids if theme not in SCHEME.stance_ids), SCHEME.core_ids[0]
TEXT = "Two nurses of UNICEF work in Tirana 👩‍⚕️.\nThey met 12 cases in Vlora. \n\n  Nobody was told.\n"
CASES, VLORA, NOBODY = TEXT.index("12 cases"), TEXT.index("Vlora"), TEXT.index("Nobody")
SECOND = TEXT.index("They")
RECORDS = (
    GoldRecord(0, SECOND - 1, (GoldEntity(14, 20, "ORG"), GoldEntity(29, 35, "PLACE")), (THEME,)),
    GoldRecord(
        SECOND,
        VLORA + 6,
        (GoldEntity(CASES, CASES + 8, "AMOUNT", kind="count", low=12, high=12, noun="cases"), GoldEntity(VLORA, VLORA + 5, "PLACE")),
        (CORE,),
        {CORE: "denied"},
    ),
    GoldRecord(NOBODY, NOBODY + 16, role="context"),
)
ADDED = GoldEntity(4, 10, "ORG")


@pytest.fixture
def exported(here: Path, run_ffm: Callable[..., Done]) -> Path:
    """Return a project of a small registered report, in the working folder."""
    (here / "raw_text").mkdir()
    (here / "raw_text" / "nurses.txt").write_bytes(TEXT.encode())
    (here / "raw_text" / "reports.toml").write_text('[nurses]\nfile = "nurses.txt"\n')
    header = GoldHeader("nurses", text_digest(Report("nurses", TEXT)), SCHEME.version, "ffm tag", "ffm tag", False, "2026-11-21")
    write_gold(here / "nurses.jsonl", header, RECORDS)
    assert run_ffm("export", "nurses.jsonl", "--format", "refi-qda", "-o", "out.qdpx").code == 0
    return here / "out.qdpx"


@pytest.fixture
def imported(run_ffm: Callable[..., Done]) -> Callable[[Path], Done]:
    """Return a function that imports a project into the folder ``back``."""
    return lambda path: run_ffm("import", path, "--format", "refi-qda", "-o", "back")


def readings(folder: Path = Path("back")) -> tuple[GoldHeader, tuple[GoldRecord, ...]]:
    header, records = read_gold(folder / "nurses.jsonl")
    return header, tuple(replace(record, anchor=None) for record in records)


WITH_ADDED = (replace(RECORDS[0], entities=(ADDED, *RECORDS[0].entities)), *RECORDS[1:])


def test_what_is_written_is_valid_by_the_published_schema(exported: Path, run_ffm: Callable[..., Done]) -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    digest = Path(__file__).parents[1] / "annotations" / "gold" / "albania-ffm-2022-digest.jsonl"
    assert run_ffm("export", digest, "--format", "refi-qda", "-o", "digest.qdpx").code == 0
    for path in (exported, Path("digest.qdpx")):
        with zipfile.ZipFile(path) as archive:
            schema.assertValid(etree.fromstring(archive.read("project.qde")))


@pytest.mark.parametrize("name", ["nvivo", "maxqda", "atlas", "qualcoder"])
def test_a_project_of_tests_is_one_that_the_schema_allows(exported: Path, name: str) -> None:
    path = getattr(qda_programs, name)(exported).save(Path("saved.qdpx"))
    with zipfile.ZipFile(path) as archive:
        data = archive.read("project.qde").replace(b"project:1.5", b"project:1.0")
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(etree.fromstring(data))


def test_a_project_of_nvivo_comes_back(exported: Path, imported: Callable[[Path], Done]) -> None:
    crlf = TEXT.replace("\n", "\r\n").encode() + b"\r\n"
    done = imported(qda_programs.nvivo(exported).save(Path("a.qdpx"), text=b"\xef\xbb\xbf" + crlf))
    assert (done.code, done.err) == (0, "")
    header, records = readings()
    assert records == WITH_ADDED
    assert (header.annotator, header.made_by, header.verified, header.date) == ("Anna Lind", "human annotator", False, "2026-11-27")
    assert "back/comments.csv: 1 comment\n" in done.out
    assert read_comments(Path("back/comments.csv")) == [
        Comment("nurses", 4, 10, "nurses", "ORG", "Anna Lind", "2026-11-28", "Are nurses a body?\nI think not.")
    ]


def test_a_project_of_maxqda_comes_back_without_its_empty_selections(exported: Path, imported: Callable[[Path], Done]) -> None:
    saved = qda_programs.maxqda(exported)
    done = imported(saved.save(Path("a.qdpx"), qde="Second round.qde", folder="Sources", text=TEXT.rstrip().encode()))
    assert (done.code, done.errors) == (0, ["notice: a.qdpx: nurses: 1 empty selection left out"])
    header, records = readings()
    assert (header.annotator, records) == ("Bruno Marek", WITH_ADDED)
    (comment,) = read_comments(Path("back/comments.csv"))
    assert (comment.quote, comment.about, comment.author) == ("Nobody was told", "", "Bruno Marek")
    assert comment.comment == "By whom? The guideline should say."


def test_a_project_of_atlas_comes_back_with_its_way_to_count(exported: Path, imported: Callable[[Path], Done]) -> None:
    saved = qda_programs.atlas(exported)
    done = imported(saved.save(Path("a.qdpx"), qde="round/project.qde", folder="round/sources", text=TEXT.replace("\n", "\r\n").encode()))
    assert (done.code, done.err) == (0, "")
    header, records = readings()
    assert (header.annotator, records) == ("Chen Wei", WITH_ADDED)
    (comment,) = read_comments(Path("back/comments.csv"))
    assert (comment.start, comment.end, comment.about, comment.comment) == (4, 10, "ORG", "See rule 2.")


def test_a_project_of_qualcoder_comes_back(exported: Path, imported: Callable[[Path], Done]) -> None:
    saved = qda_programs.qualcoder(exported)
    done = imported(saved.save(Path("a.qdpx"), text=TEXT.removesuffix("\n").encode()))
    assert (done.code, done.err) == (0, "")
    header, records = readings()
    assert (header.annotator, records) == ("dana", WITH_ADDED)
    (comment,) = read_comments(Path("back/comments.csv"))
    assert (comment.report, comment.about, comment.comment) == ("", "PLACE", "=What of rivers?")


def test_two_coders_have_a_folder_each_and_can_be_compared(
    exported: Path, imported: Callable[[Path], Done], run_ffm: Callable[..., Done]
) -> None:
    saved = Saved(exported)
    saved.select("nurses", "Organisation", saved.user("anna"))
    ben = saved.user("ben")
    saved.select("nurses ", "Organisation", ben)
    saved.select("Two", "Organisation", ben)
    done = imported(saved.save(Path("a.qdpx")))
    assert (done.code, done.err) == (0, "")
    assert readings(Path("back/anna"))[1] == WITH_ADDED
    header, records = readings(Path("back/ben"))
    assert (header.annotator, records[0].entities[:2]) == ("ben", (GoldEntity(0, 3, "ORG"), ADDED))
    assert run_ffm("agreement", "back/anna", "back/ben").code == 0


def test_a_coder_whose_name_leads_elsewhere_is_refused(exported: Path, imported: Callable[[Path], Done]) -> None:
    saved = Saved(exported)
    saved.select("nurses", "Organisation", saved.user("../anna"))
    saved.select("Two", "Organisation", saved.user("ben"))
    done = imported(saved.save(Path("a.qdpx")))
    assert (done.code, Path("back").exists()) == (1, False)
    assert 'the annotator "../anna" cannot name a folder' in done.err


@pytest.mark.parametrize(
    ("end", "code", "complaint"),
    [
        (lambda start: start - 2, 1, "is outside of the text"),
        (lambda start: 4000, 1, "is outside of the text"),
        (lambda start: start, 0, "1 empty selection left out"),
    ],
)
def test_a_selection_that_ends_before_it_begins_is_named(
    exported: Path, imported: Callable[[Path], Done], end: Callable[[int], int], code: int, complaint: str
) -> None:
    saved = Saved(exported)
    selection = saved.select("nurses", "Organisation", "")
    selection.set("endPosition", str(end(4)))
    done = imported(saved.save(Path("a.qdpx")))
    assert (done.code, len(done.errors)) == (code, 1)
    assert complaint in done.err


def test_white_space_that_was_selected_too_is_no_part_of_a_mark(exported: Path, imported: Callable[[Path], Done]) -> None:
    saved = Saved(exported)
    for selection in list(saved.source):
        if selection.get("name") == "12 cases":
            selection.set("endPosition", str(int(selection.get("endPosition", "")) + 1))
    saved.select(" \n\n  ", "Organisation", "")
    done = imported(saved.save(Path("a.qdpx")))
    assert (done.code, readings()[1]) == (0, RECORDS)
    assert done.errors == ["notice: a.qdpx: nurses: 1 empty selection left out"]


def test_codings_of_a_whole_source_and_memos_without_a_file_cost_nothing_else(exported: Path, imported: Callable[[Path], Done]) -> None:
    saved = Saved(exported)
    anna = saved.user("anna")
    coding = SubElement(saved.source, f"{qda_programs.NS}Coding", {"guid": saved.guid(), "creatingUser": anna})
    SubElement(coding, f"{qda_programs.NS}CodeRef", {"targetGUID": saved.code("Place")})
    saved.note("Memo", "", anna)
    note = list(saved.project.iter(f"{qda_programs.NS}Note"))[-1]
    note.remove(note[0])
    note.set("plainTextPath", "internal://none.txt")
    done = imported(saved.save(Path("a.qdpx")))
    assert (done.code, readings()[1]) == (0, RECORDS)
    assert "notice: a.qdpx: nurses: 1 codings of the whole source left out; code its passages" in done.err


def test_two_projects_in_one_file_are_told_apart_by_a_person(exported: Path, refused: Callable[..., str]) -> None:
    path = Saved(exported).save(Path("a.qdpx"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other.qde", b"<Project/>")
    assert "holds several projects (other.qde, project.qde)" in refused("import", path, "--format", "refi-qda", "-o", "back")


# Places


SPACES = st.sampled_from([" ", "\n", "\r\n", "\r", "\t", "\u00a0", "\n ", "\ufeff", ""])
WORDS = st.lists(st.sampled_from(["a", "word", "😀", "12", "é", "."]), min_size=1, max_size=12)


@given(WORDS, st.data())
def test_words_stand_at_their_places_whatever_white_space_is_between_them(words: list[str], data: st.DataObject) -> None:
    spaces = data.draw(st.lists(st.tuples(SPACES, SPACES), min_size=len(words) + 1, max_size=len(words) + 1))
    text = "".join(here + word for (here, _), word in zip(spaces, words, strict=False)) + spaces[-1][0]
    source = "".join(there + word for (_, there), word in zip(spaces, words, strict=False)) + spaces[-1][1]
    offsets = aligned(source, text)
    assert len(offsets) == len(source) + 1
    assert offsets[-1] == len(text)
    assert list(offsets) == sorted(offsets)
    assert all(text[offsets[at]] == character for at, character in enumerate(source) if not (character.isspace() or character == "\ufeff"))


STORY = "😀 The first line.\r\nOf two words, 😀 one.\r\nA third\r\n"


@pytest.mark.parametrize("names", [True, False])
@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize("units", [True, False])
def test_the_way_a_program_counts_is_found_from_what_it_selected(names: bool, lines: bool, units: bool) -> None:
    def count(at: int) -> int:
        before = STORY[:at].replace("\r\n", "\n") if lines else STORY[:at]
        return len(before.encode("utf-16-le")) // 2 if units else len(before)

    selections = []
    for words in ("first", "two words", "one", "third"):
        start = STORY.index(words)
        positions = str(count(start)), str(count(start + len(words)))
        selections.append(Selection("", words if names else "", *positions, "", ""))
    find = counted(STORY, selections, "another program")
    for words, selection in zip(("first", "two words", "one", "third"), selections, strict=True):
        place = find(int(selection.start), int(selection.end))
        assert place is not None
        assert STORY[place[0] : place[1]] == words


# Limits


@pytest.mark.parametrize(
    ("inside", "complaint"),
    [
        (b"<Users>" + b'<User guid="a"/>' * 8_000_000 + b"</Users>", "unpacks to more than"),
        (b"<a>" * 200, "in each other"),
        (b"<Description>" + b"a" * 60_000_000 + b"</Description>", "unpacks to more than"),
    ],
    ids=["elements", "depth", "text"],
)
def test_a_small_file_of_a_large_project_is_refused_soon(here: Path, refused: Callable[..., str], inside: bytes, complaint: str) -> None:
    with zipfile.ZipFile("a.qdpx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", b'<Project xmlns="urn:QDA-XML:project:1.0" name="x">' + inside + b"</Project>")
    tracemalloc.start()
    begun = time.process_time()
    assert complaint in refused("import", "a.qdpx", "--format", "refi-qda", "-o", "back")
    used, (_, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used < 20  # seconds
    assert peak < 300_000_000


def test_elements_are_counted(exported: Path, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ffm.exchange.refi_project.MAX_ELEMENTS", 50)
    assert "project.qde has more than 50 elements" in refused("import", exported, "--format", "refi-qda", "-o", "back")
    monkeypatch.setattr("ffm.exchange.refi_project.MAX_ELEMENTS", 5000)
    monkeypatch.setattr("ffm.exchange.refi_project.MAX_PIECES", 5)
    assert "project.qde has more than 5 pieces of text" in refused("import", exported, "--format", "refi-qda", "-o", "back")
