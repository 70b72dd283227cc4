"""Whether a run gives each theme to a plausible share of passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from spacy.language import Language

from ffm.records import TaggedPassage
from ffm.tagging.pipeline import theme_tagger

ENOUGH_FOR_MANY = 20  # passages with themes from which a theme on more than half of them is named
ENOUGH_FOR_NONE = 60  # and from which one on none is


def usage_notices(nlp: Language, rows: Sequence[TaggedPassage]) -> list[str]:
    """Return a line on the themes that a run gives to more than half of its passages, one on those given to none, one on those only ranked.

    Short runs are silent: in few passages such counts are nothing unusual.
    """
    tagger = theme_tagger(nlp)
    if tagger.model is None:
        return []
    themed = [row for row in rows if row.scores]
    counts = Counter(label for row in themed for label in row.labels)
    notices = []
    many = [theme for theme in tagger.model.themes if 2 * counts[theme] > len(themed)]
    if many and len(themed) >= ENOUGH_FOR_MANY:
        shares = ", ".join(f"{theme} ({counts[theme] / len(themed):.0%})" for theme in many)
        notices.append(f"given to more than half of {len(themed):,} passages: {shares}; read some before you count them")
    if len(themed) >= ENOUGH_FOR_NONE:
        none = [theme for theme in tagger.model.themes if theme not in tagger.ranked and not counts[theme]]
        if none:
            notices.append(f"given to none of {len(themed):,} passages: {', '.join(none)}")
        if tagger.ranked:
            notices.append(f"ranked without labels, as the model had too few examples: {', '.join(tagger.ranked)}")
    return notices
