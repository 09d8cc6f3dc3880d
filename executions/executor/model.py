"""What the executor knows of one execution: frozen values for the rows (`Head`, `TaskRun`,
`Attempt`) and the live aggregate that holds them. No clock, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from executions.executor.paths import TaskRunIndex
from plugins.contracts.state import State

# (state, when), oldest first.
History = tuple[tuple[State, datetime], ...]


@dataclass(frozen=True, slots=True)
class Outputs:
    """The outputs of a task run: in memory (`value`), or only in internal storage (`uri`) because
    their JSON is larger than the inline limit. `size` in bytes of JSON."""

    value: Mapping[str, Any] | None = None
    uri: str | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a task run. `number` counts from 0. A lost attempt (its worker vanished) does not
    count for a retry's `maxAttempt`."""

    number: int
    state: State
    history: History
    worker_id: str | None = None
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class TaskRun:
    """One row of the task-run table. `seq` is the order of creation in its execution. `token` names
    the attempt that is dispatched or running, and fences what workers send. `plan` holds what a
    flowable's templates were rendered to, so that its children can be laid out again."""

    id: str
    seq: int
    task_id: str
    state: State
    history: History
    parent_id: str | None = None
    value: str | None = None
    iteration: int | None = None
    outputs: Outputs | None = None
    attempts: tuple[Attempt, ...] = ()
    token: str | None = None
    available_at: datetime | None = None
    worker_group: str = ""
    plan: Mapping[str, Any] | None = None
    child_execution_id: str | None = None
    message: str | None = None

    @property
    def is_ended(self) -> bool:
        return self.state.is_terminal


@dataclass(frozen=True, slots=True)
class ParentRef:
    """The task run that waits for this execution's end."""

    execution_id: str
    task_run_id: str


@dataclass(frozen=True, slots=True)
class Head:
    """One row of the execution table. Inputs, variables, trigger and outputs are user data: any
    JSON. Labels are pairs in their order."""

    id: str
    tenant: str
    namespace: str
    flow_id: str
    flow_revision: int
    state: State
    history: History
    original_id: str
    created_at: datetime
    labels: tuple[tuple[str, str], ...] = ()
    inputs: Mapping[str, Any] | None = None
    variables: Mapping[str, Any] | None = None
    trigger: Mapping[str, Any] | None = None
    outputs: Mapping[str, Any] | None = None
    parent_id: str | None = None
    waiting_parent: ParentRef | None = None
    schedule_date: datetime | None = None
    attempt_number: int = 1
    kind: str = "NORMAL"
    message: str | None = None

    @property
    def is_ended(self) -> bool:
        return self.state.is_terminal


@dataclass(slots=True)
class LiveExecution:
    """An execution in its owner's memory. Only the engine changes it; `frames` is derived from the
    task runs and is never stored."""

    head: Head
    task_runs: dict[str, TaskRun] = field(default_factory=dict)
    frames: dict[str | None, Any] = field(default_factory=dict)
    index: TaskRunIndex = field(default_factory=TaskRunIndex)
    next_seq: int = 0
    open_runs: set[str] = field(default_factory=set)
    waiting_retries: set[str] = field(default_factory=set)
    is_killing: bool = False
    is_ending: bool = False
    is_scheduled: bool = False

    @property
    def id(self) -> str:
        return self.head.id
