"""``ffm train`` and ``ffm evaluate``: from gold data to a model, and its figures."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ffm.cli.console import complain, notice, printable, progress_bar, say
from ffm.cli.project import current_project
from ffm.errors import FfmError, ProjectError
from ffm.files import check_place, write_text
from ffm.project.project import Project, advice
from ffm.project.reports import open_report

if TYPE_CHECKING:
    from ffm.training.train import Trained

PROCESSES = 2  # by default, where there are as many processors

Gold = Annotated[Path | None, typer.Option("--gold", help="The folder of the gold data; by default annotations/gold.", show_default=False)]
Jobs = Annotated[
    int | None,
    typer.Option("-j", "--jobs", min=1, max=64, help="Number of processes; by default two. The result is the same.", show_default=False),
]

Quick = Annotated[bool, typer.Option("--quick", help="Leave out the learning curve and the figures by group.")]


def train_command(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The model folder to write; by default the project's.", show_default=False)
    ] = None,
    gold: Gold = None,
    quick: Quick = False,
    encoder: Annotated[
        bool, typer.Option("--encoder", help="Tune the encoder on the gold first (extra encoder-train); otherwise it is kept, if it fits.")
    ] = False,
    jobs: Jobs = None,
) -> None:
    """Train the pipeline on the gold data and measure it by cross-validation: model, card, figures and pictures."""
    from ffm.evaluation.figures import MICRO
    from ffm.evaluation.figures_text import OPTIMISTIC, shown_value
    from ffm.evaluation.pictures import can_draw
    from ffm.training.train import write_model

    project = current_project()
    if output is None and project.packaged:
        raise ProjectError(f"no project here: {advice()}, or name the folder to write with -o")
    place = output or project.model
    trained = _train(project, gold, place, quick, jobs, encoder)
    write_model(trained, place)
    if not can_draw():
        notice("no pictures were drawn, as matplotlib is not installed; install ffm-nlp[figures]")
    figures = trained.figures
    themes, entities = figures.themes, figures.entities
    judged = f"blocks of neighbouring passages, {OPTIMISTIC}" if figures.folds == "blocks" else figures.folds
    say(
        f"{place}: trained on {figures.passages} passages of {len(figures.reports)} {'report' if len(figures.reports) == 1 else 'reports'}, "
        f"labels for {trained.learnt} of {len(themes.scores)} themes; cross-validated macro-F1 {shown_value(themes.macro_f1)} "
        f"(core themes {shown_value(themes.core_macro_f1)}), entities exact micro-F1 "
        f"{shown_value(entities.exact[MICRO].f1 if entities is not None else None)}; folds of {judged}"
    )


def _train(project: Project, gold: Path | None, output: Path | None, quick: bool, jobs: int | None, encoder: bool = False) -> Trained:
    from ffm.training.train import train, tune

    workers = jobs or min(PROCESSES, os.cpu_count() or 1)
    tuned = None
    if encoder:
        with progress_bar("Tuning") as progress:
            tuned = tune(project, gold, workers, progress)
    with progress_bar("Fitting") as progress:
        trained = train(project, gold, output, quick, workers, progress, tuned)
    for message in trained.messages:
        notice(message)
    return trained


def evaluate_command(
    gold: Gold = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Compare a candidate with the standing model; exit code 1 on a significant loss.")
    ] = False,
    candidate: Annotated[
        Path | None, typer.Option("--candidate", help="With --gate: the candidate's folder, written by ffm train.", show_default=False)
    ] = None,
    standing: Annotated[
        Path | None,
        typer.Option("--standing", help="With --gate: the standing model's folder; by default the project's.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write what is printed into this file too, as Markdown.", show_default=False)
    ] = None,
    number: Annotated[int, typer.Option("-n", "--number", min=0, help="With --gate: how many flipped passages to list.")] = 50,
    quick: Quick = False,
    jobs: Jobs = None,
) -> None:
    """Print precision, recall, F1 and average precision per theme and entity label, grouped by interview; or run the gate."""
    from ffm.evaluation.figures_text import figures_markdown

    if output is not None:
        check_place(output)
    project = current_project()
    if gate:
        _gate(project, candidate or project.model, standing or project.model, output, number)
        return
    _report(figures_markdown(_train(project, gold, None, quick, jobs).figures), output)


def _report(markdown: str, output: Path | None) -> None:
    """Print a report and write it into a file, without control characters that texts of reports may hold."""
    safe = "\n".join(printable(line) for line in markdown.split("\n"))
    typer.echo(safe, nl=False)
    if output is not None:
        write_text(output, safe)


def _gate(project: Project, candidate: Path, standing: Path, output: Path | None, number: int) -> None:
    """Compare the held-out judgements of two models and print the verdicts."""
    from ffm.evaluation.gate import compare_models
    from ffm.evaluation.gate_text import gate_markdown
    from ffm.evaluation.held_out import read_held_out
    from ffm.themes.digests import check_digests
    from ffm.themes.store import load_scheme

    records = []
    for folder in (standing, candidate):
        judged = read_held_out(folder)
        check_digests(folder)
        records.append((judged, load_scheme(folder / "ffm_themes")))
    (before, old_scheme), (after, scheme) = records
    found = compare_models(before, after, scheme, old_scheme)
    texts: dict[str, str] = {}
    entries = project.reports()
    for report in {flip.report for flip in found.flips[:number]}:
        with suppress(FfmError):
            texts[report] = open_report(report, entries).text
    _report(gate_markdown(found, texts, number), output)
    if not found.passed:
        lost = f"loses significantly in {', '.join(found.lost)}; see the flipped passages above" if found.lost else ""
        gold = f"its gold is not comparable: {'; '.join(found.gold.failures)}" if found.gold.failures else ""
        remedy = "train it on the gold and texts of the standing model (FFM_RAW_TEXT)" if gold else ""
        told = "; ".join(part for part in (lost, gold, remedy) if part)
        complain(f"{candidate}: {told}, or keep the standing model")
        raise typer.Exit(1)
