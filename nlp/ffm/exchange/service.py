"""A service that suggests labels over HTTP, as a server of a language model on this machine may: asked for a few passages at a time.

Each request is a POST of ``{"scheme": {...}, "passages": [...]}`` in JSON; the answer is ``{"model": "...", "passages": [...]}``, each
passage as :class:`ffm.exchange.suggestions.Suggested`. Redirects are not followed, and no request takes longer or brings more than it may.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import SplitResult, urlsplit

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ffm.errors import FfmError
from ffm.exchange.suggestions import Suggested, tool_name
from ffm.project.scheme import Scheme
from ffm.records import TaggedPassage

TOKEN_VARIABLE = "FFM_SUGGEST_TOKEN"
TOGETHER = 8  # passages of a request
MAX_ANSWER = 4_000_000  # bytes
CHUNK = 65_536


class ServiceError(FfmError):
    """A service that cannot be asked, or whose answer is none."""


class Answer(Struct, frozen=True):
    """What a service answers to a request."""

    passages: tuple[Suggested, ...]
    model: str = ""


def is_address(said: str) -> bool:
    """Tell whether words are meant as the address of a service, not as a file."""
    return "://" in said


def service_at(address: str) -> SplitResult:
    """Return the parts of a service's address.

    Raises
    ------
    ServiceError
        If it is none.
    """
    try:
        parts = urlsplit(address)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound or not address.isascii() or not address.isprintable() or " " in address:
        raise ServiceError(f"{_shown(address)}: is no address of a service; write it as http://127.0.0.1:8000/suggest")
    if parts.username is not None:
        raise ServiceError(f"{_shown(address)}: a login stands in the address; leave it out, and put a token into {TOKEN_VARIABLE}")
    return parts


def ask_service(
    address: str, passages: Sequence[TaggedPassage], scheme: Scheme, seconds: float, progress: Callable[[int, int], None]
) -> dict[str, Suggested]:
    """Ask a service about passages, and return what it says, by passage.

    Parameters
    ----------
    seconds
        That one request may take, whatever the service sends meanwhile.
    progress
        Called with the number of passages that were asked about, and of all.

    Raises
    ------
    ServiceError
        If it cannot be reached, takes too long, says too much, refuses, or answers in another form.
    """
    service, about = service_at(address), _scheme_told(scheme)
    found: dict[str, Suggested] = {}
    for start in range(0, len(passages), TOGETHER):
        asked = passages[start : start + TOGETHER]
        progress(start, len(passages))
        body = msgspec.json.encode({"scheme": about, "passages": [_told(passage) for passage in asked]})
        answer = _decoded(address, _post(address, service, body, seconds))
        wanted = {passage.passage for passage in asked}
        for item in answer.passages:
            if item.passage not in wanted:
                raise ServiceError(
                    f"{_shown(address)}: answers for {tool_name(item.passage)}, which it was not asked about; correct the service"
                )
            wanted.remove(item.passage)
            found[item.passage] = item if item.model else replace(item, model=answer.model)
    progress(len(passages), len(passages))
    return found


def _scheme_told(scheme: Scheme) -> dict[str, Any]:
    """Return what a service must know of a scheme: labels with their meanings, and stances."""
    return {
        "id": scheme.reference,
        "themes": [
            {"id": theme.id, "name": theme.name, "applies": theme.applies, "does_not_apply": theme.does_not_apply, "stance": theme.stance}
            for theme in scheme.theme
        ],
        "stances": scheme.stances,
        "entities": [{"id": label.id, "name": label.name} for label in scheme.entity],
    }


def _told(passage: TaggedPassage) -> dict[str, Any]:
    fields = ("passage", "text", "kind", "question", "section", "source", "source_type", "date")
    return {name: getattr(passage, name) for name in fields}


def _post(address: str, service: SplitResult, body: bytes, seconds: float) -> bytes:
    token = os.environ.get(TOKEN_VARIABLE, "")
    headers = {"Content-Type": "application/json", "Accept": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    kind = http.client.HTTPSConnection if service.scheme == "https" else http.client.HTTPConnection
    connection = kind(str(service.hostname), service.port, timeout=seconds)
    began = time.monotonic()
    try:
        connection.connect()
        with _ended_after(connection.sock, max(0.1, seconds - (time.monotonic() - began))):
            path = (service.path or "/") + (f"?{service.query}" if service.query else "")
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            data = b"".join(_read(answer, address))
            length = answer.getheader("Content-Length", "")
        if answer.status != 200:
            raise ServiceError(
                f"{_shown(address)}: answers {answer.status} {answer.reason}: {tool_name(data[:300].decode(errors='replace'))}"
            )
        if time.monotonic() - began >= seconds or (length.isdecimal() and len(data) < int(length)):
            raise TimeoutError
    except ssl.SSLCertVerificationError as error:
        raise ServiceError(f"{_shown(address)}: its certificate is refused ({error.verify_message}); have it corrected") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, TimeoutError) or time.monotonic() - began >= seconds:
            raise ServiceError(f"{_shown(address)}: did not answer within {seconds:g} s; wait longer with --wait, or ask another") from None
        reason = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        raise ServiceError(f"{_shown(address)}: cannot be asked ({reason}); is the service running?") from None
    finally:
        connection.close()
    return data


@contextmanager
def _ended_after(sock: socket.socket, seconds: float) -> Iterator[None]:
    """Shut a connection after some time, however much it still brings."""

    def shut() -> None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _read(answer: http.client.HTTPResponse, address: str) -> Iterator[bytes]:
    size = 0
    while chunk := answer.read(CHUNK):
        size += len(chunk)
        if size > MAX_ANSWER:
            raise ServiceError(f"{_shown(address)}: answers more than {MAX_ANSWER / 1e6:.0f} MB to one request; correct the service")
        yield chunk


def _decoded(address: str, data: bytes) -> Answer:
    try:
        return msgspec.json.decode(data, type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ServiceError(f"{_shown(address)}: does not answer in the form of docs/annotating.md ({error}); correct the service") from None


def _shown(address: str) -> str:
    """Return an address as messages have it, without a login."""
    scheme, separator, rest = address.partition("://")
    place, slash, path = rest.partition("/")
    return tool_name(f"{scheme}{separator}{place.rpartition('@')[2]}{slash}{path}")
