"""Exchange: what was changed outside comes back right or is refused by name; files that are damaged or hostile are refused."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Done
from ffm.errors import RecordError
from ffm.exchange import Format
from ffm.exchange.anchors import AROUND, Position, Quote, anchor, read_selectors, selectors
from ffm.exchange.files import READERS
from ffm.exchange.refi_places import aligned
from ffm.gold.anchors import with_anchors
from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord, read_gold, text_digest, write_gold
from ffm.project.project import find_project
from ffm.records import Report

SCHEME = find_project().scheme
THEME, CORE = next(theme for theme in SCHEME.theme_ids if theme not in SCHEME.stance_ids), SCHEME.core_ids[0]
TEXT = "Two nurses of UNICEF work in Tirana.\nThey met 12 cases in Vlora. Nobody was told.\n"
RECORDS = (
    GoldRecord(0, 36, (GoldEntity(14, 20, "ORG"), GoldEntity(29, 35, "PLACE")), (THEME,)),
    GoldRecord(
        37, 64, (GoldEntity(46, 54, "AMOUNT", kind="count", low=12, high=12), GoldEntity(58, 63, "PLACE")), (CORE,), {CORE: "denied"}
    ),
    GoldRecord(65, 81, role="context"),
)


@pytest.fixture
def gold(here: Path) -> Path:
    """Return a gold file of a small registered report, in the working folder."""
    (here / "raw_text").mkdir()
    (here / "raw_text" / "nurses.txt").write_bytes(TEXT.encode())
    (here / "raw_text" / "reports.toml").write_text('[nurses]\nfile = "nurses.txt"\n')
    header = GoldHeader("nurses", text_digest(Report("nurses", TEXT)), SCHEME.version, "reader", "human annotator", True, "2026-11-21")
    write_gold(here / "nurses.jsonl", header, RECORDS)
    return here / "nurses.jsonl"


@pytest.fixture
def export(run_ffm: Callable[..., Done], gold: Path) -> Callable[[str], Path]:
    """Return a function that exports the small report in a format."""

    def run(format: str) -> Path:
        assert run_ffm("export", gold, "--format", format, "-o", f"x.{format}").code == 0
        return Path(f"x.{format}")

    return run


def test_a_report_whose_text_is_missing_or_another_is_refused_and_the_folder_is_not_made(
    export: Callable[[str], Path], refused: Callable[..., str], run_ffm: Callable[..., Done]
) -> None:
    for format in READERS:
        path = export(format)
        Path("raw_text/nurses.txt").write_text("Other words about other things, of which nobody spoke.")
        done = run_ffm("import", path, "--format", format, "-o", "back")
        assert done.code == 1
        (line,) = done.errors
        assert line.startswith(f"error: {path}: nurses: ")
        assert not Path("back").exists()
        Path("raw_text/nurses.txt").unlink()
        done = run_ffm("import", path, "--format", format, "-o", "back")
        assert "the report's text is not here" in done.errors[0]
        Path("raw_text/nurses.txt").write_bytes(TEXT.encode())
    Path("raw_text/nurses.txt").unlink()
    assert "skipped, the report's text is not here" in refused("export", "nurses.jsonl", "--format", "conll", "-o", "y")


def test_an_id_that_leads_elsewhere_writes_no_file(export: Callable[[str], Path], run_ffm: Callable[..., Done]) -> None:
    path = export("doccano")
    path.write_text(path.read_text().replace('\\"nurses\\"', '\\"../nurses\\"'))
    done = run_ffm("import", path, "--format", "doccano", "-o", "deep/back")
    assert (done.code, list(Path().glob("**/back/**/*"))) == (1, [])
    assert "no report of this id is registered" in done.err


def test_only_one_line_is_printed_for_files_that_are_damaged(here: Path, refused: Callable[..., str]) -> None:
    for format in READERS:
        for number, data in enumerate(
            (b"", b"\x00\x01\x02", b"{}", b"[1]", b'{"items": 3}', b"PK\x03\x04", b"a\tb\tc\n\n", b"[" * 100_000)
        ):
            path = here / f"{number}.x"
            path.write_bytes(data)
            assert refused("import", path, "--format", format, "-o", here / "back").startswith(f"{path}: ")
        assert "cannot be read" in refused("import", here / "none", "--format", format, "-o", here / "back")
        assert not (here / "back").exists()


def test_a_docbin_that_unpacks_to_gigabytes_is_refused(here: Path, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ffm.exchange.docbin.MAX_UNPACKED", 1_000_000)
    (here / "bomb").write_bytes(zlib.compress(bytes(20_000_000)))
    assert "unpacks to more than 1 MB" in refused("import", here / "bomb", "--format", "docbin", "-o", here / "back")


def test_a_file_over_the_limit_is_refused_unread(here: Path, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ffm.exchange.intake.read_capped.__defaults__", (10,))
    (here / "big").write_bytes(bytes(11))
    assert "over the limit" in refused("import", here / "big", "--format", "conll", "-o", here / "back")


# CoNLL


def test_labels_changed_in_conll_come_back_and_broken_ones_are_named(
    export: Callable[[str], Path], run_ffm: Callable[..., Done], refused: Callable[..., str]
) -> None:
    path = export("conll")
    text = path.read_text()
    path.write_text(text.replace("Tirana\tB-PLACE", "Tirana\tO").replace("nurses\tO", "nurses\tB-ORG").replace("\n", "\r\n"))
    assert run_ffm("import", path, "--format", "conll", "-o", "back").code == 0
    assert read_gold(Path("back/nurses.jsonl"))[1][0].entities == (GoldEntity(4, 10, "ORG"), GoldEntity(14, 20, "ORG"))
    for old, new, complaint in [
        ("Tirana\tB-PLACE", "Tirana\tI-PLACE", "I-PLACE continues no entity"),
        ("Tirana\tB-PLACE", "Tirana\tB-CITY", 'no entity label "CITY"'),
        ("Tirana\tB-PLACE", "Durres\tB-PLACE", "its tokens are not those of the report's text"),
        ("Tirana\tB-PLACE\n.\tO\n", "Tirana\tB-PLACE\n", "its tokens end before its text does"),
        ("Tirana\tB-PLACE", "Tirana B-PLACE", "line 10: no token, tab and IOB2 label"),
        (f"themes = {THEME}", "themes = no-such-theme", 'no theme "no-such-theme"'),
        (f"themes = {THEME}", f"themes = {CORE}", "need one stance"),
    ]:
        path.write_text(text.replace(old, new))
        assert complaint in refused("import", path, "--format", "conll", "-o", "back2"), new
    assert not Path("back2").exists()


# doccano


def doccano_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_what_annotators_changed_in_doccano_comes_back(export: Callable[[str], Path], run_ffm: Callable[..., Done]) -> None:
    path = export("doccano")
    rows = doccano_rows(path)
    rows[0] |= {"id": 7, "Comments": [], "entities": [[4, 10, "ORG"]], "cats": [THEME, f"{CORE}:unknown"]}
    rows[1]["cats"] = [CORE]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in reversed(rows)) + "\n\n")
    assert run_ffm("import", path, "--format", "doccano", "-o", "back").code == 0
    first, second, _ = read_gold(Path("back/nurses.jsonl"))[1]
    assert (first.entities, first.stance) == ((GoldEntity(4, 10, "ORG"),), {CORE: "unknown"})
    assert (second.entities, second.stance) == (RECORDS[1].entities, {CORE: "reported"})


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"entities": [[4, 400, "ORG"]]}, "line 1: the span 4-400 leaves the text"),
        ({"entities": [[4, 10, "ORG"], [5, 12, "PLACE"]]}, "overlaps another"),
        ({"entities": [[4, 10, "CITY"]]}, 'no entity label "CITY"'),
        ({"cats": ["bicycles"]}, 'the scheme has no theme "bicycles"'),
        ({"cats": [f"{CORE}:denied", CORE]}, "is marked as"),
        ({"cats": [f"{CORE}:perhaps"]}, "need one stance"),
        ({"text": TEXT[:36].upper()}, "is not what the report's text has there"),
        ({"ffm": "{}"}, "what ffm wrote with the record is damaged"),
    ],
)
def test_what_contradicts_itself_in_doccano_is_named(
    export: Callable[[str], Path], refused: Callable[..., str], change: dict[str, Any], complaint: str
) -> None:
    path = export("doccano")
    rows = doccano_rows(path)
    rows[0] |= change
    path.write_text("\n".join(map(json.dumps, rows)))
    assert complaint in refused("import", path, "--format", "doccano", "-o", "back")


def test_a_row_that_stands_twice_is_refused(export: Callable[[str], Path], refused: Callable[..., str]) -> None:
    path = export("doccano")
    path.write_text(path.read_text() * 2)
    assert "0-36 stands 2 times" in refused("import", path, "--format", "doccano", "-o", "back")


# Web Annotation


@pytest.mark.parametrize(
    ("text", "quote", "position", "found"),
    [
        ("a b a b", Quote("a", "", " b"), Position(4, 5), (4, 5)),
        ("so a c, a b", Quote("a", "", " b"), Position(0, 1), (8, 9)),
        ("so a c", Quote("a", "not ", " here"), Position(0, 1), "between the words around it, but at 3-4"),
        ("so a c", Quote("a", "not ", " here"), Position(3, 4), "between the words around it, but at 3-4"),
        ("so a c", Quote("a"), None, (3, 4)),
        ("a b a b", Quote("a", "", " b"), Position(1, 2), "ambiguous"),
        ("a b a b", Quote("a"), None, "ambiguous"),
        ("a b", Quote("c"), Position(0, 1), "does not stand in the report's text"),
        ("aaa", Quote("aa"), None, "ambiguous"),
        ("a b", Quote("a b"), Position(-3, 9), (0, 3)),
    ],
)
def test_a_quote_is_found_where_it_fits_alone(text: str, quote: Quote, position: Position | None, found: tuple[int, int] | str) -> None:
    if isinstance(found, tuple):
        assert anchor(text, quote, position) == found
    else:
        with pytest.raises(RecordError, match=found):
            anchor(text, quote, position)


ASKED = "**Q. Are there shelters for boys?**\n\nA. "
TWO = f"{ASKED}Yes. The Harbour House takes them in.\n\n{ASKED}Yes. Nobody knows where it stands.\n"
LONG = "The house by the harbour has room for nine of them."


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        (TWO, Quote("Yes.", ASKED, " The Harbour House takes"), 40),
        (TWO, Quote("Yes.", ASKED, " Nobody knows where it"), 119),
        (TWO, Quote("Yes.", "Q. Are there shelters for boys?\nA. ", " The Harbour  House takes"), 40),
        (TWO, Quote("Yes.", ASKED, " The Harbour House takes every boy"), 40),
        (TWO, Quote("Yes.", ASKED, " The Harbour Inn takes them in."), "between the words around it, but at .*40-44 .* 119-123 "),
        (
            TWO,
            Quote("Yes.", "**Q. Are there shelters for girls?**\n\nA. ", " Nobody knows where it stands."),
            "between the words around it",
        ),
        (TWO, Quote("Yes."), "in several places alike, 40-44 .* 119-123 "),
        (f"{ASKED}{LONG} A clerk counts.", Quote(LONG, ASKED, " The mayor counts."), 40),
        (f"{ASKED}{LONG} A clerk counts.", Quote(LONG, "One mayor said so: ", " The mayor counts."), "between the words around it"),
        ("They pay «9,000 lek» a day.", Quote("9,000 lek", "pay «", "» a day"), 10),
        ("a " * 200, Quote("a", "b ", " b"), "in more than 100 places"),
    ],
    ids=[
        "the words after it tell two answers apart",
        "the second of them",
        "marks and white space do not count",
        "what is farther may have been edited",
        "the words after it stand nowhere",
        "another question",
        "nothing tells them apart",
        "a long quote with one whole side",
        "a long quote between other words",
        "quotation marks",
        "too many places",
    ],
)
def test_the_context_of_a_quote_decides(text: str, quote: Quote, found: int | str) -> None:
    for position in (None, Position(0, len(quote.exact))):
        if isinstance(found, int):
            assert anchor(text, quote, position) == (found, found + len(quote.exact))
        else:
            with pytest.raises(RecordError, match=found):
                anchor(text, quote, position)


SAMPLES = [path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parents[1] / "raw_text").glob("*.md"))]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_quote_whose_place_was_deleted_lands_nowhere_else(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SAMPLES))
    start = data.draw(st.integers(0, len(text) - 300))
    end = start + data.draw(st.integers(1, 120))
    quote, position = read_selectors(selectors(text, start, end))
    if text.count(quote.prefix + quote.exact + quote.suffix) == 1:
        assert anchor("Moved on.\n" + text, quote, position) == (start + 10, end + 10)
    around = AROUND + data.draw(st.integers(0, 40))
    left = text[: max(0, start - around)] + text[end + around :]
    try:
        first, last = anchor(left, quote, position)
    except RecordError:
        return
    assert left[max(0, first - AROUND) : last + AROUND] == quote.prefix + quote.exact + quote.suffix


def test_annotations_follow_a_text_that_shifted(export: Callable[[str], Path], run_ffm: Callable[..., Done]) -> None:
    path = export("webannotation")
    shifted = "A new first line.\n" + TEXT.replace("Nobody", "And nobody")
    Path("raw_text/nurses.txt").write_text(shifted)
    done = run_ffm("import", path, "--format", "webannotation", "-o", "back")
    assert (done.code, "does not stand in the report's text" in done.err) == (1, True)
    shifted = "A new first line.\n" + TEXT
    Path("raw_text/nurses.txt").write_text(shifted)
    assert run_ffm("import", path, "--format", "webannotation", "-o", "back").code == 0
    header, records = read_gold(Path("back/nurses.jsonl"))
    assert header.sha256 == text_digest(Report("nurses", shifted))
    assert [(record.start - 18, record.end - 18) for record in records] == [(record.start, record.end) for record in RECORDS]
    assert shifted[records[1].entities[0].start : records[1].entities[0].end] == "12 cases"


def annotation(start: int, end: int, value: str, **selector: object) -> dict[str, Any]:
    quote = {"type": "TextQuoteSelector", "exact": TEXT[start:end], **selector}
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    target = {"source": "urn:ffm:report:nurses", "selector": [quote, position]}
    return {"type": "Annotation", "id": "urn:x", "body": {"type": "TextualBody", "purpose": "tagging", "value": value}, "target": target}


@pytest.mark.parametrize(
    ("added", "complaint"),
    [
        (annotation(4, 10, "CITY"), "annotation urn:x: the scheme has no label 'CITY'"),
        (annotation(4, 10, "ORG", exact="no such words"), "does not stand in the report's text"),
        (annotation(4, 10, "ORG", exact="work", prefix="w"), ""),
        (annotation(30, 40, "ORG"), "urn:x: 30-40 lies in no annotated passage"),
        (annotation(4, 10, "ORG") | {"target": {"source": "http://example.org/"}}, "its source is not urn:ffm:report:ID"),
        (annotation(4, 10, "ORG") | {"target": {"source": "urn:ffm:report:nurses"}}, "urn:x: no TextQuoteSelector"),
        (annotation(14, 17, "ORG"), "overlaps another"),
    ],
)
def test_annotations_of_others_are_taken_or_named(
    export: Callable[[str], Path], run_ffm: Callable[..., Done], added: dict[str, Any], complaint: str
) -> None:
    path = export("webannotation")
    page = json.loads(path.read_text())["first"]
    page["items"].append(added)
    path.write_text(json.dumps(page))
    done = run_ffm("import", path, "--format", "webannotation", "-o", "back")
    assert complaint in done.err
    assert (done.code, len(done.errors)) == ((1, 1) if complaint else (0, 0))


def test_every_annotation_that_contradicts_is_named_with_its_candidates(
    export: Callable[[str], Path], run_ffm: Callable[..., Done]
) -> None:
    path = export("webannotation")
    items = json.loads(path.read_text())["first"]["items"]
    for number in range(50):
        items.append(annotation(14, 20, "ORG", prefix="the clerks of ", suffix=" rest in Vlora") | {"id": f"urn:{number}"})
    path.write_text(json.dumps(items))
    done = run_ffm("import", path, "--format", "webannotation", "-o", "back")
    (line,) = done.errors
    assert (done.code, Path("back").exists()) == (1, False)
    assert (
        'nurses: annotation urn:0: the quote "UNICEF" does not stand in the report\'s text between the words around it, but at 14-20 ("'
        in line
    )
    assert "(so with 49 more: annotation urn:1, annotation urn:2, " in line


def test_a_body_that_is_no_tag_is_left_out(export: Callable[[str], Path], run_ffm: Callable[..., Done]) -> None:
    path = export("webannotation")
    items = json.loads(path.read_text())["first"]["items"]
    items[0]["body"] += ["http://example.org/a", {"purpose": "commenting", "value": "why?"}]
    path.write_text(json.dumps(items))
    assert run_ffm("import", path, "--format", "webannotation", "-o", "back").code == 0
    assert read_gold(Path("back/nurses.jsonl"))[1] == with_anchors(RECORDS, TEXT)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "tagging", "nurses", THEME, "urn:ffm:report:nurses"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["stance", "value", "start", "header"]), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_of_a_wrong_type_anywhere_is_a_line(
    export: Callable[[str], Path], run_ffm: Callable[..., Done], data: st.DataObject
) -> None:
    path = Path("x.webannotation")
    if not Path("kept.json").exists():
        Path("kept.json").write_bytes(export("webannotation").read_bytes())
    document = json.loads(Path("kept.json").read_bytes())
    nodes: list[tuple[Any, Any]] = []
    waiting = [document]
    while waiting:
        node = waiting.pop()
        for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
            nodes.append((node, key))
            if isinstance(value, dict | list):
                waiting.append(value)
    node, key = data.draw(st.sampled_from(nodes))
    node[key] = data.draw(VALUES)
    path.write_text(json.dumps(document))
    done = run_ffm("import", path, "--format", "webannotation", "-o", "back")
    assert done.code in (0, 1)
    assert all(line.isprintable() and line.startswith(("error: ", "notice: ")) for line in done.errors)


def test_a_theme_tagged_on_words_marks_the_passage_that_they_lie_in(export: Callable[[str], Path], run_ffm: Callable[..., Done]) -> None:
    path = export("webannotation")
    other = SCHEME.theme_ids[-1]
    items = json.loads(path.read_text())["first"]["items"]
    path.write_text(json.dumps([*items, annotation(4, 10, other), annotation(4, 10, "ORG")]))
    assert run_ffm("import", path, "--format", "webannotation", "-o", "back").code == 0
    record = read_gold(Path("back/nurses.jsonl"))[1][0]
    assert set(record.themes) == {THEME, other}
    assert GoldEntity(4, 10, "ORG") in record.entities


# REFI-QDA


def rewritten(path: Path, change: Callable[[str, bytes], tuple[str, bytes]]) -> None:
    with zipfile.ZipFile(path) as archive:
        files = [change(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)


def test_a_project_saved_with_other_line_ends_guids_and_folders_comes_back(
    export: Callable[[str], Path], run_ffm: Callable[..., Done]
) -> None:
    path = export("refi-qda")

    def saved(name: str, data: bytes) -> tuple[str, bytes]:
        if name.startswith("sources/"):
            return name.replace("sources/", "Sources/").upper(), b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")
        text = data.decode()
        for position in range(90, 36, -1):  # what stands after the first line end moves on by one
            text = text.replace(f'Position="{position}"', f'Position="{position + 1}"')
        for number, code in enumerate(SCHEME.entity):
            guid = text.split(f'name="{code.name}"')[0].rsplit('guid="', 1)[1][:36]
            text = text.replace(guid, f"{{{number:08X}-0000-0000-0000-00000000000A}}")
        return name, text.encode()

    rewritten(path, saved)
    done = run_ffm("import", path, "--format", "refi-qda", "-o", "back")
    assert (done.code, done.err) == (0, "")
    assert read_gold(Path("back/nurses.jsonl"))[1] == with_anchors(RECORDS, TEXT)


def test_line_ends_of_all_kinds_are_aligned() -> None:
    text, source = "a\r\nb\nc\rd", "a\nb\r\nc\nd"
    offsets = aligned(source, text)
    assert [text[offsets[source.index(letter)]] for letter in "abcd"] == list("abcd")
    assert (offsets[0], offsets[-1]) == (0, len(text))
    with pytest.raises(RecordError, match="the project's text is not the report's"):
        aligned("a\nb", "a\nc")


def selection(start: int, end: int, code: str) -> str:
    return (
        f'<PlainTextSelection guid="00000000-0000-0000-0000-00000000000b" startPosition="{start}" endPosition="{end}">'
        f'<Coding guid="00000000-0000-0000-0000-00000000000c"><CodeRef targetGUID="{code}" /></Coding></PlainTextSelection>'
    )


@pytest.mark.parametrize(
    ("code", "start", "end", "complaint"),
    [
        ("Organisation", 4, 10, ""),
        ("Stigma: reported", 50, 60, "has two stances" if CORE == "stigma" else ""),
        ("Organisation", 30, 50, "lies in no annotated range"),
        ("Organisation", 30, 500, "is outside of the text"),
        ("Organisation", 14, 17, "overlaps another"),
        ("Stigma", 4, 10, "need one stance"),
        ("", 4, 10, "1 codings left out"),
    ],
)
def test_codings_added_in_another_program_are_taken_or_named(
    export: Callable[[str], Path], run_ffm: Callable[..., Done], code: str, start: int, end: int, complaint: str
) -> None:
    path = export("refi-qda")

    def coded(name: str, data: bytes) -> tuple[str, bytes]:
        text = data.decode()
        guid = (
            text.split(f'name="{code}"')[0].rsplit('guid="', 1)[1][:36]
            if code and name == "project.qde"
            else "0" * 8 + "-0000" * 3 + "-" + "0" * 12
        )
        return name, text.replace("<NoteRef", selection(start, end, guid) + "<NoteRef").encode()

    rewritten(path, coded)
    done = run_ffm("import", path, "--format", "refi-qda", "-o", "back")
    assert complaint in done.err
    assert done.code == (1 if complaint and code else 0)
    if not complaint:
        assert GoldEntity(4, 10, "ORG") in read_gold(Path("back/nurses.jsonl"))[1][0].entities


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<Project xmlns="urn:QDA-XML:project:1.0" name="&b;"/>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<Project xmlns="urn:QDA-XML:project:1.0" name="x">&a;</Project>"""


@pytest.mark.parametrize(
    ("xml", "complaint"),
    [
        (ENTITIES, "not XML that can be read"),
        (OUTSIDE, "not XML that can be read"),
        (b"<Project>", "not XML that can be read"),
        (b"<Project/>", "no REFI-QDA project"),
        (b'<Project xmlns="urn:QDA-XML:project:1.0" name="x"/>', "has no note"),
    ],
)
def test_xml_of_a_project_may_define_nothing(here: Path, refused: Callable[..., str], xml: bytes, complaint: str) -> None:
    with zipfile.ZipFile(here / "x.qdpx", "w") as archive:
        archive.writestr("project.qde", xml)
    assert complaint in refused("import", here / "x.qdpx", "--format", "refi-qda", "-o", here / "back")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(here: Path, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ffm.exchange.refi_read.MAX_UNPACKED", 1_000_000)
    with zipfile.ZipFile(here / "x.qdpx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", bytes(20_000_000))
    data = bytearray((here / "x.qdpx").read_bytes())
    assert "unpacks to more than 1 MB" in refused("import", here / "x.qdpx", "--format", "refi-qda", "-o", here / "back")
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)  # a size that lies
    (here / "x.qdpx").write_bytes(data)
    refused("import", here / "x.qdpx", "--format", "refi-qda", "-o", here / "back")
    with zipfile.ZipFile(here / "x.qdpx", "w") as archive:
        for number in range(10_001):
            archive.writestr(str(number), b"")
    assert "more than 10,000 files" in refused("import", here / "x.qdpx", "--format", "refi-qda", "-o", here / "back")


# Export


def test_tagged_reports_without_text_go_where_offsets_of_the_report_do_not_matter(
    run_ffm: Callable[..., Done], refused: Callable[..., str], tagged: Path, here: Path
) -> None:
    assert run_ffm("export", tagged / "all.parquet", "--format", "conll", "-o", here / "x").code == 0
    done = run_ffm("export", tagged / "all.jsonl", "--format", "webannotation", "-o", here / "y")
    assert done.code == 1
    assert "the report's text is not here" in done.err
    assert not (here / "y").exists()


def test_an_entity_that_is_not_the_passages_words_is_refused(refused: Callable[..., str], tagged: Path, here: Path) -> None:
    rows = [json.loads(line) for line in (tagged / "all.jsonl").read_text().splitlines()]
    row = next(row for row in rows if row["entities"])
    row["entities"][0]["start"] += 1
    (here / "x.jsonl").write_text("\n".join(map(json.dumps, [row])))
    assert "is not what the passage has there" in refused("export", here / "x.jsonl", "--format", "doccano", "-o", here / "y")


def test_an_output_that_cannot_be_written_leaves_nothing(gold: Path, refused: Callable[..., str], locked: Path) -> None:
    for format in Format:
        assert refused("export", gold, "--format", format, "-o", locked / "x").startswith(str(locked))
    assert "is a folder" in refused("export", gold, "--format", "conll", "-o", gold.parent)


def test_zip_is_the_same_on_every_day(export: Callable[[str], Path]) -> None:
    with zipfile.ZipFile(io.BytesIO(export("refi-qda").read_bytes())) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
