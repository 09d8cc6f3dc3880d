"""A figure: what is measured, beside which floor, and what explains it when it is not reached."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

from benchmarks import profiling
from benchmarks.readings import Reading
from benchmarks.stacks import Server
from benchmarks.surroundings import Surroundings


class Figure(ABC):
    """Measured once a run. Every reading is one of several rounds."""

    id: ClassVar[str]
    title: ClassVar[str]

    @abstractmethod
    def measure(self, surroundings: Surroundings) -> list[Reading]: ...

    def server(self, surroundings: Surroundings) -> Server:
        """That which is measured, and watched when the figure is not reached."""
        return surroundings.distributed

    def exercise(self, surroundings: Surroundings) -> int:
        """Does once what is measured; repeated while the server is watched. Gives how many task
        runs that were; 0: it idles."""
        time.sleep(0.1)
        return 0

    def explain(self, surroundings: Surroundings) -> str:
        """Markdown: where the time goes."""
        return profiling.watch(self.server(surroundings), lambda: self.exercise(surroundings))


def seconds_of(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def in_rounds(count: int, call: Callable[[], float]) -> tuple[float, ...]:
    """After a round that only warms up."""
    call()
    return tuple(call() for _ in range(count))
