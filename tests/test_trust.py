"""How often labels with a score like this are right: measured, looked up, and told where labels are read."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from conftest import ROOT, Done
from ffm.comparison.reports import describe_report
from ffm.comparison.tables import EVIDENCE_COLUMNS, evidence_rows
from ffm.evaluation.held_out import Judged
from ffm.evaluation.trust import BOUNDS, PRIOR, TRUSTED, Region, Trust, measured_trust, model_trust, weakness
from ffm.project.project import find_project
from ffm.records import TaggedPassage

MODEL = ROOT / "models/ffm-en"
HIGH = (BOUNDS[1] + 1) / 2


def judged(theme: str, score: float, right: bool, times: int) -> list[Judged]:
    one = Judged("r", 0, 9, "r", (theme,) if right else (), (theme,), {}, {}, 1, {}, {theme: score})
    return [one] * times


def test_a_themes_share_is_drawn_towards_that_of_all_by_as_many_labels_as_it_may_lack() -> None:
    trust = measured_trust([*judged("stigma", HIGH, True, 30), *judged("housing", HIGH, False, 10)], ["stigma", "housing"])
    assert trust.every == (Region(0, 0.0), Region(0, 0.0), Region(40, 0.75))
    assert trust.of("stigma", HIGH) == pytest.approx((30 + PRIOR * 0.75) / (30 + PRIOR))
    assert trust.of("housing", HIGH) == pytest.approx((PRIOR * 0.75) / (10 + PRIOR))
    assert trust.of("housing", 0.0) == 0.0
    assert trust.of("boats", HIGH) is None


def test_a_label_is_called_weak_where_fewer_are_right_than_is_trusted() -> None:
    trust = Trust({"stigma": (Region(5, 0.2), Region(5, TRUSTED), Region(5, 0.9))}, ())
    assert weakness(trust, "stigma", 0.1).startswith("of labels with such a score, 20% were right")
    assert weakness(trust, "stigma", BOUNDS[0]) == ""
    assert weakness(trust, "stigma", 1.0) == ""
    assert weakness(trust, "boats", 0.1) == ""
    assert weakness(None, "stigma", 0.1) == ""


def test_a_model_without_figures_is_not_judged(tmp_path: Path) -> None:
    assert model_trust(tmp_path) is None
    (tmp_path / "figures.json").write_text("no figures", encoding="utf-8")
    assert model_trust(tmp_path) is None


def test_show_says_which_labels_are_weak(run_ffm: Callable[..., Done], tagged: Path, here: Path) -> None:
    shown = re.sub(r"\s+", " ", run_ffm("show", tagged / "all.jsonl").out)
    trust = model_trust(MODEL)
    found = 0
    for line in (tagged / "all.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for label in row["labels"]:
            score = row["scores"][label]
            said = re.search(rf"{row['passage']} (?:(?!/\d{{4}} ).)*? {label}(?::\w+)? {score:.2f}( weak)?", shown)
            assert said, (row["passage"], label)
            assert bool(said[1]) == bool(weakness(trust, label, score))
            found += 1
    assert found


def test_the_quotes_of_a_comparison_carry_it(run_ffm: Callable[..., Done], tagged: Path, here: Path) -> None:
    assert run_ffm("compare", tagged / "all.jsonl", "-o", "out").code == 0
    trust = model_trust(MODEL)
    assert trust is not None
    with Path("out/evidence.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        assert float(row["precision"]) == pytest.approx(trust.of(row["theme"], float(row["score"])), abs=1e-4)


def test_what_people_labelled_has_none(tagged: Path) -> None:
    lines = (tagged / "all.jsonl").read_text(encoding="utf-8").splitlines()
    project = find_project()
    themed = [row for row in (msgspec.json.decode(line, type=TaggedPassage) for line in lines) if row.labels]
    report = describe_report(themed[0].report, themed, None)
    known = {themed[0].passage}
    passage, precision = EVIDENCE_COLUMNS.index("passage"), EVIDENCE_COLUMNS.index("precision")
    trusted = evidence_rows(themed, report, project.scheme, model_trust(MODEL), known).values()
    assert {row[passage] for rows in trusted for row in rows if row[precision] is None} == known
    untold = evidence_rows(themed, report, project.scheme, None, set()).values()
    assert {row[precision] for rows in untold for row in rows} == {None}
