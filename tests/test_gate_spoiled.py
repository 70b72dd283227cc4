"""What could fool the gate, one by one: spoiled gold, records, schemes and thresholds fail, or are refused as damaged."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from conftest import ROOT, Done
from ffm.evaluation.crossval import OutOfFold
from ffm.evaluation.examples import Example, make_examples
from ffm.evaluation.gate import STANCE, Gate, compare_models
from ffm.evaluation.gate_gold import compare_gold
from ffm.evaluation.gate_text import gate_markdown
from ffm.evaluation.held_out import Judged, judge, read_held_out, write_held_out
from ffm.gold.load import load_gold
from ffm.gold.store import GoldRecord, read_gold, write_gold
from ffm.project.project import find_project
from ffm.project.reports import registered
from ffm.project.scheme import Scheme

GOLD = ROOT / "annotations" / "gold"
MODEL = ROOT / "models" / "ffm-en"
SCHEME = find_project().scheme
STIGMA, RETURN, FUNDS = SCHEME.core_ids
REPORTED, DENIED, _ = SCHEME.stances

Records = tuple[GoldRecord, ...]


@pytest.fixture(scope="module")
def standing() -> list[Judged]:
    """Return the committed model's record, with stances as a model of today keeps them: every fourth is denied, most are judged right."""
    count = 0
    judged = []
    for item in read_held_out(MODEL):
        stance = {}
        for theme in item.gold:
            if theme in SCHEME.stance_ids:
                count += 1
                gold = DENIED if count % 4 == 0 else REPORTED
                stance[theme] = (gold, gold if count % 7 else REPORTED)
        judged.append(replace(item, stance=stance))
    return judged


def without(theme: str, item: Judged) -> Judged:
    return replace(
        item,
        gold=tuple(label for label in item.gold if label != theme),
        labels=tuple(label for label in item.labels if label != theme),
        stance={label: stance for label, stance in item.stance.items() if label != theme},
    )


@pytest.mark.parametrize("theme", SCHEME.theme_ids)
def test_gold_that_has_lost_a_theme_fails(standing: list[Judged], theme: str) -> None:
    """Also where the model, which was never asked for the theme, is right about all others."""
    had = sum(theme in item.gold for item in standing)
    gate = compare_models(standing, [without(theme, replace(item, labels=item.gold)) for item in standing], SCHEME)
    assert not gate.passed and not gate.lost
    assert f"the candidate's gold has 0 labels of {theme}, the standing model's {had}" in gate.gold.failures
    assert f"- the candidate's gold has 0 labels of {theme}, the standing model's {had}" in gate_markdown(gate, {})


@pytest.mark.parametrize(("kept", "passes"), [(0.4, False), (0.6, True)])
def test_more_than_half_of_a_theme_must_be_left(standing: list[Judged], kept: float, passes: bool) -> None:
    bearers = [number for number, item in enumerate(standing) if "children" in item.gold]
    gone = set(bearers[int(kept * len(bearers)) :])
    candidate = [without("children", item) if number in gone else item for number, item in enumerate(standing)]
    found = compare_gold(standing, candidate, SCHEME, SCHEME)
    assert found.differs
    assert (not found.failures) is passes, found.failures


def test_gold_of_a_tenth_of_the_passages_is_told_with_numbers_and_fails(standing: list[Judged]) -> None:
    few = standing[::10]
    gate = compare_models(standing, few, SCHEME)
    assert not gate.passed
    assert gate.gold.failures[0] == (
        f"only {len(few)} of the {len(standing)} passages of the standing model's gold were judged by both models"
    )
    assert f"passages: {len(standing)} in the standing model's, {len(few)} in the candidate's, {len(few)} in both" in gate_markdown(
        gate, {}
    )


def test_more_gold_is_told_and_passes(standing: list[Judged]) -> None:
    more = [*standing, *(replace(item, report=f"new-{item.report}", group=f"new-{item.group}") for item in standing)]
    gate = compare_models(standing, more, SCHEME)
    assert gate.passed and gate.gold.differs
    assert "reports: 33 in the standing model's, 66 in the candidate's, 33 in both" in gate_markdown(gate, {})


def test_labels_swapped_between_two_themes_of_like_number_fail(standing: list[Judged]) -> None:
    """No count betrays it, and a model that has learnt the swap is right by its own gold."""
    swap = {"housing": "health-care", "health-care": "housing"}
    swapped = [
        replace(
            item, gold=tuple(swap.get(label, label) for label in item.gold), labels=tuple(swap.get(label, label) for label in item.labels)
        )
        for item in standing
    ]
    found = compare_models(standing, swapped, SCHEME).gold.failures
    assert {failure.split(" labels of ")[1].split(" ")[0] for failure in found} == set(swap)


def test_labels_that_stand_on_other_passages_fail(standing: list[Judged]) -> None:
    golds = [item.gold for item in standing]
    moved = [replace(item, gold=gold, labels=gold) for item, gold in zip(standing, [*golds[5:], *golds[:5]], strict=True)]
    assert any("are still where they were" in failure for failure in compare_models(standing, moved, SCHEME).gold.failures)


def test_shifted_passages_fail(standing: list[Judged]) -> None:
    shifted = [replace(item, start=item.start + 3, end=item.end + 3) if item.start % 5 else item for item in standing]
    assert "passages of the standing model's gold were judged by both" in compare_models(standing, shifted, SCHEME).gold.failures[0]


def test_entities_that_gold_has_lost_fail(standing: list[Judged]) -> None:
    poorer = [replace(item, entities={label: counts for label, counts in item.entities.items() if label != "PLACE"}) for item in standing]
    (failure,) = compare_models(standing, poorer, SCHEME).gold.failures
    assert failure.startswith("the candidate's gold has 0 spans of PLACE, ")


def flipped(stances: tuple[str, str]) -> tuple[str, str]:
    flip = {REPORTED: DENIED, DENIED: REPORTED}
    return flip[stances[0]], flip[stances[1]]


def test_stances_flipped_in_gold_and_model_alike_fail(standing: list[Judged]) -> None:
    candidate = [replace(item, stance={theme: flipped(stances) for theme, stances in item.stance.items()}) for item in standing]
    gate = compare_models(standing, candidate, SCHEME)
    assert any(f"stances of {STIGMA} ({REPORTED})" in failure for failure in gate.gold.failures)


def test_a_model_that_gives_wrong_stances_loses(standing: list[Judged]) -> None:
    candidate = [
        replace(item, stance={theme: (gold, flipped((gold, gold))[0]) for theme, (gold, _) in item.stance.items()}) for item in standing
    ]
    gate = compare_models(standing, candidate, SCHEME)
    assert gate.lost == (STANCE,) and not gate.gold.failures


def test_a_record_without_stances_says_so() -> None:
    judged = read_held_out(MODEL)
    bare = [replace(item, stance={}) for item in judged]
    gate = compare_models(bare, bare, SCHEME)
    assert gate.passed
    assert "holds no stances: they were not compared" in gate_markdown(gate, {})


@pytest.mark.parametrize("given", [frozenset(), frozenset(SCHEME.theme_ids)])
def test_thresholds_that_let_all_pass_or_nothing_lose(standing: list[Judged], given: frozenset[str]) -> None:
    gate = compare_models(standing, [replace(item, labels=tuple(given)) for item in standing], SCHEME)
    assert {"macro-F1", STIGMA} <= set(gate.lost)


def other_scheme(**changes: object) -> Scheme:
    """Return the scheme with a theme renamed or moved out of the core, or with another id."""
    return replace(SCHEME, **changes)


def test_a_scheme_of_another_name_or_without_a_theme_fails(standing: list[Judged]) -> None:
    assert compare_models(standing, standing, other_scheme(id="mine"), SCHEME).gold.failures == (
        f"the candidate's scheme is mine, the standing model's {SCHEME.id}",
    )
    renamed = other_scheme(theme=tuple(replace(theme, id="shame") if theme.id == STIGMA else theme for theme in SCHEME.theme))
    judged = [
        replace(
            item,
            gold=tuple("shame" if label == STIGMA else label for label in item.gold),
            labels=tuple("shame" if label == STIGMA else label for label in item.labels),
        )
        for item in standing
    ]
    assert f"{STIGMA} is not in the candidate's scheme" in compare_models(standing, judged, renamed, SCHEME).gold.failures


def test_a_theme_that_the_candidate_calls_less_than_core_is_judged_all_the_same(standing: list[Judged]) -> None:
    demoted = other_scheme(theme=tuple(replace(theme, group="other") if theme.id == FUNDS else theme for theme in SCHEME.theme))
    candidate = [replace(item, labels=tuple(label for label in item.labels if label != FUNDS)) for item in standing]
    assert FUNDS in compare_models(standing, candidate, demoted, SCHEME).lost


# Spoils of a model folder: what was edited after training does not pass for a model.


def threshold_moved(folder: Path) -> None:
    path = folder / "ffm_themes" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["calibration"]["threshold"][STIGMA] = 0.99
    path.write_text(json.dumps(manifest), encoding="utf-8")


def record_bettered(folder: Path) -> None:
    write_held_out([replace(item, labels=item.gold) for item in read_held_out(folder)], folder)


def scheme_edited(folder: Path) -> None:
    path = folder / "ffm_themes" / "scheme.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"core"', '"other"'), encoding="utf-8")


@pytest.mark.parametrize("edit", [threshold_moved, record_bettered, scheme_edited])
@pytest.mark.parametrize("which", ["--candidate", "--standing"])
def test_a_folder_that_was_edited_is_damaged(tmp_path: Path, refused: Callable[..., str], edit: Callable[[Path], None], which: str) -> None:
    shutil.copytree(MODEL, tmp_path / "model")
    edit(tmp_path / "model")
    assert "does not match its checksum" in refused("evaluate", "--gate", which, tmp_path / "model")


# Spoils of gold files, through loading and the making of passages; a reader that is right by whatever gold it has stands for the model.


def judged_by(folder: Path) -> list[Judged]:
    """Return what a reader who agrees with the gold of a folder says of its passages."""
    entries = registered([ROOT / "raw_text"])
    gold, _ = load_gold(folder, entries, SCHEME)
    examples: list[Example] = make_examples(gold, entries, SCHEME)
    nothing = np.zeros((len(examples), len(SCHEME.theme_ids)))
    held_out = OutOfFold(nothing, nothing, [example.themes for example in examples], [example.stance for example in examples])
    return judge(examples, [example.group for example in examples], held_out, SCHEME.theme_ids, {})


def spoiled_gold(folder: Path, spoil: Callable[[Records], Iterable[GoldRecord]]) -> Path:
    folder.mkdir()
    for path in GOLD.glob("*-digest.jsonl"):
        header, records = read_gold(path)
        write_gold(folder / path.name, header, tuple(replace(record, anchor=None) for record in spoil(records)))
    return folder


def theme_removed(records: Records) -> Iterable[GoldRecord]:
    for record in records:
        stance = {theme: value for theme, value in record.stance.items() if theme != STIGMA}
        yield replace(record, themes=tuple(theme for theme in record.themes if theme != STIGMA), stance=stance)


def labels_swapped(records: Records) -> Iterable[GoldRecord]:
    swap = {STIGMA: FUNDS, FUNDS: STIGMA}
    for record in records:
        themes = tuple(swap.get(theme, theme) for theme in record.themes)
        yield replace(record, themes=themes, stance={swap.get(theme, theme): value for theme, value in record.stance.items()})


def labels_shifted(records: Records) -> Iterable[GoldRecord]:
    """Each range has the labels of the one some sentences on, as offsets into another text would give them."""
    for record, other in zip(records, [*records[9:], *records[:9]], strict=True):
        yield replace(record, themes=other.themes, stance=other.stance) if record.role == other.role == "passage" else record


def stance_flipped(records: Records) -> Iterable[GoldRecord]:
    for record in records:
        yield replace(
            record,
            stance={
                theme: flipped((value, REPORTED))[0] if value in (REPORTED, DENIED) else value for theme, value in record.stance.items()
            },
        )


SPOILS = {
    theme_removed: f"0 labels of {STIGMA}",
    labels_swapped: f"labels of {STIGMA} are still where they were",
    labels_shifted: "are still where they were",
    stance_flipped: f"stances of {STIGMA} ({REPORTED})",
}


@pytest.fixture(scope="module")
def true_gold(tmp_path_factory: pytest.TempPathFactory) -> list[Judged]:
    return judged_by(spoiled_gold(tmp_path_factory.mktemp("gold") / "true", lambda records: records))


@pytest.mark.parametrize("spoil", SPOILS)
def test_spoiled_gold_files_fail_though_the_reader_agrees_with_them(
    true_gold: list[Judged], tmp_path: Path, spoil: Callable[[Records], Iterable[GoldRecord]]
) -> None:
    gate: Gate = compare_models(true_gold, judged_by(spoiled_gold(tmp_path / "spoiled", spoil)), SCHEME)
    assert not gate.passed
    assert any(SPOILS[spoil] in failure for failure in gate.gold.failures), gate.gold.failures


@pytest.mark.slow
def test_models_trained_on_spoiled_gold_fail(here: Path, run_ffm: Callable[..., Done]) -> None:
    """Whole trainings: each model is judged by its own spoiled gold, as the command is used."""
    spoiled_gold(here / "gold", lambda records: records)
    assert run_ffm("train", "--quick", "-j", "1", "--gold", here / "gold", "-o", here / "true").code == 0
    for spoil in SPOILS:
        spoiled_gold(here / spoil.__name__, spoil)
        place = here / f"model-{spoil.__name__}"
        assert run_ffm("train", "--quick", "-j", "1", "--gold", here / spoil.__name__, "-o", place).code == 0
        gate = run_ffm("evaluate", "--gate", "--standing", here / "true", "--candidate", place)
        assert gate.code == 1
        assert SPOILS[spoil] in gate.err
    assert run_ffm("evaluate", "--gate", "--standing", here / "true", "--candidate", here / "true").code == 0
