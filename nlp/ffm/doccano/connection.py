"""The connection to a doccano server: its address, time limits, repeated requests, and why none came about."""

from __future__ import annotations

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

import requests
from msgspec import Struct
from requests.adapters import HTTPAdapter
from urllib3.util import Retry  # type: ignore[import-untyped]

from ffm.doccano.errors import DoccanoError, without_login

AUTHORITIES = "REQUESTS_CA_BUNDLE"


class Limits(Struct, frozen=True):
    """Time limits in seconds: to connect, for an answer, and for an import or export to end."""

    connect: float = 5
    answer: float = 60
    task: float = 300


class LimitedAdapter(HTTPAdapter):
    """Gives every request a time limit."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        retry = Retry(
            total=3,
            status_forcelist=(502, 503, 504),
            allowed_methods=("GET",),
            backoff_factor=0.2,
            raise_on_status=False,
        )
        super().__init__(max_retries=retry)

    def send(self, request: Any, *words: Any, **options: Any) -> Any:
        if options.get("timeout") is None:
            options["timeout"] = (self.limits.connect, self.limits.answer)
        return super().send(request, *words, **options)


def check_address(address: str) -> str:
    """Return the address of a server without what may not stand in it.

    Raises
    ------
    DoccanoError
        If it is no address.
    """
    try:
        parts = urlsplit(address.strip())
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound:
        raise DoccanoError(f'FFM_DOCCANO_URL "{without_login(address)}" is no address; write it as http://127.0.0.1:8000')
    if parts.username or parts.password:
        raise DoccanoError("FFM_DOCCANO_URL holds a user or password; put them into FFM_DOCCANO_USER and FFM_DOCCANO_PASSWORD")
    return address.strip().rstrip("/")


def is_loopback(address: str) -> bool:
    """Tell whether an address is of this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def asks_itself_alone(policy: str) -> bool:
    """Tell whether a Content-Security-Policy keeps pages from fetching scripts of other sites."""
    rules = {name: sources for name, *sources in (rule.split() for rule in policy.lower().split(";") if rule.strip())}
    scripts = rules.get("script-src", rules.get("default-src"))
    return scripts is not None and all(source.startswith("'") or source in ("data:", "blob:") for source in scripts)


def why_not_secure(error: requests.exceptions.SSLError) -> str:
    """Return why no encrypted connection came about: the certificate, or that the server does not speak https."""
    found = re.search(r"certificate verify failed: ([^()]*[^() ])|(hostname .+ doesn't match [^()]+)", str(error))
    if found is None:
        return "no encrypted connection can be made; does the server speak https there? check FFM_DOCCANO_URL"
    return (
        f"the server's certificate is refused ({(found[1] or found[2])[:100]}); have it renewed, or, where your organisation signs its own, "
        f"name the file of its authority in {AUTHORITIES}"
    )
