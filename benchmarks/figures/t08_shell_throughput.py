"""T8: shell tasks a second."""

from __future__ import annotations

from benchmarks.client import Client
from benchmarks.figure import Figure, in_rounds, seconds_of
from benchmarks.floors import spawning
from benchmarks.readings import Floor, Reading, at_least
from benchmarks.stacks import Distributed
from benchmarks.surroundings import Surroundings

_EXECUTIONS, _TASKS = 40, 10


class ShellThroughput(Figure):
    """Executions of ten shell tasks each, started by one bulk call."""

    id = "T8"
    title = "shell tasks/s over 40 executions × 10"

    def measure(self, surroundings: Surroundings) -> list[Reading]:
        server = surroundings.distributed
        raw = spawning.spawns_a_second_on_one_core()
        with server.client() as client:
            rounds = in_rounds(5, lambda: _rate(server, client))
        server.check_all_succeeded()
        floor = Floor("raw spawns/s on one core", raw, at_least(0.35))
        return [Reading("from bulk call to last end", "/s", rounds, at_least(400), floor)]

    def exercise(self, surroundings: Surroundings) -> int:
        server = surroundings.distributed
        with server.client() as client:
            _rate(server, client)
        return _EXECUTIONS * _TASKS


def _rate(server: Distributed, client: Client) -> float:
    def run() -> None:
        client.start_many(["shell-10"] * _EXECUTIONS)
        server.wait_until_all_ended()

    return _EXECUTIONS * _TASKS / seconds_of(run)
