"""What the engine wants done. Frozen values; only the executor's service carries them out, rows
first in one transaction, messages after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from executions.executor.model import Head, TaskRun
from plugins.contracts.plan import SubflowRequest
from plugins.contracts.state import State


@dataclass(frozen=True, slots=True)
class SaveExecution:
    """The execution's row as it is now."""

    head: Head


@dataclass(frozen=True, slots=True)
class SaveTaskRun:
    """A task run's row as it is now, with its attempts. The last one of a batch counts."""

    task_run: TaskRun
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class DeleteTaskRun:
    task_run_id: str


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Send the attempt `token` to a worker, once its row is committed."""

    task_run_id: str
    token: str


@dataclass(frozen=True, slots=True)
class RunInline:
    """Run a task that touches nothing outside, here; its `TaskEnded` comes back at once."""

    task_run_id: str
    token: str


@dataclass(frozen=True, slots=True)
class Render:
    """Render `templates` in the scope of a task run (None: the execution); `Rendered` answers."""

    purpose: str
    task_run_id: str | None
    templates: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StartSubflow:
    """Find the flow, check the inputs; `SubflowStarted` or `SubflowRefused` answers."""

    task_run_id: str
    request: SubflowRequest


@dataclass(frozen=True, slots=True)
class CreateExecution:
    """Write a new execution and its `Created` for the owner of its shard."""

    head: Head


@dataclass(frozen=True, slots=True)
class TellParent:
    """Write a `ChildEnded` for the owner of the execution that waits for this one."""

    execution_id: str
    task_run_id: str
    child_execution_id: str
    state: State
    outputs: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class AskKill:
    """Write a `KillRequested` for another execution (a kill that cascades)."""

    execution_id: str


@dataclass(frozen=True, slots=True)
class SetTimer:
    due: datetime
    kind: str
    task_run_id: str | None
    token: str


@dataclass(frozen=True, slots=True)
class CancelTimer:
    token: str


@dataclass(frozen=True, slots=True)
class KillAttempt:
    """Tell the worker that holds the attempt to end it."""

    task_run_id: str
    token: str


@dataclass(frozen=True, slots=True)
class WriteLog:
    """A line of the execution's log, written by the executor itself."""

    task_run_id: str | None
    level: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ContinueLater:
    """More children of this flowable (None: of the flow) may start: answer with `Continue` in the
    next turn, so that a wide loop stops nobody."""

    task_run_id: str | None


@dataclass(frozen=True, slots=True)
class Forget:
    """The execution has ended and nothing of it is open: its owner may drop it."""


Command = (
    SaveExecution
    | SaveTaskRun
    | DeleteTaskRun
    | Dispatch
    | RunInline
    | Render
    | StartSubflow
    | CreateExecution
    | TellParent
    | AskKill
    | SetTimer
    | CancelTimer
    | KillAttempt
    | WriteLog
    | ContinueLater
    | Forget
)
