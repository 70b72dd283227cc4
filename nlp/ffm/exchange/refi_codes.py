"""The codebook of a REFI-QDA project: the scheme's labels as codes with colours, and back from codes to labels."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement

from msgspec import Struct

from ffm.exchange.items import identifier
from ffm.project.scheme import Scheme

NAMESPACE = "urn:QDA-XML:project:1.0"
GROUPS = {"core": "Core themes", "topic": "Topics", "group": "Groups"}


class Label(Struct, frozen=True):
    """What a code stands for: an entity label, or a theme with or without its stance."""

    entity: str = ""
    theme: str = ""
    stance: str = ""


def code_guid(label: Label) -> str:
    """Return the id of a label's code: the same in every export."""
    return identifier("code", label.entity, label.theme, label.stance)


def codebook(scheme: Scheme) -> Element:
    """Return the scheme as a ``CodeBook``: folders of entities and themes; a core theme has a code for each stance below it."""
    book = Element("CodeBook")
    codes = SubElement(book, "Codes")
    folder = _code(codes, identifier("folder", "entities"), "Entities")
    for entity in scheme.entity:
        _code(folder, code_guid(Label(entity=entity.id)), entity.name, entity.colour, _text(entity.definition, entity.applies))
    for group, title in GROUPS.items():
        themes = [theme for theme in scheme.theme if theme.group == group]
        if not themes:
            continue
        folder = _code(codes, identifier("folder", group), title)
        for theme in themes:
            code = _code(folder, code_guid(Label(theme=theme.id)), theme.name, theme.colour, _text(theme.applies, theme.does_not_apply))
            for stance, meaning in scheme.stances.items() if theme.stance else ():
                _code(code, code_guid(Label("", theme.id, stance)), f"{theme.name}: {stance}", theme.colour, meaning)
    return book


def _code(parent: Element, guid: str, name: str, colour: str = "", description: str = "") -> Element:
    """Add a code; one without a colour is a folder, which codes nothing."""
    attributes = {"guid": guid, "name": name, "isCodable": "true" if colour else "false"}
    code = SubElement(parent, "Code", {**attributes, "color": colour} if colour else attributes)
    if description:
        SubElement(code, "Description").text = description
    return code


def _text(first: str, second: str) -> str:
    return "\n".join(text for text in (first, second) if text)


def labels_of(codes: Iterable[tuple[str, str]], scheme: Scheme) -> tuple[dict[str, Label], dict[str, str]]:
    """Return what the codes of a project, guids and names, stand for by guid, and the names of those that stand for nothing of the scheme.

    A code is known by its guid or, where a program has given it another, by its name.
    """
    known = [Label(entity=entity.id) for entity in scheme.entity]
    names = {entity.name: Label(entity=entity.id) for entity in scheme.entity}
    for theme in scheme.theme:
        stances = [Label("", theme.id, stance) for stance in scheme.stances] if theme.stance else []
        known += [Label(theme=theme.id), *stances]
        names[theme.name] = Label(theme=theme.id)
        names |= {f"{theme.name}: {label.stance}": label for label in stances}
    guids = {code_guid(label): label for label in known}
    found: dict[str, Label] = {}
    others: dict[str, str] = {}
    for guid, name in codes:
        label = guids.get(guid) or names.get(name.strip())
        if label is None:
            others[guid] = name
        else:
            found[guid] = label
    return found, others


def plain_guid(guid: str) -> str:
    """Return a guid in lower case and without the braces that it may have."""
    return guid.strip().strip("{}").lower()
