"""Training with what there is: one report, few groups, themes with few examples or none, gold without entities or stance."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Done
from ffm.errors import GoldError
from ffm.evaluation.examples import Example
from ffm.evaluation.figures import read_figures
from ffm.evaluation.splits import GAP, Folds, make_folds
from ffm.evaluation.trust import FIGURES
from ffm.gold.corrections import Correction, keep_correction
from ffm.ingest import read_report
from ffm.project.project import read_project
from ffm.tagging.dataset import read_file
from ffm.tagging.pipeline import load
from ffm.tagging.report import Text, make_doc
from ffm.themes.classifier import LEARNT, calibrate, fit_platt, probabilities
from ffm.themes.features import contexts
from ffm.training.train import train, write_model
from harbours import WORDS, make_project, passage, themes_of, write_labels, write_report, write_scheme

FIVE = tuple(WORDS)[:5]


@pytest.fixture(autouse=True, scope="module")
def only_own_reports() -> Iterator[None]:
    """Look at the reports of the projects only, and at no others that this machine has."""
    with mock.patch.dict(os.environ):
        os.environ.pop("FFM_RAW_TEXT", None)
        os.environ.pop("FFM_PROJECT", None)
        yield


def card_of(folder: Path) -> str:
    return (folder / "models/harbours/README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def one_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project that is trained on 44 passages of one report; five themes, none of them core, no stances, no entities."""
    folder = tmp_path_factory.mktemp("one")
    project = make_project(folder, FIVE)
    write_model(train(project, quick=True), project.model)
    return folder


def test_one_report_is_judged_on_blocks_of_neighbours_and_says_so(one_report: Path) -> None:
    figures = read_figures(one_report / "models/harbours" / FIGURES)
    assert figures.folds == "blocks"
    assert figures.groups > 5
    assert "blocks of neighbouring passages" in card_of(one_report)
    assert "optimistic for other reports" in card_of(one_report)


def test_labels_of_one_report_serve_on_another(one_report: Path) -> None:
    rng = np.random.default_rng(99)
    wanted = [themes_of(rng, FIVE, number) for number in range(120)]
    nlp = load(one_report / "models/harbours")
    docs = list(nlp.get_pipe("ffm_themes").pipe(make_doc(nlp, Text(passage(rng, themes), themed=True)) for themes in wanted))
    found = [set(doc._.labels or ()) for doc in docs]
    for theme in nlp.get_pipe("ffm_themes").calibration.threshold:
        hits = sum(theme in labels and theme in themes for labels, themes in zip(found, wanted, strict=True))
        f1 = 2 * hits / max(1, sum(theme in labels for labels in found) + sum(theme in themes for themes in wanted))
        assert f1 > 0.5, (theme, f1)


def test_what_was_not_measured_is_not_zero(one_report: Path) -> None:
    figures = read_figures(one_report / "models/harbours" / FIGURES)
    assert figures.entities is None
    assert figures.themes.core_macro_f1 is None
    assert figures.themes.stance_accuracy is None
    card = card_of(one_report)
    assert "Entities: not measured" in card
    assert "Stance: not measured" in card
    assert "| **core themes, macro** | | | **not measured** |" in card


def test_the_command_says_how_it_judged_and_what_it_did_not_measure(
    tmp_path: Path, run_ffm: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    done = run_ffm("train", "--quick", "-j", "1")
    assert done.code == 0, done.err
    (line,) = done.out.splitlines()
    assert "trained on 44 passages of 1 report, labels for 4 of 5 themes" in line
    assert "core themes not measured" in line
    assert "entities exact micro-F1 not measured" in line
    assert line.endswith("folds of blocks of neighbouring passages, so the figures are optimistic for other reports")


def test_the_card_tells_what_the_headers_of_the_gold_tell(one_report: Path) -> None:
    card = card_of(one_report)
    assert card.startswith("# harbours: Harbours\n")
    assert (
        "1 report with 44 annotated ranges: made by human annotator, verified by a human annotator; annotator: A; 2026-05-04."
        in card.replace("Made", "made")
    )
    for untrue in ("language model", "machine-annotated", "written", "traffick", "Albania"):
        assert untrue not in card


def test_gold_of_two_kinds_is_told_apart(tmp_path: Path) -> None:
    project = make_project(tmp_path, reports={"norvik": 30})
    rng = np.random.default_rng(1)
    labels = [(passage(rng, found), found) for found in (themes_of(rng, FIVE, number) for number in range(20))]
    write_report(tmp_path, "sudvik", [text for text, _ in labels])
    write_labels(tmp_path, "sudvik", labels, made_by="language model", verified=False, annotator="reader", date="2026-06-01")
    gold = train(read_project(project.folder), quick=True).figures.gold
    assert [line.split(":")[0] for line in gold] == ["1 report with 30 annotated ranges", "1 report with 20 annotated ranges"]
    assert "**not yet verified by a human annotator**; annotator: reader; 2026-06-01" in gold[1]


def test_corrections_teach_the_last_fit_and_change_no_figure(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    before = train(project, quick=True)
    write_report(tmp_path, "sudvik", ["The crew of the tug sings by night. Nobody pays for the songs."])
    project = read_project(tmp_path)
    report = read_report(tmp_path / "raw_text/sudvik.md", "sudvik")
    start = report.text.index("The crew")
    keep_correction(project.corrections(), "rosa", report, Correction(start, start + 35, (), {"fog": None}, "harbours@1+0"), project.scheme)
    after = train(project, quick=True)
    assert after.figures.themes == before.figures.themes
    assert after.figures.reports == before.figures.reports
    (tmp_path / "models").mkdir(exist_ok=True)
    write_model(after, project.model)
    assert "1 passage corrected by readers: in the last fit, never measured on" in card_of(tmp_path)
    score = [trained.nlp("The crew of the tug sings by night.").cats["fog"] for trained in (before, after)]
    assert score[1] > score[0]


def test_agreement_of_annotators_who_worked_apart_is_told(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    for name in ("ada", "bo"):
        other = tmp_path / "annotations/passes" / name
        other.mkdir(parents=True)
        gold = (tmp_path / "annotations/gold/norvik.jsonl").read_text("utf-8").replace('"rosa"', f'"{name}"')
        (other / "norvik.jsonl").write_text(
            gold.replace('"themes":["fog"]', '"themes":["boats"]', 1) if name == "bo" else gold, encoding="utf-8"
        )
    (_, agreement) = train(project, quick=True).figures.gold
    assert agreement.startswith("2 annotations made apart (A, B) share 44 ranges: Krippendorff's alpha of the themes 0.9")


def test_yearly_reports_that_repeat_each_other_train(tmp_path: Path) -> None:
    """They are one group, and a paragraph's repeats are on no training side of its fold."""
    rng = np.random.default_rng(3)
    write_scheme(tmp_path, FIVE)
    (tmp_path / "ffm.toml").write_text('name = "harbours"\n', encoding="utf-8")
    repeated = [(passage(rng, found), found) for found in (themes_of(rng, FIVE, number) for number in range(24))]
    for name in ("one", "two", "three"):
        mine = [*repeated, *((passage(rng, found), found) for found in (themes_of(rng, FIVE, number) for number in range(6)))]
        write_report(tmp_path, name, [text for text, _ in mine])
        write_labels(tmp_path, name, mine)
    trained = train(read_project(tmp_path), quick=True)
    assert trained.figures.folds == "blocks"
    assert trained.learnt == 5


def test_three_reports_that_differ_are_left_out_one_by_one(tmp_path: Path) -> None:
    trained = train(make_project(tmp_path, reports={"norvik": 30, "sudvik": 30, "ostvik": 30}), quick=True)
    assert (trained.figures.folds, trained.figures.groups) == ("families", 3)


def test_six_themes_of_two_reports_give_labels_that_can_be_used(tmp_path: Path) -> None:
    project = make_project(tmp_path, tuple(WORDS), {"norvik": 40, "sudvik": 40}, seed=11)
    trained = train(project, quick=True)
    assert trained.learnt == 6
    rng = np.random.default_rng(5)
    texts = [Text(passage(rng, themes_of(rng, tuple(WORDS), number)), themed=True) for number in range(150)]
    docs = list(trained.nlp.get_pipe("ffm_themes").pipe(make_doc(trained.nlp, text) for text in texts))
    for theme in WORDS:
        share = sum(theme in (doc._.labels or ()) for doc in docs) / len(docs)
        assert 0.03 < share < 0.4, (theme, share)


def test_themes_with_little_gold_are_named_and_never_labels(tmp_path: Path) -> None:
    """One has no example, one has two: both are ranked by the scheme, the first look, and neither is in the means."""
    project = make_project(tmp_path, FIVE, scheme=(*FIVE, "storms", "tides"))
    rng = np.random.default_rng(8)
    rare = [(passage(rng, ("storms",)), ("storms",)) for _ in range(2)]
    write_report(tmp_path, "vestvik", [text for text, _ in rare])
    write_labels(tmp_path, "vestvik", rare)
    trained = train(read_project(project.folder), quick=True)
    (named,) = [message for message in trained.messages if message.startswith("not learnt")]
    assert f"fewer than {LEARNT} labelled passages carry them: storms (2), tides (0)" in named
    assert trained.figures.themes.scores["tides"] is None
    assert trained.figures.themes.ranked["tides"].average_precision is None
    write_model(trained, project.model)
    nlp = load(project.model)
    docs = [nlp(text) for text in ("A storm came, and waves broke the wall in a gale.", "The clerk reads a letter.")]
    assert docs[0].cats["storms"] > 0.3 > docs[1].cats["storms"]
    assert not any(set(doc._.labels or ()) & {"storms", "tides"} for doc in docs)
    assert "storms (2), tides (0)" in card_of(tmp_path)
    assert "| tides | - | - | not measured | - | - | 0 |" in card_of(tmp_path)


def test_a_theme_that_its_words_do_not_tell_is_ranked_without_labels(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    write_scheme(tmp_path, (*FIVE, "luck"))
    (tmp_path / "ffm.toml").write_text('name = "harbours"\n', encoding="utf-8")
    labels = []
    for number in range(44):
        found = themes_of(rng, FIVE, number)
        labels.append((passage(rng, found), (*found, "luck") if rng.random() < 0.2 else found))
    write_report(tmp_path, "norvik", [text for text, _ in labels])
    write_labels(tmp_path, "norvik", labels)
    trained = train(read_project(tmp_path), quick=True)
    assert any(message.startswith("learnt as rankings without labels") and "luck (" in message for message in trained.messages)


def test_a_theme_on_most_unlabelled_passages_is_named_at_training_and_at_tagging(
    tmp_path: Path, run_ffm: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path, FIVE)
    rng = np.random.default_rng(6)
    write_report(tmp_path, "fogvik", [passage(rng, ("fog",)) for _ in range(60)])
    monkeypatch.chdir(tmp_path)
    done = run_ffm("train", "--quick", "-j", "1")
    assert done.code == 0, done.err
    assert any("given to more than half of 60 unlabelled passages: fog (" in line for line in done.errors)
    (none,) = [line for line in done.errors if "given to none of 60 unlabelled passages: " in line]
    assert "fog" not in none
    tagged = run_ffm("tag", "raw_text/fogvik.md", "-o", "tagged.jsonl")
    assert any("given to more than half of 60 passages: fog (" in line for line in tagged.errors), tagged
    assert any("given to none of 60 passages: " in line for line in tagged.errors)


def test_written_examples_are_those_beside_the_gold_that_is_named(
    tmp_path: Path, run_ffm: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path, FIVE)
    for place, theme in (("annotations/written", "no-such-theme"), ("mine/written", "fog")):
        (tmp_path / place).mkdir(parents=True)
        line = f'{{"sentences": [{{"text": "Fog lay on the quay.", "themes": ["{theme}"]}}]}}\n'
        (tmp_path / place / "few.jsonl").write_text(line, encoding="utf-8")
    (tmp_path / "annotations/gold").rename(tmp_path / "mine/gold")
    monkeypatch.chdir(tmp_path)
    done = run_ffm("train", "--quick", "-j", "1", "--gold", "mine/gold", "-o", "models/harbours")
    assert done.code == 0, done.err
    assert "1 passage *written* for training" in card_of(tmp_path)


def test_stance_is_that_of_the_scheme_where_none_was_learnt(tmp_path: Path) -> None:
    write_scheme(tmp_path, FIVE, core=["fog"], stance=["fog"])
    (tmp_path / "ffm.toml").write_text('name = "harbours"\nmodel = "models/harbours"\n', encoding="utf-8")
    rng = np.random.default_rng(7)
    labels = [(passage(rng, found), found) for found in (themes_of(rng, FIVE, number) for number in range(44))]
    write_report(tmp_path, "norvik", [text for text, _ in labels])
    write_labels(tmp_path, "norvik", labels, stance={"fog": "seen"}, entities=True)
    project = read_project(tmp_path)
    trained = train(project, quick=True)
    assert trained.figures.themes.stance_accuracy == 1.0
    assert trained.figures.entities is not None
    doc = trained.nlp("The fog and the mist hide the quay; the haze lasts, and visibility is poor.")
    assert doc._.stance == {"fog": "seen"}


def test_without_gold_the_command_says_what_to_label_first(
    tmp_path: Path, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_scheme(tmp_path, FIVE)
    (tmp_path / "ffm.toml").write_text('name = "harbours"\n', encoding="utf-8")
    rng = np.random.default_rng(2)
    write_report(tmp_path, "norvik", [*(passage(rng, ()) for _ in range(10)), passage(rng, ("fog",)), passage(rng, ("boats",))])
    monkeypatch.chdir(tmp_path)
    message = refused("train")
    assert message.startswith("annotations/gold: no labelled passages, 30 are needed; label first: ")
    assert "norvik/0011 (fog)" in message and "norvik/0012 (boats)" in message
    assert "ffm gold template norvik -o gold.csv" in message


def test_gold_of_too_few_passages_is_refused_with_what_to_label_next(tmp_path: Path) -> None:
    project = make_project(tmp_path, reports={"norvik": 29})
    write_report(tmp_path, "sudvik", [passage(np.random.default_rng(1), ("fish",))])
    with pytest.raises(GoldError, match=r"29 labelled passages whose text is here, 30 are needed; label first: sudvik/0001 \(f"):
        train(read_project(project.folder), quick=True)


def test_gold_without_any_theme_often_enough_is_refused(tmp_path: Path) -> None:
    write_scheme(tmp_path, FIVE)
    (tmp_path / "ffm.toml").write_text('name = "harbours"\n', encoding="utf-8")
    rng = np.random.default_rng(7)
    labels = [(passage(rng, ()), (FIVE[number],) if number < 5 else ()) for number in range(44)]
    write_report(tmp_path, "norvik", [text for text, _ in labels])
    write_labels(tmp_path, "norvik", labels)
    with pytest.raises(GoldError, match=f"no theme is carried by {LEARNT} of the 44 labelled passages"):
        train(read_project(tmp_path), quick=True)


def test_forty_labelled_passages_train(tmp_path: Path) -> None:
    assert train(make_project(tmp_path, reports={"norvik": 40}), quick=True).learnt >= 4


def plain(report: str, number: int, themes: tuple[str, ...] = ()) -> Example:
    rng = np.random.default_rng(abs(hash((report, number))) % 2**32)
    text = " ".join("".join(chr(97 + letter) for letter in rng.integers(0, 26, 6)) for _ in range(15))
    return Example(
        report,
        f"{report}/{number}",
        100 * number,
        100 * number + 90,
        f"{report}/",
        text,
        tuple(contexts([text], "")),
        (),
        (),
        frozenset(themes),
        {},
    )


@given(st.lists(st.integers(1, 40), min_size=1, max_size=2), st.integers(1, 6))
def test_blocks_part_all_passages_and_neighbours_do_not_leak(sizes: list[int], themes: int) -> None:
    examples = [plain(f"r{report}", number, (f"t{number // 5 % themes}",)) for report, size in enumerate(sizes) for number in range(size)]
    folds: Folds = make_folds(examples, [example.group for example in examples])
    assert folds.kind == "blocks"
    assert sorted(index for split in folds.splits for index in split.outside) == list(range(len(examples)))
    for split in folds.splits:
        assert not set(split.inside) & set(split.outside)
        for index in split.inside:
            for other in split.outside:
                near = examples[index].report == examples[other].report and abs(examples[index].start - examples[other].start) <= 100 * GAP
                assert not near
    for first, second in pairwise(range(len(examples))):
        if folds.units[first] == folds.units[second]:
            assert examples[first].report == examples[second].report


@given(st.integers(1, 29), st.integers(1, 200), st.floats(-6, 6), st.integers(0, 10_000))
def test_a_slope_of_few_positives_stays_near_that_of_many(positive: int, negative: int, apart: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    margins = np.concatenate([rng.normal(apart, 1, positive), rng.normal(-1, 1, negative)])
    slope, intercept = fit_platt(margins, np.array([1] * positive + [0] * negative, dtype=np.int8))
    assert 0 < slope < 10 and np.isfinite(intercept)
    assert ((probabilities(margins, slope, intercept) > 0) & (probabilities(margins, slope, intercept) < 1)).all()


def test_a_theme_that_no_judging_model_knew_has_no_threshold() -> None:
    margins = np.column_stack([np.r_[np.full(10, 2.0), np.full(30, -2.0)], np.full(40, np.nan)])
    labels = [frozenset({"a", "b"})] * 10 + [frozenset()] * 30
    assert set(calibrate(margins, labels, ("a", "b")).threshold) == {"a"}


def test_training_gives_the_same_bytes_whatever_the_number_of_processes(tmp_path: Path) -> None:
    project = make_project(tmp_path, reports={"norvik": 40})
    folders = [tmp_path / "alone", tmp_path / "together"]
    for workers, folder in enumerate(folders, 1):
        write_model(train(project, quick=True, workers=workers), folder)
    for file in sorted(folders[0].rglob("*")):
        if file.is_file():
            assert file.read_bytes() == (folders[1] / file.relative_to(folders[0])).read_bytes(), file.name


def test_rows_of_a_model_of_whole_passages_name_its_scheme(
    one_report: Path, tmp_path: Path, run_ffm: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(one_report)
    done = run_ffm("tag", "raw_text/norvik.md", "-o", tmp_path / "tagged.jsonl")
    assert done.code == 0, done.err
    rows = read_file(tmp_path / "tagged.jsonl")
    assert {row.scheme.partition("+")[0] for row in rows} == {"harbours@3"}
    assert {row.model.partition("@")[0] for row in rows} == {"harbours"}
    explained = run_ffm("explain", "norvik", "0001")
    assert explained.code == 0, explained.err
