"""The server of ``ffm serve`` in a thread of the tests, and requests to it; its workers are started once for all tests."""

from __future__ import annotations

import atexit
import http.client
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

from ffm.server.access import Access
from ffm.server.app import Workers
from ffm.server.bodies import Limits
from ffm.server.correcting import Corrector
from ffm.server.running import listen, make_server, start_workers, stop_workers

OPEN = Access(loopback=True)


class Answer(NamedTuple):
    """What the server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """The one line of an error."""
        assert self.status >= 400, self
        line = self.json["error"]
        assert line and "\n" not in line
        return line


class Served(NamedTuple):
    """A running server."""

    port: int

    @property
    def address(self) -> str:
        """Where its front page is."""
        return f"http://127.0.0.1:{self.port}/"

    def ask(self, method: str, path: str, body: bytes | str | None = None, **headers: str) -> Answer:
        """Send a request; names of headers are written with underscores."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body, named)
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def send(self, path: str, content: Any, **headers: str) -> Answer:
        """Send JSON."""
        return self.ask("POST", path, json.dumps(content), Content_Type="application/json", **headers)

    def upload(self, path: str, name: str, data: bytes, text: str = "", **headers: str) -> Answer:
        """Send a form with a file, and perhaps a text."""
        mark = uuid.uuid4().hex
        field = f'--{mark}\r\nContent-Disposition: form-data; name="text"\r\n\r\n{text}\r\n' if text else ""
        head = f'{field}--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{mark}--\r\n".encode()
        return self.ask("POST", path, body, Content_Type=f"multipart/form-data; boundary={mark}", **headers)


@cache
def shared_workers() -> Workers:
    """Return workers that end with the tests."""
    workers = start_workers(None, Limits())
    atexit.register(stop_workers, workers)
    return workers


@contextmanager
def served(workers: Workers, access: Access = OPEN, limits: Limits | None = None, corrector: Corrector | None = None) -> Iterator[Served]:
    """Run a server on a free port."""
    door = listen("127.0.0.1", 0)
    server = make_server(workers, access, limits or Limits(), corrector)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield Served(door.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(20)
        door.close()
