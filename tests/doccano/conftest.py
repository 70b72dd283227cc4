"""A real doccano 1.8.4, installed once and started for the session; nothing is mocked."""

from __future__ import annotations

import itertools
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from doccano_client import DoccanoClient
from msgspec.structs import replace

from ffm.doccano.client import Project, Server
from ffm.doccano.connection import Limits
from ffm.doccano.local_server import Account, Installation, LocalServer, install
from ffm.doccano.push import make_rows, push
from ffm.doccano.setup import Batch, open_batch, set_up
from ffm.project.project import find_project
from ffm.project.scheme import Scheme
from ffm.records import Report, TaggedPassage

PASSWORD = secrets.token_urlsafe(12)
ACCOUNTS = [Account("admin", PASSWORD, True), *(Account(name, PASSWORD) for name in ("anna", "ben", "carol"))]


def passage_of(report: Report, number: int, parts: Sequence[tuple[int, int]], **fields: Any) -> TaggedPassage:
    """Return a passage of a report, with what it says beside its place."""
    about: dict[str, Any] = {
        "kind": "answer",
        "section": "Meeting with the Workshop",
        "source": "Workshop",
        "source_type": "ngo",
        "date": "2021-05-03",
        "date_conflict": None,
        "page": None,
        "question": "Q. Who mends the bicycles?",
        **fields,
    }
    asked = about["question"]
    about |= {"question_start": 0 if asked else None, "question_parts": ((0, len(asked)),) if asked else ()}
    return TaggedPassage(
        **{
            **about,
            "report": report.id,
            "passage": f"{report.id}/{number:04}",
            "start": parts[0][0],
            "end": parts[-1][1],
            "parts": tuple(parts),
            "text": " ".join(report.text[start:end] for start, end in parts),
        }
    )


def passages_of(
    texts: Sequence[str], name: str = "notes", marks: Callable[[str], dict[str, Any]] | None = None
) -> tuple[Report, list[TaggedPassage]]:
    """Return a report of paragraphs and its passages; ``marks`` gives the labels of a text, offsets being the text's own."""
    report = Report(name, "\n\n".join(texts))
    passages = []
    offset = 0
    for number, text in enumerate(texts, 1):
        found = marks(text) if marks else {}
        entities = tuple(replace(item, start=item.start + offset, end=item.end + offset) for item in found.get("entities", ()))
        passages.append(passage_of(report, number, [(offset, offset + len(text))], **{**found, "entities": entities}))
        offset += len(text) + 2
    return report, passages


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    return find_project().scheme


@pytest.fixture(scope="session")
def installation() -> Installation:
    return install(print)


class Site(NamedTuple):
    """A running server, and its administrator's login."""

    local: LocalServer
    admin: Server

    @property
    def address(self) -> str:
        return self.local.address

    def as_user(self, name: str) -> DoccanoClient:
        """Log in as an annotator does."""
        client = DoccanoClient(self.address)
        client._base_repository._session.trust_env = False
        client.login(name, PASSWORD)
        return client


@pytest.fixture(scope="session")
def users(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with the users."""
    local = LocalServer(installation, tmp_path_factory.mktemp("users"))
    local.accounts(ACCOUNTS)
    return local.data / "db.sqlite3"


@pytest.fixture(scope="session")
def site(installation: Installation, users: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    local = LocalServer(installation, tmp_path_factory.mktemp("doccano"))
    shutil.copyfile(users, local.data / "db.sqlite3")
    with local:
        yield Site(local, Server(local.address, "admin", PASSWORD))


@pytest.fixture(scope="session")
def names() -> Iterator[str]:
    return (f"batch {number}" for number in itertools.count(1))


@pytest.fixture
def name(names: Iterator[str]) -> str:
    """Return the name of a batch that no other test uses."""
    return next(names)


class Room(NamedTuple):
    """A batch of one annotator, as most tests need it."""

    server: Server
    name: str
    scheme: Scheme

    @property
    def batch(self) -> Batch:
        return open_batch(self.server, self.name)

    @property
    def project(self) -> Project:
        return self.batch.projects["anna"]

    def push(self, passages: Sequence[TaggedPassage], suggestions: bool = True) -> Any:
        """Push passages; what is refused when the rows are made must be asked for with make_rows."""
        rows, errors = make_rows(passages, self.scheme, suggestions)
        assert not errors
        return push(self.server, self.batch, rows, self.scheme)

    def rows(self, confirmed: bool = False) -> list[dict[str, Any]]:
        """Return what the project holds, as doccano exports it."""
        return self.server.download(self.project, confirmed)["all"]


@pytest.fixture
def room(site: Site, name: str, scheme: Scheme) -> Room:
    set_up(site.admin, name, ["anna"], scheme)
    return Room(site.admin, name, scheme)


@pytest.fixture
def command(run_ffm: Callable[..., Any], site: Site, here: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return ``ffm doccano`` as the administrator runs it, in an empty folder."""
    for variable, value in (("URL", site.address), ("USER", "admin"), ("PASSWORD", PASSWORD)):
        monkeypatch.setenv(f"FFM_DOCCANO_{variable}", value)
    return lambda *words: run_ffm("doccano", *words)


QUICK = Limits(connect=2, answer=10, task=2)
