"""From gold data to a model folder: one command, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from spacy.language import Language

from ffm.errors import GoldError, ModelError, OutputError
from ffm.evaluation.crossval import fit_stances, fit_themes, scheme_recipe
from ffm.evaluation.examples import Example, make_examples, written_example
from ffm.evaluation.figures import Figures, write_figures
from ffm.evaluation.fits import Progress
from ffm.evaluation.held_out import Judged, judge, write_held_out
from ffm.evaluation.measure_entities import by_example, entity_figures
from ffm.evaluation.pictures import write_pictures
from ffm.evaluation.protocol import SEEDS, measure
from ffm.gold.store import GoldReport, load_gold
from ffm.gold.written import read_written
from ffm.processes import one_thread
from ffm.project.project import Project
from ffm.project.reports import Registered
from ffm.project.scheme import Scheme
from ffm.tagging.digests import write_digests
from ffm.tagging.pipeline import assemble, theme_tagger
from ffm.themes.classifier import SEED, calibrate
from ffm.themes.store import MANIFEST, read_manifest
from ffm.training.card import write_card
from ffm.training.folder import check_model_place, model_place

MIN_EXAMPLES = 30


class Trained(Struct, frozen=True):
    """A trained pipeline with its figures, its held-out judgements, and messages on what was skipped."""

    nlp: Language
    figures: Figures
    judged: tuple[Judged, ...]
    messages: tuple[str, ...]


def load_examples(gold_folder: Path, scheme: Scheme, entries: dict[str, Registered]) -> tuple[list[GoldReport], list[Example], list[str]]:
    """Read the gold data and make examples.

    Raises
    ------
    GoldError
        If the folder holds no gold data whose text is there, or too little to train on.
    """
    if not gold_folder.is_dir():
        raise GoldError(f"{gold_folder}: no such folder; give the folder of the gold data with --gold")
    gold, messages = load_gold(gold_folder, entries, scheme)
    examples = make_examples(gold, entries)
    if len(examples) < MIN_EXAMPLES:
        raise GoldError(
            f"{gold_folder}: {len(examples)} annotated passages whose text is here, {MIN_EXAMPLES} are needed; set FFM_RAW_TEXT to the folders of the reports"
        )
    return gold, examples, messages


@one_thread()
def train(
    project: Project,
    gold_folder: Path | None = None,
    replacing: Path | None = None,
    quick: bool = False,
    workers: int = 1,
    progress: Progress = lambda done, total: None,
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

    Raises
    ------
    GoldError
        If there is too little gold data.
    OutputError
        If the result would replace a model that was trained on more.
    """
    scheme, entries = project.scheme, project.reports()
    gold, examples, messages = load_examples(gold_folder or project.gold, scheme, entries)
    if replacing is not None:
        check_model_place(replacing)
        check_replacement(replacing, [item.header.report for item in gold])
    themes = scheme.theme_ids
    recipe = scheme_recipe(scheme, [written_example(passage) for passage in read_written(project.written(gold_folder), scheme)])
    measured = measure(scheme, examples, recipe, quick, workers, progress)
    held_out = measured.held_out
    model = fit_themes(examples, recipe)
    stance = fit_stances(examples, recipe)
    calibration = calibrate(held_out.margins, [example.themes for example in examples], themes)
    nlp = assemble(project.name)
    counts = {item.header.report: len(item.records) for item in gold}
    theme_tagger(nlp).set_model(model, stance, calibration, scheme, counts, SEED)
    entities, by_record = entity_figures(gold, nlp, examples, measured.groups)
    countries = {name: entry.country for name, entry in entries.items()}
    figures = Figures(
        themes=measured.themes,
        entities=entities,
        passages=len(examples),
        sentences=sum(len(example.sentences) for example in examples),
        groups=len(set(measured.groups)),
        reports=counts,
        left_out=measured.left_out(countries, entities.by_report) if measured.left_out is not None else None,
        curve=measured.curve,
        seeds=SEEDS,
    )
    judged = judge(examples, measured.groups, held_out, themes, by_example(examples, by_record))
    return Trained(nlp, figures, tuple(judged), tuple(messages))


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
        write_card(trained, part / "README.md", write_pictures(trained.figures, part))
        write_digests(part)
