"""The text of a PDF as it stands on its pages."""

from ffm.ingest.pdf.limits import Limits
from ffm.ingest.pdf.reader import read_pdf

__all__ = ["Limits", "read_pdf"]
