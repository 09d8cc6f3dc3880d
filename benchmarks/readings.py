"""Values of a measurement: what was read in each round, its floor, what was promised."""

from __future__ import annotations

import statistics
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A bound; `is_minimum`: more is better."""

    limit: float
    is_minimum: bool = False

    def is_met_by(self, value: float) -> bool:
        return value >= self.limit if self.is_minimum else value <= self.limit

    def worst(self, values: tuple[float, ...]) -> float:
        return min(values) if self.is_minimum else max(values)

    def __str__(self) -> str:
        return f"{'≥' if self.is_minimum else '≤'} {self.limit:,g}"


def at_least(limit: float) -> Target:
    return Target(limit, is_minimum=True)


def at_most(limit: float) -> Target:
    return Target(limit)


@dataclass(frozen=True, slots=True)
class Floor:
    """What the machine does without us, measured in the same run, in the reading's unit. `target`
    bounds the reading divided by it."""

    what: str
    value: float
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One number of a figure over several rounds. It is reached when its worst round keeps the
    target, and keeps the ratio to the floor."""

    what: str
    unit: str
    rounds: tuple[float, ...]
    target: Target
    floor: Floor | None = None
    log_rounds: tuple[float, ...] = ()
    """The same with a Log, which runs in the executor, in place of the light task."""

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    @property
    def worst(self) -> float:
        return self.target.worst(self.rounds)

    @property
    def ratio(self) -> float | None:
        return None if self.floor is None else self.worst / self.floor.value

    @property
    def is_reached(self) -> bool:
        return self.target.is_met_by(self.worst) and self.keeps_ratio

    @property
    def keeps_ratio(self) -> bool:
        if self.floor is None or self.floor.target is None:
            return True
        return self.floor.target.is_met_by(self.worst / self.floor.value)


@dataclass(frozen=True, slots=True)
class Outcome:
    """All readings of a figure. `profile` says in Markdown why one is not reached; `failure` that
    there is no reading at all."""

    id: str
    title: str
    readings: tuple[Reading, ...] = ()
    profile: str = ""
    failure: str = ""

    @property
    def is_reached(self) -> bool:
        return not self.failure and all(reading.is_reached for reading in self.readings)
