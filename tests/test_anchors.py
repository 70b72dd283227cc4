"""Gold is found again in another extraction of its report: the same words, whatever white space, hyphens and pages do; never others."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from conftest import Done
from ffm.errors import GoldError
from ffm.gold.anchors import reanchor, with_anchors
from ffm.gold.load import load_gold
from ffm.gold.normal import normal_form
from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord, read_gold, text_digest, write_gold
from ffm.project.project import find_project
from ffm.project.reports import Registered
from ffm.records import Report
from harbours import make_project

SCHEME = find_project().scheme
THEME = SCHEME.theme_ids[-1]
ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "raw_text"

PLACES = ("Përmet", "Gjirokastër", "Ulcinj-Bar", "Hà Nội", "Kraków", "Ōsaka", "Lomé")
THINGS = (
    "lanterns",
    "co-operative boats",
    "12,400 nets",
    "8–10 ferries",
    "the “Old Quay”",
    "a third of the pilots’ pay",
    "5.2 per cent of tolls",
)
ENDS = ("were counted", "could not be found again", "are repaired each spring", "stood empty in 2019", "went to the port’s own yard")


@st.composite
def sentences(draw: st.DrawFn) -> list[tuple[str, str, str]]:
    """Draw different sentences, each with a place and a thing in it."""
    number = draw(st.integers(3, 9))
    made = []
    for at in range(number):
        place, thing = draw(st.sampled_from(PLACES)), draw(st.sampled_from(THINGS))
        made.append((f"In {place}, officer {at + 31} said, {thing} {draw(st.sampled_from(ENDS))}.", place, thing))
    return made


def marked(text: str, quotes: list[tuple[str, str, str]]) -> list[GoldRecord]:
    """Return gold of sentences that each stand once in a text, with the places and things as entities."""
    records = []
    for quote, place, thing in quotes:
        start = text.index(quote)
        spans = [(start + quote.index(part), start + quote.index(part) + len(part)) for part in (place, thing)]
        entities = tuple(GoldEntity(*span, label) for span, label in zip(spans, ("PLACE", "ORG"), strict=True))
        records.append(GoldRecord(start, start + len(quote), entities, (THEME,)))
    return records


def extracted(text: str, random: Random) -> str:
    """Return another extraction of a text: lines, pages, soft hyphens, quotation marks and the composing of letters are its own."""
    out: list[str] = []
    for before, character, after in zip(" " + text[:-1], text, text[1:] + " ", strict=True):
        if character == " ":
            out.append(random.choice((" ", "  ", "\n", "\f", "\u00a0", " \u200b", "\n\n", " **")))
            continue
        out.append(character)
        if before.isalpha() and character.isalpha() and after.isalpha():
            out.append(random.choice(("", "", "", "", "\u00ad", "-\n", "\u00ad\n")))
    made = "".join(out)
    made = made.translate(str.maketrans("“”’", '""\'')) if random.random() < 0.5 else made
    return unicodedata.normalize(random.choice(("NFC", "NFD")), made)


@given(st.data())
def test_quotes_that_stay_are_found_with_their_entities_whatever_is_around_them(data: st.DataObject) -> None:
    quotes = data.draw(sentences())
    text = "\n\n".join(quote for quote, _, _ in quotes)
    records = with_anchors(marked(text, quotes), text)
    staying = data.draw(st.lists(st.sampled_from(quotes), unique=True, min_size=1))
    random = Random(data.draw(st.integers(0, 9999)))
    paragraphs: list[str] = []
    for quote in quotes:
        if quote in staying:
            paragraphs.append(extracted(quote[0], random))
        if data.draw(st.booleans()):
            paragraphs.append(f"Page {len(paragraphs)} of the harbour master’s log, which nobody has labelled.")
    new = "\n\n".join(paragraphs)
    found = reanchor(records, new)
    assert len(found.records) == len(staying)
    assert len(found.lost) == len(quotes) - len(staying)
    for record, (quote, *parts) in zip(found.records, [quote for quote in quotes if quote in staying], strict=True):
        assert same(new[record.start : record.end], quote)
        for entity, part in zip(record.entities, parts, strict=True):
            assert same(new[entity.start : entity.end], part)


def same(one: str, two: str) -> bool:
    return normal_form(one).text == normal_form(two).text


@given(st.text(alphabet="aab  .-\n*é\u0301\u00ad1’", max_size=60), st.text(alphabet="aab  .-\n*é\u0301\u00ad1’", max_size=90), st.data())
def test_nothing_is_anchored_to_another_quote(text: str, new: str, data: st.DataObject) -> None:
    spans = data.draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
    records = [GoldRecord(*sorted(span)) for span in spans if min(span) < max(span) <= len(text)]
    known = with_anchors(records, text)
    wholes = {record.anchor: quoted(text, record) for record in known if record.anchor}
    for record in reanchor([replace(record, themes=(record.anchor.quote,)) for record in known if record.anchor], new).records:
        assert quoted(new, record) in {quote for anchor, quote in wholes.items() if anchor.quote == record.themes[0]}


def quoted(text: str, record: GoldRecord) -> str:
    normal = normal_form(text)
    return normal.text[slice(*normal.place(record.start, record.end))]


@given(st.text(alphabet="ab -\u00ad\n*’é\u0301ẹ\u1112\u1161\u11ab\U0001d538", max_size=40))
def test_the_normal_form_has_its_places_in_the_text(text: str) -> None:
    normal = normal_form(text)
    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    assert list(normal.starts) == sorted(normal.starts) and list(normal.ends) == sorted(normal.ends)
    for at, (start, end) in enumerate(zip(normal.starts, normal.ends, strict=True)):
        assert 0 <= start < end <= len(text)
        assert normal.text[at] in normal_form(text[start:end]).text


@pytest.mark.parametrize("first", [True, False])
def test_a_quote_that_stands_twice_goes_to_where_its_surroundings_are(first: bool) -> None:
    quote, morning, evening = (
        "The pilot boat did not leave before the fog had lifted.",
        "Of the morning tide, Ana said:",
        "Of the evening tide, Ben said:",
    )
    text = f"{morning} {quote}\n\n{evening} {quote}"
    start = text.index(quote) if first else text.rindex(quote)
    (record,) = with_anchors([GoldRecord(start, start + len(quote))], text)
    new = f"{evening}\n{quote}\n\nA note.\n\n{morning}\n{quote}"
    (found,) = reanchor([record], new).records
    assert found.start == (new.rindex(quote) if first else new.index(quote))
    assert reanchor([record], f"{quote} {quote}").lost == (record,)


def test_a_short_quote_needs_its_surroundings_or_both_neighbours() -> None:
    before, after = "How many boats came back that winter, she was asked.", "Nobody had written down their names or numbers."
    text = f"{before} None. {after}"
    start = text.index("None.")
    records = with_anchors(
        [GoldRecord(0, len(before)), GoldRecord(start, start + 5), GoldRecord(text.index(after), len(text))],
        text,
    )
    moved = f"None. {before} [see the harbour log of that year, p. 7] None. [and the log of the next, p. 9] {after}"
    assert [moved[record.start : record.end] for record in reanchor(records, moved).records] == [before, "None.", after]
    assert reanchor(records, moved).records[1].start == moved.rindex("None.")
    assert reanchor([records[1]], "Asked again whether any were found, he said: None. That was all.").lost == (records[1],)
    assert reanchor(records, "Abandonone. Of the None. None. None.").records == ()


def test_figures_that_differ_are_other_quotes() -> None:
    text = "The yard counted 10-15 boats of 1.5 tons in the spring of 2019."
    records = with_anchors([GoldRecord(0, len(text))], text)
    assert reanchor(records, text.replace("10-15", "1015")).records == ()
    assert reanchor(records, text.replace("1.5", "15")).records == ()
    assert len(reanchor(records, text.replace("10-15", "10–15")).records) == 1


def test_a_text_that_repeats_itself_takes_no_more_than_its_length() -> None:
    text = "a" * 3_000
    records = with_anchors([GoldRecord(at, at + 1_000) for at in range(40)], text)
    assert reanchor(records, "a" * 400_000).records == ()


def test_gold_holds_no_word_of_the_report(tmp_path: Path) -> None:
    text = "Harbourmasters of Gjirokastër reported lanterns and foghorns missing."
    write_gold(tmp_path / "log.jsonl", header("log", text), with_anchors([GoldRecord(0, len(text))], text))
    written = (tmp_path / "log.jsonl").read_text()
    assert not any(word.strip(".") in written for word in text.split() if len(word) > 3)


def header(name: str, text: str) -> GoldHeader:
    return GoldHeader(name, text_digest(Report(name, text)), SCHEME.version, "reader", "human annotator", True, "2026-11-21")


FIRST, SECOND = (
    "The ferries of the northern line were laid up for the winter.",
    "Their crews were paid until the end of February, by the port.",
)
TEXT = f"{FIRST} {SECOND}"


@pytest.mark.parametrize(
    ("new", "message", "found"),
    [
        (f"Contents\n\n{FIRST}\n\n{SECOND}", "log: 2 of 2 annotated ranges re-anchored to its new text", 2),
        (f"Contents\n\n{FIRST}", "log: 1 of 2 annotated ranges re-anchored to its new text, 1 not found: label these again", 1),
        ("Contents", "log: 2 annotated ranges skipped, its text is not the one that was annotated and has only 0 of 2 annotated ranges", 0),
    ],
)
def test_gold_of_a_changed_text_is_read_where_half_of_it_is_found(tmp_path: Path, new: str, message: str, found: int) -> None:
    (tmp_path / "log.md").write_text(new)
    records = with_anchors([GoldRecord(0, len(FIRST)), GoldRecord(len(FIRST) + 1, len(TEXT))], TEXT)
    write_gold(tmp_path / "log.jsonl", header("log", TEXT), records)
    joined, (told,) = load_gold(tmp_path / "log.jsonl", {"log": Registered(file="log.md", id="log", folder=str(tmp_path))}, SCHEME)
    assert told.startswith(message)
    assert [new[record.start : record.end] for gold in joined for record in gold.records] == [FIRST, SECOND][:found]
    assert all(gold.header.sha256 == text_digest(gold.report) for gold in joined)


def test_the_command_writes_hashes_once_and_moves_gold_to_a_new_text(here: Path, run_ffm: Callable[..., Done]) -> None:
    project = make_project(here, reports={"norvik": 8})
    path, report = here / "annotations/gold/norvik.jsonl", here / "raw_text/norvik.md"
    old_header, old = read_gold(path)
    assert not any(record.anchor for record in old)
    assert run_ffm("gold", "anchor").code == 0
    once = path.read_bytes()
    assert run_ffm("gold", "anchor", project.gold).code == 0 and path.read_bytes() == once
    _, anchored = read_gold(path)
    assert all(record.anchor for record in anchored) and [replace(record, anchor=None) for record in anchored] == list(old)

    text = report.read_text(encoding="utf-8")
    report.write_text("# Another title\n\n" + text.replace(" the ", "\nthe "), encoding="utf-8")
    left = run_ffm("gold", "anchor")
    assert left.code == 1 and "left as it was; bring it to the new text with -o" in left.err
    assert path.read_bytes() == once
    done = run_ffm("gold", "anchor", "-o", "moved")
    assert done.code == 0 and f"{len(old)} of {len(old)} annotated ranges re-anchored" in done.err
    new_header, moved = read_gold(here / "moved/norvik.jsonl")
    assert replace(new_header, sha256=old_header.sha256) == old_header != new_header
    assert [record.themes for record in moved] == [record.themes for record in old]
    new = report.read_text(encoding="utf-8")
    assert [same(new[two.start : two.end], text[one.start : one.end]) for one, two in zip(old, moved, strict=True)] == [True] * len(old)


def test_gold_that_is_damaged_does_not_keep_the_rest_from_its_hashes(here: Path, run_ffm: Callable[..., Done]) -> None:
    make_project(here, reports={"norvik": 4, "sund": 4})
    (here / "annotations/gold/norvik.jsonl").write_text("{}")
    done = run_ffm("gold", "anchor")
    assert done.code == 1 and "norvik.jsonl: line 1" in done.err
    assert all(record.anchor for record in read_gold(here / "annotations/gold/sund.jsonl")[1])
    with pytest.raises(GoldError):
        read_gold(here / "annotations/gold/norvik.jsonl")


def test_all_gold_of_the_repository_has_hashes() -> None:
    assert all(record.anchor for path in (ROOT / "annotations/gold").glob("*.jsonl") for record in read_gold(path)[1])


@pytest.mark.skipif(not (SHARED / "albania-dol-2021.pdf").is_file(), reason="the report's files are not here")
def test_gold_of_a_page_is_found_in_the_pdf_of_the_same_report() -> None:
    from ffm.ingest import read_report

    _, records = read_gold(ROOT / "annotations/gold/albania-dol-2021.jsonl")
    found = reanchor(records, read_report(SHARED / "albania-dol-2021.pdf").text)
    assert len(found.records) >= 0.95 * len(records)
