"""``ffm train`` and ``ffm evaluate``: from gold data to a model, and its figures."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from ffm.cli.console import complain, notice, say
from ffm.errors import FfmError
from ffm.evaluation.figures import figures_markdown
from ffm.evaluation.gate import compare_models, gate_markdown
from ffm.evaluation.held_out import read_held_out
from ffm.paths import gold_path, model_path
from ffm.reports import open_report
from ffm.scheme import load_scheme
from ffm.training import evaluate, train, write_model

Gold = Annotated[Path | None, typer.Option("--gold", help="The folder of the gold data; by default annotations/gold.", show_default=False)]


def train_command(
    output: Annotated[Path, typer.Option("-o", "--output", help="The model folder to write.")] = Path("models/ffm-en"),
    gold: Gold = None,
) -> None:
    """Train the pipeline on the gold data and measure it by cross-validation."""
    trained = train(gold or gold_path(), output)
    for message in trained.messages:
        notice(message)
    write_model(trained, output)
    themes, entities = trained.figures.themes, trained.figures.entities
    say(
        f"{output}: trained on {trained.figures.passages} passages of {len(trained.figures.reports)} reports; cross-validated macro-F1 "
        f"{themes.macro_f1.value:.2f} (core themes {themes.core_macro_f1.value:.2f}), entities exact micro-F1 {entities.exact['micro'].f1:.2f}"
    )


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
) -> None:
    """Print precision, recall, F1 and average precision per theme and entity label, grouped by interview; or run the gate."""
    if gate:
        _gate(candidate or model_path(), standing or model_path())
        return
    figures, messages = evaluate(gold or gold_path())
    for message in messages:
        notice(message)
    typer.echo(figures_markdown(figures), nl=False)


def _gate(candidate: Path, standing: Path) -> None:
    """Compare the held-out judgements of two models and print the verdicts."""
    found = compare_models(read_held_out(standing), read_held_out(candidate), load_scheme())
    texts: dict[str, str] = {}
    for report in {flip.report for flip in found.flips}:
        with suppress(FfmError):
            texts[report] = open_report(report).text
    typer.echo(gate_markdown(found, texts), nl=False)
    if not found.passed:
        lost = ", ".join(verdict.figure for verdict in found.verdicts if verdict.lost)
        complain(f"{candidate}: loses significantly in {lost}; see the flipped passages above, or keep the standing model")
        raise typer.Exit(1)
