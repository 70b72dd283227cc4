"""From one report to many: memory and time by their number, several processes, the engine's own time, ``ffm compare`` on many rows.

Prints figures, of which none is a test; each part can be asked for by its name. Reports are the shared ones, where they are there,
else the samples; copies of them have names, and so ids, of their own. What the engine and a cluster add is measured with tasks that take
no time, so that a machine with fewer processors than workers does not tell less than there is.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

from ffm.engine import work_through

ROOT = Path(__file__).parents[2]
FFM = Path(sys.executable).with_name("ffm")
LONG_REPORT = 5_000  # words
TASKS = 300


def reports() -> list[Path]:
    """Return the texts to tag: the shared reports or the samples."""
    shared = ROOT.parent / "shared" / "raw_text"
    folder = shared if shared.is_dir() else ROOT / "raw_text"
    return sorted(path for path in folder.glob("*.md"))


@contextmanager
def copies(count: int) -> Iterator[Path]:
    """Give a folder with so many copies of each report."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            for path in reports():
                shutil.copy(path, Path(folder) / f"{path.stem}-{number}{path.suffix}")
        yield Path(folder)


def run(*words: object) -> tuple[float, float]:
    """Run the command; return the seconds that it takes and its peak memory in MiB, that of its largest process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(FFM), *map(str, words), "-o", f"{folder}/out"]
        started = time.perf_counter()
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        took = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} returned {process.returncode}")
    return took, usage.ru_maxrss / 1024


def memory(count: int) -> None:
    """Print peak memory and time of some copies, and of twenty times as many."""
    for number in (count, 20 * count):
        with copies(number) as folder:
            took, peak = run("tag", folder, "--sparse")
        print(f"ffm tag --sparse, {number} copies of {len(reports())} reports: {took:.1f} s, {peak:,.0f} MiB")


def workers(count: int) -> None:
    """Print how much quicker two processes are, with their start-up: on the reports, and on copies of them."""
    for number in (1, count):
        with copies(number) as folder:
            alone, _ = run("tag", folder)
            both, _ = run("tag", folder, "-j", 2)
        print(f"ffm tag, {number} copies: {alone:.1f} s alone, {both:.1f} s by two processes, {alone / both:.2f} times as fast")


def nothing(number: int) -> int:
    """Take no time."""
    return number


def engine(count: int) -> None:
    """Print what handing a task out and taking its result back costs, by the number of processes, once these run."""
    report = seconds_of_a_report()
    for processes in (1, 2, 3):
        tell("engine", processes, work_through(nothing, range(TASKS + processes), processes), report)


def cluster(count: int) -> None:
    """Print the same of a cluster of dask with one, two and three workers on this machine."""
    from distributed import LocalCluster

    report = seconds_of_a_report()
    for processes in (1, 2, 3):
        with LocalCluster(processes, threads_per_worker=1, dashboard_address=None) as made:
            tell("cluster", processes, work_through(nothing, range(TASKS + processes), scheduler=made.scheduler_address), report)


def seconds_of_a_report() -> float:
    """Return how long a report of :data:`LONG_REPORT` words takes, without its encoder."""
    from ffm.records import Report
    from ffm.tagging.pipeline import load
    from ffm.tagging.report import tag_report

    text = " ".join(path.read_text(encoding="utf-8") for path in reports())
    cut = text[: len(" ".join(text.split(" ")[:LONG_REPORT]))]
    nlp = load(sparse=True)
    tag_report(Report("first", cut[:5000]), nlp)
    started = time.process_time()
    tag_report(Report("report", cut), nlp)
    return time.process_time() - started


def tell(name: str, processes: int, results: Iterator[object], report: float) -> None:
    """Print the time of a task that takes none, from the first results on, beside that of a report."""
    for _ in range(processes):
        next(results)
    started = time.perf_counter()
    done = sum(1 for _ in results)
    took = (time.perf_counter() - started) / done
    print(
        f"{name}, {processes} processes: {1000 * took:.2f} ms a task; a process waits {took * processes / report:.2%} of the "
        f"{report:.2f} s that a report of {LONG_REPORT:,} words takes"
    )


def compare(count: int) -> None:
    """Print time and memory of a comparison of so many rows: those of the reports, again and again with ids of their own."""
    with tempfile.TemporaryDirectory() as folder:
        tagged, many = Path(folder) / "tagged.jsonl", Path(folder) / "many.jsonl"
        subprocess.run([str(FFM), "tag", *map(str, reports()), "-o", str(tagged)], check=True, capture_output=True, cwd=ROOT)
        rows = [json.loads(line) for line in tagged.read_text(encoding="utf-8").splitlines()]
        with many.open("w", encoding="utf-8") as out:
            for number, row in enumerate(islice(cycle(rows), count)):
                report = f"{row['report']}-{number // len(rows)}"
                out.write(json.dumps({**row, "report": report, "passage": f"{report}/{row['passage'].rpartition('/')[2]}"}) + "\n")
        took, peak = run("compare", many)
    print(f"ffm compare of {count:,} rows: {took:.1f} s, {peak:,.0f} MiB")


PARTS: dict[str, tuple[Callable[[int], None], int]] = {
    "memory": (memory, 20),
    "workers": (workers, 10),
    "engine": (engine, 0),
    "cluster": (cluster, 0),
    "compare": (compare, 1_000_000),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all where none is named")
    parser.add_argument("--count", type=int, help="copies of the reports, or rows of the comparison, where not so many are wanted")
    asked = parser.parse_args()
    for name in asked.parts or PARTS:
        part, count = PARTS[name]
        part(asked.count or count)


if __name__ == "__main__":
    main()
