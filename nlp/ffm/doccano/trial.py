"""A doccano to try things out: a server on this machine with users and a filled project, until it is stopped."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ffm.doccano.client import Server
from ffm.doccano.errors import counted
from ffm.doccano.local_server import Account, LocalServer, alone, install
from ffm.doccano.push import make_rows, push
from ffm.doccano.setup import open_batch, set_up
from ffm.project.scheme import Scheme
from ffm.records import TaggedPassage

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
    with alone(local.data, local.address):
        local.accounts(accounts)
        with local:
            if passages:
                fill(local.address, accounts[0], passages, scheme, tell, warn)
            _tell_logins(local, accounts, tell)
            try:
                while True:
                    time.sleep(3600)
            except KeyboardInterrupt:
                pass
    tell("stopped")


def _tell_logins(local: LocalServer, accounts: Sequence[Account], tell: Tell) -> None:
    tell(f"doccano is ready: open {local.address} in a browser and sign in as one of these (their passwords are new at each start):")
    width = max(len(account.name) for account in accounts)
    for account in accounts:
        tell(f"  {account.name:{width}}  {account.password}")
    tell("for ffm, in another terminal:")
    login = {"URL": local.address, "USER": accounts[0].name, "PASSWORD": accounts[0].password}
    tell("export " + " ".join(f"FFM_DOCCANO_{name}={value}" for name, value in login.items()))
    tell(f"{local.address} runs until Ctrl-C; what is done there is kept in {local.data}")


def fill(address: str, admin: Account, passages: Sequence[TaggedPassage], scheme: Scheme, tell: Tell, warn: Tell) -> None:
    """Make a project for each annotator of a trial, and send passages there with the model's labels; what is there stays."""
    server = Server(address, admin.name, admin.password)
    set_up(server, BATCH, ANNOTATORS, scheme)
    rows, errors = make_rows(passages, scheme, suggestions=True)
    done = push(server, open_batch(server, BATCH), rows, scheme)
    for project, number in done.sent.items():
        tell(f'"{project}": {counted(number)} sent, {done.held[project]:,} there already')
    for message in [*errors, *done.errors]:
        warn(message)
