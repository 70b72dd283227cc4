"""Gunicorn's configuration: the server ends when the process that started it does, which holds its standard input open."""

import os
import signal
import sys
import threading
from typing import Any

workers = 1
threads = 4
timeout = 600
graceful_timeout = 3


def on_starting(server: Any) -> None:
    """Watch standard input, in the master process."""
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
