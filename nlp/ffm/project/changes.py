"""What became of a scheme's labels from version to version, and what that says of passages that were labelled before.

A scheme writes its changes down itself, as ``[[change]]``. What kind of change an entry is follows from its shape:

====================================================  =========
``theme = "a", becomes = ["b"]``                      renamed
``theme = "a", becomes = ["b", "c"]``                 split
two entries that become one, or one that stays        merged
``becomes = ["b"]``, no theme                         added
``theme = "a", becomes = []``                         dropped
``theme = "a", becomes = ["a"]``                      redefined
``note = "..."`` alone                                wording
====================================================  =========
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Literal

from msgspec import Struct, field

from ffm.errors import SchemeError

Kind = Literal["renamed", "split", "merged", "added", "dropped", "redefined", "wording"]


class Change(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What became of one label.

    Attributes
    ----------
    since
        The version that it changes (``from`` in the file): every change is a step to the next version.
    theme, entity
        The label of that version; neither for a label that is new, or where only words changed.
    becomes
        The labels of the next version; empty for a label that was dropped.
    note
        Why, for people.
    """

    since: int = field(name="from")
    theme: str | None = None
    entity: str | None = None
    becomes: tuple[str, ...] | None = None
    note: str = ""

    @property
    def label(self) -> str | None:
        """The theme or entity label of the older version."""
        return self.theme if self.theme is not None else self.entity


class Step(Struct, frozen=True):
    """What became of the labels of one version in the next; a label that it does not name stays what it was.

    Attributes
    ----------
    becomes
        By label of the older version.
    added
        Labels that are new.
    """

    since: int
    becomes: dict[str, tuple[str, ...]]
    added: tuple[str, ...]

    @property
    def created(self) -> frozenset[str]:
        """What became something, or is new."""
        return frozenset((*self.added, *(target for targets in self.becomes.values() for target in targets)))

    def targets(self, label: str) -> tuple[str, ...]:
        """Return what a label became."""
        return self.becomes.get(label, (label,))

    def kind(self, label: str, before: Set[str] = frozenset()) -> Kind | None:
        """Return what happened to a label of the older version, None where nothing did.

        Parameters
        ----------
        before
            The labels of the older version, where they are known: what becomes one of them that stays is merged with it.
        """
        if label not in self.becomes:
            return None
        targets = self.becomes[label]
        if len(targets) != 1:
            return "split" if targets else "dropped"
        others = {source for source, found in self.becomes.items() if targets[0] in found} | ({targets[0]} & before - self.becomes.keys())
        if others - {label}:
            return "merged"
        return "redefined" if targets[0] == label else "renamed"


class Labelling(Struct, frozen=True):
    """What is known of the labels of one passage.

    Attributes
    ----------
    carried
        The labels that it carries, with their stance; None where they have none or it is not known.
    open
        Labels of which it is not known whether it carries them.
    doubtful
        Labels that it carries, but under a meaning that has changed since.
    """

    carried: dict[str, str | None]
    open: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()


def steps_between(changes: Iterable[Change], since: int, until: int) -> tuple[Step, ...]:
    """Return the steps from one version of a scheme to a later one.

    Raises
    ------
    SchemeError
        If no change tells of one of the steps; the message names it.
    """
    told = list(changes)
    steps = []
    for version in range(since, until):
        mine = [change for change in told if change.since == version]
        if not mine:
            raise SchemeError(f"no [[change]] tells what changed from version {version} to {version + 1}")
        becomes = {change.label: change.becomes or () for change in mine if change.label is not None}
        added = tuple(label for change in mine if change.label is None for label in change.becomes or ())
        steps.append(Step(version, becomes, added))
    return tuple(steps)


def reexpressed(labelling: Labelling, steps: Iterable[Step]) -> Labelling:
    """Return a labelling in the labels of a later version, as far as the steps determine it.

    A label that was renamed or merged is carried on, with the stance on which all that became it agree. A label that
    was split leaves open which of its parts applies; one that was redefined is carried on, in doubt.
    """
    for step in steps:
        labelling = _after(labelling, step)
    return labelling


def _after(labelling: Labelling, step: Step) -> Labelling:
    carried: dict[str, list[str | None]] = {}
    certain: set[str] = set()
    found_open: set[str] = set()
    for label, stance in labelling.carried.items():
        targets = step.targets(label)
        if len(targets) > 1:
            found_open.update(targets)
        for target in targets if len(targets) == 1 else ():
            carried.setdefault(target, []).append(stance)
            if label not in labelling.doubtful and step.kind(label) != "redefined":
                certain.add(target)
    found_open.update(target for label in labelling.open for target in step.targets(label))
    agreed = {label: stances[0] if len(set(stances)) == 1 and label not in found_open else None for label, stances in carried.items()}
    return Labelling(agreed, frozenset(found_open - carried.keys()), frozenset(carried.keys() - certain))


def undetermined(steps: Iterable[Step]) -> frozenset[str]:
    """Return the labels of the later version of which labels of the older one do not tell: split, added, redefined."""
    found: set[str] = set()
    for step in steps:
        after = {target for label in found for target in step.targets(label)}
        after.update(step.added)
        for label, targets in step.becomes.items():
            if step.kind(label) in ("split", "redefined"):
                after.update(targets)
        found = after
    return frozenset(found)


def retold(steps: Iterable[Step]) -> frozenset[str]:
    """Return the labels of the later version that are made of others of the older one: renamed, merged."""
    found: set[str] = set()
    for step in steps:
        after = {target for label in found for target in step.targets(label)}
        after.update(target for label, targets in step.becomes.items() for target in targets if step.kind(label) in ("renamed", "merged"))
        found = after
    return frozenset(found)


def labels_before(labels: Set[str], steps: Sequence[Step]) -> frozenset[str]:
    """Return the labels that the older version had, as far as its changes tell, from those of the later one."""
    found = set(labels)
    for step in reversed(steps):
        found = (found - step.created) | step.becomes.keys()
    return frozenset(found)


def change_problems(changes: Sequence[Change], version: int, themes: Mapping[str, int], entities: Mapping[str, int]) -> list[str]:
    """Return what is wrong with the changes of a scheme, one line each.

    Parameters
    ----------
    version
        The scheme's.
    themes, entities
        The versions of the meanings of its labels, by id.
    """
    problems = [problem for change in changes for problem in _entry_problems(change, version, themes, entities)]
    if problems:
        return problems
    if not changes:
        return _meaning_problems((), {**themes, **entities})
    first = min(change.since for change in changes)
    try:
        steps = steps_between(changes, first, version)
    except SchemeError as error:
        return [f'{error}; add its entries (where only words changed: the "from" and a "note")']
    for step in steps:
        told = Counter(change.label for change in changes if change.since == step.since and change.label is not None)
        problems += [
            f'the changes from version {step.since} name "{label}" twice; make one entry of them'
            for label, count in told.items()
            if count > 1
        ]
    labels: Set[str] = {*themes, *entities}
    for step in reversed(steps):
        problems += _step_problems(step, labels)
        labels = labels_before(labels, (step,))
    return problems or _meaning_problems(steps, {**themes, **entities})


def _entry_problems(change: Change, version: int, themes: Mapping[str, int], entities: Mapping[str, int]) -> list[str]:
    """Return what is wrong with an entry by itself."""
    name = f"a [[change]] from version {change.since}"
    if not 1 <= change.since < version:
        return [f"{name}: the scheme is version {version}, so a change is from 1 to {version - 1}; raise the version or correct the change"]
    if change.theme is not None and change.entity is not None:
        return [f"{name} names a theme and an entity; make two entries of them"]
    if change.label is None:
        if not change.becomes and not change.note:
            return [f"{name} says nothing; name a theme or an entity and what it becomes, or write a note"]
        return []
    if change.becomes is None:
        return [f'{name} does not say what "{change.label}" becomes; add becomes (an empty list for a label that was dropped)']
    problems = []
    if len(set(change.becomes)) < len(change.becomes):
        problems.append(f'{name}: "{change.label}" becomes one label twice; name each once')
    own, others = (themes, entities) if change.theme is not None else (entities, themes)
    for label in dict.fromkeys((change.label, *change.becomes)):
        if label in others and label not in own:
            what, other = ("a theme", "an entity label") if change.theme is not None else ("an entity label", "a theme")
            problems.append(f'{name}: "{label}" is {other}, not {what}; correct the entry')
    return problems


def _step_problems(step: Step, after: Set[str]) -> list[str]:
    """Return what in a step contradicts the labels of the version that it leads to."""
    targets = {target: label for label, found in step.becomes.items() for target in found}
    name, later = f"the changes from version {step.since}", step.since + 1
    problems = [
        f'{name}: "{label}" becomes "{target}", which version {later} does not have; correct the entry, or say with a later change what became of it'
        for target, label in targets.items()
        if target not in after
    ]
    problems += [
        f'{name}: "{label}" is new, but version {later} does not have it; correct the entry' for label in step.added if label not in after
    ]
    problems += [
        f'{name}: "{label}" is new, but another entry says what it was before; leave one'
        for label in step.added
        if label in {*step.becomes, *targets}
    ]
    problems += [
        f'{name}: "{label}" becomes {_listed(found) or "nothing"}, but version {later} still has it; add it to becomes, or remove it'
        for label, found in step.becomes.items()
        if label in after and label not in targets and label not in step.added
    ]
    return problems


def _meaning_problems(steps: Sequence[Step], meanings: Mapping[str, int]) -> list[str]:
    """Return where the versions of meanings and the changes that redefine labels do not go together."""
    bounds = dict.fromkeys(labels_before(meanings.keys(), steps), (0, 0))  # how often a label's meaning changed: at least, at most
    for step in steps:
        before, bounds = bounds, dict.fromkeys(step.added, (0, 0))
        for label, (least, most) in before.items():
            for target in step.targets(label):
                match step.kind(label, before.keys()):
                    case None | "renamed":
                        mine = (least, most)
                    case "redefined":
                        mine = (least + 1, most + 1)
                    case _:  # a part, or a whole of several: whether it counts as the same label is for the author to say
                        mine = (0, most + 1)
                low, high = bounds.get(target, mine)
                bounds[target] = (min(low, mine[0]), max(high, mine[1]))
    problems = []
    for label, meaning in meanings.items():
        least, most = bounds.get(label, (0, 0))
        if meaning - 1 > most:
            problems.append(
                f'"{label}" has the meaning {meaning}, but the changes tell of {most} changes of it; '
                f'raise the version and add a [[change]] in which "{label}" becomes ["{label}"]'
            )
        if meaning - 1 < least:
            problems.append(f'"{label}" is redefined by the changes, but has the meaning {meaning}; write meaning = {least + 1}')
    return problems


def _listed(labels: Iterable[str]) -> str:
    return ", ".join(f'"{label}"' for label in labels)
