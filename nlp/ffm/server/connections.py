"""Connections: each has to send its headers in time, and when there are too many, the one that has waited longest gives way."""

from __future__ import annotations

import asyncio
import http

import msgspec
from uvicorn.protocols.http.h11_impl import H11Protocol

from ffm.server.access import HEADERS

MOST_CONNECTIONS = 64
HEADER_SECONDS = 10.0


class Connection(H11Protocol):
    """A connection of uvicorn's with a limit on the time for the headers of a request, and with errors of ours: JSON of one line."""

    opened = 0.0
    heard = False
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for headers; where there is no place, who waits longest for a request loses its own."""
        super().connection_made(transport)
        self.opened = self.loop.time()
        self._await_headers()
        if len(self.connections) > MOST_CONNECTIONS:
            idle = [item for item in self.connections if isinstance(item, Connection) and item.is_idle and item is not self]
            min(idle, key=lambda item: item.opened, default=self).refuse(503, "too many connections; try again in a moment")

    @property
    def is_idle(self) -> bool:
        """Whether no request of it is worked on."""
        return self.cycle is None or self.cycle.response_complete

    def data_received(self, data: bytes) -> None:
        """Take what was sent; from the first byte of a request to the last of its headers the time runs."""
        self.heard = True
        super().data_received(data)
        if not self.is_idle:
            self._stop_timer()
        elif self._timer is None:
            self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_timer()
        super().connection_lost(exc)

    def _await_headers(self) -> None:
        self._timer = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        """End a connection whose headers did not arrive; one that has begun to send them is told why."""
        if self.heard:
            self.refuse(408, f"the headers did not arrive within {HEADER_SECONDS:g} s; send the request again")
        else:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request."""
        self.refuse(400, "not a request of HTTP/1.1; send one")

    def refuse(self, status: int, message: str) -> None:
        """Answer with an error, and end the connection."""
        self.connections.discard(self)
        if self.transport.is_closing():
            return
        body = msgspec.json.encode({"error": message})
        lines = {**HEADERS, "Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        phrase = http.HTTPStatus(status).phrase
        self.transport.write(f"HTTP/1.1 {status} {phrase}\r\n{head}\r\n".encode() + body)
        self.transport.close()
