"""What can happen to an execution. Frozen; time, ids and chance come in with the event
(`Moment`), so the engine stays pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from executions.executor.model import Head, Outputs
from plugins.contracts.state import State


@dataclass(frozen=True, slots=True)
class Moment:
    """When an event is handled. `new_id` and `chance` (0 to 1) are supplied by the caller."""

    now: datetime
    new_id: Callable[[], str]
    chance: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Created:
    """The execution was created and may start. `is_awaited`: whoever asked for it waits for its
    end."""

    is_awaited: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """The owner read the execution from its rows: what was under way is asked for again."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The answer to a `Render`. `values` has the keys of its templates; `error` is the sentence for
    the log."""

    purpose: str
    task_run_id: str | None
    values: Mapping[str, Any] | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class TaskStarted:
    """A worker has claimed the attempt `token` and runs it."""

    task_run_id: str
    token: str
    worker_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskEnded:
    """An attempt has ended in `state` (SUCCESS, WARNING, FAILED, KILLED)."""

    task_run_id: str
    token: str
    state: State
    started_at: datetime
    ended_at: datetime
    worker_id: str | None = None
    outputs: Outputs | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class TaskLost:
    """The worker that held the attempt is gone. `may_restart`: another attempt takes its place."""

    task_run_id: str
    token: str
    worker_id: str | None = None
    may_restart: bool = True


@dataclass(frozen=True, slots=True)
class TimerDue:
    kind: str
    task_run_id: str | None
    token: str


@dataclass(frozen=True, slots=True)
class SubflowStarted:
    """The child of an executable task run is valid; `child` is to be created with this event."""

    task_run_id: str
    child: Head


@dataclass(frozen=True, slots=True)
class SubflowRefused:
    task_run_id: str
    error: str


@dataclass(frozen=True, slots=True)
class ChildEnded:
    """The execution that a task run waits for has ended."""

    task_run_id: str
    child_execution_id: str
    state: State
    outputs: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class KillRequested:
    """Somebody asked for the end. `cascade`: executions started by this one too."""

    cascade: bool = True


@dataclass(frozen=True, slots=True)
class Continue:
    """The answer to a `ContinueLater`."""

    task_run_id: str | None


@dataclass(frozen=True, slots=True)
class LabelsSet:
    labels: tuple[tuple[str, str], ...]


Event = (
    Created
    | Loaded
    | Rendered
    | TaskStarted
    | TaskEnded
    | TaskLost
    | TimerDue
    | SubflowStarted
    | SubflowRefused
    | ChildEnded
    | KillRequested
    | Continue
    | LabelsSet
)
