"""What stands above a passage where an annotator reads it: its question, who speaks, where; apart from it by a line of its own."""

from __future__ import annotations

RULE = "──────── PASSAGE ────────"


def with_lead(lines: list[str], text: str) -> str:
    """Return a text under lines, each kept in one; nothing is put above it where there is no line."""
    shown = [" ".join(line.split()) for line in lines]
    shown = [line for line in shown if line and line != RULE]
    return "\n".join([*shown, RULE, text]) if shown else text


def lead_of(text: str) -> int:
    """Return how many characters of a text stand above its passage; 0 where nothing does."""
    before, rule, _ = text.partition(f"\n{RULE}\n")
    return len(before) + len(rule) if rule else 0
