"""Tagged passages as a data frame, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import pandas as pd

from ffm.errors import RecordError
from ffm.records import TaggedPassage
from ffm.tagging.contract import checked


def frame_of(rows: Iterable[TaggedPassage]) -> pd.DataFrame:
    """Return rows as a data frame: a column for each field of :class:`ffm.records.TaggedPassage`.

    What is several things stands as lists and dictionaries; what is missing as None, or as ``<NA>`` among whole numbers.
    """
    names = TaggedPassage.__struct_fields__
    frame = pd.DataFrame([[msgspec.to_builtins(getattr(row, name)) for name in names] for row in rows], columns=list(names), dtype=object)
    return frame.astype({"start": "int64", "end": "int64", "words": "int64", "page": "Int64", "in_training": "bool"})


def rows_of(frame: pd.DataFrame) -> list[TaggedPassage]:
    """Return the rows of a data frame that :func:`frame_of` made, or of a part of one.

    Raises
    ------
    RecordError
        If a column is missing, or a row is damaged; the message names its label in the frame.
    """
    rows = []
    names = [name for name in TaggedPassage.__struct_fields__ if name in frame.columns]
    for place, values in zip(frame.index, frame[names].itertuples(index=False, name=None), strict=True):
        record = {name: _plain(value) for name, value in zip(names, values, strict=True)}
        try:
            rows.append(checked(msgspec.convert(record, TaggedPassage)))
        except (msgspec.ValidationError, RecordError) as error:
            raise RecordError(f"data frame: row {place}: {error}; give rows of ffm.tag with all their columns") from None
    return rows


def _plain(value: Any) -> Any:
    """Return a cell as the record has it: pandas' missing values are None, numpy's numbers Python's."""
    if isinstance(value, (list, dict, str)) or value is None:
        return value
    return None if pd.isna(value) else value.item() if hasattr(value, "item") else value
