"""REFI-QDA projects (``.qdpx``) for NVivo, MAXQDA, ATLAS.ti and others: written.

A zip file of ``project.qde`` (XML by the schema of REFI-QDA 1.5) and the reports' texts under ``sources/``; positions are
code points of these texts, the end exclusive. What the standard has no place for (which ranges were annotated, values of
amounts) stands as JSON in one note a report.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import msgspec

from ffm import __version__
from ffm.exchange.items import Bundle, Item, Mark, identifier, writable
from ffm.exchange.offsets import in_report
from ffm.exchange.places import pieces
from ffm.exchange.refi_codes import NAMESPACE, Label, code_guid, codebook
from ffm.files import beside
from ffm.gold.store import GoldHeader
from ffm.records import Range
from ffm.tagging.schemes import shown

NOTE = "ffm: annotated ranges of "  # begins the name of a report's note
EPOCH = (1980, 1, 1, 0, 0, 0)  # the time of all files in the zip, so that the same data gives the same bytes


def write(bundle: Bundle, path: Path) -> None:
    """Write a project of all reports of a bundle."""
    project = _project(bundle)
    indent(project)
    files = {"project.qde": tostring(project, encoding="utf-8", xml_declaration=True)}
    for report in bundle.reports:
        files[f"sources/{_source_guid(report)}.txt"] = writable(bundle.texts[report], report).encode("utf-8")
    with beside(path) as part, zipfile.ZipFile(part, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)


def _source_guid(report: str) -> str:
    return identifier("source", report)


def _project(bundle: Bundle) -> Element:
    headers = {item.report: item.carried.header for item in bundle.items}
    annotators = {header.annotator: identifier("user", header.annotator) for header in headers.values()}
    dates = [header.date for header in headers.values() if header.date]
    project = Element(
        "Project", {"xmlns": NAMESPACE, "name": f"{bundle.scheme.title}: {', '.join(bundle.reports)}", "origin": f"ffm {__version__}"}
    )
    project.set("creatingUserGUID", next(iter(annotators.values())))
    if dates:
        project.set("creationDateTime", f"{max(dates)}T00:00:00Z")
    users = SubElement(project, "Users")
    for name, guid in annotators.items():
        SubElement(users, "User", {"guid": guid, "name": shown(name)})
    project.append(codebook(bundle.scheme))
    sources = SubElement(project, "Sources")
    notes = SubElement(project, "Notes")
    for report, header in headers.items():
        items = bundle.of(report)
        user = annotators[header.annotator]
        guid = _source_guid(report)
        place = {"guid": guid, "name": report, "plainTextPath": f"internal://{guid}.txt", "creatingUser": user}
        source = SubElement(sources, "TextSource", place)
        for item in items:
            _select(source, item, user, bundle.texts[report])
        note_guid = identifier("note", report)
        SubElement(source, "NoteRef", {"targetGUID": note_guid})
        note = SubElement(notes, "Note", {"guid": note_guid, "name": f"{NOTE}{report}", "creatingUser": user})
        SubElement(note, "PlainTextContent").text = _note(header, items)
    return project


def _select(source: Element, item: Item, user: str, text: str) -> None:
    """Add the selections of an item: its parts with their themes, its entities."""
    parts = item.carried.parts
    themes = [Label("", theme, item.carried.stance.get(theme, "")) for theme in item.themes]
    for part in parts if themes else ():
        _selection(source, item.id, part, themes, user, text)
    for mark in item.marks:
        for piece in pieces(*in_report(parts, mark.start, mark.end), parts):
            _selection(source, item.id, piece, [Label(entity=mark.label)], user, text)


def _selection(source: Element, name: str, place: Range, labels: Sequence[Label], user: str, text: str) -> None:
    start, end = place
    what = f"{source.get('name')} {name} {start} {end} {labels[0].entity}"
    attributes = {
        "guid": identifier("selection", what),
        "name": shown(text[start:end]),
        "startPosition": str(start),
        "endPosition": str(end),
        "creatingUser": user,
    }
    selection = SubElement(source, "PlainTextSelection", attributes)
    for label in labels:
        coding = SubElement(selection, "Coding", {"guid": identifier("coding", what, label.theme), "creatingUser": user})
        SubElement(coding, "CodeRef", {"targetGUID": code_guid(label)})


def _note(header: GoldHeader, items: Sequence[Item]) -> str:
    """Return what a report's note holds: ASCII, so that no character is one that XML refuses."""
    records = [
        {
            "id": item.id,
            "parts": item.carried.parts,
            "unit": item.carried.unit,
            "role": item.carried.role,
            "unread": item.carried.unread,
            "history": [msgspec.to_builtins(event) for event in item.carried.history],
            "values": [msgspec.to_builtins(mark) for mark in item.marks if _is_kept(mark, item)],
        }
        for item in items
    ]
    found: dict[str, Any] = {"header": msgspec.to_builtins(header), "records": records}
    return json.dumps(found, ensure_ascii=True)


def _is_kept(mark: Mark, item: Item) -> bool:
    """Tell whether codes alone would lose something of a mark: its value, or that several pieces are one."""
    parts = item.carried.parts
    return bool(mark.value) or len(pieces(*in_report(parts, mark.start, mark.end), parts)) > 1
