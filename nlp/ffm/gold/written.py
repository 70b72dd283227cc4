"""Written examples: passages made up for training, with their labels; never gold, never measured on."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from ffm.errors import GoldError
from ffm.project.scheme import Scheme


class WrittenSentence(Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence with the themes that it carries, and the stance of those that have one."""

    text: str
    themes: tuple[str, ...] = ()
    stance: dict[str, str] = {}


class WrittenPassage(Struct, frozen=True, forbid_unknown_fields=True):
    """A made-up answer or paragraph; ``question`` is empty where it answers none, ``heading`` where it stands under none."""

    sentences: tuple[WrittenSentence, ...]
    question: str = ""
    heading: str = ""


def read_written(folder: Path, scheme: Scheme) -> list[WrittenPassage]:
    """Read the written examples of a folder, file by file; none if there is no such folder.

    Raises
    ------
    GoldError
        If a line is not of the format, or has a theme or stance that the scheme does not know; the message names it.
    """
    passages = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                passage = msgspec.json.decode(line, type=WrittenPassage)
            except msgspec.DecodeError as error:
                raise GoldError(f"{path}: line {number}: {error}; correct the line") from None
            for sentence in passage.sentences:
                _check(f"{path}: line {number}", sentence, scheme)
            passages.append(passage)
    return passages


def _check(where: str, sentence: WrittenSentence, scheme: Scheme) -> None:
    if unknown := set(sentence.themes) - set(scheme.theme_ids):
        raise GoldError(f'{where}: the scheme has no theme "{min(unknown)}"; correct the label or add it to the scheme')
    carrying = {theme for theme in sentence.themes if theme in scheme.stance_ids}
    if set(sentence.stance) != carrying or not set(sentence.stance.values()) <= set(scheme.stances):
        raise GoldError(f"{where}: themes {sorted(carrying)} need one stance each of {sorted(scheme.stances)}, found {sentence.stance}")
