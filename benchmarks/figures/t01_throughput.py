"""T1: task runs a second over many executions."""

from __future__ import annotations

from benchmarks.client import Client
from benchmarks.figure import Figure, in_rounds, seconds_of
from benchmarks.floors import celery_floor
from benchmarks.flows import LIGHT, LOG, name_of
from benchmarks.readings import Floor, Reading, at_least
from benchmarks.stacks import Distributed
from benchmarks.surroundings import Surroundings

EXECUTIONS, TASKS = 200, 10
ONE_IN = 10


class Throughput(Figure):
    """Each round starts all executions by one bulk call; the time is that from the call until the
    last has ended, seen by another connection to the database."""

    id = "T1"
    title = "task runs/s, 200 executions × 10 light tasks"

    def measure(self, surroundings: Surroundings) -> list[Reading]:
        server = surroundings.distributed
        server.prepare_reading()
        seconds = celery_floor.at_once_seconds(EXECUTIONS * TASKS)
        raw = EXECUTIONS * TASKS / seconds
        with server.client() as client:
            mixed = in_rounds(5, lambda: _rate(server, client, mixed_flows()))
            plain = in_rounds(3, lambda: _rate(server, client, ["chain-10"] * EXECUTIONS))
            logs = [name_of("chain-10", LOG)] * EXECUTIONS
            logged = in_rounds(3, lambda: _rate(server, client, logs))
        server.check_all_succeeded()
        floor = Floor("raw Celery no-ops/s", raw, at_least(2))
        loosely = Floor("raw Celery no-ops/s", raw)
        return [
            Reading("one in ten reads kv, file and storage", "/s", mixed, at_least(2500), floor),
            Reading("none of them does", "/s", plain, at_least(2500), loosely, logged),
        ]

    def exercise(self, surroundings: Surroundings) -> int:
        server = surroundings.distributed
        with server.client() as client:
            _rate(server, client, mixed_flows())
        return EXECUTIONS * TASKS


def mixed_flows() -> list[str]:
    """In one execution of ten all tasks read what lies outside; so does one task of ten."""
    chain = name_of("chain-10", LIGHT)
    return ["reading-10" if i % ONE_IN == 0 else chain for i in range(EXECUTIONS)]


def _rate(server: Distributed, client: Client, flows: list[str]) -> float:
    def run() -> None:
        client.start_many(flows)
        server.wait_until_all_ended()

    return len(flows) * TASKS / seconds_of(run)
