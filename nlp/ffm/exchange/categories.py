"""The scheme as doccano's label types: spans for entities, categories for themes and their stances."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_lowercase
from typing import get_args

from msgspec import Struct

from ffm.errors import PassageError
from ffm.project.scheme import Scheme, ThemeGroup

SPARE_KEYS = "1234567890" + ascii_lowercase
SEPARATOR = ":"
GROUPS: tuple[str, ...] = get_args(ThemeGroup)


class LabelType(Struct, frozen=True):
    """A label type as a project should have it: its text, colour and key."""

    text: str
    colour: str
    prefix: str | None = None
    suffix: str | None = None


def span_types(scheme: Scheme) -> list[LabelType]:
    """Return the label types of entities."""
    return [LabelType(label.id, label.colour, suffix=label.key or None) for label in scheme.entity]


def category_types(scheme: Scheme) -> list[LabelType]:
    """Return the label types of themes, group after group: one for each, and one for each further stance of those that carry one.

    A theme has the scheme's key, a further stance the next key that is free: on its annotation page doccano ignores
    the prefix of a key, and of several labels with one key takes the last.
    """
    taken = {label.key for label in scheme.entity} | {theme.key for theme in scheme.theme}
    spare = iter([key for key in SPARE_KEYS if key not in taken])
    found = []
    for theme in sorted(scheme.theme, key=lambda theme: GROUPS.index(theme.group)):
        found.append(LabelType(theme.id, theme.colour, suffix=theme.key or None))
        further = list(scheme.stances)[1:] if theme.stance else []
        found += [LabelType(category(theme.id, stance, scheme), theme.colour, suffix=next(spare, None)) for stance in further]
    return found


def category(theme: str, stance: str | None, scheme: Scheme) -> str:
    """Return the category of a theme with a stance; the scheme's first stance, the default, is left out of it."""
    if not stance or stance == next(iter(scheme.stances), None):
        return theme
    return f"{theme}{SEPARATOR}{stance}"


def categories(labels: Iterable[str], stances: dict[str, str], scheme: Scheme) -> list[str]:
    """Return the categories of a passage's themes, each once, in the scheme's order.

    Raises
    ------
    PassageError
        If the scheme does not know one; without the passage's name.
    """
    wanted = {category(theme, stances.get(theme), scheme) for theme in labels}
    known = [label.text for label in category_types(scheme)]
    if unknown := wanted.difference(known):
        raise PassageError(f'the scheme has no theme "{min(unknown)}"')
    return [text for text in known if text in wanted]


def read_categories(texts: Iterable[str], scheme: Scheme) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the themes of categories that the scheme knows, in its order, and their stances.

    Raises
    ------
    PassageError
        If a theme has two stances; without the passage's name.
    """
    default = next(iter(scheme.stances), "")
    stances: dict[str, str] = {}
    themes: set[str] = set()
    for text in sorted(texts):
        theme, _, stance = text.partition(SEPARATOR)
        themes.add(theme)
        if theme in scheme.stance_ids:
            if theme in stances and stances[theme] != (stance or default):
                raise PassageError(f'the theme "{theme}" is marked as {stances[theme]} and as {stance or default}')
            stances[theme] = stance or default
    ordered = tuple(theme for theme in scheme.theme_ids if theme in themes)
    return ordered, {theme: stances[theme] for theme in ordered if theme in stances}
