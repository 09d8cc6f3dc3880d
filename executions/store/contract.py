"""The store: the only truth. One small contract, two implementations (PostgreSQL, SQLite) that
write the same tables by array SQL. All moments are aware UTC; all ids public ids."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from executions.executor.model import Attempt, Head, TaskRun

FAILURE_LIMIT = 3
"""Errors of the engine in one execution after which it is set aside."""


class EpochLost(Exception):
    """Shards were taken over by another executor: what was computed for them is void."""

    def __init__(self, shards: Collection[int]) -> None:
        self.shards = frozenset(shards)
        super().__init__(f"{self.__doc__} Shards: {sorted(self.shards)}")


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A request that must not be lost. `kind` names an event of `executor.events`, `payload` is its
    JSON. `id` is None before it is written."""

    shard: int
    execution_id: str
    kind: str
    payload: Mapping[str, Any]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class TimerRow:
    due: datetime
    shard: int
    execution_id: str
    task_run_id: str | None
    kind: str
    token: str


@dataclass(frozen=True, slots=True)
class LogRow:
    """A line of a log. `attempt` counts from 0; `day` is the day its execution was created, which
    names the partition."""

    tenant: str
    namespace: str
    flow_id: str
    execution_id: str | None
    task_id: str | None
    task_run_id: str | None
    attempt: int | None
    level: str
    message: str
    timestamp: datetime
    day: datetime
    thread: str = ""
    trigger_id: str | None = None


@dataclass(frozen=True, slots=True)
class MetricRow:
    tenant: str
    namespace: str
    flow_id: str
    execution_id: str
    task_id: str
    task_run_id: str
    name: str
    kind: str
    value: float
    tags: Mapping[str, str]
    timestamp: datetime
    day: datetime


@dataclass(slots=True)
class Batch:
    """All that one turn of the executor's loop writes, in one transaction. `heads` and task runs
    hold one entry an id, the last state. Task runs come with the head of their execution.

    `new_attempts` names the attempts that are new or changed, each as (head, task run id, attempt);
    those of `new_task_runs` are written anyway. What is deleted or cancelled here is gone at the
    end, even if it is also written here. `ended`: nothing of these executions is open any more."""

    shards: dict[int, int] = field(default_factory=dict)  # shard -> epoch
    new_heads: list[Head] = field(default_factory=list)
    heads: dict[str, Head] = field(default_factory=dict)
    new_task_runs: dict[str, tuple[Head, TaskRun]] = field(default_factory=dict)
    task_runs: dict[str, tuple[Head, TaskRun]] = field(default_factory=dict)
    deleted_task_runs: list[tuple[Head, str]] = field(default_factory=list)
    new_attempts: list[tuple[Head, str, Attempt]] = field(default_factory=list)
    inbox: list[InboxRow] = field(default_factory=list)
    timers: list[TimerRow] = field(default_factory=list)
    cancelled_timers: list[str] = field(default_factory=list)
    logs: list[LogRow] = field(default_factory=list)
    metrics: list[MetricRow] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StoredExecution:
    """An execution that has not ended (or whose task runs have not), as its rows tell it.
    `failures` counts the engine's errors in it; `claims` maps tokens to the worker that holds
    them. `is_over`: it has ended and nothing of it is open (`Batch.ended`)."""

    head: Head
    task_runs: Sequence[TaskRun]
    claims: Mapping[str, str]
    failures: int = 0
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """An attempt that was sent to a worker: where its row is, and its token."""

    execution_id: str
    task_run_id: str
    token: str
    day: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a worker needs to run an attempt. `head` without outputs."""

    head: Head
    task_run: TaskRun


@dataclass(frozen=True, slots=True)
class TokenState:
    """A token that is still current. `worker_id`: who has claimed it, empty when it was revoked.
    `is_killing`: its execution is to end."""

    worker_id: str | None
    is_killing: bool


class Turn(ABC):
    """An open transaction of an owner: its shards' epochs were checked and are locked."""

    @abstractmethod
    def take_inbox(self, ids: Sequence[int]) -> list[InboxRow]:
        """Deletes and returns those rows that are still there: the others were applied before."""

    @abstractmethod
    def write(self, batch: Batch) -> list[InboxRow]:
        """Writes all of it. Returns the batch's inbox rows with their ids."""

    @abstractmethod
    def revoke(self, requests: Sequence[ClaimRequest]) -> frozenset[str]:
        """Takes back attempts that were sent and that nobody has claimed: nobody will. Returns
        their tokens; the others are held by a worker, or no longer current. May be repeated."""

    @abstractmethod
    def finish(
        self, batch: Batch, revoked: Sequence[ClaimRequest]
    ) -> tuple[list[InboxRow], frozenset[str]]:
        """`write`, `revoke` and the commit, together where the database can. The last call."""

    def created(self) -> dict[str, StoredExecution]:
        """New executions that the requests taken here speak of, if they were read along."""
        return {}


class Store(ABC):
    """Who may call what: `turn`, `load_*`, `sweep_inbox` the owner of the shards; `claim`,
    `write_logs`, `beat` a worker; all of them from one thread at a time unless said otherwise."""

    # ---- ownership ----------------------------------------------------------------------------
    @abstractmethod
    def acquire_shards(
        self, owner: str, *, lease_seconds: float, wanted: int | None = None
    ) -> dict[int, int]:
        """Registers the executor, takes free or expired shards up to its fair share (`wanted`
        overrides), raising the epoch of each. Returns all shards held: shard -> epoch."""

    @abstractmethod
    def renew_shards(self, owner: str, *, lease_seconds: float) -> dict[int, int]:
        """Renews the leases, gives up what is above the fair share while others are alive, and
        returns what is still held."""

    @abstractmethod
    def release_shards(self, owner: str) -> None:
        """A clean stop: the shards are free at once."""

    @abstractmethod
    def executor_count(self) -> int:
        """Executors whose lease is alive."""

    # ---- the owner's turn ---------------------------------------------------------------------
    @abstractmethod
    def turn(self, shards: Mapping[int, int]) -> AbstractContextManager[Turn]:
        """One transaction. Raises EpochLost before anything is written when an epoch moved.
        Commits at the end of the block, rolls back on an error."""

    @abstractmethod
    def sweep_inbox(self, shards: Collection[int], *, limit: int = 1000) -> list[InboxRow]: ...

    @abstractmethod
    def load_executions(self, ids: Sequence[str]) -> list[StoredExecution]:
        """Those of the ids that exist, ended ones too."""

    @abstractmethod
    def open_execution_ids(self, shards: Collection[int]) -> list[str]:
        """Executions of these shards of which something may still happen, oldest first: not
        those in `Batch.ended`, nor those set aside."""

    @abstractmethod
    def load_timers(self, shards: Collection[int]) -> list[TimerRow]: ...

    @abstractmethod
    def count_failure(self, execution_id: str, message: str) -> int:
        """Notes an error of the engine in this execution; returns how many there were. At
        FAILURE_LIMIT it is set aside: `open_execution_ids` leaves it out until
        `clear_failures`."""

    @abstractmethod
    def clear_failures(self, execution_id: str) -> None:
        """The execution is no longer set aside."""

    # ---- workers ------------------------------------------------------------------------------
    @abstractmethod
    def claim(self, requests: Sequence[ClaimRequest], worker_id: str) -> list[Claimed]:
        """One statement: marks those attempts that are current and nobody has claimed, and gives
        nothing to a worker that was declared lost. Ask only for what this worker does not hold:
        after a lost connection that counts as claimed by this very call. Thread-safe."""

    @abstractmethod
    def beat(self, worker_id: str, *, group: str, slots: int, lease_seconds: float) -> bool:
        """Renews the worker's lease, which is that of all it has claimed. False: it was declared
        lost, and must drop what it runs and come back under a new id. Thread-safe."""

    @abstractmethod
    def retire_worker(self, worker_id: str) -> None:
        """A clean stop. Should it still hold something, that counts as lost."""

    @abstractmethod
    def declare_lost_workers(self) -> list[str]:
        """Marks workers whose lease ran out; returns all that are lost and still hold claims."""

    @abstractmethod
    def live_slots(self) -> dict[str, int]:
        """Worker group -> slots of its living workers."""

    @abstractmethod
    def claims_of(self, worker_ids: Sequence[str]) -> list[tuple[str, str, str, str]]:
        """(execution id, task run id, token, worker id) of attempts that these workers hold."""

    @abstractmethod
    def open_tokens(self, tokens: Sequence[str]) -> dict[str, TokenState]:
        """Those tokens that are still current: the result of the others is committed or unwanted.
        Thread-safe."""

    @abstractmethod
    def outputs_of(
        self, execution_id: str, day: datetime, task_ids: Collection[str] | None
    ) -> list[TaskRun]:
        """Task runs (with outputs) of these tasks and all flowables above; None means all. For the
        scope of expressions. Thread-safe."""

    @abstractmethod
    def error_logs(self, execution_id: str, day: datetime) -> list[dict[str, Any]]:
        """The execution's lines of level ERROR, oldest first, named as the API names them.
        Thread-safe."""

    @abstractmethod
    def rows_around(
        self, claimed: Sequence[Claimed], task_ids: Collection[str] | None
    ) -> dict[str, list[TaskRun]]:
        """By task run id: what the expressions of these task runs most likely read: the flowables
        above them, and of what stands beside those the runs of these tasks (None: of all), of
        other iterations none; without history and attempts. `outputs_of` gives the rest.
        Thread-safe."""

    def claim_with_rows(
        self, requests: Sequence[ClaimRequest], worker_id: str, task_ids: Collection[str]
    ) -> tuple[list[Claimed], dict[str, list[TaskRun]]]:
        """`claim`, and `rows_around` what it gives, in one round trip where the database can.
        Thread-safe."""
        found = self.claim(requests, worker_id)
        return found, self.rows_around(found, task_ids)

    @abstractmethod
    def write_logs(self, logs: Sequence[LogRow], metrics: Sequence[MetricRow]) -> None:
        """Thread-safe."""

    @abstractmethod
    def put_inbox(self, rows: Sequence[InboxRow]) -> list[InboxRow]:
        """Writes requests in a transaction of its own (a worker's last resort). Thread-safe."""

    @abstractmethod
    def close(self) -> None: ...
