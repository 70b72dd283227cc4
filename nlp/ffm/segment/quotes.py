"""Quotations: which paragraph introduces which, and who is quoted."""

from __future__ import annotations

import re

from ffm.segment.elements import Element, Elements
from ffm.segment.lines import OPEN_VERB, TAIL, is_terminated, plain
from ffm.segment.sentences import sentence_ranges
from ffm.segment.sources import without_date

OPENING = re.compile(r"^[\s>*_]{0,12}[\"'“‘«„`]")
CLOSING = re.compile(r"[\"'”’»“`][.,;)\]]{0,2}\s{0,3}(?:\(.{1,120}\)|\[\w{1,12}\]|\d{1,3})?[.\s*_]{0,6}$")
BLOCK = re.compile(r"^\s{0,9}>")
REPORTING = (
    r"(?:stat|not|describ|observ|conclud|argu|advis|acknowledg|summari[sz]|declar|continu|estimat|emphasi[sz]|recogni[sz]|rais|disclos|outlin|announc|cit|quot"
    r"|opin)(?:ed|es|ing)"
    r"|(?:report|add|explain|record|comment|indicat|remark|highlight|claim|mention|point|stress|warn|confirm|assess|suggest|list|recall|maintain|reveal|assert"
    r"|affirm|document|publish|respond|answer|insist|recommend|elaborat|expand|express|tweet|post)(?:s|es|ed|ing)"
    r"|(?:specif|identif|clarif|testif|repl|den)(?:ies|ied|ying)|says?|said|saying|writes?|wrote|written|tells?|told|finds|found|reads|sets? out|shows|showed|holds|held|puts? it"
    r"|gives|gave|provides|provided|makes clear|made clear|goes on|went on"
)
LEAD_IN = re.compile(
    rf"^(?P<who>.{{2,300}}?)[\s,]{{1,3}}(?:(?:has|have|had|was|is|also|further|then|again|later|similarly|likewise|additionally|separately) ){{0,4}}(?:{REPORTING})\b(?! (?:{REPORTING})\b)(?P<rest>.{{0,160}}):$",
    re.IGNORECASE | re.DOTALL,
)
ACCORDING = re.compile(
    r"^(?:according to|in the (?:words|view|opinion) of|as per|(?:stated|noted|reported|described|explained|recorded|quoted|set out) (?:in|by))\s(?P<who>.{2,200}?)(?:,.{0,160})?:$",
    re.IGNORECASE | re.DOTALL,
)
OUTSET = re.compile(
    r"^(?:(?:speaking|writing|citing|quoting|commenting|responding|replying|referring|asked|in|on|at|by|since|during|as of|as at|for|under|after|before|following|with|from|to|when|similarly|however|moreover|also|further|separately|meanwhile|elsewhere|again)\b"
    r"[^,]{0,120},\s{1,3}){1,3}(?=\S)",
    re.IGNORECASE,
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
DATED = re.compile(  # an outset that no comma closes: "In March 2021 the harbour master"
    rf"^(?:in|on|by|since|during|as of)\s(?:(?:early|mid|late)[- ])?(?:(?:\d{{1,2}}\s)?(?:{_MONTHS})(?:\s\d{{1,2}}\b)?(?:,?\s(?:19|20)\d\d)?|(?:19|20)\d\d)\s(?=\S)",
    re.IGNORECASE,
)
AS_SAID = re.compile(r"^as (?!per\b)", re.IGNORECASE)
ADVERBIAL = re.compile(r"^[^,]{2,160},\s(?=[^,]{2,120}$)(?!.*\s(?:and|or)\s.*$)", re.DOTALL)
NAMES = re.compile(
    r"^[A-Z][^,]{1,80}(?:, [A-Z][^,]{1,80}){1,4},? (?:and|as well as) (?:the )?[A-Z][^,]{1,80}$"
)  # several that are quoted together
APPOSED = re.compile(
    r"^(?:[Aa]n?|[Tt]he)\s[a-z][^,A-Z]{2,60},\s(?P<name>[A-Z][^,]{1,80})$"
)  # "a news site, Coast Daily": its name, not its kind
POINTS_BACK = re.compile(r"^the (?:source|report|article|note|paper|document|survey|study|authors?)$", re.IGNORECASE)
NO_NAME = re.compile(r"^there\b|\s(?:and|or|of|to|the|that)$", re.IGNORECASE)  # how a name neither begins nor ends
PASSIVE = re.compile(r"\s(?:are|were|be|been|being)$", re.IGNORECASE)  # "the topics were identified:" quotes nobody
SAME = re.compile(r"^(?:the same|this|that|these|those|it|they|he|she|ibid)\b", re.IGNORECASE)
AFTER_NAME = re.compile(
    r",\s.{0,200}$|\s(?:in|on|from|at)\s(?:(?:its|their|his|her|an?|the)\s.{1,200}|\d.{0,60}"
    rf"|(?:{_MONTHS})\b.{{0,40}}|(?:19|20)\d\d.{0, 20})$|\s\((?:[^()]{0, 80})\)$",
    re.IGNORECASE | re.DOTALL,
)
ATTRIBUTION = re.compile(r"^[\s>*_]{0,12}(?:[—–―]|--)[\s*_]{0,4}(?P<who>[^\W\d_a-zß-ÿ].{1,120})$")
INLINE = re.compile(r"(?<=\S)[:,]?\s{1,3}(?=[\"'“‘«„])")
MARK_OF_NOTE = re.compile(r"\s?(?:\[(?:\^?|(?:foot)?note )\d{1,4}\]|<sup>[^<]{1,12}</sup>)")
MAX_LEAD_WORDS = 60
MAX_NAME_WORDS = 14
# What stands in quotation marks; within single ones an apostrophe closes nothing.
QUOTED = re.compile(
    r"“[^“”]*+”|\"[^\"]*+\"|«[^«»]*+»|„[^„“”]*+[“”]|(?<!\w)['‘](?:[^'‘’]|(?<=\w)['’](?=\w))*+['’](?!\w)",
)
MIN_QUOTED = 12  # characters of a quotation; fewer are a word in quotation marks
QUOTED_SHARE = 0.4  # of what follows an attribution: with less in quotation marks the paragraph is the report's own, with words of others


def mark_attributions(elements: Elements) -> Elements:
    """Take the line that names who is quoted, below a quotation and after a dash, out of the text, and give the name to the quotation."""
    quoted: Element | None = None
    for element in elements:
        if element.kind in ("furniture", "footnote"):
            continue
        named = ATTRIBUTION.match(element.raw) if element.kind in ("text", "list") and quoted is not None else None
        if named is not None and quoted is not None and len(element.text.split()) <= MAX_NAME_WORDS and not is_terminated(element.text):
            element.kind = "furniture"
            quoted.quoted_source = _attributed(named.group("who"))
            quoted = None
            continue
        quoted = element if element.kind == "text" and _is_quotation(element) else None
        last = element.raw.splitlines()[-1] if quoted is not None and not element.one_line else ""
        if quoted is not None and (named := ATTRIBUTION.match(last)) and not is_terminated(last):
            quoted.quoted_source = _attributed(named.group("who"))
    return elements


def _is_quotation(element: Element) -> bool:
    """Tell whether a paragraph is a quotation as a whole: in quotation marks, or set apart as one."""
    return bool(BLOCK.match(element.raw)) or bool(OPENING.match(element.raw) and CLOSING.search(element.raw[-TAIL:]))


def _attributed(who: str) -> str | None:
    """Return the name in an attribution, without the date that a comma sets off."""
    name = plain(who)
    return (without_date(name) or name).strip(" ,;") or None


def mark_quotes(elements: Elements) -> Elements:
    """Join each quotation's first paragraph with the one that introduces it, and tell of all of them who is quoted."""
    lead: Element | None = None  # the introduction of a quotation that may come or go on
    begun = unclosed = False
    last: str | None = None
    for element in elements:
        if element.kind in ("footnote", "furniture"):
            continue
        if lead is not None and element.number is None and _goes_on(element, unclosed):
            element.quoted_source, element.number = element.quoted_source or lead.quoted_source, lead.number
            element.quotes = not begun
            begun = True
            unclosed = not BLOCK.match(element.raw) and not CLOSING.search(element.raw[-TAIL:])
            continue
        lead, begun, unclosed = None, False, False
        if element.role != "paragraph":
            last = None if element.section is not None else last
            continue
        words = element.raw[element.words - element.start :]
        if introduces(words):
            lead = element
            element.quoted_source = quoted_name(words, last)
        else:
            element.quoted_source = element.quoted_source or _inline(words, last)
        last = element.quoted_source or last
    return elements


def _goes_on(element: Element, unclosed: bool) -> bool:
    """Tell whether an element is a quotation, or goes on in one that has not closed."""
    if element.role == "paragraph":
        return unclosed or bool(OPENING.match(element.raw) or BLOCK.match(element.raw))
    return element.role == "list" and unclosed


def introduces(words: str) -> bool:
    """Tell whether a paragraph introduces what follows: it is short and ends in a colon, or in a verb of saying."""
    text = MARK_OF_NOTE.sub("", words).rstrip(" *_\n\r")
    return (text.endswith((":", " –", " —", " -")) or bool(OPEN_VERB.search(text))) and len(text.split()) <= MAX_LEAD_WORDS


def quoted_name(words: str, before: str | None) -> str | None:
    """Return who is quoted, as the last sentence of an introduction tells or else its first; the one quoted before where it only points back."""
    text = " ".join(MARK_OF_NOTE.sub("", words).replace("*", "").replace("_", "").split())
    last = sentence_ranges(text)[-1:]
    return next((name for start, _ in [*last, (0, 0)] if (name := _named(text[start:], before))), None)


def _named(text: str, before: str | None) -> str | None:
    text = AS_SAID.sub("", DATED.sub("", OUTSET.sub("", text)))
    text = text if text.endswith(":") else f"{text}:"
    match = ACCORDING.match(text) or LEAD_IN.match(text)
    if match is None:
        return None
    who = match.group("who").strip().rpartition(": ")[2]  # without a heading that runs in: "Schools: The ministry stated"
    if not text[match.end("who") :].startswith(","):  # no aside that a comma closes: what a comma sets off comes before the name
        who = ADVERBIAL.sub("", who)
    if PASSIVE.search(who):
        return None
    if SAME.match(who) or (before and POINTS_BACK.match(who)):
        return before
    apposed = APPOSED.match(who)
    if apposed:
        who = apposed.group("name")
    if not NAMES.match(who):
        who = AFTER_NAME.sub("", who)
    who = re.sub(r"^(?:the|an?)\s", "", who, flags=re.IGNORECASE).strip(" ,;:'\"‘’“”")
    if NO_NAME.search(who):
        return None
    return who if 0 < len(who.split()) <= MAX_NAME_WORDS else None


def _inline(words: str, before: str | None) -> str | None:
    """Return who is quoted where a paragraph's first sentence is an attribution and much of the rest is the quotation."""
    match = INLINE.search(words, 0, 400)
    if match is None or is_terminated(words[: match.start() + 1].replace(":", "").rstrip() or "."):
        return None
    rest = words[match.end() :]
    closed = QUOTED.match(rest) is not None  # else it goes on beyond the paragraph
    quoted = [len(item.group()) for item in QUOTED.finditer(rest)] if closed else [len(rest)]
    if max(quoted) < MIN_QUOTED or sum(quoted) < QUOTED_SHARE * len(rest) or len(sentence_ranges(words, 0, match.start())) > 1:
        return None
    return quoted_name(words[: match.start()].rstrip(" ,:").removesuffix(" that") + ":", before)
