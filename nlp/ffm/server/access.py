"""Who may ask: the Host header, pages of other sites, the token; and the headers that every answer carries."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import secrets
import time
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie

from msgspec import Struct, field
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ffm.errors import ServeError
from ffm.server.answers import RequestError, error_answer

TOKEN_VARIABLE = "FFM_SERVE_TOKEN"
SHORTEST_TOKEN = 16
COOKIE = "ffm_session"
SESSION_SECONDS = 12 * 3600
MOST_SESSIONS = 1_000
FIRST_DELAY, LONGEST_DELAY = 0.25, 8.0
MOST_WAITING = 8
OPEN_PATHS = ("/healthz", "/sign-in")
PAGE_PATHS = ("/", "/read", "/correct", "/sign-out")  # where a browser's cookie counts as a token
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Access(Struct, frozen=True):
    """The rules of access.

    Attributes
    ----------
    loopback
        Whether the server is reached from this machine only: the Host header must then name it.
    token
        The token that requests must carry; empty for none.
    sessions
        When each session of a browser ends, by its secret; signing out ends one at once, a restart all.
    """

    loopback: bool
    token: str = ""
    sessions: dict[str, float] = field(default_factory=dict)

    def has_token(self, headers: Headers, page: bool) -> bool:
        """Tell whether a request carries the token, or for a page a cookie that was given for it."""
        if not self.token:
            return True
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self.is_token(given.strip()):
            return True
        return page and self._is_session(_cookie(headers.get("cookie", "")))

    def is_token(self, given: str) -> bool:
        """Compare with the token, in a time that does not depend on either."""
        return hmac.compare_digest(_digest(given), _digest(self.token))

    def new_session(self) -> str:
        """Return the value of a cookie for somebody who gave the token; where there are too many, the oldest session ends."""
        secret = secrets.token_urlsafe(32)
        self.sessions[secret] = time.time() + SESSION_SECONDS
        while len(self.sessions) > MOST_SESSIONS:
            del self.sessions[next(iter(self.sessions))]
        return secret

    def end_session(self, headers: Headers) -> None:
        """End the session of a request's cookie."""
        self.sessions.pop(_cookie(headers.get("cookie", "")), None)

    def _is_session(self, value: str) -> bool:
        return self.sessions.get(value, 0.0) > time.time()


class Tries:
    """Slows guessing down: after a wrong try all others wait, in turn, and longer the more were wrong."""

    def __init__(self) -> None:
        self.wrong = 0
        self._free_at = 0.0
        self._waiting = 0

    async def allow(self, is_right: Callable[[], bool]) -> bool:
        """Tell whether a try is right, when its turn has come.

        Raises
        ------
        RequestError
            If too many wait already.
        """
        if self._waiting >= MOST_WAITING:
            raise RequestError(429, "too many wrong tokens; try again in a minute")
        now = time.monotonic()
        turn = max(now, self._free_at)
        self._free_at = turn + self._delay()
        self._waiting += 1
        try:
            await asyncio.sleep(turn - now)
        finally:
            self._waiting -= 1
        if is_right():
            self.wrong = 0
            self._free_at = 0.0
            return True
        self.wrong += 1
        self._free_at = max(self._free_at, time.monotonic() + self._delay())
        return False

    def _delay(self) -> float:
        return min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(self.wrong, 10)) if self.wrong else 0.0


def check_access(host: str, token: str) -> Access:
    """Return the rules for a host; any but this machine's own address demands a token.

    Raises
    ------
    ServeError
        If the token is missing where it is needed, or no good one.
    """
    loopback = is_loopback(host)
    if token and (len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token):
        raise ServeError(f"{TOKEN_VARIABLE}: not a token of {SHORTEST_TOKEN} or more ASCII characters without spaces; set a longer one")
    if not loopback and not token:
        raise ServeError(
            f"--host {host}: other machines could reach it; set {TOKEN_VARIABLE} to a token of {SHORTEST_TOKEN} or more characters"
        )
    return Access(loopback, token)


def is_loopback(host: str) -> bool:
    """Tell whether a host's name or address is that of this machine for itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def host_of(header: str) -> str:
    """Return the host of a Host header without its port."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]


class Guard:
    """Lets through the requests that the rules allow; adds the headers to every answer."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        try:
            self._check(scope["method"], headers)
        except RequestError as error:
            await error_answer(str(error), error.status)(scope, receive, send_guarded)
            return
        page = scope["path"] in PAGE_PATHS
        scope["state"] = {**scope.get("state", {}), "allowed": self.access.has_token(headers, page)}
        if scope["path"] not in OPEN_PATHS and not page and not scope["state"]["allowed"]:
            answer = error_answer("a token is needed; send the header Authorization: Bearer TOKEN", 401)
            await answer(scope, receive, send_guarded)
            return
        await self.app(scope, receive, send_guarded)

    def _check(self, method: str, headers: Headers) -> None:
        host = headers.get("host", "")
        if self.access.loopback and not is_loopback(host_of(host)):
            raise RequestError(421, "this server answers for localhost only; ask for it as localhost or 127.0.0.1")
        if method in ("GET", "HEAD"):
            return
        origin = headers.get("origin", "null")
        foreign = origin != "null" and origin.partition("://")[2].lower() != host.lower()
        if foreign or headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise RequestError(403, "sent by a page of another site; open the reading page itself")


def _cookie(header: str) -> str:
    try:
        cookies: SimpleCookie = SimpleCookie(header)
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
