"""The errors of the exchange with doccano, and their words."""

from __future__ import annotations

import re

from ffm.errors import FfmError

LOGIN = re.compile(r"^(\s*[a-z][a-z0-9+.-]*:/{0,2})?.*@", re.IGNORECASE | re.DOTALL)


class DoccanoError(FfmError):
    """Something on the doccano server, or on the way to it, that the user can put right."""


def without_login(address: str) -> str:
    """Return an address as messages may show it: what stands before its last "@" may be a password."""
    return LOGIN.sub(lambda found: f"{found[1] or ''}***@", address, count=1)


def counted(number: int) -> str:
    """Return a number of passages as messages have it."""
    return f"{number:,} {'passage' if number == 1 else 'passages'}"
