"""Labels of one passage for doccano's auto-labelling: spans with its offsets, categories with its names."""

from __future__ import annotations

from typing import Any

from spacy.language import Language

from ffm.exchange.categories import categories as category_names
from ffm.exchange.lead import lead_of
from ffm.exchange.offsets import to_units
from ffm.records import Block, Passage, Report, Segmentation, TaggedPassage
from ffm.segment.markup import clean
from ffm.tagging.pipeline import origin_of, scheme_of
from ffm.tagging.report import Prepared, Text, clean_sentences, finish, read_texts

WARM = "UNICEF has 12 beds in Tirana. Families blame those who come back."
THEMES = ["ffm_themes"]  # needs no other component, and none needs it


def tag_passage(nlp: Language, text: str) -> TaggedPassage:
    """Tag a text as the one passage that it is for an annotator: not divided, offsets are its own."""
    end = len(text)
    passage = Passage(
        report="text",
        passage="text/0001",
        kind="paragraph",
        start=0,
        end=end,
        section=None,
        source=None,
        source_type=None,
        date=None,
        date_conflict=None,
        page=None,
        question=None,
        question_start=None,
        question_parts=(),
        parts=((0, end),),
        text=text,
    )
    body = clean(text)
    asked = Text(body.text, "", True, clean_sentences(text, body))
    segmentation = Segmentation(Report("text", text), (Block(0, end, "passage"),), (), (passage,))
    prepared = Prepared(segmentation, (asked,), (body,), (passage.parts,), {})
    return finish(prepared, read_texts(nlp, prepared.texts), origin_of(nlp))[0]


def spans(nlp: Language, text: str) -> list[dict[str, Any]]:
    """Return the entities of a text as doccano's spans, with offsets in UTF-16 code units; lines above a passage have none."""
    lead = lead_of(text)
    if not text[lead:].strip():
        return []
    with nlp.select_pipes(disable=THEMES):
        entities = tag_passage(nlp, text[lead:]).entities
    ranges = to_units(text, [(lead + entity.start, lead + entity.end) for entity in entities])
    return [
        {"label": entity.label, "start_offset": start, "end_offset": end} for entity, (start, end) in zip(entities, ranges, strict=True)
    ]


def categories(nlp: Language, text: str) -> list[dict[str, Any]]:
    """Return the themes of a text as doccano's categories, the stance being part of their names; lines above a passage count for none."""
    text = text[lead_of(text) :]
    if not text.strip():
        return []
    with nlp.select_pipes(enable=THEMES):
        passage = tag_passage(nlp, text)
    return [{"label": name} for name in category_names(passage.labels, passage.stance, scheme_of(nlp))]


def warm_up(nlp: Language) -> None:
    """Label a text once."""
    spans(nlp, WARM)
    categories(nlp, WARM)
