"""The gate: a spoiled model fails and its flipped passages are named; an equal or better one passes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from conftest import Done
from ffm.cli.main import app
from ffm.errors import ModelError
from ffm.evaluation.gate import MACRO, Flip, Gate, Verdict, compare_models
from ffm.evaluation.gate_text import code, gate_markdown
from ffm.evaluation.held_out import Judged, read_held_out, write_held_out
from ffm.gold.store import read_gold, write_gold
from ffm.project.project import find_project
from ffm.themes.digests import write_digests

GOLD = Path(__file__).parents[1] / "annotations" / "gold"
MODEL = Path(__file__).parents[1] / "models" / "ffm-en"
SCHEME = find_project().scheme
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
    assert all(set(flip.before) - set(flip.after) == {CORE} for flip in gate.flips)
    assert len(gate.flips) == sum(CORE in item.labels for item in standing)
    assert CORE in gate.flips[0].gold  # those that speak for the loss come first


def test_a_model_that_misses_entities_fails(standing: list[Judged]) -> None:
    label = SCHEME.entity_ids[0]
    spoiled = [
        replace(item, entities={name: ((0, 0, counts[2]) if name == label else counts) for name, counts in item.entities.items()})
        for item in standing
    ]
    gate = compare_models(standing, spoiled, SCHEME)
    assert label in {verdict.figure for verdict in gate.verdicts if verdict.lost}
    before, after = gate.flips[0].entities[label]
    assert before[0] > after[0] == 0
    assert f"{label} {before[0]} right of {before[1]} found, now 0 of 0 (gold {before[2]})" in gate_markdown(gate, {}, 1)


def test_the_whole_macro_f1_can_lose_where_no_core_theme_does(standing: list[Judged]) -> None:
    others = [theme for theme in SCHEME.theme_ids if theme not in SCHEME.core_ids]
    spoiled = [replace(item, labels=tuple(label for label in item.labels if label not in others)) for item in standing]
    assert [verdict.figure for verdict in compare_models(standing, spoiled, SCHEME).verdicts if verdict.lost] == [MACRO]


def test_a_perfect_model_passes(standing: list[Judged]) -> None:
    assert compare_models(standing, [replace(item, labels=item.gold) for item in standing], SCHEME).passed


def test_one_flipped_passage_is_listed_and_is_no_significant_loss(standing: list[Judged]) -> None:
    index = next(number for number, item in enumerate(standing) if CORE in item.labels and CORE in item.gold)
    changed = list(standing)
    changed[index] = replace(changed[index], labels=tuple(label for label in changed[index].labels if label != CORE))
    gate = compare_models(standing, changed, SCHEME)
    assert gate.passed
    (flip,) = gate.flips
    assert (flip.report, flip.start, flip.end) == (standing[index].report, standing[index].start, standing[index].end)
    assert set(flip.before) - set(flip.after) == {CORE} <= set(flip.gold)
    shown = gate_markdown(gate, {flip.report: "." * flip.start + "The words of it." + "." * 2000})
    assert f"-{CORE} (wrong)" in shown
    assert f"old: {', '.join(flip.before)}; new: {', '.join(flip.after) or 'none'}; gold: {', '.join(flip.gold)}" in shown
    assert "`The words of it." in shown


def test_models_that_share_no_passages_cannot_be_compared(standing: list[Judged]) -> None:
    with pytest.raises(ModelError, match="same gold data"):
        compare_models(standing, [replace(item, report="other") for item in standing], SCHEME)


def made_up(groups: int = 12, each: int = 10, right: float = 0.8) -> list[Judged]:
    """Return judgements of one core theme, which some passages of each group carry."""
    found = []
    for group in range(groups):
        for number in range(each):
            gold = (CORE,) if number < each // 2 else ()
            labels = gold if number < right * each // 2 else ()
            found.append(Judged(f"r{group}", 100 * number, 100 * number + 90, f"g{group}", gold, labels))
    return found


def spoil(judged: list[Judged], count: int) -> list[Judged]:
    """Take a right label from one passage of each of the first groups."""
    left = {f"g{number}" for number in range(count)}
    spoiled = []
    for item in judged:
        if item.group in left and item.labels:
            left.discard(item.group)
            item = replace(item, labels=())
        spoiled.append(item)
    return spoiled


def verdict_on(figure: str, gate: Gate) -> Verdict:
    return next(verdict for verdict in gate.verdicts if verdict.figure == figure)


def test_a_loss_of_the_detectable_size_is_found_and_a_smaller_one_is_not() -> None:
    judged = made_up()
    same = verdict_on(CORE, compare_models(judged, judged, SCHEME))
    assert same.detectable is not None and 0 < same.detectable < 0.1
    small, large = (verdict_on(CORE, compare_models(judged, spoil(judged, count), SCHEME)) for count in (1, 8))
    assert -small.difference < same.detectable < -large.difference
    assert (small.lost, large.lost) == (False, True)


def test_what_no_loss_could_show_is_said() -> None:
    judged = [replace(item, gold=(), labels=()) if item.group != "g0" else item for item in made_up()]
    verdict = verdict_on(CORE, compare_models(judged, spoil(judged, 1), SCHEME))
    assert verdict.detectable is None and not verdict.lost
    assert "| none | ok |" in gate_markdown(compare_models(judged, judged, SCHEME), {})


def test_a_candidate_that_differs_more_can_hide_a_larger_loss() -> None:
    judged = made_up()
    noisy = [replace(item, labels=(CORE,) if (item.start // 100 + int(item.group[1:])) % 3 == 0 else item.labels) for item in judged]
    equal, other = (verdict_on(CORE, compare_models(judged, candidate, SCHEME)).detectable for candidate in (judged, noisy))
    assert equal is not None and other is not None and other >= equal


def test_a_corrected_label_counts_for_both_models() -> None:
    judged = made_up()
    corrected = [replace(item, gold=(CORE,)) for item in judged]
    verdict = verdict_on(CORE, compare_models(judged, corrected, SCHEME))
    assert verdict.standing == verdict.candidate
    assert verdict.support == len(judged)


def test_what_only_one_model_judged_is_counted_and_not_compared() -> None:
    judged = made_up()
    gate = compare_models(judged, judged[:60], SCHEME)
    assert (gate.passages, gate.standing, gate.candidate, gate.groups) == (60, 120, 60, 6)
    assert "the standing model judged 120, the candidate 60" in gate_markdown(gate, {}).replace("\n", " ")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "![](x.png)", "@somebody `code` ``more``", "`", "| a |"])
def test_quotes_in_the_verdict_carry_no_markup(text: str) -> None:
    shown = code(text)
    fence = shown[: len(shown) - len(shown.lstrip("`"))]
    assert shown.endswith(fence)
    inside = shown[len(fence) : -len(fence)]
    assert inside.strip() == text
    assert fence not in inside
    assert not inside.startswith("`") and not inside.endswith("`")


def test_only_as_many_passages_are_listed_as_are_wanted() -> None:
    judged = made_up()
    gate = compare_models(judged, spoil(judged, 8), SCHEME)
    assert gate_markdown(gate, {}, 3).count("  - old: ") == 3
    assert "8 passages flipped, 3 of them listed." in gate_markdown(gate, {}, 3)
    assert all(isinstance(flip, Flip) and flip.worse == 1 for flip in gate.flips)


def test_control_characters_of_a_report_do_not_reach_the_terminal_or_the_file(
    here: Path, monkeypatch: pytest.MonkeyPatch, run_ffm: Callable[..., Done]
) -> None:
    judged = made_up()
    for name, content in (("standing", judged), ("candidate", spoil(judged, 8))):
        shutil.copytree(MODEL / "ffm_themes", here / name / "ffm_themes")
        write_held_out(content, here / name)
        write_digests(here / name)
    texts = here / "texts"
    texts.mkdir()
    (texts / "reports.toml").write_text('[r0]\nfile = "r0.md"\n', encoding="utf-8")
    (texts / "r0.md").write_text("Words \x1b[31mred \u202eturned\x07 round. " + "More words follow. " * 300, encoding="utf-8")
    monkeypatch.setenv("FFM_RAW_TEXT", str(texts))
    done = run_ffm("evaluate", "--gate", "--standing", "standing", "--candidate", "candidate", "-o", "report.md")
    assert done.code == 1
    written = (here / "report.md").read_text(encoding="utf-8")
    assert written == done.out
    assert "turned" in written and all(line.isprintable() for line in written.split("\n"))
    assert done.err.startswith("error: candidate: loses significantly in ")


def test_a_report_that_cannot_be_written_is_refused_before_the_work(here: Path, refused: Callable[..., str]) -> None:
    assert "its folder does not exist" in refused("evaluate", "--gate", "-o", here / "none" / "report.md")


def test_the_command_fails_on_a_spoiled_model_and_passes_on_the_standing_one(standing: list[Judged], tmp_path: Path) -> None:
    shutil.copytree(MODEL, tmp_path / "spoiled")
    write_held_out([replace(item, labels=()) for item in standing], tmp_path / "spoiled")
    write_digests(tmp_path / "spoiled")
    failed = CliRunner().invoke(app, ["evaluate", "--gate", "--candidate", str(tmp_path / "spoiled")])
    assert failed.exit_code == 1
    assert "FAILED" in failed.stdout and "lost" in failed.stdout
    passed = CliRunner().invoke(app, ["evaluate", "--gate"])
    assert passed.exit_code == 0
    assert "Passed" in passed.stdout


@pytest.mark.slow
def test_a_model_trained_on_spoiled_gold_fails(here: Path, run_ffm: Callable[..., Done]) -> None:
    """A model that was trained on gold whose labels stand on other sentences gives wrong ones."""
    for name in ("gold", "spoiled"):
        (here / name).mkdir()
        for path in GOLD.glob("*-digest.jsonl"):
            header, records = read_gold(path)
            if name == "spoiled":
                moved = [*records[7:], *records[:7]]
                records = tuple(
                    replace(record, themes=other.themes, stance=other.stance) if record.role == other.role == "passage" else record
                    for record, other in zip(records, moved, strict=True)
                )
            write_gold(here / name / path.name, header, records)
        done = run_ffm("train", "--quick", "-j", "1", "--gold", here / name, "-o", here / f"model-{name}")
        assert done.code == 0, done.err
    # The spoiled model is judged by the true gold, as a candidate whose training went wrong would be.
    true = {(item.report, item.start): item.gold for item in read_held_out(here / "model-gold")}
    judged = [replace(item, gold=true[item.report, item.start]) for item in read_held_out(here / "model-spoiled")]
    write_held_out(judged, here / "model-spoiled")
    write_digests(here / "model-spoiled")
    gate = run_ffm("evaluate", "--gate", "--standing", here / "model-gold", "--candidate", here / "model-spoiled", "-o", here / "gate.md")
    assert gate.code == 1
    assert MACRO in gate.err
    assert run_ffm("evaluate", "--gate", "--standing", here / "model-gold", "--candidate", here / "model-gold").code == 0
