"""Labels that another tool suggests for passages: its lines of JSON in a file, or its answers over HTTP, held against passages and scheme."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from ffm.errors import PassageError, RecordError
from ffm.exchange.offsets import in_report, trimmed
from ffm.project.scheme import Scheme
from ffm.records import Entity, Range, TaggedPassage, is_evidence

MAX_BYTES = 200_000_000  # of a file
MAX_LINE = 2_000_000
MAX_NAME = 100  # characters of a tool's name
UNNAMED = "another tool"


class SuggestedEntity(Struct, frozen=True, forbid_unknown_fields=True):
    """A span of a passage's text, in code points; ``text``, where it is given, is what stands there."""

    start: int
    end: int
    label: str
    text: str | None = None


class Suggested(Struct, frozen=True):
    """What a tool says of a passage; what else its line holds is not looked at.

    Attributes
    ----------
    passage
        The passage's id.
    labels
        The themes that it carries.
    stance
        By theme; a theme that takes one and has none here gets the scheme's first.
    scores
        By theme, 0 to 1; 1 where a label has none.
    model
        The tool's name.
    """

    passage: str
    labels: tuple[str, ...] = ()
    stance: dict[str, str] = {}
    entities: tuple[SuggestedEntity, ...] = ()
    scores: dict[str, float] = {}
    model: str = ""


class Suggestions(Struct):
    """Passages with the suggestions of a tool in place of their labels, in their order.

    Attributes
    ----------
    refused
        One line for each suggestion that cannot be taken; its passage is not among them.
    missing
        Of how many passages that get themes the tool said nothing; they are among them, without labels.
    """

    passages: list[TaggedPassage] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    missing: int = 0


def read_suggestions(path: Path) -> dict[str, Suggested | TaggedPassage]:
    """Read a file of JSON lines, each a :class:`Suggested` or a row of ``ffm tag``, by passage.

    Raises
    ------
    RecordError
        If it cannot be read, a line is of neither form, or a passage stands twice.
    """
    found: dict[str, Suggested | TaggedPassage] = {}
    for number, line in _lines(path):
        try:
            item: Suggested | TaggedPassage = (
                msgspec.json.decode(line, type=TaggedPassage) if b'"parts"' in line else msgspec.json.decode(line, type=Suggested)
            )
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise RecordError(f"{path}: line {number}: {error}; see docs/annotating.md for the form of suggestions") from None
        if found.setdefault(item.passage, item) is not item:
            raise RecordError(f"{path}: line {number}: the passage {item.passage[:MAX_NAME]} stands twice; leave one")
    if not found:
        raise RecordError(f"{path}: holds no suggestions; give JSON lines, one a passage")
    return found


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RecordError(f"{path}: is larger than {MAX_BYTES / 1e6:.0f} MB; divide it")
        with path.open("rb") as lines:
            number = 0
            while line := lines.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    raise RecordError(f"{path}: line {number}: is longer than {MAX_LINE / 1e6:.0f} MB; give one passage a line")
                line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                if line.strip():
                    yield number, line
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror or error}); check the file") from None


def with_suggestions(
    passages: Sequence[TaggedPassage], given: Mapping[str, Suggested | TaggedPassage], scheme: Scheme, name: str
) -> Suggestions:
    """Return passages with a tool's suggestions; those of passages that are not asked for are not looked at.

    Parameters
    ----------
    name
        The tool's, where it does not say so itself.
    """
    done = Suggestions()
    for passage in passages:
        said = given.get(passage.passage)
        bare = without_labels(passage, name)
        if said is None:
            done.missing += is_evidence(passage)
            done.passages.append(bare)
            continue
        try:
            done.passages.append(_taken(bare, said, scheme))
        except PassageError as error:
            done.refused.append(f"{name}: the passage {passage.passage}: {error}; it is not sent")
    return done


def without_labels(passage: TaggedPassage, name: str) -> TaggedPassage:
    """Return a passage of which nothing is said yet, by whoever is named."""
    sentences = tuple(replace(sentence, scores={}) for sentence in passage.sentences)
    return replace(passage, entities=(), labels=(), stance={}, scores={}, sentences=sentences, model=tool_name(name), in_training=False)


def tool_name(said: str) -> str:
    """Return the name of a tool as it can stand in rows and messages."""
    plain = " ".join("".join(character if character.isprintable() else " " for character in said).split())
    return plain[:MAX_NAME] or UNNAMED


def _taken(passage: TaggedPassage, said: Suggested | TaggedPassage, scheme: Scheme) -> TaggedPassage:
    """Return a passage with what is said of it.

    Raises
    ------
    PassageError
        If that cannot be said of it; without its name.
    """
    if isinstance(said, TaggedPassage) and (said.report, said.text, said.parts) != (passage.report, passage.text, passage.parts):
        raise PassageError("the suggestion is for another text; suggest for the rows that are pushed")
    if unknown := [label for label in said.labels if label not in scheme.theme_ids]:
        raise PassageError(f'the scheme has no theme "{tool_name(unknown[0])}"')
    if said.labels and not is_evidence(passage):
        raise PassageError(f"a {passage.kind} carries no themes")
    labels = tuple(theme for theme in scheme.theme_ids if theme in said.labels)
    stances = tuple(scheme.stances)
    stance = {theme: said.stance.get(theme, stances[0]) for theme in labels if theme in scheme.stance_ids}
    if wrong := [value for value in stance.values() if value not in stances]:
        raise PassageError(f'the scheme has no stance "{tool_name(wrong[0])}"; it has {", ".join(stances)}')
    scores = {theme: score for theme, score in said.scores.items() if theme in scheme.theme_ids}
    if any(not math.isfinite(score) or not 0 <= score <= 1 for score in scores.values()):
        raise PassageError("a score is not between 0 and 1")
    entities = said.entities if isinstance(said, TaggedPassage) else _entities(passage, said.entities, scheme)
    return replace(
        passage,
        labels=labels,
        stance=stance,
        scores={theme: scores.get(theme, 1.0) for theme in scheme.theme_ids if theme in scores or theme in labels},
        entities=entities,
        model=tool_name(said.model) if said.model else passage.model,
    )


def _entities(passage: TaggedPassage, given: Sequence[SuggestedEntity], scheme: Scheme) -> tuple[Entity, ...]:
    found: list[Entity] = []
    last = 0
    for item in sorted(given, key=lambda item: (item.start, item.end)):
        if item.label not in scheme.entity_ids:
            raise PassageError(f'the scheme has no entity label "{tool_name(item.label)}"')
        if not 0 <= item.start < item.end <= len(passage.text):
            raise PassageError(f"the entity {item.start}-{item.end} leaves the passage's {len(passage.text)} characters")
        if item.text is not None and item.text != passage.text[item.start : item.end]:
            raise PassageError(f"the entity {item.start}-{item.end} is not the text that it quotes")
        span = trimmed(passage.text, item.start, item.end)
        if span is None:
            continue
        if span[0] < last:
            raise PassageError(f"the entity {item.start}-{item.end} overlaps another")
        last = span[1]
        found.append(_entity(passage, span, item.label))
    return tuple(found)


def _entity(passage: TaggedPassage, span: Range, label: str) -> Entity:
    start, end = in_report(passage.parts, *span)
    parts = tuple((max(start, left), min(end, right)) for left, right in passage.parts if left < end and start < right)
    fields: dict[str, Any] = {"parts": parts} if len(parts) > 1 else {}
    return Entity(start=start, end=end, label=label, text=passage.text[span[0] : span[1]], **fields)
