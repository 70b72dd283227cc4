"""Whether a regular expression that somebody wrote into a scheme may be run over reports: it must not take ever longer."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from functools import lru_cache

ENDLESS = re.compile(r"(?<!\\)\)(?:[*+]|\{\d*,\}|\{\d{2,}\}|\{\d*,\d{2,}\})")  # a group that repeats without an end, or ten times and more
UNITS = ("a", "1", "a ", "-", " ")  # what texts are made of that such expressions stumble over
LONGEST = 4_000  # characters of a text in which cues are looked for
SHORT = range(4, 68, 4)  # characters, in small steps, so that an expression whose time doubles is caught while it is short
LONG = (
    128,
    256,
    512,
    1024,
    2048,
    LONGEST,
)  # characters, for alternatives that repeat twice: their time may grow with a power of the length
SECONDS, LONG_SECONDS = 0.02, 0.2  # for one search of a short text, and of a long one; one that goes over it once takes a thousandth
REPEATS = re.compile(r"[*+{]")
LITERAL = re.compile(r"(?<!\\)[a-z]")


@lru_cache(maxsize=10_000)
def cue_problem(cue: str) -> str | None:
    """Tell what is wrong with a cue, and what to do, or None.

    An expression whose time grows with more than the square of a text's length is found by lengthening texts that it
    nearly matches: each step is a little longer, so that the trial itself is short. Cues are looked for in no more than
    the ``LONGEST`` text of the trial, so that none takes longer than it did here by much.
    """
    try:
        pattern = re.compile(cue, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        return f"is no regular expression ({error}); correct it"
    if pattern.fullmatch("") is not None:
        return "matches where nothing stands; name a word"
    if ENDLESS.search(cue):
        return "repeats a group without an end or too often, which can take for ever; write {0,5} instead of * or +"
    repeating = [alternative for alternative in alternatives(cue) if len(REPEATS.findall(alternative)) > 1]
    if _is_slow(pattern, SHORT, SECONDS) or any(
        _is_slow(re.compile(alternative, re.IGNORECASE), LONG, LONG_SECONDS) for alternative in repeating
    ):
        return "takes too long on some texts; repeat less in it, and nothing that itself repeats"
    return None


def _is_slow(pattern: re.Pattern[str], lengths: Iterable[int], seconds: float) -> bool:
    """Tell whether a search of some text of one of the lengths takes longer than so many seconds."""
    for unit in (*UNITS, *dict.fromkeys(LITERAL.findall(pattern.pattern)[:3])):
        for length in lengths:
            text = unit * (length // len(unit)) + "\u2603"
            started = time.thread_time()
            pattern.search(text)
            if time.thread_time() - started > seconds:
                return True
    return False


def alternatives(expression: str) -> list[str]:
    """Return the alternatives of an expression, divided at the bars that stand outside of brackets."""
    pieces, depth, start = [], 0, 0
    for index, character in enumerate(expression):
        if character in "([" and expression[index - 1 : index] != "\\":
            depth += 1
        elif character in ")]" and expression[index - 1 : index] != "\\":
            depth -= 1
        elif character == "|" and depth == 0:
            pieces.append(expression[start:index])
            start = index + 1
    return [*pieces, expression[start:]]
