"""What travels with a passage: the lines that doccano shows beside its text, and those by which it is found again.

Every row has the same keys and only texts: rows whose keys differ, or are null, make doccano refuse a whole file.
The names of its own fields are no keys: in an export, metadata overwrite them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from ffm.doccano.values import say_amount
from ffm.errors import PassageError
from ffm.exchange.offsets import in_passage
from ffm.records import Range, TaggedPassage, Value, value_of

SHOWN = ("question", "source", "source_type", "section", "date", "page")
VALUES = "amounts in words"
KEYS = (*SHOWN, VALUES, "kind", "report", "passage", "parts", "checksum", "suggested", "amounts")
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
    undecided
        Amounts whose value annotators differ about, and a third decides.
    """

    report: str
    passage: str
    kind: str
    parts: tuple[Range, ...]
    suggested: int
    amounts: dict[Range, Value]
    undecided: frozenset[Range] = frozenset()


class Marked(Value, frozen=True, omit_defaults=True):
    """An amount as it travels: its range in the report, and its value or that annotators differ about it."""

    start: int
    end: int
    undecided: bool = False


def checksum(text: str) -> str:
    """Return a short digest of a passage's text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def metadata(passage: TaggedPassage, suggested: int, notes: Mapping[str, str], amounts: Sequence[Marked] = ()) -> dict[str, str]:
    """Return the metadata of a passage, notes for its annotator first.

    Parameters
    ----------
    amounts
        The amounts whose values travel with it; they are shown in words too, as a comment would put them right.

    Raises
    ------
    ValueError
        If a note has a key that is doccano's or ours.
    """
    if taken := set(notes) & (RESERVED | set(KEYS)):
        raise ValueError(f"no note may be named {min(taken)}")
    decided = [item for item in amounts if not item.undecided]
    shown = {key: getattr(passage, key) for key in SHOWN}
    return {
        **notes,
        **{key: "" if value is None else str(value) for key, value in shown.items()},
        VALUES: "; ".join(say_amount(_words(passage, item), item) for item in decided),
        "kind": passage.kind,
        "report": passage.report,
        "passage": passage.passage,
        "parts": " ".join(f"{start}-{end}" for start, end in passage.parts),
        "checksum": checksum(passage.text),
        "suggested": str(suggested),
        "amounts": msgspec.json.encode(amounts).decode(),
    }


def _words(passage: TaggedPassage, amount: Marked) -> str:
    start, end = in_passage(passage.parts, amount.start, amount.end)
    return passage.text[start:end]


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
    decided = {(item.start, item.end): Value(**value_of(item)) for item in amounts if not item.undecided}
    undecided = frozenset((item.start, item.end) for item in amounts if item.undecided)
    return Sent(report, passage, kind, ranges, int(suggested), decided, undecided)
