"""A doccano to try things out: a server on this machine with users and a filled project, until it is stopped."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ffm.annotation.doccano.client import Server
from ffm.annotation.doccano.errors import counted
from ffm.annotation.doccano.local_server import Account, LocalServer, install
from ffm.annotation.doccano.push import make_rows, push
from ffm.annotation.doccano.setup import open_batch, set_up
from ffm.records import TaggedPassage
from ffm.scheme import Scheme

ADMINISTRATOR = "admin"
ANNOTATORS = ("annotator-1", "annotator-2")
BATCH = "Sample digests"

Tell = Callable[[str], None]


def run_trial(folder: Path | None, port: int, passages: Sequence[TaggedPassage], scheme: Scheme, tell: Tell, warn: Tell) -> None:
    """Start a server, make its users and a project of passages, tell where it is, and wait for Ctrl-C.

    Parameters
    ----------
    folder
        Where its database stands and is kept. Passwords are made anew at each start.
    passages
        Sent with the model's labels, to a project for each annotator; none makes no project.
    """
    installation = install(tell)
    accounts = [Account(name, secrets.token_urlsafe(9), name == ADMINISTRATOR) for name in (ADMINISTRATOR, *ANNOTATORS)]
    local = LocalServer(installation, folder or installation.folder / "data", port)
    local.accounts(accounts)
    with local:
        if passages:
            _fill(local, accounts[0], passages, scheme, tell, warn)
        tell(f"doccano answers at {local.address}; its data stand in {local.data}")
        tell("logins, made anew at each start:")
        for account in accounts:
            tell(f"  {account.name}  {account.password}")
        tell(f"for ffm: export FFM_DOCCANO_URL={local.address} FFM_DOCCANO_USER={ADMINISTRATOR}; Ctrl-C stops the server")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            pass
    tell("stopped")


def _fill(local: LocalServer, admin: Account, passages: Sequence[TaggedPassage], scheme: Scheme, tell: Tell, warn: Tell) -> None:
    server = Server(local.address, admin.name, admin.password)
    set_up(server, BATCH, ANNOTATORS, scheme)
    rows, errors = make_rows(passages, scheme, suggestions=True)
    done = push(server, open_batch(server, BATCH), rows, scheme)
    for project, number in done.sent.items():
        tell(f'"{project}": {counted(number)} sent, {done.held[project]:,} there already')
    for message in [*errors, *done.errors]:
        warn(message)
