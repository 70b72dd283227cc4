"""Text without its markup, with a map back to the characters that it came from."""

from __future__ import annotations

import re

from msgspec import Struct

from ffm.records import Range

_DROPPED = re.compile(
    r"<!--.{0,1000}?-->"
    r"|<sup>(?!\s*(?:st|nd|rd|th)\s*<)\s*[\w,\s]{1,12}</sup>|\[\^\w{1,8}\]"
    r"|(?P<tag></?(?:b|i|u|strong|em|p|br|sup|sub|span|div|a|td|tr|th|table)\b[^<>]{0,200}>)"
    r"|(?<=[.,;:”\"’'!?\w)])\s?\(\d{1,3}(?:\s*[-–,;](?:\s|<br>)*\d{1,3})+\)(?=[\s.,;<]|[A-Z]|$)"  # (4, 24) after a word: references
    r"|(?<=[.,;:”\"!?])\s?\(\d{1,3}\)(?=[\s.,;<]|[A-Z]|$)"
    r"|(?<=[\w)])\(\d{1,3}\)(?=\s*\v)"  # 171(5) at the end of a table's cell
    r"|(?<=[.,;:!?”\"’a-z])[¹²³⁰-⁹]+|(?<=\S)[†‡]+"
    r"|\*\*|__|(?<![\w*])[*_](?=\S)|(?<=\S)[*_](?![\w*])|^\s{0,3}#{1,6}\s|\\(?=[^\w\s])|`",
    re.IGNORECASE | re.MULTILINE,
)
_LINK = re.compile(r"!?\[(?P<text>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\](?P<target>\((?:[^()\s\\]|\\.|\([^()]*\))*\))")
_PARAGRAPH = re.compile(r"\n(?=[^\S\n]*(?:\n|[-*+•●▪–]\s|\(?\w{1,3}[.)]\s))|\v")
_CELL = re.compile(r"</?(?:td|th|tr|table)\b", re.IGNORECASE)
_PLAIN = re.compile(r"(?:[^<*_\[#\\`(\s\u200b\ufeff¹²³⁰-⁹†‡]+(?: (?!$)|$))*")
_URL = re.compile(r"<?(?:https?://|www\.)[^\s<>|]+>?")
_LONG_RUN = re.compile(r"[^\w\s]{40,}|\S{200,}")
_PIECE = 40  # the tokenizer's time grows with the square of a run's length


class CleanText(Struct, frozen=True):
    """Text for a reader or a model.

    Attributes
    ----------
    text
        The text without emphasis, link targets, note marks and tags; each run of white space is one space,
        or one line feed where a paragraph, a list item or a table's cell begins. In runs of characters that are longer
        than words are, spaces take the place of some.
    index
        For each character of ``text`` the offset of the character that it came from.
    """

    text: str
    index: tuple[int, ...]

    def source_range(self, start: int, end: int) -> Range:
        """Return the range of the source for a range of the clean text."""
        return self.index[start], self.index[end - 1] + 1


def clean(source: str) -> CleanText:
    """Return a text without its markup; words, figures and punctuation stay as they are."""
    if _PLAIN.fullmatch(source) and "www." not in source and "://" not in source:
        return CleanText(_divided(source), tuple(range(len(source))))
    keep = bytearray(b"\1") * len(source)
    for match in _LINK.finditer(source):
        keep[match.start()] = 0
        start, end = match.span("target")
        keep[start - 1 : end] = bytes(end - start + 1)
        if source[match.start()] == "!":
            keep[match.start() + 1] = 0
    for match in _URL.finditer(source):
        keep[match.start() : match.end()] = bytes(match.end() - match.start())
    breaks: set[int] = set()
    lines = {match.start() for match in _PARAGRAPH.finditer(source)}
    for match in _DROPPED.finditer(source):
        keep[match.start() : match.end()] = bytes(match.end() - match.start())
        if (match.group("tag") and "su" not in match.group("tag")) or match.group().startswith("#"):
            breaks.add(match.start())
            if _CELL.match(match.group()):
                lines.add(match.start())
    characters: list[str] = []
    index: list[int] = []
    space = True
    for offset, character in enumerate(source):
        if offset in breaks:
            if not space:
                characters.append(" ")
                index.append(offset)
            space = True
            if offset in lines and characters:
                characters[-1] = "\n"
        if not keep[offset]:
            continue
        if character.isspace() or character in "\u200b\ufeff":
            if not space:
                characters.append(" ")
                index.append(offset)
            space = True
            if offset in lines and characters:
                characters[-1] = "\n"
        else:
            characters.append(character)
            index.append(offset)
            space = False
    while characters and characters[-1] in " \n":
        characters.pop()
        index.pop()
    return CleanText(_divided("".join(characters)), tuple(index))


def _divided(text: str) -> str:
    """Return a text with a space in place of some characters of every run that is longer than words are."""
    if max(map(len, text.split()), default=0) <= _PIECE:
        return text
    return _LONG_RUN.sub(lambda match: re.sub(rf"(?s)(.{{{_PIECE}}}).(?=.)", r"\1 ", match.group()), text)


def plain_source(table: str) -> str:
    """Return a table with the borders of cells and rows as vertical tabs, its ruled lines as spaces, character for character."""
    bare = re.sub(r"(?m)^[\s|:+-]+$", lambda match: " " * len(match.group()), table)
    return re.sub(r"[|\t\n]|(?<=\S) {2}(?= +\S)", lambda match: "\v".ljust(len(match.group())), bare)
