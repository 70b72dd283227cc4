"""Explanations: the weights add up to the score, and the reasons stand in the text."""

from __future__ import annotations

import numpy as np
import pytest
from typer.testing import CliRunner

import ffm
from ffm.cli.main import app
from ffm.project.project import find_project
from ffm.themes.classifier import probabilities
from ffm.themes.explain import explain
from ffm.themes.features import contexts

TEXTS = ["The shelter has no money for a psychologist.", "Neighbours blame the women and laugh at them.", "It rained."]


@pytest.fixture(scope="module")
def component():
    return ffm.load().get_pipe("ffm_themes")


@pytest.fixture(scope="module")
def alone():
    """Return the component without its encoder."""
    return ffm.load(sparse=True).get_pipe("ffm_themes")


def test_all_weights_and_the_bias_add_up_to_the_score_of_the_classifier(alone) -> None:
    for item in explain(alone, contexts(TEXTS[:1], "What is lacking?"), alone.model.themes, count=10_000):
        odds = item.bias + sum(reason.weight for reason in (*item.reasons_for, *item.reasons_against))
        calibration = alone.calibration
        expected = probabilities(np.array([odds]), calibration.slope[item.theme], calibration.intercept[item.theme])[0]
        assert item.encoder is None
        assert item.score == pytest.approx(expected, abs=1e-3)


def test_the_score_is_that_of_the_passage_and_the_encoder_says_what_it_adds(component) -> None:
    text = " ".join(TEXTS)
    scores = ffm.load()(text).cats
    for item in explain(component, contexts(TEXTS, ""), component.model.themes):
        assert item.score == pytest.approx(scores[item.theme], abs=1e-3)
        assert (item.encoder is None) == (component.beside is None)


def test_reasons_are_words_of_the_text_those_that_a_cue_met_too(component) -> None:
    everything = " ".join([*TEXTS, "What is lacking?"]).lower()
    for item in explain(component, contexts(TEXTS, "What is lacking?"), component.model.themes):
        for reason in item.reasons_for:
            if reason.where != "letters":
                assert all(word in everything for word in reason.what.lower().split()), reason


def test_the_deciding_sentence_is_the_one_that_speaks_of_the_theme(component) -> None:
    core = find_project().scheme.core_ids[0]
    assert explain(component, contexts(TEXTS, ""), [core])[0].sentence == TEXTS[1]


def test_the_command_shows_words_and_definition() -> None:
    done = CliRunner().invoke(app, ["explain", "albania-ffm-2022-digest", "22"])
    assert done.exit_code == 0, done.output
    assert "albania-ffm-2022-digest/0022" in done.stdout
    assert "for:" in done.stdout and "against:" in done.stdout and "applies:" in done.stdout
    assert "no label;" not in done.stdout
    everything = CliRunner().invoke(app, ["explain", "albania-ffm-2022-digest", "22", "--all"])
    assert everything.stdout.count("threshold") == len(find_project().scheme.theme_ids)


def test_an_unknown_passage_is_named() -> None:
    from ffm.errors import RecordError

    done = CliRunner().invoke(app, ["explain", "albania-ffm-2022-digest", "9999"])
    assert isinstance(done.exception, RecordError)
    assert "9999" in str(done.exception)
