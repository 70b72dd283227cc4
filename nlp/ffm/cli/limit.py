"""The option ``--limit``: how long reading one PDF may take."""

from __future__ import annotations

import os
from typing import Annotated

import typer

LimitOption = Annotated[
    float | None,
    typer.Option("--limit", min=0.1, max=86_400, help="Seconds that reading one PDF may take; by default 60.", show_default=False),
]


def set_limit(seconds: float | None) -> None:
    """Set the limit for this process and the ones that it starts, which read it from the environment."""
    if seconds is not None:
        os.environ["FFM_PDF_SECONDS"] = f"{seconds:g}"
