"""Lines of a report and what each looks like on its own: the vocabulary of marks that layouts use.

Every quantifier that meets white space or emphasis is bounded, so that no line makes a pattern backtrack at length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from ffm.segment.markup import CleanText, clean, legible

LINE = re.compile(r"[^\r\n\f\u2028\u2029]*+(?:\r\n|\r|\n|\f|\u2028|\u2029|$)")
ESCAPED = re.compile(r"^([\s*_>]{0,20}\w{0,9})\\([.)-])", re.MULTILINE)
SPACES = re.compile(r"[\s\u200b\ufeff]+")
EMPHASIS = re.compile(
    r"\*\*|__|</?(?:b|i|u|em|strong|mark|span|font|small|center)(?:\s[^<>]{0,200})?>|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)", re.IGNORECASE
)
MARKUP = re.compile(r"[*_<\[#&\u200b\ufeff]")
LINK = re.compile(r"!?\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*+)\]\(((?:[^()\s\\]|\\.|\([^()]*\))*+)\)")
RULE = re.compile(r"^\s*+(?:(?:[-*_=]\s*+){3,}|[-–—]\s*+)$")
ATX_HEADING = re.compile(r"^\s{0,3}(#{1,6})(?:\s+|$)")
LIST_ITEM = re.compile(
    r"^\s*+(?:(?P<bullet>[-*+•●▪◦‣∙·o–](?=\s))|(?P<number>\d{1,3})[.)](?=\s)|\(?(?P<letter>[a-z]|[ivx]{1,4})\)(?=\s))\s++(?=\S)"
)
NUMBERED = re.compile(r"^\s*+(?P<number>\d{1,2}(?:\.\d{1,3}){1,3}(?:\.[a-z])?)\.?\s++(?=\S)")
FOOTNOTE = re.compile(r"^\s*+(?:<sup>\s{0,9}\[?[\d*†‡]{1,3}\]?\s{0,9}</sup>|\[\^\w{1,8}\]:|[⁰¹²³⁴-⁹]++(?=\s?\S)|[†‡]\s?(?=\S))")
BARE_NOTE = re.compile(r"^\s{0,9}(?:\[(?P<bracketed>\d{1,3})\](?!\()|(?P<number>\d{1,3})\.?(?=\s))\s{0,9}(?=[\"'“‘(<]?[A-Z])")
TABLE_NOTE = re.compile(r"^\s*+(?:[*†‡§]+\s*\S|[_*]{0,2}(?:Source|Note)s?\b[^:]{0,80}:)")
PAGE_NUMBER = re.compile(
    r"^[\s*_]{0,99}(?:page\s{0,4}\|?\s{0,4}|p\.\s{0,4}|[-–—|\[]\s{0,4})?(?P<page>\d{1,4})"
    r"(?:\s{0,4}(?:of|/)\s{0,4}\d{1,4}|\s{0,4}[-–—|\]](?:\s{0,4}page)?)?[\s*_]{0,99}$",
    re.IGNORECASE,
)
DOT_LEADER = re.compile(
    r"(?:\.{4}|(?:\. ){3}|…{2}|(?:… ){2}…?)[\s*]{0,20}(?:</?b>)?[\s*]{0,20}\d{1,4}(?:\s?[–-]\s?\d{1,4})?\s{0,9}(?:</?b>)?[\s*]{0,20}$"
)
OPEN_LEADER = re.compile(r"(?:\.{5}|(?:\. ?){6}|(?:… ?){3}|_{6})[\s*]{0,20}$")  # its page number stands elsewhere
INLINE_LEADER = re.compile(r"(?:(?<!\.)\.{4,}+|(?<!\. )(?:\. ){4,}+|(?<!…)(?<!… )(?:… ?){2,}+)\s?\d{1,4}\b\s{0,9}")
BACK_LINK = re.compile(r"^\s*+\[?back to (?:the )?(?:contents|top)\]?(?:\([^)]*\))?\s*+$", re.IGNORECASE)
TERMINAL = re.compile(
    r"[.!?:;…][\"'”’)\]*_]*+"
    r"(?:\s*+(?:<sup>\d++</sup>|\(\d[\d,\s;–-]*+\)|\[\^?\d++\]|\[(?:foot|end)?note\s?\d++\]|\[#?\d++\]\(#[^()\s]*+\)|\^\[[^\[\]]*+\]|[⁰¹²³⁴-⁹]++))*+"
    r"[\"'”’)\]*_\s]*+$"
)
QUESTION_NUMBER = re.compile(r"[\s*_>]{0,9}Q(?:uestion)?\s?\d{1,4}\b[\s*_.:)]{0,9}")
NOTE_AT_END = re.compile(r"(?<=[^\W\d_][.!?])\d{1,3}(?=\s*$)")  # a mark of a note, as plain text glues it to a sentence
STAMP_LINE = re.compile(r"^\s{0,9}[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?(?:\s{1,4}-{1,2}>\s{1,4}[\d:.,]{4,12})?\s{0,9}$")
LONG_LINE = 200  # a line longer than any hard-wrapped one is a paragraph of its own
TAIL = 200  # characters at the end of a line or paragraph that tell how it ends

_LEAD = r"^[\s*_>#\u200b\ufeff]{0,40}"
_SEPARATOR = r"[\s*_]{0,8}(?P<sep>[.:,;)]|[–—-](?=\s))(?![A-Z]\.)[\s*_.:]{0,200}(?=\S)"  # "Q-fever" and "A.M." are no marks
Q_MARK = re.compile(_LEAD + r"(?P<word>Q(?:uestion|UESTION|n|u)?|q(?:uestion)?)(?: ?\d{1,4})?" + _SEPARATOR)
Q_BARE = re.compile(_LEAD + r"(?:Q|(?:Q ?|Question |QUESTION )\d{1,4})[\s*_]{1,20}(?=[\"'“‘(]?[A-Z])")
A_MARK = re.compile(_LEAD + r"(?P<word>(?:A|a)(?:nswer|NSWER|ns)?|R(?:esponse|eply)?)(?:(?<=[AaRr])\d{1,3}|(?<=r) \d{1,3})?" + _SEPARATOR)
A_BARE = re.compile(
    _LEAD
    + r"(?:A\d{1,3}|A)[\s*_]{1,20}(?=(?:Yes|No|Not|We|I|It|They|You|There|This|That|These|Those|The|Our|He|She|My|Their|In|On|At|If|For|From|With"
    r"|Most|Some|Both|All|Every|Many|Few|Only|So|Since|Sometimes|Usually|Often|Never|About|Around|Because|When|Where|As|To)\b)"
)
SPEAKER = re.compile(
    _LEAD + r"(?P<name>(?!(?:Q|A)\b|http)[A-Z][\w.'’&/-]{0,40}(?: [\w.'’&/()-]{1,40}){0,4}?)[\s*_]{0,8}:[\s*_]{1,40}(?=\S)"
)
SPEAKER_TITLE = re.compile(
    r"^(?:(?P<asks>interviewer|moderator|questioner|ffm(?: team)?|fft|cpit|team|delegation|ho|home office)|(?P<answers>interviewee|respondent)"
    r"|official|speaker|source|participant|representative|interlocutor|expert)\b(?:\s*\(?\d{1,2}\)?)?$",
    re.IGNORECASE,
)
OPEN_WORD = re.compile(
    r"(?:^|\s)(?:a|an|the|of|in|on|at|to|for|from|by|with|and|or|but|nor|that|which|who|whose|as|if|than|is|are|was|were|be|been|has|have"
    r"|had|their|its|our|his|her|your|my|this|these|those|not|no|into|between|through|about|under|over|can|could|will|would|should|may"
    r"|might|must|do|does|did|we|they|he|she|it|I|you|very|more|such|when|where|because|while|also|only|any|all|some|each|every)$",
    re.IGNORECASE,
)
OPEN_VERB = re.compile(
    r"\b(?:stated|said|noted|reported|added|wrote|explained|observed|told (?:us|the \w{1,20})|commented|remarked|concluded|continued)(?: that)?$",
    re.IGNORECASE,
)
FIELD_LABELS = (
    r"date(?: and (?:place|time|location|venue|mode|form|format))?(?: of (?:the |this )?\w{3,20})?|(?:interview|meeting) date|time(?: and place)?|venue|location"
    r"|place(?: and date)?(?: of (?:the )?(?:interview|meeting))?|(?:organi[sz]ation )?(?:meeting|interview) with|organi[sz]ation|institution"
    r"|(?:persons? |people |also )?present(?: (?:in|at|during)(?: the)? (?:meeting|interview))?|interview(?:ee|er)s?|interviewed(?: by| persons?)?"
    r"|persons? (?:met|interviewed)|participants?|attendees?|attended by|interpret(?:er|ed by|ation)|source|name"
    r"(?: of (?:the )?(?:organi[sz]ation|institution|agency|body|interviewee|respondent|source))?|(?:organi[sz]ation|agency)(?:'s)? name|respondents?|agency|position|function|role|title|format"
    r"|language|duration|mode of interview|held(?: on| at)?|met on|in attendance|(?:interview |meeting )?(?:conducted|held) by|contact"
)
_DATE_BELOW = (
    r"(?=(?:[a-z]{3,6}day,? )?(?:\d{1,2}(?:st|nd|rd|th)?[ ./-]|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d))"
)
FIELD = re.compile(
    _LEAD
    + rf"(?P<label>(?:{FIELD_LABELS})(?: of (?:the )?(?:interview|meeting|call|visit))?)\s{{0,20}}(?:\*\*|__)?\s{{0,20}}(?:[:;]|[.,–—-]\s{{1,9}}{_DATE_BELOW})\s{{0,20}}(?:\*\*|__)?",
    re.IGNORECASE,
)
LOOSE_FIELD = re.compile(
    _LEAD
    + rf"(?P<label>(?:{FIELD_LABELS})(?: of (?:the )?(?:interview|meeting|call|visit))?)\s{{0,20}}(?:\*\*|__)?\s{{0,20}}[.,–—-]\s{{1,20}}(?=\S)",
    re.IGNORECASE,
)
NOT_THE_SOURCE = re.compile(
    r"date|in attendance|met on|time|venue|location|place|present|participant|attend|interpret|interviewers?$|interviewed by|conducted|held|format|language|duration|mode|contact",
    re.IGNORECASE,
)
BARE_FIELD = re.compile(_LEAD + r"(?P<label>(?:Also )?[Pp]resent|Attendees|Participants|Location|Venue|Interpreter)\s{1,9}(?=\S)")
FIELD_WITHIN = re.compile(
    r"(?<=[\w).,*])\s{0,4}[\s|–—-]\s{0,4}(?=(?:\*\*|__)?(?:Date|Location|Venue|Place|Present|Meeting with|Interviewee)\b[^:\n.?]{0,25}:)"
)
ANY_FIELD = re.compile(_LEAD + r"(?P<label>[A-Z][\w'’/&() -]{1,40}?)\s{0,9}(?:\*\*|__)?[:;](?:\*\*|__)?\s{1,20}(?=\S)")
STARTS_DETAILS = re.compile(
    r"^[\s*_]{0,20}(?:(?:date|meeting with|interview with|interviewees?|persons? (?:met|interviewed)|organi[sz]ation|institution|name of|held)\b[^:;]{0,25}[:;]"
    rf"|(?:date|held|met on)\b[^:;,]{{0,25}}?\s{{0,4}}[.,–—-]\s{{1,9}}{_DATE_BELOW})",
    re.IGNORECASE,
)
BOLD_FIELD = re.compile(r"^\s{0,40}(?:\*\*|__)(?P<label>[^*_:\n]{2,60})(?::\s{0,9}(?:\*\*|__)|(?:\*\*|__)\s{0,9}:)")
BOLD_MEETING = re.compile(rf"^\s{{0,40}}(?:\*\*|__)(?P<label>{FIELD_LABELS})\s{{0,9}}:", re.IGNORECASE)
_GAP = r"(?:\s|<br\s?/?>)+"
TURN_WITHIN = re.compile(
    rf"(?:(?<=\?)|(?<=\?[\"'”’*_)])|(?<=\?\*\*)|(?<=\?__)){_GAP}(?=(?:\*\*|__)?(?:A|Answer|ANSWER)\s?\d{{0,3}}[.:]\s)"
    rf"|(?<=[.!?*_\"'”’)]){_GAP}(?=(?:\*\*|__)?(?:Q|Question|QUESTION|Answer|ANSWER|Interviewe[er]|A(?=\s?\d{{0,3}}:))\s?\d{{0,3}}[.:]\s)",
)
LONE_QUESTION = re.compile(_LEAD + r"(?:Q|Question|QUESTION)\s?\d{0,3}\s?[*_]{0,4}[ \t]{0,9}[\r\n\u2028\u2029]\s{0,20}(?=\S)")
LONE_ANSWER = re.compile(_LEAD + r"(?:A|Answer|ANSWER)\s?\d{0,3}\s?[*_]{0,4}[ \t]{0,9}[\r\n\u2028\u2029]\s{0,20}(?=\S)")
CONTENTS = re.compile(
    r"^(?:(?:(?:table|list|summary) of )?contents(?: page)?|index|(?:on|in) this (?:page|document|report|guide|note|section)|page contents|jump to(?: section)?):?$",
    re.IGNORECASE,
)
LONE_MARK = re.compile(r"^(?:Q|A|Question|Answer|QUESTION|ANSWER)\s?\d{0,4}\s?[.:)]?$")
BOLD_TAGS = re.compile(r"<(b|strong)>.*</\1>", re.IGNORECASE | re.DOTALL)
LINE_END = re.compile(r"[\r\n\f\u2028\u2029]")
BOLD_QUESTION = re.compile(r"^\s{0,40}(?:\*\*|__)[^*_]{8,600}\?\s?(?:\*\*|__)\s+(?=[^\s*_#|])")

BEFORE_MARK = frozenset(" \t*_>#\u200b\ufeff")  # what a line with a mark may begin with, the mark's letter aside


class Line(Struct, frozen=True, gc=False):
    """One line: its range without the line end, and its text stripped of emphasis and outer white space."""

    start: int
    end: int
    raw: str
    plain: str
    page_break: bool

    @property
    def blank(self) -> bool:
        """True where nothing is printed on the line, a mark of quotation aside."""
        return not self.plain or self.plain == ">"


def readable(text: str) -> str:
    """Return a text of the same length: legible, and with marks at line starts that are not escaped."""
    return ESCAPED.sub(r"\1\2 ", legible(text))


def plain(text: str) -> str:
    """Return text without emphasis, link targets and outer white space, its inner white space single."""
    if MARKUP.search(text):
        text = LINK.sub(r"\1", text) if "[" in text else text
        text = text.replace("&nbsp;", " ")
        text = ATX_HEADING.sub("", EMPHASIS.sub("", text))
        return SPACES.sub(" ", text).strip().rstrip("#").strip()
    return " ".join(text.split())


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


def is_question_mark(raw: str) -> bool:
    """Tell whether a paragraph opens with a question's mark: "Q.", "Q:", "Question 3:", "Q," or a bare "Q" that does ask."""
    if raw[:1] not in BEFORE_MARK and raw[:1] not in "Qq":
        return False
    match = Q_MARK.match(raw)
    if match:
        if match.group("sep") in ",;":
            return match.group("word")[0] == "Q" and "?" in raw
        return match.group("word")[0] == "Q" or match.group("sep") in ".:)"
    return bool(LONE_QUESTION.match(raw)) or (bool(Q_BARE.match(raw)) and "?" in raw)


def clean_question(source: str) -> CleanText:
    """Return the clean text of a question, without the mark before it ("Q.")."""
    question = clean(source)
    match = Q_MARK.match(question.text)
    return question if match is None else question.after(match.end())


def answer_start(raw: str, asked: bool) -> int | None:
    """Return where the words of a paragraph begin that opens with an answer's mark, or None.

    Parameters
    ----------
    raw
        The paragraph.
    asked
        Whether a question stands right before it: only then are "a.", "A,", "A –", "R:" and a bare "A" marks.
    """
    if raw[:1] not in BEFORE_MARK and raw[:1] not in "AaRr":
        return None
    match = A_MARK.match(raw)
    if match:
        word, separator = match.group("word"), match.group("sep")
        if asked and (word != "R" or separator == ":"):
            return match.end()
        return match.end() if word[0] == "A" and separator in ".:)" else None
    bare = LONE_ANSWER.match(raw) or (A_BARE.match(raw) if asked else None)
    return bare.end() if bare else None


def is_terminated(text: str) -> bool:
    """Tell whether a text ends as a sentence or a lead-in does, a footnote mark after it allowed."""
    return bool(TERMINAL.search(text[-TAIL:]))


def is_contents_line(raw: str) -> bool:
    """Tell whether a line ends in dots, with a page number after them or not."""
    tail = raw[-TAIL:]
    last = tail.rstrip(" *\t\u00a0>b</")[-1:]
    return (last.isdigit() and bool(DOT_LEADER.search(tail))) or (last in (".", "…", "_") and bool(OPEN_LEADER.search(tail)))


def is_bold(raw: str) -> bool:
    """Tell whether a line or paragraph is wholly bold."""
    body = raw.strip()
    if body[:1] not in ("*", "_", "<"):
        return False
    for mark in ("**", "__"):
        if body.startswith(mark) and body.endswith(mark) and len(body) > 2 * len(mark):
            return mark not in body[len(mark) : -len(mark)] or body.replace(" ", "").count(mark * 2) > 0
    return bool(BOLD_TAGS.fullmatch(body))
