"""Figures that start one execution over HTTP, wait for its answer and start the next."""

from __future__ import annotations

import statistics
from abc import abstractmethod

from benchmarks.client import Client
from benchmarks.figure import Figure, in_rounds, seconds_of
from benchmarks.flows import LIGHT, LOG, name_of
from benchmarks.readings import Floor, Reading, Target
from benchmarks.stacks import Server
from benchmarks.surroundings import Surroundings
from benchmarks.timeline import task_timeline, timeline

ROUNDS = 5


def median_rounds(client: Client, flow: str, calls: int, **inputs: int) -> tuple[float, ...]:
    """In each round the median of so many calls, in seconds."""
    return in_rounds(
        ROUNDS,
        lambda: statistics.median(
            seconds_of(lambda: client.run(flow, inputs)) for _ in range(calls)
        ),
    )


class WaitedRun(Figure):
    """One flow on one of the servers; a round is the median of `calls` calls."""

    flow: str
    calls = 10
    target: Target
    has_log_twin = True
    is_sequence = True
    tasks = 40
    inputs: dict[str, int] = {}

    def floor(self, surroundings: Surroundings) -> Floor | None:
        return None

    def measure(self, surroundings: Surroundings) -> list[Reading]:
        floor = self.floor(surroundings)
        with self.server(surroundings).client() as client:
            rounds = median_rounds(client, self.flow, self.calls, **self.inputs)
            logged: tuple[float, ...] = ()
            if self.has_log_twin:
                twin = name_of(self.flow, LOG)
                logged = median_rounds(client, twin, self.calls, **self.inputs)
        return [Reading("from call to answer", "s", rounds, self.target, floor, logged)]

    def exercise(self, surroundings: Surroundings) -> int:
        with self.server(surroundings).client() as client:
            client.run(self.flow, self.inputs)
        return self.tasks

    def explain(self, surroundings: Surroundings) -> str:
        costs = super().explain(surroundings)
        if not self.is_sequence:
            return costs
        return f"{task_timeline(self.server(surroundings), self.flow)}\n\n{costs}"


class OneTask(Figure):
    """A one-task flow from the HTTP request to its answer: medians and 95th percentiles."""

    calls = 100
    median_target: Target
    late_target: Target

    @abstractmethod
    def floor(self, surroundings: Surroundings) -> Floor: ...

    def measure(self, surroundings: Surroundings) -> list[Reading]:
        server = self.server(surroundings)
        floor = self.floor(surroundings)
        light = self._rounds(server, name_of("chain-1", LIGHT))
        logged = self._rounds(server, name_of("chain-1", LOG))
        pairs = zip(*light, strict=True), zip(*logged, strict=True)
        (medians, late), (log_medians, log_late) = (tuple(map(tuple, pair)) for pair in pairs)
        return [
            Reading("p50", "ms", medians, self.median_target, floor, log_medians),
            Reading("p95", "ms", late, self.late_target, log_rounds=log_late),
        ]

    def _rounds(self, server: Server, flow: str) -> list[tuple[float, float]]:
        """Median and 95th percentile of each round."""
        found: list[tuple[float, float]] = []
        with server.client() as client:
            for _ in range(20):
                client.run(flow)
            for _ in range(ROUNDS):
                times = sorted(
                    1000 * seconds_of(lambda: client.run(flow)) for _ in range(self.calls)
                )
                found.append((statistics.median(times), times[int(0.95 * len(times))]))
        return found

    def exercise(self, surroundings: Surroundings) -> int:
        with self.server(surroundings).client() as client:
            for _ in range(20):
                client.run("chain-1")
        return 20

    def explain(self, surroundings: Surroundings) -> str:
        server = self.server(surroundings)
        return f"{timeline(server, 'chain-1')}\n\n{super().explain(surroundings)}"
