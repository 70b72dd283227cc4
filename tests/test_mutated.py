"""Damaged and odd documents, made with fixed seeds: none crashes, and of what is read every invariant holds."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest

from ffm.errors import FfmError
from ffm.ingest import read_report
from ffm.records import joined
from ffm.segment import segment
from ffm.segment.markup import clean, legible

ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "raw_text").glob("*.md"))
ODD = [
    "\0", "\ufeff", "\u00ad", "\u200b", "\u202e", "\ufffc", "\ue000", "e\u0301\u0301\u0301", "\u2028", "\f", "\v", "\x85", "\r", "👨‍👩‍👧", "\U0010ffff", "١٢٣", "½", "²", "[^1]", "[^",
    "](", "![", "^[", "[@", "<!--", "-->", "<b>", "</", "<table>", "&#x110000;", "&amp", "&", "```", "***", "___", "#", "|", "\n|", "\n\n", "\n- ", "\n1. ", "Q. ", "A: ", "?", "1,", "£",
    "(((", ")))", "\\", "\\\\", "<data:image/png;base64,AAAA", "<html>", "---\n", "\t", " " * 50, "." * 60, "_" * 60,
]  # fmt: skip


def mutate(text: str, random_: random.Random) -> str:
    """Cut, repeat, move or lard a piece of a text."""
    for _ in range(random_.randint(1, 6)):
        at, length = random_.randrange(len(text) + 1), random_.choice((1, 3, 30, 300))
        piece = text[at : at + length]
        change = random_.randrange(6)
        if change == 0:
            text = text[:at] + text[at + length :]
        elif change == 1:
            text = text[:at] + piece * random_.choice((2, 5, 40)) + text[at + length :]
        elif change == 2:
            to = random_.randrange(len(text) + 1)
            text = text[:to] + piece + text[to:]
        elif change == 3:
            text = text[:at] + piece.swapcase() + text[at + length :]
        else:
            text = text[:at] + random_.choice(ODD) * random_.choice((1, 1, 1, 2, 100)) + text[at:]
    return text


def scrambled(data: bytes, random_: random.Random) -> bytes:
    """Change, drop or cut bytes of a file, or leave it."""
    changed = bytearray(data)
    for _ in range(random_.choice((0, 0, 1, 5))):
        if changed:
            changed[random_.randrange(len(changed))] = random_.randrange(256)
    return bytes(changed[: random_.randrange(len(changed) + 1)]) if random_.random() < 0.1 else bytes(changed)


def sample(random_: random.Random) -> str:
    text = random_.choice(SAMPLES).read_text(encoding="utf-8")
    at = random_.randrange(len(text))
    return text[at : at + random_.choice((200, 1_000, 4_000))]


def as_text(random_: random.Random) -> bytes:
    encoding = random_.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"))
    return scrambled(mutate(sample(random_), random_).encode(encoding, "replace"), random_)


def as_html(random_: random.Random) -> bytes:
    tags = (
        "p",
        "div",
        "h2",
        "li",
        "td",
        "b",
        "span",
        "a",
        "table",
        "tr",
        "ul",
        "nav",
        "sup",
        "font",
        "pre",
        "blockquote",
        "br",
        "dl",
        "dt",
        "dd",
    )
    lines = [line for line in sample(random_).split("\n") if line.strip()]
    page = "".join(
        f"<{random_.choice(tags)} class={random_.choice(('x', 'nav', 'share', 'y'))}>{line}</{random_.choice(tags)}>" for line in lines
    )
    return scrambled(mutate(f"<!doctype html><html><body>{page}</body></html>", random_).encode("utf-8", "replace"), random_)


def as_docx(random_: random.Random) -> bytes:
    document = docx.Document()
    for line in sample(random_).split("\n"):
        document.add_paragraph("".join(character for character in line if character.isprintable()))
    whole = io.BytesIO()
    document.save(whole)
    if random_.random() < 0.3:
        return scrambled(whole.getvalue(), random_)
    made = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(made, "w") as new:
        for member in old.infolist():
            part = old.read(member)
            if member.filename == "word/document.xml":
                part = mutate(part.decode("utf-8"), random_).encode("utf-8", "replace")
            if random_.random() < 0.97:
                new.writestr(member.filename, part)
    return made.getvalue()


OPERATORS = [
    b"Q Q Q ", b"q " * 40, b"0 0 0 0 0 0 Tm ", b"1e9 0 0 1e9 -1e9 0 cm ", b"-1 0 0 1 300 0 cm ", b"3 Tr ", b"900 Tz ", b"-40 Tc ", b"50 Tw ", b"0 Tf ", b"/F9 12 Tf ",
    b"ET ", b"BT ", b"/X Do ", b"BI ID EI ", b"(\\777(", b")] TJ ", b"<FFFE0000> Tj ", b"endstream ", b"4 0 R ", b"[ " * 99, b"<< /Length -1 >> ", b"99999 0 obj ",
]  # fmt: skip


def as_pdf(random_: random.Random) -> bytes:
    """Draw a text in runs, columns or turned, and lard the file with operators."""
    drawing = pytest.importorskip("drawing")
    paper = drawing.Paper(random_.choice((drawing.A4, drawing.LETTER)), random_.choice((0, 0, 90, 180)))
    paper.face(random_.choice(("Helvetica", "Times-Roman", "Courier", drawing.UNICODE)), random_.choice((4, 9, 11, 30)))
    for _ in range(random_.choice((1, 1, 3))):
        words = mutate(sample(random_), random_).split()
        for number in range(0, min(len(words), 400), 9):
            place = random_.choice((40.0, 60.0, 60.0, 60.0, 320.0)), 800 - 12.0 * (number // 9)
            line = " ".join(words[number : number + 9])[:300].encode("latin-1", "replace").decode("latin-1")
            draw = random_.randrange(4)
            if draw == 0:
                paper.runs(line, *place, random_.randint(1, 5), spaces=random_.random() < 0.5)
            elif draw == 1:
                paper.turned_text(line, *place, random_.choice((0, 45, 90, 1)))
            else:
                paper.spaced(line, *place, random_.choice((0.0, -2.0, 3.0)))
        paper.page()
    data = paper.data()
    for _ in range(random_.randint(0, 4)):
        at = random_.randrange(len(data))
        data = data[:at] + random_.choice(OPERATORS) + data[at:]
    return scrambled(data, random_)


KINDS: dict[str, Callable[[random.Random], bytes]] = {".md": as_text, ".txt": as_text, ".html": as_html, ".docx": as_docx, ".pdf": as_pdf}


def documents(start: int, stop: int) -> Iterator[tuple[int, str, bytes]]:
    """Yield numbers, suffixes and bytes of documents: one in ten a page, one in twenty a PDF, one in fifty a Word file, as these take longer."""
    for seed in range(start, stop):
        suffix = (
            ".docx" if seed % 50 == 0 else ".pdf" if seed % 20 == 7 else ".html" if seed % 10 == 5 else ".txt" if seed % 3 == 0 else ".md"
        )
        yield seed, suffix, KINDS[suffix](random.Random(seed))


def check(folder: Path, seed: int, suffix: str, data: bytes) -> bool:
    """Read and segment a document; tell whether it was read."""
    path = folder / f"{seed}{suffix}"
    path.write_bytes(data)
    try:
        report = read_report(path)
    except FfmError as error:
        assert "\n" not in str(error), seed
        return False
    found = segment(report)
    text = report.text
    assert "".join(text[block.start : block.end] for block in found.blocks) == text, seed
    assert len(legible(text)) == len(text), seed
    for passage in found.passages:
        assert passage.text == joined(text, passage.parts), seed
        made = clean(passage.text)
        assert len(made.text) == len(made.index) == len(made.ends), seed
        assert all(0 <= start < end <= len(passage.text) for start, end in zip(made.index, made.ends, strict=True)), seed
    return True


@pytest.mark.parametrize("start", [1, 2_001])
def test_some_mutated_documents_are_read_or_refused(tmp_path: Path, start: int) -> None:
    read = [check(tmp_path, *document) for document in documents(start, start + 48)]
    assert sum(read) > 30


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 2_000, 200))
def test_two_thousand_mutated_documents_are_read_or_refused(tmp_path: Path, start: int) -> None:
    read = [check(tmp_path, *document) for document in documents(start, start + 200)]
    assert sum(read) > 120
