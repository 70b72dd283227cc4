"""What travels with a passage: the lines above its text for who annotates it, and that by which it is found again.

Every row has the same keys and only texts: rows whose keys differ, or are null, make doccano refuse a whole file.
The names of its own fields are no keys: in an export, metadata overwrite them. It shows all metadata in a narrow column beside the
text, so what people read stands above the text, and there is no more than a passage's name and what the program needs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from ffm.doccano.suggested import Suggested
from ffm.doccano.values import say_amount
from ffm.errors import PassageError
from ffm.exchange.lead import lead_of, with_lead
from ffm.exchange.offsets import in_passage
from ffm.records import Range, TaggedPassage, Value, value_of

PASSAGE, PROGRAM = "passage", "for ffm"
KEYS = (PASSAGE, PROGRAM)
OLDER = ("report", "kind", "parts", "suggested", "amounts", "date")  # rows of before had a key for each
PARTS = re.compile(r"\d{1,15}-\d{1,15}(?: \d{1,15}-\d{1,15})*")


class Sent(Struct, frozen=True):
    """A passage as it was sent, read from what came back.

    Attributes
    ----------
    lead
        How many characters of the row's text stand above the passage.
    text
        The passage.
    suggested
        How many labels were sent with it.
    amounts
        The values of the amounts that were sent with it, by their ranges in the report.
    undecided
        Amounts whose value annotators differ about, and a third decides.
    question
        Ranges of the question that it answers.
    told
        What was suggested with it; None where nothing was sent, not even that it carries nothing.
    """

    report: str
    passage: str
    kind: str
    parts: tuple[Range, ...]
    lead: int
    text: str
    suggested: int
    amounts: dict[Range, Value]
    undecided: frozenset[Range] = frozenset()
    question: tuple[Range, ...] = ()
    date: str = ""
    told: Suggested | None = None

    @property
    def range(self) -> Range:
        """Where it stands in its report."""
        return self.parts[0][0], self.parts[-1][1]


class Marked(Value, frozen=True, omit_defaults=True):
    """An amount as it travels: its range in the report, and its value or that annotators differ about it."""

    start: int
    end: int
    undecided: bool = False


class _Travelling(Struct, frozen=True, omit_defaults=True):
    """What the program needs of a passage."""

    report: str
    kind: str
    parts: str
    suggested: str
    question: str = ""
    date: str = ""
    lead: bool = False
    amounts: tuple[Marked, ...] = ()
    told: Suggested | None = None


def text_and_metadata(
    passage: TaggedPassage, suggested: int, notes: Mapping[str, str], amounts: Sequence[Marked] = (), told: Suggested | None = None
) -> tuple[str, dict[str, str]]:
    """Return the text of a passage under what its annotator should know of it, and its metadata.

    Parameters
    ----------
    notes
        Further lines, by what they begin with.
    amounts
        The amounts whose values travel with it; they are shown in words too, as a comment would put them right.
    told
        What is suggested, if anything is sent.
    """
    decided = [item for item in amounts if not item.undecided]
    speaks = f"{passage.source} ({passage.source_type})" if passage.source and passage.source_type else passage.source
    section = passage.section if passage.section != passage.source else None
    page = f"page {passage.page}" if passage.page is not None else None
    lines = [
        passage.question or "",
        " · ".join(filter(None, (speaks, section, passage.date, page))),
        "; ".join(say_amount(_words(passage, item), item) for item in decided),
        *(f"{key}: {value}" for key, value in notes.items()),
    ]
    text = with_lead(lines, passage.text)
    travelling = _Travelling(
        passage.report,
        passage.kind,
        _said(passage.parts),
        str(suggested),
        _said(passage.question_parts),
        passage.date or "",
        text != passage.text,
        tuple(amounts),
        told,
    )
    return text, {PASSAGE: passage.passage, PROGRAM: msgspec.json.encode(travelling).decode()}


def _said(parts: Sequence[Range]) -> str:
    return " ".join(f"{start}-{end}" for start, end in parts)


def _ranges(said: str) -> tuple[Range, ...]:
    return tuple((int(start), int(end)) for start, end in (part.split("-") for part in said.split(" "))) if said else ()


def _words(passage: TaggedPassage, amount: Marked) -> str:
    start, end = in_passage(passage.parts, amount.start, amount.end)
    return passage.text[start:end]


def read_sent(row: Mapping[str, Any]) -> Sent:
    """Return a passage as it was sent.

    Raises
    ------
    PassageError
        If the row was not sent by us, or its metadata or the lines above it have been changed since.
    """
    passage = row.get(PASSAGE)
    name = f"the passage {passage or 'number ' + str(row.get('id'))}"
    damaged = PassageError(f"{name} lacks what ffm sends with a passage; delete it in doccano, and push it if it is one of a report")
    try:
        found = msgspec.json.decode(str(row[PROGRAM]), type=_Travelling) if PROGRAM in row else _older(row)
    except (msgspec.MsgspecError, RecursionError):
        raise damaged from None
    sound = PARTS.fullmatch(found.parts) and (not found.question or PARTS.fullmatch(found.question)) and found.suggested.isdecimal()
    if not (isinstance(passage, str) and passage and found.report and found.kind and sound):
        raise damaged
    text = str(row.get("text", ""))
    lead = lead_of(text) if found.lead else 0
    if found.lead and not lead:
        raise PassageError(
            f"{name}: its text is not the one that was sent; restore it in doccano, or delete the passage there and push again"
        )
    decided = {(item.start, item.end): Value(**value_of(item)) for item in found.amounts if not item.undecided}
    undecided = frozenset((item.start, item.end) for item in found.amounts if item.undecided)
    return Sent(
        report=found.report,
        passage=passage,
        kind=found.kind,
        parts=_ranges(found.parts),
        lead=lead,
        text=text[lead:],
        suggested=int(found.suggested),
        amounts=decided,
        undecided=undecided,
        question=_ranges(found.question),
        date=found.date,
        told=found.told,
    )


def _older(row: Mapping[str, Any]) -> _Travelling:
    """Return what travelled with a row that was sent before lines stood above a text; each thing has a key of its own there."""
    fields = {key: row[key] for key in OLDER if key in row}
    fields["amounts"] = msgspec.json.decode(str(fields.get("amounts") or "[]"))
    return msgspec.convert(fields, _Travelling)
