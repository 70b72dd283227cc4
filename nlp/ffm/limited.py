"""Runs by itself: a Python file in a process with limits, ``python -I limited.py MEGABYTES FILE WORD...``.

Exit code 9 says that memory did not suffice, where the file itself does not say so. This one imports nothing of ffm, so
that the process starts in a few hundredths of a second.
"""

from __future__ import annotations

import runpy
import sys
from contextlib import suppress

OUT_OF_MEMORY = 9


def limit_memory(megabytes: int) -> None:
    """Let this process have no more memory than that, and leave no core, where the system knows such limits.

    Where it does not (Windows, and macOS for some of them), the clock of whoever waits for the process is the only limit.
    """
    if sys.platform == "win32":
        return
    import resource

    size = megabytes * 2**20
    for kind, most in ((resource.RLIMIT_AS, size), (resource.RLIMIT_DATA, size), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    limit_memory(int(sys.argv[1]))
    del sys.argv[:2]
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
