"""Projects of REFI-QDA as other programs save them again: what each changes of a project that was opened in it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

NAMESPACE = "urn:QDA-XML:project:1.0"
NS = f"{{{NAMESPACE}}}"
register_namespace("", NAMESPACE)


class Saved:
    """A project that is opened, changed and saved in another place."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.project = fromstring(archive.read("project.qde"))
            self.files = {name: archive.read(name) for name in archive.namelist() if name != "project.qde"}
        self.origin = ""
        self.version = b"1.0"
        self._made = 0

    @property
    def source(self) -> Element:
        """The first source."""
        return next(self.project.iter(f"{NS}TextSource"))

    @property
    def text(self) -> str:
        """The first source's text as it was exported."""
        return self.files["sources/" + self.source.get("plainTextPath", "").removeprefix("internal://")].decode()

    def code(self, name: str) -> str:
        """Return the guid of a code."""
        return next(code.get("guid", "") for code in self.project.iter(f"{NS}Code") if code.get("name") == name)

    def guid(self) -> str:
        """Return a new guid."""
        self._made += 1
        return f"{self._made:08x}-1111-4222-8333-444444444444"

    def user(self, name: str, guid: str = "") -> str:
        """Add a user, and return the guid."""
        guid = guid or self.guid()
        users = self.project.find(f"{NS}Users")
        assert users is not None
        SubElement(users, f"{NS}User", {"guid": guid, "name": name, "id": name[:2].upper()})
        return guid

    def select(self, words: str, code: str, user: str, day: str = "2026-11-27") -> Element:
        """Select the first place of some words, code it where a code is named, and return the selection."""
        start = self.text.index(words)
        given = {
            "guid": self.guid(),
            "name": words,
            "startPosition": str(start),
            "endPosition": str(start + len(words)),
            "creatingUser": user,
        }
        selection = Element(f"{NS}PlainTextSelection", {**given, "creationDateTime": f"{day}T10:11:12Z"})
        if code:
            coding = SubElement(
                selection, f"{NS}Coding", {"guid": self.guid(), "creatingUser": user, "creationDateTime": f"{day}T10:11:12Z"}
            )
            SubElement(coding, f"{NS}CodeRef", {"targetGUID": self.code(code)})
        at = sum(child.tag in (f"{NS}PlainTextSelection", f"{NS}Description") for child in self.source)
        self.source.insert(at, selection)
        return selection

    def note(self, name: str, words: str, user: str) -> str:
        """Add a note, and return its guid."""
        notes = self.project.find(f"{NS}Notes")
        assert notes is not None
        guid = self.guid()
        note = SubElement(
            notes, f"{NS}Note", {"guid": guid, "name": name, "creatingUser": user, "creationDateTime": "2026-11-28T08:00:00Z"}
        )
        SubElement(note, f"{NS}PlainTextContent").text = words
        return guid

    def moved(self, position: Callable[[int], int]) -> None:
        """Count all positions anew."""
        for selection in self.project.iter(f"{NS}PlainTextSelection"):
            for name in ("startPosition", "endPosition"):
                selection.set(name, str(position(int(selection.get(name, "")))))

    def save(self, path: Path, qde: str = "project.qde", folder: str = "sources", text: bytes | None = None) -> Path:
        """Write the project; ``text`` takes the place of the first source's."""
        if self.origin:
            self.project.set("origin", self.origin)
        mine = self.source.get("plainTextPath", "").removeprefix("internal://")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.files.items():
                archive.writestr(f"{folder}/{name.removeprefix('sources/')}", text if text is not None and name.endswith(mine) else data)
            archive.writestr(f"{folder}/.root", b"")
            data = tostring(self.project, encoding="utf-8", xml_declaration=True)
            archive.writestr(qde, data.replace(b"project:1.0", b"project:" + self.version))
        return path


def nvivo(path: Path) -> Saved:
    """NVivo on Windows: sources have other guids and a rich text, line ends are two characters, and a memo is linked to its selection."""
    saved = Saved(path)
    saved.origin = "NVivo 15.0.0"
    text = saved.text
    source, old = saved.source, saved.source.get("plainTextPath", "").removeprefix("internal://")
    guid = saved.guid()
    source.set("guid", guid)
    source.set("plainTextPath", f"internal://{guid}.txt")
    source.set("richTextPath", f"internal://{guid}.docx")
    saved.files[f"sources/{guid}.docx"] = b"PK"
    saved.files[f"sources/{guid}.txt"] = saved.files.pop(f"sources/{old}")
    anna = saved.user("Anna Lind")
    selection = saved.select("nurses", "Organisation", anna)
    note = saved.note("Annotation", "Are nurses a body?\nI think not.", anna)
    links = Element(f"{NS}Links")
    SubElement(links, f"{NS}Link", {"guid": saved.guid(), "originGUID": selection.get("guid", ""), "targetGUID": note})
    saved.project.append(links)
    for each in saved.project.iter(f"{NS}PlainTextSelection"):
        each.set("name", "")
    saved.moved(lambda position: position + text[:position].count("\n"))
    return saved


def maxqda(path: Path) -> Saved:
    """MAXQDA: one user for all, other guids of codes, memos as descriptions, selections that are empty or coded with nothing."""
    saved = Saved(path)
    saved.origin = "MAXQDA 26.3.0"
    users = saved.project.find(f"{NS}Users")
    assert users is not None
    users.clear()
    bruno = saved.user("Bruno Marek")
    for element in saved.project.iter():
        for name in ("creatingUser", "modifyingUser", "creatingUserGUID"):
            if element.get(name):
                element.set(name, bruno)
    saved.select("nurses", "Organisation", bruno)
    remark = saved.select("Nobody was told", "", bruno)
    SubElement(remark, f"{NS}Description").text = "By whom? The guideline should say."
    empty = saved.select("Vlora", "Place", bruno)
    empty.set("endPosition", empty.get("startPosition", ""))
    new = {code.get("guid", ""): "{" + saved.guid().upper() + "}" for code in saved.project.iter(f"{NS}Code")}
    for element in saved.project.iter():
        for name in ("guid", "targetGUID"):
            if element.get(name) in new:
                element.set(name, new[element.get(name, "")])
    return saved


def atlas(path: Path) -> Saved:
    """ATLAS.ti: the file has line ends of Windows and positions count each as one; comments of quotations are notes."""
    saved = Saved(path)
    saved.origin = "ATLAS.ti Win 25"
    chen = saved.user("Chen Wei")
    selection = saved.select(" nurses ", "Organisation", chen)
    SubElement(selection, f"{NS}NoteRef", {"targetGUID": saved.note("Comment", "See rule 2.", chen)})
    for element in saved.project.iter():
        if element.get("guid"):
            element.set("guid", element.get("guid", "").upper())
    return saved


def qualcoder(path: Path) -> Saved:
    """QualCoder: another version of the name space, notes in files under other names, memos of codes, no line end at the end."""
    saved = Saved(path)
    saved.origin = "QualCoder 3.8"
    dana = saved.user("dana")
    saved.select("nurses", "Organisation", dana)
    place = next(code for code in saved.project.iter(f"{NS}Code") if code.get("name") == "Place")
    place.insert(1, Element(f"{NS}NoteRef", {"targetGUID": saved.note("Code memo", "=What of rivers?", dana)}))
    for number, note in enumerate(saved.project.iter(f"{NS}Note")):
        content = note.find(f"{NS}PlainTextContent")
        assert content is not None
        note.remove(content)
        note.set("plainTextPath", f"internal://journal-{number}.md")
        note.set("name", f"journal {number}")
        saved.files[f"sources/journal-{number}.md"] = (content.text or "").encode() + b"\n"
    saved.version = b"1.5"
    return saved
