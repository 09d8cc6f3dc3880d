"""Dispatchers bring attempts to workers. Messages hold ids, not data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One attempt. `day` is the day its execution was created (names the partition), `reads` the
    tasks whose outputs its expressions read; None: not known."""

    tenant: str
    namespace: str
    execution_id: str
    task_run_id: str
    token: str
    day: datetime
    group: str = ""
    is_light: bool = False
    reads: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """Items that travel and are claimed together: many light ones, or a single other."""

    group: str
    items: tuple[WorkItem, ...]


class Dispatcher(ABC):
    """Called by one executor's thread, after the commit."""

    @abstractmethod
    def send(self, bundles: Sequence[Bundle]) -> None: ...

    @abstractmethod
    def kill(self, tokens: Sequence[str]) -> None:
        """Tells all workers to end these attempts; one that misses it learns it at its next
        heartbeat."""

    @abstractmethod
    def lost_data(self) -> bool:
        """Whether the broker was emptied since the last call: what was sent must be sent again."""

    @abstractmethod
    def close(self) -> None: ...
