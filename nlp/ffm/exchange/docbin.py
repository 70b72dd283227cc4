"""spaCy's DocBin: one Doc an item, with entities, categories and the rest in ``user_data``; loads without ffm."""

from __future__ import annotations

import zlib
from pathlib import Path

import msgspec

from ffm.errors import RecordError
from ffm.exchange.intake import Intake, read_capped
from ffm.exchange.items import Bundle, Carried, checked
from ffm.exchange.tokens import blank, make_doc
from ffm.files import beside

MAX_UNPACKED = 400_000_000
KEY = "ffm"  # the key of a Doc's user_data under which everything else stands, as plain dicts and lists


def write(bundle: Bundle, path: Path) -> None:
    """Write a ``.spacy`` file.

    ``doc.ents`` are the entities (their ids in ``kb_id_``), ``doc.cats`` the themes as 1.0 and 0.0 (empty where an item
    has no themes by its role), ``doc.user_data["ffm"]`` the stance, scores, values of amounts, ids and ranges.
    """
    from spacy.tokens import DocBin

    bins = DocBin(store_user_data=True)
    for item in bundle.items:
        doc = make_doc(item.text, item.marks)
        if item.carried.role == "passage":
            doc.cats = {theme: float(theme in item.themes) for theme in bundle.scheme.theme_ids}
        doc.user_data[KEY] = msgspec.to_builtins(item.carried)
        bins.add(doc)
    with beside(path) as part:
        part.write_bytes(bins.to_bytes())


def read(path: Path, intake: Intake) -> None:
    """Read a ``.spacy`` file that was written here and may have been changed since.

    Raises
    ------
    RecordError
        If the file is no DocBin, is too large, or a Doc is not one of ours.
    """
    from spacy.tokens import DocBin

    data = read_capped(path)
    try:
        unpacker = zlib.decompressobj()
        size = len(unpacker.decompress(data, MAX_UNPACKED))
        if unpacker.unconsumed_tail or size >= MAX_UNPACKED:
            raise RecordError(f"{path}: unpacks to more than {MAX_UNPACKED / 1e6:.0f} MB; divide the file")
        docs = list(DocBin(store_user_data=True).from_bytes(data).get_docs(blank().vocab))
    except RecordError:
        raise
    except Exception as error:  # what a damaged file makes spaCy, NumPy and msgpack raise is of many kinds
        raise RecordError(f"{path}: not a DocBin ({type(error).__name__}); give a .spacy file of ffm export") from None
    for number, doc in enumerate(docs, 1):
        try:
            carried = checked(msgspec.convert(doc.user_data[KEY], Carried))
        except (KeyError, msgspec.ValidationError, RecordError) as error:
            raise RecordError(f"{path}: doc {number}: has no data of ffm ({error}); give a .spacy file of ffm export") from None
        spans = [(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]
        themes = [theme for theme, mark in doc.cats.items() if mark >= 0.5]
        intake.add(carried, doc.text, spans, themes)
