"""Exchange: what is written in each format is read back equal, for any text; other programs can read it without ffm."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from conftest import Done
from ffm.exchange import Format
from ffm.exchange.files import READERS, WRITERS
from ffm.exchange.intake import Intake
from ffm.exchange.items import Bundle, Carried, Item, Mark, item_of
from ffm.exchange.refi_codes import NAMESPACE
from ffm.gold.store import GoldHeader, GoldRecord, read_gold, text_digest
from ffm.project.project import find_project
from ffm.project.reports import Registered
from ffm.records import Period, Report, joined

ROOT = Path(__file__).parents[1]
DIGEST = ROOT / "annotations" / "gold" / "albania-ffm-2022-digest.jsonl"
SCHEME = find_project().scheme
PLAIN = next(theme for theme in SCHEME.theme_ids if theme not in SCHEME.stance_ids)
CORE = SCHEME.core_ids[0]
FORMATS = list(READERS)
PIECES = ["The office", " ", "\n", "\r\n", "\t", "  ", "UNICEF", "9,000 lek", "😀", "👩‍👩‍👧", "e\u0301", "שלום", "مرحبا", "\u00a0", "a", ".", "#", "&<x>]]>", "\u2028", "It's", "\ufffe", "🇦🇱"]  # fmt: skip
PERIOD = Period("since 2001", "2001-01-01", None)
VALUES = {
    "kind": "money",
    "low": 9000,
    "high": 9000.5,
    "currency": "ALL",
    "noun": "old lek",
    "qualifier": "up to",
    "rate": "day",
    "period": PERIOD,
}


def header(text: str) -> GoldHeader:
    return GoldHeader("report", text_digest(Report("report", text)), SCHEME.version, "reader", "human annotator", True, "2026-11-21")


@st.composite
def bundles(draw: st.DrawFn) -> Bundle:
    """Draw a report of several ranges, some of two parts, with entities that touch, cross parts and cut characters from their marks."""
    text = "Text: " + "".join(draw(st.lists(st.sampled_from(PIECES), min_size=4, max_size=40)))
    edges = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=10)))
    ranges = list(pairwise(edges))[:: draw(st.sampled_from([1, 2]))]
    items = []
    while ranges:
        parts = tuple(ranges.pop(0) for _ in range(min(len(ranges), draw(st.sampled_from([1, 1, 2])))))
        if len(parts) == 2 and parts[0][1] == parts[1][0]:
            parts = parts[:1]
        mine = joined(text, parts)
        cuts = sorted(draw(st.sets(st.integers(0, len(mine)), max_size=6)))
        marks = [
            Mark(start, end, draw(st.sampled_from(SCHEME.entity_ids)), **(VALUES if draw(st.booleans()) else {}))
            for start, end in pairwise(cuts)
            if draw(st.booleans())
        ]
        role = draw(st.sampled_from(["passage", "context"]))
        themes = draw(st.lists(st.sampled_from([PLAIN, CORE, SCHEME.theme_ids[1]]), unique=True)) if role == "passage" else []
        stance = {theme: draw(st.sampled_from(list(SCHEME.stances))) for theme in themes if theme in SCHEME.stance_ids}
        about = {"section": draw(st.sampled_from(["", "😀 one\r\ntwo"]))}
        values = tuple(mark for mark in marks if mark.value)  # some of them with white space at their edges
        carried = Carried(
            header=header(text),
            id=f"report/{parts[0][0]}",
            parts=parts,
            unit="passage",
            role=role,
            about=about,
            stance=stance,
            values=values,
        )
        items.append(item_of(carried, mine, [mark.span for mark in marks], themes, SCHEME))
    return Bundle(tuple(items), {"report": text}, SCHEME)


def taken(intake: Intake) -> list[tuple[GoldHeader, list[GoldRecord]]]:
    found = intake.gold()
    assert not intake.refused
    return found


@pytest.mark.parametrize("format", FORMATS)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bundle=bundles())
def test_what_is_written_is_read_for_any_text(tmp_path: Path, format: Format, bundle: Bundle) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(bundle.texts["report"].encode())
    entries = {"report": Registered(file="report.txt", id="report", folder=str(tmp_path))}
    direct = Intake(path, entries, SCHEME)
    for item in bundle.items:
        direct.add(item.carried, item.text, [mark.span for mark in item.marks], item.themes)
    WRITERS[format](bundle, tmp_path / "out")
    back = Intake(tmp_path / "out", entries, SCHEME)
    READERS[format](tmp_path / "out", back)
    assert taken(back) == taken(direct)
    first = (tmp_path / "out").read_bytes()
    WRITERS[format](bundle, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == first


@pytest.mark.parametrize("format", FORMATS)
def test_gold_goes_round_through_the_commands(run_ffm: Callable[..., Done], here: Path, format: Format) -> None:
    done = run_ffm("export", DIGEST, "--format", format, "-o", here / "out")
    assert done.code == 0 and "were annotated by version 1 and are read as version 2" in done.err
    assert re.fullmatch(rf".*/out: \d+ annotated ranges of 1 report exported as {format}\n", done.out)
    done = run_ffm("import", here / "out", "--format", format, "-o", here / "back")
    assert (done.code, done.err) == (0, "")
    header, records = read_gold(DIGEST)
    assert read_gold(here / "back" / DIGEST.name) == (replace(header, scheme=SCHEME.version), records)


@pytest.fixture(scope="module")
def tagged_digest(tmp_path_factory: pytest.TempPathFactory, run_ffm: Callable[..., Done]) -> Path:
    path = tmp_path_factory.mktemp("digest") / "tagged.jsonl"
    assert run_ffm("tag", ROOT / "raw_text" / "albania-ffm-2022-digest.md", "-o", path).code == 0
    return path


def test_tagged_data_gives_one_gold_through_all_formats(run_ffm: Callable[..., Done], here: Path, tagged_digest: Path) -> None:
    found = []
    for format in FORMATS:
        assert run_ffm("export", tagged_digest, "--format", format, "-o", here / "out").code == 0
        assert run_ffm("import", here / "out", "--format", format, "-o", here / format).code == 0
        found.append(read_gold(here / format / DIGEST.name))
    assert all(gold == found[0] for gold in found)
    rows = [json.loads(line) for line in tagged_digest.read_text().splitlines()]
    by_start = {record.start: record for record in found[0][1]}
    for row in rows:
        record = by_start[row["start"]]
        assert (record.end, list(record.themes), record.stance) == (row["end"], row["labels"], row["stance"])
        assert [(entity.start, entity.end, entity.label) for entity in record.entities] == [
            (entity["start"], entity["end"], entity["label"]) for entity in row["entities"]
        ]
    assert (found[0][0].annotator, found[0][0].verified) == ("ffm tag", False)


def test_docbin_loads_in_a_program_without_ffm(run_ffm: Callable[..., Done], here: Path) -> None:
    assert run_ffm("export", DIGEST, "--format", "docbin", "-o", here / "gold.spacy").code == 0
    code = """if True:
    import sys, spacy
    from spacy.tokens import DocBin
    docs = list(DocBin().from_disk("gold.spacy").get_docs(spacy.blank("en").vocab))
    core = [doc for doc in docs if doc.cats.get("re-trafficking")]
    print(len(docs), sum(len(doc.ents) for doc in docs), len(core), core[0].user_data["ffm"]["stance"]["re-trafficking"])
    assert not any(name.split(".")[0] == "ffm" for name in sys.modules)
    """
    done = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, text=True, timeout=120)
    records = read_gold(DIGEST)[1]
    core = [record for record in records if "re-trafficking" in record.themes]
    expected = f"{len(records)} {sum(len(record.entities) for record in records)} {len(core)} {core[0].stance['re-trafficking']}"
    assert done.stdout.strip() == expected, done.stderr


def small(text: str, *marks: Mark, themes: tuple[str, ...] = (), stance: dict[str, str] | None = None) -> Bundle:
    carried = Carried(header=header(text), id="report/0-1", parts=((0, len(text)),), stance=stance or {}, values=tuple(marks))
    return Bundle((Item(text, marks, themes, carried),), {"report": text}, SCHEME)


def test_conll_has_a_token_a_line_and_iob2_labels(tmp_path: Path) -> None:
    WRITERS[Format.conll](
        small("UNICEF Tirana, 9,000 lek.", Mark(0, 6, "ORG"), Mark(7, 13, "PLACE"), Mark(15, 24, "AMOUNT")), tmp_path / "x"
    )
    lines = [line.split("\t") for line in (tmp_path / "x").read_text().splitlines() if line and not line.startswith("# ")]
    assert lines == [["UNICEF", "B-ORG"], ["Tirana", "B-PLACE"], [",", "O"], ["9,000", "B-AMOUNT"], ["lek", "I-AMOUNT"], [".", "O"]]


def test_doccano_rows_count_utf16_units_and_have_the_same_flat_keys(tmp_path: Path) -> None:
    bundle = small("😀 UNICEF", Mark(2, 8, "ORG"), themes=(CORE,), stance={CORE: "denied"})
    WRITERS[Format.doccano](bundle, tmp_path / "x")
    row = json.loads((tmp_path / "x").read_bytes().decode("ascii"))
    assert (row["entities"], row["cats"]) == ([[3, 9, "ORG"]], [f"{CORE}:denied"])
    assert all(isinstance(value, str) for key, value in row.items() if key not in ("entities", "cats"))
    assert not {"id", "data", "label"} & row.keys()


def test_web_annotations_have_quote_and_position_selectors(tmp_path: Path) -> None:
    text = "😀 It met UNICEF in Tirana."
    bundle = small(text, Mark(9, 15, "ORG"), themes=(PLAIN,))
    WRITERS[Format.webannotation](bundle, tmp_path / "x")
    collection = json.loads((tmp_path / "x").read_text())
    assert collection["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    passage, entity = collection["first"]["items"]
    assert [body["value"] for body in passage["body"]] == [PLAIN]
    quote, position = entity["target"][0]["selector"]
    assert quote == {"type": "TextQuoteSelector", "exact": "UNICEF", "prefix": "😀 It met ", "suffix": " in Tirana."}
    assert position == {"type": "TextPositionSelector", "start": 9, "end": 15}
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", entity["id"])


# The sequence of children and the required attributes of the elements that are written, from the schema of REFI-QDA 1.5.
CHILDREN = {
    "Project": ["Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links", "Sets", "Graphs", "Description", "NoteRef"],
    "Users": ["User"],
    "User": [],
    "CodeBook": ["Codes"],
    "Codes": ["Code"],
    "Code": ["Description", "NoteRef", "Code"],
    "Description": [],
    "Sources": ["TextSource"],
    "TextSource": ["Description", "PlainTextContent", "PlainTextSelection", "Coding", "NoteRef", "VariableValue"],
    "Notes": ["Note"],
    "Note": ["Description", "PlainTextContent", "PlainTextSelection", "Coding", "NoteRef", "VariableValue"],
    "PlainTextContent": [],
    "PlainTextSelection": ["Description", "Coding", "NoteRef"],
    "Coding": ["CodeRef", "NoteRef"],
    "CodeRef": [],
    "NoteRef": [],
}
SOURCE = {"guid", "name", "richTextPath", "plainTextPath", "creatingUser", "creationDateTime", "modifyingUser", "modifiedDateTime"}
SELECTION = {"guid", "name", "startPosition", "endPosition", "creatingUser", "creationDateTime", "modifyingUser", "modifiedDateTime"}
ATTRIBUTES = {
    "Project": ({"name"}, {"name", "origin", "creatingUserGUID", "creationDateTime", "modifyingUserGUID", "modifiedDateTime", "basePath"}),
    "User": ({"guid"}, {"guid", "name", "id"}),
    "Code": ({"guid", "name", "isCodable"}, {"guid", "name", "isCodable", "color"}),
    "TextSource": ({"guid"}, SOURCE),
    "Note": ({"guid"}, SOURCE),
    "PlainTextSelection": ({"guid", "startPosition", "endPosition"}, SELECTION),
    "Coding": ({"guid"}, {"guid", "creatingUser", "creationDateTime"}),
    "CodeRef": ({"targetGUID"}, {"targetGUID"}),
    "NoteRef": ({"targetGUID"}, {"targetGUID"}),
}
GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def check_element(element: ElementTree.Element) -> None:
    name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    children = [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in element]
    order = [CHILDREN[name].index(child) for child in children]
    assert order == sorted(order), name
    required, allowed = ATTRIBUTES.get(name, (set(), set()))
    assert required <= set(element.keys()) <= allowed, name
    for key, value in element.items():
        if key == "guid" or "GUID" in key or key.endswith("User"):
            assert GUID.fullmatch(value)
    assert re.fullmatch(r"#[0-9a-fA-F]{6}", element.get("color", "#000000"))
    for child in element:
        check_element(child)


def test_refi_qda_keeps_the_order_of_the_schema_and_every_reference(run_ffm: Callable[..., Done], here: Path) -> None:
    assert run_ffm("export", DIGEST, "--format", "refi-qda", "-o", here / "x.qdpx").code == 0
    with zipfile.ZipFile(here / "x.qdpx") as archive:
        project = ElementTree.fromstring(archive.read("project.qde"))
        texts = {name: archive.read(name).decode() for name in archive.namelist() if name.startswith("sources/")}
    check_element(project)
    guids = [element.get("guid") for element in project.iter() if element.get("guid")]
    assert len(guids) == len(set(guids))
    assert {element.get("targetGUID") for element in project.iter() if element.get("targetGUID")} <= set(guids)
    (source,) = project.findall(f"{{{NAMESPACE}}}Sources/{{{NAMESPACE}}}TextSource")
    text = texts["sources/" + source.get("plainTextPath", "").removeprefix("internal://")]
    assert text == find_project().reports()["albania-ffm-2022-digest"].path.read_text(encoding="utf-8")
    names = {code.get("guid"): code.get("name") for code in project.iter(f"{{{NAMESPACE}}}Code")}
    organisations = set()
    for selection in source.findall(f"{{{NAMESPACE}}}PlainTextSelection"):
        for reference in selection.iter(f"{{{NAMESPACE}}}CodeRef"):
            if names[reference.get("targetGUID")] == "Organisation":
                organisations.add(text[int(selection.get("startPosition", 0)) : int(selection.get("endPosition", 0))])
    assert organisations >= {"BIRN", "EU"}
