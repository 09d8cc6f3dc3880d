"""T14: memory of the four distributed processes that have nothing to do."""

from __future__ import annotations

import time

from benchmarks.figure import Figure
from benchmarks.imports import watch_imports
from benchmarks.readings import Reading, at_most
from benchmarks.stacks import Distributed
from benchmarks.surroundings import Surroundings

_SETTLE_SECONDS = 3
_ROUNDS = 2


class MemoryDistributed(Figure):
    """The sum over them, as each alone would take; pages that they share count every time."""

    id = "T14"
    title = "idle memory, webserver + executor + scheduler + worker"

    def measure(self, surroundings: Surroundings) -> list[Reading]:
        surroundings.stop_servers()
        by_part: dict[str, list[float]] = {}
        for _ in range(_ROUNDS):
            with Distributed(with_scheduler=True) as server:
                time.sleep(_SETTLE_SECONDS)
                for process in server.processes:
                    by_part.setdefault(process.name, []).append(process.memory_mb())
        rounds = tuple(sum(parts) for parts in zip(*by_part.values(), strict=True))
        named = ", ".join(f"{name} {max(found):.0f}" for name, found in by_part.items())
        return [Reading(f"resident ({named})", "MB", rounds, at_most(350))]

    def explain(self, surroundings: Surroundings) -> str:
        surroundings.stop_servers()
        return watch_imports(Distributed(with_scheduler=True))
