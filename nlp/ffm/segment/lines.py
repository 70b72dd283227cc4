"""Lines of a report and what each looks like on its own: the vocabulary of marks that layouts use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

LINE = re.compile(r"[^\r\n\f\u2028\u2029]*(?:\r\n|\r|\n|\f|\u2028|\u2029|$)")
SPACES = re.compile(r"[\s\u00a0\u200b\ufeff]+")
EMPHASIS = re.compile(r"\*\*|__|</?(?:b|i|u|strong|em)>|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)", re.IGNORECASE)
LINK = re.compile(r"!?\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]\(((?:[^()\s\\]|\\.|\([^()]*\))*)\)")
RULE = re.compile(r"^\s*(?:(?:[-*_=]\s*){3,}|[-–—]\s*)$")
ATX_HEADING = re.compile(r"^\s{0,3}(#{1,6})(?:\s+|$)")
LIST_ITEM = re.compile(
    r"^\s*(?:(?P<bullet>[-*+•●▪◦‣∙·o–](?=\s))|(?P<number>\d{1,3})[.)](?=\s)|\(?(?P<letter>[a-z]|[ivx]{1,4})\)(?=\s))\s+(?=\S)"
)
NUMBERED = re.compile(r"^\s*(?P<number>\d{1,2}(?:\.\d{1,3}){1,3})\.?\s+(?=\S)")
FOOTNOTE = re.compile(r"^\s*(?:<sup>\s*\d{1,3}\s*</sup>|\[\^\w{1,8}\]:|[⁰¹²³⁴-⁹]+(?=\s?\S)|[†‡§¶]\s?(?=\S))")
TABLE_NOTE = re.compile(r"^\s*(?:[*†‡§]\s+\S|[_*]{0,2}(?:Source|Note)s?\b[^:]{0,80}:)")
PAGE_NUMBER = re.compile(
    r"^[\s*_]*(?:page\s+|p\.\s*|[-–|]\s*)?(?P<page>\d{1,4})(?:\s*(?:of|/)\s*\d{1,4}|\s*[-–|](?:\s*page)?)?[\s*_]*$",
    re.IGNORECASE,
)
DOT_LEADER = re.compile(r"(?:\.{4,}|(?:\. ){3,}|…{2,})\s*(?:</?b>|\*|\s)*\d{1,4}\s*(?:</?b>|\*|\s)*$")
BACK_LINK = re.compile(r"^\s*\[?back to (?:the )?(?:contents|top)\]?(?:\([^)]*\))?\s*$", re.IGNORECASE)
TERMINAL = re.compile(r"[.!?:;…][\"'”’)\]*_]*(?:\s*(?:<sup>\d+</sup>|\(\d[\d,\s;–-]*\)|\[\d+\]))*[\"'”’)\]*_\s]*$")

Q_MARK = re.compile(
    r"^[\s*_>]*(?:(?:Q|q)(?:uestion|UESTION)?|QUESTION)(?=[\s.:,;)*_0-9-])[\s*_]*(?:\d{1,3})?[\s*_]*(?P<sep>[.:,;)–-]?)[\s*_.:]*(?=\S)"
)
A_MARK = re.compile(r"^[\s*_>]*(?:A|a|Answer|ANSWER|answer)(?=[\s.:,;)*_0-9-])[\s*_]*(?:\d{1,3})?[\s*_]*(?P<sep>[.:,;)])[\s*_.:]*(?=\S)")
BARE_A = re.compile(r"^[\s*_>]*A\s+(?=(?:Yes|No|Not|We|I|It|They|There|This|That|The|Our|He|She|In|If|For|Most|Some|Both|All|Only|So)\b)")
SPEAKER = re.compile(r"^[\s*_>]*(?P<name>(?:(?!Q\b|A\b|http)[A-Z][\w.'’&/-]*)(?:[ \u00a0][\w.'’&/()-]+){0,4}?)[\s*_]*:[\s*_]+(?=\S)")
SPEAKER_TITLE = re.compile(
    r"^(?:official|interviewee|interviewer|respondent|speaker|source|participant|representative|interlocutor|expert"
    r"|ffm(?: team)?|fft|cpit|team|delegation)\b(?:\s*\d{1,2})?$",
    re.IGNORECASE,
)
FIELD_LABELS = (
    r"date(?: of (?:the )?(?:interview|meeting))?|time|venue|location|place(?: of (?:the )?(?:interview|meeting))?"
    r"|(?:organi[sz]ation )?(?:meeting|interview) with|organi[sz]ation|present(?: (?:in|at)(?: the)? (?:meeting|interview))?"
    r"|interview(?:ee|er)s?|participants?|attendees?|attended by|interpreter|source|name|position|role|title|format"
    r"|language|duration|mode of interview|conducted by|contact"
)
FIELD = re.compile(rf"^[\s*_>]*(?P<label>{FIELD_LABELS})\s*(?P<close>\*\*|__)?\s*:\s*(?:\*\*|__)?", re.IGNORECASE)
BOLD_FIELD = re.compile(r"^\s*(?:\*\*|__)(?P<label>[^*_:\n]{2,60})(?::\s*(?:\*\*|__)|(?:\*\*|__)\s*:)")
BOLD_MEETING = re.compile(rf"^\s*(?:\*\*|__)(?P<label>{FIELD_LABELS})\s*:", re.IGNORECASE)


class Line(Struct, frozen=True):
    """One line: its range without the line end, and its text stripped of emphasis and outer white space."""

    start: int
    end: int
    raw: str
    plain: str
    page_break: bool

    @property
    def blank(self) -> bool:
        """True where nothing is printed on the line."""
        return not self.plain


def plain(text: str) -> str:
    """Return text without emphasis, link targets and outer white space, its inner white space single."""
    text = LINK.sub(r"\1", text)
    text = ATX_HEADING.sub("", EMPHASIS.sub("", text))
    return SPACES.sub(" ", text).strip().rstrip("#").strip()


def read_lines(text: str) -> Iterator[Line]:
    """Yield the lines of a text, whichever line ends it uses; a form feed marks a page break."""
    position = 0
    while position < len(text):
        match = LINE.match(text, position)
        assert match is not None  # the pattern matches the empty string
        raw = match.group()
        body = raw.rstrip("\r\n\f\u2028\u2029")
        yield Line(position, position + len(body), body, plain(body), raw.endswith("\f"))
        position = match.end() if match.end() > position else position + 1


def is_terminated(text: str) -> bool:
    """Tell whether a text ends as a sentence or a lead-in does, a footnote mark after it allowed."""
    return bool(TERMINAL.search(text))


def is_bold(raw: str) -> bool:
    """Tell whether a line or paragraph is wholly bold."""
    body = raw.strip()
    for mark in ("**", "__"):
        if body.startswith(mark) and body.endswith(mark) and len(body) > 2 * len(mark):
            return mark not in body[len(mark) : -len(mark)] or body.replace(" ", "").count(mark * 2) > 0
    return bool(re.fullmatch(r"<(b|strong)>.*</\1>", body, re.IGNORECASE | re.DOTALL))
