"""What tells the name of a body from the name of a document, a mechanism or a kind of people."""

from __future__ import annotations

import re
from functools import lru_cache

from ffm.entities.lexicon import lexicon

WORDS = lexicon()
SMALL_WORDS = WORDS.small_words
AFTER_MAIN = re.compile(r"(?<!\s)\s++(?:of|for|on|against|to)\s+", re.IGNORECASE)
FOR_CAUSE = re.compile(r"^(?:(?!\s(?:of|on|to)\s).){1,80}?\s(?:for|against)\s", re.IGNORECASE)  # what comes before tells who they are
DEED = re.compile(rf"\)?\s(?:also\s|has\s|have\s)?(?:{'|'.join(sorted(WORDS.deeds))})\b")
SINGLE = r"[^\W_]\w*+(?:[&’.-]\w++)*+"
ACTING = re.compile(rf"(?<![\w-])(?<!\w[&’.])({SINGLE}){DEED.pattern}|\b[Aa]ccording to (?:the )?({SINGLE})")


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
    """Tell whether a name of one word does in a text what bodies do: "ASK said", "according to ASK"."""
    return name in _acting(text)


@lru_cache(maxsize=2)
def _acting(text: str) -> frozenset[str]:
    """Return the words of a text that do what bodies do: a report may name thousands of bodies."""
    return frozenset(word for pair in ACTING.findall(text) for word in pair)


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
