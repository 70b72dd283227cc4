"""The annotation scheme: labels, definitions, colours, keys and stances, read from one file."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from ffm.errors import SchemeError
from ffm.project.changes import Change, change_problems
from ffm.project.expressions import cue_problem

ThemeGroup = Literal["core", "topic", "group"]
IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
KEY = re.compile(r"[a-z0-9]")


class EntityLabel(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of span.

    Attributes
    ----------
    meaning
        Version of what it means: raised where the same text would now be marked otherwise, not for a mended word.
    """

    id: str
    name: str
    definition: str
    colour: str
    key: str = ""
    applies: str = ""
    does_not_apply: str = ""
    meaning: int = 1


STANDARD_ENTITIES = (
    EntityLabel("ORG", "Organisation", "a named organisation, institution, body or company", "#3f6fb5", "g"),
    EntityLabel("PLACE", "Place", "a named place: country, region, city, village", "#2f8f4e", "p"),
    EntityLabel("AMOUNT", "Amount", "a sum of money, a percentage, or a number of what is counted", "#b5762a", "a"),
)


class Wording(Struct, frozen=True, forbid_unknown_fields=True):
    """How texts word that a theme is there or is not, as regular expressions of whole words.

    Attributes
    ----------
    present
        Words that say it is there ("reject", "shortage"); negated they deny it.
    absent
        Words that say the contrary ("accept", "enough"); negated they say it is there.
    needed
        Things whose lack is the theme ("staff"); to negate them is to say it is there.
    """

    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()


class Theme(Struct, frozen=True, forbid_unknown_fields=True):
    """A category of passages.

    Attributes
    ----------
    stance
        Whether it carries a stance.
    cues
        Regular expressions of phrases that hint at it: features of the classifier, never labels.
    wording
        How texts word that it is there or not: features of the classifier of stance, never labels.
    meaning
        Version of what it means: raised where the same passage would now be labelled otherwise, not for a mended word.
    """

    id: str
    name: str
    group: ThemeGroup
    applies: str
    colour: str
    key: str = ""
    stance: bool = False
    does_not_apply: str = ""
    cues: tuple[str, ...] = ()
    wording: Wording = Wording()
    meaning: int = 1


class Guideline(Struct, frozen=True, forbid_unknown_fields=True):
    """The guideline's running text, in Markdown."""

    units: str = ""
    entities: str = ""
    themes: str = ""
    steps: str = ""


class Scheme(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole scheme, in the order of its file.

    Attributes
    ----------
    stance_hints
        By stance, regular expressions of phrases that hint at it: features of the classifier, never labels.
    change
        What became of the labels of older versions, see :mod:`ffm.project.changes`.
    """

    id: str
    version: int
    title: str
    theme: tuple[Theme, ...]
    guideline: Guideline = Guideline()
    entity: tuple[EntityLabel, ...] = STANDARD_ENTITIES
    stances: dict[str, str] = {}
    stance_hints: dict[str, tuple[str, ...]] = {}
    change: tuple[Change, ...] = ()

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits over what its labels mean: ids, groups, stances and versions of meanings, not prose, colours or cues."""
        themes = [(theme.id, theme.group, theme.stance, theme.meaning) for theme in self.theme]
        labels = [(label.id, label.meaning) for label in self.entity]
        meaning = msgspec.json.encode([self.id, sorted(labels), sorted(themes), list(self.stances)])
        return hashlib.sha256(meaning).hexdigest()[:8]

    @property
    def reference(self) -> str:
        """The name under which rows and models tell it: ``id@version+digest``."""
        return f"{self.id}@{self.version}+{self.digest}"

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The ids of the entity labels."""
        return tuple(label.id for label in self.entity)

    @property
    def theme_ids(self) -> tuple[str, ...]:
        """The ids of the themes."""
        return tuple(theme.id for theme in self.theme)

    @property
    def core_ids(self) -> tuple[str, ...]:
        """The ids of the core themes, on which the comparison over time is built."""
        return tuple(theme.id for theme in self.theme if theme.group == "core")

    @property
    def cues(self) -> tuple[str, ...]:
        """The cues of all themes, in order."""
        return tuple(cue for theme in self.theme for cue in theme.cues)

    @property
    def stance_cues(self) -> tuple[str, ...]:
        """The hints at all stances, in order."""
        return tuple(cue for hints in self.stance_hints.values() for cue in hints)

    @property
    def wordings(self) -> dict[str, Wording]:
        """The wordings of the themes that carry a stance; a theme without one of its own is worded as its cues are."""
        found = {theme.id: theme.wording if theme.wording != Wording() else Wording(theme.cues) for theme in self.theme if theme.stance}
        return {theme: wording for theme, wording in found.items() if wording != Wording()}

    @property
    def stance_ids(self) -> tuple[str, ...]:
        """The ids of the themes that carry a stance."""
        return tuple(theme.id for theme in self.theme if theme.stance)


def read_scheme(path: Path) -> Scheme:
    """Read and check a scheme.

    Raises
    ------
    SchemeError
        If the file is missing, is not TOML, has unknown or missing fields, or contradicts itself.
    """
    scheme = parse_scheme(path)
    problems = scheme_problems(scheme)
    if problems:
        more = f" (and {len(problems) - 1} more; see ffm scheme check)" if len(problems) > 1 else ""
        raise SchemeError(f"{path}: {problems[0]}{more}")
    return scheme


def parse_scheme(path: Path) -> Scheme:
    """Read a scheme that has the right fields; whether it holds together is for :func:`scheme_problems`.

    Raises
    ------
    SchemeError
        If the file is missing, is not TOML, or has unknown or missing fields.
    """
    if not path.is_file():
        raise SchemeError(f"{path}: no such file; give the path of a scheme.toml")
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), Scheme)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise SchemeError(f"{path}: not a scheme: {error}; correct the file") from None


def scheme_problems(scheme: Scheme) -> list[str]:
    """Return what is wrong with a scheme, one line each; empty if it holds together."""
    problems: list[str] = []
    seen: dict[str, str] = {}
    keys: dict[str, str] = {}
    names: dict[str, str] = {}
    labels: list[EntityLabel | Theme] = [*scheme.entity, *scheme.theme]
    for label in labels:
        if label.id in seen:
            problems.append(f'the id "{label.id}" stands twice; give each label an id of its own')
        elif label.id.lower() in {known.lower() for known in seen}:
            problems.append(f'"{label.id}" and another id differ in capitals only; change one')
        seen[label.id] = label.id
        if not IDENTIFIER.fullmatch(label.id):
            problems.append(f'"{label.id}" is no id; use letters, digits and hyphens, a letter first')
        if not COLOUR.fullmatch(label.colour):
            problems.append(f'"{label.id}": the colour "{label.colour}" is not of the form #rrggbb; correct it')
        if label.key and not KEY.fullmatch(label.key):
            problems.append(f'"{label.id}": the key "{label.key}" is not one lower-case letter or digit; correct it')
        for kind, value, used in (("key", label.key, keys), ("name", label.name, names)):
            if value and value in used:
                problems.append(f'"{label.id}" and "{used[value]}" have the same {kind} "{value}"; change one')
            used[value] = label.id
    if sorted(scheme.entity_ids) != sorted(label.id for label in STANDARD_ENTITIES):
        problems.append(
            f"the entity labels are {', '.join(scheme.entity_ids) or 'none'}; ORG, PLACE and AMOUNT are what ffm finds, no more and no less: "
            "define these three, or leave [[entity]] out"
        )
    hinted = [(theme.id, theme.cues + theme.wording.present + theme.wording.absent + theme.wording.needed) for theme in scheme.theme]
    for name, cues in [*hinted, *scheme.stance_hints.items()]:
        problems += [f'"{name}": the cue "{cue[:60]}" {problem}' for cue in cues if (problem := cue_problem(cue))]
    problems += [
        f'[stance_hints] names "{name}", which is no stance; correct it' for name in scheme.stance_hints if name not in scheme.stances
    ]
    if any(theme.stance for theme in scheme.theme) and not scheme.stances:
        problems.append("a theme carries a stance, but no stances are defined; add [stances]")
    themes = {theme.id: theme.meaning for theme in scheme.theme}
    return problems + change_problems(scheme.change, scheme.version, themes, {label.id: label.meaning for label in scheme.entity})
