"""The contract of a rule: it names the states that it applies from and to, and answers with the
transition as it shall be. It reads nothing and writes nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from plugins.contracts.state import State
from plugins.contracts.task import Retry, Task

ANY = frozenset(State)


@dataclass(frozen=True, slots=True)
class Transition:
    """A task run is about to change its state. `attempts` counts those that count for a retry, the
    one that has just ended included; `first_started` is when the first of them began. `retry_in`
    set by a rule: try again after that time. `chance` is between 0 and 1."""

    task: Task
    source: State
    target: State
    now: datetime
    attempts: int = 0
    first_started: datetime | None = None
    retry: Retry | None = None
    is_flowable: bool = False
    is_killing: bool = False
    chance: float = 0.5
    retry_in: timedelta | None = None
    is_rejected: bool = False


class Rule(ABC):
    """A sentence about task runs."""

    sources: ClassVar[frozenset[State]] = ANY
    targets: ClassVar[frozenset[State]] = ANY

    def governs(self, transition: Transition) -> bool:
        return transition.source in self.sources and transition.target in self.targets

    @abstractmethod
    def apply(self, transition: Transition) -> Transition: ...
