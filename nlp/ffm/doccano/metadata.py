"""What travels with a passage: the lines that doccano shows beside its text, and those by which it is found again.

Every row has the same keys and only texts: rows whose keys differ, or are null, make doccano refuse a whole file.
The names of its own fields are no keys: in an export, metadata overwrite them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from ffm.doccano.told import KEY as TOLD
from ffm.errors import PassageError
from ffm.records import Range, TaggedPassage, Value, value_of

SHOWN = ("question", "source", "source_type", "section", "date", "page")
KEYS = (*SHOWN, "kind", "report", "passage", "parts", "checksum", "suggested", "amounts", TOLD)
RESERVED = frozenset({"id", "data", "text", "label", "labels", "cats", "categories", "entities", "relations", "Comments", "meta"})
PARTS = re.compile(r"\d{1,15}-\d{1,15}(?: \d{1,15}-\d{1,15})*")


class Sent(Struct, frozen=True):
    """A passage as it was sent, read from what came back.

    Attributes
    ----------
    suggested
        How many labels were sent with it.
    amounts
        The values of the amounts that were sent with it, by their ranges in the report.
    """

    report: str
    passage: str
    kind: str
    parts: tuple[Range, ...]
    suggested: int
    amounts: dict[Range, Value]


class Marked(Value, frozen=True, omit_defaults=True):
    """An amount as it travels: its range in the report and its value."""

    start: int
    end: int


def checksum(text: str) -> str:
    """Return a short digest of a passage's text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def metadata(passage: TaggedPassage, suggested: int, notes: Mapping[str, str], amounts: bool = False) -> dict[str, str]:
    """Return the metadata of a passage, notes for its annotator first.

    Parameters
    ----------
    amounts
        Whether its amounts are sent as marks, and their values with them.

    Raises
    ------
    ValueError
        If a note has a key that is doccano's or ours.
    """
    if taken := set(notes) & (RESERVED | set(KEYS)):
        raise ValueError(f"no note may be named {min(taken)}")
    sent = [Marked(item.start, item.end, **value_of(item)) for item in passage.entities if amounts and item.kind is not None]
    shown = {key: getattr(passage, key) for key in SHOWN}
    return {
        **notes,
        **{key: "" if value is None else str(value) for key, value in shown.items()},
        "kind": passage.kind,
        "report": passage.report,
        "passage": passage.passage,
        "parts": " ".join(f"{start}-{end}" for start, end in passage.parts),
        "checksum": checksum(passage.text),
        "suggested": str(suggested),
        "amounts": msgspec.json.encode(sent).decode(),
    }


def read_sent(row: Mapping[str, Any]) -> Sent:
    """Return a passage as it was sent.

    Raises
    ------
    PassageError
        If the row was not sent by us, or its text or metadata have been changed since.
    """
    name = f"the passage {row.get('passage') or 'number ' + str(row.get('id'))}"
    values = [row.get(key) for key in ("report", "passage", "kind", "parts", "checksum", "suggested")]
    report, passage, kind, parts, digest, suggested = (value if isinstance(value, str) else "" for value in values)
    if not (report and passage and kind and PARTS.fullmatch(parts) and suggested.isdecimal()):
        raise PassageError(f"{name} lacks what ffm sends with a passage; delete it in doccano, and push it if it is one of a report")
    if checksum(str(row.get("text", ""))) != digest:
        raise PassageError(
            f"{name}: its text is not the one that was sent; restore it in doccano, or delete the passage there and push again"
        )
    ranges = tuple((int(start), int(end)) for start, end in (part.split("-") for part in parts.split(" ")))
    try:
        amounts = msgspec.json.decode(str(row.get("amounts") or "[]"), type=list[Marked])
    except (msgspec.DecodeError, RecursionError):
        raise PassageError(
            f"{name}: the values that were sent with it are damaged; restore its metadata, or delete it and push again"
        ) from None
    return Sent(report, passage, kind, ranges, int(suggested), {(item.start, item.end): item for item in amounts})
