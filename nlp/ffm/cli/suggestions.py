"""The options by which ``ffm doccano push`` takes suggestions from another tool: a file, or a service over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ffm.cli.console import notice, progress_bar, say
from ffm.errors import OutputError

if TYPE_CHECKING:
    from ffm.exchange.suggestions import Suggested
    from ffm.exchange.suggestions import Suggestions as Found
    from ffm.project.scheme import Scheme
    from ffm.records import TaggedPassage

MODEL = "model"
Suggestions = Annotated[
    str | None,
    typer.Option(
        "--suggestions",
        metavar="model|FILE|URL",
        help="Whose labels are sent as marks to correct: the model's, those of another tool in a file, or those of a service "
        "(docs/annotating.md); by default the model's to projects of single annotators, none to a blind one.",
        show_default=False,
    ),
]
WithoutSuggestions = Annotated[bool, typer.Option("--no-suggestions", help="Send no labels.")]
Keep = Annotated[
    Path | None,
    typer.Option("--keep", help="Keep what the other tool said, for ffm agreement: .jsonl, .parquet or .csv.", show_default=False),
]


def suggested(
    passages: list[TaggedPassage], scheme: Scheme, source: str | None, keep: Path | None, seconds: float
) -> tuple[list[TaggedPassage], list[str]]:
    """Return the passages with the suggestions that were asked for, and one line for each that is refused."""
    if source is None or source == MODEL:
        if keep is not None:
            raise typer.BadParameter("keeps what another tool said; name it with --suggestions", param_hint="--keep")
        return passages, []
    if keep is not None:
        _check(keep)
    found = _ask(passages, scheme, source, seconds)
    if found.missing:
        notice(f"{source}: says nothing of {found.missing:,} of {len(passages):,} passages; these are sent without marks")
    if keep is not None:
        from ffm.files import beside
        from ffm.tagging.writers import write_rows

        with beside(keep) as part:
            write_rows(found.passages, part, keep.suffix)
        say(f"{keep}: {len(found.passages):,} passages as suggested")
    return found.passages, found.refused


def _ask(passages: list[TaggedPassage], scheme: Scheme, source: str, seconds: float) -> Found:
    from ffm.exchange.service import ask_service, is_address, service_at
    from ffm.exchange.suggestions import read_suggestions, with_suggestions
    from ffm.records import is_evidence

    if not is_address(source):
        return with_suggestions(passages, read_suggestions(Path(source)), scheme, Path(source).stem)
    service = service_at(source)
    if service.scheme == "http" and service.hostname not in ("localhost", "127.0.0.1", "::1"):
        notice(f"{service.hostname}: the texts of passages travel unencrypted; use https, or a service on this machine")
    asked = [passage for passage in passages if is_evidence(passage)]
    with progress_bar("Asking") as progress:
        answers: Mapping[str, Suggested] = ask_service(source, asked, scheme, seconds, progress)
    return with_suggestions(passages, answers, scheme, service.netloc)


def _check(keep: Path) -> None:
    from ffm.files import check_place
    from ffm.tagging.writers import FORMATS

    check_place(keep)
    if keep.suffix not in FORMATS:
        raise OutputError(f"{keep}: unknown format; end its name in {', '.join(FORMATS)}")
