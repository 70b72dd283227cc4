"""What a number counts: the noun phrase after it, by a regular expression over part-of-speech tags (a chunk grammar, as in Abney 1991).

Each lexeme is a letter: "j" adjective, "v" participle or adverb, "n" noun, "p" plural, "N" and "P" those with a capital, "c" a noun for many, "m" the second half of
"state-run", "'" possessive, "-" hyphen, "/" slash, "&" and, or, "," comma, "o" of, "." anything else, at which the phrase ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ffm.entities.amounts.numerals import DASHES, Lexemes
from ffm.entities.amounts.vocabulary import vocabulary

PLURALS = ("NNS", "NNPS")
NOUNS = ("NN", "NNS", "NNP", "NNPS", "FW")
LETTERS = {"NN": "n", "FW": "n", "NNP": "n", "NNS": "p", "NNPS": "p", "JJ": "j", "JJR": "j", "JJS": "j", "POS": "'", "HYPH": "-"}
LETTERS |= {"AFX": "-", "SYM": "-", "VBN": "v", "VBD": "v", "VBG": "v", "RB": "v"}
SIGNS = {"and": "&", "or": "&", "&": "&", ",": ",", "/": "/", "of": "o"}
AUXILIARIES = {
    "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "do", "does", "did", "not", "so", "also", "only", "then", "there",
}  # fmt: skip
MADE_BY = {"based", "run", "led", "funded", "owned", "related", "supported", "managed"}
MORE = {"more", "fewer", "less"}
OTHERS = {"ours", "theirs", "mine", "yours", "others"}
MASSES = {"staff", "police"}
LONGEST = 16  # a counted phrase's length in lexemes
PHRASE = re.compile(
    r"(?:[jvm/-](?:[jvm,/-]|&(?=[jvnN]))*)?"  # new and old
    r"(?:[nNc](?:-v|[j'm/-])*)*(?:[pP](?:-v|['m/-]|(?<=/)[nN]|c)*)*"  # police station chiefs
    r"(?:(?:(?<=n)&[jvnNc-]{0,3}|(?<=N)&[N-]{0,3}(?=P)|(?<=[pP])&[jvnNc]{0,2})[pP]+|(?<=c)&c)*"  # women and girls, Roma and Egyptians
    r"(?:(?<=p)(?:,[jnc]{0,2}p)+,?&[jnc]{0,2}p)?"  # prosecutors, judges, and police officers
    r"(?P<again>o[np]&[jvnN-]{0,3}[np])?"  # victims of theft and potential victims
)


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
    if lex.at(index) in ("and", "or") and lex.at(index + 1) in MORE:  # three or more children
        index += 2
    if index >= right or _begins_none(lex, tags, index, right, value):
        return None
    letters = "".join(_letter(lex, tags, position, right) for position in range(index, min(right, index + LONGEST)))
    if tags[index] == "VBZ" and value > 1:
        letters = "n" + letters[1:]
    match = PHRASE.match(letters)
    phrase = match.group() if match else ""
    if match and match["again"]:
        head = index + len(phrase) - len(match["again"])
        if lex.lower[head - 1] != lex.lower[index + len(phrase) - 1]:
            phrase = phrase[: head - index]
    head = index + len(phrase.rstrip("jvm',/-&"))
    if head == index or (head - 1 > index and lex.lower[head - 1] in MADE_BY):  # "one state-run and 3 NGO-run"
        return None
    if lex.at(index - 1) in MORE and tags[head - 1] not in PLURALS:  # "two or more pay"
        return None
    return None if value > 1 and tags[index] == "VBN" and tags[head - 1] == "NN" else head  # "two obtained residency"


def _letter(lex: Lexemes, tags: Sequence[str], position: int, right: int) -> str:
    """Return the letter of a lexeme."""
    tag, word, lower = tags[position], lex.words[position], lex.lower[position]
    if word in vocabulary().words.counted_forms or lower in MASSES:
        return "c"
    if lower in OTHERS:
        return "."
    if tag in NOUNS:
        return LETTERS[tag].upper() if word[0].isupper() else LETTERS[tag]
    if lower in AUXILIARIES or (word in DASHES and (lex.gap(position) or not lex.joined(position + 1))):
        return "."
    if lower in MADE_BY and position + 1 < right and tags[position + 1] in ("NN", "NNS", "JJ"):
        return "m"
    if tag == "CD" and word[0].isalpha() and lex.at(position + 1) == "-" and lex.joined(position + 1):  # one-stop shops
        return "j"
    return "-" if word in DASHES else SIGNS.get(lower) or LETTERS.get(tag, ".")


def _begins_none(lex: Lexemes, tags: Sequence[str], index: int, right: int, value: float | int) -> bool:
    """Tell whether what follows a number directly is no phrase: a verb, a label with its number, "last year"."""
    words, lower = vocabulary().words, lex.lower[index]
    following = lex.lower[index + 1] if index + 1 < right else ""
    return (
        tags[index] == "VBD"
        or (lower in words.labels and following[:1].isdigit())
        or (lower in ("last", "this", "next", "each", "every", "previous") and following in words.units_of_measure)
        or (value > 1 and lower in words.verbs and not (following and (tags[index + 1] in NOUNS or lex.joined(index + 1))))
    )
