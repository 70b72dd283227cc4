"""A model is taken whole or not at all: no file of it can be changed, and what its files say of each other must agree."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import spacy

import ffm
from ffm.errors import ModelError
from ffm.project.expressions import LONGEST, cue_problem
from ffm.project.project import find_project
from ffm.themes.digests import FILE, check_digests, write_digests
from ffm.themes.features import Cues
from ffm.themes.store import MANIFEST, SCHEME

CLASSIFIER = "ffm_themes"
Edit = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small model: that of the project without its encoder."""
    folder = tmp_path_factory.mktemp("model") / "sparse"
    nlp = ffm.load(find_project().model, sparse=True)
    nlp.to_disk(folder, exclude=["vocab"])
    write_digests(folder)
    return folder


@pytest.fixture
def model(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "model"))


def edit_json(path: Path, edit: Edit) -> None:
    content = json.loads(path.read_bytes())
    edit(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def edit_manifest(folder: Path, edit: Edit) -> None:
    """Change a manifest, and write the digests anew, as somebody would who wants it to pass."""
    edit_json(folder / CLASSIFIER / MANIFEST, edit)
    write_digests(folder)


def edit_scheme(folder: Path, edit: Edit) -> None:
    """Change the scheme of a model, with all digests over it."""
    path = folder / CLASSIFIER / SCHEME
    edit_json(path, edit)
    edit_manifest(folder, lambda manifest: manifest["sha256"].update({SCHEME: hashlib.sha256(path.read_bytes()).hexdigest()}))


def files_of(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in (".md", ".svg") and path.name != FILE)


def test_an_edit_of_any_file_of_the_model_is_noticed(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(find_project().model, tmp_path / "model"))
    names = []
    for path in files_of(folder):
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        with pytest.raises(ModelError, match="does not match its checksum") as raised:
            check_digests(folder)
        assert str(path) in str(raised.value)
        path.write_bytes(data)
        names.append(path.relative_to(folder).as_posix())
    assert {"config.cfg", "meta.json", "tokenizer", f"{CLASSIFIER}/{MANIFEST}", f"{CLASSIFIER}/encoder/encoder.json"} <= set(names)
    check_digests(folder)


@pytest.mark.parametrize("load", [spacy.load, ffm.load], ids=["spaCy", "ffm"])
def test_a_changed_manifest_is_refused_by_plain_spacy_too(original: Path, model: Path, load: Callable[[Path], object]) -> None:
    load(original)
    edit_json(model / CLASSIFIER / MANIFEST, lambda manifest: manifest["calibration"]["threshold"].update(children=0.01))
    with pytest.raises(ModelError, match=f"{MANIFEST}: does not match its checksum"):
        load(model)


def test_an_added_file_is_refused(model: Path) -> None:
    (model / CLASSIFIER / "more.bin").write_bytes(b"1")
    with pytest.raises(ModelError, match="is no part of the model"):
        ffm.load(model)


def swap(content: dict[str, Any], name: str) -> None:
    content[name] = content[name][::-1]


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda manifest: swap(manifest, "themes"), "its themes are not those of the scheme"),
        (lambda manifest: swap(manifest, "stances"), "its stances are not"),
        (lambda manifest: swap(manifest, "stance_themes"), "its stance_themes are not"),
        (lambda manifest: swap(manifest, "cues"), "its cues are not"),
        (lambda manifest: swap(manifest, "stance_cues"), "its stance_cues are not"),
        (lambda manifest: manifest["wordings"].popitem(), "its wordings are not"),
        (lambda manifest: manifest.update(scheme="other@1+00000000"), "its scheme are not"),
        (lambda manifest: manifest["calibration"]["slope"].popitem(), "its calibration is not"),
        (lambda manifest: manifest["calibration"]["threshold"].update(weather=0.5), "its calibration is not"),
    ],
    ids=["themes", "stances", "stance themes", "cues", "stance cues", "wordings", "scheme", "slopes", "threshold"],
)
def test_a_manifest_that_contradicts_its_scheme_is_refused_even_with_its_digests(model: Path, edit: Edit, why: str) -> None:
    edit_manifest(model, edit)
    with pytest.raises(ModelError, match=why):
        ffm.load(model)


def test_a_theme_more_in_scheme_and_manifest_does_not_fit_the_weights(model: Path) -> None:
    def add(scheme: dict[str, Any]) -> None:
        scheme["theme"].append(
            {**scheme["theme"][-1], "id": "weather", "name": "Weather", "key": "", "colour": "#123456", "cues": [], "meaning": 1}
        )

    edit_scheme(model, add)

    def name(manifest: dict[str, Any]) -> None:
        scheme = ffm.themes.store.load_scheme(model / CLASSIFIER)
        manifest["scheme"], manifest["themes"] = scheme.reference, list(scheme.theme_ids)
        manifest["cues"] = list(scheme.cues)
        for part in ("slope", "intercept"):
            manifest["calibration"][part]["weather"] = 1.0

    edit_manifest(model, name)
    with pytest.raises(ModelError, match=r"its weights are not of the themes, stances and cues"):
        ffm.load(model)


def test_an_encoder_whose_themes_stand_in_another_order_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(find_project().model, tmp_path / "model"))
    edit_json(folder / CLASSIFIER / "encoder" / "encoder.json", lambda manifest: swap(manifest, "themes"))
    write_digests(folder)
    with pytest.raises(ModelError, match="encoder: is not the encoder of the model beside it"):
        ffm.load(folder)


@pytest.mark.parametrize("cue", [r"(?:a|a)*b", r"\w*\w*\w*\w*!", "("])
def test_a_model_whose_cues_could_take_for_ever_is_refused(model: Path, cue: str) -> None:
    edit_scheme(model, lambda scheme: scheme["theme"][0]["cues"].append(cue))
    edit_manifest(model, lambda manifest: manifest["cues"].insert(0, cue))
    with pytest.raises(ModelError, match=f"{SCHEME}: .* the cue"):
        ffm.load(model)


@pytest.mark.parametrize("cue", [r"\w*\w*\w*!", r"[a-z]*\d*[a-z]*\d*[a-z]*!", r"no (?:\w* ?)(?:\w* ?)(?:\w* ?)beds|a+a+a+b"])
def test_a_cue_whose_time_grows_with_a_power_of_the_text_is_refused(cue: str) -> None:
    assert "too long" in (cue_problem(cue) or "")


@pytest.mark.parametrize("cue", [r"not (?:\w+ ){0,3}enough", r"fund\w*|budget\w*|pay\w*|staff\w*|cash\w*", r"\w+phobi\w+"])
def test_usual_cues_are_accepted(cue: str) -> None:
    assert cue_problem(cue) is None


def test_cues_are_looked_for_in_so_much_of_a_text_as_they_were_tried_on() -> None:
    cues = Cues(["lake"])
    assert cues.found("by the lake " + "x" * LONGEST) == [0]
    assert cues.found("x" * LONGEST + " by the lake") == []


# Export


def test_an_exported_pipeline_is_opened_by_plain_spacy_and_labels_as_the_model_does(here: Path, run_ffm: Callable, tmp_path: Path) -> None:
    text = "Families reject the victims. UNICEF has 12 beds in Tirana."
    assert run_ffm("model", "export", "-o", here / "pipeline").code == 0
    assert not list((here / "pipeline").glob("*.jsonl"))
    nlp, ours = spacy.load(here / "pipeline"), ffm.load(find_project().model)
    assert nlp(text).cats == ours(text).cats
    assert [(entity.text, entity.label_) for entity in nlp(text).ents] == [(entity.text, entity.label_) for entity in ours(text).ents]
    assert nlp.meta["requirements"] == [f"ffm-nlp>={ffm.__version__}"]
    assert ffm.load(here / "pipeline")(text).cats == ours(text).cats


def test_an_export_without_the_encoder_labels_as_the_sparse_model_does(here: Path, run_ffm: Callable) -> None:
    done = run_ffm("model", "export", "--sparse", "-o", "small")
    assert done.code == 0 and 'open it with spacy.load("small")' in done.out
    assert sum(path.stat().st_size for path in (here / "small").rglob("*") if path.is_file()) < 3_000_000
    assert spacy.load(here / "small")("Two beds.").cats == ffm.load(find_project().model, sparse=True)("Two beds.").cats


def test_an_export_replaces_a_model_and_nothing_else(here: Path, run_ffm: Callable, refused: Callable[..., str]) -> None:
    (here / "thesis").mkdir()
    (here / "thesis" / "words.txt").write_text("mine")
    assert "no model" in refused("model", "export", "--sparse", "-o", "thesis")
    for _ in range(2):
        assert run_ffm("model", "export", "--sparse", "-o", "small").code == 0


def test_a_scheme_is_no_model_to_export(here: Path, run_ffm: Callable, refused: Callable[..., str]) -> None:
    assert run_ffm("init", "prisons").code == 0
    assert "is a scheme without a model" in refused("model", "export", "--model", "prisons/annotations/scheme.toml", "-o", "out")
