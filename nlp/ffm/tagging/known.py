"""What of tagged rows their scheme knows: the labels, stances and entities that it lacks are left out and counted."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct
from msgspec.structs import replace

from ffm.project.scheme import Scheme
from ffm.records import TaggedPassage
from ffm.tagging.schemes import shown


class Names(Struct, frozen=True):
    """The ids of a scheme: those of its themes in order too, and of those that carry a stance."""

    in_order: tuple[str, ...]
    themes: frozenset[str]
    with_stance: frozenset[str]
    entities: frozenset[str]
    stances: frozenset[str]
    known: dict[tuple[str, ...], tuple[str, ...]]

    def ordered(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of some labels that the scheme has, in its order."""
        found = self.known.get(labels)
        if found is None:
            found = self.known[labels] = tuple(theme for theme in self.in_order if theme in labels)
        return found

    def know(self, passage: TaggedPassage) -> bool:
        """Tell whether nothing of a passage needs to be left out, put in order or counted: so of most."""
        themes, stance, entities = self.themes, passage.stance, self.entities
        return (
            themes >= passage.scores.keys()
            and themes >= stance.keys()
            and themes >= passage.question_scores.keys()
            and passage.labels == self.ordered(passage.labels)
            and self.stances.issuperset(stance.values())
            and stance.keys() >= self.with_stance.intersection(passage.labels)
            and entities >= {entity.label for entity in passage.entities}
            and entities >= {entity.label for entity in passage.question_entities}
            and all(themes >= sentence.scores.keys() for sentence in passage.sentences if sentence.scores)
        )

    @classmethod
    def of(cls, scheme: Scheme) -> Names:
        """Return the names of a scheme."""
        themes, stances = scheme.theme_ids, frozenset(scheme.stances)
        return cls(themes, frozenset(themes), frozenset(scheme.stance_ids), frozenset(scheme.entity_ids), stances, {})


def known(passage: TaggedPassage, names: Names, notices: Counter[str]) -> TaggedPassage:
    """Return a passage without the labels and stances that the scheme does not know, and count them."""
    if names.know(passage):
        return passage
    themes, entities = names.themes, names.entities
    before = notices.total()
    unknown = {*passage.labels, *passage.scores, *passage.stance} - themes
    for label in unknown:
        notices[f'"{_literal(label)}" is no theme of the scheme, skipped in {{count}}; tag the report again or add it to the scheme'] += 1
    for label in {entity.label for entity in (*passage.entities, *passage.question_entities)} - entities:
        notices[
            f'"{_literal(label)}" is no entity label of the scheme, skipped in {{count}}; tag the report again or add it to the scheme'
        ] += 1
    for stance in {stance for theme, stance in passage.stance.items() if theme in themes} - names.stances:
        notices[f'"{_literal(stance)}" is no stance of the scheme, skipped in {{count}}; tag the report again'] += 1
    stances = {theme: stance for theme, stance in passage.stance.items() if theme in themes and stance in names.stances}
    for theme in set(passage.labels) & names.with_stance - set(passage.stance):
        notices[f'"{theme}" has no stance in {{count}}, which are in no figure by stance; tag the report again'] += 1
    labels = names.ordered(passage.labels)
    carried = {theme for sentence in passage.sentences for theme in sentence.scores}
    if notices.total() == before and labels == passage.labels and themes.issuperset(carried.union(passage.question_scores)):
        return passage
    return replace(
        passage,
        labels=labels,
        scores={theme: score for theme, score in passage.scores.items() if theme in themes},
        stance=stances,
        sentences=tuple(
            replace(sentence, scores={theme: score for theme, score in sentence.scores.items() if theme in themes})
            for sentence in passage.sentences
        ),
        question_scores={theme: score for theme, score in passage.question_scores.items() if theme in themes},
        entities=tuple(entity for entity in passage.entities if entity.label in entities),
        question_entities=tuple(entity for entity in passage.question_entities if entity.label in entities),
    )


def _literal(text: str) -> str:
    """Return a text from outside as it can stand in a notice, in which ``{count}`` is filled in."""
    return shown(text).replace("{", "{{").replace("}", "}}")
