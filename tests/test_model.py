"""The model that is committed: loads without ffm, finds what it should, reaches the figures of its card; the gold is stand-off."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ffm
from ffm.evaluation.figures import read_figures
from ffm.evaluation.trust import FIGURES
from ffm.project.project import find_project
from ffm.tagging.report import tag_report

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "models" / "ffm-en"
REAL = ROOT.parent / "shared" / "raw_text" / "albania-ffm-2022.md"


def test_spacy_loads_the_model_in_a_program_that_never_imports_ffm() -> None:
    program = (
        "import spacy, sys\n"
        f"nlp = spacy.load({str(MODEL)!r})\n"
        "doc = nlp('The Ministry of Interior gave 9,000 lek to UNICEF in Tirana.')\n"
        "print([(e.text, e.label_) for e in doc.ents], len(doc.cats), doc._.labels is not None)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "('Ministry of Interior', 'ORG'), ('9,000 lek', 'AMOUNT'), ('UNICEF', 'ORG'), ('Tirana', 'PLACE')" in done.stdout
    assert f" {len(find_project().scheme.theme_ids)} " in done.stdout


def test_scores_are_there_for_every_theme_and_labels_are_of_the_scheme() -> None:
    doc = ffm.load()("Families reject the victims and neighbours blame them.")
    assert set(doc.cats) == set(find_project().scheme.theme_ids)
    assert set(doc._.labels or ()) <= set(find_project().scheme.theme_ids)
    assert set(doc._.stance or {}) <= set(doc._.labels or ())


def test_the_question_changes_what_a_short_answer_says() -> None:
    nlp = ffm.load()
    answers = []
    for question in ("Is there evidence of re-trafficking?", "Do you have a car park?"):
        doc = nlp.make_doc("Yes, sometimes it happens.")
        doc._.question = question
        answers.append(nlp(doc).cats)
    core = find_project().scheme.core_ids[1]
    assert answers[0][core] > answers[1][core]


def test_the_model_folder_is_small_and_holds_no_pickle() -> None:
    files = [path for path in MODEL.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 30_000_000
    assert not [path for path in files if path.suffix in (".pkl", ".pickle", ".joblib")]


def test_the_card_shows_the_figures_that_stand_beside_it() -> None:
    figures = read_figures(MODEL / FIGURES)
    card = (MODEL / "README.md").read_text(encoding="utf-8")
    assert f"**{figures.themes.macro_f1.value:.2f}**" in card
    assert "not yet verified by a human annotator" in card


def test_no_theme_is_named_in_the_code() -> None:
    names = [theme for theme in find_project().scheme.theme_ids if theme not in ("children", "housing", "minorities", "justice", "stigma")]
    for path in (ROOT / "nlp").rglob("*.py"):
        code = path.read_text(encoding="utf-8")
        found = [name for name in (*names, "stigma") if re.search(rf"[\"']{name}[\"']", code)]
        assert not found, f"{path.name}: {found}"


@pytest.mark.skipif(not REAL.exists(), reason="the report of 2022 is not here")
def test_every_quote_of_the_real_report_is_where_its_offsets_say() -> None:
    report = ffm.read_report(REAL, "albania-ffm-2022")
    rows = tag_report(report, ffm.load())
    for row in rows:
        assert row.text == " ".join(report.text[start:end] for start, end in row.parts)
        for entity in (*row.entities, *row.question_entities):
            parts = entity.parts or ((entity.start, entity.end),)
            assert entity.text == " ".join(report.text[start:end] for start, end in parts)
    assert len({row.source for row in rows if row.date}) == 17


@pytest.mark.slow
def test_training_again_with_one_or_two_processes_gives_the_same_bytes(tmp_path: Path) -> None:
    """In programs of their own, whose addresses and hashes differ; on two samples."""
    gold = tmp_path / "gold"
    gold.mkdir()
    for report in ("albania-ffm-2018-digest", "albania-tip-2021-digest"):
        shutil.copy(ROOT / "annotations" / "gold" / f"{report}.jsonl", gold)
    for name, workers, seed in (("one", "1", "1"), ("two", "2", "2")):
        words = ("train", "--quick", "--gold", str(gold), "-j", workers, "-o", str(tmp_path / name))
        environment = {**os.environ, "FFM_RAW_TEXT": "", "PYTHONHASHSEED": seed}
        subprocess.run([Path(sys.executable).with_name("ffm"), *words], env=environment, check=True, capture_output=True, timeout=600)
    names = {str(path.relative_to(tmp_path / "one")) for path in (tmp_path / "one").rglob("*") if path.is_file()}
    assert names == {str(path.relative_to(tmp_path / "two")) for path in (tmp_path / "two").rglob("*") if path.is_file()}
    assert names >= {"README.md", "figures.json", "held_out.jsonl", "f1.svg", "reliability.svg"}
    for name in sorted(names):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_no_sentence_of_other_peoples_reports_stands_in_the_repository() -> None:
    tool = ROOT.parent / "shared" / "tools" / "check_copied_text"
    if not tool.exists() or not (ROOT / ".git").exists():
        pytest.skip("the tool or the list of files is not here")
    done = subprocess.run([str(tool), str(ROOT)], capture_output=True, text=True, timeout=120)
    assert done.stdout == ""
