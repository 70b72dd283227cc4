"""Examples for training and evaluation: today's passages with the gold themes of their sentences."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from msgspec import Struct

from ffm.entities.lexicon import folded
from ffm.gold.store import GoldRecord, GoldReport
from ffm.gold.written import WrittenPassage
from ffm.project.reports import Registered
from ffm.records import THEMED_KINDS, Passage
from ffm.segment import segment
from ffm.segment.markup import clean
from ffm.themes.features import SentenceContext, contexts

GENERIC = frozenset(
    [
        "of",
        "the",
        "for",
        "and",
        "in",
        "on",
        "an",
        "a",
        "ministry",
        "agency",
        "national",
        "state",
        "general",
        "centre",
        "center",
        "organisation",
        "organization",
        "municipality",
        "office",
        "department",
        "directorate",
        "presence",
        "unit",
        "mobile",
        "association",
        "network",
        "council",
        "committee",
        "commission",
        "international",
        "official",
        "officials",
        "police",
        "service",
        "services",
        "social",
        "government",
    ]
)


class Example(Struct, frozen=True):
    """A passage with its gold.

    Attributes
    ----------
    group
        The interview (or report) that it belongs to: no group stands on both sides of a split.
    sentences, sentence_themes, sentence_stance
        The annotated sentences in order, what each carries, and the stance of core themes.
    themes, stance
        The union over the sentences, and the stance of most of them.
    """

    report: str
    passage: str
    start: int
    end: int
    group: str
    text: str
    sentences: tuple[SentenceContext, ...]
    sentence_themes: tuple[frozenset[str], ...]
    sentence_stance: tuple[dict[str, str], ...]
    themes: frozenset[str]
    stance: dict[str, str]


def make_examples(gold: Sequence[GoldReport], entries: dict[str, Registered]) -> list[Example]:
    """Join gold records to today's passages by overlap, and give each passage its group."""
    examples: list[Example] = []
    for item in gold:
        segmentation = segment(item.report)
        countries = {"albania", "albanian"} | {folded(entry.country).lower() for entry in entries.values()}
        entry = entries.get(item.header.report)
        base = entry.digest_of if entry and entry.digest_of else item.header.report
        records = [record for record in item.records if record.role == "passage"]
        starts = [record.start for record in records]
        for passage in segmentation.passages:
            if passage.kind not in THEMED_KINDS:
                continue
            mine = _overlapping(records, starts, passage)
            if mine:
                interview = next((s for s in segmentation.sections if s.interview and s.source == passage.source), None)
                source = _source_key(passage.source or "", countries) if interview is not None else ""
                examples.append(_example(item, passage, mine, f"{base}/{source}"))
    return examples


def _overlapping(records: Sequence[GoldRecord], starts: Sequence[int], passage: Passage) -> list[GoldRecord]:
    """Return the records that begin in one of a passage's parts, or hold one of its parts' beginning."""
    found: list[GoldRecord] = []
    for start, end in passage.parts:
        left = max(0, bisect_right(starts, start) - 1)
        for record in records[left : bisect_left(starts, end)]:
            if record.start < end and start < record.end and record not in found:
                found.append(record)
    return found


def _example(item: GoldReport, passage: Passage, records: Sequence[GoldRecord], group: str) -> Example:
    from ffm.themes.stance import majority

    texts = [clean(item.report.text[record.start : record.end]).text for record in records]
    question = clean(passage.question).text if passage.question else ""
    themes = frozenset(theme for record in records for theme in record.themes)
    stance = {
        theme: majority([record.stance[theme] for record in records if theme in record.stance])
        for theme in themes
        if any(theme in record.stance for record in records)
    }
    return Example(
        passage.report,
        passage.passage,
        passage.start,
        passage.end,
        group,
        clean(passage.text).text,
        tuple(contexts(texts, question)),
        tuple(frozenset(record.themes) for record in records),
        tuple(dict(record.stance) for record in records),
        themes,
        stance,
    )


def written_example(passage: WrittenPassage) -> Example:
    """Return a written passage as an example to train on; it belongs to no report."""
    from ffm.themes.stance import majority

    texts = [sentence.text for sentence in passage.sentences]
    themes = frozenset(theme for sentence in passage.sentences for theme in sentence.themes)
    stances = {
        theme: majority([sentence.stance[theme] for sentence in passage.sentences if theme in sentence.stance])
        for theme in themes
        if any(theme in sentence.stance for sentence in passage.sentences)
    }
    return Example(
        "written",
        "written",
        0,
        0,
        "written",
        " ".join(texts),
        tuple(contexts(texts, passage.question)),
        tuple(frozenset(sentence.themes) for sentence in passage.sentences),
        tuple(dict(sentence.stance) for sentence in passage.sentences),
        themes,
        stances,
    )


def _source_key(source: str, countries: set[str]) -> str:
    """Return the distinctive words of a source, so that a digest's "BIRN" meets its original's "BIRN Albania"."""
    bare = re.sub(r"\([^()]*\)", "", source)
    words = [folded(word).lower() for word in re.findall(r"[^\W\d_][\w&-]*", bare)]
    kept = sorted(word for word in words if word not in GENERIC and word not in countries)
    return "-".join(kept) or "-".join(sorted(words))
