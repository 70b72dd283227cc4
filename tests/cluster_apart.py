"""Tags on a cluster whose machines are apart: run by itself, ``python cluster_apart.py REPORTS OUTPUT``, in namespaces of its own.

A scheduler and three workers stand in a network namespace each, joined by a bridge, and see neither the reports nor the output: over
both folders they have an empty one. One worker is killed when the first report is done. It ends with the exit code of ``ffm tag``,
and with 77 where the system has no such networks.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

NO_NETWORKS = 77
HERE, SCHEDULER = "10.73.0.1", "10.73.0.10"
WAIT_SECONDS = 120
ALONE = ("unshare", "-rnm")  # a user, who is root in it, a network and mounts of one's own
APART = 'read -r _; for folder in "$@"; do mount -t tmpfs none "$folder" || exit 1; done'


def can_be_apart() -> bool:
    """Tell whether the system lets namespaces be made, and has what makes networks."""
    if not all(shutil.which(name) for name in ("unshare", "nsenter", "ip", "mount")):
        return False
    return subprocess.run([*ALONE, "ip", "link", "add", "br0", "type", "bridge"], capture_output=True, check=False).returncode == 0


def command(name: str, *words: str) -> str:
    """Return the command of the shell that becomes a program of dask."""
    return f"exec {sys.executable} -m distributed.cli.{name} --no-dashboard {' '.join(words)}"


def start(number: int, run: str, hidden: list[str], stack: ExitStack) -> subprocess.Popen[bytes]:
    """Start a program in a network and with mounts of its own; it waits until its network is there."""
    shell = ["sh", "-c", f"{APART}; {run}", "sh", *hidden]
    process = subprocess.Popen(["unshare", "-nm", *shell], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stack.callback(process.wait)
    stack.callback(process.kill)
    inside = ("nsenter", "-t", str(process.pid), "-n", "ip")
    until = time.monotonic() + 10
    while Path(f"/proc/{process.pid}/ns/net").readlink() == Path("/proc/self/ns/net").readlink() and time.monotonic() < until:
        time.sleep(0.02)
    for words in (
        f"ip link add v{number} type veth peer name e0 netns {process.pid}",
        f"ip link set v{number} master br0 up",
    ):
        subprocess.run(words.split(), check=True)
    address = SCHEDULER if number == 0 else f"{SCHEDULER}{number}"
    for words in (f"addr add {address}/24 dev e0", "link set e0 up", "link set lo up"):
        subprocess.run([*inside, *words.split()], check=True)
    assert process.stdin is not None
    process.stdin.write(b"ready\n")
    process.stdin.close()
    return process


def main(reports: str, output: str) -> int:
    """Tag the reports on the cluster."""
    for words in ("link set lo up", "link add br0 type bridge", f"addr add {HERE}/24 dev br0", "link set br0 up"):
        if subprocess.run(["ip", *words.split()], check=False).returncode:
            return NO_NETWORKS
    hidden = [reports, str(Path(output).parent)]
    with ExitStack() as stack:
        start(0, command("dask_scheduler", "--host", SCHEDULER, "--port", "8786"), hidden, stack)
        words = (f"tcp://{SCHEDULER}:8786", "--nthreads", "1", "--no-nanny", "--death-timeout", str(WAIT_SECONDS))
        workers = [start(number, command("dask_worker", *words), hidden, stack) for number in (1, 2, 3)]
        tag = [sys.executable, "-c", "from ffm.cli import main; main()", "tag", reports, "-o", output]
        with subprocess.Popen([*tag, "--scheduler", f"tcp://{SCHEDULER}:8786"]) as client:
            until = time.monotonic() + WAIT_SECONDS
            while not list(Path(output).glob("*.parquet")) and client.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
            print("killed while it was under way" if client.poll() is None else "done before one was killed", flush=True)
            workers[0].send_signal(signal.SIGKILL)
            return client.wait()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
