"""The register of reports: which files are which reports, by whom, about where and when."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ffm.errors import FfmError, ReportError
from ffm.files import can_name_a_file, write_text
from ffm.ingest import read_report, report_id
from ffm.records import Report

REGISTER = "reports.toml"


class Registered(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A registered report.

    Attributes
    ----------
    covers
        The month or year that the report speaks of: ``YYYY`` or ``YYYY-MM`` or ``YYYY-MM-DD``.
    published
        When it came out, in the same forms.
    country
        ISO 3166-1 alpha-2 code.
    sha256
        Digest of the file's bytes.
    digest_of
        Id of the report that a sample retells: the two never stand on both sides of an evaluation.
    family
        Name that the reports of one series share: they carry paragraphs over, and never stand on both sides of an evaluation.
    """

    file: str
    title: str = ""
    publisher: str = ""
    kind: str = ""
    country: str = ""
    covers: str = ""
    published: str = ""
    licence: str = ""
    sha256: str = ""
    address: str = ""
    note: str = ""
    digest_of: str = ""
    family: str = ""
    id: str = ""
    folder: str = ""

    @property
    def path(self) -> Path:
        """Where the file should stand."""
        return Path(self.folder) / self.file


IDENTIFIER = re.compile(r"\w[\w.-]*")
LONGEST_SHOWN = 60  # characters of an id in a message
DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
COUNTRY = re.compile(r"[A-Z]{2}")
KEY = re.compile(r"^\s*(\w+)\s*=")  # a field in a register
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # and halves of characters, by which Python keeps bytes that are not UTF-8
BARE = re.compile(r"[A-Za-z0-9_-]+")  # a name that TOML leaves unquoted


def is_date(text: str) -> bool:
    """Tell whether a text is a date of the calendar: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
    try:
        return DATE.fullmatch(text) is not None and date.fromisoformat(text + "-01-01"[len(text) - 4 :]) is not None
    except ValueError:
        return False


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_register(folder: Path) -> dict[str, Registered]:
    """Return the reports that a folder registers, by id; empty where it has no register.

    Raises
    ------
    ReportError
        If the register is damaged.
    """
    path = folder / REGISTER
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ReportError(f"{path}: not a register of reports: {error}; correct the file") from None
    found: dict[str, Registered] = {}
    for name, table in tables.items():
        try:
            entry = msgspec.convert({**msgspec.convert(table, dict[str, str]), "id": name, "folder": str(folder)}, Registered)
        except msgspec.ValidationError as error:
            raise ReportError(f'{path}: the entry "{name}" is not one of a report: {error}; correct the file') from None
        if problem := id_problem(name):
            raise ReportError(f"{path}: {problem}; correct the entry")
        if not entry.file or "\0" in entry.file:
            raise ReportError(f'{path}: the entry "{name}" names no file; correct the file')
        found[name] = entry
    return found


def registered(folders: Iterable[Path]) -> dict[str, Registered]:
    """Return all registered reports by id; where two folders register one id, the first folder counts.

    The file of a report that a folder registers may lie in another of them, as texts do that a repository must not hold.
    """
    places = list(folders)
    found: dict[str, Registered] = {}
    for folder in places:
        for name, entry in read_register(folder).items():
            found.setdefault(name, entry)
    for name, entry in found.items():
        if not entry.path.is_file():
            elsewhere = (folder for folder in places if (folder / entry.file).is_file())
            found[name] = replace(entry, folder=str(next(elsewhere, entry.folder)))
    return found


def find_entry(path: Path, entries: dict[str, Registered]) -> Registered | None:
    """Return the entry of a file, by its place."""
    place = os.path.realpath(path)
    return next((entry for entry in entries.values() if os.path.realpath(entry.path) == place), None)


def read_registered(path: Path, entry: Registered | None) -> Report:
    """Read a report with what the register says of it, if it is registered.

    Raises
    ------
    ReportError
        If it cannot be read.
    """
    if entry is None:
        return read_report(path)
    return replace(read_report(path, entry.id), country=entry.country or None, date=entry.covers or entry.published or None)


def open_report(name: str, entries: dict[str, Registered]) -> Report:
    """Read a report by its id, or by the path of its file.

    Raises
    ------
    ReportError
        If there is no such report, or it cannot be read.
    """
    if name in entries:
        return read_registered(entries[name].path, entries[name])
    path = Path(name)
    if path.suffix or os.path.lexists(path):
        return read_registered(path, find_entry(path, entries))
    near = ", ".join(sorted(entries)[:6])
    raise ReportError(f'"{name}": no such report or file; registered are {near or "none"} (see ffm reports list)')


def add_report(path: Path, folder: Path, entries: dict[str, Registered], **fields: str) -> Registered:
    """Register a file, which must be readable as a report, in a folder's register.

    A file outside of the folder is registered by its absolute path. A file that is registered already gets its new
    checksum and the fields that are given; its other fields, other entries and comments stay.

    Parameters
    ----------
    entries
        What all folders register, as :func:`registered` returns it: no two reports may have one id.
    fields
        Fields of :class:`Registered`; an empty one counts as not given. ``id`` is by default the file's name.

    Raises
    ------
    ReportError
        If the file cannot be read, its id is taken by another file, or a field is not of its form.
    """
    fields = {key: value for key, value in fields.items() if value}
    known = find_entry(path, entries)
    name = fields.pop("id", "") or (known.id if known else report_id(path))
    read_report(path, name)
    problem = field_problem({"id": name, **fields})
    if problem:
        raise ReportError(f"{path}: {problem}")
    place, inside = Path(os.path.realpath(path)), Path(os.path.realpath(folder))
    if known and (known.id != name or Path(known.folder) != folder):
        raise ReportError(f'{path}: is registered as "{known.id}" in {known.folder}/{REGISTER}; change that entry')
    if name in entries and known is None:
        raise ReportError(f'{path}: the id "{name}" is that of {entries[name].path}; choose another with --id')
    file = place.relative_to(inside).as_posix() if place.is_relative_to(inside) else str(place)
    new = {"file": known.file if known else file, **fields, "sha256": digest(path)}
    if CONTROL.search("".join(new.values())):
        raise ReportError(f"{path}: its name or a field has control characters or is not UTF-8; rename it or write it anew")
    write_entry(folder, name, new)
    return read_register(folder)[name]


def field_problem(fields: dict[str, str]) -> str | None:
    """Tell what is wrong with the fields of an entry, and what to do, or None."""
    for key in ("covers", "published"):
        if fields.get(key) and not is_date(fields[key]):
            return f'{key} "{fields[key]}" is no date; write YYYY, YYYY-MM or YYYY-MM-DD'
    if fields.get("country") and not COUNTRY.fullmatch(fields["country"]):
        return f'country "{fields["country"]}" is no code; write two capitals such as AL'
    if problem := id_problem(fields["id"]):
        return f"{problem}; choose another with --id"
    return None


def id_problem(name: str) -> str | None:
    """Tell why a name cannot be a report's id, which names files, or None; asked wherever ids are read from outside."""
    shown = "".join(character if character.isprintable() else " " for character in name[:LONGEST_SHOWN])
    if not IDENTIFIER.fullmatch(name):
        return f'the id "{shown}" has characters that no id may have: use letters, digits, hyphens and dots'
    if not can_name_a_file(name):
        return f'the id "{shown}" is too long or a name that Windows keeps for a device, and names files'
    return None


def write_entry(folder: Path, name: str, fields: dict[str, str]) -> None:
    """Put fields into an entry of a folder's register, or add the entry; every other line stays as it is.

    Raises
    ------
    ReportError
        If the register's layout does not allow it.
    OutputError
        If the register cannot be written.
    """
    path = folder / REGISTER
    text = path.read_bytes().decode("utf-8-sig") if path.is_file() else ""
    tables = tomllib.loads(text)
    lines = text.replace("\r\n", "\n").rstrip().split("\n") if text.strip() else []
    new = {key: f"{key} = {_toml_string(value)}" for key, value in fields.items() if tables.get(name, {}).get(key) != value}
    if name in tables:
        starts = [number for number, line in enumerate(lines) if line.lstrip().startswith("[")]
        start = next((number for number in starts if _is_header(lines[number], name)), len(lines))
        end = next((number for number in starts if number > start), len(lines))
        at = {match[1]: number for number in range(start, end) if (match := KEY.match(lines[number]))}
        for key in new.keys() & at.keys():
            lines[at[key]] = new.pop(key)
        last = max(at.values(), default=start)
        lines[last + 1 : last + 1] = new.values()
    else:
        lines += [*([""] if lines else []), f"[{name if BARE.fullmatch(name) else _toml_string(name)}]", *new.values()]
    changed = "".join(line + "\n" for line in lines)
    if _tables(changed) != {**tables, name: {**tables.get(name, {}), **fields}}:
        raise ReportError(f'{path}: the entry "{name}" cannot be changed here; change it by hand')
    write_text(path, changed.replace("\n", "\r\n") if "\r\n" in text else changed)


def _is_header(line: str, name: str) -> bool:
    return _tables(line) == {name: {}}


def _tables(text: str) -> dict[str, Any] | None:
    """Return what a text holds as TOML, None if it is none."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _toml_string(value: str) -> str:
    """Quote a printable text."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def verify(entries: dict[str, Registered]) -> dict[str, str]:
    """Return each report's state: "ok", "missing", "changed" (its digest differs) or what is wrong with it."""
    states: dict[str, str] = {}
    for name, entry in entries.items():
        if not entry.path.is_file():
            states[name] = "missing"
            continue
        try:
            read_report(entry.path, name)
        except FfmError as error:
            states[name] = str(error)
            continue
        if entry.sha256 and digest(entry.path) != entry.sha256:
            states[name] = "changed"
        else:
            states[name] = field_problem({key: getattr(entry, key) for key in ("id", "covers", "published", "country")}) or "ok"
    return states
