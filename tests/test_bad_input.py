"""What cannot be used is refused in one line that names it, and the rest is done: files, folders, outputs, models."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import skops.io
from sklearn.linear_model import LogisticRegression

from ffm.errors import ModelError
from ffm.project.project import find_project
from ffm.themes.digests import write_digests
from ffm.themes.store import ARCHIVE, FORMAT, MANIFEST, SCHEME, load_classifier

LINE = "Two boats lie in the harbour of Vlora.\n"
ACCENTS = "Gjirokastër’s café – “Çelësi” – opens at 8, says Zoë Müller.\n"
BINARY = bytes(range(256)) * 12


def rows_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# Files that are no reports


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.md", b"", "holds no text"),
        ("white.md", b" \n\t\r\n  \n", "holds no text"),
        ("marked.md", codecs.BOM_UTF8, "holds no text"),
        ("binary.md", BINARY, "binary data"),
        ("zeros.txt", b"\0" * 5000, "binary data"),
        ("odd.txt", codecs.BOM_UTF16_LE + LINE.encode("utf-16-le") + b"x", "damaged UTF-16"),
        ("notes.docx", b"PK\x03\x04", "not a readable .docx"),
        ("notes.rtf", b"{\\rtf1 bread}", "convert it with: soffice"),
        ("notes", LINE.encode(), "without suffix"),
        ("broken.pdf", b"%PDF-1.7 and no more", "not a readable PDF"),
        ("long-line.md", b"x" * 50_000_000, "over the limit of 20 MB"),
    ],
)
def test_file_that_is_no_report_is_refused_with_its_reason(here: Path, refused: Callable, name: str, content: bytes, why: str) -> None:
    (here / name).write_bytes(content)
    line = refused("tag", name, "-o", "out.jsonl")
    assert line.startswith(f"{name}: ")
    assert why in line
    assert "; " in line  # what to do
    assert sorted(path.name for path in here.iterdir()) == [name]


@pytest.mark.parametrize("name", ["missing.md", "no-folder/missing.md", "y" * 300 + ".md", "x" * 5000])
def test_missing_file_is_refused(here: Path, refused: Callable, name: str) -> None:
    assert refused("tag", name, "-o", "out.jsonl").startswith(f"{name}: ")
    assert refused("show", name).replace('"', "").startswith(name)


def test_link_to_nowhere_and_link_to_itself_are_refused(here: Path, refused: Callable) -> None:
    (here / "nowhere.md").symlink_to("gone.md")
    (here / "circle.md").symlink_to("circle.md")
    for name in ("nowhere.md", "circle.md"):
        assert refused("tag", name, "-o", "out.jsonl").startswith(f"{name}: ")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs on this system")
def test_fifo_is_refused_and_not_waited_for(here: Path, refused: Callable, run_ffm: Callable) -> None:
    os.mkfifo("pipe.md")
    assert refused("tag", "pipe.md", "-o", "out.jsonl").startswith("pipe.md: ")
    assert refused("show", "pipe.md").startswith("pipe.md: ")
    assert refused("scheme", "check", "pipe.md").startswith("pipe.md: ")
    assert refused("reports", "add", "pipe.md").startswith("pipe.md: ")
    assert run_ffm("tag", here, "-o", "out.jsonl").code == 1


def test_folder_that_is_named_like_a_report_is_a_folder(here: Path, refused: Callable, run_ffm: Callable) -> None:
    (here / "x.md").mkdir()
    assert (
        refused("tag", "x.md", "-o", "out.jsonl")
        == "x.md: no .md, .txt, .html, .htm, .xhtml, .docx, .pdf files in this folder; check the path"
    )
    assert refused("show", "x.md").startswith("x.md: ")
    (here / "x.md" / "a.md").write_text(LINE, encoding="utf-8")
    assert run_ffm("tag", "x.md", "-o", "out.jsonl").code == 0


def test_name_with_line_ends_and_escape_characters_stays_one_clean_line(here: Path, refused: Callable, run_ffm: Callable) -> None:
    name = "two\nlines\x1b]0;title\x07\x1b[31m\u202e.md"
    (here / name).write_bytes(b"")
    line = refused("tag", name, "-o", "out.jsonl")
    assert line.startswith("two lines\\x1b]0;title\\x07\\x1b[31m\\u202e.md: holds no text")
    (here / name).write_text(LINE, encoding="utf-8")
    done = run_ffm("tag", name, "-o", f"{name}.jsonl")
    assert (done.code, done.err) == (0, "")
    assert done.out.removesuffix("\n").isprintable()
    (row,) = rows_of(here / f"{name}.jsonl")
    assert row["report"].isprintable()


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_name_that_is_not_utf8_is_printed_and_tagged(here: Path, refused: Callable, run_ffm: Callable) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    assert refused("tag", name, "-o", "out.jsonl").startswith("caf\\udce9.md: no such file")
    try:
        (here / name).write_text(LINE, encoding="utf-8")
    except OSError:
        pytest.skip("this file system wants UTF-8")
    assert run_ffm("tag", name, "-o", "out.jsonl").code == 0
    (here / "raw_text").mkdir()
    assert "is not UTF-8; rename it" in refused("reports", "add", name, "--id", "cafe")
    assert not (here / "raw_text" / "reports.toml").exists()


# Encodings


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"", "cp1252"),
    ],
    ids=lambda value: value if isinstance(value, str) else "marked" if value else "plain",
)
def test_text_is_read_rightly_in_every_encoding(here: Path, run_ffm: Callable, mark: bytes, encoding: str) -> None:
    (here / "a.txt").write_bytes(mark + ACCENTS.encode(encoding))
    done = run_ffm("tag", "a.txt", "-o", "out.jsonl")
    assert (done.code, done.err) == (0, "")
    assert rows_of(here / "out.jsonl")[0]["text"] == ACCENTS.strip()


def test_latin_1_is_read_rightly(here: Path, run_ffm: Callable) -> None:
    text = "Zoë Müller opens the café at 8.\n"
    (here / "a.txt").write_bytes(text.encode("latin-1"))
    assert run_ffm("tag", "a.txt", "-o", "out.jsonl").code == 0
    assert rows_of(here / "out.jsonl")[0]["text"] == text.strip()


# Folders


def test_bad_file_of_a_folder_is_named_and_the_good_ones_are_done(here: Path, run_ffm: Callable) -> None:
    folder = here / "in"
    folder.mkdir()
    for name in ("a.md", "c.md"):
        (folder / name).write_text(LINE, encoding="utf-8")
    (folder / "b.md").write_bytes(BINARY)
    (folder / "d.md").symlink_to("gone")
    done = run_ffm("tag", folder, "-o", "out.jsonl")
    assert done.code == 1
    assert [line.split(": ")[1] for line in done.errors] == [str(folder / "b.md"), str(folder / "d.md")]
    assert [row["report"] for row in rows_of(here / "out.jsonl")] == ["a", "c"]
    assert done.out.startswith("out.jsonl: 2 passages ")
    assert ", 2 refused, " in done.out


def test_empty_folder_is_refused_and_the_rest_is_done(here: Path, refused: Callable) -> None:
    (here / "empty").mkdir()
    (here / "a.md").write_text(LINE, encoding="utf-8")
    assert (
        refused("tag", "empty", "-o", "out.jsonl")
        == "empty: no .md, .txt, .html, .htm, .xhtml, .docx, .pdf files in this folder; check the path"
    )
    assert not (here / "out.jsonl").exists()
    assert refused("tag", "empty", "a.md", "-o", "out.jsonl").startswith("empty: ")
    assert len(rows_of(here / "out.jsonl")) == 1


def test_second_file_with_the_same_id_is_refused_and_both_are_named(here: Path, refused: Callable) -> None:
    for folder in ("one", "two"):
        (here / folder).mkdir()
        (here / folder / "a.md").write_text(f"{folder}\n", encoding="utf-8")
    line = refused("tag", "one/a.md", "two/a.md", "-o", "out.jsonl")
    assert line.startswith('two/a.md: its id "a" is that of one/a.md too; ')
    assert [row["text"] for row in rows_of(here / "out.jsonl")] == ["one"]


def test_every_bad_file_is_named_where_none_is_good(here: Path, run_ffm: Callable) -> None:
    done = run_ffm("tag", "a.md", "b.md", "-o", "out.jsonl")
    assert (done.code, len(done.errors)) == (1, 2)
    assert done.out == "out.jsonl: not written, 2 refused\n"


# Outputs


def test_output_stays_as_it_was_when_nothing_could_be_read(here: Path, refused: Callable) -> None:
    (here / "out.jsonl").write_text("before", encoding="utf-8")
    refused("tag", "missing.md", "-o", "out.jsonl")
    assert (here / "out.jsonl").read_text(encoding="utf-8") == "before"
    assert [path.name for path in here.iterdir()] == ["out.jsonl"]


@pytest.mark.parametrize(
    ("output", "why"),
    [
        ("no/out.jsonl", "its folder does not exist; make it first"),
        ("folder", "is a folder that holds other things than tagged reports; name a new one, or a file"),
        ("folder.jsonl", "is a folder; name a file"),
        ("out.xlsx", "unknown format; end its name in .jsonl, .parquet, .csv, or give a folder's name without an ending"),
        ("no/out", "its folder does not exist; make it first"),
        ("a", "is a file; name a new folder, or end a file's name in .jsonl, .parquet, .csv"),
        ("a.md/out.jsonl", "cannot be written (Not a directory); choose another place"),
        ("o" * 300 + ".jsonl", "cannot be written (File name too long); choose another place"),
    ],
)
def test_output_that_cannot_be_written_is_refused_before_any_work(here: Path, refused: Callable, output: str, why: str) -> None:
    for folder in ("folder", "folder.jsonl"):
        (here / folder).mkdir()
    for name in ("a.md", "a", "folder/notes.txt"):
        (here / name).write_text(LINE, encoding="utf-8")
    before = sorted(here.rglob("*"))
    assert refused("tag", "a.md", "-o", output) == f"{output}: {why}"
    assert sorted(here.rglob("*")) == before


def test_folder_that_cannot_be_written_is_refused(here: Path, refused: Callable, locked: Path) -> None:
    (here / "a.md").write_text(LINE, encoding="utf-8")
    assert refused("tag", "a.md", "-o", locked / "out.jsonl") == (
        f"{locked / 'out.jsonl'}: cannot be written (Permission denied); choose another place"
    )
    assert "cannot be written" in refused("scheme", "guideline", "-o", locked / "guideline.md")


# Models


class Trap:
    """An object that leaves a mark when it is built from an archive."""

    def __setstate__(self, state: dict[str, str]) -> None:
        Path(state["mark"]).write_text("built", encoding="utf-8")


@pytest.fixture
def model(here: Path) -> Path:
    """Return a copy of the model, to be damaged."""
    return Path(shutil.copytree(find_project().model, here / "model"))


def replace_archive(folder: Path, data: bytes) -> None:
    """Put an archive into a model, with the checksum that belongs to it."""
    (folder / ARCHIVE).write_bytes(data)
    manifest = json.loads((folder / MANIFEST).read_bytes())
    manifest["sha256"][ARCHIVE] = hashlib.sha256(data).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def damage_config(folder: Path) -> None:
    (folder / "config.cfg").write_text("[nlp\nlang=", encoding="utf-8")


def other_components(folder: Path) -> None:
    path = folder / "config.cfg"
    path.write_text(path.read_text(encoding="utf-8").replace('"ffm_names","ffm_amounts",', '"ffm_amounts",'), encoding="utf-8")
    write_digests(folder)


def change_a_byte(folder: Path) -> None:
    path = folder / "ffm_themes" / ARCHIVE
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("damage", "named", "why"),
    [
        (lambda folder: shutil.rmtree(folder), "model", "no model here"),
        (lambda folder: (folder / "config.cfg").unlink(), "model", "no model here"),
        (lambda folder: (folder / "tokenizer").unlink(), "model", "damaged"),
        (lambda folder: (folder / "tokenizer").write_bytes(b"\x81"), "model", "damaged"),
        (lambda folder: (folder / "meta.json").write_bytes(b"{"), "model", "damaged"),
        (damage_config, "model", "damaged"),
        (other_components, "model", "its components are not"),
        (change_a_byte, f"model/ffm_themes/{ARCHIVE}", "checksum"),
    ],
    ids=["folder", "config", "tokenizer", "tokenizer damaged", "meta", "config damaged", "components", "byte"],
)
def test_damaged_model_is_refused_and_the_output_stays(
    here: Path, refused: Callable, model: Path, damage: Callable, named: str, why: str
) -> None:
    (here / "a.md").write_text(LINE, encoding="utf-8")
    (here / "out.jsonl").write_text("before", encoding="utf-8")
    damage(model)
    line = refused("tag", "a.md", "-o", "out.jsonl", "--model", "model")
    assert line.startswith(f"{named}: ")
    assert why in line
    assert "ffm train" in line
    assert (here / "out.jsonl").read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in here.iterdir() if path != model) == ["a.md", "out.jsonl"]


@pytest.mark.parametrize("name", [ARCHIVE, MANIFEST, SCHEME])
def test_missing_file_of_the_classifier_is_named(model: Path, name: str) -> None:
    (model / "ffm_themes" / name).unlink()
    with pytest.raises(ModelError, match=f"{name}: missing; restore"):
        load_classifier(model / "ffm_themes")


def test_truncated_archive_does_not_match_its_checksum(model: Path) -> None:
    path = model / "ffm_themes" / ARCHIVE
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(ModelError, match="does not match its checksum; restore"):
        load_classifier(model / "ffm_themes")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", BINARY], ids=["empty", "head", "rubbish"])
def test_archive_that_is_none_is_refused_even_with_its_checksum(model: Path, data: bytes) -> None:
    replace_archive(model / "ffm_themes", data)
    with pytest.raises(ModelError, match=f"{ARCHIVE}: damaged"):
        load_classifier(model / "ffm_themes")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"format": "one"}', json.dumps({"format": FORMAT, "more": 2}).encode()],
    ids=["empty", "cut", "list", "no UTF-8", "type", "field"],
)
def test_damaged_manifest_is_refused(model: Path, content: bytes) -> None:
    (model / "ffm_themes" / MANIFEST).write_bytes(content)
    with pytest.raises(ModelError, match=f"{MANIFEST}: damaged"):
        load_classifier(model / "ffm_themes")


def test_manifest_of_another_format_is_refused(model: Path) -> None:
    path = model / "ffm_themes" / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "format": 99}), encoding="utf-8")
    with pytest.raises(ModelError, match="format 99, this version reads"):
        load_classifier(model / "ffm_themes")


def trap(mark: Path) -> Trap:
    made = Trap()
    made.__dict__["mark"] = str(mark)
    return made


@pytest.mark.parametrize("kind", ["own type", "function", "type that skops trusts"])
def test_archive_with_a_type_that_is_not_allowed_is_refused_and_never_built(here: Path, model: Path, refused: Callable, kind: str) -> None:
    mark = here / "mark"
    bad = {"own type": trap(mark), "function": os.system, "type that skops trusts": LogisticRegression()}[kind]
    replace_archive(model / "ffm_themes", skops.io.dumps({"weights": bad, "bias": 1}))
    with pytest.raises(ModelError, match="which is not allowed in a model"):
        load_classifier(model / "ffm_themes")
    assert not mark.exists()


def test_archive_of_something_else_is_refused(model: Path) -> None:
    replace_archive(model / "ffm_themes", skops.io.dumps({"weights": np.zeros(2)}))
    with pytest.raises(ModelError, match="is not a classifier of this project"):
        load_classifier(model / "ffm_themes")


# Registers


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[a]\nfile = ", "Invalid value"),
        ("a = 1\n", 'the entry "a"'),
        ("[a]\ntitle = 'no file'\n", 'the entry "a"'),
        ("[a]\nfile = ''\n", 'the entry "a" names no file'),
        ('[a]\nfile = "a\\u0000b"\n', 'the entry "a" names no file'),
        ("[a]\nfile = 'a.md'\ncolour = 'red'\n", "unknown field `colour`"),
        ("[a]\nfile = 'a.md'\ncovers = 2022\n", "Expected `str`"),
        ("a = " + "[" * 20000, "not a register"),
    ],
)
def test_damaged_register_is_refused_by_every_command_that_reads_it(here: Path, refused: Callable, text: str, why: str) -> None:
    (here / "raw_text").mkdir()
    (here / "raw_text" / "reports.toml").write_text(text, encoding="utf-8")
    (here / "a.md").write_text(LINE, encoding="utf-8")
    for words in (
        ("tag", "a.md", "-o", "out.jsonl"),
        ("show", "a.md"),
        ("reports", "list"),
        ("reports", "verify"),
        ("reports", "add", "a.md"),
    ):
        line = refused(*words)
        assert line.startswith("raw_text/reports.toml: ")
        assert why in line
        assert line.endswith("correct the file")
    assert (here / "raw_text" / "reports.toml").read_text(encoding="utf-8") == text


def test_a_folder_names_the_documents_that_are_not_read(here: Path, run_ffm: Callable) -> None:
    (here / "mixed").mkdir()
    (here / "mixed" / "a.md").write_text(LINE, encoding="utf-8")
    (here / "mixed" / "b.rtf").write_text("{\\rtf1 bread}", encoding="utf-8")
    (here / "mixed" / "c.xlsx").write_bytes(b"PK")
    (here / "mixed" / "reports.toml").write_text("", encoding="utf-8")
    (here / "mixed" / "oven.png").write_bytes(b"x")
    done = run_ffm("tag", "mixed", "-o", "out.jsonl")
    assert done.code == 1
    assert [line.split(": ")[1] for line in done.errors] == ["mixed/b.rtf", "mixed/c.xlsx"]
    assert "1 report, 2 refused" in done.out


def test_one_bad_file_does_not_take_the_others_with_it(here: Path, run_ffm: Callable) -> None:
    (here / "marked.txt").write_bytes(codecs.BOM_UTF8 + b"The bakery has 9 ovens \x93today\x94.\n")
    (here / "zip.docx").write_bytes(b"PK\x03\x04")
    (here / "a.md").write_text(LINE, encoding="utf-8")
    done = run_ffm("tag", "marked.txt", "zip.docx", "a.md", "-o", "out.jsonl")
    assert done.code == 1
    assert "of 2 reports, 1 refused" in done.out


def test_the_text_that_offsets_count_in_is_written(here: Path, run_ffm: Callable) -> None:
    (here / "page.html").write_text("<html><body><h1>Ovens</h1><p>Nine ovens.</p></body></html>", encoding="utf-8")
    assert run_ffm("reports", "text", "page.html").out == "# Ovens\n\nNine ovens.\n"
    assert run_ffm("reports", "text", "page.html", "-o", "page.md").code == 0
    assert (here / "page.md").read_text(encoding="utf-8") == "# Ovens\n\nNine ovens.\n"
