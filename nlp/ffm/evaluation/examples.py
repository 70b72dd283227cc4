"""Examples for training and evaluation: today's passages with the gold themes of their sentences."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

from msgspec import Struct
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from ffm.entities.lexicon import folded, lexicon
from ffm.gold.store import GoldRecord, GoldReport
from ffm.gold.written import WrittenPassage
from ffm.project.reports import Registered
from ffm.project.scheme import Scheme
from ffm.records import THEMED_KINDS, Passage
from ffm.segment import segment
from ffm.segment.lines import clean_question
from ffm.segment.markup import clean
from ffm.themes.features import SentenceContext, contexts
from ffm.themes.stance import majority

SOURCE_WORD = re.compile(r"[^\W\d_][\w&-]*")
SHORTEST_ROOT = 5  # letters of a title's word from which words that begin with it count as its derivatives


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
    whole
        Whether gold marks the passage as a whole: its one sentence is then all of it.
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
    whole: bool = False


def make_examples(gold: Sequence[GoldReport], entries: dict[str, Registered], scheme: Scheme) -> list[Example]:
    """Join gold records to today's passages by overlap, and give each passage its group."""
    examples: list[Example] = []
    for item in gold:
        segmentation = segment(item.report)
        entry = entries.get(item.header.report)
        base = entry.digest_of if entry and entry.digest_of else item.header.report
        titles = [entries[name].title for name in (item.header.report, base) if name in entries]
        records = [record for record in item.records if record.role == "passage" and not record.unread]
        starts = [record.start for record in records]
        for passage in segmentation.passages:
            if passage.kind not in THEMED_KINDS:
                continue
            mine = _overlapping(records, starts, passage)
            if mine:
                interview = next((s for s in segmentation.sections if s.interview and s.source == passage.source), None)
                source = _source_key(passage.source or "", titles) if interview is not None else ""
                examples.append(_example(item, passage, mine, f"{base}/{source}", default_stance(scheme)))
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


def default_stance(scheme: Scheme) -> str:
    """Return the stance that holds where a text says nothing else: the first of a scheme; empty where it has none."""
    return next(iter(scheme.stances), "")


def _example(item: GoldReport, passage: Passage, records: Sequence[GoldRecord], group: str, default: str) -> Example:
    texts = [clean(item.report.text[record.start : record.end]).text for record in records]
    question = clean_question(passage.question).text if passage.question else ""
    themes = frozenset(theme for record in records for theme in record.themes)
    stance = {
        theme: majority([record.stance[theme] for record in records if theme in record.stance], default)
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
        tuple(contexts(texts, question, clean(passage.heading).text)),
        tuple(frozenset(record.themes) for record in records),
        tuple(dict(record.stance) for record in records),
        themes,
        stance,
        all(record.unit == "passage" for record in records),
    )


def written_example(passage: WrittenPassage, scheme: Scheme) -> Example:
    """Return a written passage as an example to train on; it belongs to no report."""
    default = default_stance(scheme)
    texts = [sentence.text for sentence in passage.sentences]
    themes = frozenset(theme for sentence in passage.sentences for theme in sentence.themes)
    stances = {
        theme: majority([sentence.stance[theme] for sentence in passage.sentences if theme in sentence.stance], default)
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
        tuple(contexts(texts, passage.question, passage.heading)),
        tuple(frozenset(sentence.themes) for sentence in passage.sentences),
        tuple(dict(sentence.stance) for sentence in passage.sentences),
        themes,
        stances,
    )


def _source_key(source: str, titles: Sequence[str]) -> str:
    """Return the distinctive words of a source, so that a digest's "Mine Inspectorate" meets its original's "Mine Inspectorate of Borduria".

    What kind of body it is distinguishes no source ("Mobile unit, Kelmora" is told by the place), nor does what the whole report is
    about: the words of its title, and what begins with one.
    """
    parts = re.sub(r"\([^()]*\)", "", source).split(",")
    words = [word for part in parts if not _is_description(part) for word in _words(part)] or _words(source)
    subject = {word for title in titles for word in _words(title) if len(word) >= SHORTEST_ROOT}
    kept = {word for word in words if word not in _kinds_of_bodies() and not any(word.startswith(root) for root in subject)}
    return "-".join(sorted(kept)) or "-".join(sorted(words))


def _is_description(part: str) -> bool:
    """Tell whether a part of a source is no name: one that ends in a word of lower case."""
    words = SOURCE_WORD.findall(part)
    return bool(words) and words[-1].islower()


def _words(text: str) -> list[str]:
    return [folded(word).lower() for word in SOURCE_WORD.findall(text)]


@cache
def _kinds_of_bodies() -> frozenset[str]:
    """Return the words that tell what kind of body a name names, and those that are no names."""
    return frozenset({word.lower() for word in lexicon().heads} | set(ENGLISH_STOP_WORDS))
