"""The short forms that a report defines, sorted: those of bodies, of places, and of anything else."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from ffm.entities.lexicon import folded, lexicon
from ffm.entities.names.bodies import acts_as_body, names_body, names_nothing
from ffm.entities.names.short_forms import ShortForm, find_short_forms

BRACKETED = re.compile(r"\s\((?P<short>[A-Z][A-Za-z&]{1,9})\)")

WORDS = lexicon()
MIN_PART = 6  # letters: a shorter name at either end of a long form is chance

CAPITALISED = re.compile(r"[A-Z][\w’'-]*(?:\s(?:[A-Z][\w’'-]*|of|for|the|and|on|in|a|to|against))*$")


class Forms(Struct, frozen=True):
    """The short forms of a report."""

    bodies: dict[str, str]
    places: dict[str, str]  # each short form's long form
    known: dict[str, str]  # the long form of each short form that the lexicon knows: "United Nations Children's Fund", UNICEF
    others: frozenset[str]  # the short forms of what is neither a body nor a place


def sort_forms(texts: Sequence[str], bodies: set[str], places: set[str]) -> Forms:
    """Sort the short forms that a report's texts define.

    Parameters
    ----------
    texts
        The clean texts of the report.
    bodies, places
        The surface forms that were found in it.
    """
    whole = "\n".join(texts)
    found = {folded(body).lower(): body for body in bodies}
    of_bodies: dict[str, str] = {}
    of_places: dict[str, str] = {}
    known: dict[str, str] = {}
    others: set[str] = set()
    for form in (form for text in texts for form in find_short_forms(text)):
        long = re.sub(r"^(?:the|The|of|an?)\s+", "", form.long).strip("\"“”‘’'[],;: ")
        long = re.sub(r"['’]s$", "", long)
        if form.short in WORDS.bodies or (form.short in WORDS.places and not names_body(long, form.short)):
            if long[:1].isupper() and not names_nothing(long):
                known.setdefault(long, form.short)
            continue
        if long in WORDS.places or (long in places and long not in bodies):
            of_places.setdefault(form.short, long)
            continue
        if form.short in WORDS.no_names and form.short.endswith("s"):  # Non-Governmental Organisations (NGOs)
            others.update({form.short, long})
            continue
        body = None if names_nothing(long) else _body(form, long, found)
        if body is None and acts_as_body(long, form.short, whole):
            body = long
        if body is not None and body != form.short and not names_nothing(body):
            of_bodies.setdefault(form.short, body)
        else:
            others.update({form.short, form.short.removesuffix("s")})  # state-owned enterprises (SOEs): SOE
    for short, body in _bracketed(texts, bodies):
        if short in WORDS.bodies and body:
            known.setdefault(body, short)
        elif short in WORDS.places | WORDS.bodies | WORDS.no_names | others or short in of_places:
            continue
        elif body is None:
            others.add(short)
        else:
            of_bodies.setdefault(short, body)
    return Forms(of_bodies, of_places, known, frozenset(others - set(of_bodies)))


def _body(form: ShortForm, long: str, known: dict[str, str]) -> str | None:
    """Return the body that a long form names, or that its end or beginning names, or None."""
    plain = folded(long).lower()
    if plain in known:
        return known[plain]
    if names_body(long, form.short):
        return long
    spaces = [at for at, character in enumerate(plain) if character == " "]
    ends = (plain[at + 1 :] for at in spaces)  # the longest first
    starts = (plain[:at] for at in reversed(spaces))
    return next((known[part] for part in itertools.chain(ends, starts) if len(part) > MIN_PART and part in known), None)


def _bracketed(texts: Iterable[str], bodies: set[str]) -> Iterable[tuple[str, str | None]]:
    """Yield the short forms in brackets whose letters do not spell what stands before them, with the body that stands there.

    "Institute of Statistics (INSTAT)" is one of a body; "Law for a Life Free of Violence (LEIV)" is none, and yields None.
    """
    named = {name for name in bodies if " " in name}
    for text in texts:
        for match in BRACKETED.finditer(text):
            short = match.group("short")
            if sum(letter.isupper() for letter in short) < 2:
                continue
            before = text[max(0, match.start() - 120) : match.start()]
            body = next((before[at:] for at in range(len(before)) if before[at:] in named), None)
            if body is not None:
                yield short, body
            elif phrase := CAPITALISED.search(before):
                parts = phrase.group().split()
                if len(parts) > 1 and any(part in WORDS.no_heads for part in parts) and not any(part in WORDS.heads for part in parts):
                    yield short, None
