"""CoNLL: one token and its IOB2 label a line, an empty line after each item, comments before it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ffm.errors import RecordError
from ffm.exchange.intake import Intake, read_capped
from ffm.exchange.items import Bundle, Carried, Item, Span, decode_carried
from ffm.exchange.tokens import make_doc
from ffm.files import write_text
from ffm.records import joined

COMMENT = "# "  # a token holds no space and is followed by a tab, so that no line of a token begins like this


def write(bundle: Bundle, path: Path) -> None:
    """Write a CoNLL file: ``# id``, ``# themes`` and ``# ffm`` (JSON), then token, tab, label."""
    write_text(path, "".join(_block(item) for item in bundle.items))


def _block(item: Item) -> str:
    lines = [
        f"{COMMENT}id = {_line(item.id)}",
        f"{COMMENT}themes = {' '.join(item.themes)}",
        f"{COMMENT}ffm = {msgspec.json.encode(item.carried).decode()}",
    ]
    lines += [
        f"{token.text}\t{token.ent_iob_}{f'-{token.ent_type_}' if token.ent_type_ else ''}"
        for token in make_doc(item.text, item.marks)
        if not token.text.isspace()
    ]
    return "\n".join(lines) + "\n\n"


def _line(text: str) -> str:
    return " ".join(text.split())


def read(path: Path, intake: Intake) -> None:
    """Read a CoNLL file that was written here and may have other labels since; tokens are found again in the report's text.

    Raises
    ------
    RecordError
        If the file is not of the format; the message names the line.
    """
    try:
        text = read_capped(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RecordError(f"{path}: not UTF-8; give a file of ffm export") from None
    carried: Carried | None = None
    themes: list[str] = []
    tokens: list[tuple[str, str]] = []
    for number, line in enumerate((*text.split("\n"), ""), 1):
        line = line.removesuffix("\r")
        try:
            if not line:
                if carried is not None:
                    _add(carried, themes, tokens, intake)
                elif tokens:
                    raise RecordError("the tokens before it have no comment of ffm")
                carried, themes, tokens = None, [], []
            elif line.startswith(COMMENT):
                name, _, value = line.removeprefix(COMMENT).partition(" = ")
                if name == "ffm":
                    carried = decode_carried(value)
                elif name.startswith("themes"):
                    themes = value.split()
            else:
                tokens.append(_token(line))
        except RecordError as error:
            raise RecordError(f"{path}: line {number}: {error}; give a file of ffm export") from None


def _token(line: str) -> tuple[str, str]:
    word, tab, label = line.partition("\t")
    if not word or not tab or not (label == "O" or (label[:2] in ("B-", "I-") and label[2:])):
        raise RecordError("no token, tab and IOB2 label")
    return word, label


def _add(carried: Carried, themes: list[str], tokens: list[tuple[str, str]], intake: Intake) -> None:
    report = intake.text(carried.header.report)
    if report is None:
        return
    text = joined(report, carried.parts)
    spans: list[Span] = []
    at = 0
    for word, label in tokens:
        start = text.find(word, at)
        if start < 0 or text[at:start].strip():
            intake.refuse(carried.header.report, f"{carried.id}: its tokens are not those of the report's text; import it with that text")
            return
        at = start + len(word)
        if label.startswith("I-") and spans and spans[-1][2] == label[2:] and not text[spans[-1][1] : start].strip():
            spans[-1] = (spans[-1][0], at, label[2:])
        elif label.startswith("I-"):
            intake.refuse(carried.header.report, f"{carried.id}: {label} continues no entity; begin it with B-{label[2:]}")
            return
        elif label != "O":
            spans.append((start, at, label[2:]))
    if text[at:].strip():
        intake.refuse(carried.header.report, f"{carried.id}: its tokens end before its text does; import the whole file")
        return
    intake.add(carried, text, spans, themes)
