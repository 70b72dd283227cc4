"""What a request is answered with: JSON, or one line that says why not."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from ffm.errors import FfmError


class RequestError(FfmError):
    """A request that is refused, with its HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def json_answer(content: Any, status: int = 200) -> Response:
    """Return a JSON answer."""
    return Response(msgspec.json.encode(content), status, media_type="application/json")


def error_answer(message: str, status: int) -> Response:
    """Return an error as JSON: one line."""
    answer = json_answer({"error": " ".join(message.split())}, status)
    if status == 503:
        answer.headers["Retry-After"] = "1"
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
