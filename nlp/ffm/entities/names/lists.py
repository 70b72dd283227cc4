"""What stands in a list is of one kind: "Dielli, ARSIS and UNICEF", "Goma, Minova and Rutshuru", "activists Ana Rusu and Ion Ceban"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ffm.entities.lexicon import lexicon
from ffm.entities.names.common_words import is_common, is_unknown
from ffm.entities.tokens import Tokens
from ffm.records import Range

WORDS = lexicon()
AND = {"and", "or", "&"}
BETWEEN = {*AND, ",", "the"}
ENDS = {"", ".", ",", ";", ":", ")", "\n"}
BEGINNINGS = {"", *'.?!:;“"\n-•*–'}  # what stands before a word that owes its capital to its place
PREPOSITIONS = {"in", "at", "from", "near", "of", "to", "for", "on", "against", "around", "outside", "via", "through", "by"}
LONGEST = 4  # words of a name that no list knows
LONGEST_PERSON = 5
APPOSITION = 7  # words after a name in which its noun stands
PERSON_BREAKS = {",", "”", "“", '"', "’", "‘"}  # may stand between a person's noun and name


def _runs(tokens: Tokens, may: Callable[[int, str], bool]) -> Iterator[Range]:
    """Yield the longest runs of tokens that may belong to a name."""
    start = 0
    for index, word in enumerate([*tokens.words, ""]):
        if not word or not may(index, word):
            if index > start:
                yield start, index
            start = index + 1


def _lists(tokens: Tokens, items: Iterable[Range]) -> Iterator[list[Range]]:
    """Divide items into lists: those between which only commas, "and" and articles stand, or a short form in brackets."""
    group: list[Range] = []
    for item in sorted(items):
        if group:
            between = tokens.words[group[-1][1] : item[0]]
            if between[:1] == ["("] and between[2:3] == [")"]:
                between = between[3:]
            apposed = "the" in between and AND.isdisjoint(between)  # their ally, the United States
            if not 0 < len(between) <= 3 or apposed or not BETWEEN.issuperset(between):
                yield group
                group = []
        group.append(item)
    if group:
        yield group


def _beside(
    tokens: Tokens, known: Sequence[Range], others: Sequence[Range], fits: Callable[[int, int], bool]
) -> Iterator[tuple[list[Range], list[Range]]]:
    """Yield each list of a text that joins to known names what no list of words knows: all of it, and the unknown.

    Parameters
    ----------
    known
        The token ranges of names of the kind.
    others
        Those of names of other kinds.
    fits
        Whether a range of unknown words may be a name of the kind.
    """
    taken = {index for span in (*known, *others) for index in range(*span)}
    runs = _runs(tokens, lambda index, word: index not in taken and len(word) > 2 and is_unknown(word))
    unknown = [span for span in runs if span[1] - span[0] < LONGEST and fits(*span)]
    for group in _lists(tokens, [*known, *unknown]) if unknown else ():
        fresh = [span for span in group if span[0] not in taken]
        if 0 < len(fresh) < len(group):
            yield group, fresh


def listed_with_bodies(tokens: Tokens, bodies: Sequence[Range], others: Sequence[Range]) -> Iterator[Range]:
    """Yield the token ranges of what stands as one of a list of bodies: "Dielli, ARSIS, and UNICEF", "Blue Kite and the Linden Foundation"."""

    def fits(start: int, end: int) -> bool:
        return tokens.word(start - 1) not in PREPOSITIONS and tokens.words[end - 1] not in WORDS.no_heads

    for group, unknown in _beside(tokens, bodies, others, fits):
        closed, several = not AND.isdisjoint(tokens.words[group[-2][1] : group[-1][0]]), len(group) > len(unknown) + 1
        for start, end in unknown if closed else ():
            ends = (start, end) == group[-1] and tokens.word(end) not in WORDS.after_last
            if end - start > 1 or (several and not ends and tokens.word(start - 1) not in BEGINNINGS):
                yield start, end


def listed_with_places(tokens: Tokens, places: Sequence[Range], others: Sequence[Range]) -> list[Range]:
    """Return the token ranges of what stands as one of a list of places: "Goma, Minova and Rutshuru"."""

    def fits(start: int, end: int) -> bool:
        named = not any(is_common(word) or word.isupper() or word.endswith("al") for word in tokens.words[start:end])
        return named and tokens.word(start - 1) not in BEGINNINGS

    return [
        item
        for group, unknown in _beside(tokens, places, others, fits)
        for item in unknown
        if item != group[-1] or tokens.word(item[0] - 1) in AND or tokens.word(item[1]) in ENDS
    ]


def listed_persons(tokens: Tokens) -> list[Range]:
    """Return the token ranges of persons that a noun beside them tells, and of those listed after them.

    "activists | Ana Rusu, | Le Van Hoa and | Ion Ceban", "the blogger, | Ana Rusu", "| Ana Rusu, a former minister".
    """
    found: list[Range] = []
    runs = _runs(tokens, lambda _, word: word.istitle() and word not in WORDS.heads and is_unknown(word))
    for group in _lists(tokens, runs):
        told = False
        for start, end in group:
            first = next((at for at in range(start, end) if _after_noun(tokens, at)), None)
            told = told or first is not None
            if told or (end - start > 1 and _in_apposition(tokens, end)):
                found.append((first or start, min(end, (first or start) + LONGEST_PERSON)))
    return found


def _after_noun(tokens: Tokens, index: int) -> bool:
    """Tell whether a noun for a person stands before a token: "the blogger, | Ana"."""
    while tokens.word(index - 1) in PERSON_BREAKS:
        index -= 1
    noun = tokens.word(index - 1).lower()
    return noun in WORDS.persons or noun.removesuffix("s") in WORDS.persons


def _in_apposition(tokens: Tokens, end: int) -> bool:
    """Tell whether a noun for a person follows a name: "Ana Rusu|, a former head of the party"."""
    if tokens.word(end) != "," or tokens.word(end + 1) not in ("a", "an", "the", "former"):
        return False
    following = [word.lower() for word in tokens.words[end + 2 : end + 2 + APPOSITION]]
    return not WORDS.persons.isdisjoint(following[: following.index(",") if "," in following else None])
