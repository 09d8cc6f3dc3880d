"""T11: 200 executions started at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks.figure import Figure, in_rounds, seconds_of
from benchmarks.flows import LIGHT, LOG, name_of
from benchmarks.readings import Reading, at_least
from benchmarks.stacks import Distributed
from benchmarks.surroundings import Surroundings

_RUNS = 200
_CALLERS = 8


class ManyStarts(Figure):
    """By one bulk call, and by single calls over a few connections; until the last has ended."""

    id = "T11"
    title = "200 one-task runs at once"

    def measure(self, surroundings: Surroundings) -> list[Reading]:
        server = surroundings.distributed
        readings = []
        for what, start, limit in (("one bulk call", _bulk, 800), ("single calls", _singly, 250)):
            light, logged = (
                _rates(server, start, name_of("chain-1", kind)) for kind in (LIGHT, LOG)
            )
            readings.append(Reading(what, "runs/s", light, at_least(limit), None, logged))
        server.check_all_succeeded()
        return readings

    def exercise(self, surroundings: Surroundings) -> int:
        server = surroundings.distributed
        _singly(server, "chain-1")
        server.wait_until_all_ended()
        return _RUNS


def _rates(
    server: Distributed, start: Callable[[Distributed, str], None], flow: str
) -> tuple[float, ...]:
    def run() -> None:
        start(server, flow)
        server.wait_until_all_ended()

    return in_rounds(5, lambda: _RUNS / seconds_of(run))


def _bulk(server: Distributed, flow: str) -> None:
    with server.client() as client:
        client.start_many([flow] * _RUNS)


def _singly(server: Distributed, flow: str) -> None:
    def call(numbers: Sequence[int]) -> None:
        with server.client() as client:
            for _ in numbers:
                client.start(flow)

    with ThreadPoolExecutor(_CALLERS) as pool:
        list(pool.map(call, [range(i, _RUNS, _CALLERS) for i in range(_CALLERS)]))
