"""On the path of a process that is to tell what its imports cost: seconds and MB of each top-level
package, without what that imports. Written when the process ends, to the folder BENCH_PROBE."""

from __future__ import annotations

import atexit
import json
import os
import time
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

_PAGE = os.sysconf("SC_PAGE_SIZE")
_costs: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0])
_children: list[list[float]] = [[0.0, 0.0]]
# there is no public place at which every import passes
_bootstrap: Any = import_module("importlib._bootstrap")
_load = _bootstrap._load_unlocked


def _measured_load(spec: Any) -> ModuleType:
    before = (time.perf_counter(), _resident_mb())
    _children.append([0.0, 0.0])
    try:
        module: ModuleType = _load(spec)
    finally:
        whole = (time.perf_counter() - before[0], _resident_mb() - before[1])
        inner = _children.pop()
        cost = _costs[spec.name.partition(".")[0]]
        for index in (0, 1):
            cost[index] += whole[index] - inner[index]
            _children[-1][index] += whole[index]
        cost[2] += 1
    return module


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_bytes().split()[1])
    return pages * _PAGE / 1e6


def _tell() -> None:
    file = Path(os.environ["BENCH_PROBE"]) / f"{os.getpid()}.json"
    file.write_text(json.dumps({"costs": _costs, "memory": _resident_mb()}), encoding="utf-8")


if "BENCH_PROBE" in os.environ:
    _bootstrap._load_unlocked = _measured_load
    atexit.register(_tell)
