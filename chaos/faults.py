"""What goes wrong, and when: drawn from one seed before the run begins."""

from __future__ import annotations

import logging
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chaos.parts import Cluster, Part

log = logging.getLogger("chaos")

# (what, how often by comparison)
_WEIGHTS = (
    ("kill executor", 5),
    ("stop executor", 5),
    ("kill worker", 3),
    ("stop worker", 3),
    ("kill webserver", 1),
    ("stop webserver", 1),
    ("empty redis", 3),
    ("restart redis", 2),
)
# Stopped processes sleep for so many of their leases: most of them longer than two, some about one,
# so that they wake while the others are taking over.
_LONG, _SHORT = (2.1, 2.8), (0.8, 1.4)
_SHORT_SHARE = 0.3
# Most faults come just after a burst of load, so that they find the processes at work.
_BURST_SHARE = 0.7
_AFTER_BURST = 0.04


@dataclass(frozen=True, slots=True)
class Fault:
    """At `at` seconds `what` happens. `which` chooses the process, `length` how many leases (or
    seconds) it lasts; with `burst` it comes so many seconds after a burst of load."""

    at: float
    what: str
    which: int
    length: float
    burst: float | None


def draw_faults(seed: int, seconds: float, first_after: float = 2.0) -> list[Fault]:
    """The same seed gives the same faults at the same times."""
    chance = random.Random(seed)  # noqa: S311  # repeatable on purpose
    names, weights = zip(*_WEIGHTS, strict=True)
    found = []
    at = first_after
    while at < seconds:
        what = chance.choices(names, weights)[0]
        bounds = _SHORT if chance.random() < _SHORT_SHARE else _LONG
        burst = _AFTER_BURST * chance.random() if chance.random() < _BURST_SHARE else None
        found.append(Fault(at, what, chance.randrange(1000), chance.uniform(*bounds), burst))
        at += chance.uniform(0.6, 2.2)
    return found


class Chaos:
    """Carries the faults out. At least one process of a kind always works."""

    def __init__(self, cluster: Cluster, faults: list[Fault], *, burst: Callable[[], None]) -> None:
        self._cluster = cluster
        self._faults = faults
        self._burst = burst
        self._started = 0.0
        self._wakes: list[tuple[float, Part]] = []
        self.done: list[str] = []

    def run(self, seconds: float) -> None:
        """Blocks for that long."""
        self._started = time.monotonic()
        for fault in [*self._faults, None]:
            until = seconds if fault is None else fault.at
            self._wait(until)
            if fault is not None:
                self._strike(fault)
        for _, part in self._wakes:
            self._wake(part)

    @property
    def _now(self) -> float:
        return time.monotonic() - self._started

    def _wait(self, until: float) -> None:
        """Wakes meanwhile whoever has slept long enough."""
        while (left := until - self._now) > 0:
            for entry in [entry for entry in self._wakes if entry[0] <= self._now]:
                self._wakes.remove(entry)
                self._wake(entry[1])
            next_wake = min((at for at, _ in self._wakes), default=until)
            time.sleep(max(0.01, min(left, next_wake - self._now)))

    def _strike(self, fault: Fault) -> None:
        if fault.burst is not None:
            self._burst()
            time.sleep(fault.burst)
        verb, _, object_ = fault.what.partition(" ")
        if object_ == "redis":
            self._strike_redis(verb, fault)
            return
        part = self._choose(object_, fault.which)
        if part is None:
            self._note(f"{fault.what}: nobody left")
        elif verb == "kill":
            part.kill()
            self._note(f"kill -9 {part.name}")
        else:
            seconds = self._lease_of(object_) * fault.length
            part.stop()
            self._wakes.append((self._now + seconds, part))
            self._note(f"SIGSTOP {part.name} for {seconds:.1f} s")

    def _strike_redis(self, verb: str, fault: Fault) -> None:
        if verb == "empty":
            self._cluster.redis.empty()
            self._note("FLUSHALL")
            return
        self._cluster.restart_redis(0.5 * fault.length)
        self._note("kill -9 redis, started again empty")

    def _choose(self, kind: str, which: int) -> Part | None:
        working = [part for part in self._cluster.of_kind(kind) if part.is_working]
        least = 0 if kind == "webserver" else 1
        return working[which % len(working)] if len(working) > least else None

    def _lease_of(self, kind: str) -> float:
        times = self._cluster.times
        return times.executor_lease if kind == "executor" else times.worker_lease

    def _wake(self, part: Part) -> None:
        if part.life.is_alive and part.life.is_stopped:
            part.wake()
            self._note(f"SIGCONT {part.name}")

    def _note(self, text: str) -> None:
        line = f"{self._now:6.2f} s  {text}"
        self.done.append(line)
        log.info("%s", line)


def summary(done: list[str]) -> Iterator[str]:
    """How often each kind of fault was done."""
    texts = [line.split("s  ", 1)[1].split(" for ")[0] for line in done]
    kinds = Counter(re.sub(r"-\d+$", "", text) for text in texts)
    yield from (f"{count} × {kind}" for kind, count in sorted(kinds.items()))
