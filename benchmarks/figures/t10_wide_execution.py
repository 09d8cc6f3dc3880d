"""T10: what a task run costs in small and in huge executions."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.client import Client
from benchmarks.figure import Figure, in_rounds, seconds_of
from benchmarks.flows import LIGHT, LOG, name_of
from benchmarks.readings import Reading, at_most
from benchmarks.stacks import Distributed
from benchmarks.surroundings import Surroundings

_SMALL, _LARGE = 100, 10_000


class WideExecution(Figure):
    """A ForEach of 100 and one of 10,000: neither may cost more for each of its task runs."""

    id = "T10"
    title = "cost a task run in one execution, 100 → 10,000"

    def measure(self, surroundings: Surroundings) -> list[Reading]:
        server = surroundings.distributed
        with server.client() as client:
            large, growth = _measure(server, client, name_of("for-each", LIGHT))
            log_large, log_growth = _measure(server, client, name_of("for-each", LOG))
        server.check_all_succeeded()
        return [
            Reading("cost at 10,000 : cost at 100", "×", growth, at_most(1.3), None, log_growth),
            Reading("an execution of 10,000", "s", large, at_most(5), None, log_large),
        ]

    def exercise(self, surroundings: Surroundings) -> int:
        server = surroundings.distributed
        with server.client() as client:
            _once(server, client, "for-each", _LARGE)()
        return _LARGE


def _measure(
    server: Distributed, client: Client, flow: str
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Seconds of the large ones; how much more each task run costs than in the small ones, whose
    median is taken because they are short."""
    small = sorted(in_rounds(9, lambda: seconds_of(_once(server, client, flow, _SMALL))))[4]
    large = tuple(seconds_of(_once(server, client, flow, _LARGE)) for _ in range(3))
    return large, tuple((each / _LARGE) / (small / _SMALL) for each in large)


def _once(server: Distributed, client: Client, flow: str, count: int) -> Callable[[], None]:
    def run() -> None:
        client.start(flow, {"n": count})
        server.wait_until_all_ended()

    return run
