"""Where a waiting caller's time goes, from the moments that the execution itself keeps."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

from benchmarks.stacks import Server

_RUNS = 100
_STEPS = (
    "call → the execution is CREATED (request, sign-in, flow)",
    "→ its task run is CREATED (commit, bus, executor)",
    "→ RUNNING (commit, dispatch, claim)",
    "→ its end (the task, as its worker sees it)",
    "→ the execution is SUCCESS (result, bus, executor)",
    "→ answer (commit, live update, reading it)",
)
_SEQUENCES = 5
_TASK_STEPS = (
    "CREATED → RUNNING (commit, dispatch, claim)",
    "→ its end (the task, as its worker sees it)",
    "→ the next is CREATED (result, bus, executor)",
)


def timeline(server: Server, flow: str) -> str:
    """A Markdown table: the median of each step between call and answer of a one-task flow."""
    with server.client() as client:
        found = []
        for _ in range(_RUNS):
            called = time.time()
            execution = client.run(flow)
            found.append([called, *_moments(execution), time.time()])
    lines = ["| step | ms |", "|---|--:|"]
    for index, step in enumerate(_STEPS):
        each = 1000 * statistics.median(times[index + 1] - times[index] for times in found)
        lines.append(f"| {step} | {each:.1f} |")
    return "\n".join(lines)


def task_timeline(server: Server, flow: str) -> str:
    """The same for the tasks of a sequence: medians over all of them."""
    claims, works, pauses = [], [], []
    with server.client() as client:
        for _ in range(_SEQUENCES):
            runs = client.run(flow)["taskRunList"]
            for run, following in pairwise(runs):
                attempt = _history(run["attempts"][-1])
                claims.append(attempt["RUNNING"] - _history(run)["CREATED"])
                works.append(attempt["SUCCESS"] - attempt["RUNNING"])
                pauses.append(_history(following)["CREATED"] - attempt["SUCCESS"])
    steps = zip(_TASK_STEPS, (claims, works, pauses), strict=True)
    lines = [f"| {step} | {1000 * statistics.median(each):.1f} |" for step, each in steps]
    return "\n".join(["| step of each task | ms |", "|---|--:|", *lines])


def _moments(execution: dict[str, Any]) -> Iterator[float]:
    run = execution["taskRunList"][0]
    attempt = _history(run["attempts"][-1])
    yield _history(execution)["CREATED"]
    yield _history(run)["CREATED"]
    yield attempt["RUNNING"]
    yield attempt["SUCCESS"]
    yield _history(execution)["SUCCESS"]


def _history(item: dict[str, Any]) -> dict[str, float]:
    return {
        entry["state"]: datetime.fromisoformat(entry["date"]).timestamp()
        for entry in item["state"]["histories"]
    }
