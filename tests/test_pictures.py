"""Pictures and the Markdown of figures: the same bytes each time, small, with what they must show."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from ffm.evaluation.bootstrap import Interval
from ffm.evaluation.calibration import Bin, CalibrationFigures
from ffm.evaluation.figures import (
    CurvePoint,
    EntityFigures,
    Figures,
    LeftOutFigures,
    LeftOutReport,
    ThemeFigures,
    read_figures,
    write_figures,
)
from ffm.evaluation.figures_text import figures_markdown
from ffm.evaluation.metrics import Score
from ffm.evaluation.pictures import draw_pictures
from ffm.project.project import find_project

THEMES = find_project().scheme.theme_ids
HALF = Interval(0.5, 0.25, 0.75)


def score(support: int = 10, f1: float = 0.5) -> Score:
    return Score(0.5, 0.5, f1, support, 0.6)


@pytest.fixture
def figures() -> Figures:
    calibration = CalibrationFigures(
        tuple(Bin(number / 10, (number + 1) / 10, number / 10 + 0.05, number / 10, 100 - number) for number in range(10)),
        0.05,
        dict.fromkeys(THEMES, ((9, 1),) * 10),
        {**dict.fromkeys(THEMES, HALF), "all": HALF},
        {**dict.fromkeys(THEMES, 0.2), "all": 0.2},
    )
    themes = ThemeFigures(
        {theme: score(20 + number) for number, theme in enumerate(THEMES)},
        dict.fromkeys(THEMES, HALF),
        HALF,
        HALF,
        0.8,
        40,
        Interval(0.8, 0.7, 0.9),
        Interval(0.7, 0.6, 0.8),
        calibration,
    )
    scores = {label: score(33, 0.9) for label in ("ORG", "micro")}
    entities = EntityFigures(scores, scores, 0.9, {"home": score(33)}, dict.fromkeys(scores, HALF), dict.fromkeys(scores, HALF), HALF, 12)
    left_out = LeftOutFigures(
        {
            "home": LeftOutReport("AL", ("home-digest",), 30, score(50, 0.68), HALF, 0.6, 9, score(33, 0.9)),
            "home-digest": LeftOutReport("AL", ("home",), 10, score(15, 0.7), None, 0.6, 5, score(7, 0.95)),
            "far": LeftOutReport("NG", (), 12, score(25, 0.6), None, 0.5, 7, score(20, 0.85)),
        },
        Interval(0.66, 0.6, 0.7),
        HALF,
        HALF,
    )
    curve = tuple(
        CurvePoint(share, 20 * share, 900 * share, 450, 1, Interval(share / 2, 0.0, share), HALF) for share in (0.1, 0.25, 0.5, 0.75, 1.0)
    )
    return Figures(themes, entities, 900, 3000, 20, {"home": 3000}, left_out, curve, {"fits": (1,), "learning curve": (1, 2)})


def test_pictures_are_the_same_small_undated_svg_each_time(figures: Figures) -> None:
    pictures = draw_pictures(figures)
    assert set(pictures) == {"f1.svg", "learning_curve.svg", "reliability.svg"}
    assert draw_pictures(figures) == pictures
    for name, content in pictures.items():
        assert len(content) < 60_000, name
        assert b"<dc:date>" not in content and not re.search(rb"20[0-9]{2}-[0-9]{2}", content)
        root = ElementTree.fromstring(content)
        assert root.tag.endswith("svg")


def test_pictures_name_every_theme_with_its_support_on_an_opaque_ground(figures: Figures) -> None:
    pictures = {name: content.decode() for name, content in draw_pictures(figures).items()}
    for number, theme in enumerate(THEMES):
        assert theme in pictures["f1.svg"]
        assert f"n {20 + number}" in pictures["f1.svg"]
    assert "900" in pictures["learning_curve.svg"] and "100%" in pictures["learning_curve.svg"]
    assert ">91<" in pictures["reliability.svg"].replace(" ", "")
    assert all("fill: #fbfaf7" in picture for picture in pictures.values())


def test_a_quick_run_has_no_learning_curve(figures: Figures) -> None:
    quick = replace(figures, curve=None, left_out=None)
    assert set(draw_pictures(quick)) == {"f1.svg", "reliability.svg"}
    shown = figures_markdown(quick)
    assert "Learning curve" not in shown and "had not seen" not in shown and "Calibration" in shown
    assert "| home | 0.50 | 33 |" in shown


def test_figures_are_read_as_they_were_written(figures: Figures, tmp_path: Path) -> None:
    write_figures(figures, tmp_path)
    found = read_figures(tmp_path / "figures.json")
    assert found.themes.scores == figures.themes.scores and found.left_out == figures.left_out and found.seeds == figures.seeds
    written = (tmp_path / "figures.json").read_bytes()
    write_figures(found, tmp_path)
    assert (tmp_path / "figures.json").read_bytes() == written
    assert '"learning curve"' in (tmp_path / "figures.json").read_text(encoding="utf-8")


def test_support_stands_beside_every_score(figures: Figures) -> None:
    for line in figures_markdown(figures).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] in (*THEMES, "ORG", "micro"):
            assert cells[-1].isdigit(), line


def test_another_countrys_report_is_a_row_and_a_sentence_with_the_differences(figures: Figures) -> None:
    shown = figures_markdown(figures)
    assert "| far | NG | 0.60 | - | -0.10 | 0.50 (7) | 25 (12) | 0.85 | -0.05 | 20 |" in shown
    assert "Another country's report (NG, most are AL), far: themes micro-F1 0.60, -0.10; entities exact micro-F1 0.85, -0.05." in shown
    assert "Families: home, home-digest." in shown


def test_the_text_says_how_the_curve_ends_and_which_seeds_were_used(figures: Figures) -> None:
    shown = figures_markdown(figures)
    assert re.search(r"From 75% to 100% of the groups: core \+0\.00, all \+0\.1[23]\.", shown)
    assert "Seeds: fits 1; learning curve 1, 2." in shown
    assert "Stance right for 0.80 (0.70-0.90) of 40 core themes" in shown
    assert "Values right for 0.90 (0.25-0.75) of the 12 amounts found exactly." in shown
