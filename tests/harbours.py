"""Small projects of another subject, made up for tests: harbours, their fog, boats, fish, lamps and wages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord, text_digest, write_gold
from ffm.ingest import read_report
from ffm.project.project import Project, read_project

WORDS: dict[str, tuple[str, ...]] = {
    "fog": ("fog", "mist", "haze", "visibility", "foghorn"),
    "boats": ("boat", "vessel", "hull", "rudder", "mast"),
    "fish": ("herring", "cod", "catch", "nets", "fishery"),
    "lamps": ("lighthouse", "lantern", "beacon", "lamp", "beam"),
    "wages": ("wages", "pay", "salary", "overtime", "payroll"),
    "storms": ("storm", "gale", "waves", "flood", "surge"),
}
PLAIN = (
    "council",
    "morning",
    "letter",
    "visitor",
    "road",
    "market",
    "winter",
    "summer",
    "stone",
    "church",
    "garden",
    "bridge",
    "clerk",
    "bread",
    "tower",
)
VERBS = ("describes", "mentions", "recalls", "concerns", "brings", "follows", "leaves", "shows", "keeps", "finds")

SCHEME = """id = "harbours"
version = 3
title = "Harbours"
{stances}
"""
THEME = """
[[theme]]
id = "{id}"
name = "{name}"
group = "{group}"
applies = "{applies}"
colour = "#3b5fa8"
key = "{key}"
cues = {cues}
{stance}"""


def write_scheme(folder: Path, themes: Sequence[str], core: Sequence[str] = (), stance: Sequence[str] = ()) -> None:
    """Write a project's scheme; the cue of a theme is its first word, its definition has the next two."""
    stances = '[stances]\nseen = "somebody saw it"\nabsent = "nobody saw it"\n' if stance else ""
    text = SCHEME.format(stances=stances)
    for number, theme in enumerate(themes):
        words = WORDS.get(theme, (theme, "zither", "quagga"))
        text += THEME.format(
            id=theme,
            name=theme.capitalize(),
            group="core" if theme in core else "topic",
            applies=f"what is said about {words[1]} or {words[2]}",
            key="12345678"[number],
            cues=[words[0]],
            stance="stance = true\n" if theme in stance else "",
        )
    (folder / "annotations").mkdir(parents=True, exist_ok=True)
    (folder / "annotations/scheme.toml").write_text(text, encoding="utf-8")


def passage(rng: np.random.Generator, themes: Sequence[str]) -> str:
    """Return a paragraph of three sentences; each of its themes gives words to one of them."""
    sentences = [list(rng.choice(PLAIN, 4, replace=False)) for _ in range(3)]
    for number, theme in enumerate(themes):
        sentences[number % 3] += list(rng.choice(WORDS[theme], 2, replace=False))
    told = [f"The {words[0]} {rng.choice(VERBS)} the {words[1]} and the {' the '.join(rng.permutation(words[2:]))}." for words in sentences]
    return " ".join(told)


def themes_of(rng: np.random.Generator, themes: Sequence[str], number: int) -> tuple[str, ...]:
    """Return the themes of a passage: as in reports that go from subject to subject, runs of neighbours share one, every third has none."""
    if number % 3 == 2:
        return ()
    first = themes[(number // 4) % len(themes)]
    return (first,) if rng.random() < 0.7 else tuple(dict.fromkeys((first, str(rng.choice(themes)))))


def write_report(folder: Path, name: str, passages: Sequence[str]) -> None:
    """Write a report of paragraphs and register it."""
    (folder / "raw_text").mkdir(parents=True, exist_ok=True)
    (folder / f"raw_text/{name}.md").write_text(f"# Report {name}\n\n" + "\n\n".join(passages) + "\n", encoding="utf-8")
    with (folder / "raw_text/reports.toml").open("a", encoding="utf-8") as out:
        out.write(f'[{name}]\nfile = "{name}.md"\ntitle = "The harbours of {name}"\n\n')


def write_labels(
    folder: Path,
    name: str,
    labels: Sequence[tuple[str, Sequence[str]]],
    gold: str = "annotations/gold",
    stance: Mapping[str, str] | None = None,
    entities: bool = False,
    **header: object,
) -> None:
    """Write gold of whole passages of a report: those texts of it, each with its themes."""
    report = read_report(folder / f"raw_text/{name}.md")
    records = []
    for text, themes in labels:
        start = report.text.index(text)
        spans = (GoldEntity(start + 4, start + 4 + len(text.split()[1]), "ORG"),) if entities else ()
        carried = {theme: stance[theme] for theme in themes if stance and theme in stance}
        records.append(GoldRecord(start, start + len(text), spans, tuple(themes), carried, unit="passage"))
    told = {"annotator": "rosa", "made_by": "human annotator", "verified": True, "date": "2026-05-04", **header}
    (folder / gold).mkdir(parents=True, exist_ok=True)
    write_gold(folder / gold / f"{name}.jsonl", GoldHeader(name, text_digest(report), 3, **told), records)  # type: ignore[arg-type]


def make_project(
    folder: Path,
    themes: Sequence[str] = tuple(WORDS)[:5],
    reports: Mapping[str, int] | None = None,
    scheme: Sequence[str] | None = None,
    core: Sequence[str] = (),
    seed: int = 7,
    **header: object,
) -> Project:
    """Make a project with labelled reports, one with 44 passages unless told otherwise.

    Parameters
    ----------
    themes
        Those that the gold has; ``scheme`` has more, if given.
    reports
        Number of passages by report.
    """
    rng = np.random.default_rng(seed)
    write_scheme(folder, scheme or themes, core)
    (folder / "ffm.toml").write_text('name = "harbours"\nmodel = "models/harbours"\n', encoding="utf-8")
    for name, count in (reports or {"norvik": 44}).items():
        labels = [(passage(rng, found), found) for found in (themes_of(rng, themes, number) for number in range(count))]
        write_report(folder, name, [text for text, _ in labels])
        write_labels(folder, name, labels, **header)
    return read_project(folder)
