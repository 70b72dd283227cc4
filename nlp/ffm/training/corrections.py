"""Corrections by readers as examples: for the last fit alone, as passages chosen for an error tell no figure and no threshold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from ffm.evaluation.examples import Example, make_examples
from ffm.gold.corrections import as_read
from ffm.gold.history import is_correction
from ffm.gold.load import load_gold
from ffm.project.reports import Registered
from ffm.project.scheme import Scheme


def correction_examples(folder: Path, entries: Mapping[str, Registered], scheme: Scheme) -> tuple[list[Example], list[str]]:
    """Return the passages that readers corrected, each as it stands with the correction, and a message for each report that is skipped.

    Parameters
    ----------
    folder
        Holds a folder for each reader; there may be none.

    Raises
    ------
    GoldError
        If a file is damaged.
    """
    examples: list[Example] = []
    messages: list[str] = []
    for place in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not place.is_dir():
            continue
        gold, skipped = load_gold(place, dict(entries), scheme)
        corrected = [
            replace(item, records=tuple(as_read(record, scheme) for record in item.records if is_correction(record.history)))
            for item in gold
        ]
        examples += make_examples(corrected, dict(entries), scheme)
        messages += [f"corrections by {place.name}: {message}" for message in skipped]
    return examples, messages
