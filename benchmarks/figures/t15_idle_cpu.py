"""T15: what the embedded server takes of a core while it has nothing to do."""

from __future__ import annotations

import time

from benchmarks.figure import Figure
from benchmarks.readings import Reading, at_most
from benchmarks.stacks import Embedded, Server
from benchmarks.surroundings import Surroundings

_SETTLE_SECONDS = 3
_SECONDS = 10
_ROUNDS = 3


class IdleCpu(Figure):
    """Over ten seconds each."""

    id = "T15"
    title = "idle CPU, embedded"

    def measure(self, surroundings: Surroundings) -> list[Reading]:
        server = surroundings.embedded
        time.sleep(_SETTLE_SECONDS)
        rounds = tuple(_share(server) for _ in range(_ROUNDS))
        return [Reading("of a core", "%", rounds, at_most(1))]

    def server(self, surroundings: Surroundings) -> Server:
        return surroundings.embedded


def _share(server: Embedded) -> float:
    process = server.processes[0]
    before, started = process.cpu_seconds(), time.monotonic()
    time.sleep(_SECONDS)
    return 100 * (process.cpu_seconds() - before) / (time.monotonic() - started)
