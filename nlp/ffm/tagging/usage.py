"""Whether a run gives each theme to a plausible share of passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ffm.tagging.parts import Head

ENOUGH_FOR_MANY = 20  # passages with themes from which a theme on more than half of them is named
ENOUGH_FOR_NONE = 60  # and from which one on none is


def usage_notices(model: Path, reports: Sequence[Head]) -> list[str]:
    """Return a line on the themes that a run gives to more than half of its passages, one on those given to none, one on those only ranked.

    Short runs are silent: in few passages such counts are nothing unusual.

    Parameters
    ----------
    model
        The folder of the model that tagged.
    """
    themed = sum(report.themed for report in reports)
    if themed < min(ENOUGH_FOR_MANY, ENOUGH_FOR_NONE):
        return []
    from ffm.themes.store import read_manifest

    manifest = read_manifest(model / "ffm_themes")
    ranked = [theme for theme in manifest.themes if theme not in manifest.calibration.threshold]
    counts: Counter[str] = Counter()
    for report in reports:
        counts.update(report.labels)
    notices = []
    many = [theme for theme in manifest.themes if 2 * counts[theme] > themed]
    if many and themed >= ENOUGH_FOR_MANY:
        shares = ", ".join(f"{theme} ({counts[theme] / themed:.0%})" for theme in many)
        notices.append(f"given to more than half of {themed:,} passages: {shares}; read some before you count them")
    if themed >= ENOUGH_FOR_NONE:
        none = [theme for theme in manifest.themes if theme not in ranked and not counts[theme]]
        if none:
            notices.append(f"given to none of {themed:,} passages: {', '.join(none)}")
        if ranked:
            notices.append(f"ranked without labels, as the model had too few examples: {', '.join(ranked)}")
    return notices
