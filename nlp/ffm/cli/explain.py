"""``ffm explain``: which words and which definition spoke for and against each theme of a passage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ffm.cli.console import say
from ffm.cli.project import current_project
from ffm.errors import RecordError
from ffm.project.reports import open_report
from ffm.records import is_evidence

if TYPE_CHECKING:
    from ffm.themes.explain import Explanation, Reason


def explain_command(
    report: Annotated[str, typer.Argument(help="A report's id, or the path of its file.", show_default=False)],
    passage: Annotated[str, typer.Argument(help="The passage's id (report/0042), or its number.", show_default=False)],
    theme: Annotated[str | None, typer.Option("--theme", help="Only this theme.", show_default=False)] = None,
    everything: Annotated[bool, typer.Option("--all", help="The themes that are no labels too.")] = False,
    model: Annotated[Path | None, typer.Option("--model", help="A model folder other than the project's.", show_default=False)] = None,
) -> None:
    """Show what spoke for and against each theme of a passage: words, cues, and the theme's definition."""
    from ffm.tagging.pipeline import load, scheme_of, theme_tagger
    from ffm.tagging.report import prepare
    from ffm.themes.explain import explain

    project = current_project()
    nlp = load(model or project.tags_with)
    scheme = scheme_of(nlp)
    if theme is not None and theme not in scheme.theme_ids:
        raise typer.BadParameter(f'the scheme has no theme "{theme}"; it has {", ".join(scheme.theme_ids)}', param_hint="--theme")
    prepared = prepare(open_report(report, project.reports()))
    wanted = passage.rsplit("/", 1)[-1]
    number = next(
        (index for index, item in enumerate(prepared.segmentation.passages) if item.passage.endswith(f"/{wanted.zfill(4)}")), None
    )
    if number is None:
        raise RecordError(f"{report}: no passage {passage}; it has {len(prepared.segmentation.passages)}, see ffm show {report}")
    chosen = prepared.segmentation.passages[number]
    if not is_evidence(chosen):
        kind = "front matter" if chosen.part == "front" else f"a {chosen.kind}"
        raise RecordError(f"{report}: passage {passage} is {kind}, which has no themes; choose another")
    component = theme_tagger(nlp)
    text = prepared.texts[number]
    sentences = component.units([text.text[start:end] for start, end in text.sentences], text.question, text.heading)
    found = explain(component, sentences, [theme] if theme else scheme.theme_ids)
    if theme is None:
        found.sort(key=lambda item: (not item.is_label, -item.score))
        found = found if everything else [item for item in found if item.is_label]
    say(prepared.segmentation.passages[number].passage)
    definitions = {item.id: (item.applies, item.does_not_apply) for item in scheme.theme}
    for item in found:
        _show(item, *definitions[item.theme])
    if not found:
        say("no labels; see the scores of all themes with --all")


def _show(item: Explanation, applies: str, does_not_apply: str) -> None:
    verdict = "label" if item.is_label else "no label"
    typer.echo("")
    say(f"{item.theme}  {item.score:.2f} ({'ranked only' if item.threshold is None else f'{verdict}; threshold {item.threshold:.2f}'})")
    say(f"  sentence: {item.sentence}")
    say(f"  for:      {_listed(item.reasons_for)}")
    say(f"  against:  {_listed(item.reasons_against)}")
    if item.encoder is not None:
        say(f"  encoder:  {item.encoder:+.2f} (read as a whole: no words to name)")
    say(f"  applies:  {applies}")
    if does_not_apply:
        say(f"  not:      {does_not_apply}")


def _listed(reasons: tuple[Reason, ...]) -> str:
    return "; ".join(f"{reason.where} “{reason.what}” {reason.weight:+.2f}" for reason in reasons) or "nothing"
