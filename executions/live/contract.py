"""Live updates: tells whoever watches that an execution has changed or logged. Nothing rests on
their arrival."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Note:
    """`kind`: state (something of the execution changed), log, end. `detail`: the state of the
    execution, where it is known."""

    tenant: str
    execution_id: str
    kind: str
    detail: str = ""
    content: Any = field(default=None, compare=False)
    """The execution, if it is at rest and somebody waits for it: a Snapshot, or the map of one."""


class LiveUpdates(ABC):
    """Thread-safe."""

    @abstractmethod
    def publish(self, notes: Sequence[Note]) -> None: ...

    @abstractmethod
    def close(self) -> None: ...
