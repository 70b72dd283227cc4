"""The addresses of the server and what each answers."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ffm.errors import FfmError
from ffm.server.access import COOKIE, OPEN_PATHS, SESSION_SECONDS, Access, Guard, Tries
from ffm.server.answers import RequestError, error_answer, json_answer
from ffm.server.autolabel import categories, spans
from ffm.server.bodies import Limits, label_text, sent_form, sent_report, sent_token
from ffm.server.correcting import Corrector, registered_as
from ffm.server.reading import render_form, render_kept, render_sign_in
from ffm.server.uploads import kept_file, read_upload, tag_upload
from ffm.server.worker import Pool

LOGGER = logging.getLogger(__name__)
Endpoint = Callable[[Request], Awaitable[Response]]


class Workers(Struct, frozen=True):
    """Processes for labels and others for reports, so that an annotator does not wait for an analyst's report."""

    labels: Pool
    reports: Pool

    @property
    def all(self) -> tuple[Pool, Pool]:
        """Both."""
        return self.labels, self.reports


def make_app(workers: Workers, access: Access, limits: Limits, corrector: Corrector | None = None) -> ASGIApp:
    """Return the server's application; without a corrector, the reading page takes no corrections."""
    site = Site(workers, access, limits, corrector)
    app = Starlette(
        routes=[
            Route("/", site.front, methods=["GET"]),
            Route("/read", site.back, methods=["GET"]),
            Route("/read", site.read, methods=["POST"]),
            Route("/correct", site.correct, methods=["POST"]),
            Route("/sign-in", site.sign_in, methods=["POST"]),
            Route("/sign-in", site.back, methods=["GET"]),
            Route("/sign-out", site.sign_out, methods=["POST"]),
            Route("/autolabel/spans", site.labels("spans", spans), methods=["POST"]),
            Route("/autolabel/categories", site.labels("categories", categories), methods=["POST"]),
            Route("/tag", site.tag, methods=["POST"]),
            Route("/healthz", site.health, methods=["GET"]),
        ],
        exception_handlers={FfmError: _refused, HTTPException: _no_such, ClientDisconnect: _gone, Exception: _failed},
    )
    return Guard(app, access)


class Site:
    """The answers."""

    def __init__(self, workers: Workers, access: Access, limits: Limits, corrector: Corrector | None = None) -> None:
        self.workers = workers
        self.access = access
        self.limits = limits
        self.corrector = corrector
        self.tries = Tries()

    async def health(self, request: Request) -> Response:
        """Tell that the server answers."""
        return json_answer({"status": "ok"})

    def labels(self, name: str, job: Callable[..., list[dict[str, Any]]]) -> Endpoint:
        """Return the answer to requests for labels of one kind."""

        async def answer(request: Request) -> Response:
            text = await label_text(request, self.limits)
            return json_answer({name: await self.workers.labels.run(job, text)})

        return answer

    async def tag(self, request: Request) -> Response:
        """Tag a report: the rows of ``ffm tag`` as JSON lines."""
        sent = await sent_report(request, self.limits)
        with kept_file(sent.name, sent.data) as path:
            rows = await self.workers.reports.run(tag_upload, path)
        return Response(rows, media_type="application/x-ndjson")

    async def front(self, request: Request) -> Response:
        """Show the form, or the form to sign in."""
        return self._form() if request.state.allowed else self._sign_in(401)

    async def read(self, request: Request) -> Response:
        """Show a report."""
        if not request.state.allowed:
            return self._sign_in(401)
        nonce = secrets.token_urlsafe(16)
        try:
            sent = await sent_report(request, self.limits)
            with kept_file(sent.name, sent.data) as path:
                known = None
                if self.corrector is not None:
                    known = await asyncio.to_thread(registered_as, path, self.corrector.project) or ""
                page = await self.workers.reports.run(read_upload, path, nonce, sent.wanted, known)
        except RequestError as error:
            return self._form(str(error), error.status)
        return _page(page, nonce)

    async def correct(self, request: Request) -> Response:
        """Keep a correction."""
        if self.corrector is None:
            raise RequestError(404, "no corrections are kept here; start ffm serve with --corrections NAME")
        if not request.state.allowed:
            return self._sign_in(401)
        nonce = secrets.token_urlsafe(16)
        form = await sent_form(request, self.limits)
        try:
            said, status = await asyncio.to_thread(self.corrector.keep, form), 200
        except FfmError as error:
            said, status = str(error), error.status if isinstance(error, RequestError) else 422
        return _page(render_kept(nonce, said, status == 200), nonce, status)

    async def back(self, request: Request) -> Response:
        """Lead an address that was typed or reloaded back to the form."""
        return RedirectResponse("/", 303)

    async def sign_in(self, request: Request) -> Response:
        """Give a cookie for the token."""
        given = await sent_token(request, self.limits)
        if not await self.tries.allow(lambda: bool(self.access.token) and self.access.is_token(given)):
            return self._sign_in(403, "That is not the token; it stands in FFM_SERVE_TOKEN where the server was started.")
        answer = RedirectResponse("/", 303)
        answer.set_cookie(COOKIE, self.access.new_session(), max_age=SESSION_SECONDS, httponly=True, samesite="strict")
        return answer

    async def sign_out(self, request: Request) -> Response:
        """Take the cookie back."""
        self.access.end_session(request.headers)
        answer = RedirectResponse("/", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    def _form(self, error: str = "", status: int = 200) -> Response:
        nonce = secrets.token_urlsafe(16)
        return _page(render_form(nonce, self.limits.report_seconds, error, bool(self.access.token)), nonce, status)

    def _sign_in(self, status: int, error: str = "") -> Response:
        nonce = secrets.token_urlsafe(16)
        return _page(render_sign_in(nonce, error), nonce, status)


def _page(content: str, nonce: str, status: int = 200) -> Response:
    policy = f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    return HTMLResponse(content, status, {"Content-Security-Policy": policy})


async def _refused(request: Request, error: Exception) -> Response:
    return error_answer(str(error), error.status if isinstance(error, RequestError) else 422)


async def _no_such(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = f"there are /, /tag, /autolabel/spans, /autolabel/categories and {OPEN_PATHS[0]}"
    if error.status_code == 404:
        return error_answer(f"no such address; {known}", 404)
    answer = error_answer(f"{error.detail}; see docs/engineer.md", error.status_code)
    answer.headers.update(error.headers or {})
    return answer


async def _gone(request: Request, error: Exception) -> Response:
    return error_answer("the request broke off; send it again", 400)


async def _failed(request: Request, error: Exception) -> Response:
    LOGGER.error("error: %s %s: a fault of ffm (%s)", request.method, request.url.path, type(error).__name__)
    return error_answer(f"a fault of ffm ({type(error).__name__}); report it", 500)
