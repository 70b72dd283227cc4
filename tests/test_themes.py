"""The theme classifier and stance: what they learn, how they are stored, what a damaged store does."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffm.errors import ModelError
from ffm.project.scheme import Scheme, Theme, Wording
from ffm.themes.classifier import best_threshold, calibrate, fit_model, passage_margins, probabilities
from ffm.themes.features import contexts
from ffm.themes.mixture import Mixture
from ffm.themes.stance import fit_stance, majority
from ffm.themes.store import ARCHIVE, MANIFEST, Mixed, load_classifier, save_classifier
from ffm.themes.store import SCHEME as SCHEME_FILE

THEMES = ("rain", "bread", "never")
WORDINGS = {"rain": Wording(present=("rain",), absent=("dry",))}
STANCES = ("reported", "denied", "unknown")
SCHEME = Scheme(
    "weather",
    2,
    "Weather",
    tuple(
        Theme(theme, theme, "topic", "", "#000000", theme[0], stance=theme in WORDINGS, wording=WORDINGS.get(theme, Wording()))
        for theme in THEMES
    ),
    stances={stance: stance for stance in STANCES},
)
RAINY = [
    f"Heavy rain fell on the {place} all day." for place in ("harbour", "valley", "market", "bridge", "school", "mill", "station", "hill")
]
BREAD = [f"The baker sold {kind} bread to the miller." for kind in ("dark", "white", "fresh", "old", "sweet", "warm", "good", "cheap")]
PLAIN = [f"The {thing} stood where it always stands." for thing in ("tower", "clock", "gate", "tree", "well", "stone", "fence", "barn")]


def sentences(texts: list[str], question: str = "") -> list:
    return [context for text in texts for context in contexts([text], question)]


@pytest.fixture(scope="module")
def model():
    labels = [frozenset({"rain"})] * len(RAINY) + [frozenset({"bread"})] * len(BREAD) + [frozenset()] * len(PLAIN)
    return fit_model(sentences(RAINY + BREAD + PLAIN), labels, THEMES)


@pytest.fixture(scope="module")
def stance():
    texts = RAINY + [text.replace("Heavy rain fell", "No rain ever fell") for text in RAINY]
    return fit_stance(sentences(texts), ["rain"] * 16, ["reported"] * 8 + ["denied"] * 8, ("rain",), STANCES, wordings=WORDINGS)


def test_a_theme_is_found_in_sentences_that_were_not_seen(model) -> None:
    margins = model.margins(sentences(["Rain fell on the square all day.", "The baker sold round bread.", "The wall stood there."]))
    assert list(margins[:, :2].argmax(axis=1)[:2]) == [0, 1]
    assert margins[0, 0] > margins[2, 0] and margins[1, 1] > margins[2, 1]


def test_a_theme_without_examples_is_never_likely(model) -> None:
    assert (model.margins(sentences(RAINY + BREAD))[:, 2] < -5).all()


def test_a_passage_scores_as_its_best_sentence(model) -> None:
    margins = model.margins(sentences([PLAIN[0], RAINY[0], PLAIN[1]]))
    assert np.allclose(passage_margins(margins, [0, 0, 1], 2), [margins[:2].max(axis=0), margins[2]])


def test_the_same_gold_gives_the_same_weights(model) -> None:
    labels = [frozenset({"rain"})] * len(RAINY) + [frozenset({"bread"})] * len(BREAD) + [frozenset()] * len(PLAIN)
    again = fit_model(sentences(RAINY + BREAD + PLAIN), labels, THEMES)
    assert (again.weights == model.weights).all()


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=50), st.floats(0.01, 5), st.floats(-5, 5))
def test_calibrated_scores_are_probabilities_in_the_order_of_margins(margins: list[float], slope: float, intercept: float) -> None:
    scores = probabilities(np.array(margins), slope, intercept)
    assert ((scores >= 0) & (scores <= 1)).all()
    assert (np.diff(scores[np.argsort(margins)]) >= 0).all()


def test_the_threshold_divides_what_can_be_divided() -> None:
    scores, target = np.array([0.9, 0.8, 0.7, 0.2, 0.1]), np.array([1, 1, 1, 0, 0])
    assert 0.2 < best_threshold(scores, target) < 0.7


def test_calibration_without_positives_labels_nothing_by_chance() -> None:
    assert calibrate(np.full((10, 1), -3.0), [frozenset()] * 10, ("rain",)).threshold == {}


def test_a_denial_is_told_from_a_report(stance) -> None:
    assert stance.classify(sentences(["No rain ever fell on the coast.", "Heavy rain fell on the coast."]), ["rain"] * 2) == [
        "denied",
        "reported",
    ]


def stance_with_vectors():
    """Return a classifier for which words tell nothing and an encoder's vectors all."""
    told = ["reported", "denied"] * 4
    vectors = np.array([[3.0, 0.0] if name == "reported" else [0.0, 5.0] for name in told], dtype=np.float32)
    return fit_stance(sentences(PLAIN), ["rain"] * 8, told, ("rain",), STANCES, wordings=WORDINGS, vectors=vectors)


def test_what_words_do_not_tell_of_a_stance_an_encoders_vector_may() -> None:
    both, probe = stance_with_vectors(), sentences(["The ladder stood where it always stands."] * 2)
    vectors = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    assert both.classify(probe, ["rain"] * 2, vectors) == both.classify(probe, ["rain"] * 2, 7 * vectors) == ["reported", "denied"]
    alone = both.classify(probe, ["rain"] * 2)
    assert alone[0] == alone[1]


def test_where_a_rule_reads_a_sentence_its_vector_tells_nothing() -> None:
    both, probe = stance_with_vectors(), sentences(["No rain ever fell on the coast."] * 2)
    vectors = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    assert both.classify(probe, ["rain"] * 2, vectors) == both.classify(probe, ["rain"] * 2)


def test_a_stored_classifier_reads_vectors_as_before_where_an_encoder_stands_beside_it(tmp_path: Path, model) -> None:
    both = stance_with_vectors()
    margins = model.margins(sentences(RAINY + BREAD + PLAIN))
    calibration = calibrate(margins, [frozenset({"rain"})] * 8 + [frozenset({"bread"})] * 8 + [frozenset()] * 8, THEMES)
    line = dict.fromkeys(THEMES, (1.0, 0.0))
    save_classifier(tmp_path, model, both, calibration, SCHEME, 7, {}, Mixed(Mixture(line, line), calibration))
    _, again, _, _ = load_classifier(tmp_path)
    assert both.beside is not None and again.beside is not None
    assert np.allclose(again.beside.weights, both.beside.weights, atol=0.005)  # in half precision
    assert again.beside.bias.tobytes() == both.beside.bias.tobytes()


@pytest.mark.parametrize(
    ("stances", "expected"),
    [
        ([], "reported"),
        (["denied"], "denied"),
        (["denied", "reported"], "reported"),
        (["denied", "unknown"], "reported"),
        (["unknown", "unknown", "denied"], "unknown"),
    ],
)
def test_a_passage_takes_the_stance_of_most_of_its_sentences(stances: list[str], expected: str) -> None:
    assert majority(stances, "reported") == expected


@pytest.fixture
def stored(tmp_path: Path, model, stance) -> Path:
    margins = model.margins(sentences(RAINY + BREAD + PLAIN))
    labels = [frozenset({"rain"})] * 8 + [frozenset({"bread"})] * 8 + [frozenset()] * 8
    save_classifier(tmp_path, model, stance, calibrate(margins, labels, THEMES), SCHEME, 7, {"report": 24})
    return tmp_path


def test_a_stored_classifier_says_what_it_said(stored: Path, model, stance) -> None:
    again, again_stance, manifest, scheme = load_classifier(stored)
    assert scheme == SCHEME and manifest.scheme == SCHEME.reference
    probe = sentences([RAINY[0], BREAD[1], "Something else."])
    assert np.allclose(again.margins(probe), model.margins(probe), atol=0.05)  # weights are stored in half precision
    assert again_stance.classify(probe, ["rain"] * 3) == stance.classify(probe, ["rain"] * 3)
    assert again_stance.polarity.wordings == WORDINGS
    assert (manifest.seed, manifest.gold) == (7, {"report": 24})


def test_storing_twice_gives_the_same_bytes(stored: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    model, stance, manifest, scheme = load_classifier(stored)
    other = tmp_path_factory.mktemp("again")
    save_classifier(other, model, stance, manifest.calibration, scheme, 7, {"report": 24})
    assert (other / ARCHIVE).read_bytes() == (stored / ARCHIVE).read_bytes()
    assert (other / MANIFEST).read_bytes() == (stored / MANIFEST).read_bytes()


def test_no_address_in_memory_is_stored(stored: Path) -> None:
    assert str(id(None)) not in ZipFile(stored / ARCHIVE).read("schema.json").decode()


@pytest.mark.parametrize("name", [ARCHIVE, MANIFEST, SCHEME_FILE])
def test_a_missing_file_is_named(stored: Path, name: str) -> None:
    (stored / name).unlink()
    with pytest.raises(ModelError, match=name):
        load_classifier(stored)


def test_a_changed_byte_is_refused_before_it_is_read(stored: Path) -> None:
    data = bytearray((stored / ARCHIVE).read_bytes())
    data[len(data) // 2] ^= 1
    (stored / ARCHIVE).write_bytes(bytes(data))
    with pytest.raises(ModelError, match="checksum"):
        load_classifier(stored)


def test_a_type_that_is_not_allowed_is_refused_and_not_made(stored: Path) -> None:
    import hashlib

    import skops.io
    from sklearn.neighbors import KDTree

    data = skops.io.dumps({"weights": KDTree(np.zeros((3, 2))), "run": print})
    (stored / ARCHIVE).write_bytes(data)
    manifest = json.loads((stored / MANIFEST).read_text())
    manifest["sha256"][ARCHIVE] = hashlib.sha256(data).hexdigest()
    (stored / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="not allowed"):
        load_classifier(stored)
