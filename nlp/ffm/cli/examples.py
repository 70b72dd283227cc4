"""What ``--help`` shows beside options: a summary of each command in full, and an example of its use."""

from __future__ import annotations

import inspect

import typer

EXAMPLES = {
    "init": "ffm init prisons",
    "tag": "ffm tag reports/ -o tagged.jsonl",
    "compare": "ffm compare tagged.jsonl -o comparison --country AL --since 2018",
    "sample": "ffm sample tagged.jsonl -n 50 -o to-read.jsonl",
    "show": "ffm show tagged.jsonl --theme stigma --source unicef -n 5",
    "query": 'ffm query tagged "select theme, count(*) from labels group by theme"',
    "explain": "ffm explain albania-ffm-2022-digest 22",
    "serve": "ffm serve --port 8137",
    "agreement": "ffm agreement annotations/anna annotations/ben -n 5",
    "suggest": "ffm suggest tagged.jsonl -n 50 -o next.jsonl",
    "train": "ffm train -o models/mine",
    "evaluate": "ffm evaluate --quick -o figures.md",
    "export": "ffm export annotations/gold --format conll -o gold.conll",
    "import": "ffm import project.qdpx --format refi-qda -o annotations/coded",
    "gold template": "ffm gold template tagged.jsonl -n 50 -o to-label.csv",
    "gold read": "ffm gold read labelled.csv -a anna",
    "gold merge": "ffm gold merge annotations/anna annotations/ben annotations/adjudicated -o annotations/gold",
    "gold join": "ffm gold join annotations/gold annotations/round-1/gold -o annotations/joined",
    "gold comments": "ffm gold comments annotations/round-1",
    "gold anchor": "ffm gold anchor annotations/gold",
    "gold log": "ffm gold log annotations/gold annotations/corrections",
    "gold share": "ffm gold share annotations/round-1 -o shared",
    "reports add": "ffm reports add report.pdf --country AL --covers 2022-10",
    "reports list": "ffm reports list",
    "reports text": "ffm reports text albania-ffm-2022-digest -o report.txt",
    "reports verify": "ffm reports verify",
    "reports layout": "ffm reports layout albania-ffm-2022-digest",
    "scheme check": "ffm scheme check annotations/scheme.toml",
    "scheme guideline": "ffm scheme guideline -o guideline.md",
    "scheme diff": "ffm scheme diff old/scheme.toml annotations/scheme.toml",
    "scheme migrate": "ffm scheme migrate annotations/gold -o annotations/gold-2",
    "model export": "ffm model export -o pipeline",
    "doccano setup": "ffm doccano setup round-1 -a anna -a ben",
    "doccano push": "ffm doccano push round-1 next.jsonl --suggestions http://127.0.0.1:8000/suggest",
    "doccano pull": "ffm doccano pull round-1 -o annotations/round-1",
    "doccano status": "ffm doccano status round-1",
    "doccano adjudicate": "ffm doccano adjudicate round-1 annotations/round-1/anna annotations/round-1/ben --tagged next.jsonl -a clara",
    "doccano local": "ffm doccano local",
}


def help_options(app: typer.Typer, group: str = "") -> None:
    """Give the commands of an application and its groups their example, and their first line as summary, however long it is."""
    for command in app.registered_commands:
        if command.callback is not None:
            command.short_help = _first_line(inspect.getdoc(command.callback))
            example = EXAMPLES.get(f"{group} {command.name}".strip())
            command.epilog = f"Example:\n\n\b\n  {example}" if example else None
    for inner in app.registered_groups:
        inner.short_help = _first_line(inner.typer_instance.info.help if inner.typer_instance else None)
        if inner.typer_instance is not None:
            help_options(inner.typer_instance, str(inner.name))


def _first_line(text: object) -> str | None:
    return text.partition("\n")[0] if isinstance(text, str) else None
