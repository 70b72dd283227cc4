"""The first look: a scheme without gold ranks passages, gives no labels, and says so wherever it is used."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sklearn.metrics import average_precision_score

from conftest import Done
from ffm.errors import SchemeError
from ffm.project.project import read_project
from ffm.project.scheme import Scheme, Theme
from ffm.records import TaggedPassage
from ffm.server.uploads import read_upload
from ffm.tagging.dataset import read_file
from ffm.tagging.pipeline import load
from ffm.themes.classifier import passage_margins
from ffm.themes.features import contexts
from ffm.themes.first_look import first_look
from harbours import WORDS, passage, themes_of, write_report, write_scheme

THEMES = tuple(WORDS)[:5]


@pytest.fixture(autouse=True, scope="module")
def only_own_reports() -> Iterator[None]:
    with mock.patch.dict(os.environ):
        os.environ.pop("FFM_RAW_TEXT", None)
        os.environ.pop("FFM_PROJECT", None)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with a scheme and two reports, and without gold or model."""
    folder = tmp_path_factory.mktemp("first")
    write_scheme(folder, THEMES, core=["fog"], stance=["fog"])
    (folder / "ffm.toml").write_text('name = "harbours"\nmodel = "models/harbours"\n', encoding="utf-8")
    rng = np.random.default_rng(3)
    for name in ("norvik", "sudvik"):
        write_report(folder, name, [passage(rng, themes_of(rng, THEMES, number)) for number in range(30)])
    return folder


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[TaggedPassage]:
    return tagged(folder, "raw_text/norvik.md", "raw_text/sudvik.md")


def tagged(folder: Path, *reports: str) -> list[TaggedPassage]:
    from conftest import run_in_process

    before = Path.cwd()
    os.chdir(folder)
    try:
        done = run_in_process("tag", *reports, "-o", "tagged.jsonl")
        assert done.code == 0, done.err
        assert done.out.splitlines()[-1].endswith("; first look: rankings by the scheme's definitions and cues, no labels")
        assert not done.errors
        return read_file(Path("tagged.jsonl"))
    finally:
        os.chdir(before)


def test_rows_have_rankings_and_neither_labels_nor_stance(rows: list[TaggedPassage]) -> None:
    themed = [row for row in rows if row.scores]
    assert len(themed) == 60
    assert not any(row.labels or row.stance for row in rows)
    assert all(set(row.scores) == set(THEMES) for row in themed)
    assert {row.model.partition("@")[0] for row in rows} == {"first-look"}
    assert {row.scheme.partition("+")[0] for row in rows} == {"harbours@3"}


def test_what_the_scheme_describes_ranks_first() -> None:
    rng = np.random.default_rng(12)
    wanted = [themes_of(rng, THEMES, number) for number in range(150)]
    texts = [passage(rng, themes) for themes in wanted]
    scheme = Scheme(
        "h",
        1,
        "H",
        tuple(Theme(name, name, "topic", ", ".join(WORDS[name][1:3]), "#000000", "1", cues=(WORDS[name][0],)) for name in THEMES),
    )
    model = first_look(scheme)[0]
    read = [contexts([text], "") for text in texts]
    margins = passage_margins(model.margins([one for each in read for one in each]), list(range(len(texts))), len(texts))
    for column, theme in enumerate(THEMES):
        assert average_precision_score([theme in themes for themes in wanted], margins[:, column]) > 0.7


def test_a_report_is_ranked_the_same_whatever_else_is_tagged(folder: Path, rows: list[TaggedPassage]) -> None:
    alone = tagged(folder, "raw_text/norvik.md")
    assert alone == [row for row in rows if row.report == "norvik"]


def test_other_forms_of_a_defined_word_count_and_what_does_not_apply_speaks_against() -> None:
    theme = Theme(
        "crowding", "Overcrowded cells", "topic", "prisoners who share beds", "#000000", "1", does_not_apply="hospital beds, wards"
    )
    other = replace(theme, id="food", name="Food", applies="meals and bread", does_not_apply="", key="2")
    model = first_look(Scheme("h", 1, "H", (theme, other)))[0]
    texts = ["The prison is overcrowded.", "Each prisoner has a bed.", "The hospital has a ward.", "Nothing is said."]
    crowded, prisoner, hospital, nothing = model.margins([contexts([text], "")[0] for text in texts])[:, 0]
    assert crowded > nothing and prisoner > nothing > hospital


def test_show_explain_and_suggest_work_and_say_what_they_go_by(
    folder: Path, rows: list[TaggedPassage], run_ffm: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    shown = run_ffm("show", "norvik", "--theme", "fog", "-n", "3")
    assert shown.code == 0, shown.err
    assert shown.errors == ["notice: fog is ranked without labels: the passages of the highest scores"]
    assert "fog" in shown.out and "ranked only: " in shown.out
    first = max((row for row in rows if row.report == "norvik"), key=lambda row: row.scores["fog"])
    explained = run_ffm("explain", "norvik", first.passage, "--theme", "fog")
    assert explained.code == 0, explained.err
    assert "(ranked only)" in explained.out and "cue" in explained.out
    suggested = run_ffm("suggest", "tagged.jsonl", "-o", "next.jsonl", "-n", "5")
    assert suggested.code == 0, suggested.err
    assert "(ranked only)" in suggested.out
    assert len(read_file(Path("next.jsonl"))) == 5


def test_a_comparison_does_not_count_what_is_only_ranked(
    folder: Path, run_ffm: Callable[..., Done], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(folder)
    assert run_ffm("tag", "raw_text/norvik.md", "-o", str(tmp_path / "first.jsonl")).code == 0
    done = run_ffm("compare", str(tmp_path / "first.jsonl"), "-o", str(tmp_path / "page"))
    assert done.code == 0
    assert "norvik: tagged by a first look, which ranks passages and gives no labels" in done.err
    assert "not measured" in (tmp_path / "page/comparison.html").read_text(encoding="utf-8")
    with (tmp_path / "page/prevalence.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {(row["found"], row["estimate"]) for row in csv.DictReader(file)} == {("", "")}


def test_the_reading_page_says_that_it_is_a_first_look(folder: Path) -> None:
    page = read_upload(load(read_project(folder).tags_with), folder / "raw_text/norvik.md", "nonce")
    assert "First look" in page
    assert "Machine labels" not in page
    assert "ranked only" in page


def test_a_changed_scheme_is_read_again_and_told_by_its_model(tmp_path: Path) -> None:
    write_scheme(tmp_path, THEMES[:2])
    (tmp_path / "ffm.toml").write_text('name = "harbours"\n', encoding="utf-8")
    write_report(tmp_path, "norvik", ["The fog lies on the quay."])
    before = tagged(tmp_path, "raw_text/norvik.md")
    scheme = tmp_path / "annotations/scheme.toml"
    scheme.write_text(scheme.read_text("utf-8").replace("mist or haze", "quays and piers"), encoding="utf-8")
    os.utime(scheme, (2_000_000_000, 2_000_000_000))
    after = tagged(tmp_path, "raw_text/norvik.md")
    assert before[0].scheme == after[0].scheme
    assert before[0].model != after[0].model
    assert after[0].scores["fog"] > before[0].scores["fog"]


def test_a_damaged_scheme_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "scheme.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(SchemeError, match=r"scheme\.toml: not a scheme"):
        load(tmp_path / "scheme.toml")


words = st.text("abcdefghij '-é漢’", max_size=30)


@settings(max_examples=30)
@given(st.lists(st.tuples(words, words, words), min_size=1, max_size=4), words)
def test_any_scheme_ranks_any_text(themes: list[tuple[str, str, str]], text: str) -> None:
    scheme = Scheme(
        "h",
        1,
        "H",
        tuple(
            Theme(f"t{number}", name, "topic", applies, "#000000", "1", does_not_apply=other)
            for number, (name, applies, other) in enumerate(themes)
        ),
    )
    model, _, calibration = first_look(scheme)
    assert np.isfinite(model.margins(contexts([text, "second"], text))).all()
    assert not calibration.threshold
