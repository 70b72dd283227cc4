"""Starting and stopping the server."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from ffm.errors import ServeError
from ffm.server import autolabel, uploads
from ffm.server.access import Access
from ffm.server.app import Workers, make_app
from ffm.server.bodies import Limits
from ffm.server.connections import MOST_CONNECTIONS, Connection
from ffm.server.correcting import Corrector
from ffm.server.worker import Pool

KEEP_ALIVE = 5


def start_workers(model: Path | None, limits: Limits, number: int = 1) -> Workers:
    """Start so many processes for each kind of job, and wait until they have loaded the model.

    Raises
    ------
    ModelError
        If the model is missing or damaged.
    """
    workers = Workers(
        Pool(model, autolabel.warm_up, limits.label_seconds, limits.label_places, number),
        Pool(model, uploads.warm_up, limits.report_seconds, limits.report_places, number),
    )
    try:
        for worker in workers.all:
            worker.start()
        for worker in workers.all:
            worker.wait()
    except BaseException:
        stop_workers(workers)
        raise
    return workers


def stop_workers(workers: Workers) -> None:
    """End all processes."""
    for worker in workers.all:
        worker.stop()


def listen(host: str, port: int) -> socket.socket:
    """Open the port.

    Raises
    ------
    ServeError
        If it is taken, or the host is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, so that asyncio sends answers without delay
    try:
        if os.name == "posix":
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host.strip("[]"), port))
        door.listen(MOST_CONNECTIONS)
    except OSError as error:
        door.close()
        reason = error.strerror or str(error)
        raise ServeError(f"{host}:{port}: cannot be opened ({reason}); choose another --port, or a --host of this machine") from None
    return door


def make_server(workers: Workers, access: Access, limits: Limits, corrector: Corrector | None = None) -> uvicorn.Server:
    """Return the HTTP server; it logs no addresses and no texts."""
    config = uvicorn.Config(
        make_app(workers, access, limits, corrector),
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        http=Connection,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=3,
    )
    return uvicorn.Server(config)


def serve(
    host: str,
    port: int,
    model: Path | None,
    access: Access,
    ready: Callable[[str], None],
    number: int = 1,
    corrector: Corrector | None = None,
) -> None:
    """Serve until stopped.

    Parameters
    ----------
    number
        Of processes for labels, and of those for reports.
    corrector
        Keeps the corrections of the reading page, where any are taken.
    ready
        Called with the server's address when it answers.
    """
    limits = Limits()
    with listen(host, port) as door:
        uploads.remove_left_over()
        workers = start_workers(model, limits, number)
        try:
            name = f"[{host.strip('[]')}]" if ":" in host else host
            ready(f"http://{name}:{door.getsockname()[1]}/")
            make_server(workers, access, limits, corrector).run(sockets=[door])
        except KeyboardInterrupt:
            pass
        finally:
            stop_workers(workers)
