"""The columns that the stores write, table by table, in the order in which `rows` makes values.
A contract test compares them with the models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Table:
    """`columns` maps names to PostgreSQL's types; `key` finds a row, `fixed` never changes."""

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...] = ()
    fixed: frozenset[str] = frozenset()

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(self.columns)

    @cached_property
    def mutable(self) -> tuple[str, ...]:
        return tuple(
            name for name in self.columns if name not in self.key and name not in self.fixed
        )


EXECUTION = Table(
    "executions_execution",
    {
        "public_id": "text",
        "tenant": "text",
        "namespace": "text",
        "flow_id": "text",
        "flow_revision": "int",
        "shard": "smallint",
        "state": "text",
        "history": "text",
        "is_open": "boolean",
        "created_at": "timestamptz",
        "started_at": "timestamptz",
        "ended_at": "timestamptz",
        "labels": "jsonb",
        "inputs": "text",
        "variables": "text",
        "trigger": "text",
        "outputs": "text",
        "trigger_id": "text",
        "trigger_execution_id": "text",
        "parent_id": "text",
        "original_id": "text",
        "waiting_execution_id": "text",
        "waiting_task_run_id": "text",
        "schedule_date": "timestamptz",
        "attempt_number": "int",
        "kind": "text",
        "message": "text",
    },
    key=("public_id",),
    fixed=frozenset(
        {
            "tenant",
            "namespace",
            "flow_id",
            "shard",
            "created_at",
            "trigger",
            "trigger_id",
            "trigger_execution_id",
            "parent_id",
            "original_id",
            "kind",
        }
    ),
)

TASK_RUN = Table(
    "executions_taskrun",
    {
        "day": "date",
        "execution_id": "text",
        "public_id": "text",
        "tenant": "text",
        "namespace": "text",
        "flow_id": "text",
        "seq": "int",
        "task_id": "text",
        "parent_id": "text",
        "value": "text",
        "iteration": "int",
        "state": "text",
        "history": "text",
        "attempt_count": "int",
        "started_at": "timestamptz",
        "ended_at": "timestamptz",
        "outputs": "text",
        "outputs_uri": "text",
        "outputs_size": "bigint",
        "token": "text",
        "available_at": "timestamptz",
        "worker_group": "text",
        "plan": "text",
        "child_execution_id": "text",
        "message": "text",
    },
    key=("day", "execution_id", "public_id"),
    fixed=frozenset({"tenant", "namespace", "flow_id", "seq", "task_id", "parent_id"}),
)

ATTEMPT = Table(
    "executions_attempt",
    {
        "day": "date",
        "execution_id": "text",
        "task_run_id": "text",
        "number": "int",
        "tenant": "text",
        "state": "text",
        "history": "text",
        "worker_id": "text",
        "is_lost": "boolean",
    },
    key=("day", "execution_id", "task_run_id", "number"),
    fixed=frozenset({"tenant"}),
)

INBOX = Table(
    "executions_inboxrow",
    {"shard": "smallint", "execution_id": "text", "kind": "text", "payload": "text"},
)

TIMER = Table(
    "executions_timer",
    {
        "due": "timestamptz",
        "shard": "smallint",
        "execution_id": "text",
        "task_run_id": "text",
        "kind": "text",
        "token": "text",
    },
    key=("token",),
)

LOG = Table(
    "executions_logentry",
    {
        "day": "date",
        "tenant": "text",
        "namespace": "text",
        "flow_id": "text",
        "execution_id": "text",
        "task_id": "text",
        "task_run_id": "text",
        "attempt": "int",
        "trigger_id": "text",
        "level": "text",
        "message": "text",
        "thread": "text",
        "timestamp": "timestamptz",
    },
)

METRIC = Table(
    "executions_metric",
    {
        "day": "date",
        "tenant": "text",
        "namespace": "text",
        "flow_id": "text",
        "execution_id": "text",
        "task_id": "text",
        "task_run_id": "text",
        "name": "text",
        "kind": "text",
        "value": "double precision",
        "tags": "text",
        "timestamp": "timestamptz",
    },
)

WRITTEN = (EXECUTION, TASK_RUN, ATTEMPT, INBOX, TIMER, LOG, METRIC)

# What restores a `Head`, and a `TaskRun` (its attempts come as one JSON list after these).
HEAD_COLUMNS = tuple(
    name
    for name in EXECUTION.names
    if name
    not in ("shard", "is_open", "started_at", "ended_at", "trigger_id", "trigger_execution_id")
)
TASK_RUN_COLUMNS = (
    "public_id",
    "seq",
    "task_id",
    "state",
    "history",
    "parent_id",
    "value",
    "iteration",
    "outputs",
    "outputs_uri",
    "outputs_size",
    "token",
    "available_at",
    "worker_group",
    "plan",
    "child_execution_id",
    "message",
)

# What expressions read of a task run.
READ_COLUMNS = (
    "public_id",
    "seq",
    "task_id",
    "state",
    "parent_id",
    "value",
    "iteration",
    "outputs",
    "outputs_uri",
    "outputs_size",
)

HEAD_WIDTH = len(HEAD_COLUMNS)
RUN_WIDTH = len(TASK_RUN_COLUMNS) + 1
