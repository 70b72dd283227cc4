"""What tells the name of a body from the name of a document, a mechanism or a kind of people."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

from ffm.entities.lexicon import lexicon

WORDS = lexicon()
SMALL_WORDS = WORDS.small_words
AFTER_MAIN = re.compile(r"(?<!\s)\s++(?:of|for|on|against|to)\s+", re.IGNORECASE)
FOR_CAUSE = re.compile(r"^(?:(?!\s(?:of|on|to)\s).){1,80}?\s(?:for|against)\s", re.IGNORECASE)  # what comes before tells who they are
DEEDS = (
    "said|told|explained|noted|added|confirmed|commented|estimated|counted|runs|operates|published|recorded|opened|doubted|conceded|believes"
    "|recommended|assisted|helped|trained|argued|warned|claimed|denied|announced|arrested|deployed|launched|organi[sz]ed|reported"
    "|highlighted|emphasi[sz]ed|stressed|stated|felt|informed|rescued|dismissed"
    "|ruled|adjudicated|received|handled|investigated|conducted|issued|imposed|restarted|prosecuted|recommends?|reports|says|complied|responded"
    "|detained|killed|abducted|attacked|controls|documented|registered|captured|seized|charges|taxes|collected|interviewed"
)  # what a body does, a mechanism or a law does not

DEED = re.compile(rf"\)?\s(?:also\s|has\s|have\s)?(?:{DEEDS})\b")
ACCORDING = re.compile(r"[Aa]ccording to (?:the )?")
WORD_CHARACTER = re.compile(r"[\w-]")
FIRST_RUN = re.compile(r"^[^\W_]+")
LAST_RUN = re.compile(r"(?<![^\W_])[^\W_]+$")


def names_body(long: str, short: str) -> bool:
    """Tell whether a long form names a body: its main words are capitalised and it is built around a head word."""
    main = _main_words(long)
    if not main or not _capitalised(main) or names_nothing(long) or short in WORDS.no_names:
        return False
    return any(word in WORDS.heads for word in main)


def names_nothing(text: str) -> bool:
    """Tell whether a capitalised phrase names a document, law, mechanism or kind of people rather than a body."""
    parts = re.split(r"[\s/]+", text.strip())
    kinds = AFTER_MAIN.split(text)
    last, before_of = parts[-1], kinds[0].split()[-1:]
    if FOR_CAUSE.search(text) and before_of and before_of[0].endswith("s") and before_of[0] not in WORDS.no_heads:
        return False  # Lawyers for Human Rights
    if parts[0] in ("UN", "World") or (last in WORDS.heads and "the" not in parts):  # World Food Programme, Code of Conduct Bureau
        return False
    return WORDS.heads.isdisjoint(before_of) and not WORDS.no_heads.isdisjoint([last, *before_of])


def acts(name: str, text: str) -> bool:
    """Tell whether a name does in a text what bodies do: "ASK said", "according to ASK"."""
    length = len(name)
    return stands_after(ACCORDING, name, text) or any(
        said.endswith(name) and not WORD_CHARACTER.match(said[-length - 1 : -length])
        for said in _before_deeds(text).get(_run(LAST_RUN, name), ())
    )


def stands_after(pattern: re.Pattern[str], name: str, text: str) -> bool:
    """Tell whether a name stands after a pattern somewhere in a text."""
    length = len(name)
    return any(
        run.startswith(name) and not WORD_CHARACTER.match(run[length : length + 1])
        for run in _runs_after(pattern, text).get(_run(FIRST_RUN, name), ())
    )


def _run(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group() if match else ""


@lru_cache(maxsize=2)
def _before_deeds(text: str) -> dict[str, set[str]]:
    """Return what stands before each deed of a text, by its last word: a report may name thousands of bodies."""
    found: dict[str, set[str]] = defaultdict(set)
    for match in DEED.finditer(text):
        said = text[max(0, match.start() - 80) : match.start()]
        found[_run(LAST_RUN, said)].add(said)
    return dict(found)


@lru_cache(maxsize=4)
def _runs_after(pattern: re.Pattern[str], text: str) -> dict[str, set[str]]:
    """Return what stands after each match of a pattern in a text, by its first word."""
    found: dict[str, set[str]] = defaultdict(set)
    for match in pattern.finditer(text):
        run = text[match.end() : match.end() + 80]
        found[_run(FIRST_RUN, run)].add(run)
    return dict(found)


def acts_as_body(long: str, short: str, text: str) -> bool:
    """Tell whether a short form is that of a body by what it does in a text: capitals in its long form or a head word in lower case."""
    main = _main_words(long)
    if short in WORDS.no_names or names_nothing(long) or not main:
        return False
    named = _capitalised(main) or main[-1].title() in WORDS.heads
    single = AFTER_MAIN.split(long)[0].split()[-1].title() in WORDS.single_bodies
    return (single or (named and not main[-1].endswith("s"))) and acts(short, text)


def _main_words(text: str) -> list[str]:
    return [word for word in re.findall(r"[\w’'&-]+", text) if word.lower() not in SMALL_WORDS]


def _capitalised(main: list[str]) -> bool:
    return sum(word[0].isupper() for word in main) >= 0.7 * len(main)
