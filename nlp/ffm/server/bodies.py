"""The bodies of requests, read within limits of size and time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from ffm.ingest import MAX_BYTES, SUFFIXES
from ffm.server.answers import RequestError
from ffm.server.uploads import PASTED, file_name, text_name
from ffm.tagging.filtering import EVERYTHING, Filter, FilterError, make_filter

ENVELOPE = 1_000_000  # what a form adds to its file
DRAINED = 4  # times the limit: so much of a body that is too long is read, so that a browser hears the answer
FILTERED = ("source", "source_type", "since", "until", "entity", "amount")  # fields of the form that say which passages are wanted
JSON_TYPES = ("application/json", "text/json")
Value = TypeVar("Value")


class Limits(Struct, frozen=True):
    """What a request may ask for.

    Attributes
    ----------
    text
        Characters of a text to label.
    label_body, report_body
        Bytes of a body.
    body_seconds
        Time for a body to arrive.
    label_seconds, report_seconds
        Time to work on it.
    label_places, report_places
        Requests that wait or are worked on at once.
    """

    text: int = 20_000
    label_body: int = 2_000_000
    report_body: int = MAX_BYTES + ENVELOPE
    body_seconds: float = 60.0
    label_seconds: float = 10.0
    report_seconds: float = 120.0
    label_places: int = 64
    report_places: int = 16


class LabelRequest(Struct, frozen=True):
    """The JSON body of a request for labels; doccano may send more fields."""

    text: str


class TagRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """The JSON body of a request to tag a text."""

    text: str
    name: str = PASTED


class Sent(Struct, frozen=True):
    """A report that was sent, and which of its passages are wanted."""

    name: str
    data: bytes
    wanted: Filter = EVERYTHING


async def label_text(request: Request, limits: Limits) -> str:
    """Return the text to label: of a JSON body ``{"text": ...}``, or a body of any other kind as it is."""
    data = await _in_time(_bounded(request, limits.label_body).body(), limits)
    if _media_type(request) in JSON_TYPES:
        text = _decoded(data, LabelRequest).text
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise RequestError(400, 'the text is not UTF-8; send it as UTF-8, or as JSON {"text": ...}') from None
    if len(text) > limits.text:
        raise RequestError(413, f"{len(text):,} characters are over the limit of {limits.text:,}; send one passage at a time")
    return _whole(text)


async def sent_report(request: Request, limits: Limits) -> Sent:
    """Return the report of a JSON body ``{"text", "name"}``, or of a form with a field ``text`` or a file ``file``.

    Raises
    ------
    RequestError
        If the body is too long or too slow, or holds no report.
    """
    bounded = _bounded(request, limits.report_body)
    kind = _media_type(request)
    if kind in JSON_TYPES:
        asked = _decoded(await _in_time(bounded.body(), limits), TagRequest)
        return _text(asked.text, asked.name)
    if kind != "multipart/form-data":
        raise RequestError(415, 'send JSON {"text": ..., "name": ...}, or a form with a file named "file"')
    return await _in_time(_of_form(bounded, limits), limits)


async def sent_form(request: Request, limits: Limits) -> FormData:
    """Return a form without files."""
    try:
        return await _in_time(_bounded(request, limits.label_body).form(max_files=0, max_fields=100), limits)
    except HTTPException as error:
        raise RequestError(400, f"not a form that can be read ({error.detail}); send it again") from None


async def sent_token(request: Request, limits: Limits) -> str:
    """Return the token of the form to sign in."""
    form = await sent_form(request, limits)
    given = form.get("token")
    return given.strip() if isinstance(given, str) else ""


async def _of_form(request: Request, limits: Limits) -> Sent:
    try:
        form = await request.form(max_files=1, max_fields=12, max_part_size=limits.report_body)
    except HTTPException as error:
        raise RequestError(400, f"not a form that can be read ({error.detail}); send it again") from None
    try:
        file, text, name = form.get("file"), form.get("text"), form.get("name")
        pasted = text if isinstance(text, str) and text.strip() else ""
        if isinstance(file, UploadFile) and file.filename:
            if pasted:
                raise RequestError(400, "both a text and a file were sent; send one of them")
            return Sent(file_name(file.filename), await file.read(), _wanted(form))
        if not pasted:
            raise RequestError(400, f"no text and no file; paste a text or choose a file ({', '.join(SUFFIXES)})")
        plain = pasted.replace("\r\n", "\n")  # a form sends the ends of lines as CRLF
        return replace(_text(plain, name if isinstance(name, str) and name.strip() else PASTED), wanted=_wanted(form))
    finally:
        await form.close()


def _wanted(form: FormData) -> Filter:
    """Return the filter of the fields of a form; one that is left empty asks for nothing."""
    given = {name: value.strip() for name in FILTERED if isinstance(value := form.get(name), str) and value.strip()}
    kind = given.pop("source_type", None)
    try:
        return make_filter({}, **given, source_types=[kind] if kind else [])
    except FilterError as error:
        raise RequestError(400, f"{error.option.removeprefix('--').replace('-', ' ')}: {error}") from None


def _text(text: str, name: str) -> Sent:
    if not text.strip():
        raise RequestError(400, "the text is empty; send the text of a report")
    return Sent(text_name(name), _whole(text).encode("utf-8"))


def _whole(text: str) -> str:
    """Refuse a text that no file could hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise RequestError(400, "the text holds half a character (a lone surrogate); send whole characters") from None
    return text


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _decoded(data: bytes, kind: type[Value]) -> Value:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RequestError(400, f'the body is not JSON of the form {{"text": "..."}} ({error}); correct it') from None


async def _in_time(reading: Awaitable[Value], limits: Limits) -> Value:
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await reading
    except TimeoutError:
        raise RequestError(408, f"the body did not arrive within {limits.body_seconds:g} s; send it again") from None


def _bounded(request: Request, limit: int) -> Request:
    """Return the request with a body that ends in an error where it is too long."""
    return Request(request.scope, _bounded_receive(request.receive, limit))


def _bounded_receive(receive: Receive, limit: int) -> Receive:
    total = 0

    async def bounded() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total <= limit:
            return message
        while message.get("more_body", False) and total <= DRAINED * limit:
            message = await receive()
            total += len(message.get("body", b""))
        raise RequestError(413, f"more than {limit / 1e6:.0f} MB were sent; divide the text and send its parts")

    return bounded
