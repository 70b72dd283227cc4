"""What tells the name of a body from the name of a document, a mechanism or a kind of people."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

from ffm.entities.lexicon import Lexicon, lexicon

SMALL_WORDS = lexicon().small_words
AFTER_MAIN = re.compile(r"(?<!\s)\s++(?:of|for|on|against)\s+", re.IGNORECASE)
DEEDS = (
    "said|told|explained|noted|added|confirmed|commented|estimated|counted|runs|operates|published|recorded|opened|doubted|conceded|believes"
    "|recommended|assisted|helped|trained|argued|warned|claimed|denied|announced|arrested|deployed|launched|organi[sz]ed|reported"
    "|highlighted|emphasi[sz]ed|stressed|stated|felt|informed|rescued|dismissed"
    "|ruled|adjudicated|received|handled|investigated|conducted|issued|imposed|restarted|prosecuted|recommends?|reports|says|complied|responded"
    "|detained|killed|abducted|attacked|controls|documented|registered|captured|seized|charges|taxes|collected|interviewed"
)  # what a body does, a mechanism or a law does not

SINGLE_BODIES = lexicon().single_bodies
DEED = re.compile(rf"\)?\s(?:also\s|has\s|have\s)?(?:{DEEDS})\b")
ACCORDING = re.compile(r"[Aa]ccording to (?:the )?")
WORD_CHARACTER = re.compile(r"[\w-]")
FIRST_RUN = re.compile(r"^[^\W_]+")
LAST_RUN = re.compile(r"(?<![^\W_])[^\W_]+$")


def names_body(long: str, short: str, words: Lexicon) -> bool:
    """Tell whether a long form names a body: its main words are capitalised and it is built around a head word."""
    main = _main_words(long)
    if not _capitalised(main) or names_nothing(long, words) or short in words.no_names:
        return False
    return any(word in words.heads for word in main)


def names_nothing(text: str, words: Lexicon) -> bool:
    """Tell whether a capitalised phrase names a document, law, mechanism or kind of people rather than a body."""
    parts = re.split(r"[\s/]+", text.strip())
    if parts[0] in ("UN", "World") or (
        parts[-1] in words.heads and "the" not in parts
    ):  # the World Food Programme, the Code of Conduct Bureau
        return False
    before_of = AFTER_MAIN.split(text)[0].split()
    if before_of and before_of[-1] in words.heads:
        return False
    return bool(parts) and (parts[-1] in words.no_heads or (bool(before_of) and before_of[-1] in words.no_heads))


def acts(name: str, text: str) -> bool:
    """Tell whether a name does in a text what bodies do: "ASK said", "according to ASK"."""
    before, after = _beside_deeds(text)
    length = len(name)
    return any(
        said.endswith(name) and not WORD_CHARACTER.match(said[-length - 1 : -length]) for said in before.get(_run(LAST_RUN, name), ())
    ) or any(said.startswith(name) and not WORD_CHARACTER.match(said[length : length + 1]) for said in after.get(_run(FIRST_RUN, name), ()))


def _run(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group() if match else ""


@lru_cache(maxsize=2)
def _beside_deeds(text: str) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return what stands before each deed of a text, by its last word, and after each "according to", by its first.

    A report may name thousands of bodies: each is looked up among what its own word stands in.
    """
    before: dict[str, set[str]] = defaultdict(set)
    after: dict[str, set[str]] = defaultdict(set)
    for match in DEED.finditer(text):
        said = text[max(0, match.start() - 80) : match.start()]
        before[_run(LAST_RUN, said)].add(said)
    for match in ACCORDING.finditer(text):
        said = text[match.end() : match.end() + 80]
        after[_run(FIRST_RUN, said)].add(said)
    return dict(before), dict(after)


def acts_as_body(long: str, short: str, text: str, words: Lexicon) -> bool:
    """Tell whether a short form is that of a body by what it does in a text: capitals in its long form or a head word in lower case."""
    main = _main_words(long)
    if short in words.no_names or names_nothing(long, words) or not main or not sum(letter.isupper() for letter in short) >= 2:
        return False
    named = _capitalised(main) and len(main) >= 2
    single = AFTER_MAIN.split(long)[0].split()[-1].title() in SINGLE_BODIES
    return (single or ((named or main[-1].title() in words.heads) and not main[-1].endswith("s"))) and acts(short, text)


def _main_words(text: str) -> list[str]:
    return [word for word in re.findall(r"[\w’'&-]+", text) if word.lower() not in SMALL_WORDS]


def _capitalised(main: list[str]) -> bool:
    return bool(main) and sum(word[0].isupper() for word in main) >= 0.7 * len(main)
