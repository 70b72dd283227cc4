"""In which language a report is written: English by its function words, any other by the detector py3langid.

Function words tell English from a text that is full of foreign names, which a detector of letter sequences does not, and
spare nearly all runs the second that the detector's model takes to unpack.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Protocol

from ffm.records import Report

LANGUAGE = "en"
WINDOW = 1_500  # characters of a sample: long enough for names and figures not to decide
SAMPLES = 24
MIN_LETTERS = 120  # below which a text is too short to tell
MIN_SHARE = 0.6  # of the samples that must agree
MIN_CERTAINTY = 0.9
FUNCTION_WORDS = frozenset(tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))["english"])
ENGLISH_SHARE = 0.1  # of function words in a text, from which on it is English: prose has 0.3, a table of names with heads 0.1
FOREIGN_SHARE = 0.05
MIN_WORDS = 12
WORD = re.compile(r"[^\W\d_]+")
NO_PROSE = re.compile(r"\]\([^()\s]{0,1000}\)|<[^<>]{1,300}>|https?://\S{1,500}|[^\W\d_]{0,60}\d\S{0,60}|[|#*_>\[\]]")
NAMES = {
    "ar": "Arabic", "az": "Azerbaijani", "bg": "Bulgarian", "bs": "Bosnian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hr": "Croatian",
    "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "lt": "Lithuanian",
    "lv": "Latvian", "mk": "Macedonian", "nl": "Dutch", "no": "Norwegian", "nb": "Norwegian", "pl": "Polish", "ps": "Pashto",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian",
    "sv": "Swedish", "sw": "Swahili", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


class Detector(Protocol):
    """What tells the language of a text, with its certainty from 0 to 1."""

    def classify(self, instance: str) -> tuple[str, float]: ...


@cache
def _detector() -> Detector:
    # imported when first needed, as its model takes a tenth of a second to unpack
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    detector: Detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return detector


def language_of(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language, or None where it is too short or too mixed to tell.

    A text with English function words is English. Of any other, each of up to 24 samples, spread evenly over it, has one
    vote; a language needs six of ten.
    """
    words = WORD.findall(NO_PROSE.sub(" ", text).lower())
    share = sum(word in FUNCTION_WORDS for word in words) / max(1, len(words))
    if share >= ENGLISH_SHARE:
        return "en"
    if share >= FOREIGN_SHARE:
        return None
    starts = range(0, max(1, len(text)), max(WINDOW, len(text) // SAMPLES))
    samples = [NO_PROSE.sub(" ", text[start : start + WINDOW]) for start in starts]
    told = [sample for sample in samples if sum(map(str.isalpha, sample)) >= MIN_LETTERS and _holds_prose(sample)]
    votes: Counter[str] = Counter()
    for sample in told:
        language, certainty = _detector().classify(" ".join(sample.split()))
        if certainty >= MIN_CERTAINTY:
            votes[language] += 1
    if not votes:
        return None
    language, count = votes.most_common(1)[0]
    return language if count >= MIN_SHARE * len(told) else None


def _holds_prose(sample: str) -> bool:
    """Tell whether a sample has words in lower case, as sentences have and lists of names have not; other scripts know no case."""
    words = WORD.findall(sample)
    cased = [word for word in words if word[0].islower() or word[0].isupper()]
    return len(words) >= MIN_WORDS and sum(word[0].islower() for word in cased) >= 0.5 * len(cased)


def foreign_language(report: Report, language: str = LANGUAGE) -> str | None:
    """Return the name of a report's language where it is another than the project's, else None."""
    found = language_of(report.text)
    return None if found in (None, language) else NAMES.get(found, f'the language "{found}"')
