"""Who was interviewed when: dates, names and types of sources."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from importlib.resources import files

import msgspec

from ffm.records import SourceType

MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
OTHER_MONTHS = [  # of French, Spanish, Portuguese, Italian, German and Dutch, where they are written in another way
    "janvier enero janeiro gennaio januar januari jänner", "février fevrier febrero fevereiro febbraio februar februari",
    "mars marzo março marco märz maart", "avril abril aprile", "mai mayo maio maggio mei", "juin junio junho giugno juni",
    "juillet julio julho luglio juli", "août aout agosto augustus", "septembre septiembre setiembre setembro settembre",
    "octobre octubre outubro ottobre oktober", "novembre noviembre novembro", "décembre decembre diciembre dezembro dicembre dezember",
]  # fmt: skip
_NUMBERS = {name: number for number, names in enumerate(OTHER_MONTHS, 1) for name in names.split()}
_NUMBERS |= {short: number for number, name in enumerate(MONTHS, 1) for short in (name, name[:3])} | {"sept": 9}
_MONTH = "|".join(sorted(_NUMBERS, key=lambda name: (-len(name), name)))
DATES = (
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?:\s?(?:[-–/&]|\band\b|\bto\b)\s?\d{{1,2}}(?:st|nd|rd|th)?)?\s(?:(?:of|de)\s)?(?P<m>{_MONTH})\.?,?\s(?:de\s)?(?P<y>(?:19|20)\d{{2}})\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<m>{_MONTH})\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?(?:[-–/&]|\band\b|\bto\b)\s?\d{{1,2}}(?:st|nd|rd|th)?)?,?\s(?P<y>(?:19|20)\d{{2}})\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?P<y>(?:19|20)\d{2})[-/.](?P<m>\d{2})[-/.](?P<d>\d{2})\b"),
    re.compile(r"\b(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>(?:19|20)\d{2})\b"),
)
MONTH_AND_YEAR = re.compile(rf"\b(?P<m>{_MONTH})\.?,?\s(?P<y>(?:19|20)\d{{2}})\b", re.IGNORECASE)
CELL = re.compile(r"\s[|–—-]\s")
WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b,?\s?", re.IGNORECASE)
MEETING = re.compile(r"^(?:interview|meeting|conversation)s? ", re.IGNORECASE)  # a full stop may set the date off from whom it was with
CHANNEL = re.compile(
    r",?\s?(?:\b(?:via|by|over|through)\s)(?:skype|zoom|teams|(?:tele)?phone|e-?mail|video ?(?:link|call|conference)|whatsapp)\b.*$",
    re.IGNORECASE,
)
HEADING_PREFIX = re.compile(
    r"^(?:(?:\(?[A-Z0-9]{1,3}(?:\.\d{1,3}){0,4}[.)]\s+|\d{1,2}(?:\.\d{1,3}){1,4}\s+|(?:annex|appendix)\s+\w{1,9}\s?[:.–-]\s?|(?:skype|phone|telephone|online|email|e-mail)\s(?=interview|meeting)"
    r"|(?:notes?|minutes|record|transcript|summary) (?:of|from) (?:an? |the )?(?=interview|meeting|conversation)"
    r"|(?:interview|meeting|conversation)(?:\s+(?:no\.?\s?)?\d{1,3})?\s?(?:(?:with|at)\b|[:.–—-])\s?|interviewee(?:\s\d{1,3})?\s?[:.–—-]\s?|(?:source|respondent|informant|interlocutor)(?:\s\d{1,3})?\s?:\s))+(?:the|an?)?\b\s*|^the\s+",
    re.IGNORECASE,
)
NAMELESS = re.compile(
    r"^(?:interview|meeting|questionnaire|source|interviewee|respondent|interlocutor|annex|appendix|notes?|transcript|summary)?s?(?: (?:no\.? ?)?[\dA-Z]{1,3})?[.:]?$",
    re.IGNORECASE,
)
_TYPES = msgspec.convert(
    tomllib.loads(files("ffm.segment").joinpath("source_types.toml").read_text(encoding="utf-8")), dict[SourceType, list[str]]
)
_SOURCE_PATTERNS = tuple(
    (kind, re.compile(rf"\b(?:{'|'.join(words)})\b", 0 if kind == "international" else re.IGNORECASE)) for kind, words in _TYPES.items()
)
_PERSON = re.compile(r"\b(?:lawyers?|attorneys?|solicitors?|advocates?|doctor|advis[eo]rs?)\b", re.IGNORECASE)


def parse_date(text: str) -> str | None:
    """Return the first full date of a text as ISO 8601, or None.

    Where only figures stand, the day comes before the month, unless the second figure can be no month.
    """
    best: tuple[int, str] | None = None
    for pattern in DATES:
        match = pattern.search(text)
        if match is None:
            continue
        month_text = match.group("m").lower()
        month = int(month_text) if month_text.isdigit() else _NUMBERS[month_text]
        day = int(match.group("d"))
        if month > 12 >= day:
            day, month = month, day
        try:
            found = date(int(match.group("y")), month, day).isoformat()
        except ValueError:
            continue
        if best is None or match.start() < best[0]:
            best = (match.start(), found)
    return best[1] if best else None


def parse_month(text: str) -> str | None:
    """Return the first month with its year of a text as ``YYYY-MM``, else None."""
    match = MONTH_AND_YEAR.search(text)
    if match is None:
        return None
    return f"{match.group('y')}-{_NUMBERS[match.group('m').lower()]:02d}"


def ends_or_begins_with_date(title: str) -> bool:
    """Tell whether a date, or a month with its year, stands first or last in a title, set apart from a name."""
    found = [match for match in (pattern.search(title) for pattern in (*DATES, MONTH_AND_YEAR)) if match]
    if not any(match.end() >= len(title) - 2 or match.start() <= 1 for match in found):
        return False
    at = found[0].start()
    before = WEEKDAY.sub("", title[:at])
    return at <= 1 or bool(re.search(r"[,:–—|(-]\s?$|\bon $", before) or (MEETING.match(title) and before.endswith(". ")))


def is_date(text: str) -> bool:
    """Tell whether a text is a date and no more."""
    return len(text) < 40 and parse_date(text) is not None and not without_date(text)


def _named_cell(title: str) -> str:
    """Return the part of a title that names, where bars or dashes set a date apart from what stands on both sides; else the title."""
    cells = [cell.strip() for cell in CELL.split(title)]
    dated = [index for index, cell in enumerate(cells) if any(pattern.fullmatch(cell) for pattern in (*DATES, MONTH_AND_YEAR))]
    if not dated or not (" | " in title or 0 < dated[0] < len(cells) - 1):
        return title
    return next((cell for index, cell in enumerate(cells) if cell and index not in dated and not NAMELESS.match(cell)), title)


def begins_with_date(text: str) -> bool:
    """Tell whether a text is a date, or one with a few words that a comma or a bracket sets off, such as how or where."""
    return is_date(re.split(r"\s?[,(;]\s?", text, maxsplit=1)[0]) or is_date(text)


def without_date(title: str) -> str:
    """Return a heading without its dates and what set them apart."""
    name = _named_cell(title)
    for pattern in (*DATES, MONTH_AND_YEAR):
        name = pattern.sub("", name)
    name = CHANNEL.sub("", WEEKDAY.sub("", re.sub(r"\(\s?\)|\[\s?\]", "", name)))
    name = re.sub(r"\s*[(,;–—-]?\s*\bdate\s?:?\s*\)?$", "", name.strip(), flags=re.IGNORECASE)
    name = re.sub(r"\s*(?:[,;:–—(|-]|\bon\b|\bdated\b)?\s*$", "", name)
    name = name.removesuffix(".") if MEETING.match(title) else name
    return re.sub(r"^\s*[,;:–—)|-]+\s*", "", name).strip()


def source_name(title: str) -> str:
    """Return a heading without its date and numbering: the name of the source."""
    return HEADING_PREFIX.sub("", without_date(title)).strip() or title


def source_type(name: str, description: str = "") -> SourceType | None:
    """Return the type of a source by the words of its name, else of its description; None where neither tells.

    The name counts before the description, as a state agency may describe its work with NGOs. What a person of a
    body is by trade counts in the name only.
    """
    for text in (name, _PERSON.sub("", description)):
        for kind, pattern in _SOURCE_PATTERNS:
            if pattern.search(text):
                return kind
    return None
