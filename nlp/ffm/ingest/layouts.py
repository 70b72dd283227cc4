"""Layout files: what a person says of a report's layout, in a small TOML file beside the report's own."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from ffm.errors import ReportError
from ffm.records import Layout

ENDING = ".layout.toml"
MAX_BYTES = 1_000_000
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
REPORT_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")


def layout_path(path: Path) -> Path:
    """Return where the layout file of a report's file stands: ``report.md`` has ``report.md.layout.toml``."""
    return path.with_name(path.name + ENDING)


def read_layout(path: Path) -> Layout | None:
    """Return the layout that stands beside a report's file, or None where none does.

    Raises
    ------
    ReportError
        If it is damaged; the message names the file and what is wrong.
    """
    place = layout_path(path)
    if not place.is_file():
        return None
    try:
        if place.stat().st_size > MAX_BYTES:
            raise ReportError(f"{place}: is over the limit of {MAX_BYTES // 1_000_000} MB; a layout file names a few lines")
        said = tomllib.loads(place.read_text(encoding="utf-8-sig"))
        layout = msgspec.convert(_plain(said), Layout)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ReportError(f"{place}: not a layout file: {error}; correct the file") from None
    except msgspec.ValidationError as error:
        raise ReportError(f"{place}: {error}; correct the file, or write a new one with ffm reports layout") from None
    _check(place, layout)
    return layout


def _plain(value: Any) -> Any:
    """Return what TOML holds with its dates as text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _check(place: Path, layout: Layout) -> None:
    days = [layout.report_date] if layout.report_date else []
    if days and not REPORT_DATE.fullmatch(days[0]):
        raise ReportError(f'{place}: report_date "{days[0]}" is no date; write YYYY, YYYY-MM or YYYY-MM-DD')
    for said in layout.line:
        if said.nth < 1 or not said.heading.strip():
            raise ReportError(f'{place}: the line "{said.heading}" ({said.nth}) names none; give its words, and nth from 1')
        if said.date is not None:
            if not DAY.fullmatch(said.date):
                raise ReportError(f'{place}: "{said.heading}": date "{said.date}" is no day; write YYYY-MM-DD')
            days.append(said.date)
    for day in days:
        try:
            date.fromisoformat(day + "-01-01"[len(day) - 4 :])
        except ValueError:
            raise ReportError(f"{place}: {day} is not in the calendar; correct it") from None
