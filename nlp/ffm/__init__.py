"""Segment, annotate, classify and compare the reports of fact-finding missions.

>>> import ffm
>>> nlp = ffm.load()
>>> doc = nlp("There is one shelter in Tirana, run by UNICEF.")
>>> [(entity.text, entity.label_) for entity in doc.ents]
[('Tirana', 'PLACE'), ('UNICEF', 'ORG')]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ffm.ingest import read_report, read_text
from ffm.segment import segment

__version__ = "0.2.0"

if TYPE_CHECKING:
    from ffm.comparison import compare
    from ffm.project.project import Project
    from ffm.tagging.pipeline import load
    from ffm.tagging.report import tag, tag_report

__all__ = ["Project", "compare", "load", "read_report", "read_text", "segment", "tag", "tag_report"]

_PLACES = {
    "Project": "ffm.project.project",
    "compare": "ffm.comparison",
    "load": "ffm.tagging.pipeline",
    "tag": "ffm.tagging.report",
    "tag_report": "ffm.tagging.report",
}


def __getattr__(name: str) -> object:
    """Import what needs spaCy and scikit-learn when it is first asked for: they take seconds."""
    if name not in _PLACES:
        raise AttributeError(f"module 'ffm' has no attribute {name!r}")
    value = getattr(import_module(_PLACES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name what the package offers."""
    return [*__all__, "__version__"]
