"""Rows of executions as the engine would have written them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from common.ids import new_id, shard_of
from executions.models import Attempt as AttemptRow
from executions.models import Execution, LogEntry, Metric
from executions.models import TaskRun as TaskRunRow
from plugins.contracts.state import TERMINAL, State

START = datetime(2026, 3, 1, 10, 0, 0, tzinfo=UTC)
NAMESPACE, FLOW = "company.team", "hello"


def history(*states: State, start: datetime = START) -> list[list[str]]:
    return [
        [state.value, (start + timedelta(seconds=n)).isoformat()] for n, state in enumerate(states)
    ]


def an_execution(state: State = State.SUCCESS, **changes: Any) -> Execution:
    """In the current tenant."""
    key = changes.pop("public_id", None) or new_id()
    start = changes.pop("start", START)
    states = [State.CREATED, State.RUNNING, state]
    is_ended = state in TERMINAL
    values: dict[str, Any] = {
        "public_id": key,
        "namespace": NAMESPACE,
        "flow_id": FLOW,
        "flow_revision": 1,
        "shard": shard_of(key),
        "state": state.value,
        "history": history(*dict.fromkeys(states), start=start),
        "is_open": not is_ended,
        "created_at": start,
        "started_at": start,
        "ended_at": start + timedelta(seconds=2) if is_ended else None,
        "labels": [{"key": "system.correlationId", "value": key}],
        "original_id": key,
    }
    return Execution.objects.create(**{**values, **changes})


def a_task_run(execution: Execution, task_id: str = "greet", **changes: Any) -> TaskRunRow:
    values: dict[str, Any] = {
        "day": execution.created_at.date(),
        "public_id": new_id(),
        "execution_id": execution.public_id,
        "seq": 0,
        "namespace": execution.namespace,
        "flow_id": execution.flow_id,
        "task_id": task_id,
        "state": "SUCCESS",
        "history": history(State.CREATED, State.RUNNING, State.SUCCESS),
    }
    return TaskRunRow.objects.create(**{**values, **changes})


def an_attempt(run: TaskRunRow, number: int = 0, **changes: Any) -> AttemptRow:
    values: dict[str, Any] = {
        "day": run.day,
        "execution_id": run.execution_id,
        "task_run_id": run.public_id,
        "number": number,
        "state": "SUCCESS",
        "history": history(State.CREATED, State.RUNNING, State.SUCCESS),
        "worker_id": "worker-1",
    }
    return AttemptRow.objects.create(**{**values, **changes})


def a_line(execution: Execution, message: str = "hi", **changes: Any) -> LogEntry:
    values: dict[str, Any] = {
        "day": execution.created_at.date(),
        "namespace": execution.namespace,
        "flow_id": execution.flow_id,
        "execution_id": execution.public_id,
        "task_id": "greet",
        "attempt": 0,
        "level": "INFO",
        "message": message,
        "timestamp": execution.created_at,
    }
    return LogEntry.objects.create(**{**values, **changes})


def a_metric(execution: Execution, name: str = "rows", **changes: Any) -> Metric:
    values: dict[str, Any] = {
        "day": execution.created_at.date(),
        "namespace": execution.namespace,
        "flow_id": execution.flow_id,
        "execution_id": execution.public_id,
        "task_id": "greet",
        "task_run_id": new_id(),
        "name": name,
        "kind": "counter",
        "value": 3.0,
        "tags": {},
        "timestamp": execution.created_at,
    }
    return Metric.objects.create(**{**values, **changes})
