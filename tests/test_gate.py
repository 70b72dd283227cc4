"""The gate: a spoiled model fails and its flipped passages are named; an equal or better one passes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from ffm.cli.main import app
from ffm.errors import ModelError
from ffm.evaluation.gate import compare_models, gate_markdown
from ffm.evaluation.held_out import Judged, read_held_out, write_held_out
from ffm.scheme import load_scheme

MODEL = Path(__file__).parents[1] / "models" / "ffm-en"
SCHEME = load_scheme()
CORE = SCHEME.core_ids[0]


@pytest.fixture(scope="module")
def standing() -> list[Judged]:
    return read_held_out(MODEL)


def test_a_model_does_not_lose_against_itself(standing: list[Judged]) -> None:
    gate = compare_models(standing, standing, SCHEME)
    assert gate.passed
    assert not gate.flips
    assert all(verdict.difference == 0 for verdict in gate.verdicts)


def test_a_model_that_never_gives_a_core_theme_fails_and_names_the_passages(standing: list[Judged]) -> None:
    spoiled = [replace(item, labels=tuple(label for label in item.labels if label != CORE)) for item in standing]
    gate = compare_models(standing, spoiled, SCHEME)
    assert not gate.passed
    assert {verdict.figure for verdict in gate.verdicts if verdict.lost} >= {CORE}
    assert {flip.theme for flip in gate.flips} == {CORE}
    assert len(gate.flips) == sum(CORE in item.labels for item in standing)


def test_a_model_that_misses_entities_fails(standing: list[Judged]) -> None:
    label = SCHEME.entity_ids[0]
    spoiled = [
        replace(item, entities={name: ((0, 0, counts[2]) if name == label else counts) for name, counts in item.entities.items()})
        for item in standing
    ]
    assert label in {verdict.figure for verdict in compare_models(standing, spoiled, SCHEME).verdicts if verdict.lost}


def test_a_perfect_model_passes(standing: list[Judged]) -> None:
    assert compare_models(standing, [replace(item, labels=item.gold) for item in standing], SCHEME).passed


def test_one_flipped_passage_is_listed_and_is_no_significant_loss(standing: list[Judged]) -> None:
    index = next(number for number, item in enumerate(standing) if CORE in item.labels and CORE in item.gold)
    changed = list(standing)
    changed[index] = replace(changed[index], labels=tuple(label for label in changed[index].labels if label != CORE))
    gate = compare_models(standing, changed, SCHEME)
    assert gate.passed
    assert [(flip.report, flip.start, flip.after, flip.gold) for flip in gate.flips] == [
        (standing[index].report, standing[index].start, False, True)
    ]


def test_models_that_share_no_passages_cannot_be_compared(standing: list[Judged]) -> None:
    with pytest.raises(ModelError, match="same gold data"):
        compare_models(standing, [replace(item, report="other") for item in standing], SCHEME)


def test_quotes_in_the_verdict_carry_no_markup(standing: list[Judged]) -> None:
    spoiled = [replace(item, labels=()) for item in standing]
    shown = gate_markdown(
        compare_models(standing, spoiled, SCHEME), {item.report: "<script>alert(1)</script>" * 20_000 for item in standing}
    )
    assert "<script" not in shown


def test_the_command_fails_on_a_spoiled_model_and_passes_on_the_standing_one(standing: list[Judged], tmp_path: Path) -> None:
    shutil.copytree(MODEL, tmp_path / "spoiled")
    write_held_out([replace(item, labels=()) for item in standing], tmp_path / "spoiled")
    failed = CliRunner().invoke(app, ["evaluate", "--gate", "--candidate", str(tmp_path / "spoiled")])
    assert failed.exit_code == 1
    assert "FAILED" in failed.stdout and "lost" in failed.stdout
    passed = CliRunner().invoke(app, ["evaluate", "--gate"])
    assert passed.exit_code == 0
    assert "Passed" in passed.stdout
