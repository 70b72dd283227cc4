"""What a passage is about, as its report says, is read with it: the question that it answers or the heading that it stands under."""

from __future__ import annotations

import numpy as np
import pytest

from ffm.evaluation.examples import make_examples
from ffm.ingest import read_report, read_text
from ffm.project.project import find_project
from ffm.segment import segment
from ffm.tagging.report import prepare
from ffm.themes.features import contexts, features, fit_vectorizers
from ffm.training.train import load_examples

NARRATIVE = """# Harbour towns in 2031

The coast has four of them.

## 3. People at risk

### 3.2 Young deckhands

Fourteen of them were taken off two trawlers in May.

## 4. Lighthouses

Keepers had not been paid since March.
"""

INTERVIEW = """# Notes of the mission

## Port police, 3 May 2031

**Q. How many deckhands did you meet?**

Fourteen, in May alone.
"""


def headings(text: str) -> dict[str, str]:
    return {passage.text: passage.heading for passage in segment(read_text(text)).passages}


class TestHeadings:
    def test_is_the_innermost_of_a_narrative_text(self) -> None:
        assert headings(NARRATIVE) == {
            "The coast has four of them.": "Harbour towns in 2031",
            "Fourteen of them were taken off two trawlers in May.": "3.2 Young deckhands",
            "Keepers had not been paid since March.": "4. Lighthouses",
        }

    def test_of_an_interview_is_its_source_and_no_subject(self) -> None:
        (passage,) = segment(read_text(INTERVIEW)).passages
        assert passage.source == "Port police" and passage.heading == ""

    def test_stand_where_a_question_would(self) -> None:
        (asked,) = contexts(["Yes."], "Are they paid?", "3.2 Young deckhands")
        (told,) = contexts(["Yes."], "", "3.2 Young deckhands")
        assert (asked.subject, told.subject, contexts(["Yes."], "")[0].subject) == ("Are they paid?", "3.2 Young deckhands", "")

    def test_are_features_of_their_own(self) -> None:
        titles = [f"{number} {title}" for title in ("Young deckhands", "Lighthouses") for number in "abc"]
        rows = [context for title in titles for context in contexts(["Nobody was paid."], "", title)]
        read = features(fit_vectorizers(rows), rows).toarray()
        assert np.allclose(read[0], read[1]) and not np.allclose(read[0], read[3])


@pytest.mark.parametrize("name", ["albania-ffm-2018-digest", "albania-ffm-2022-digest", "albania-tip-2021-digest"])
def test_what_is_learnt_from_is_what_is_read_when_tagging(name: str) -> None:
    project = find_project()
    gold, _, _ = load_examples(project.gold, project.scheme, project.reports())
    (item,) = [item for item in gold if item.header.report == name]
    prepared = prepare(read_report(project.reports()[name].path))
    read = {passage.passage: text for passage, text in zip(prepared.segmentation.passages, prepared.texts, strict=False)}
    examples = make_examples([item], project.reports(), project.scheme)
    assert len(examples) > 5
    for example in examples:
        text, context = read[example.passage], example.sentences[0]
        assert (context.question, context.heading) == (text.question, text.heading)
