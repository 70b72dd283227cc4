"""Many rows in little memory: what stands in many of them is held once."""

from __future__ import annotations

from msgspec.structs import force_setattr

from ffm.records import TaggedPassage

OF_PASSAGES = (
    "report", "section", "source", "date", "question", "scheme", "model", "paragraph", "section_path", "quoted_source", "report_date",
    "source_id",
)  # fmt: skip


class Once:
    """What was read of rows: a text, path or score that is equal to an earlier one gives way to it."""

    def __init__(self) -> None:
        self._seen: dict[object, object] = {}
        self._none: dict[str, float] = {}

    def kept(self, passage: TaggedPassage) -> TaggedPassage:
        """Return a passage that was just read, itself, with what earlier ones hold already."""
        seen = self._seen
        for name in OF_PASSAGES:
            value = getattr(passage, name)
            if value:
                force_setattr(passage, name, seen.setdefault(value, value))
        for entity in (*passage.entities, *passage.question_entities):  # of which there are many: written out
            label, text, noun, known = entity.label, entity.text, entity.noun, entity.id
            force_setattr(entity, "label", seen.setdefault(label, label))
            force_setattr(entity, "text", seen.setdefault(text, text))
            if noun:
                force_setattr(entity, "noun", seen.setdefault(noun, noun))
            if known:
                force_setattr(entity, "id", seen.setdefault(known, known))
        for name in ("stance", "question_scores"):
            if not getattr(passage, name):
                force_setattr(passage, name, self._none)
        for sentence in passage.sentences:
            if not sentence.scores:
                force_setattr(sentence, "scores", self._none)
        for scores in (passage.scores, passage.question_scores):
            for theme, score in scores.items():
                if score:
                    scores[theme] = seen.setdefault(score, score)  # type: ignore[assignment]
        return passage
