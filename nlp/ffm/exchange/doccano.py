"""doccano's JSON Lines: ``text``, ``entities``, ``cats`` and flat metadata, as a project of entities and themes reads them.

doccano counts the offsets of such a project in UTF-16 code units; a stance is a category of its own (``stigma:denied``).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ffm.errors import FfmError, RecordError
from ffm.exchange.categories import SEPARATOR, categories, read_categories
from ffm.exchange.intake import Intake, read_capped
from ffm.exchange.items import Bundle, Item, Span, decode_carried
from ffm.exchange.offsets import to_points, to_units
from ffm.files import write_text
from ffm.project.scheme import Scheme
from ffm.tagging.schemes import shown

ABOUT = ("section", "source", "date", "question")


class Row(Struct, frozen=True):
    """A line of doccano's file, as far as it is read; a project of entities alone has them under ``label``."""

    text: str
    ffm: str
    entities: list[Span] = []
    label: list[Span] = []
    cats: list[str] = []


def write(bundle: Bundle, path: Path) -> None:
    """Write doccano's JSON Lines, in ASCII, so that no reader can mistake the encoding; every row has the same keys."""
    write_text(path, "".join(json.dumps(_row(item, bundle.scheme), ensure_ascii=True) + "\n" for item in bundle.items))


def _row(item: Item, scheme: Scheme) -> dict[str, Any]:
    places = to_units(item.text, [(mark.start, mark.end) for mark in item.marks])
    return {
        "text": item.text,
        "entities": [[*place, mark.label] for place, mark in zip(places, item.marks, strict=True)],
        "cats": categories(item.themes, item.carried.stance, scheme),
        "report": item.report,
        "passage": item.id,
        **{key: item.carried.about.get(key, "") for key in ABOUT},
        "ffm": msgspec.json.encode(item.carried).decode(),
    }


def read(path: Path, intake: Intake) -> None:
    """Read doccano's JSON Lines: a file that was written here, or what doccano exports of it.

    Raises
    ------
    RecordError
        If a line is not of the format; the message names it.
    """
    for number, line in enumerate(read_capped(path).split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"), type=Row)
            carried = decode_carried(row.ffm)
            found = row.entities or row.label
            places = to_points(row.text, [(start, end) for start, end, _ in found])
            themes, stance = read_categories(row.cats, intake.scheme)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, FfmError) as error:
            raise RecordError(f"{path}: line {number}: {error}; give a file of ffm export, or what doccano exported of it") from None
        unknown = {text.partition(SEPARATOR)[0] for text in row.cats}.difference(themes)
        if unknown:
            intake.refuse(carried.header.report, f'line {number}: the scheme has no theme "{shown(min(unknown))}"; remove the category')
            continue
        spans = [(*place, label) for place, (_, _, label) in zip(places, found, strict=True)]
        intake.add(replace(carried, stance=stance), row.text, spans, themes)
