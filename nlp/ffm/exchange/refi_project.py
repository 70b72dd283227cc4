"""The XML of a REFI-QDA project, read as a stream: users, codes, sources with their selections, notes and links.

Programs write it in their own ways: any namespace of the standard's versions, guids with or without braces, texts inside of the XML or in
files beside it. Only what is asked for is kept, and elements are counted, so that neither a large nor a hostile file fills the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from msgspec import Struct, field

from ffm.errors import RecordError
from ffm.exchange.refi_codes import plain_guid

NAMESPACES = "{urn:QDA-XML:project:"
MAX_ELEMENTS, MAX_PIECES, MAX_DEPTH = 1_000_000, 10_000_000, 100  # pieces of text between elements and line ends


class XmlError(RecordError):
    """XML that is not that of a project; the message names no file."""


class Coding(Struct):
    """What a selection is coded with, by whom and when; guids, and a date of ISO 8601."""

    user: str
    date: str
    codes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Selection(Struct):
    """A selection of a source's text; positions as they are written."""

    guid: str
    name: str
    start: str
    end: str
    user: str
    date: str
    description: str = ""
    codings: list[Coding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Source(Struct):
    """A source of text, or a note, which has the same form.

    Attributes
    ----------
    place
        The file of its plain text, as it is written; empty where there is none.
    content
        Its text where that stands in the XML.
    codings
        Of the source as a whole.
    """

    guid: str
    name: str
    place: str
    user: str
    date: str
    content: str | None = None
    description: str = ""
    selections: list[Selection] = field(default_factory=list)
    codings: list[Coding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Code(Struct):
    """A code of the codebook."""

    guid: str
    name: str
    notes: list[str] = field(default_factory=list)


class Project(Struct):
    """What is read of a project; users are names by guid, links pairs of guids."""

    origin: str = ""
    users: dict[str, str] = field(default_factory=dict)
    codes: list[Code] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    notes: list[Source] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


def read_project(chunks: Iterable[bytes]) -> Project:
    """Read the XML of a project, piece by piece.

    Raises
    ------
    XmlError
        If it is not XML, defines entities, is no project, or has more elements than any.
    """
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    try:
        for chunk in chunks:
            parser.feed(chunk)
        parser.close()
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise XmlError(f"is not XML that can be read ({error})") from None
    if not builder.is_project:
        raise XmlError("is no REFI-QDA project")
    return builder.project


class _Builder:
    """Takes the events of a parser and builds the project."""

    def __init__(self) -> None:
        self.project = Project()
        self.is_project = False
        self._path: list[str] = []
        self._elements = self._pieces = 0
        self._text: list[str] | None = None
        self._source: Source | None = None
        self._selection: Selection | None = None
        self._coding: Coding | None = None
        self._begin: dict[str, Callable[[dict[str, str]], None]] = {
            "Project": self._project,
            "User": self._user,
            "Code": lambda given: self.project.codes.append(Code(_guid(given), given.get("name", ""))),
            "TextSource": lambda given: self._open(given, self.project.sources),
            "Note": lambda given: self._open(given, self.project.notes),
            "PlainTextSelection": self._select,
            "Coding": self._code,
            "CodeRef": lambda given: self._coding.codes.append(_guid(given, "targetGUID")) if self._coding else None,
            "NoteRef": self._refer,
            "Link": lambda given: self.project.links.append((_guid(given, "originGUID"), _guid(given, "targetGUID"))),
        }

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Take the beginning of an element."""
        self._elements += 1
        name = tag.partition("}")[2] if tag.startswith(NAMESPACES) else ""
        if self._elements == 1:
            self.is_project = name == "Project"
        if self._elements > MAX_ELEMENTS or len(self._path) >= MAX_DEPTH:
            raise XmlError(f"has more than {MAX_ELEMENTS:,} elements, or {MAX_DEPTH} in each other; divide the project")
        self._path.append(name)
        begin = self._begin.get(name)
        if begin is not None:
            begin(given)
        elif name in ("PlainTextContent", "Description"):
            self._text = []

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        name = self._path.pop()
        parent = self._path[-1] if self._path else ""
        if self._text is not None:
            self._say(name, parent, "".join(self._text))
            self._text = None
        elif name in ("TextSource", "Note"):
            self._source = None
        elif name == "PlainTextSelection":
            self._selection = None
        elif name == "Coding":
            self._coding = None

    def data(self, text: str) -> None:
        """Take a piece of text."""
        self._pieces += 1
        if self._pieces > MAX_PIECES:
            raise XmlError(f"has more than {MAX_PIECES:,} pieces of text; divide the project")
        if self._text is not None:
            self._text.append(text)

    def close(self) -> None:
        """Take the end of the file."""

    def _project(self, given: dict[str, str]) -> None:
        self.project.origin = given.get("origin", "")

    def _user(self, given: dict[str, str]) -> None:
        self.project.users[_guid(given)] = given.get("name", "").strip() or given.get("id", "").strip()

    def _open(self, given: dict[str, str], kept: list[Source]) -> None:
        place = given.get("plainTextPath", "")
        self._source = Source(_guid(given), given.get("name", ""), place, *_made(given))
        kept.append(self._source)

    def _select(self, given: dict[str, str]) -> None:
        if self._source is None:
            return
        positions = given.get("startPosition", ""), given.get("endPosition", "")
        self._selection = Selection(_guid(given), given.get("name", ""), *positions, *_made(given))
        self._source.selections.append(self._selection)

    def _code(self, given: dict[str, str]) -> None:
        holder = self._selection or self._source
        if holder is not None:
            self._coding = Coding(*_made(given))
            holder.codings.append(self._coding)

    def _refer(self, given: dict[str, str]) -> None:
        holder: Coding | Selection | Source | Code | None = self._coding or self._selection or self._source
        if self._path[-2:-1] == ["Code"] and self.project.codes:
            holder = self.project.codes[-1]
        if holder is not None:
            holder.notes.append(_guid(given, "targetGUID"))

    def _say(self, name: str, parent: str, text: str) -> None:
        if parent == "PlainTextSelection" and self._selection is not None:
            self._selection.description = text
        elif parent in ("TextSource", "Note") and self._source is not None:
            if name == "Description":
                self._source.description = text
            else:
                self._source.content = text


def _guid(given: dict[str, str], name: str = "guid") -> str:
    return plain_guid(given.get(name, ""))


def _made(given: dict[str, str]) -> tuple[str, str]:
    """Return who made an element and when; the last change counts for the day."""
    user = given.get("creatingUser") or given.get("modifyingUser") or ""
    return plain_guid(user), given.get("modifiedDateTime") or given.get("creationDateTime") or ""
