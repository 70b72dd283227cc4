"""Text without its markup, with a map back to the characters that it came from."""

from __future__ import annotations

import html
import re
import unicodedata
from html.entities import html5

from msgspec import Struct

from ffm.records import Range

# characters that are not seen, or seen as a mark that no font but one has
UNSEEN = "\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffc\ue000-\uf8ff\U000f0000-\U0010ffff"
CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # and none that ends a line
_NOT_SEEN = re.compile(rf"[{UNSEEN}{CONTROLS}]")
_RUN = re.compile(rf"[^\s{UNSEEN}{CONTROLS}]{{1,200}}")  # read in one go where nothing of it is markup
_SUPER = "¹²³⁰-⁹"
_NO_UNIT = "".join(rf"(?<!(?<![^\W\d_]){unit})" for unit in ("m", "km", "cm", "mm", "ft"))
_NUMBER = r"\d{1,4}(?:\s{0,3}[-–,;]\s{0,3}\d{1,4}){0,9}"
_DROPPED = re.compile(
    rf"(?=[<\[^\\dD{{(\s{_SUPER}†‡*_#:`{UNSEEN}{CONTROLS}])(?:"  # what one of the following begins with: at most places none is tried
    r"<!--.{0,1000}?-->"
    rf"|<sup>(?!\s{{0,9}}(?:st|nd|rd|th)\s{{0,9}}<)[\w,\s*†‡\[\]\\]{{1,16}}</sup>|\[\^[\w-]{{1,20}}\]"
    r"|\^\[[^\[\]]{0,2000}(?:\[[^\[\]]{0,200}\][^\[\]]{0,2000}){0,20}\]"  # ^[an inline note]
    rf"|\s?\[(?:(?:foot|end)?note|fn\.?|n\.)\s{{0,3}}{_NUMBER}\]"
    rf"|(?<=[^\s\[(])\\?\[{_NUMBER}\\?\](?!\(|:)"  # a number in brackets at a word: a reference
    r"|\[[^\[\]@\n]{0,200}@[\w:.#$%&+?~/-]{1,80}[^\[\]\n]{0,400}\](?!\()"  # [@key2006, 12]: a citation
    r"|<?data:[\w.+-]{1,60}/[\w.+-]{1,60}[;,][^\s<>\"')]*+>?"
    r"|(?P<tag></?(?:b|i|u|strong|em|p|br|sup|sub|span|div|a|td|tr|th|table|img|font|center|small|mark|ins|del|hr|li|ul|ol|blockquote)\b[^<>]{0,400}>)"
    r"|\{(?:[#.][\w.:=-]{1,60}[^{}\n]{0,200}|width=[^{}\n]{1,60})\}"  # {#anchor .class}
    r"|(?<=[.,;:”\"’'!?\w)])\s?\(\d{1,3}(?:\s*[-–,;](?:\s|<br>)*\d{1,3})+\)(?=[\s.,;<]|[A-Z]|$)"  # (4, 24) after a word: references
    r"|(?<=[.,;:”\"!?])\s?\(\d{1,3}\)(?=[\s.,;<]|[A-Z]|$)"
    r"|(?<=[\w)])\(\d{1,3}\)(?=\s*\v)"  # 171(5) at the end of a table's cell
    rf"|{_NO_UNIT}[{_SUPER}]+|(?<=\S)[†‡]+"
    r"|\*\*|__|(?<![\w*])[*_](?=\S)|(?<=\S)[*_](?![\w*])|^\s{0,3}#{1,6}\s|^:{3,}[^\n]{0,200}$|\\(?=\n)|`"
    rf"|{_NOT_SEEN.pattern})",
    re.IGNORECASE | re.MULTILINE,
)
_LITERAL = re.compile(r"\\([^\w\s])|(?P<entity>&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});)", re.IGNORECASE)
_LABEL = r"(?P<text>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)"
_LINK = re.compile(
    rf"(?<!\\)!?\[{_LABEL}\](?P<target>\((?:[^()\s\\]|\\.|\([^()]*\)|\s\"[^\"\n]{{0,300}}\"|\s'[^'\n]{{0,300}}')*\)|\[[\w.-]{{0,40}}\])"
)
_MARK_TEXT = re.compile(r"\\?\[?\\?\[?[#^]?\(?(?:(?:foot|end)?note\s?)?(?:\d{1,4}|[a-z*†‡↩])\)?\\?\]?\\?\]?", re.IGNORECASE)
_DEFINITION = re.compile(
    r"^[^\S\n]{0,9}\[[^\[\]^\n]{1,80}\]:[^\S\n]{1,9}(?:<[^<>\n]*>|\S+)[^\S\n]*(?:[\"'(][^\n]{0,300}[\"')])?[^\S\n]*$", re.MULTILINE
)
_PARAGRAPH = re.compile(r"\n(?=[^\S\n]*(?:\n|[-*+•●▪–]\s|\(?\w{1,3}[.)]\s))|\v")
_CELL = re.compile(r"</?(?:td|th|tr|table)\b", re.IGNORECASE)
_PLAIN = re.compile(rf"\A(?:[^<*_\[#\\`(\s{{&\x00-\x1f\x7f-\x9f{UNSEEN}{_SUPER}†‡]+(?: (?!$)|$))*")
_URL = re.compile(r"<?(?:https?://|www\.)[^\s<>|]+>?")
_LONG_RUN = re.compile(r"[^\w\s]{40,}|\S{200,}")
_PIECE = 40  # the tokenizer's time grows with the square of a run's length

_FRONT_MATTER = re.compile(
    r"\A\ufeff?---[^\S\n]*\n(?:(?!(?:---|\.\.\.)[^\S\n]*$)[^\n]{0,2000}\n){1,400}?(?:---|\.\.\.)[^\S\n]*$", re.MULTILINE
)
_KEY = re.compile(r"^[\w-]{1,40}:(?:\s|$)", re.MULTILINE)
_NO_TEXT = re.compile(
    r"^[^\S\n]{0,9}!\[(?:[^\[\]\\\n]|\\.)*+\](?:\([^()\s]*+(?:\s[^()\n]{0,300})?\)|\[[^\[\]\n]{0,80}\])(?:\{[^{}\n]{0,300}\})?[^\S\n]*$"  # an image
    r"|^[^\S\n]{0,9}:{3,}[^\n]{0,200}$"
    r"|<img\b[^<>]*+>|<?data:[\w.+-]{1,60}/[\w.+-]{1,60}[;,][^\s<>\"')]*+>?",
    re.MULTILINE | re.IGNORECASE,
)
_BULLET = re.compile(r"^([^\S\n]{0,20})[\ue000-\uf8ff\U000f0000-\U0010ffff](?=[^\S\n])", re.MULTILINE)
_TO_SPACES = "\u00a0\u2007\u202f\ufffc"
_CONTROL = re.compile(rf"[{CONTROLS}\ue000-\uf8ff\U000f0000-\U0010ffff]")


class CleanText(Struct, frozen=True):
    """Text for a reader or a model.

    Attributes
    ----------
    text
        The text without emphasis, link targets, note marks, tags and what is not seen (soft hyphens, zero-width and
        private-use characters), composed (NFC), references to characters (``&amp;``) read; each run of white space is
        one space, or one line feed where a paragraph, a list item or a table's cell begins. In runs of characters that
        are longer than words are, spaces take the place of some.
    index
        For each character of ``text`` the offset of the first character that it came from; never falls.
    ends
        For each character of ``text`` where the last character that it came from ends.
    """

    text: str
    index: tuple[int, ...]
    ends: tuple[int, ...]

    def source_range(self, start: int, end: int) -> Range:
        """Return the range of the source for a range of the clean text."""
        return self.index[start], self.ends[end - 1]

    def after(self, start: int) -> CleanText:
        """Return the clean text from a character on."""
        return CleanText(self.text[start:], self.index[start:], self.ends[start:])


def clean(source: str) -> CleanText:
    """Return a text without its markup; words, figures and punctuation stay as they are."""
    if _PLAIN.fullmatch(source) and "www." not in source and "://" not in source and unicodedata.is_normalized("NFC", source):
        return CleanText(_divided(source), tuple(range(len(source))), tuple(range(1, len(source) + 1)))
    keep, literal = _kept(source)
    lines = {match.start() for match in _PARAGRAPH.finditer(source)}
    breaks: set[int] = set()
    for match in _DROPPED.finditer(source):
        if literal.get(match.start(), (0, ""))[0] or not keep[match.start()]:
            continue
        keep[match.start() : match.end()] = bytes(match.end() - match.start())
        if (match.group("tag") and "su" not in match.group("tag")) or match.group().startswith("#"):
            breaks.add(match.start())
            if _CELL.match(match.group()):
                lines.add(match.start())
    made = _Maker(lines)
    offset = 0
    composed = unicodedata.is_normalized("NFC", source)
    plain = bytearray(keep)
    for place in (*breaks, *literal):
        plain[place] = 0
    while offset < len(source):
        if plain[offset] and composed and (run := _RUN.match(source, offset)):
            end = plain.find(0, offset, run.end())
            end = run.end() if end < 0 else end
            made.add_run(source[offset:end], offset)
            offset = end
            continue
        if offset in breaks:
            made.space(offset)
        length, said = literal.get(offset, (1, source[offset]))
        if keep[offset]:
            if not composed and length == 1:
                while offset + length < len(source) and (unicodedata.combining(source[offset + length]) or _joins(source, offset + length)):
                    length += 1
                said = source[offset : offset + length]
            for character in said if composed else unicodedata.normalize("NFC", said):
                made.add(character, offset + (length > 1 and source[offset] == "\\"), offset + length)  # the "$" of "\\$"
        offset += length
    return made.result()


def _kept(source: str) -> tuple[bytearray, dict[int, tuple[int, str]]]:
    """Return which characters links, addresses and definitions leave, and where characters are written in another way."""
    keep = bytearray(b"\1") * len(source)
    literal: dict[int, tuple[int, str]] = {}
    for match in _LITERAL.finditer(source):
        name = match.group("entity")
        known = name is None or name.startswith("&#") or name[1:] in html5
        said = match.group(1) or (html.unescape(name) if known else name)
        if said != match.group():
            literal[match.start()] = (len(match.group()), said)
            if match.group(1) is not None:  # what is escaped is no markup
                literal[match.start() + 1] = (1, said)
    for match in _LINK.finditer(source):
        start, end = match.span("target")
        mark = "#" in match.group("target") and _MARK_TEXT.fullmatch(match.group("text").strip())
        if source[match.start()] == "!" or mark:
            keep[match.start() : end] = bytes(end - match.start())
        else:
            keep[match.start()] = 0
            keep[start - 1 : end] = bytes(end - start + 1)
    for pattern in (_URL, _DEFINITION):
        for match in pattern.finditer(source):
            keep[match.start() : match.end()] = bytes(match.end() - match.start())
    return keep, literal


def _joins(source: str, offset: int) -> bool:
    """Tell whether a character is the later part of a Korean syllable."""
    return "\u1160" <= source[offset] <= "\u11ff"


class _Maker:
    """Collects the characters of a clean text, white space single."""

    def __init__(self, lines: set[int]) -> None:
        self.lines = lines
        self.characters: list[str] = []
        self.index: list[int] = []
        self.ends: list[int] = []
        self.spaced = True

    def add(self, character: str, start: int, end: int) -> None:
        if character.isspace():
            self.space(start)
        if character.isspace() or _NOT_SEEN.fullmatch(character):
            return
        self.characters.append(character)
        self.index.append(start)
        self.ends.append(end)
        self.spaced = False

    def add_run(self, characters: str, start: int) -> None:
        self.characters.append(characters)
        self.index += range(start, start + len(characters))
        self.ends += range(start + 1, start + len(characters) + 1)
        self.spaced = False

    def space(self, offset: int) -> None:
        if not self.spaced:
            self.characters.append(" ")
            self.index.append(offset)
            self.ends.append(offset + 1)
        self.spaced = True
        if offset in self.lines and self.characters:
            self.characters[-1] = "\n"

    def result(self) -> CleanText:
        text = "".join(self.characters).rstrip(" \n")
        return CleanText(_divided(text), tuple(self.index[: len(text)]), tuple(self.ends[: len(text)]))


def _divided(text: str) -> str:
    """Return a text with a space in place of some characters of every run that is longer than words are."""
    if max(map(len, text.split()), default=0) <= _PIECE:
        return text
    return _LONG_RUN.sub(lambda match: re.sub(rf"(?s)(.{{{_PIECE}}}).(?=.)", r"\1 ", match.group()), text)


def plain_source(table: str) -> str:
    """Return a table with the borders of cells and rows as vertical tabs, its ruled lines as spaces, character for character."""
    bare = re.sub(r"(?m)^[\s|:+-]+$", lambda match: " " * len(match.group()), table)
    return re.sub(r"(?<!\\)[|\t\n]|(?<=\S) {2}(?= +\S)", lambda match: "\v".ljust(len(match.group())), bare)


def legible(text: str) -> str:
    """Return a report's text as its layout is read, character for character.

    What carries no words is spaces: the front matter of a Markdown file, images and their data, definitions of links,
    fences, control characters. Hard spaces are spaces; a mark at the start of a line that only one font has is a bullet.
    """
    for character in _TO_SPACES:
        text = text.replace(character, " ")
    front = _FRONT_MATTER.match(text)
    if front is not None and _KEY.search(front.group()):
        text = _blank(front) + text[front.end() :]
    for pattern in (_DEFINITION, _NO_TEXT):
        text = pattern.sub(_blank, text)
    return _CONTROL.sub(" ", _BULLET.sub(r"\1•", text))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"\S", " ", match.group())
