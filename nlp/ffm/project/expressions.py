"""Whether a regular expression that somebody wrote into a scheme may be run over reports: it must not take ever longer."""

from __future__ import annotations

import re
import time

ENDLESS = re.compile(r"(?<!\\)\)(?:[*+]|\{\d*,\}|\{\d{2,}\}|\{\d*,\d{2,}\})")  # a group that repeats without an end, or ten times and more
UNITS = ("a", "1", "a ", "-", " ")  # what texts are made of that such expressions stumble over
LENGTHS = range(2, 66, 2)  # in small steps, so that an expression whose time doubles is caught while it is short
SECONDS = 0.02  # for one search of the longest of them; a quick expression takes a thousandth of it
LITERAL = re.compile(r"(?<!\\)[a-z]")


def cue_problem(cue: str) -> str | None:
    """Tell what is wrong with a cue, and what to do, or None.

    An expression whose time grows with more than a small power of a text's length is found by lengthening texts that it
    nearly matches: each step is a little longer, so that the trial itself is short.
    """
    try:
        pattern = re.compile(cue, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        return f"is no regular expression ({error}); correct it"
    if pattern.fullmatch("") is not None:
        return "matches where nothing stands; name a word"
    if ENDLESS.search(cue):
        return "repeats a group without an end or too often, which can take for ever; write {0,5} instead of * or +"
    for unit in (*UNITS, *dict.fromkeys(LITERAL.findall(cue)[:3])):
        for length in LENGTHS:
            started = time.thread_time()
            pattern.search(unit * length + "\u2603")
            if time.thread_time() - started > SECONDS:
                return "takes too long on some texts; repeat less in it, and nothing that itself repeats"
    return None
