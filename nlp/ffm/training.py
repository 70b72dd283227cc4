"""From gold data to a model folder: one command, the same bytes each time."""

from __future__ import annotations

import shutil
from pathlib import Path

from msgspec import Struct
from spacy.language import Language

from ffm.annotation.gold import GoldReport, load_gold
from ffm.errors import GoldError, OutputError
from ffm.evaluation.crossval import cross_validate, fit_stances, fit_themes
from ffm.evaluation.examples import Example, make_examples
from ffm.evaluation.figures import Figures, entity_figures, figures_markdown, theme_figures, write_figures
from ffm.evaluation.splits import folds, joined_groups
from ffm.model_card import write_card
from ffm.pipeline import assemble
from ffm.reports import registered
from ffm.scheme import Scheme, load_scheme
from ffm.themes.classifier import SEED, calibrate
from ffm.themes.component import ThemeTagger
from ffm.themes.store import FORMAT, Manifest

MIN_EXAMPLES = 30


class Trained(Struct, frozen=True):
    """A trained pipeline with its figures, and messages on what was skipped."""

    nlp: Language
    figures: Figures
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


def train(gold_folder: Path) -> Trained:
    """Train the pipeline and measure it by cross-validation.

    Raises
    ------
    GoldError
        If there is too little gold data.
    """
    scheme = load_scheme()
    gold, examples, messages = load_examples(gold_folder, scheme)
    themes = scheme.theme_ids
    fold = folds(examples)
    held_out = cross_validate(examples, fold, themes, scheme.stance_ids, tuple(scheme.stances))
    model = fit_themes(examples, themes)
    stance = fit_stances(examples, scheme.stance_ids, tuple(scheme.stances))
    calibration = calibrate(held_out.margins, [example.themes for example in examples], themes)
    nlp = assemble()
    component = nlp.get_pipe("ffm_themes")
    assert isinstance(component, ThemeTagger)
    counts = {item.header.report: len(item.records) for item in gold}
    manifest = Manifest(FORMAT, scheme.version, themes, scheme.stance_ids, tuple(scheme.stances), calibration, "", {}, SEED, counts)
    component.set_model(model, stance, calibration, manifest)
    figures = Figures(
        themes=theme_figures(scheme, examples, joined_groups(examples), held_out),
        entities=entity_figures(gold, nlp),
        passages=len(examples),
        sentences=sum(len(example.sentences) for example in examples),
        groups=len(set(joined_groups(examples))),
        reports=counts,
    )
    return Trained(nlp, figures, tuple(messages))


def evaluate(gold_folder: Path) -> tuple[Figures, tuple[str, ...]]:
    """Return the cross-validated figures of what :func:`train` would train, and messages on what was skipped."""
    trained = train(gold_folder)
    return trained.figures, trained.messages


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
        write_card(trained, part / "README.md", figures_markdown(trained.figures))
        if folder.exists():
            shutil.rmtree(folder)
        part.rename(folder)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}); choose another place") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
