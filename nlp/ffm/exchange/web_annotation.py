"""W3C Web Annotation (JSON-LD): entities and passages as annotations of the report's text, themes as tags.

A passage that is interrupted has one target a part. What the vocabulary has no word for stands under ``ffm:data``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ffm.errors import FfmError, RecordError
from ffm.exchange.anchors import anchor, read_selectors, selectors
from ffm.exchange.intake import Intake, read_capped
from ffm.exchange.items import Bundle, Carried, Item, Mark, Span, checked, identifier
from ffm.exchange.offsets import in_passage, in_report
from ffm.exchange.places import Places, pieces
from ffm.files import write_text
from ffm.project.scheme import Scheme
from ffm.records import Range, joined
from ffm.tagging.schemes import shown

CONTEXT = [
    "http://www.w3.org/ns/anno.jsonld",
    {"@version": 1.1, "ffm": "urn:ffm:", "ffm:data": {"@id": "urn:ffm:data", "@type": "@json"}},
]
SOURCE = "urn:ffm:report:"
MAX_NAMED = 10  # annotations of a report that are named beside the first that cannot be placed

Problems = dict[str, str]  # by an annotation's name, why it cannot be placed


class Body(Struct, frozen=True):
    """A body of an annotation, as far as it is read: a tag."""

    value: str = ""
    purpose: str = "tagging"
    data: dict[str, Any] = msgspec.field(name="ffm:data", default_factory=dict)


class Annotation(Struct, frozen=True):
    """An annotation, as far as it is read."""

    target: list[dict[str, Any]] | dict[str, Any]
    body: Any = ()
    id: str = ""
    data: Any = msgspec.field(name="ffm:data", default_factory=dict)


class Found(Struct):
    """What a file says of one report, anchored in its text."""

    passages: list[tuple[Carried, list[str]]]
    entities: list[tuple[str, Range, Mark]]
    tags: list[tuple[str, Range, str]]


def write(bundle: Bundle, path: Path) -> None:
    """Write one annotation collection; positions are code points of the report's text."""
    annotations = [found for item in bundle.items for found in _annotations(item, bundle.texts[item.report])]
    collection = {
        "@context": CONTEXT,
        "id": f"urn:uuid:{identifier('collection', *bundle.reports)}",
        "type": "AnnotationCollection",
        "label": f"Annotations of {', '.join(bundle.reports)}",
        "total": len(annotations),
        "first": {
            "id": f"urn:uuid:{identifier('page', *bundle.reports)}",
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": annotations,
        },
    }
    write_text(path, json.dumps(collection, ensure_ascii=False, indent=1) + "\n")


def _annotations(item: Item, text: str) -> list[dict[str, Any]]:
    carried = replace(item.carried, values=(), stance={})
    tags = [_tag(theme, {"stance": item.carried.stance[theme]} if theme in item.carried.stance else {}) for theme in item.themes]
    found = [_annotation(item, "passage", tags, carried.parts, text, msgspec.to_builtins(carried))]
    for mark in item.marks:
        start, end = in_report(carried.parts, mark.start, mark.end)
        body = [_tag(mark.label, mark.value)]
        found.append(_annotation(item, f"{start}-{end} {mark.label}", body, pieces(start, end, carried.parts), text, {}))
    return found


def _tag(value: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": "tagging", "value": value, **({"ffm:data": data} if data else {})}


def _annotation(
    item: Item, what: str, body: list[dict[str, Any]], parts: Sequence[Range], text: str, data: dict[str, Any]
) -> dict[str, Any]:
    header = item.carried.header
    person = header.made_by == "human annotator"
    return {
        "id": f"urn:uuid:{identifier('annotation', header.report, header.annotator, item.id, what)}",
        "type": "Annotation",
        "motivation": "tagging",
        "creator": {"type": "Person" if person else "Software", "name": header.annotator},
        **({"created": f"{header.date}T00:00:00Z"} if header.date else {}),
        **({"body": body} if body else {}),
        "target": [{"source": SOURCE + header.report, "selector": selectors(text, start, end)} for start, end in parts],
        **({"ffm:data": data} if data else {}),
    }


def read(path: Path, intake: Intake) -> None:
    """Read annotations: a collection, a page, or a list of them; quotes are checked and found again where the text shifted.

    A tag that is an entity label makes an entity, one that is a theme marks the passage that it lies in. A report with an
    annotation that cannot be placed is refused, and these annotations named.

    Raises
    ------
    RecordError
        If the file is not of the format.
    """
    found: dict[str, Found] = {}
    problems: dict[str, Problems] = {}
    for number, annotation in enumerate(_read_all(path), 1):
        name = f"annotation {shown(annotation.id) or number}"
        try:
            targets = annotation.target if isinstance(annotation.target, list) else [annotation.target]
            report = _report_of(targets)
        except RecordError as error:
            raise RecordError(f"{path}: {name}: {error}; give a file of ffm export") from None
        text = intake.text(report)
        if text is None:
            continue
        try:
            parts = tuple(anchor(text, *read_selectors(target.get("selector"))) for target in targets)
            _sort(annotation, name, parts, found.setdefault(report, Found([], [], [])), intake.scheme)
        except RecordError as error:
            problems.setdefault(report, {})[name] = str(error)
    for report, named in problems.items():
        intake.refuse(report, _told(named))
    for report, mine in found.items():
        text = intake.text(report)
        if text is not None and report not in intake.refused:
            _add(report, mine, text, intake)


def _told(problems: Problems) -> str:
    """Return one line on the annotations of a report that cannot be placed: why the first cannot, and which the others are."""
    (name, error), *others = problems.items()
    more = ", ".join(other for other, _ in others[:MAX_NAMED]) + (", ..." if len(others) > MAX_NAMED else "")
    return f"{name}: {error}; correct it or leave it out" + (f" (so with {len(others)} more: {more})" if others else "")


def _read_all(path: Path) -> list[Annotation]:
    try:
        document = msgspec.json.decode(read_capped(path))
        for key in ("first", "items"):
            if isinstance(document, dict) and key in document:
                document = document[key]
        return msgspec.convert(document, list[Annotation])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordError(f"{path}: not a collection of Web Annotations ({error}); give a file of ffm export") from None


def _report_of(targets: Sequence[dict[str, Any]]) -> str:
    sources = {target["source"] if isinstance(target.get("source"), str) else "" for target in targets}
    if len(sources) != 1 or not (source := sources.pop()).startswith(SOURCE):
        raise RecordError(f"its source is not {SOURCE}ID")
    return source.removeprefix(SOURCE)


def _sort(annotation: Annotation, name: str, parts: tuple[Range, ...], found: Found, scheme: Scheme) -> None:
    """Put an annotation with those of its kind."""
    tags = [(body.value, body.data) for body in _bodies(annotation) if body.purpose == "tagging"]
    if annotation.data:
        try:
            data = msgspec.convert(annotation.data, dict[str, Any])
            stance = {value: data["stance"] for value, data in tags if "stance" in data}
            carried = msgspec.convert({**data, "parts": parts, "stance": stance}, Carried)
        except msgspec.ValidationError as error:
            raise RecordError(f"what ffm wrote with it is damaged ({error})") from None
        found.passages.append((checked(carried), [value for value, _ in tags]))
        return
    whole = (min(start for start, _ in parts), max(end for _, end in parts))
    for value, data in tags:
        if value in scheme.entity_ids:
            try:
                mark = msgspec.convert({"start": whole[0], "end": whole[1], "label": value, **data}, Mark)
            except msgspec.ValidationError as error:
                raise RecordError(f"what ffm wrote with it is damaged ({error})") from None
            found.entities.append((name, whole, mark))
        elif value in scheme.theme_ids:
            found.tags.append((name, whole, value))
        else:
            raise RecordError(f"the scheme has no label {shown(value)!r}")


def _bodies(annotation: Annotation) -> list[Body]:
    """Return the bodies of an annotation; those that are no objects, as addresses, are no tags."""
    bodies = annotation.body if isinstance(annotation.body, list | tuple) else [annotation.body]
    try:
        return [msgspec.convert(body, Body) for body in bodies if isinstance(body, dict)]
    except msgspec.ValidationError as error:
        raise RecordError(f"a body of it is damaged ({error})") from None


def _add(report: str, found: Found, text: str, intake: Intake) -> None:
    """Give a report's entities and single tags to the passages that they lie in."""
    spans: list[list[Span]] = [[] for _ in found.passages]
    values: list[list[Mark]] = [[] for _ in found.passages]
    themes = [list(tags) for _, tags in found.passages]
    places = Places([carried.parts for carried, _ in found.passages])
    placed: list[tuple[str, Range, Mark | str]] = [*found.entities, *found.tags]
    problems: Problems = {}
    for name, where, what in placed:
        number = places.holding(where)
        try:
            if number is None:
                raise RecordError(f"{where[0]}-{where[1]} lies in no annotated passage")
            if isinstance(what, str):
                themes[number].append(what)
                continue
            start, end = in_passage(found.passages[number][0].parts, *where)
        except FfmError as error:
            problems[name] = str(error)
            continue
        spans[number].append((start, end, what.label))
        values[number].append(replace(what, start=start, end=end))
    if problems:
        intake.refuse(report, _told(problems))
        return
    for number, (carried, _) in enumerate(found.passages):
        full = replace(carried, values=tuple(values[number]))
        intake.add(full, joined(text, carried.parts), spans[number], themes[number])
