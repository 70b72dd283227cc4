"""Segment, annotate, classify and compare the reports of fact-finding missions.

>>> import ffm
>>> nlp = ffm.load()
>>> doc = nlp("There is one shelter in Tirana, run by UNICEF.")
>>> [(entity.text, entity.label_) for entity in doc.ents]
[('Tirana', 'PLACE'), ('UNICEF', 'ORG')]
"""

from ffm.ingest import read_report
from ffm.pipeline import load
from ffm.segment import segment
from ffm.tagger import tag_report
from ffm.version import __version__

__all__ = ["__version__", "load", "read_report", "segment", "tag_report"]
