"""The errors of the exchange with doccano, and their words."""

from __future__ import annotations

from ffm.errors import FfmError


class DoccanoError(FfmError):
    """Something on the doccano server, or on the way to it, that the user can put right."""


def counted(number: int) -> str:
    """Return a number of passages as messages have it."""
    return f"{number:,} {'passage' if number == 1 else 'passages'}"
