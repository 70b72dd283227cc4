"""Sections, and who was interviewed when: headings, details lines, dates, source types."""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct, field

from ffm.records import Section, SourceType
from ffm.segment.elements import CAPTION, Element
from ffm.segment.lines import A_MARK, BOLD_FIELD, BOLD_MEETING, FIELD, Q_MARK, RULE, plain

MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS) + "|sept"
DATES = (
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{_MONTH})\.?,?\s+(?P<y>(?:19|20)\d{{2}})\b", re.IGNORECASE),
    re.compile(rf"\b(?P<m>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d{{2}})\b", re.IGNORECASE),
    re.compile(r"\b(?P<y>(?:19|20)\d{2})-(?P<m>\d{2})-(?P<d>\d{2})\b"),
    re.compile(r"\b(?P<d>\d{1,2})[./](?P<m>\d{1,2})[./](?P<y>(?:19|20)\d{2})\b"),
)
INTERVIEW_HEADING = re.compile(
    r"^(?:(?:notes? of (?:the )?)?(?:interview|meeting)(?: notes?)?(?: with)?\b|interviews?$|overview\b|introduction$)", re.IGNORECASE
)
HEADING_PREFIX = re.compile(
    r"^(?:\(?[A-Z0-9]{1,3}(?:\.\d+)*[.)]\s+|(?:annex|appendix)\s+\w+\s*[:.–-]\s*|notes? of (?:the )?(?:interview|meeting) with\s+"
    r"|(?:interview|meeting)(?:\s+\d+)?\s*(?:with\b|[:.–-])\s*)+",
    re.IGNORECASE,
)
# Words that tell what kind of body a source is, the most telling first.
SOURCE_WORDS: tuple[tuple[SourceType, str], ...] = (
    ("media", r"media|journalis\w*|news\w*|broadcast\w*|radio|reporting network|BIRN|press|television|TV"),
    (
        "academic",
        r"university|professor|academics?|academia|researchers?|research (?:institute|centre|center)|lecturers?|think[- ]tank|scholars?",
    ),
    (
        "international",
        r"UNICEF|UNHCR|UNDP|UNODC|UNFPA|UN Women|United Nations|UN|IOM|ILO|WHO|OSCE|ODIHR|Council of Europe|European Union|EU|Europol"
        r"|Interpol|Frontex|World Bank|ICRC|Red Cross|ECOWAS|African Union|international organi[sz]ations?|embass(?:y|ies)|diplomats?"
        r"|diplomatic|western official|donor agency|GIZ|USAID",
    ),
    (
        "ngo",
        r"NGOs?|INGO|non[- ]governmental|non[- ]profit|not[- ]for[- ]profit|civil society|CSO|charity|associations?|foundation|network"
        r"|coalition|shelters?|caritas|relief agency|legal aid|human rights (?:group|organi[sz]ation)|activists?|psycho-social|save the children"
        r"|terres? des hommes?|helsinki committee|amnesty|women'?s (?:group|organi[sz]ation)|cent(?:er|re)s? for|community organi[sz]ation|empowerment",
    ),
    (
        "state",
        r"ministr(?:y|ies)|ministers?|directorates?|police|prosecut\w+|municipalit(?:y|ies)|state|national agency|government|ombudsman"
        r"|ombudsperson|courts?|judges?|commissioner|department|institute of statistics|agency|authority|bureau of|immigration service"
        r"|border|customs|mayor|governor|council|parliament|embassy official|prison service|army|military|social services|inspectorate",
    ),
    (
        "private",
        r"law firm|lawyers?|attorneys?|solicitors?|advocates?|compan(?:y|ies)|consult\w+|advisers?|advisors?|ltd|business|clinic|doctor|landlord",
    ),
)
_SOURCE_PATTERNS = tuple(
    (kind, re.compile(rf"\b(?:{words})\b", 0 if kind == "international" else re.IGNORECASE)) for kind, words in SOURCE_WORDS
)
ROLE_OF_UK = re.compile(r"\b(?:UK |British )?(?:Home Office|Embassy)\b.*", re.IGNORECASE)


class Head(Struct):
    """A section under construction: its heading's index and the details lines that belong to it."""

    index: int
    title: str
    level: int
    heading_date: str | None
    details: list[int] = field(default_factory=list)
    detail_date: str | None = None
    meeting_with: str = ""
    start: int = 0
    end: int = 0
    interview: bool = False
    subheads: list[int] = field(default_factory=list)
    marks: int = 0


def parse_date(text: str) -> str | None:
    """Return the first full date of a text as ISO 8601, day before month where only figures stand, or None."""
    best: tuple[int, str] | None = None
    for pattern in DATES:
        match = pattern.search(text)
        if match is None:
            continue
        month_text = match.group("m").lower()
        month = int(month_text) if month_text.isdigit() else [name[:3] for name in MONTHS].index(month_text[:3]) + 1
        try:
            found = date(int(match.group("y")), month, int(match.group("d"))).isoformat()
        except ValueError:
            continue
        if best is None or match.start() < best[0]:
            best = (match.start(), found)
    return best[1] if best else None


def source_name(title: str) -> str:
    """Return a heading without its date and numbering: the name of the source."""
    name = title
    for pattern in DATES:
        name = pattern.sub("", name)
    name = HEADING_PREFIX.sub("", name.strip())
    return re.sub(r"\s*[,;:–(-]+\s*$", "", re.sub(r"\(\s*\)", "", name)).strip() or title


def source_type(name: str, description: str = "") -> SourceType | None:
    """Return the type of a source by the words of its name, else of its description; None where neither tells.

    The name counts before the description, as a state agency may describe its work with NGOs.
    """
    for text in (name, description):
        first: tuple[int, SourceType] | None = None
        for rank, (kind, pattern) in enumerate(_SOURCE_PATTERNS):
            if pattern.search(text) and (first is None or rank < first[0]):
                first = (rank, kind)
        if first:
            return first[1]
    return None


def mark_details(elements: list[Element]) -> list[Head]:
    """Find the sections and turn the details lines of interviews into elements of that kind, in place."""
    heads: list[Head] = []
    for index, element in enumerate(elements):
        if _is_interview_title(elements, index):
            element.kind = "heading"
        if element.kind == "heading" and not CAPTION.match(element.text):
            if heads and _belongs_to_interview(heads[-1], element):
                heads[-1].subheads.append(index)
                continue
            heads.append(Head(index, element.text, element.level, parse_date(element.text), start=element.start))
        elif heads and (element.kind == "details" or _is_detail(elements, index, heads[-1])):
            _add_detail(elements, index, heads[-1])
        elif heads and element.kind == "text" and (Q_MARK.match(element.raw) or A_MARK.match(element.raw)):
            heads[-1].marks += 1
    for head in heads:
        head.interview = (
            (bool(head.details) and head.detail_date is not None)
            or bool(head.details and head.meeting_with)
            or bool(head.heading_date and head.marks)
        )
        if head.details:
            _mark_loose_details(elements, head)
    return heads


def _is_interview_title(elements: list[Element], index: int) -> bool:
    """Tell whether a plain line names a source and a date, or stands right above the details of an interview."""
    element = elements[index]
    if element.kind != "text" or len(element.text.split()) > 20 or "\n" in element.raw.strip() or FIELD.match(element.raw):
        return False
    dated = any(match and match.end() >= len(element.text) - 2 for match in (pattern.search(element.text) for pattern in DATES))
    if dated and "," in element.text and element.isolated and element.text[:1].isupper() and not re.match(r"^\[|http", element.raw):
        return not any(character in element.text for character in "?;|")
    following = next((other for other in elements[index + 1 : index + 3] if other.kind != "furniture"), None)
    return (
        following is not None
        and element.isolated
        and element.text[-1:] not in ".?!:;"
        and bool(re.match(r"^[\s*_]*(?:date|meeting with|interview with|interviewee)\b[^:]{0,25}:", following.raw, re.IGNORECASE))
    )


def _belongs_to_interview(head: Head, element: Element) -> bool:
    """Tell whether a heading is a part of the interview above it ("Interview", "Overview") and no new section."""
    inside = bool(head.details) or bool(head.heading_date)
    if not inside or parse_date(element.text):
        return False
    if (INTERVIEW_HEADING.match(element.text) and len(element.text.split()) <= 6) or element.text.endswith("?"):
        return True
    return element.level > head.level and not (head.marks and element.level < 7)


def _is_detail(elements: list[Element], index: int, head: Head) -> bool:
    element = elements[index]
    if element.kind != "text" or head.marks or head.subheads:
        return False
    if FIELD.match(element.raw):
        return bool(head.details) or index - head.index <= 3
    return bool(head.details) and bool(BOLD_FIELD.match(element.raw))


def _add_detail(elements: list[Element], index: int, head: Head) -> None:
    element = elements[index]
    element.kind = "details"
    head.details.append(index)
    for line in element.raw.splitlines():
        match = FIELD.match(line) or BOLD_MEETING.match(line) or BOLD_FIELD.match(line)
        if match is None:
            continue
        label = match.group("label").lower()
        value = plain(line[match.end() :])
        if "date" in label and head.detail_date is None:
            head.detail_date = parse_date(value)
        elif label not in ("present", "interpreter") and not label.startswith("present") and "date" not in label:
            head.meeting_with = f"{head.meeting_with} {value}".strip()


def _mark_loose_details(elements: list[Element], head: Head) -> None:
    """Mark unlabelled lines between the last details line and the rule or heading that ends the details."""
    last = head.details[-1]
    loose: list[Element] = []
    for element in elements[last + 1 : last + 6]:
        if RULE.match(element.raw) or element.kind == "heading":
            for other in loose:
                other.kind = "details"
            return
        if element.kind != "text" or len(element.text.split()) > 40 or Q_MARK.match(element.raw) or A_MARK.match(element.raw):
            return
        loose.append(element)


def make_sections(heads: list[Head], elements: list[Element], length: int) -> tuple[list[Section], list[str]]:
    """Make the sections from their heads, and notices where a heading contradicts its details."""
    sections: list[Section] = []
    notices: list[str] = []
    last_source: Section | None = None  # of the interview above
    parent: tuple[int, Section] | None = None  # the sourced section whose sub-sections inherit from it
    for number, head in enumerate(heads):
        end = heads[number + 1].start if number + 1 < len(heads) else length
        head.end = end
        if head.interview:
            name = source_name(head.title)
            day = head.detail_date or head.heading_date
            conflict = head.heading_date if head.detail_date and head.heading_date not in (None, head.detail_date) else None
            if conflict:
                notices.append(
                    f'"{head.title}": the heading says {conflict}, the Date line says {day}; {day} is used, {conflict} is kept beside it'
                )
            section = Section(name, head.start, end, name, source_type(name, ROLE_OF_UK.sub("", head.meeting_with)), day, conflict, True)
            last_source, parent = section, (head.level, section)
        elif last_source is not None and _mentions(head.title, last_source.source or ""):
            section = _attributed(head, end, last_source)
            parent = (head.level, section)
        elif parent is not None and head.level > parent[0]:
            section = _attributed(head, end, parent[1])
        else:
            last_source = last_source if head.level > 1 else None
            parent = None
            section = Section(head.title, head.start, end)
        sections.append(section)
    return sections, notices


def _attributed(head: Head, end: int, to: Section) -> Section:
    """Make a section that is attributed to the source of another."""
    return Section(head.title, head.start, end, to.source, to.source_type, to.date, None, False)


def _mentions(title: str, source: str) -> bool:
    """Tell whether a title names a source: all its capitalised words, or its first one where that is distinctive."""
    words = list(re.findall(r"[A-Z][\w&-]+", source))
    return bool(words) and (
        source.lower() in title.lower() or (bool(re.search(rf"\b{re.escape(words[0])}\b", title)) and words[0].lower() not in _COMMON)
    )


_COMMON = {
    "the",
    "ministry",
    "national",
    "state",
    "general",
    "center",
    "centre",
    "albanian",
    "office",
    "mobile",
    "international",
    "department",
}
