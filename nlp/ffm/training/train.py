"""From gold data to a model folder: one command, the same bytes each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray
from spacy.language import Language

from ffm.errors import GoldError, ModelError, OutputError
from ffm.evaluation.crossval import OutOfFold, Recipe, fit_stances, fit_themes, make_recipe
from ffm.evaluation.encoder_margins import FILE as MARGINS
from ffm.evaluation.encoder_margins import EncoderMargins, write_margins
from ffm.evaluation.examples import Example, make_examples, written_example
from ffm.evaluation.figures import Figures, write_figures
from ffm.evaluation.fits import Progress
from ffm.evaluation.held_out import Judged, judge, write_held_out
from ffm.evaluation.intervals import interval_figures
from ffm.evaluation.left_out import left_out_figures
from ffm.evaluation.measure_entities import by_example, entity_figures
from ffm.evaluation.pictures import write_pictures
from ffm.evaluation.protocol import SEEDS, measure
from ffm.evaluation.shifts import Evidence, Shifts, evidence_of, write_shifts
from ffm.evaluation.splits import joined_groups, make_folds, report_families
from ffm.evaluation.trust import measured_trust
from ffm.gold.load import load_gold
from ffm.gold.store import GoldReport
from ffm.gold.written import read_written
from ffm.processes import one_thread
from ffm.project.project import Project
from ffm.project.reports import Registered
from ffm.project.scheme import Scheme
from ffm.tagging.pipeline import assemble, theme_tagger
from ffm.themes.classifier import LEARNT, SEED, Calibration
from ffm.themes.component import Beside
from ffm.themes.digests import write_digests
from ffm.themes.encoder.model import FOLDER as ENCODER
from ffm.themes.first_look import INTERCEPT, SLOPE
from ffm.themes.store import MANIFEST, read_manifest
from ffm.training.card import Card, gold_origin, write_card
from ffm.training.corrections import correction_examples
from ffm.training.folder import check_model_place, model_place
from ffm.training.second_reader import second_reader
from ffm.training.unlabelled import Use, label_first, unlabelled_passages, use_of

MIN_EXAMPLES = 30  # labelled passages
TUNED = Path(".ffm/encoder")  # in a project: where the fits of an encoder are kept until it is done


class Trained(Struct, frozen=True):
    """A trained pipeline with its figures, its held-out judgements, its card, and messages on what was skipped or has too little gold.

    Attributes
    ----------
    learnt
        How many themes get labels.
    margins
        Out-of-fold margins of its encoder, if it has one.
    shifts
        How widely reports differ from what it says of them; None where too few families of reports tell it.
    """

    nlp: Language
    figures: Figures
    judged: tuple[Judged, ...]
    messages: tuple[str, ...]
    card: Card
    learnt: int
    margins: EncoderMargins | None = None
    shifts: Shifts | None = None


def load_examples(gold_folder: Path, scheme: Scheme, entries: dict[str, Registered]) -> tuple[list[GoldReport], list[Example], list[str]]:
    """Read the gold data and make examples, none where no text of it is here.

    Raises
    ------
    GoldError
        If a file of the gold data is damaged.
    """
    gold, messages = load_gold(gold_folder, entries, scheme) if gold_folder.is_dir() else ([], [])
    return gold, make_examples(gold, entries, scheme), messages


def _check_enough(project: Project, folder: Path, examples: Sequence[Example], learnt: Sequence[str], skipped: int) -> None:
    """Refuse gold of too few passages, or of too few with any one theme; say what to label first."""
    if len(examples) >= MIN_EXAMPLES and learnt:
        return
    if len(examples) >= MIN_EXAMPLES:
        what = f"no theme is carried by {LEARNT} of the {len(examples)} labelled passages"
    elif examples:
        what = f"{len(examples)} labelled passages whose text is here, {MIN_EXAMPLES} are needed"
    else:
        what = f"no labelled passages, {MIN_EXAMPLES} are needed"
    if skipped:
        todo = f"the texts of {skipped} labelled reports are not here: set FFM_RAW_TEXT to the folders of the reports"
    else:
        todo = label_first(project, {example.passage for example in examples})
    raise GoldError(f"{folder}: {what}; {todo}")


@one_thread()
def train(
    project: Project,
    gold_folder: Path | None = None,
    replacing: Path | None = None,
    quick: bool = False,
    workers: int = 1,
    progress: Progress = lambda done, total: None,
    encoder: Path | None = None,
) -> Trained:
    """Train the pipeline and measure it by cross-validation.

    Parameters
    ----------
    project
        Whose scheme is learnt, and whose registers name the reports.
    gold_folder
        The folder of the gold data, with the written examples beside it; by default the project's.
    replacing
        The model folder that the result is to replace; see :func:`check_replacement`.
    quick
        Leave out the learning curve and leave-one-report-out, which are most of the work.
    workers
        Number of processes that fit; the result is the same for every number.
    progress
        Called with how much of the fits is done, and how much they are.
    encoder
        The folder of a model whose encoder is to score beside the classifier, see :func:`ffm.training.second_reader.second_reader`; by default that of the
        model to be replaced, else that of the project's.

    Raises
    ------
    GoldError
        If there is too little gold data; the message says what to label first.
    OutputError
        If the result would replace a model that was trained on more.
    """
    scheme, entries = project.scheme, project.reports()
    folder = gold_folder or project.gold
    if gold_folder is not None and not gold_folder.is_dir():
        raise GoldError(f"{gold_folder}: no such folder; give the folder of the gold data with --gold")
    gold, examples, skipped = load_examples(folder, scheme, entries)
    written = read_written(project.written(gold_folder), scheme)
    recipe = make_recipe(scheme, examples, [written_example(passage, scheme) for passage in written])
    _check_enough(project, folder, examples, recipe.learnt, len(skipped))
    if replacing is not None:
        check_model_place(replacing)
        check_replacement(replacing, [item.header.report for item in gold])
    themes = scheme.theme_ids
    named = {name: entry.family for name, entry in entries.items() if entry.family}
    kept = (folder for folder in (encoder, replacing, project.model) if folder is not None and (folder / MARGINS).is_file())
    second = second_reader(project, next(kept, None), examples, recipe)
    measured = measure(scheme, examples, recipe, named, second.margins, quick, workers, progress)
    units, held_out = measured.folds.units, measured.held_out
    corrected, unused = correction_examples(project.corrections(gold_folder), entries, scheme)
    taught = replace(recipe, written=(*recipe.written, *corrected))
    model = fit_themes(examples, taught)
    calibration = ranking_calibration(measured.fitted.calibration, recipe.learnt)
    nlp = assemble(project.name)
    counts = {item.header.report: len(item.records) for item in gold}
    beside = None
    if second.encoder is not None and measured.fitted.mixture is not None:
        beside = Beside(second.encoder(), measured.fitted.mixture, ranking_calibration(measured.sparse, recipe.learnt))
    stance = fit_stances(examples, taught, None if beside is None else beside.encoder)
    theme_tagger(nlp).set_model(model, stance, calibration, scheme, counts, SEED, beside)
    entities, by_record = entity_figures(gold, nlp, examples, units)
    countries = {name: entry.country for name, entry in entries.items()}
    by_report = entities.by_report if entities is not None else {}
    figures = Figures(
        themes=measured.themes,
        entities=entities,
        passages=len(examples),
        sentences=sum(len(example.sentences) for example in examples),
        groups=len(set(units)),
        reports=counts,
        left_out=left_out_figures(scheme, examples, units, measured.families, held_out.labels, countries, by_report)
        if measured.folds.kind == "families"
        else None,
        curve=measured.curve,
        by_group=measured.by_group,
        encoder=beside is not None,
        seeds=SEEDS,
        folds=measured.folds.kind,
        gold=gold_origin(gold, folder, scheme),
    )
    judged = judge(examples, units, held_out, themes, by_example(examples, by_record))
    too_few = too_little(scheme, examples, recipe, calibration)
    messages = [*skipped, *unused, *second.messages, *too_few, *unusual_use(scheme, examples, held_out, calibration, nlp, entries)]
    card = Card(
        name=project.name,
        title=scheme.title,
        written=len(written),
        corrected=len(corrected),
        stances=bool(scheme.stance_ids),
        unit=model.unit,
        unlearnt=tuple(too_few),
        countries=tuple(sorted({countries[report] for report in counts if countries.get(report)})),
        notes=project.card_notes,
    )
    shifts = None
    if measured.folds.kind == "families":
        target = np.array([[theme in example.themes for theme in themes] for example in examples], dtype=np.float64)
        told = evidence_of_examples(examples, themes, held_out, target, measured.families)
        shifts, figures = (
            told.shifts(),
            replace(figures, intervals=interval_figures(told, held_out.probability, target), trust=measured_trust(judged, themes)),
        )
    return Trained(nlp, figures, tuple(judged), tuple(messages), card, len(calibration.threshold), second.stored, shifts)


def evidence_of_examples(
    examples: Sequence[Example], themes: Sequence[str], held_out: OutOfFold, target: NDArray[np.float64], families: Sequence[str]
) -> Evidence:
    """Return how reports differ from what models that saw nothing of their families say of them; the target is 1 where gold has a theme."""
    return evidence_of(
        themes,
        held_out.probability,
        target,
        np.array([len(example.sentence_themes) for example in examples]),
        np.array([[sum(theme in carried for carried in example.sentence_themes) for theme in themes] for example in examples]),
        [example.report for example in examples],
        families,
    )


def tune(project: Project, gold_folder: Path | None = None, workers: int = 1, progress: Progress = lambda done, total: None) -> Path:
    """Tune an encoder on the gold; what was stopped goes on where it was.

    Returns
    -------
    Path
        The folder to give to :func:`train` as ``encoder``.

    Raises
    ------
    GoldError
        If there is too little gold data, or of too few families to leave some out.
    ModelError
        If the libraries that tune are not installed.
    """
    try:
        from ffm.training.encoder.folds import tune_encoder
    except ImportError as error:
        raise ModelError(f"{error.name}: not installed, and an encoder is not tuned without it; install ffm-nlp[encoder-train]") from None
    scheme, entries = project.scheme, project.reports()
    folder = gold_folder or project.gold
    _, examples, skipped = load_examples(folder, scheme, entries)
    written = [written_example(passage, scheme) for passage in read_written(project.written(gold_folder), scheme)]
    _check_enough(project, folder, examples, make_recipe(scheme, examples, written).learnt, len(skipped))
    groups = joined_groups(examples)
    named = {name: entry.family for name, entry in entries.items() if entry.family}
    folds = make_folds(examples, groups, report_families(examples, groups, named))
    if folds.kind != "families":
        raise GoldError(
            f"{folder}: the gold is of too few families of reports to leave some out; label other reports, or train without --encoder"
        )
    place = project.folder / TUNED
    place.mkdir(parents=True, exist_ok=True)
    encoder = place / "ffm_themes" / ENCODER
    margins = tune_encoder(examples, written, scheme.theme_ids, folds.splits, encoder, place / "fits", workers=workers, progress=progress)
    write_margins(margins, place)
    return place


def ranking_calibration(calibration: Calibration, learnt: Sequence[str]) -> Calibration:
    """Return a calibration that scores the themes that were not learnt as the first look does."""
    themes = calibration.slope
    return Calibration(
        {theme: value if theme in learnt else SLOPE for theme, value in themes.items()},
        {theme: calibration.intercept[theme] if theme in learnt else INTERCEPT for theme in themes},
        {theme: value for theme, value in calibration.threshold.items() if theme in learnt},
    )


def too_little(scheme: Scheme, examples: Sequence[Example], recipe: Recipe, calibration: Calibration) -> list[str]:
    """Return which themes have too little gold to be learnt, or to be labelled, one message for each kind."""
    support = Counter(theme for example in examples for theme in example.themes)
    unlearnt = [theme for theme in scheme.theme_ids if theme not in recipe.learnt]
    ranked = [theme for theme in recipe.learnt if theme not in calibration.threshold]
    messages = []
    if unlearnt:
        messages.append(
            f"not learnt, as fewer than {LEARNT} labelled passages carry them: {_counted(unlearnt, support)}; "
            "they are ranked by the scheme alone and never labelled"
        )
    if ranked:
        messages.append(
            f"learnt as rankings without labels, as no threshold can be trusted yet: {_counted(ranked, support)}; label more passages of them"
        )
    return messages


def _counted(themes: Iterable[str], support: Mapping[str, int]) -> str:
    return ", ".join(f"{theme} ({support.get(theme, 0)})" for theme in themes)


def unusual_use(
    scheme: Scheme,
    examples: Sequence[Example],
    held_out: OutOfFold,
    calibration: Calibration,
    nlp: Language,
    entries: Mapping[str, Registered],
) -> list[str]:
    """Return which themes the model gives to more than half of the passages, or to none: unlabelled ones or, without any, those held out."""
    use = use_of(nlp, unlabelled_passages(entries, {example.passage for example in examples}))
    what = "unlabelled passages"
    if use.passages < MIN_EXAMPLES:
        use = Use(len(examples), dict(Counter(theme for labels in held_out.labels for theme in labels)))
        what = "labelled passages, each by a model that had not seen it"
    labelled = [theme for theme in scheme.theme_ids if theme in calibration.threshold]
    many = [theme for theme in labelled if 2 * use.labelled.get(theme, 0) > use.passages]
    none = [theme for theme in labelled if not use.labelled.get(theme, 0)]
    messages = []
    if many:
        shares = ", ".join(f"{theme} ({use.labelled[theme] / use.passages:.0%})" for theme in many)
        messages.append(
            f"given to more than half of {use.passages} {what}: {shares}; look at some with ffm show, and label passages without them"
        )
    if none:
        messages.append(f"given to none of {use.passages} {what}: {', '.join(none)}; label more passages of them")
    return messages


def check_replacement(folder: Path, reports: Iterable[str]) -> None:
    """Refuse to replace a model by one that was trained on fewer reports, as happens where their texts are not here.

    Raises
    ------
    OutputError
        If the folder holds a model trained on a report that is not among ``reports``.
    """
    if not (folder / "ffm_themes" / MANIFEST).is_file():
        return
    try:
        before = read_manifest(folder / "ffm_themes").gold
    except ModelError:
        return  # a damaged or older model may be replaced
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
    with model_place(folder) as part:
        trained.nlp.to_disk(part, exclude=["vocab"])
        write_figures(trained.figures, part)
        write_held_out(trained.judged, part)
        if trained.shifts is not None:
            write_shifts(trained.shifts, part)
        if trained.margins is not None:
            write_margins(trained.margins, part)
        write_card(trained.card, trained.figures, part / "README.md", write_pictures(trained.figures, part))
        write_digests(part)
