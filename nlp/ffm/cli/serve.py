"""``ffm serve``: labels for doccano, tagging over HTTP, and the reading page."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from ffm.cli.console import notice, say
from ffm.cli.limit import LimitOption, set_limit
from ffm.cli.project import current_project
from ffm.errors import ServeError

PACKAGES = ("starlette", "uvicorn", "python_multipart")


def serve_command(
    host: Annotated[str, typer.Option(help="Where to listen; any but this machine's own address demands a token.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any that is free.")] = 8137,
    model: Annotated[Path | None, typer.Option("--model", help="A model folder other than the project's.", show_default=False)] = None,
    corrections: Annotated[
        str,
        typer.Option(
            "--corrections",
            metavar="NAME",
            help="Let this person put labels right on the reading page, as gold of theirs beside the project's; on this machine only.",
            show_default=False,
        ),
    ] = "",
    workers: Annotated[
        int,
        typer.Option(min=1, max=64, help="Processes for labels, and as many for reports; each holds the model, in about half a gigabyte."),
    ] = 1,
    limit: LimitOption = None,
) -> None:
    """Serve the reading page, and labels for doccano, on this machine; FFM_SERVE_TOKEN holds the token where one is needed."""
    set_limit(limit)
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise ServeError(f'ffm serve needs packages that are not installed ({", ".join(missing)}); run: pip install "ffm-nlp[serve]"')
    from ffm.server.access import TOKEN_VARIABLE, check_access
    from ffm.server.correcting import make_corrector
    from ffm.server.running import serve

    access = check_access(host, os.environ.get(TOKEN_VARIABLE, ""))
    if not access.loopback:
        notice(f"{host}: texts and the token travel unencrypted; put a TLS proxy before it, or stay on 127.0.0.1 and use an SSH tunnel")

    corrector = make_corrector(corrections, host, current_project()) if corrections else None

    def ready(address: str) -> None:
        say(f"{address}: reading page and labels; Ctrl-C stops")

    serve(host, port, model, access, ready, workers, corrector)
    say("stopped")
