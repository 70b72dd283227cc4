"""Records as rows of Arrow: the types of the columns follow from those of the record's fields, nested ones too.

A field that is added to a record is a column by that alone. Ranges are structs of ``start`` and ``end``, what is kept by name
(scores, stance) is a map, records within records are structs with the names that they have in JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa
from msgspec import Struct

from ffm.records import Range, TaggedPassage

Convert = Callable[[Any], Any]
ENDS = ("start", "end")  # what the two numbers of a range are called


class Column(Struct, frozen=True):
    """How values of one type stand in Arrow.

    Attributes
    ----------
    type
        The Arrow type.
    pack, unpack
        From what the value is in JSON to what Arrow takes, and back from what Arrow gives; neither is called with None.
    """

    type: pa.DataType
    pack: Convert
    unpack: Convert


def _same(value: Any) -> Any:
    return value


def _number(value: float) -> float | int:
    """Return a number as the records have it: whole ones are integers, exact up to 2**53."""
    return int(value) if value.is_integer() else value


def _or_none(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


@cache
def column_of(kind: Any) -> Column:
    """Return how values of a type of Python stand in Arrow.

    Raises
    ------
    TypeError
        If the type has no form there.
    """
    if kind == Range:
        ends = pa.struct([pa.field(name, pa.int64(), nullable=False) for name in ENDS])
        return Column(ends, lambda value: dict(zip(ENDS, value, strict=True)), lambda value: [value[name] for name in ENDS])
    if kind in PLAIN:
        return Column(PLAIN[kind], _same, _same)
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _record(kind)
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Literal:
        return Column(pa.string(), _same, _same)
    if origin in (Union, UnionType):
        some = [option for option in inside if option is not NoneType]
        if set(some) == {int, float}:
            return Column(pa.float64(), float, _number)
        if len(some) == 1:
            return column_of(some[0])
    if origin is tuple and inside[1:] == (...,):
        item = column_of(inside[0])
        return Column(
            pa.list_(item.type), lambda value: [item.pack(one) for one in value], lambda value: [item.unpack(one) for one in value]
        )
    if origin is dict and inside[0] is str:
        held = column_of(inside[1])
        return Column(
            pa.map_(pa.string(), held.type),
            lambda value: [(key, held.pack(one)) for key, one in value.items()],
            lambda value: {key: held.unpack(one) for key, one in value},
        )
    raise TypeError(f"{kind} has no column in Arrow")


PLAIN: dict[Any, pa.DataType] = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}


def _record(record: type[Struct]) -> Column:
    hints = get_type_hints(record)
    columns = {field.encode_name: column_of(hints[field.name]) for field in msgspec.structs.fields(record)}
    kept = {field.encode_name for field in msgspec.structs.fields(record) if field.required}  # the others are left out where they are null
    packs = {name: _or_none(column.pack) for name, column in columns.items()}
    unpacks = {name: _or_none(column.unpack) for name, column in columns.items()}
    return Column(
        pa.struct([pa.field(name, column.type) for name, column in columns.items()]),
        lambda value: {name: pack(value.get(name)) for name, pack in packs.items()},
        lambda value: {
            name: unpack(value[name]) for name, unpack in unpacks.items() if value.get(name) is not None or (name in kept and name in value)
        },
    )


def schema_of(record: type[Struct]) -> pa.Schema:
    """Return the schema of a table of records."""
    return pa.schema(list(column_of(record).type))


def to_table(rows: Sequence[TaggedPassage]) -> pa.Table:
    """Return tagged passages as a table of Arrow."""
    column = column_of(TaggedPassage)
    return pa.Table.from_pylist([column.pack(msgspec.to_builtins(row)) for row in rows], schema_of(TaggedPassage))


def to_plain(batches: Iterable[pa.RecordBatch]) -> Iterable[dict[str, Any]]:
    """Yield rows of Arrow as the records have them in JSON; what is null, or is no column of theirs, is not among them."""
    unpack = column_of(TaggedPassage).unpack
    for batch in batches:
        for row in batch.to_pylist():
            yield unpack(row)
