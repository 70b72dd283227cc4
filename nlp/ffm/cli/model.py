"""``ffm model``: the trained pipeline for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ffm.cli.console import say
from ffm.cli.project import current_project
from ffm.errors import ModelError

model_app = typer.Typer(help="The trained pipeline: write it for other programs.", no_args_is_help=True, rich_markup_mode=None)


@model_app.callback()
def _model() -> None:
    """Let the group have one command and still be one."""


@model_app.command("export")
def export_command(
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to write; a model there is replaced.", show_default=False)],
    model: Annotated[Path | None, typer.Option("--model", help="A model folder other than the project's.", show_default=False)] = None,
    sparse: Annotated[bool, typer.Option("--sparse", help="Leave the encoder out: 1 MB instead of 25, with more errors.")] = False,
) -> None:
    """Write the pipeline into a folder that spacy.load opens wherever ffm-nlp is installed, without what training and the gate keep."""
    from ffm.training.pipeline_folder import export_pipeline

    folder = model or current_project().tags_with
    if folder.is_file():
        raise ModelError(f"{folder}: is a scheme without a model, by which passages are only ranked; train one with ffm train")
    size = export_pipeline(folder, output, sparse)
    say(f'{output}: {size / 1e6:.1f} MB; open it with spacy.load("{output}") where ffm-nlp is installed')
