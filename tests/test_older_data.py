"""Gold and tagged rows of older versions of a scheme: told in the newer one where its changes determine it, named where they do not."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from conftest import ROOT, Done
from ffm.cli import project as command_project
from ffm.cli.console import notice
from ffm.comparison import compare
from ffm.errors import GoldError, SchemeError
from ffm.exchange import Format
from ffm.gold.load import load_gold
from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord, read_gold, text_digest, write_gold
from ffm.project.project import Project, find_project, packaged_project, read_project
from ffm.project.versions import earlier
from ffm.records import Report, TaggedPassage
from ffm.tagging.dataset import read_file, read_tagged
from ffm.tagging.schemes import scheme_of_rows
from ffm.tagging.writers import write_rows

TEXT = "Two ferries left Durban. A raft was seen. Nobody rows. The barge is old. It rained."
SPANS = [(0, 24), (25, 41), (42, 54), (55, 72), (73, 83)]
HEAD = 'id = "boats"\ntitle = "Boats"\n[stances]\nseen = "someone saw it"\nunseen = "nobody did"\n'
FIRST = {"ferry": "core", "canoe": "core", "raft": "topic", "barge": "topic", "oar": "topic", "storm": "topic"}
# ferry is renamed, canoe joins raft, barge is split, oar is dropped, storm means something else, buoy is new
CHANGES = """
[[change]]
from = 1
theme = "ferry"
becomes = ["ship"]
[[change]]
from = 1
theme = "canoe"
becomes = ["raft"]
[[change]]
from = 1
theme = "barge"
becomes = ["lighter", "pontoon"]
[[change]]
from = 1
theme = "oar"
becomes = []
[[change]]
from = 1
theme = "storm"
becomes = ["storm"]
[[change]]
from = 1
becomes = ["buoy"]
"""
SECOND = {"ship": "core", "raft": "core", "lighter": "topic", "pontoon": "topic", "storm": "topic", "buoy": "topic"}


def scheme_text(version: int, themes: dict[str, str], changes: str = "", **meanings: int) -> str:
    labels = [
        f'[[theme]]\nid = "{name}"\nname = "{name.title()}"\ngroup = "{group}"\napplies = "speaks of it"\ncolour = "#11223{number}"\n'
        f'key = "{number}"\nstance = {str(group == "core").lower()}\nmeaning = {meanings.get(name, 1)}\n'
        for number, (name, group) in enumerate(themes.items())
    ]
    return f"version = {version}\n" + HEAD + changes + "\n".join(labels)


@pytest.fixture
def boats(here: Path) -> Callable[..., Project]:
    """Return a function that makes the project of boats with a scheme, and returns it; by default the second version."""

    def make(text: str = scheme_text(2, SECOND, CHANGES, storm=2)) -> Project:
        for folder in ("annotations/gold", "raw_text"):
            (here / folder).mkdir(parents=True, exist_ok=True)
        (here / "ffm.toml").write_text('name = "boats"\n')
        (here / "annotations/scheme.toml").write_text(text)
        (here / "raw_text/log.md").write_text(TEXT)
        (here / "raw_text/reports.toml").write_text('[log]\nfile = "log.md"\ntitle = "Log"\ncovers = "2019"\n')
        return read_project(here)

    return make


def header(version: int, report: str = "log") -> GoldHeader:
    return GoldHeader(report, text_digest(Report(report, TEXT)), version, "reader", "human annotator", True, "2026-11-21")


def records() -> list[GoldRecord]:
    themes: list[dict[str, str]] = [
        {"ferry": "seen"},
        {"canoe": "seen", "raft": ""},
        {"oar": ""},
        {"barge": "", "ferry": "unseen"},
        {"storm": ""},
    ]
    return [
        GoldRecord(
            *span,
            entities=(GoldEntity(17, 23, "PLACE"),) if span[0] == 0 else (),
            themes=tuple(labels),
            stance={theme: stance for theme, stance in labels.items() if stance},
        )
        for span, labels in zip(SPANS, themes, strict=True)
    ]


def row(report: str, number: int, scheme: str, themes: dict[str, str], scores: tuple[str, ...] = (), **fields: object) -> TaggedPassage:
    text = f"Sentence {number} of it."
    about = dict.fromkeys(("section", "source", "source_type", "date", "date_conflict", "page", "question", "question_start"))
    start = number * 100
    return msgspec.convert(
        {
            **about,
            "report": report,
            "passage": f"{report}/{number:04}",
            "kind": "paragraph",
            "start": start,
            "end": start + len(text),
            "question_parts": (),
            "parts": ((start, start + len(text)),),
            "text": text,
            "labels": tuple(themes),
            "stance": {theme: stance for theme, stance in themes.items() if stance},
            "scores": {theme: 0.9 if theme in themes else 0.1 for theme in scores or themes},
            "scheme": scheme,
            **fields,
        },
        TaggedPassage,
    )


def written(path: Path, rows: list[TaggedPassage]) -> Path:
    write_rows(rows, path, path.suffix)
    return path


def figures(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    with (folder / "prevalence.csv").open(encoding="utf-8-sig", newline="") as file:
        return {
            (line["value"], line["theme"]): line
            for line in csv.DictReader(file)
            if (line["grouping"], line["unit"]) == ("report", "passages")
        }


class TestGold:
    def test_of_an_older_version_is_read_through_the_changes(self, boats: Callable[..., Project], here: Path) -> None:
        project = boats()
        write_gold(here / "annotations/gold/log.jsonl", header(1), records())
        (gold,), (message,) = load_gold(project.gold, project.reports(), project.scheme)
        assert gold.header.scheme == 2
        assert [record.themes for record in gold.records] == [("ship",), (), (), ("ship",), ("storm",)]
        assert gold.records[0].stance == {"ship": "seen"}
        # the raft carries a stance by now, and of one that was no canoe none is known; the barge may be the one or the other
        assert [record.unread for record in gold.records] == [(), ("raft",), (), ("lighter", "pontoon"), ()]
        assert gold.records[0].entities == (GoldEntity(17, 23, "PLACE"),)
        assert "5 ranges of 1 file were annotated by version 1 and are read as version 2; 3 of them need review" in message
        assert "(lighter 1, pontoon 1, raft 1, storm 1)" in message
        assert "labels that are dropped: oar 1; not read for buoy, which came later" in message

    @pytest.mark.parametrize(
        ("text", "version", "why"),
        [
            (scheme_text(3, SECOND), 1, "does not lead there from version 1: no [[change]] tells what changed from version 1 to 2; add"),
            (scheme_text(1, FIRST), 4, "is older than version 4; use the later scheme (that of a model: train it again)"),
        ],
    )
    def test_of_a_version_without_a_path_is_refused_by_name(
        self, boats: Callable[..., Project], here: Path, text: str, version: int, why: str
    ) -> None:
        project = boats(text)
        write_gold(here / "annotations/gold/log.jsonl", header(version), records())
        with pytest.raises(GoldError) as caught:
            load_gold(project.gold, project.reports(), project.scheme)
        assert f"log.jsonl: was annotated by version {version}: the scheme boats@" in str(caught.value)
        assert why in str(caught.value)

    def test_of_which_labels_are_open_goes_through_other_formats_as_it_is(
        self, boats: Callable[..., Project], here: Path, run_ffm: Callable[..., Done]
    ) -> None:
        project = boats()
        write_gold(here / "annotations/gold/log.jsonl", header(1), records())
        assert run_ffm("scheme", "migrate", "annotations/gold", "--in-place").code == 0
        assert run_ffm("gold", "anchor").code == 0
        for format in (format for format in Format if format is not Format.xlsx):  # which is for reading alone
            assert run_ffm("export", "annotations/gold", "--format", format, "-o", "out").code == 0
            done = run_ffm("import", "out", "--format", format, "-o", "back")
            assert (done.code, done.err) == (0, ""), (format, done.err)
            assert read_gold(here / "back/log.jsonl") == read_gold(project.gold / "log.jsonl")

    def test_an_older_label_of_which_no_change_tells_is_refused(self, boats: Callable[..., Project], here: Path) -> None:
        project = boats(scheme_text(2, {"ship": "core"}, "[[change]]\nfrom = 1\nnote = 'wording'\n"))
        write_gold(here / "annotations/gold/log.jsonl", header(1), [GoldRecord(0, 24, themes=("raft",))])
        with pytest.raises(GoldError, match='no theme "raft"'):
            load_gold(project.gold, project.reports(), project.scheme)


class TestMigrate:
    def test_writes_gold_in_the_new_labels_and_what_needs_eyes(self, boats: Callable, here: Path, run_ffm: Callable[..., Done]) -> None:
        project = boats()
        path = here / "annotations/gold/log.jsonl"
        write_gold(path, header(1), records())
        before = path.read_bytes()
        done = run_ffm("scheme", "migrate", "annotations/gold", "-o", "new", "-r", "review.jsonl")
        assert done.code == 0, done.err
        assert done.out == "new/log.jsonl: 5 ranges of version 1 told in version 2, 3 for review\nreview.jsonl: 1 passage for review\n"
        assert path.read_bytes() == before
        (gold,), messages = load_gold(here / "new", project.reports(), project.scheme)
        assert messages == []
        assert gold.records == load_gold(project.gold, project.reports(), project.scheme)[0][0].records
        rows = read_file(here / "review.jsonl")
        assert [(item.report, item.scheme, item.model, item.labels) for item in rows] == [
            ("log", project.scheme.reference, "gold", ("ship", "storm"))
        ]
        assert scheme_of_rows(rows, project) == project.scheme

    def test_twice_changes_nothing(self, boats: Callable, here: Path, run_ffm: Callable[..., Done]) -> None:
        boats()
        path = here / "annotations/gold/log.jsonl"
        write_gold(path, header(1), records())
        assert run_ffm("scheme", "migrate", "annotations/gold", "--in-place").code == 0
        once = path.read_bytes()
        done = run_ffm("scheme", "migrate", "annotations/gold", "--in-place")
        assert (done.code, done.err) == (0, "")
        assert done.out.endswith("log.jsonl: is of version 2 already\n")
        assert path.read_bytes() == once

    def test_step_by_step_gives_what_all_steps_together_give(self, boats: Callable, here: Path, run_ffm: Callable[..., Done]) -> None:
        more = (
            CHANGES
            + '[[change]]\nfrom = 2\ntheme = "pontoon"\nbecomes = ["quay"]\n[[change]]\nfrom = 2\ntheme = "ship"\nbecomes = ["liner"]\n'
        )
        third = {"liner": "core", "raft": "core", "lighter": "topic", "quay": "topic", "storm": "topic", "buoy": "topic"}
        write = [(here / "a.jsonl", records()), (here / "b.jsonl", records())]
        boats()
        for path, mine in write:
            write_gold(path, header(1), mine)
        assert run_ffm("scheme", "migrate", "a.jsonl", "--in-place").code == 0
        boats(scheme_text(3, third, more, storm=2))
        assert run_ffm("scheme", "migrate", "a.jsonl", "b.jsonl", "--in-place").code == 0
        assert read_gold(here / "a.jsonl") == read_gold(here / "b.jsonl")
        assert read_gold(here / "a.jsonl")[1][3].unread == ("lighter", "quay")

    def test_writes_nothing_unless_told_where(self, boats: Callable, here: Path, run_ffm: Callable[..., Done]) -> None:
        boats()
        path = here / "annotations/gold/log.jsonl"
        write_gold(path, header(1), records())
        before = path.read_bytes()
        done = run_ffm("scheme", "migrate", "annotations/gold")
        assert done.code == 0 and "say where with -o DIR, or --in-place" in done.err
        assert path.read_bytes() == before
        assert run_ffm("scheme", "migrate").out == done.out
        assert run_ffm("scheme", "migrate", "annotations/gold", "-o", "new", "--in-place").code == 2
        assert "-r the file of passages for review" in run_ffm("scheme", "migrate", "-o", "review.jsonl").err
        assert path.read_bytes() == before

    def test_refuses_what_is_damaged_by_name_and_does_the_rest(self, boats: Callable, here: Path, run_ffm: Callable[..., Done]) -> None:
        boats()
        write_gold(here / "annotations/gold/log.jsonl", header(1), records())
        (here / "annotations/gold/torn.jsonl").write_text("{")
        (here / "rows.jsonl").write_text("{}\n")
        done = run_ffm("scheme", "migrate", "annotations/gold", "rows.jsonl", "none.jsonl", "-o", "new")
        assert done.code == 1
        assert [line.split(": ")[1] for line in done.errors if line.startswith("error")] == [
            "annotations/gold/torn.jsonl",
            "rows.jsonl",
            "none.jsonl",
        ]
        assert [path.name for path in (here / "new").iterdir()] == ["log.jsonl"]

    def test_lists_what_was_not_read_for_a_new_label_only_where_asked(
        self, boats: Callable, here: Path, run_ffm: Callable[..., Done]
    ) -> None:
        boats()
        write_gold(here / "annotations/gold/log.jsonl", header(1), [GoldRecord(0, 24, themes=("raft",))])
        words = ("scheme", "migrate", "annotations/gold", "-r", "review.jsonl")
        boats(scheme_text(2, {"raft": "topic", "buoy": "topic"}, '[[change]]\nfrom = 1\nbecomes = ["buoy"]\n'))
        assert run_ffm(*words).out.endswith("review.jsonl: 0 passages for review\n")
        assert run_ffm(*words, "--unread").out.endswith("review.jsonl: 1 passage for review\n")

    @pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".csv"])
    def test_tells_tagged_rows_anew_and_keeps_where_they_came_from(
        self, boats: Callable, here: Path, run_ffm: Callable[..., Done], suffix: str
    ) -> None:
        project = boats()
        old = earlier(project.scheme, 1)[0]
        rows = [row("log", 1, old.reference, {"ferry": "seen"}), row("log", 2, old.reference, {"barge": ""})]
        written(here / f"old{suffix}", rows)
        done = run_ffm("scheme", "migrate", f"old{suffix}", "-o", "new", "-r", "review.jsonl")
        assert done.code == 0, done.err
        told = read_file(here / f"new/old{suffix}")
        assert [item.labels for item in told] == [("ship",), ()]
        assert {item.scheme for item in told} == {f"{project.scheme.reference} from 1"}
        assert [item.passage for item in read_file(here / "review.jsonl")] == ["log/0002"]
        data = read_tagged([here / f"new/old{suffix}"], project)
        assert data.reexpressed == {"log": {"ship", "raft"}}
        assert data.undetermined == {"log": {"lighter", "pontoon", "storm", "buoy"}}


class TestTaggedRows:
    def test_of_two_versions_are_told_in_the_newer(self, boats: Callable[..., Project], here: Path) -> None:
        project = boats()
        new = project.scheme.reference
        old = earlier(project.scheme, 1)[0].reference
        paths = [
            written(
                here / "a.jsonl", [row("log", 1, old, {"ferry": "seen", "storm": ""}, tuple(FIRST)), row("log", 2, old, {}, tuple(FIRST))]
            ),
            written(here / "b.jsonl", [row("later", 1, new, {"ship": "seen", "storm": ""}, tuple(SECOND))]),
        ]
        data = read_tagged(paths, project)
        assert data.scheme == project.scheme
        assert data.reexpressed == {"log": {"ship", "raft"}}
        result = compare(paths, project)
        result.write(here / "out")
        told = figures(here / "out")
        assert (told["log", "ship"]["found"], told["log", "ship"]["n"], told["log", "ship"]["reexpressed"]) == (
            "1",
            "2",
            "yes",
        )
        assert (told["later", "ship"]["found"], told["later", "ship"]["reexpressed"]) == ("1", "")
        for theme in ("storm", "lighter", "pontoon", "buoy"):
            assert told["log", theme]["found"] == told["log", theme]["estimate"] == ""
            assert told["later", theme]["found"] != ""
        assert told["log", "raft"]["found"] == "0"
        page = (here / "out/comparison.html").read_text()
        assert "not measured" in page and "1 of 2</a> †" in page
        assert "storm,0.9000,,log" not in (here / "out/evidence.csv").read_text()
        assert any("log: labelled by version 1 of boats, told in version 2 (renamed ferry -> ship" in line for line in result.messages)

    def test_of_one_older_version_are_told_in_their_own_labels(self, boats: Callable[..., Project], here: Path) -> None:
        project = boats()
        old, _ = earlier(project.scheme, 1)
        data = read_tagged([written(here / "a.jsonl", [row("log", 1, old.reference, {"ferry": "seen"}, tuple(FIRST))])], project)
        assert (data.scheme.version, set(data.scheme.theme_ids), data.reexpressed) == (1, set(FIRST), {})

    @pytest.mark.parametrize(
        ("one", "two", "why"),
        [
            ("boats@1+11111111", "trains@1+22222222", "labels of two schemes cannot be mixed"),
            ("boats@1+11111111", "boats@1+22222222", "both call themselves version 1 but mean different things"),
            ("boats@1+11111111", "boats@7+22222222", "which is not here to say what changed; name its project with --project"),
        ],
    )
    def test_of_schemes_that_do_not_lead_to_each_other_are_refused_by_name(
        self, boats: Callable[..., Project], here: Path, one: str, two: str, why: str
    ) -> None:
        project = boats()
        path = written(here / "a.jsonl", [row("log", 1, one, {"raft": ""}), row("later", 1, two, {"raft": ""})])
        with pytest.raises(SchemeError) as caught:
            read_tagged([path], project)
        assert why in str(caught.value) and two in str(caught.value)
        assert "tag " in str(caught.value)

    def test_with_a_theme_of_which_no_change_tells_are_refused(self, boats: Callable[..., Project], here: Path) -> None:
        project = boats()
        rows = [row("log", 1, "boats@1+11111111", {"tug": ""}), row("later", 1, project.scheme.reference, {"raft": ""})]
        with pytest.raises(SchemeError, match='says what became of "tug"'):
            read_tagged([written(here / "a.jsonl", rows)], project)

    def test_that_mean_the_same_are_no_older_ones(self, boats: Callable[..., Project], here: Path) -> None:
        project = boats(scheme_text(2, {"raft": "topic"}, "[[change]]\nfrom = 1\nnote = 'wording'\n"))
        rows = [row("log", 1, f"boats@1+{project.scheme.digest}", {"raft": ""}), row("later", 1, project.scheme.reference, {"raft": ""})]
        data = read_tagged([written(here / "a.jsonl", rows)], project)
        assert (data.reexpressed, data.undetermined, data.messages) == ({}, {}, ())


class TestVersion010:
    """Rows that name neither scheme nor model."""

    def bare(self, path: Path) -> Path:
        scheme = packaged_project().scheme
        rows = [row("log", 1, "", {scheme.core_ids[0]: "reported"}, scheme.theme_ids), row("log", 2, "", {}, scheme.theme_ids)]
        lines = [msgspec.to_builtins(item) for item in rows]
        path.write_text(
            "".join(json.dumps({key: value for key, value in line.items() if key not in ("scheme", "model")}) + "\n" for line in lines)
        )
        return path

    def test_rows_are_read_as_the_first_version_of_the_scheme_that_has_their_themes(self, here: Path) -> None:
        data = read_tagged([self.bare(here / "a.jsonl")], find_project())
        first = earlier(packaged_project().scheme, 1)[0]
        assert (data.scheme.version, data.scheme.digest) == (1, first.digest)
        assert data.messages == (
            f"{here / 'a.jsonl'}: names no scheme, as version 0.1.0 wrote it; its labels are read as those of {first.reference}",
        )

    def test_rows_go_with_rows_of_today(self, here: Path) -> None:
        scheme = packaged_project().scheme
        new = written(here / "b.jsonl", [row("later", 1, scheme.reference, {}, scheme.theme_ids)])
        data = read_tagged([self.bare(here / "a.jsonl"), new], find_project())
        assert (data.scheme, data.reexpressed, set(data.undetermined)) == (scheme, {"log": frozenset()}, {"log"})

    def test_rows_of_no_scheme_that_is_here_are_read_off_and_not_mixed(self, here: Path) -> None:
        path = written(here / "a.jsonl", [row("log", 1, "", {"pier": ""})])
        assert read_tagged([path], find_project()).scheme.theme_ids == ("pier",)
        with pytest.raises(SchemeError, match=r"does not name \(version 0.1.0 wrote it\)"):
            read_tagged([path, written(here / "b.jsonl", [row("later", 1, "boats@1+11111111", {"raft": ""})])], find_project())

    def test_a_part_of_the_gold_of_the_repository_was_annotated_by_the_first_version(self) -> None:
        versions = [read_gold(path)[0].scheme for path in (ROOT / "annotations/gold").glob("*.jsonl")]
        assert versions.count(1) == 11 and set(versions) == {1, 2}


class TestSchemeOfTheModel:
    def test_tag_and_show_say_where_the_projects_scheme_means_something_else(
        self, boats: Callable[..., Project], here: Path, run_ffm: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(command_project, "notice", notice)
        project = boats()
        model = ROOT / "models/ffm-en"
        for words in (("tag", "raw_text/log.md", "-o", "out.jsonl", "--model", model), ("show", "raw_text/log.md", "--model", model)):
            done = run_ffm(*words)
            assert done.code == 0, done.err
            (line,) = [line for line in done.errors if "train again with ffm train" in line]
            assert line.startswith(f"notice: {model}: labels by the scheme ffm@") and project.scheme.reference in line

    def test_a_comparison_has_the_themes_of_its_rows_whatever_scheme_lies_around(self, boats: Callable[..., Project], here: Path) -> None:
        project = boats()
        rows = [row("log", 1, "trains@4+12345678", {"tunnel": "seen"}, ("tunnel", "viaduct"))]
        compare([written(here / "a.jsonl", rows)], project).write(here / "out")
        assert {theme for _, theme in figures(here / "out")} == {"tunnel", "viaduct"}

    def test_check_names_what_the_changes_do_not_tell_of_a_model_that_is_here(
        self, boats: Callable[..., Project], here: Path, refused: Callable[..., str], run_ffm: Callable[..., Done]
    ) -> None:
        from ffm.themes.store import SCHEME as STORED

        old = replace(boats(scheme_text(1, FIRST)).scheme)
        place = here / "models/old/ffm_themes"
        place.mkdir(parents=True)
        (place / STORED).write_bytes(msgspec.json.encode(old))
        monkey = json.loads((ROOT / "models/ffm-en/ffm_themes/manifest.json").read_text())
        import hashlib

        monkey["sha256"][STORED] = hashlib.sha256((place / STORED).read_bytes()).hexdigest()
        (place / "manifest.json").write_text(json.dumps(monkey))
        boats()
        assert run_ffm("scheme", "check").code == 0
        boats(scheme_text(2, SECOND, CHANGES.replace('theme = "oar"', 'theme = "sail"'), storm=2))
        assert '"oar" is not in version 2, and no [[change]] says what became of it' in refused("scheme", "check")
        boats(scheme_text(1, {**FIRST, "wreck": "topic"}))
        done = run_ffm("scheme", "check")
        assert done.code == 0 and "raise the version, and add [[change]]" in done.err


def test_check_shows_the_path_of_the_scheme_that_it_checked(boats: Callable[..., Project], run_ffm: Callable[..., Done]) -> None:
    project = boats()
    assert (
        run_ffm("scheme", "check").out
        == f"{project.scheme_file.relative_to(project.folder)}: version 2, 3 entity labels, 6 themes, no problems\n"
    )


def test_own_entity_labels_are_refused_with_a_sentence(boats: Callable[..., Project], here: Path, refused: Callable[..., str]) -> None:
    own = '[[entity]]\nid = "CREW"\nname = "Crew"\ndefinition = "sailors"\ncolour = "#000000"\nkey = "z"\n'
    boats(scheme_text(1, FIRST) + own)
    assert "the entity labels are CREW; ORG, PLACE and AMOUNT are what ffm finds" in refused("scheme", "check")


class TestDiff:
    def test_tells_kinds_of_changes_of_files_models_and_versions(self, boats: Callable, here: Path, run_ffm: Callable[..., Done]) -> None:
        (here / "old.toml").write_text(scheme_text(1, FIRST))
        boats()
        done = run_ffm("scheme", "diff", "old.toml", "annotations/scheme.toml")
        assert (done.code, done.err) == (0, "")
        lines = done.out.splitlines()[1:]
        assert lines[:6] == [
            "renamed: ferry -> ship",
            "merged: canoe, raft -> raft",
            "split: barge -> lighter, pontoon",
            "dropped: oar",
            "redefined: storm",
            "added: buoy",
        ]
        assert 'regrouped: "raft" is in the group core, it was in topic' in lines
        by_version = run_ffm("scheme", "diff", "--from", "1").out.splitlines()[1:]
        assert [line.split(":")[0] for line in by_version] == ["renamed", "renamed", "split", "dropped", "redefined", "added"]
        assert run_ffm("scheme", "diff", ROOT / "models/ffm-en", ROOT / "models/ffm-en").out.endswith(
            f"means the same: {read_project(ROOT).scheme.digest}\n"
        )

    def test_of_words_alone_means_the_same(self, here: Path, run_ffm: Callable[..., Done]) -> None:
        (here / "old.toml").write_text(scheme_text(1, FIRST))
        (here / "new.toml").write_text(scheme_text(1, FIRST).replace("speaks of it", "tells of it"))
        done = run_ffm("scheme", "diff", "old.toml", "new.toml")
        assert "wording: ferry (applies)" in done.out and "means the same: " in done.out

    @pytest.mark.parametrize("words", [("a", "b", "c"), ("a",), (), ("a", "b", "--from", "1")])
    def test_with_other_words_is_wrong_usage(self, here: Path, refused: Callable[..., str], words: tuple[str, ...]) -> None:
        assert "an older and a newer scheme" in refused("scheme", "diff", *words, code=2)
