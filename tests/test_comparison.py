"""The comparison: what was tagged becomes figures, quotes and a page."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import random
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import msgspec
import pandas as pd
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import compared
from ffm.comparison import Comparison
from ffm.comparison import compare as compare_rows
from ffm.comparison.chart import AXES, LARGE, make_chart, spread_out
from ffm.comparison.prevalence import NOT_STATED, Prevalence, prevalences
from ffm.comparison.reports import ComparedReport, notices_on, time_span
from ffm.comparison.shares import report_shares
from ffm.csv_files import neutral
from ffm.errors import OutputError, RecordError
from ffm.evaluation.shifts import unknown_shifts
from ffm.project.project import find_project
from ffm.project.reports import Registered
from ffm.records import Entity, TaggedPassage
from ffm.segment.passages import count_words
from ffm.tagging.dataset import read_file, read_tagged
from ffm.tagging.writers import ADDED, COLUMNS, NESTED

SCHEME = find_project().scheme
CORE, SECOND = SCHEME.core_ids[:2]
TOPIC = next(theme.id for theme in SCHEME.theme if not theme.stance)
REGISTER = """
[coast-2017]
file = "coast-2017.md"
title = "Notes on the coast"
publisher = "Harbour Office"
country = "AA"
covers = "2017-10"
published = "2018-02"

[hills-2020]
file = "hills-2020.md"
title = "Notes on the hills"
publisher = "Forest Office"
country = "BB"
covers = "2020"
published = "2021-06"

[coast-2022]
file = "coast-2022.md"
title = "Notes on the coast, second visit"
publisher = "Harbour Office"
country = "AA"
covers = "2022-10"
published = "2022-12"
"""
NOUNS = ("lamp", "river", "bench", "garden", "kettle", "window", "basket", "ladder", "orchard", "bridge", "clock", "meadow")
VERBS = ("stands near", "is older than", "was painted after", "leans on", "looks like", "is wider than")
SOURCES = (("Lamp Makers", "ngo"), ("Office of Clocks", "state"), ("Bridge Union", "international"), ("Daily Kettle", "media"))


def passage(
    report: str = "coast-2017", number: int = 1, text: str = "a b c d", themes: dict[str, str | None] | None = None, **fields
) -> TaggedPassage:
    """Build a passage; themes are ids with their stance."""
    themes = themes or {}
    start = fields.pop("start", number * 1000)
    values = {
        "report": report,
        "passage": f"{report}/{number:04}",
        "kind": "paragraph",
        "start": start,
        "end": start + len(text),
        "section": None,
        "source": None,
        "source_type": None,
        "date": None,
        "date_conflict": None,
        "page": None,
        "question": None,
        "question_start": None,
        "question_parts": (),
        "parts": ((start, start + len(text)),),
        "text": text,
        "scores": dict.fromkeys(themes, 0.9),
        "labels": tuple(themes),
        "stance": {theme: stance for theme, stance in themes.items() if stance},
        "scheme": SCHEME.reference,
        "words": count_words(text),
    }
    return TaggedPassage(**{**values, **fields})


def with_question(question: str, **fields) -> TaggedPassage:
    return passage(kind="answer", question=question, question_start=10, question_parts=((10, 10 + len(question)),), **fields)


def made_up_passages(count: int = 40) -> list[TaggedPassage]:
    """Three reports of neutral sentences: two of interviews, one narrative; themes drawn with a fixed seed."""
    draw = random.Random(7)
    weights = {theme: draw.choice((0.05, 0.1, 0.15, 0.3)) for theme in SCHEME.theme_ids}
    rows = []
    for report in ("coast-2017", "hills-2020", "coast-2022"):
        narrative = report.startswith("hills")
        offset = 100
        for number in range(1, count + 1):
            sentences = [f"The {draw.choice(NOUNS)} {draw.choice(VERBS)} the {draw.choice(NOUNS)}." for _ in range(draw.randint(1, 9))]
            text = " ".join(sentences)
            question = None if narrative else f"Q. What of the {draw.choice(NOUNS)}?"
            question_start = offset
            start = offset + (len(question) + 1 if question else 0)
            source, source_type = (None, None) if narrative else SOURCES[number * len(SOURCES) // (count + 1)]
            themes = {
                theme: draw.choices(list(SCHEME.stances), (8, 2, 1))[0] if theme in SCHEME.stance_ids else None
                for theme in SCHEME.theme_ids
                if draw.random() < weights[theme]
            }
            rows.append(
                passage(
                    report,
                    number,
                    text,
                    themes,
                    start=start,
                    kind="paragraph" if narrative else "answer",
                    section=source or f"Chapter {number // 10 + 1}",
                    source=source,
                    source_type=source_type,
                    date=None if narrative else f"{report[-4:]}-10-0{number % 5 + 1}",
                    page=number // 8 + 1 if narrative else None,
                    question=question,
                    question_start=question_start if question else None,
                    question_parts=((question_start, question_start + len(question)),) if question else (),
                    entities=(Entity(start, start + 3, SCHEME.entity_ids[0], text[:3]),),
                    scores={
                        theme: round(draw.uniform(0.5, 1) if theme in themes else draw.uniform(0, 0.5), 4) for theme in SCHEME.theme_ids
                    },
                )
            )
            offset = start + len(text) + 2
    return rows


def write(path: Path, passages: list[TaggedPassage]) -> Path:
    """Write a data set in the format of its suffix, as ``ffm tag`` does."""
    if path.suffix == ".jsonl":
        path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in passages))
        return path
    rows = [msgspec.to_builtins(row) for row in passages]
    flat = [{column: json.dumps(row[column]) if column in NESTED else row[column] for column in COLUMNS} for row in rows]
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(flat), path)
        return path
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({key: str(cell).lower() if isinstance(cell, bool) else cell for key, cell in row.items()} for row in flat)
    return path


class Written:
    """A comparison with the files that it wrote."""

    def __init__(self, result: Comparison, folder: Path) -> None:
        self.files = result.write(folder)
        self.reports, self.passages, self.failed, self.page = result.reports, result.passages, result.failed, result.page
        self.messages = tuple(message for message in result.messages if "taken from experience with others" not in message)


def compare(paths: list[Path], folder: Path) -> Written:
    return Written(compare_rows(paths), folder)


def counted(rows: list[TaggedPassage], reports: list[ComparedReport]) -> list[Prevalence]:
    """Return the figures of rows whose shifts are not known."""
    shifts = unknown_shifts(SCHEME.theme_ids)
    labelled, _ = compared.labelled(rows, reports, SCHEME)
    return prevalences([report_shares(item, shifts, SCHEME.theme_ids) for item in labelled], SCHEME)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def row_of(rows: list[dict[str, str]], **wanted: str) -> dict[str, str]:
    found = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    assert len(found) == 1
    return found[0]


class Page(HTMLParser):
    """Collects a page's tags, ids, addresses and visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "br", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, *names: str) -> list[str]:
        return [value or "" for name, value in self.attributes if name in names]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a register of its own."""
    (tmp_path / "raw_text").mkdir()
    (tmp_path / "raw_text" / "reports.toml").write_text(REGISTER, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FFM_RAW_TEXT", raising=False)
    return tmp_path


SMALL = [
    passage(number=1, text="one two three", themes={CORE: "reported", TOPIC: None}, source="A", source_type="ngo"),
    passage(number=2, text="four five", themes={CORE: "denied"}, source="A", source_type="ngo"),
    passage(number=3, text="six", themes={CORE: "unknown"}, source="B", source_type="state"),
    passage(number=4, text="seven eight nine ten", source="C"),
    passage(number=5, text="a table that counts nowhere", kind="table", source="D"),
    passage("coast-2022", 1, "eleven twelve", {CORE: "reported"}, source="B", source_type="state"),
    passage("hills-2020", 1, "thirteen", {TOPIC: None}),
]


class TestFigures:
    def test_are_those_counted_by_hand(self, folder):
        result = compare([write(folder / "a.jsonl", SMALL)], folder / "out")
        rows = rows_of(folder / "out/prevalence.csv")
        assert result.reports == 3 and result.passages == 6 and result.failed == 0
        assert [path.name for path in result.files][:4] == ["comparison.html", "prevalence.csv", "prevalence.parquet", "change.csv"]
        passages = row_of(rows, grouping="report", value="coast-2017", theme=CORE, unit="passages")
        assert {name: passages[name] for name in ("report", "country", "publisher", "covers", "n", "found", "read")} == {
            "report": "coast-2017",
            "country": "AA",
            "publisher": "Harbour Office",
            "covers": "2017-10",
            "n": "4",
            "found": "3",
            "read": "0",
        }
        assert (passages["reported"], passages["denied"], passages["unknown"], passages["reexpressed"]) == ("1", "1", "1", "")
        assert 0 <= float(passages["low"]) <= float(passages["estimate"]) <= float(passages["high"]) <= 1
        words = row_of(rows, grouping="report", value="coast-2017", theme=CORE, unit="words")
        assert (words["n"], words["found"], words["estimate"]) == ("10", "6", "")
        sources = row_of(rows, grouping="report", value="coast-2017", theme=CORE, unit="sources")
        assert (sources["n"], sources["found"]) == ("3", "2")
        topic = row_of(rows, grouping="report", value="coast-2017", theme=TOPIC, unit="passages")
        assert topic["found"] == "1" and topic["reported"] == topic["denied"] == topic["unknown"] == ""

    def test_groups_gather_reports(self, folder):
        compare([write(folder / "a.jsonl", SMALL)], folder / "out")
        rows = rows_of(folder / "out/prevalence.csv")
        country = row_of(rows, grouping="country", value="AA", theme=CORE, unit="passages")
        assert (country["found"], country["n"], country["covers"], country["publisher"]) == ("4", "5", "", "Harbour Office")
        assert row_of(rows, grouping="country", value="AA", theme=CORE, unit="sources")["found"] == "3"
        state = row_of(rows, grouping="source_type", value="state", theme=CORE, unit="passages")
        assert (state["found"], state["n"], state["reported"], state["unknown"]) == ("2", "2", "1", "1")
        assert row_of(rows, grouping="source_type", value=NOT_STATED, theme=CORE, unit="passages")["n"] == "2"
        assert row_of(rows, grouping="publisher", value="Forest Office", theme=TOPIC, unit="passages")["found"] == "1"

    def test_a_report_without_sources_has_no_number_of_sources(self, folder):
        compare([write(folder / "a.jsonl", SMALL)], folder / "out")
        rows = rows_of(folder / "out/prevalence.csv")
        assert not [row for row in rows if (row["value"], row["unit"]) == ("hills-2020", "sources")]
        assert row_of(rows, grouping="report", value="coast-2017", theme=SECOND, unit="sources")["found"] == "0"

    def test_a_report_of_tables_only_has_no_shares(self, folder):
        compare([write(folder / "a.jsonl", [*SMALL[:2], passage("coast-2022", kind="footnote")])], folder / "out")
        row = row_of(rows_of(folder / "out/prevalence.csv"), grouping="report", value="coast-2022", theme=CORE, unit="sentences")
        assert (row["n"], row["found"], row["estimate"], row["low"], row["high"]) == ("0", "0", "", "", "")

    def test_every_theme_group_and_unit_has_one_row(self, folder):
        compare([write(folder / "a.jsonl", SMALL)], folder / "out")
        keys = [(row["grouping"], row["value"], row["theme"], row["unit"]) for row in rows_of(folder / "out/prevalence.csv")]
        assert len(keys) == len(set(keys))
        assert len({key[:3] for key in keys}) == (3 + 2 + 3 + 2) * len(SCHEME.theme_ids)

    def test_the_evidence_has_one_row_for_each_theme_of_a_passage(self, folder):
        compare([write(folder / "a.jsonl", SMALL)], folder / "out")
        rows = rows_of(folder / "out/evidence.csv")
        assert [(row["theme"], row["passage"]) for row in rows] == [
            (CORE, "coast-2017/0001"),
            (CORE, "coast-2017/0002"),
            (CORE, "coast-2017/0003"),
            (CORE, "coast-2022/0001"),
            (TOPIC, "coast-2017/0001"),
            (TOPIC, "hills-2020/0001"),
        ]
        assert rows[1] | {"section": ""} == {
            "theme": CORE,
            "score": "0.9000",
            "precision": "",
            "stance": "denied",
            "report": "coast-2017",
            "covers": "2017-10",
            "publisher": "Harbour Office",
            "passage": "coast-2017/0002",
            "kind": "paragraph",
            "part": "evidence",
            "section": "",
            "source": "A",
            "source_type": "ngo",
            "date": "",
            "page": "",
            "paragraph": "",
            "start": "2000",
            "end": "2009",
            "sentence_start": "",
            "sentence_end": "",
            "question": "",
            "text": "four five",
        }

    @settings(max_examples=50, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["coast-2017", "coast-2022", "hills-2020"]), st.sets(st.sampled_from(SCHEME.theme_ids)), st.booleans()
            ),
            min_size=1,
            max_size=30,
        )
    )
    def test_groups_add_up_to_the_reports(self, drawn):
        rows = [
            passage(
                report,
                number,
                themes={theme: "reported" if theme in SCHEME.stance_ids else None for theme in themes},
                source_type="ngo" if ngo else None,
            )
            for number, (report, themes, ngo) in enumerate(drawn)
        ]
        reports = compared.described(rows, {"coast-2017": Registered(file="x", country="AA")})
        figures = counted(rows, reports)
        for theme in SCHEME.theme_ids:
            sums = {
                grouping: [
                    sum(value(figure) for figure in figures if (figure.theme, figure.grouping) == (theme, grouping))
                    for value in (
                        lambda figure: figure.units["passages"].found,
                        lambda figure: figure.units["passages"].n,
                        lambda figure: figure.units["sentences"].n,
                        lambda figure: figure.words,
                        lambda figure: figure.words_total,
                    )
                ]
                for grouping in ("report", "country", "source_type", "publisher")
            }
            assert len({tuple(values) for values in sums.values()}) == 1


DAMAGE = {
    "jsonl": [
        (lambda line: line[:-5], "line 2: not JSON"),
        (lambda line: line.replace('"start":2000,', ""), "line 2: Object missing required field `start`"),
        (lambda line: line.replace('"start":2000', '"start":"x"'), "line 2: Expected `int`, got `str`"),
        (lambda line: line.replace("[[2000,2009]]", "[[2009,2000]]"), "line 2: the text's part 2009-2000 is empty"),
        (lambda line: line.replace("[[2000,2009]]", "[]"), "line 2: the text has no parts"),
        (lambda line: line.replace("four five", "four"), "line 2: the text has 4 characters, its parts joined by one space 9"),
        (lambda line: line.replace("paragraph", "poem"), "line 2: Invalid enum value 'poem'"),
        (lambda line: line.replace("0.9", "1.5"), "line 2: the score 1.5"),
        (lambda line: line.replace('"end":2009', '"end":2010'), "line 2: the passage 2000-2010"),
        (lambda line: "[" * 100_000, "line 2: not JSON"),
    ],
    "csv": [
        (lambda line: line + ",more", f"line 3: {len(COLUMNS) + 1} cells under {len(COLUMNS)} columns"),
        (lambda line: line.replace("2009,", "x,", 1), "line 3, column end: not JSON"),
        (lambda line: line.replace("[[", "[["[:1]), "line 3, column parts: not JSON"),
    ],
}


class TestReading:
    def test_three_formats_give_the_same(self, folder):
        rows = made_up_passages(15)
        written = [compare([write(folder / f"a.{suffix}", rows)], folder / suffix) for suffix in ("jsonl", "parquet", "csv")]
        contents = [[path.read_bytes() for path in result.files] for result in written]
        assert contents[0] == contents[1] == contents[2]
        assert not any(result.messages for result in written)

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), min_size=1, max_size=4))
    def test_any_text_survives_every_format(self, tmp_path_factory, texts):
        folder = tmp_path_factory.mktemp("texts")
        rows = [passage(number=number, text=text, section=text) for number, text in enumerate(texts)]
        for suffix in ("jsonl", "parquet", "csv"):
            assert read_file(write(folder / f"a.{suffix}", rows)) == rows

    def test_front_matter_is_in_no_figure(self, folder):
        front = passage(number=77, text="front words", themes={SECOND: "reported"}, part="front")
        both = compare([write(folder / "both.jsonl", [*SMALL, front])], folder / "both")
        alone = compare([write(folder / "alone.jsonl", SMALL)], folder / "alone")
        assert [path.read_bytes() for path in both.files if path.suffix == ".csv"] == [
            path.read_bytes() for path in alone.files if path.suffix == ".csv"
        ]

    @pytest.mark.parametrize("suffix", ["jsonl", "parquet", "csv"])
    def test_files_without_the_later_columns_are_read(self, tmp_path, suffix):
        rows = [{column: value for column, value in msgspec.to_builtins(passage()).items() if column not in ADDED}]
        path = tmp_path / f"a.{suffix}"
        if suffix == "jsonl":
            path.write_bytes(msgspec.json.encode(rows[0]) + b"\n")
        else:
            flat = [{key: json.dumps(value) if key in NESTED else value for key, value in row.items()} for row in rows]
            frame = pd.DataFrame(flat)
            frame.to_parquet(path) if suffix == "parquet" else frame.to_csv(path, index=False)
        (read,) = read_file(path)
        assert (read.part, read.paragraph, read.section_path, read.quoted_source, read.report_date) == ("evidence", None, (), None, None)

    def test_whole_numbers_that_pandas_made_floats_are_read(self, tmp_path):
        path = write(tmp_path / "a.csv", [passage(page=3)])
        path.write_text(path.read_text(encoding="utf-8").replace(",3,", ",3.0,"), encoding="utf-8")
        assert read_file(path)[0].page == 3

    def test_the_later_file_replaces_a_passage_and_says_so(self, folder):
        first = write(folder / "first.jsonl", SMALL)
        later = write(folder / "later.csv", [passage(number=1, text="new words", themes={SECOND: "reported"})])
        result = compare([first, later], folder / "out")
        rows = rows_of(folder / "out/prevalence.csv")
        assert row_of(rows, grouping="report", value="coast-2017", theme=CORE, unit="passages")["found"] == "2"
        assert row_of(rows, grouping="report", value="coast-2017", theme=SECOND, unit="passages")["found"] == "1"
        assert result.passages == 6
        assert [message for message in result.messages if "replace" in message] == [
            f"{later}: 1 passage of coast-2017 replace those of {first}; 4 passages that only the earlier file has stay, so check that both are of one text"
        ]

    def test_unknown_labels_are_skipped_with_a_notice(self, folder):
        odd = passage(number=9, themes={CORE: "perhaps", "weather {x}\n": None}, entities=(Entity(9000, 9001, "PLANET", "a"),))
        path = write(folder / "a.jsonl", [*SMALL, odd])
        result = compare([path], folder / "out")
        assert result.failed == 0
        assert sorted(result.messages) == sorted(
            [
                f'{path}: "weather {{x}}" is no theme of the scheme, skipped in 1 passage; tag the report again or add it to the scheme',
                f'{path}: "PLANET" is no entity label of the scheme, skipped in 1 passage; tag the report again or add it to the scheme',
                f'{path}: "perhaps" is no stance of the scheme, skipped in 1 passage; tag the report again',
            ]
        )
        row = row_of(rows_of(folder / "out/prevalence.csv"), grouping="report", value="coast-2017", theme=CORE, unit="passages")
        assert (row["found"], row["reported"], row["denied"], row["unknown"]) == ("4", "1", "1", "1")

    def test_a_label_without_its_stance_is_noticed(self, tmp_path):
        data = read_tagged([write(tmp_path / "a.jsonl", [passage(themes={CORE: None})])], find_project())
        assert len(data.messages) == 1 and "has no stance in 1 passage" in data.messages[0]

    @pytest.mark.parametrize(("suffix", "damage", "wrong"), [(suffix, *case) for suffix, cases in DAMAGE.items() for case in cases])
    def test_a_damaged_line_is_named_and_the_other_files_are_compared(self, folder, suffix, damage, wrong):
        bad, good = write(folder / f"bad.{suffix}", SMALL), write(folder / "good.jsonl", SMALL[-2:])
        lines = bad.read_text(encoding="utf-8").splitlines()
        at = 1 if suffix == "jsonl" else 2
        lines[at] = damage(lines[at])
        bad.write_text("\n".join(lines), encoding="utf-8")
        result = compare([bad, good], folder / "out")
        assert result.failed == 1 and result.passages == 2
        assert result.messages[0].startswith(f"{bad}: {wrong}")
        assert result.messages[0].endswith(("correct the line", "correct the row"))
        assert "1 of 2 input files could not be read" in (folder / "out/comparison.html").read_text(encoding="utf-8")
        with pytest.raises(RecordError, match=r"bad\."):
            compare([bad], folder / "out")

    def test_bytes_that_are_no_utf8_are_named(self, tmp_path):
        for suffix in ("jsonl", "csv"):
            path = write(tmp_path / f"a.{suffix}", SMALL)
            path.write_bytes(path.read_bytes().replace(b"four", b"f\xffur"))
            with pytest.raises(RecordError, match=r"line \d"):
                read_file(path)

    @pytest.mark.parametrize(
        ("name", "content", "wrong"),
        [
            ("a.parquet", b"PAR1 no", "not a Parquet file"),
            ("a.jsonl", b"\n\n", "holds no passages"),
            ("a.csv", b"", "has no column"),
            ("a.csv", b"report,passage\nx,y\n", 'has no column "kind"'),
            ("a.xlsx", b"x", "cannot read .xlsx"),
        ],
    )
    def test_what_is_no_data_set_is_refused(self, tmp_path, name, content, wrong):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(RecordError, match=re.escape(wrong)):
            read_file(tmp_path / name)

    def test_missing_files_folders_and_nothing_are_refused(self, folder):
        for paths in ([folder / "none.jsonl"], [folder], []):
            with pytest.raises(RecordError):
                compare(paths, folder / "out")
        assert not (folder / "out").exists()


class TestReports:
    def test_a_report_that_is_not_registered_is_in_the_tables_and_off_the_time_axis(self, folder):
        result = compare([write(folder / "a.jsonl", [*SMALL, passage("attic-notes", themes={CORE: "denied"})])], folder / "out")
        assert any("attic-notes: is not registered" in message for message in result.messages)
        page = (folder / "out/comparison.html").read_text(encoding="utf-8")
        assert "Not on the time axis" in page and "attic-notes: is not registered" in page
        assert "attic-notes" not in "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL))
        assert (
            row_of(rows_of(folder / "out/prevalence.csv"), grouping="country", value=NOT_STATED, theme=CORE, unit="passages")["found"]
            == "1"
        )

    def test_reports_without_any_date_give_a_page_without_charts(self, folder):
        compare([write(folder / "a.jsonl", [passage("attic-notes", themes={CORE: "denied"})])], folder / "out")
        page = (folder / "out/comparison.html").read_text(encoding="utf-8")
        assert 'role="img"' not in page and "No compared report has a date" in page

    def test_a_digest_beside_its_original_is_noticed(self):
        entries = {"b": Registered(file="b", covers="2020", digest_of="a"), "a": Registered(file="a", covers="2020-05")}
        notices = notices_on(compared.described([passage("a"), passage("b")], entries), entries)
        assert notices == ["b: is a digest of a, which is compared too: the two are not independent"]

    def test_reports_stand_by_the_date_that_they_cover(self):
        entries = {name: Registered(file=name, covers=covers) for name, covers in {"a": "2020-05", "b": "2019", "c": "soon"}.items()}
        reports = compared.described([passage(name) for name in "dcba"], entries)
        assert [report.id for report in reports] == ["b", "a", "c", "d"]

    def test_a_year_stands_at_its_middle_among_months(self):
        entries = {
            "a": Registered(file="a", covers="2020-02"),
            "b": Registered(file="b", covers="2020"),
            "c": Registered(file="c", covers="2020-09"),
        }
        rows = [passage(name, themes={CORE: "reported"}) for name in "cba"]
        reports = compared.described(rows, entries)
        assert [report.id for report in reports] == ["a", "b", "c"]
        figures = [figure for figure in counted(rows, reports) if figure.grouping == "report" and figure.theme == CORE]
        chart = make_chart(figures, {report.id: report for report in reports}, 1.0, LARGE)
        assert chart is not None
        middle = (LARGE.left + LARGE.end) / 2
        assert [point.span is not None for point in chart.points] == [False, True, False]
        assert chart.points[1].date_x == chart.points[1].x == middle
        assert chart.points[0].x < middle < chart.points[2].x
        assert [tick.label for tick in chart.x_ticks] == ["2020", "2021"]

    def test_a_crowded_axis_keeps_points_near_their_dates(self):
        names = [f"r{number:02}" for number in range(20)]
        entries = {name: Registered(file=name, covers=str(2010 + number // 2)) for number, name in enumerate(names)}
        rows = [passage(name, themes={CORE: "reported"}) for name in names]
        reports = compared.described(rows, entries)
        figures = [figure for figure in counted(rows, reports) if figure.grouping == "report" and figure.theme == CORE]
        chart = make_chart(figures, {report.id: report for report in reports}, 1.0, LARGE)
        assert chart is not None
        year = (LARGE.end - LARGE.left) / 10
        assert all(abs(point.x - point.date_x) <= year / 2 for point in chart.points)
        assert all(later.x - earlier.x >= chart.mark for earlier, later in pairwise(chart.points))

    def test_dates_are_months_and_years(self):
        assert time_span("2020") == (2020, 2021)
        assert time_span("2020-04") == time_span("2020-04-30") == (2020.25, pytest.approx(2020 + 4 / 12))


class TestPage:
    HOSTILE = "</p><script>alert(1)</script><img src=\"http://evil.example/x\" onerror='x()'>&amp;{{ 7*7 }}"

    def test_hostile_text_is_inert(self, folder):
        (folder / "raw_text/reports.toml").write_text(
            f"[coast-2017]\nfile = 'x.md'\ntitle = '''{self.HOSTILE}'''\npublisher = '''{self.HOSTILE}'''\ncovers = '2020'\n",
            encoding="utf-8",
        )
        text = self.HOSTILE
        rows = [
            with_question(text, number=1, text=text, themes={CORE: "denied"}, section=text, source=text, date=text),
            passage(text, 2, text, {TOPIC: None, text: None}),
        ]
        compare([write(folder / "a.jsonl", rows)], folder / "out")
        content = (folder / "out/comparison.html").read_text(encoding="utf-8")
        page = Page(content)
        assert not {"img", "iframe", "object", "link", "base"} & set(page.tags)
        assert page.tags.count("script") == 1 and page.tags.count("form") == 1 and not page.values("action")
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        assert not page.open
        assert page.text.count(text) >= 6

    def test_asks_for_nothing_from_anywhere(self, folder):
        compare([write(folder / "a.jsonl", made_up_passages(10))], folder / "out")
        content = (folder / "out/comparison.html").read_text(encoding="utf-8")
        page = Page(content)
        assert content.startswith("<!DOCTYPE html>")
        script = re.search(r"<script>(.*?)</script>", content, re.DOTALL).group(1)
        allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{allowed}'"
        assert ("content", policy) in page.attributes
        assert all(value.startswith("#") for value in page.values("href", "src", "xlink:href", "action"))
        assert not re.search(r"https?://|url\(|@import|fetch\(|XMLHttp|<script [a-z]", content)

    def test_every_link_has_its_target_and_every_id_is_one(self, folder):
        compare([write(folder / "a.jsonl", made_up_passages(10))], folder / "out")
        page = Page((folder / "out/comparison.html").read_text(encoding="utf-8"))
        ids = page.values("id")
        assert len(ids) == len(set(ids))
        assert {value[1:] for value in page.values("href")} <= set(ids)
        assert set(page.values("aria-labelledby")) <= set(ids)

    def test_every_figure_leads_to_quotes_and_every_quote_is_there_in_full(self, folder):
        rows = made_up_passages(10)
        compare([write(folder / "a.jsonl", rows)], folder / "out")
        content = (folder / "out/comparison.html").read_text(encoding="utf-8")
        assert content.count("<article") == sum(bool(row.labels) for row in rows)
        assert len(rows_of(folder / "out/evidence.csv")) == sum(len(row.labels) for row in rows)
        text = Page(content).text
        assert all(row.text in text for row in rows if row.labels)
        anchors = {
            (report, theme)
            for report, theme in re.findall(r'href="#q-([A-Z]+)-\d+" data-only="{&#34;theme&#34;: &#34;([\w-]+)&#34;', content)
        }
        assert {theme for _, theme in anchors} == {label for row in rows for label in row.labels}

    def test_core_themes_come_first_and_are_larger(self, folder):
        compare([write(folder / "a.jsonl", made_up_passages(10))], folder / "out")
        content = (folder / "out/comparison.html").read_text(encoding="utf-8")
        charts = re.findall(r'<svg viewBox="0 0 (\d+)[^>]*aria-label="([^:]*):', content)
        names = [name for _, name in charts]
        core = [theme.name for theme in SCHEME.theme if theme.group == "core"]
        assert list(dict.fromkeys(names))[: len(core)] == core and set(names) == {theme.name for theme in SCHEME.theme}
        assert len(names) == 2 * len(SCHEME.theme)  # two countries: what is told of one stands in no chart of the other
        widths = {name: int(width) for width, name in charts}
        assert min(widths[name] for name in core) > max(width for name, width in widths.items() if name not in core)

    def test_no_theme_stands_in_the_code(self):
        for path in (Path(__file__).parents[1] / "nlp/ffm/comparison").iterdir():
            if path.suffix in (".py", ".jinja", ".js") and path.name != "sources.py":  # where "children" is a word
                code = path.read_text(encoding="utf-8")
                assert not [theme.id for theme in SCHEME.theme if f'"{theme.id}"' in code or f"'{theme.id}'" in code]

    @given(st.lists(st.floats(0, 100), min_size=1, max_size=30), st.floats(1, 30))
    def test_points_keep_their_order_their_room_and_their_distance(self, places, gap):
        places = sorted(places)
        moved = spread_out(places, gap, 0, 100)
        least = min(gap, 100 / (len(places) - 1)) if len(places) > 1 else 0
        assert all(-1e-6 <= place <= 100 + 1e-6 for place in moved)
        assert all(later - earlier >= least - 1e-6 for earlier, later in pairwise(moved))

    def test_points_that_do_not_touch_stay_where_they_are(self):
        assert spread_out([10, 40, 80], 20, 0, 100) == [10, 40, 80]
        assert spread_out([50, 50], 20, 0, 100) == [40, 60]

    def test_axes_end_at_round_shares(self):
        assert all((top / steps * 100) == pytest.approx(round(top / steps * 100)) for top, steps in AXES.items())


class TestFiles:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
    def test_what_a_spreadsheet_would_compute_is_neutralised(self, folder, text):
        row = with_question(text, number=1, text=text, themes={CORE: "denied"}, section=text, source=text)
        (folder / "raw_text/reports.toml").write_text(f"[coast-2017]\nfile = 'x.md'\npublisher = {json.dumps(text)}\n", encoding="utf-8")
        compare([write(folder / "a.jsonl", [row])], folder / "out")
        quote = rows_of(folder / "out/evidence.csv")[0]
        assert all(quote[column] == f"'{text}" for column in ("text", "question", "section", "source"))
        figures = rows_of(folder / "out/prevalence.csv")
        assert {row["publisher"] for row in figures} == {f"'{text}"}

    @given(st.text())
    def test_no_text_begins_like_a_formula(self, text):
        assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r"))
        assert neutral(text).endswith(text)

    @pytest.mark.parametrize("text", ['a "b", c', "a\nb", "a\rb", "a\r\nb", " a ", "ë, 9 000 €"])
    def test_cells_survive_csv(self, folder, text):
        compare([write(folder / "a.jsonl", [passage(text=text, themes={CORE: "denied"})])], folder / "out")
        assert rows_of(folder / "out/evidence.csv")[0]["text"] == text

    def test_two_runs_give_the_same_bytes_in_whatever_order_the_files_come(self, folder):
        rows = made_up_passages(10)
        one, two = write(folder / "one.jsonl", rows[:15]), write(folder / "two.jsonl", rows[15:])
        runs = [compare(paths, folder / name) for name, paths in {"a": [one, two], "b": [one, two], "c": [two, one]}.items()]
        contents = [[path.read_bytes() for path in run.files] for run in runs]
        assert contents[0] == contents[1] == contents[2]

    def test_the_folder_is_made_and_nothing_else_stands_in_it(self, folder):
        result = compare([write(folder / "a.jsonl", SMALL)], folder / "deep/er")
        assert sorted((folder / "deep/er").iterdir()) == sorted(result.files)

    def test_what_stood_there_stays_when_writing_fails(self, folder, monkeypatch):
        path = write(folder / "a.jsonl", SMALL)
        before = {file: file.read_bytes() for file in compare([path], folder / "out").files}
        real = Path.open

        def full(self, mode="r", **kwargs):
            if "evidence.csv" in self.name and mode == "w":
                raise OSError(28, "No space left on device")
            return real(self, mode, **kwargs)

        write(path, SMALL[:3])
        monkeypatch.setattr(Path, "open", full)
        with pytest.raises(OutputError, match=r"evidence\.csv: cannot be written \(No space left"):
            compare([path], folder / "out")
        assert {file: file.read_bytes() for file in (folder / "out").iterdir()} == before

    def test_a_file_in_place_of_the_folder_is_refused(self, folder):
        (folder / "out").write_text("x")
        with pytest.raises(OutputError, match="is a file"):
            compare([write(folder / "a.jsonl", SMALL)], folder / "out")
