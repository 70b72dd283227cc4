"""What a number counts: the noun phrase after it, read from part-of-speech tags."""

from __future__ import annotations

from collections.abc import Sequence

from ffm.entities.amounts.numerals import DASHES, Lexemes
from ffm.entities.amounts.vocabulary import vocabulary

PLURALS = ("NNS", "NNPS")
NOUNS = ("NN", "NNS", "NNP", "NNPS", "FW")
MODIFIERS = ("JJ", "VBN", "VBD", "VBG", "NN", "NNP", "RB", "HYPH")
AUXILIARIES = {
    "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "do", "does", "did", "not", "so", "also", "only", "then", "there",
}  # fmt: skip
MADE_BY = {"based", "run", "led", "funded", "owned", "related", "supported", "managed"}
MORE = {"more", "fewer", "less"}
OTHERS = {"ours", "theirs", "mine", "yours", "others"}
LONGEST = 9  # a counted phrase's length in words


def head_after(lex: Lexemes, tags: Sequence[str], index: int, right: int, value: float | int) -> int | None:
    """Return the index after the head noun of the phrase that begins at a lexeme, or None where no noun follows.

    Parameters
    ----------
    tags
        A Penn Treebank tag for each lexeme of the sentence.
    right
        Where the sentence ends.
    value
        What the number before the phrase is worth.
    """
    words = vocabulary().words
    head: int | None = None
    position = index
    while position < min(right, index + LONGEST):
        tag, word, lower = tags[position], lex.words[position], lex.lower[position]
        plural = head is not None and tags[head - 1] in PLURALS
        apart = lex.gap(position) != "" or not lex.joined(position + 1)
        if word in words.counted_forms:
            head = position + 1
        elif position == index and _begins_none(lex, tags, index, right, value):
            break
        elif tag in NOUNS or (tag == "VBZ" and position == index and value > 1) or _number_in_word(lex, tags, position, head):
            if plural and tag != "NNS" and lower != "staff" and lex.words[position - 1] != "/":
                break
            if head is None and lower == "others":
                break
            head = position + 1
        elif tag in ("JJ", "JJR", "JJS"):
            if plural:
                break
        elif tag == "POS":
            if head is None:
                break
        elif lower in AUXILIARIES or (word in DASHES and apart):
            break
        elif (
            (head is not None and lower in MADE_BY and position + 1 < right and tags[position + 1] in ("NN", "NNS", "JJ"))
            or word in DASHES
            or word == "/"
            or tag in ("HYPH", "AFX", "SYM")
        ):
            pass
        elif tag in ("VBN", "VBG", "VBD", "RB"):
            if head is not None and lex.words[position - 1] not in DASHES:
                break
        elif tag == "CC" and lower in ("and", "or", "&"):
            if position == index and lex.at(position + 1) in MORE:  # "three or more children"
                index = position = position + 2
                continue
            end = None if position == index else _coordinated(lex, tags, position, right, head)
            if end is None:
                break
            head, position = end, end - 1
        elif not (word == "," and head is None and position > index):
            if head is not None:
                head = _listed(lex, tags, position, right, head) if word == "," else _named_again(lex, tags, position, right, head)
            break
        position += 1
    if head is None or (head - 1 > index and lex.lower[head - 1] in MADE_BY):  # "one state-run and 3 NGO-run"
        return None
    if lex.at(index - 1) in MORE and tags[head - 1] not in PLURALS:  # "two or more pay"
        return None
    return None if value > 1 and tags[index] == "VBN" and tags[head - 1] == "NN" else head  # "two obtained residency"


def _begins_none(lex: Lexemes, tags: Sequence[str], index: int, right: int, value: float | int) -> bool:
    """Tell whether what follows a number directly is no phrase: a verb, "others", a label with its number, "last year"."""
    words, lower = vocabulary().words, lex.lower[index]
    following = lex.lower[index + 1] if index + 1 < right else ""
    return (
        lower in OTHERS - {"others"}
        or tags[index] == "VBD"
        or (lower in words.labels and following[:1].isdigit())
        or (lower in ("last", "this", "next", "each", "every", "previous") and following in words.units_of_measure)
        or (value > 1 and lower in words.verbs and not (index + 1 < right and (tags[index + 1] in NOUNS or lex.joined(index + 1))))
    )


def _number_in_word(lex: Lexemes, tags: Sequence[str], position: int, head: int | None) -> bool:
    """Tell whether a lexeme is a number in a word: "one-stop shops"."""
    return (
        head is None
        and tags[position] == "CD"
        and lex.words[position][0].isalpha()
        and lex.at(position + 1) == "-"
        and lex.joined(position + 1)
    )


def _coordinated(lex: Lexemes, tags: Sequence[str], conjunction: int, right: int, head: int | None) -> int | None:
    """Return the index after the noun that a conjunction adds to the counted phrase, or None where it adds none.

    "women and girls", "new and old cases", "victims or potential victims", "Roma and Egyptians".
    """
    position = conjunction + 1
    while position < right and tags[position] in MODIFIERS and position - conjunction < 4:
        position += 1
    if position >= right:
        return None
    seen = position - conjunction - 1
    if head is None or tags[head - 1] in ("NN", "JJ"):
        if tags[position] in PLURALS:
            return position + 1
        return position if head is None and seen > 0 and tags[position - 1] in NOUNS else None
    if lex.lower[position] == lex.lower[head - 1] and tags[position] in PLURALS:
        return position + 1
    if lex.words[head - 1][0].isupper() and all(word[0].isupper() or word == "-" for word in lex.words[conjunction + 1 : position + 1]):
        return position + 1 if tags[position] in PLURALS else None
    if tags[position] != "NNS" or tags[head - 1] != "NNS":
        return None
    clause = position + 1 < right and tags[position + 1] in ("VBD", "VBP", "MD")  # "trained 30 officers and local police arrested"
    return position + 1 if seen == 0 or (seen <= 2 and not clause and lex.lower[position].endswith("s")) else None


def _named_again(lex: Lexemes, tags: Sequence[str], of: int, right: int, head: int) -> int:
    """Return the index after a counted noun that comes again: "victims of theft and potential victims"; else the head."""
    if lex.lower[of] != "of" or of + 2 >= right or tags[of + 1] not in ("NN", "NNS") or lex.lower[of + 2] not in ("and", "or"):
        return head
    position = of + 3
    while position < right and tags[position] in MODIFIERS and position - of < 6:
        position += 1
    return position + 1 if position < right and lex.lower[position] == lex.lower[head - 1] else head


def _listed(lex: Lexemes, tags: Sequence[str], comma: int, right: int, head: int) -> int:
    """Return the index after the last noun of a list of counted nouns: "prosecutors, judges, and police officers"; else the head."""
    position, items = comma, 0
    while tags[head - 1] == "NNS" and position < right and lex.lower[position] in (",", "and", "or"):
        last = lex.lower[position] != "," or lex.at(position + 1) in ("and", "or")
        position += 2 if last and lex.lower[position] == "," else 1
        start = position
        while position < right and tags[position] in ("JJ", "NN") and position - start < 2:
            position += 1
        if position >= right or tags[position] != "NNS":
            return head
        position, items = position + 1, items + 1
        if last:
            return position if items > 1 else head
    return head
