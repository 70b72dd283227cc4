"""Annotations in the formats of others: written from gold or tagged data, and read back to gold."""

from enum import StrEnum

__all__ = ["Format"]


class Format(StrEnum):
    """A format of others."""

    docbin = "docbin"
    conll = "conll"
    doccano = "doccano"
    webannotation = "webannotation"
    refi_qda = "refi-qda"
    xlsx = "xlsx"
