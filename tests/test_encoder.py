"""The encoder beside the classifier: what it reads, that it is whole, how both scores are mixed, and when it stays out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tokenizers import Tokenizer

import ffm
from ffm.errors import ModelError
from ffm.evaluation.crossval import Recipe
from ffm.evaluation.encoder_margins import example_key, make_margins, read_margins, write_margins
from ffm.evaluation.examples import Example
from ffm.evaluation.splits import Split
from ffm.project.project import packaged_project
from ffm.tagging.pipeline import origin_of, theme_tagger
from ffm.themes.encoder import load_encoder
from ffm.themes.encoder.inputs import SENTENCE_TOKENS, WINDOW_TOKENS, windows
from ffm.themes.encoder.model import LAYERS, MANIFEST, TENSORS, TOKENIZER
from ffm.themes.features import contexts
from ffm.themes.mixture import Mixture, fit_mixture
from ffm.training.frozen import FrozenVectors

FOLDER = packaged_project().model / "ffm_themes" / "encoder"
SENTENCES = ["The shelter has twelve beds.", "Neighbours mock the women who come back.", "It rained in May."]


@pytest.fixture(scope="module")
def encoder():
    return load_encoder(FOLDER)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    found = Tokenizer.from_buffer(b"".join(part.read_bytes() for part in sorted(FOLDER.glob(f"{TOKENIZER}.*"))))
    found.no_truncation()
    found.no_padding()
    return found


def example(report: str, number: int, texts: list[str], themes: set[str]) -> Example:
    found = frozenset(themes)
    return Example(
        report, f"{report}/{number}", 100 * number, 100 * number + 90, f"{report}/", " ".join(texts), tuple(contexts(texts, "")),
        (found,) * len(texts), ({},) * len(texts), found, {},
    )  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=400), st.lists(st.text(max_size=900), max_size=12))
def test_each_sentence_stands_in_one_window_in_order(tokenizer: Tokenizer, question: str, sentences: list[str]) -> None:
    found = windows(tokenizer, question, sentences)
    assert sum(len(window.spans) for window in found) == len(sentences)
    for window in found:
        assert len(window.ids) == len(window.types) <= WINDOW_TOKENS
        assert list(window.types) == sorted(window.types)
        for start, end in window.spans:
            assert 0 <= start < end < len(window.ids) and end - start <= SENTENCE_TOKENS


def test_a_passage_scores_the_same_whatever_is_read_before(encoder) -> None:
    alone = encoder.margins("What is lacking?", SENTENCES)
    encoder.margins("", ["Something else altogether."] * 30)
    assert alone.tobytes() == encoder.margins("What is lacking?", SENTENCES).tobytes()
    assert alone.shape == (3, len(encoder.themes))


def test_nothing_of_a_long_passage_is_left_unread(encoder) -> None:
    many = [f"In district {number} the river rose and two bridges fell into it." for number in range(60)]
    assert encoder.margins("", [*many, "Neighbours mock the women who come back."]).shape[0] == 61


@pytest.mark.parametrize("name", [LAYERS, TENSORS, TOKENIZER, MANIFEST])
def test_a_spoiled_or_missing_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "encoder"))
    files = sorted(folder.glob(f"{name}*"))
    data = bytearray(files[-1].read_bytes())
    data[len(data) // 2] ^= 1
    files[-1].write_bytes(data if name != MANIFEST else b"{")
    with pytest.raises(ModelError, match=name):
        load_encoder(folder)
    files[-1].unlink()
    if len(files) > 1:
        with pytest.raises(ModelError, match=f"{name}: does not match its checksum"):
            load_encoder(folder)
    for path in files[:-1]:
        path.unlink()
    with pytest.raises(ModelError, match=f"{name}: missing"):
        load_encoder(folder)


def test_an_encoder_is_written_as_it_was_read(encoder, tmp_path: Path) -> None:
    encoder.save(tmp_path / "encoder")
    assert {path.name: path.read_bytes() for path in (tmp_path / "encoder").iterdir()} == {
        path.name: path.read_bytes() for path in FOLDER.iterdir()
    }


def test_it_weighs_less_than_thirty_megabytes_and_names_its_licence(encoder) -> None:
    sizes = [path.stat().st_size for path in FOLDER.iterdir()]
    assert sum(sizes) < 30_000_000 and max(sizes) <= 1_000_000
    assert encoder.manifest.licence == "Apache-2.0"


def test_a_score_is_the_mean_of_both_log_odds() -> None:
    mixture = Mixture({"a": (2.0, 0.5)}, {"a": (1.0, -1.0)})
    found = mixture.combine(np.array([[1.0], [np.nan]]), np.array([[3.0], [0.0]]), ["a"])
    assert found[0, 0] == pytest.approx(((2 * 1 + 0.5) + (3 - 1)) / 2)
    assert np.isnan(found[1, 0])


def test_a_model_that_tells_nothing_weighs_little_in_the_mixture() -> None:
    rng = np.random.default_rng(1)
    carried = rng.random(400) < 0.3
    telling, noise = np.where(carried, 2.0, -2.0)[:, None] + rng.normal(size=(400, 1)), rng.normal(size=(400, 1))
    mixture = fit_mixture(telling, noise, [frozenset({"a"} if found else ()) for found in carried], ["a"])
    assert mixture.sparse["a"][0] > 5 * abs(mixture.encoder["a"][0])


def test_margins_are_known_for_the_gold_they_were_made_of_and_no_other(tmp_path: Path) -> None:
    examples = [example("one", number, SENTENCES[:2], {"a"} if number else set()) for number in range(3)]
    margins = make_margins(examples, ["a"], np.array([[0.5], [-1.25], [2.0]]))
    write_margins(margins, tmp_path)
    read = read_margins(tmp_path)
    assert read is not None
    known = read.of(examples[1:], ["a"])
    assert known is not None and known[:, 0].tolist() == [-1.25, 2.0]
    other = replace(examples[1], sentence_themes=(frozenset(), frozenset()))
    assert example_key(other) != example_key(examples[1])
    assert read.of([examples[0], other], ["a"]) is None
    assert read.of(examples, ["b"]) is None
    assert read_margins(tmp_path / "nowhere") is None
    (tmp_path / "encoder_margins.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match=r"encoder_margins\.json: damaged"):
        read_margins(tmp_path)


@pytest.mark.parametrize("unit", ["sentence", "passage"])
def test_frozen_vectors_learn_another_scheme(encoder, unit) -> None:
    weather, food = ["It rained all day.", "Snow fell in the hills."], ["They cooked rice.", "Bread was baked at dawn."]
    examples = [
        example(f"report{number % 3}", number, [texts[number % 2]], {name})
        for number in range(12)
        for name, texts in (("weather", weather), ("food", food))
    ]
    recipe = Recipe(("weather", "food"), (), (), learnt=("weather", "food"), unit=unit)
    frozen = FrozenVectors(encoder, examples, recipe)
    split = Split(tuple(range(16)), tuple(range(16, 24)))
    margins = frozen.margins([split])[16:]
    assert [("weather", "food")[row.argmax()] for row in margins] == [next(iter(item.themes)) for item in examples[16:]]
    own = frozen.encoder()
    assert own.themes == ("weather", "food")
    storm, soup = own.margins("", ["A storm came."]), own.margins("", ["They ate soup."])
    assert storm[0, 0] > soup[0, 0] and storm[0, 1] < soup[0, 1]


def test_the_sparse_classifier_alone_has_another_name_and_its_own_calibration() -> None:
    both, alone = ffm.load(), ffm.load(sparse=True)
    assert theme_tagger(both).beside is not None and theme_tagger(alone).beside is None
    assert origin_of(both).model != origin_of(alone).model and "-sparse@" in origin_of(alone).model
    assert both(SENTENCES[1]).cats != alone(SENTENCES[1]).cats


def test_rows_tell_that_the_encoder_was_left_out(run_ffm, tmp_path: Path) -> None:
    sample = packaged_project().folder / "raw_text" / "albania-tip-2021-digest.md"
    assert run_ffm("tag", sample, "-o", tmp_path / "rows.jsonl", "--sparse").code == 0
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    assert all("-sparse@" in row["model"] for row in rows)


def test_the_sentences_that_carried_a_label_lie_in_the_passage_and_each_label_has_one() -> None:
    rows = ffm.tag_report(ffm.read_report(packaged_project().folder / "raw_text" / "albania-ffm-2018-digest.md"), ffm.load())
    assert any(row.labels for row in rows)
    for row in rows:
        assert {theme for sentence in row.sentences for theme in sentence.scores} == set(row.labels)
        assert all(row.start <= sentence.start < sentence.end <= row.end for sentence in row.sentences)
