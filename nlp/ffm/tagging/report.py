"""From a report to its tagged passages: segment, find entities passage by passage, settle them over the report, classify."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict, replace
from spacy.language import Language
from spacy.tokens import Doc

from ffm.entities.amounts import LABEL, Amount, country_of
from ffm.entities.lexicon import folded
from ffm.entities.names.index import NameIndex
from ffm.entities.names.link import link_names, slug
from ffm.entities.names.propose import ORG
from ffm.entities.names.settle import Found, apply_names, learn_names
from ffm.ingest import read_report
from ffm.ingest.language import foreign_language
from ffm.records import Entity, Origin, Range, Report, Segmentation, Sentence, TaggedPassage, is_evidence, joined, value_of
from ffm.segment import segment
from ffm.segment.lines import clean_question
from ffm.segment.markup import CleanText, clean, plain_source
from ffm.segment.passages import count_words
from ffm.segment.sentences import sentence_ranges
from ffm.tagging.pipeline import load, origin_of

if TYPE_CHECKING:
    import pandas as pd

MAX_TEXT = 200_000  # characters of a passage: a longer one is data, which no reader labels and some models take minutes for
CHUNK = 64  # texts that go through the pipeline together, however many workers there are


class Reading(Struct, frozen=True):
    """What the pipeline finds in one text, in plain values that can travel between processes."""

    found: tuple[Found, ...]
    amounts: tuple[Amount | None, ...]
    scores: dict[str, float]
    labels: tuple[str, ...]
    stance: dict[str, str]
    persons: tuple[str, ...] = ()
    carrying: dict[str, dict[Range, float]] = {}


class Text(Struct, frozen=True):
    """A text for the pipeline: clean, with its question or heading, whether it gets themes, the report's country and its date."""

    text: str
    question: str = ""
    themed: bool = False
    sentences: tuple[Range, ...] = ()
    country: str | None = None
    date: str | None = None
    heading: str = ""


def read_texts(nlp: Language, texts: Sequence[Text]) -> list[Reading]:
    """Run the pipeline over texts, in chunks of a fixed size."""
    readings: list[Reading] = []
    for start in range(0, len(texts), CHUNK):
        docs = [make_doc(nlp, text) for text in texts[start : start + CHUNK]]
        readings += [_reading(doc) for doc in nlp.pipe(docs, batch_size=CHUNK)]
    return readings


def read_piece(nlp: Language, texts: Sequence[Text], piece: int, pieces: int) -> list[Reading]:
    """Run the pipeline over one of several pieces of texts: every so manieth chunk, as :func:`read_texts` divides them."""
    return [
        reading for start in range(piece * CHUNK, len(texts), pieces * CHUNK) for reading in read_texts(nlp, texts[start : start + CHUNK])
    ]


def in_order(pieces: Sequence[Sequence[Reading]]) -> list[Reading]:
    """Return what was found in all pieces in the order of the texts, as :func:`read_texts` returns it."""
    longest = max(map(len, pieces))
    return [reading for start in range(0, longest, CHUNK) for piece in pieces for reading in piece[start : start + CHUNK]]


def make_doc(nlp: Language, text: Text) -> Doc:
    """Return a text as the components of a pipeline read it."""
    doc = nlp.make_doc(text.text)
    doc._.question = text.question
    doc._.heading = text.heading
    doc._.themed = text.themed
    doc._.sentences = text.sentences
    doc._.country = text.country
    doc._.date = text.date
    return doc


def _reading(doc: Doc) -> Reading:
    found = tuple(Found(entity.start_char, entity.end_char, entity.label_, entity._.origin) for entity in doc.ents)
    labels = tuple(doc._.labels or ()) if doc._.themed else ()
    return Reading(
        found,
        tuple(entity._.amount for entity in doc.ents),
        dict(doc.cats) if doc._.themed else {},
        labels,
        dict(doc._.stance or {}) if doc._.themed else {},
        tuple(doc._.persons or ()),
        dict(doc._.carrying or {}) if doc._.themed else {},
    )


class Prepared(Struct, frozen=True):
    """A report ready for the pipeline.

    Attributes
    ----------
    texts, cleaned
        Every passage, then every question once, then the details lines of interviews.
    parts
        Where each text stands in the report.
    question_at
        Index of the text of the question that begins at an offset.
    """

    segmentation: Segmentation
    texts: tuple[Text, ...]
    cleaned: tuple[CleanText, ...]
    parts: tuple[tuple[Range, ...], ...]
    question_at: dict[int, int]


def prepare(report: Report, any_language: bool = True) -> Prepared:
    """Segment a report and collect its texts; a notice names what is not for the pipeline.

    Too long for it are passages of more than :data:`MAX_TEXT` characters. A report in another language than the
    project's keeps its passages without texts, unless ``any_language``.
    """
    segmentation = segment(report)
    country = report.country or country_of(report.text)
    cleaned: list[CleanText] = []
    texts: list[Text] = []
    parts: list[tuple[Range, ...]] = []
    question_at: dict[int, int] = {}
    for passage in segmentation.passages:
        body = clean(plain_source(passage.text) if passage.kind == "table" else passage.text)
        question = clean_question(passage.question).text if passage.question else ""
        cleaned.append(body)
        sentences = clean_sentences(passage.text, body)
        texts.append(
            Text(body.text, question, is_evidence(passage), sentences, country, passage.date or report.date, clean(passage.heading).text)
        )
        parts.append(passage.parts)
    for passage in segmentation.passages:
        if passage.question is not None and passage.question_start is not None and passage.question_start not in question_at:
            question_at[passage.question_start] = len(texts)
            body = clean_question(passage.question)
            cleaned.append(body)
            texts.append(Text(body.text, "", True, clean_sentences(passage.question, body), country, report.date))
            parts.append(passage.question_parts)
    for block in segmentation.blocks:
        if block.kind == "details":
            source = report.text[block.start : block.end].rstrip()
            body = clean(source)
            cleaned.append(body)
            texts.append(Text(body.text, country=country, date=report.date))
            parts.append(((block.start, block.start + len(source)),))
    notices: list[str] = []
    language = None if any_language else foreign_language(report)
    if language is not None:
        texts = [Text("") for _ in texts]
        notices.append(f"written in {language}: not labelled; label it all the same with ffm tag --any-language")
    for number, text in enumerate(texts):
        if len(text.text) > MAX_TEXT:
            texts[number] = Text("")
            where = parts[number][0][0]
            notices.append(f"{len(text.text):,} characters without a break from offset {where}: not labelled; divide them into paragraphs")
    if notices:
        segmentation = replace(segmentation, notices=(*segmentation.notices, *notices))
    return Prepared(segmentation, tuple(texts), tuple(cleaned), tuple(parts), question_at)


def clean_sentences(source: str, body: CleanText) -> tuple[Range, ...]:
    """Return the sentences of a text as ranges of its clean form; ends of lines, which the clean form drops, divide too."""
    ranges = []
    for start, end in sentence_ranges(source):
        left, right = bisect_left(body.index, start), bisect_left(body.index, end)
        while left < right and body.text[left] == " ":
            left += 1
        while right > left and body.text[right - 1] == " ":
            right -= 1
        if left < right:
            ranges.append((left, right))
    return tuple(ranges)


def settle(prepared: Prepared, readings: Sequence[Reading]) -> list[tuple[Entity, ...]]:
    """Settle the names over the report; return the entities of each text."""
    segmentation = prepared.segmentation
    report = segmentation.report
    texts = [text.text for text in prepared.texts]
    names = learn_names(
        texts,
        [reading.found for reading in readings],
        {(section.source, section.source_type): None for section in segmentation.sections if section.source and section.interview},
        [clean(report.text[block.start : block.end]).text for block in segmentation.blocks if block.kind == "heading"],
        [person for reading in readings for person in reading.persons],
    )
    index = NameIndex(names.certain)
    amounts = [
        {(span.start, span.end): amount for span, amount in zip(reading.found, reading.amounts, strict=True) if amount is not None}
        for reading in readings
    ]
    settled = [
        apply_names(text, reading.found, names, index, {span: amount.number_end for span, amount in mine.items()})
        for text, reading, mine in zip(texts, readings, amounts, strict=True)
    ]
    ids = link_names(
        (
            (text[span.start : span.end], span.label)
            for text, spans in zip(texts, settled, strict=True)
            for span in spans
            if span.label != LABEL
        ),
        names,
    )
    return [
        tuple(_entities(report, parts, body, spans, mine, ids))
        for parts, body, spans, mine in zip(prepared.parts, prepared.cleaned, settled, amounts, strict=True)
    ]


def finish(prepared: Prepared, readings: Sequence[Reading], origin: Origin) -> list[TaggedPassage]:
    """Make the tagged passages of a report from what the pipeline of an origin found."""
    entities = settle(prepared, readings)
    ids = {folded(entity.text).lower(): entity.id for found in entities for entity in found if entity.label == ORG and entity.id}
    tagged = []
    for number, passage in enumerate(prepared.segmentation.passages):
        asked = prepared.question_at.get(passage.question_start) if passage.question_start is not None else None
        question = None if asked is None else readings[asked]
        reading = readings[number]
        tagged.append(
            TaggedPassage(
                **asdict(passage),
                entities=entities[number],
                question_entities=() if asked is None else entities[asked],
                scores=reading.scores,
                labels=reading.labels,
                stance=reading.stance,
                scheme=origin.scheme,
                model=origin.model,
                sentences=_sentences(prepared, number, reading),
                question_scores={} if question is None else {theme: question.scores[theme] for theme in question.labels},
                source_id=None if passage.source is None else source_id(passage.source, ids),
                in_training=passage.report in origin.learnt_from,
                words=count_words(passage.text),
            )
        )
    return tagged


def source_id(source: str, ids: Mapping[str, str]) -> str:
    """Return the identifier of a source: that of the body of its name in the report, by ``ids``, else its name as one."""
    return ids.get(folded(source).lower()) or slug(source)


def _sentences(prepared: Prepared, number: int, reading: Reading) -> tuple[Sentence, ...]:
    """Return the sentences of a themed text, each with the labels that it carries."""
    text, body, parts = prepared.texts[number], prepared.cleaned[number], prepared.parts[number]
    if not text.themed:
        return ()
    found = [
        Sentence(*_in_report(body, span, parts), {theme: told[span] for theme, told in reading.carrying.items() if span in told})
        for span in text.sentences
    ]
    return tuple(found)


def _in_report(body: CleanText, span: Range, parts: tuple[Range, ...]) -> Range:
    """Return where a sentence of a text begins and ends in the report."""
    ranges = report_ranges(body.source_range(*span), parts)
    return ranges[0][0], ranges[-1][1]


def tag(report: str | Path | Report, model: str | Path | None = None) -> pd.DataFrame:
    """Tag a report.

    Parameters
    ----------
    report
        Its file, see :func:`ffm.ingest.read_report`; or the report, see :func:`ffm.ingest.read_text`.
    model
        A model folder; by default that of the project.

    Returns
    -------
    pandas.DataFrame
        A row for each passage, a column for each field of :class:`ffm.records.TaggedPassage`.

    Raises
    ------
    ReportError
        If the file cannot be read.
    ModelError
        If the model is missing or damaged.
    """
    from ffm.tagging.frames import frame_of

    return frame_of(tag_report(report if isinstance(report, Report) else read_report(Path(report)), load(model)))


def tag_report(report: Report, nlp: Language) -> list[TaggedPassage]:
    """Tag one report in this process."""
    prepared = prepare(report)
    return finish(prepared, read_texts(nlp, prepared.texts), origin_of(nlp))


def all_entities(report: Report, nlp: Language) -> list[Entity]:
    """Return the entities of passages, questions and details lines, in the order of the text; no text is classified for that."""
    prepared = prepare(report)
    readings = read_texts(nlp, [replace(text, themed=False) for text in prepared.texts])
    found = {(entity.start, entity.end): entity for entities in settle(prepared, readings) for entity in entities}
    return [found[key] for key in sorted(found)]


def _entities(
    report: Report,
    parts: tuple[Range, ...],
    body: CleanText,
    spans: Iterable[Found],
    amounts: dict[Range, Amount],
    ids: dict[tuple[str, str], str],
) -> Iterator[Entity]:
    """Yield a text's entities with offsets in the report."""
    by_start = {span[0]: amount for span, amount in amounts.items()}
    for span in spans:
        ranges = report_ranges(body.source_range(span.start, span.end), parts)
        where: dict[str, Any] = {"start": ranges[0][0], "end": ranges[-1][1], "label": span.label, "text": joined(report.text, ranges)}
        if len(ranges) > 1:
            where["parts"] = ranges
        if span.label == LABEL:
            amount = by_start[span.start]
            cut = amount.number_end == span.end < amount.end
            yield Entity(**where, **{**value_of(amount), "noun": None if cut else amount.noun})
        else:
            yield Entity(**where, id=ids[(body.text[span.start : span.end], span.label)])


def report_ranges(span: Range, parts: tuple[Range, ...]) -> tuple[Range, ...]:
    """Return the ranges of the report for a range of a passage's text, which is the parts joined by one space."""
    ranges: list[Range] = []
    offset = 0
    for start, end in parts:
        length = end - start
        left, right = max(span[0], offset), min(span[1], offset + length)
        if left < right:
            ranges.append((start + left - offset, start + right - offset))
        offset += length + 1
    return tuple(ranges)
