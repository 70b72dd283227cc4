"""The errors that a user can do something about.

Every message is one line that names the file or record, says what is wrong and what to do.
"""

from __future__ import annotations


class FfmError(Exception):
    """Something in the input or the environment that the user can put right."""


class ProjectError(FfmError):
    """A project that is missing or damaged."""


class ReportError(FfmError):
    """A report that cannot be read, or does not match its registered checksum."""


class SchemeError(FfmError):
    """An annotation scheme that contradicts itself."""


class ModelError(FfmError):
    """A model folder that is missing, damaged or made by an incompatible version."""


class GoldError(FfmError):
    """Gold data that does not fit the scheme or its report."""


class OutputError(FfmError):
    """An output that cannot be written."""


class RecordError(FfmError):
    """A record read from outside that breaks the contract."""


class ServeError(FfmError):
    """A server that cannot be started."""


class SuggestError(FfmError):
    """Passages to label next that cannot be chosen."""


class PassageError(FfmError):
    """A passage that cannot be exchanged, or did not come back as it should; its message names it."""
