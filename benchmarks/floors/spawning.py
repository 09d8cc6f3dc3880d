"""Bare processes: what it costs to run a command."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.processes import ROOT, product_environment

_COMMAND = ["/bin/sh", "-c", "echo hello"]
_SPAWNS = 400


def sequence_seconds(count: int, rounds: int) -> float:
    """So many `subprocess.run` in a row."""
    return statistics.median(_timed(lambda: _spawn(count)) for _ in range(rounds))


def spawns_a_second_on_one_core() -> float:
    """In a process of its own that has one core, with its children."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", __name__],
        env=product_environment(ROOT),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    return float(json.loads(done.stdout))


def _timed(call: Callable[[], None]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _spawn(count: int) -> None:
    for _ in range(count):
        subprocess.run(_COMMAND, capture_output=True, check=True)  # noqa: S603 - our own command


def main() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    _spawn(20)
    sys.stdout.write(
        json.dumps(statistics.median(_SPAWNS / _timed(lambda: _spawn(_SPAWNS)) for _ in range(3)))
    )


if __name__ == "__main__":
    main()
