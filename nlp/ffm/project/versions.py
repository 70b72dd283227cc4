"""Versions of one scheme: what an older one was, as far as the newer one tells, and how two differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from ffm.errors import SchemeError
from ffm.project.changes import Kind, Step, steps_between
from ffm.project.scheme import EntityLabel, Scheme, Theme

UNTOLD: Final = "untold"
REGROUPED: Final = "regrouped"
GREY = "#888888"
Label = EntityLabel | Theme


class Reference(NamedTuple):
    """What rows and models say of their scheme: ``id@version+digest``, and ``from N`` where labels of version N were re-expressed."""

    id: str
    version: int
    digest: str
    since: int | None = None

    @property
    def meaning(self) -> tuple[str, str]:
        """What two references have in common that mean the same."""
        return self.id, self.digest


class Difference(Struct, frozen=True):
    """One thing in which a version differs from an older one.

    Attributes
    ----------
    kind
        What happened; "untold" where no change of the newer version tells of it, "regrouped" where labels are what they were
        and their group or stances are not.
    text
        To what, as a person reads it.
    """

    kind: Kind | Literal["untold", "regrouped"]
    text: str


@lru_cache(maxsize=1024)
def read_reference(text: str) -> Reference:
    """Return what a reference says; of one that is damaged as much as can be read."""
    name, _, rest = text.partition("@")
    whole, _, since = rest.partition(" from ")
    version, _, digest = whole.partition("+")
    return Reference(name, int(version) if _is_number(version) else 0, digest, int(since) if _is_number(since) else None)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def steps_to(scheme: Scheme, version: int) -> tuple[Step, ...]:
    """Return the steps that lead from an older version to a scheme.

    Raises
    ------
    SchemeError
        If the version is a later one, or the scheme's changes do not lead there.
    """
    if version > scheme.version:
        raise SchemeError(
            f"the scheme {scheme.reference} is older than version {version}; use the later scheme (that of a model: train it again)"
        )
    try:
        return steps_between(scheme.change, version, scheme.version)
    except SchemeError as error:
        raise SchemeError(
            f"the scheme {scheme.reference} does not lead there from version {version}: {error}; add its entries to the scheme "
            '(where only words changed: the "from" and a "note")'
        ) from None


def earlier(scheme: Scheme, version: int, having: Set[str] = frozenset()) -> tuple[Scheme, bool]:
    """Return an older version of a scheme, and whether all that its labels meant is known.

    A label that was renamed has its later name and group; one that was split, merged or dropped has its id alone.

    Parameters
    ----------
    having
        Labels that the older version is known to have had: what became one of them was merged with it, not renamed.

    Raises
    ------
    SchemeError
        As :func:`steps_to`.
    """
    steps = steps_to(scheme, version)
    entities: list[Label] = list(scheme.entity)
    themes: list[Label] = list(scheme.theme)
    exact = True
    of_entities = {change.entity for change in scheme.change if change.entity is not None}
    known = [having]
    for step in steps:
        known.append({target for label in known[-1] for target in step.targets(label)})
    for step, before in reversed(list(zip(steps, known, strict=False))):
        new = step.created - (before - step.becomes.keys())
        later = {label.id: label for label in (*entities, *themes)}
        found = [_label_before(label, step.kind(label, before), step, later, label in of_entities) for label in step.becomes]
        exact = exact and all(step.kind(label, before) in ("renamed", "redefined") for label in step.becomes)
        themes = _in_order(themes, [label for label in found if isinstance(label, Theme)], new, step)
        entities = _in_order(entities, [label for label in found if isinstance(label, EntityLabel)], new, step)
    older = replace(
        scheme,
        version=version,
        entity=tuple(label for label in entities if isinstance(label, EntityLabel)),
        theme=tuple(label for label in themes if isinstance(label, Theme)),
        change=tuple(change for change in scheme.change if change.since < version),
    )
    return older, exact


def _label_before(label: str, kind: Kind | None, step: Step, later: dict[str, Label], is_entity: bool) -> Label:
    """Return a label as it was before a step that names it."""
    match kind, later.get(next(iter(step.becomes[label]), "")):
        case "renamed", Theme() | EntityLabel() as after:
            return replace(after, id=label)
        case "redefined", Theme() | EntityLabel() as after:
            return replace(after, meaning=max(1, after.meaning - 1))
        case _, Theme() as after:
            return Theme(label, label, after.group, "", after.colour, after.key, after.stance)
        case _:
            return EntityLabel(label, label, "", GREY, "0") if is_entity else Theme(label, label, "topic", "", GREY, "0")


def _in_order(labels: Iterable[Label], before: Sequence[Label], new: Set[str], step: Step) -> list[Label]:
    """Return labels with those that are new taken out, and those of before in the place of what they became."""
    placed: list[Label] = []
    for label in labels:
        placed += [item for item in before if label.id in step.becomes[item.id] and item not in placed]
        if label.id not in new:
            placed.append(label)
    return placed + [item for item in before if item not in placed]


def differences(old: Scheme, new: Scheme) -> list[Difference]:
    """Return in what a scheme differs from an older version of it, in the order of its labels.

    Where the newer one has no changes that lead from the older one, that is told, and all that differs is untold.
    """
    before, after = _labels(old), _labels(new)
    steps: tuple[Step, ...] = ()
    found: list[Difference] = []
    if old.id == new.id and old.version < new.version:
        try:
            steps = steps_between(new.change, old.version, new.version)
        except SchemeError as error:
            found.append(Difference(UNTOLD, str(error)))
    found += told_changes(steps, new, before.keys())
    origin = dict(before)  # by its id of today, what a label was that is still one
    alive, retold = set(before), set[str]()  # the labels of which the changes tell, and those whose meaning they changed
    for step in steps:
        kinds = {label: step.kind(label, alive) for label in alive}
        remade = {label for label, kind in kinds.items() if kind in ("split", "merged")}
        changed = remade | {label for label, kind in kinds.items() if kind == "redefined"}
        origin = {target: label for name, label in origin.items() if name not in remade for target in step.targets(name)}
        retold = {target for label in retold | changed for target in step.targets(label)}
        alive = {target for label in alive for target in step.targets(label)} | set(step.added)
    found += [
        Difference(UNTOLD, f'"{label}" is not in version {new.version}, and no [[change]] says what became of it')
        for label in sorted(alive - after.keys())
    ]
    for name, label in after.items():
        if name not in alive:
            found.append(Difference(UNTOLD, f'"{name}" is new, and no [[change]] says so'))
        elif name in origin:
            found += _compared(origin[name], label, name in retold)
    if old.stances.keys() != new.stances.keys():
        found.append(
            Difference(REGROUPED, f"the stances are {', '.join(new.stances) or 'none'}, they were {', '.join(old.stances) or 'none'}")
        )
    return found


def told_changes(steps: Iterable[Step], scheme: Scheme, before: Iterable[str] = ()) -> list[Difference]:
    """Return what the changes of a scheme say, one line a change; what became of it in later steps is told there."""
    found: list[Difference] = []
    known = set(before)
    for step in steps:
        merged: set[str] = set()
        for label, targets in step.becomes.items():
            kind = step.kind(label, known)
            if kind == "merged":
                if targets[0] not in merged:
                    sources = [source for source, becomes in step.becomes.items() if targets[0] in becomes]
                    sources += [targets[0]] if targets[0] in known and targets[0] not in step.becomes else []
                    found.append(Difference("merged", f"{', '.join(sorted(sources))} -> {targets[0]}"))
                merged.add(targets[0])
            elif kind is not None:
                found.append(Difference(kind, f"{label} -> {', '.join(targets)}" if kind in ("renamed", "split") else label))
        found += [Difference("added", label) for label in step.added]
        known = {target for label in known for target in step.targets(label)} | set(step.added)
        found += [
            Difference("wording", change.note)
            for change in scheme.change
            if change.since == step.since and not change.label and not change.becomes
        ]
    return found


def _labels(scheme: Scheme) -> dict[str, Label]:
    labels: list[Label] = [*scheme.entity, *scheme.theme]
    return {label.id: label for label in labels}


def _compared(old: Label, new: Label, retold: bool) -> list[Difference]:
    """Return in what two versions of one label differ, beside its id."""
    found = []
    if old.meaning != new.meaning and not retold:
        found.append(Difference(UNTOLD, f'"{new.id}" has the meaning {new.meaning}, it was {old.meaning}, and no [[change]] says so'))
    if isinstance(old, Theme) and isinstance(new, Theme):
        if old.group != new.group:
            found.append(Difference(REGROUPED, f'"{new.id}" is in the group {new.group}, it was in {old.group}'))
        if old.stance != new.stance:
            found.append(Difference(REGROUPED, f'"{new.id}" carries {"a" if new.stance else "no"} stance now'))
    prose = [
        name
        for name in ("name", "definition", "applies", "does_not_apply", "cues", "colour", "key")
        if getattr(old, name, "") != getattr(new, name, "")
    ]
    if prose and not retold:
        found.append(Difference("wording", f"{new.id} ({', '.join(name.replace('_', ' ') for name in prose)})"))
    return found
