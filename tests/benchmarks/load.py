"""Requests of annotators to ``ffm serve``: how many a second it labels, how long they wait, and what becomes of more than it can take.

Each client sends the sample reports' passages one after the other to ``/autolabel/categories``, as doccano does. Prints a line for each number of
processes and clients; a refusal (503) counts apart. It needs half a minute a line.
"""

from __future__ import annotations

import argparse
import http.client
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np

from ffm.ingest import read_report
from ffm.records import is_evidence
from ffm.segment import segment

ROOT = Path(__file__).parents[2]
PORT = 8141
CLIENTS = (1, 4, 40)


def client(texts: list[str], until: float, waits: list[float], refused: list[int]) -> None:
    """Send texts one after the other until a time."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    number = 0
    while time.monotonic() < until:
        body = json.dumps({"text": texts[number % len(texts)]})
        number += 1
        began = time.monotonic()
        try:
            connection.request("POST", "/autolabel/categories", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            refused.append(0)
            continue
        if answer.status == 200:
            waits.append(time.monotonic() - began)
        else:
            refused.append(answer.status)


def measure(workers: int, seconds: float, texts: list[str]) -> None:
    """Print the figures of a server with so many processes."""
    command = [sys.executable, "-c", "from ffm.cli import main; main()", "serve", "--port", str(PORT), "--workers", str(workers)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(120):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=1)
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                break
            except OSError:
                time.sleep(0.5)
        for clients in CLIENTS:
            waits: list[float] = []
            refused: list[int] = []
            until = time.monotonic() + seconds
            threads = [threading.Thread(target=client, args=(texts[at:] + texts[:at], until, waits, refused)) for at in range(clients)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            half, most = (float(np.quantile(waits, share)) * 1000 for share in (0.5, 0.99)) if waits else (float("nan"), float("nan"))
            print(
                f"{workers} {'process' if workers == 1 else 'processes'}, {clients} at a time: {len(waits) / seconds:.0f} requests a second, median {half:.0f} ms, "
                f"99 of 100 within {most:.0f} ms, {len(refused)} refused"
            )
    finally:
        server.terminate()
        server.wait(20)


def main() -> None:
    """Measure servers of one and of two processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    arguments = parser.parse_args()
    texts = []
    for path in sorted(ROOT.glob("raw_text/*-digest.md")):
        report = read_report(path)
        texts += [
            " ".join(report.text[start:end] for start, end in passage.parts) for passage in segment(report).passages if is_evidence(passage)
        ]
    for workers in arguments.workers:
        measure(workers, arguments.seconds, texts)


if __name__ == "__main__":
    main()
