"""T13: memory of the embedded server that has nothing to do."""

from __future__ import annotations

import time

from benchmarks.figure import Figure
from benchmarks.imports import watch_imports
from benchmarks.readings import Floor, Reading, at_most
from benchmarks.stacks import Embedded
from benchmarks.surroundings import Surroundings

_SETTLE_SECONDS = 3
_ROUNDS = 3


class MemoryEmbedded(Figure):
    """After flows were saved and the first of them have run."""

    id = "T13"
    title = "idle memory, embedded"

    def measure(self, surroundings: Surroundings) -> list[Reading]:
        surroundings.stop_servers()
        bare = surroundings.bare_import.memory_mb
        rounds = tuple(_one() for _ in range(_ROUNDS))
        floor = Floor("bare import of the stack", bare, at_most(2))
        return [Reading("resident", "MB", rounds, at_most(150), floor)]

    def explain(self, surroundings: Surroundings) -> str:
        surroundings.stop_servers()
        return watch_imports(Embedded())


def _one() -> float:
    with Embedded() as server:
        time.sleep(_SETTLE_SECONDS)
        return server.memory_mb
