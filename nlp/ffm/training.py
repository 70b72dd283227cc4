"""From gold data to a model folder: one command, the same bytes each time."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from spacy.language import Language

from ffm.annotation.gold import GoldReport, load_gold
from ffm.annotation.written import read_written
from ffm.errors import GoldError, OutputError
from ffm.evaluation.crossval import cross_validate, fit_stances, fit_themes, scheme_recipe
from ffm.evaluation.examples import Example, make_examples, written_example
from ffm.evaluation.figures import Figures, RecordCounts, entity_figures, figures_markdown, theme_figures, write_figures
from ffm.evaluation.held_out import Judged, judge, write_held_out
from ffm.evaluation.splits import folds, joined_groups
from ffm.model_card import write_card
from ffm.paths import written_path
from ffm.pipeline import assemble
from ffm.reports import registered
from ffm.scheme import Scheme, load_scheme
from ffm.themes.classifier import SEED, calibrate
from ffm.themes.component import ThemeTagger
from ffm.themes.store import FORMAT, MANIFEST, Manifest

MIN_EXAMPLES = 30


class Trained(Struct, frozen=True):
    """A trained pipeline with its figures, its held-out judgements, and messages on what was skipped."""

    nlp: Language
    figures: Figures
    judged: tuple[Judged, ...]
    messages: tuple[str, ...]


def load_examples(gold_folder: Path, scheme: Scheme) -> tuple[list[GoldReport], list[Example], list[str]]:
    """Read the gold data and make examples.

    Raises
    ------
    GoldError
        If the folder holds no gold data whose text is there, or too little to train on.
    """
    if not gold_folder.is_dir():
        raise GoldError(f"{gold_folder}: no such folder; give the folder of the gold data with --gold")
    entries = registered()
    gold, messages = load_gold(gold_folder, entries, scheme)
    examples = make_examples(gold, entries)
    if len(examples) < MIN_EXAMPLES:
        raise GoldError(
            f"{gold_folder}: {len(examples)} annotated passages whose text is here, {MIN_EXAMPLES} are needed; set FFM_RAW_TEXT to the folders of the reports"
        )
    return gold, examples, messages


def train(gold_folder: Path, replacing: Path | None = None) -> Trained:
    """Train the pipeline and measure it by cross-validation.

    Parameters
    ----------
    replacing
        The model folder that the result is to replace; see :func:`check_replacement`.

    Raises
    ------
    GoldError
        If there is too little gold data.
    OutputError
        If the result would replace a model that was trained on more.
    """
    scheme = load_scheme()
    gold, examples, messages = load_examples(gold_folder, scheme)
    if replacing is not None:
        check_replacement(replacing, [item.header.report for item in gold])
    themes = scheme.theme_ids
    recipe = scheme_recipe(scheme, [written_example(passage) for passage in read_written(written_path(), scheme)])
    fold = folds(examples)
    held_out = cross_validate(examples, fold, recipe)
    model = fit_themes(examples, recipe)
    stance = fit_stances(examples, recipe)
    calibration = calibrate(held_out.margins, [example.themes for example in examples], themes)
    nlp = assemble()
    component = nlp.get_pipe("ffm_themes")
    assert isinstance(component, ThemeTagger)
    counts = {item.header.report: len(item.records) for item in gold}
    manifest = Manifest(
        FORMAT,
        scheme.version,
        themes,
        scheme.stance_ids,
        tuple(scheme.stances),
        scheme.cues,
        scheme.stance_cues,
        calibration,
        "",
        {},
        SEED,
        counts,
    )
    component.set_model(model, stance, calibration, manifest)
    groups = joined_groups(examples)
    entities, by_record = entity_figures(gold, nlp)
    figures = Figures(
        themes=theme_figures(scheme, examples, groups, held_out),
        entities=entities,
        passages=len(examples),
        sentences=sum(len(example.sentences) for example in examples),
        groups=len(set(groups)),
        reports=counts,
    )
    judged = judge(examples, groups, held_out, themes, _by_example(examples, by_record))
    return Trained(nlp, figures, tuple(judged), tuple(messages))


def _by_example(examples: Sequence[Example], by_record: RecordCounts) -> RecordCounts:
    """Add the counts of annotated ranges up over the passages in which they begin."""
    totals: RecordCounts = {}
    for example in examples:
        for (report, start), labels in by_record.items():
            if report == example.report and example.start <= start < example.end:
                mine = totals.setdefault((report, example.start), {})
                for label, (hits, predicted, gold) in labels.items():
                    before = mine.get(label, (0, 0, 0))
                    mine[label] = (before[0] + hits, before[1] + predicted, before[2] + gold)
    return totals


def evaluate(gold_folder: Path) -> tuple[Figures, tuple[str, ...]]:
    """Return the cross-validated figures of what :func:`train` would train, and messages on what was skipped."""
    trained = train(gold_folder)
    return trained.figures, trained.messages


def check_replacement(folder: Path, reports: Iterable[str]) -> None:
    """Refuse to replace a model by one that was trained on fewer reports, as happens where their texts are not here.

    Raises
    ------
    OutputError
        If the folder holds a model trained on a report that is not among ``reports``.
    """
    path = folder / "ffm_themes" / MANIFEST
    if not path.is_file():
        return
    try:
        before = msgspec.json.decode(path.read_bytes(), type=Manifest).gold
    except msgspec.DecodeError:
        return  # a damaged model may be replaced
    missing = sorted(set(before) - set(reports))
    if missing:
        raise OutputError(
            f"{folder}: the model there was trained on {len(before)} reports, the gold or text of {len(missing)} of them ({missing[0]}, ...) "
            "is not here; set FFM_RAW_TEXT to the folders of the reports, or write elsewhere with -o"
        )


def write_model(trained: Trained, folder: Path) -> None:
    """Write a model folder beside its place and put it there; an existing model is replaced only by a whole one.

    Raises
    ------
    OutputError
        If the folder cannot be written, or holds something that is no model.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "config.cfg").is_file():
        raise OutputError(f"{folder}: is not empty and no model; name another folder")
    part = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        trained.nlp.to_disk(part, exclude=["vocab"])
        write_figures(trained.figures, part)
        write_held_out(trained.judged, part)
        write_card(trained, part / "README.md", figures_markdown(trained.figures))
        if folder.exists():
            shutil.rmtree(folder)
        part.rename(folder)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}); choose another place") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
