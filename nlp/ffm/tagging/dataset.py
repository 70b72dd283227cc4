"""Tagged data sets, the outputs of ``ffm tag``, read back: folders, JSON Lines, Parquet and CSV."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow
import pyarrow.parquet
from msgspec import Struct
from msgspec.structs import replace

from ffm.csv_files import read_rows
from ffm.errors import RecordError
from ffm.project.project import Project
from ffm.project.scheme import Scheme
from ffm.records import TaggedPassage
from ffm.segment.passages import count_words
from ffm.tagging.contract import checked
from ffm.tagging.older import in_one_scheme
from ffm.tagging.once import Once
from ffm.tagging.schemes import named, shown
from ffm.tagging.writers import ADDED, COLUMNS, DEFAULTED, NESTED, NUMBERS

Row = tuple[str, Any]
Key = tuple[str, str]

DECODER = msgspec.json.Decoder(TaggedPassage)


class TaggedData(Struct, frozen=True):
    """What was read from tagged data sets.

    Attributes
    ----------
    passages
        By report and offset; each (report, passage) once.
    scheme
        The scheme that they are labelled by: the newest among those of the files.
    messages
        Notices and errors, one line each, that name their file.
    failed
        Number of files that were refused.
    reexpressed
        By report that was labelled by an older version of the scheme, the themes that are made of other ones of that version.
    undetermined
        By report, the themes that its labels do not tell, as a change of the scheme leaves them open or its model only ranks them.
    retold
        What a reader of it should know, one line a version or model.
    """

    passages: tuple[TaggedPassage, ...]
    scheme: Scheme
    messages: tuple[str, ...]
    failed: int
    reexpressed: dict[str, frozenset[str]] = {}
    undetermined: dict[str, frozenset[str]] = {}
    retold: tuple[str, ...] = ()


def read_tagged(paths: Sequence[Path], project: Project) -> TaggedData:
    """Read tagged data sets; a damaged file is refused with a message, and the others are read.

    Where two files hold the same passage of the same report, the later file's counts. Where they are labelled by several
    versions of one scheme, all are told in the newest, see :func:`ffm.tagging.older.in_one_scheme`.

    Parameters
    ----------
    paths
        ``.jsonl``, ``.parquet`` or ``.csv`` files with the columns of :class:`ffm.records.TaggedPassage`.
    project
        Whose schemes, with those of its models, tell the names of the labels; see :func:`ffm.tagging.schemes.scheme_of_rows`.

    Raises
    ------
    RecordError
        If no file could be read.
    SchemeError
        If the rows are labelled by two schemes, or by versions of one between which its changes do not lead.
    """
    read: dict[int, list[TaggedPassage]] = {}
    messages: list[str] = []
    errors: list[str] = []
    for number, path in enumerate(paths):
        try:
            read[number], scheme_found = named(read_file(path), project)
            if scheme_found:
                messages.append(f"{path}: names no scheme, as version 0.1.0 wrote it; its labels are read as those of {scheme_found}")
        except RecordError as error:
            errors.append(str(error))
            messages.append(str(error))
    data = _in_one(read, list(map(str, paths)), project, messages, len(errors))
    if not data.passages:
        more = f" (and {len(errors) - 1} more files refused)" if len(errors) > 1 else ""
        raise RecordError(f"{errors[0]}{more}" if errors else "no tagged data set to compare; name the output of ffm tag")
    return data


def tagged_data(rows: Sequence[TaggedPassage], project: Project) -> TaggedData:
    """Return tagged passages as :func:`read_tagged` returns those of files.

    Raises
    ------
    RecordError
        If there are none.
    SchemeError
        As :func:`read_tagged`.
    """
    if not rows:
        raise RecordError("no tagged passages to compare; give those that ffm.tag returns")
    known, _ = named([row if row.words else replace(row, words=count_words(row.text)) for row in rows], project)
    return _in_one({0: known}, ["rows"], project, [], 0)


def _in_one(read: dict[int, list[TaggedPassage]], places: Sequence[str], project: Project, messages: list[str], failed: int) -> TaggedData:
    """Return rows of several places in one scheme, each passage once."""
    told = in_one_scheme(read, project)
    scheme = told.scheme
    found: dict[Key, tuple[TaggedPassage, int]] = {}
    for number, rows in told.rows.items():
        path = places[number]
        notices: Counter[str] = Counter()
        names = Names.of(scheme)
        passages = [_known(passage, names, notices) for passage in rows]
        messages += [f"{path}: {notice.format(count=_passages(count))}" for notice, count in sorted(notices.items())]
        messages += _replaced(number, places, passages, found)
        found.update({(passage.report, passage.passage): (passage, number) for passage in passages})
    in_order = sorted(
        (passage for passage, _ in found.values()), key=lambda passage: (passage.report, passage.start, passage.end, passage.passage)
    )
    return TaggedData(tuple(in_order), scheme, tuple(messages), failed, told.reexpressed, told.undetermined, told.notices)


def read_file(path: Path) -> list[TaggedPassage]:
    """Read one tagged data set and check every record as far as that can be done without its report.

    Raises
    ------
    RecordError
        If the file is missing, of another format or empty, or a record is damaged; the message names file and line.
    """
    readers: dict[str, Callable[[Path], Iterator[Row]]] = {".jsonl": _json_rows, ".parquet": _parquet_rows, ".csv": _csv_rows}
    reader = readers.get(path.suffix.lower())
    if path.is_dir():
        from ffm.tagging.filtering import Filter
        from ffm.tagging.query import select

        return list(select(path, Filter()))
    if reader is None:
        raise RecordError(f"{path}: cannot read {path.suffix or 'a file without suffix'}; give a .jsonl, .parquet or .csv file of ffm tag")
    passages = []
    once = Once()
    try:
        for place, row in reader(path):
            try:
                passages.append(once.kept(checked(msgspec.convert(row, TaggedPassage))))
            except (msgspec.ValidationError, RecordError) as error:
                raise RecordError(f"{path}: {place}: {error}; tag the report again or correct the {place.split()[0]}") from None
    except FileNotFoundError:
        raise RecordError(f"{path}: no such file; check the path") from None
    except UnicodeDecodeError:
        raise RecordError(f"{path}: a text in it is not UTF-8; tag the report again") from None
    except pyarrow.ArrowException as error:
        raise RecordError(f"{path}: not a Parquet file: {shown(str(error), 120)}; tag the report again") from None
    except OSError as error:
        raise RecordError(
            f"{path}: cannot be read ({error.strerror or shown(str(error), 120)}); check the file and its permissions"
        ) from None
    if not passages:
        raise RecordError(f"{path}: holds no passages; tag a report into it first")
    return passages


def _json_rows(path: Path) -> Iterator[Row]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if line.strip():
                try:
                    yield f"line {number}", DECODER.decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # what is wrong is told from its parts
                    yield f"line {number}", _json(path, f"line {number}", line)


def _csv_rows(path: Path) -> Iterator[Row]:
    line = 1
    with path.open(encoding="utf-8", newline="") as file:
        rows = read_rows(file)
        try:
            _, head = next(rows, (1, []))
            _check_columns(path, head)
            for line, cells in rows:
                if not any(cells):  # as Excel leaves them below a table
                    continue
                if len(cells) != len(head):
                    raise RecordError(
                        f"{path}: line {line}: {len(cells)} cells under {len(head)} columns; tag the report again or correct the line"
                    )
                row = dict(zip(head, cells, strict=True))
                yield f"line {line}", _unpacked(path, f"line {line}", row)
        except csv.Error as error:
            raise RecordError(f"{path}: line {line} or later: not CSV: {error}; tag the report again or correct the line") from None
        except UnicodeDecodeError:
            raise RecordError(f"{path}: line {line} or later: not UTF-8; tag the report again or save the file as UTF-8") from None


def _parquet_rows(path: Path) -> Iterator[Row]:
    with pyarrow.parquet.ParquetFile(path) as file:
        _check_columns(path, file.schema_arrow.names)
        number = 0
        for batch in file.iter_batches(batch_size=1024, columns=[column for column in COLUMNS if column in file.schema_arrow.names]):
            for row in batch.to_pylist():
                number += 1
                yield f"row {number}", _unpacked(path, f"row {number}", row)


def _check_columns(path: Path, columns: Iterable[str]) -> None:
    missing = [column for column in COLUMNS if column not in {*columns, *ADDED}]
    if missing:
        raise RecordError(f'{path}: has no column "{missing[0]}"; give an output of ffm tag, with all its columns')


def _unpacked(path: Path, place: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a flat table with its nested columns and numbers decoded; what is null there takes no part."""
    unpacked: dict[str, Any] = {column: None if row[column] == "" else row[column] for column in COLUMNS if column in row}
    for column in (*NESTED, *NUMBERS):
        value = unpacked.get(column)
        if isinstance(value, str):
            value = _json(path, f"{place}, column {column}", value.encode("utf-8", "replace"))
        if column in NUMBERS and isinstance(value, float):  # what pandas makes of whole numbers with nulls among them
            value = None if value != value else int(value) if value.is_integer() else value
        unpacked[column] = value
    return {column: value for column, value in unpacked.items() if value is not None or column not in (*NESTED, *DEFAULTED)}


def _json(path: Path, place: str, data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordError(f"{path}: {place}: not JSON: {error}; tag the report again or correct the {place.split()[0]}") from None


class Names(Struct, frozen=True):
    """The ids of a scheme: those of its themes in order too, and of those that carry a stance."""

    in_order: tuple[str, ...]
    themes: frozenset[str]
    with_stance: frozenset[str]
    entities: frozenset[str]
    stances: frozenset[str]
    known: dict[tuple[str, ...], tuple[str, ...]]

    def ordered(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of some labels that the scheme has, in its order."""
        found = self.known.get(labels)
        if found is None:
            found = self.known[labels] = tuple(theme for theme in self.in_order if theme in labels)
        return found

    @classmethod
    def of(cls, scheme: Scheme) -> Names:
        """Return the names of a scheme."""
        themes, stances = scheme.theme_ids, frozenset(scheme.stances)
        return cls(themes, frozenset(themes), frozenset(scheme.stance_ids), frozenset(scheme.entity_ids), stances, {})


def _known(passage: TaggedPassage, names: Names, notices: Counter[str]) -> TaggedPassage:
    """Return a passage without the labels and stances that the scheme does not know, and count them."""
    themes, entities = names.themes, names.entities
    before = notices.total()
    unknown = {*passage.labels, *passage.scores, *passage.stance} - themes
    for label in unknown:
        notices[f'"{_literal(label)}" is no theme of the scheme, skipped in {{count}}; tag the report again or add it to the scheme'] += 1
    for label in {entity.label for entity in (*passage.entities, *passage.question_entities)} - entities:
        notices[
            f'"{_literal(label)}" is no entity label of the scheme, skipped in {{count}}; tag the report again or add it to the scheme'
        ] += 1
    for stance in {stance for theme, stance in passage.stance.items() if theme in themes} - names.stances:
        notices[f'"{_literal(stance)}" is no stance of the scheme, skipped in {{count}}; tag the report again'] += 1
    stances = {theme: stance for theme, stance in passage.stance.items() if theme in themes and stance in names.stances}
    for theme in set(passage.labels) & names.with_stance - set(passage.stance):
        notices[f'"{theme}" has no stance in {{count}}, which are in no figure by stance; tag the report again'] += 1
    labels = names.ordered(passage.labels)
    carried = {theme for sentence in passage.sentences for theme in sentence.scores}
    if notices.total() == before and labels == passage.labels and themes.issuperset(carried.union(passage.question_scores)):
        return passage
    return replace(
        passage,
        labels=labels,
        scores={theme: score for theme, score in passage.scores.items() if theme in themes},
        stance=stances,
        sentences=tuple(
            replace(sentence, scores={theme: score for theme, score in sentence.scores.items() if theme in themes})
            for sentence in passage.sentences
        ),
        question_scores={theme: score for theme, score in passage.question_scores.items() if theme in themes},
        entities=tuple(entity for entity in passage.entities if entity.label in entities),
        question_entities=tuple(entity for entity in passage.question_entities if entity.label in entities),
    )


def _literal(text: str) -> str:
    """Return a text from outside as it can stand in a notice, in which ``{count}`` is filled in."""
    return shown(text).replace("{", "{{").replace("}", "}}")


def _replaced(
    number: int, places: Sequence[str], passages: Sequence[TaggedPassage], found: dict[Key, tuple[TaggedPassage, int]]
) -> list[str]:
    """Return a notice for each report and earlier file of which this file replaces passages, or which it holds twice itself."""
    replaced: Counter[tuple[str, int]] = Counter()
    seen: set[Key] = set()
    for passage in passages:
        key = (passage.report, passage.passage)
        if key in seen:
            replaced[passage.report, number] += 1
        elif key in found:
            replaced[passage.report, found[key][1]] += 1
        seen.add(key)
    notices = []
    for (report, earlier), count in sorted(replaced.items()):
        whose = "earlier ones in the same file" if earlier == number else f"those of {places[earlier]}"
        kept = sum(key[0] == report and origin == earlier and key not in seen for key, (_, origin) in found.items())
        rest = f"; {_passages(kept)} that only the earlier file has stay, so check that both are of one text" if kept else ""
        notices.append(f"{places[number]}: {_passages(count)} of {shown(report)} replace {whose}{rest}")
    return notices


def _passages(count: int) -> str:
    return f"{count:,} {'passage' if count == 1 else 'passages'}"
