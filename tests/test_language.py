"""The language of a report, told from its whole text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ffm.ingest.language import foreign_language, language_of
from ffm.records import Report

SPANISH = (
    "Los panaderos del pueblo dijeron que la harina es demasiado cara y que el molino está cerrado desde el invierno. "
    "El ayuntamiento pagó nueve hornos y nadie sabe cuándo volverán a encenderlos."
)
GERMAN = (
    "Die Bäcker der Stadt sagten, dass das Mehl zu teuer ist und die Mühle seit dem Winter geschlossen bleibt. "
    "Die Gemeinde bezahlte neun Öfen, und niemand weiß, wann sie wieder angezündet werden."
)
ENGLISH = "Bakers of the town said that flour is too dear and that the mill has been closed since the winter."
NAMES = "Vatra Psiko Sociale, Tjetër Vizion, Qendra e Grave, Shërbimi Social Shtetëror, Drejtoria e Policisë. " * 4


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (SPANISH, "es"),
        (GERMAN, "de"),
        (ENGLISH, "en"),
        (f"{ENGLISH} {NAMES}{ENGLISH}", "en"),
        ("Nueve hornos.", None),
        ("12 | 13", None),
        ("", None),
    ],
)
def test_language_is_told_from_prose_and_not_from_names(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_a_long_report_goes_by_most_of_it() -> None:
    assert foreign_language(Report("x", f"{SPANISH}\n\n" * 30 + ENGLISH)) == "Spanish"
    assert foreign_language(Report("x", f"{ENGLISH}\n\n" * 30 + SPANISH)) is None


@pytest.mark.parametrize("asked", [False, True])
def test_a_report_in_another_language_is_named_and_labelled_only_when_asked(here: Path, run_ffm: Callable, asked: bool) -> None:
    (here / "molino.md").write_text(f"{SPANISH} Los hornos costaron 900 €.\n", encoding="utf-8")
    done = run_ffm("tag", "molino.md", "-o", "out.jsonl", *(["--any-language"] if asked else []))
    (row,) = (json.loads(line) for line in (here / "out.jsonl").read_text(encoding="utf-8").splitlines())
    assert done.code == 0
    assert ("written in Spanish: not labelled" in done.err) is not asked
    assert bool(row["scores"]) is asked
    assert bool(row["entities"]) is asked
    assert row["text"].startswith("Los panaderos")
