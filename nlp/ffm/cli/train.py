"""``ffm train`` and ``ffm evaluate``: from gold data to a model, and its figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ffm.cli.console import notice, say
from ffm.evaluation.figures import figures_markdown
from ffm.paths import gold_path
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


def evaluate_command(gold: Gold = None) -> None:
    """Print precision, recall, F1 and average precision per theme and entity label, grouped by interview."""
    figures, messages = evaluate(gold or gold_path())
    for message in messages:
        notice(message)
    typer.echo(figures_markdown(figures), nl=False)
