"""What a sentence says of a theme, clause by clause: whether its words are negated, hedged, a norm, or an answer to a question.

Negation holds within its clause, as in Chapman et al. (2001), "A simple algorithm for identifying negated findings and diseases", and
what follows a "but" outweighs what stands before it. An answer that leans on its question ("No.", "They do.") takes the question's words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ffm.project.scheme import Wording
from ffm.themes.features import SentenceContext

MAX_READ = 2_000  # characters of a sentence, and of its question
FEATURES = (
    "said",
    "denied",
    "denied only",
    "balance",
    "needed is missing",
    "needed is there",
    "bare negation",
    "not known",
    "not known whether",
    "none seen",
    "norm",
    "answer says",
    "answer denies",
    "answer to another question",
    "answer not known",
    "lessened",
)

_SPELLING = (
    (re.compile("[’`]"), "'"),
    (re.compile(r"\bcannot\b|\bcan't\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"\bno[- ]one\b|\bnot a single(?: one)?\b|\bnot one\b"), "none"),
    (re.compile(r"\s+"), " "),
)
_NO_NEGATION = re.compile(
    r"\b(?:not (?:only|just|merely|simply|least|to mention)|no (?:doubt|question|wonder|matter)|nothing but|if not|whether or not|not (?:more|less|fewer) than)\b"
)
_PARTLY = re.compile(r"\bnot (?:always|all|every\w*|necessarily|entirely|fully|completely|everywhere|the whole)\b")
_DATA_ASKED = re.compile(
    r"\b(?:do you (?:know|have)|does \w+ (?:\w+ )?have|have you|is there|are there|has anyone|can you (?:tell|say))\b.{0,60}?\b(?:know|data|statistics|figures|numbers|information|records?|estimate|say|tell)\b"
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|without|unable|hardly|barely|scarcely|rarely|seldom"
    r"|fail(?:s|ed)? to|den(?:y|ies|ied)|exclud\w+|rul(?:e|es|ed) out|untrue|false|wrong to (?:say|think|claim)|(?:safe|free|far|away|spared) from|protected (?:from|against)|(?<!a )few|(?:i|we|they|who|he|she|would|do) doubt\w*)\b"
)
_LESS = re.compile(
    r"\b(?:less|fewer|(?:is|are|was|were|stays?|remains?|very|relatively|quite|too) (?:low|small|minimal)|rare|uncommon|unusual|unlikely|sporadic|exceptions?|exceptional|declin\w+|decreas\w+|reduc\w+|diminish\w*"
    r"|fad(?:e|es|ed|ing)|disappear\w*|vanish\w*|overcome|eliminated|eradicated|ceased|stopped|avoid\w*|prevent(?:ed|s)|end(?:ed|s)(?! (?:up|in|with)\b)|gone away|(?:is|are) gone|thing of the past"
    r"|used to|in the past|(?:is|are) over|been (?:closed|solved|resolved)|solved|resolved|ha(?:s|ve) (?:dropped|fallen)|shr[aiu]nk\w*)\b"
)
_CLAUSE = re.compile(
    r" ?[;:,()–—]+ ?| - "
    r"| (?=(?:due to|owing to|because of|for (?:fear|want|lack|reasons)|thanks to|as a result of|not because)\b)"
    r"| (?=then (?:\w+ ){1,3}(?:is|are|will|may|can)\b)"
    r"| (?=(?:but|however|although|though|yet|(?<!not )because(?! of\b)|while|whereas|unless|despite|which|even though|so that|except)\b)"
    r"| (?=and (?:so|then|they|she|he|we|it|there|people|is|are|was|were|has|have|had|does|did|will|would|can|may|still|often|now)\b)"
    r"| (?=and (?:the|their|our|his|her|its|some|many|most) \w+ (?:is|are|was|were|has|have|had|does|do|did|will|would|can|may|still|often)\b)"
    r"|(?<!d) (?=and (?:to |(?:lack|suffer|fac|receiv|remain|need|refus|reject)\w*\b))"
    r"| (?=as (?:they|she|he|we|it|people|there|(?:the|their|our) \w+ (?:is|are|was|were|ha[sd]|have))\b)"
)
_AUXILIARY = r"(?:is|are|was|were|has|have|had|will|would|can|may|do|does|did)"
_RELATIVE = re.compile(rf"\s(who (?:\w+ ){{0,2}}?{_AUXILIARY}(?: not| never)?(?: \w+){{1,6}}?)(?:\s(?={_AUXILIARY}\b)|$)")
_CONDITION = re.compile(
    r"\b(?:if|when|unless|once) .{1,80}?(?=\s(?:they|she|he|we|it|people) (?:will|would|can|may|must|have to|has to|are|is)\b)"
)
_LACKED = re.compile(
    r"(?:lack\w*|shortage|need|absence|insufficient\w*|want|difficult\w*|hard|impossible|struggl\w*|partly)(?: [\w']+){0,3} $"
)
_FOLLOWING = re.compile(rf"^(?:(?! (?:they|he|she|it|we|people|i|who|that|to|as)\b).)*\b{_AUXILIARY} ")
_ABOUT_BEFORE = re.compile(r"^(?:but |however |although |though |yet |and )*(?:it|this|that|these|those|less|no longer|not now|now)\b")
_ELLIPSIS = re.compile(rf".{{0,60}}\b(?:{_AUXILIARY}|could|should) not")
_SHORT_SCOPE = re.compile(r"\bwithout(?: [\w']+){1,3}")
_OUTWEIGHS = re.compile(r"(?:but|however|yet|still)\b")
_YIELDS = re.compile(r"(?:although|though|even though|while|whereas|despite|if|unless|when)\b")
_NORM = re.compile(
    r"\b(?:must|should|shall|ought to|(?:law|code|constitution|convention|act|rules?|regulations?|polic(?:y|ies)|decree|strateg(?:y|ies))(?: \w+){0,2}"
    r" (?:forbids?|prohibits?|bans?|guarantees?|promis\w+|says?|states?|provides?|requires?|protects?|obliges?)|forbid(?:s|den)?|prohibit(?:s|ed)?|guarantees?"
    r"|by law|aims?|aimed|intend\w*|meant to|designed to|in order to|so that|seeks? to|promis\w+|is there to|(?:not )?to (?:\w+ )?(?:prevent|avoid|stop|reduce|combat|fight|end|overcome|eliminate)|not to be|so as not|needs? (?:to|for)|would be needed|are entitled|have the right)\b"
)
_KNOWING = (
    r"(?:know(?!n (?:as|to)| of (?:any|a|no)\b)|studied|basis|grounds|opinion|measured?|compared|tracked|monitored|collected?|told|examined|looked into|(?:right|best) person|predict|costed|recorded|sure|certain|clear|tell|comment|confirm|answer|estimate|assess|judge whether|informed|data|figures?|statistics|records?|information|research"
    r"|stud(?:y|ies)|surveys?|baseline|numbers|idea|database|evidence (?:on|about|whether|either)|proof (?:on|whether)|view on|say (?:whether|if|how|exactly|which|much|something)|speak (?:of|about|to|for)|known)"
)
_UNKNOWN = re.compile(
    rf"\b(?:(?:not|no|never|nobody|none|without|unable to|neither|nor|hardly|lack\w*|little)(?: (?!(?:that|want|wants|wish)\b)[\w']+){{0,4}}? {_KNOWING}"
    r"|(?:data|research|statistics|information|figures|stud(?:y|ies)|evidence) (?:[\w']+ ){0,6}?(?:lack\w*|missing|scarce|limited|not (?:\w+ )?(?:available|exist|collected|kept|recorded))"
    r"|unknown|unclear|unsure|uncertain|unaware|hard to (?:say|know|tell)|(?:difficult|impossible|early) to (?:say|know|tell|judge|estimate)|remains to be seen"
    r"|(?:could|can) not say|(?:is|that's|be) a question for|would know|ask (?:the|them)|do not have (?:any |the )?(?:data|information)|guess(?:work|ing)|speculat\w+|not (?:our|my) (?:field|area|task)|maybe|perhaps)\b"
)
_OTHERS_KNOW = re.compile(
    r"\b(?:famil(?:y|ies)|fathers?|mothers?|husbands?|in-laws|parents?|relatives|neighbou?rs?|villag\w+|community|victims?|girls?|wom[ae]n|boys?|children|she|he|people|employers?)"
    r" (?:(?:do|does|did|may|might|would|will|should|must) )?(?:not|never) know"
)
_KNOWN_THAT = re.compile(r"\b(?:not|no|never|nobody|none)(?: [\w']+){0,3} (?:say|tell|claim|confirm|know|certain|sure|clear) that\b")
_WHETHER = re.compile(r"\b(?:whether|if|how (?:many|often|much|frequent\w*|common|they|it|people))\b")
_NONE_SEEN = re.compile(
    r"\b(?:not|never|none|nobody|no|nor)(?: [\w']+){0,3} (?:aware of|seen|see|heard|hear|met|encountered|come across|noticed|notice|observed|recall|had|found|find|registered|recorded|identified|know of|knows of"
    r"|knowledge of|evidence of|reports? of|cases? of|complaints?)\b(?! (?:whether|if|how))"
)
_YES = re.compile(
    r"(?:yes|yeah|of course|absolutely|certainly|definitely|indeed|sure|always|often|sometimes|frequently|unfortunately|sadly|very much|some|many|most|a lot"
    r"|correct|right|exactly|sure|usually|mostly|quite|in general)\b"
)
_NO = re.compile(
    r"(?:no|not (?:at all|really|here|in|that|yet|so|now|always|often|necessarily|to|any|for)|never|none|nobody|nothing|neither|rarely|hardly|seldom|on the contrary|far from)\b"
)
_ELLIPTIC = re.compile(
    rf"(?:(?:sadly|unfortunately|fortunately|luckily|well|oh|yes|no|so far|at present|we think|i think|i believe) )*(?:i|we|you|he|she|it|they|there|this|that|some|many|most|none|all|people)"
    rf"(?: (?:{_AUXILIARY}|could|should|might|happens|hope so|think so|believe so|not|never|always|often|still|sometimes|enough|any|one|some|so|many|now))+"
)
_BEFORE_ANSWER = re.compile(r"^(?:a[.:)]? |well |oh |so far |unfortunately |sadly |i think |we think )")
_LAST = re.compile(rf"\b(?:yes|no|(?:i|we|he|she|it|they|there) {_AUXILIARY}(?: not)?)$")
_NEGATED_QUESTION = re.compile(
    rf"^(?:q\.? |and |but |so )*((?:{_AUXILIARY}|could|should)) (?:not (?!enough|sufficient|adequate)|((?:[\w']+ ){{1,3}}?)not (?!enough|sufficient|adequate))"
)
OUTWEIGHED = 0.3  # weight of a clause that another outweighs
LATER = 1.5  # weight of a clause that takes back, or upholds, the one before it
ELLIPTIC = 5  # words of a clause that leans on the one before it
SHORT = 7  # words of an answer that may lean on its question


class Polarity:
    """Reads what sentences say of themes that have a wording, of each no more than ``MAX_READ`` characters.

    Parameters
    ----------
    wordings
        By theme.
    """

    def __init__(self, wordings: Mapping[str, Wording]) -> None:
        self.wordings = dict(wordings)
        self._patterns = {
            theme: [_pattern(words) for words in (wording.present, wording.absent, wording.needed)] for theme, wording in wordings.items()
        }

    def features(self, sentence: SentenceContext, theme: str) -> NDArray[np.float32]:
        """Return the features of one sentence towards a theme, in the order of ``FEATURES``, 0 to 1 or (the balance) -1 to 1."""
        found = dict.fromkeys(FEATURES, 0.0)
        text = _plain(sentence.text[:MAX_READ])
        clauses = _clauses(text)
        weights = _weights(clauses)
        for clause, weight in zip(clauses, weights, strict=True):
            self._read(clause, weight, theme, found)
        total = found["said"] + found["denied"]
        found["balance"] = (found["said"] - found["denied"]) / total if total else 0.0
        found["denied only"] = float(found["denied"] > 0 and found["said"] <= 0.5 * found["denied"])
        self._answer(text, sentence.question, theme, total > 0, found)
        return np.clip(np.array([found[name] for name in FEATURES], dtype=np.float32), -1, 1)

    def matrix(self, sentences: Sequence[SentenceContext], carried: Sequence[str]) -> NDArray[np.float32]:
        """Return the features of sentences towards the theme that each carries; none where the theme has no wording."""
        rows = np.zeros((len(sentences), len(FEATURES)), dtype=np.float32)
        for number, (sentence, theme) in enumerate(zip(sentences, carried, strict=True)):
            if theme in self.wordings:
                rows[number] = self.features(sentence, theme)
        return rows

    def _read(self, clause: str, weight: float, theme: str, found: dict[str, float]) -> None:
        """Add what a clause says to what was found in those before it."""
        known_that = _KNOWN_THAT.search(clause)
        if not known_that and _UNKNOWN.search(clause) and not _OTHERS_KNOW.search(clause):
            found["not known"] = max(found["not known"], weight)
            if _WHETHER.search(clause):
                found["not known whether"] = max(found["not known whether"], weight)
            return
        if _NONE_SEEN.search(clause):
            found["none seen"] = max(found["none seen"], weight)
        sign, needed = self._signs(clause, theme)
        speaks = found["said"] + found["denied"] > 0
        if _NORM.search(clause):
            found["norm"] = max(found["norm"], weight)
        elif sign:
            found["said" if sign > 0 else "denied"] += weight
            if _LESS.search(clause):
                found["lessened"] = max(found["lessened"], weight)
        elif needed:
            found["needed is missing" if needed > 0 else "needed is there"] = weight
            if needed > 0:
                found["said"] += weight
        elif speaks and _ELLIPSIS.fullmatch(clause):
            found["denied" if found["said"] > found["denied"] else "said"] += LATER
        elif speaks and _ABOUT_BEFORE.match(clause) and (_LESS.search(clause) or len(clause.split()) <= ELLIPTIC):
            if _parity(clause) < 0 or _LESS.search(clause):
                found["said" if _parity(clause) > 0 else "denied"] += LATER
        elif _parity(clause) < 0:
            found["bare negation"] = max(found["bare negation"], weight)

    def _signs(self, clause: str, theme: str) -> tuple[int, int]:
        """Return what the words of a clause say, 1 for present, -1 for absent; and whether what is needed is missing (1) or there (-1)."""
        present, absent, needed = self._patterns[theme]
        sign = 0
        for direction, pattern in ((1, present), (-1, absent)):
            for match in pattern.finditer(clause) if pattern is not None else ():
                lacked = direction < 0 and _LACKED.search(clause[: match.start()])
                sign += direction * _parity(clause, match.start(), match.end()) * (-1 if lacked else 1)
        lack = 0
        if needed is not None and (thing := needed.search(clause)):
            lack = -_parity(clause, thing.start(), thing.end())
        return (sign > 0) - (sign < 0), lack

    def _answer(self, text: str, question: str, theme: str, speaks: bool, found: dict[str, float]) -> None:
        """Add what an answer says that leans on its question."""
        if not question:
            return
        answer = _particle(text)
        if not answer:
            return
        asked = self._asked(question, theme)
        if found["not known"] or (answer < 0 and not speaks and _DATA_ASKED.search(_plain(question[-MAX_READ:]))):
            found["answer not known"] = 1.0
        elif not asked and len(text.split()) > SHORT:
            found["answer to another question"] = float(answer)
        elif len(text.split()) <= SHORT or not speaks:
            # A short answer that carries the theme has it from its question, though in words that the wording lacks: then of the theme itself.
            found["answer says" if answer * (asked or 1) > 0 else "answer denies"] = 0.5 if speaks or not asked else 1.0

    def _asked(self, question: str, theme: str) -> int:
        """Return what a yes to a question would say: 1 that the theme is there, -1 that it is not, 0 where the question is of something else."""
        asked = question.rsplit("?", 2)[-2] if "?" in question else question
        text = _NEGATED_QUESTION.sub(lambda match: f"{match.group(1)} {match.group(2) or ''}", _plain(asked[-MAX_READ:]).strip())
        signs = [self._signs(clause, theme) for clause in _clauses(text)]
        total = sum(sign for sign, _ in signs)
        return (total > 0) - (total < 0) or next((lack for _, lack in signs if lack), 0)


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile(rf"\b(?:{'|'.join(words)})\b") if words else None


def _plain(text: str) -> str:
    """Return a text in lower case, spelt one way, with what only looks like a negation blanked."""
    text = text.lower().removeprefix("q.").removeprefix("q:")
    for pattern, replacement in _SPELLING:
        text = pattern.sub(replacement, text)
    return _PARTLY.sub("partly", _NO_NEGATION.sub("indeed", text))


def _clauses(text: str) -> list[str]:
    """Return the clauses of a text; a clause about somebody ("those who did not finish school") ends where the sentence goes on."""
    clauses: list[str] = []
    for piece in _CLAUSE.split(text):
        match = _RELATIVE.search(piece)
        if match and (_NEGATION.search(match.group(1)) or not _NEGATION.search(piece[: match.start()])):
            clauses += [match.group(1), f"{piece[: match.start()]} {piece[match.end() :]}"]
        elif condition := _CONDITION.search(piece):
            clauses += [piece[: condition.start()], condition.group(), piece[condition.end() :]]
        else:
            clauses.append(piece)
    bare = (clause.strip(" .!?\"'“”") for clause in clauses)
    return [clause for clause in bare if clause]


def _weights(clauses: Sequence[str]) -> list[float]:
    """Return the weight of each clause: what stands before a "but", or after an "although", counts less."""
    weights = [OUTWEIGHED if _YIELDS.match(clause) else 1.0 for clause in clauses]
    last = max((number for number, clause in enumerate(clauses) if _OUTWEIGHS.match(clause)), default=0)
    return [OUTWEIGHED if number < last else weight for number, weight in enumerate(weights)]


def _parity(clause: str, start: int = -1, end: int = -1) -> int:
    """Return 1, or -1 where an odd number of negations of a clause bear on the words from start to end; all do where these are not given."""
    count, neither, formerly = 0, False, False
    for pattern in (_NEGATION, _LESS):
        for match in pattern.finditer(clause):
            word = match.group()
            if start <= match.start() < end or (word == "nor" and neither):
                continue
            neither |= word == "neither"
            if start >= 0 and not _bears(clause, match, start, end):
                continue
            formerly |= word == "used to"
            count += word != "used to"
    return -1 if (count or formerly) % 2 else 1


def _bears(clause: str, negation: re.Match[str], start: int, end: int) -> bool:
    """Tell whether a negation bears on the words from start to end: "without" on the next words, one that follows them only with its verb."""
    if negation.group() == "without":
        scope = _SHORT_SCOPE.match(clause, negation.start())
        return negation.start() < start and scope is not None and start <= scope.end()
    if negation.start() > end and negation.re is _NEGATION:
        return _FOLLOWING.fullmatch(clause[end : negation.start()]) is not None
    return True


def _particle(text: str) -> int:
    """Return 1 or -1 where a text begins with a yes or no, or is but a pronoun with its verb ("They do not"); else 0."""
    bare = text.strip(" .!?\"'“”")
    first = _BEFORE_ANSWER.sub("", bare.replace(",", ""))
    if _YES.match(first):
        return 1
    if _NO.match(first):
        return -1
    if _ELLIPTIC.fullmatch(re.split(r"[,;]", bare)[0].strip()):
        return _parity(bare)
    if len(bare.split()) <= SHORT and (last := _LAST.search(bare)):
        return _parity(last.group())
    return 0
