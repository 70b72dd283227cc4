"""The register of reports: which files are which reports, by whom, about where and when."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from ffm.errors import FfmError, ReportError
from ffm.ingest import read_report, report_id
from ffm.paths import raw_text_folders
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
    id: str = ""
    folder: str = ""

    @property
    def path(self) -> Path:
        """Where the file should stand."""
        return Path(self.folder) / self.file


DATE = re.compile(r"^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$")
COUNTRY = re.compile(r"^[A-Z]{2}$")


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
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        found = {name: msgspec.convert({**table, "id": name, "folder": str(folder)}, Registered) for name, table in tables.items()}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, TypeError) as error:
        raise ReportError(f"{path}: not a register of reports: {error}; correct the file") from None
    return found


def registered(folders: Iterable[Path] | None = None) -> dict[str, Registered]:
    """Return all registered reports by id; where two folders register one id, the first folder counts."""
    found: dict[str, Registered] = {}
    for folder in folders if folders is not None else raw_text_folders():
        for name, entry in read_register(folder).items():
            found.setdefault(name, entry)
    return found


def find_entry(path: Path, entries: dict[str, Registered]) -> Registered | None:
    """Return the entry of a file, by its place."""
    resolved = path.resolve()
    return next((entry for entry in entries.values() if entry.path.resolve() == resolved), None)


def open_report(name: str, entries: dict[str, Registered] | None = None) -> Report:
    """Read a report by its id, or by the path of its file.

    Raises
    ------
    ReportError
        If there is no such report, or it cannot be read.
    """
    entries = registered() if entries is None else entries
    if name in entries:
        return read_report(entries[name].path, name)
    path = Path(name)
    if path.suffix or path.exists():
        entry = find_entry(path, entries)
        return read_report(path, entry.id if entry else None)
    near = ", ".join(sorted(entries)[:6])
    raise ReportError(f'"{name}": no such report or file; registered are {near or "none"} (see ffm reports list)')


def add_report(path: Path, folder: Path, **fields: str) -> Registered:
    """Register a file, which must be readable as a report, in a folder's register.

    A file outside of the folder is registered by its absolute path. The register is written beside its place and
    renamed; what it held stays.

    Raises
    ------
    ReportError
        If the file cannot be read, its id is taken by another file, or a field is not of its form.
    """
    name = fields.pop("id", "") or report_id(path)
    read_report(path, name)
    for key in ("covers", "published"):
        if fields.get(key) and not DATE.match(fields[key]):
            raise ReportError(f'{path}: {key} "{fields[key]}" is no date; write YYYY, YYYY-MM or YYYY-MM-DD')
    if fields.get("country") and not COUNTRY.match(fields["country"]):
        raise ReportError(f'{path}: country "{fields["country"]}" is no code; write two capitals such as AL')
    entries = read_register(folder)
    inside = path.resolve().is_relative_to(folder.resolve())
    file = str(path.resolve().relative_to(folder.resolve())) if inside else str(path.resolve())
    if name in entries and entries[name].file != file:
        raise ReportError(f'{path}: the id "{name}" is that of {entries[name].file}; choose another with --id')
    entry = Registered(file=file, sha256=digest(path), id=name, folder=str(folder), **fields)
    entries[name] = entry
    write_register(folder, entries)
    return entry


def write_register(folder: Path, entries: dict[str, Registered]) -> None:
    """Write a register, with the comment at its head kept."""
    path = folder / REGISTER
    head = ""
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
            if line.strip() and not line.startswith("#"):
                break
            head += line
    tables = []
    for name, entry in entries.items():
        fields = {key: value for key, value in msgspec.to_builtins(entry).items() if key not in ("id", "folder") and value}
        body = "".join(f"{key} = {_toml_string(value)}\n" for key, value in fields.items())
        tables.append(f"[{name if re.fullmatch(r'[A-Za-z0-9_-]+', name) else _toml_string(name)}]\n{body}")
    beside = path.with_suffix(".toml.part")
    beside.write_text(head + "\n".join(tables), encoding="utf-8")
    beside.replace(path)


def _toml_string(value: str) -> str:
    escaped = "".join(
        f"\\u{ord(character):04x}" if ord(character) < 32 or ord(character) == 127 else character
        for character in value.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{escaped}"'


def verify(entries: dict[str, Registered]) -> dict[str, str]:
    """Return each report's state: "ok", "missing", "changed" (its digest differs) or why it cannot be read."""
    states: dict[str, str] = {}
    for name, entry in entries.items():
        if not entry.path.is_file():
            states[name] = "missing"
            continue
        try:
            read_report(entry.path, name)
            states[name] = "ok" if not entry.sha256 or digest(entry.path) == entry.sha256 else "changed"
        except FfmError as error:
            states[name] = str(error)
    return states
