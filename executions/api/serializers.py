"""Shapes of executions in the API. A property without a value is left out; null stays in user data
and where clients expect it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from common.clock import now, to_iso
from common.durations import format_duration
from executions.confidential import hide_encrypted
from executions.executor.model import Attempt, Head, History, TaskRun
from executions.models import Execution, LogEntry, Metric
from executions.models import TaskRun as TaskRunRow
from executions.queries.details import ExecutionDetail
from executions.queries.statistics import Period
from plugins.contracts.state import State
from rest.rendering import compact

CSV_COLUMNS = (
    "id", "namespace", "flowId", "flowRevision", "state", "startDate", "endDate", "duration",
    "labels", "kind", "triggerId", "triggerExecutionId",
)  # fmt: skip
CSV_FIELDS = (
    "public_id", "namespace", "flow_id", "flow_revision", "state", "started_at", "ended_at",
    "labels", "kind", "trigger_id", "trigger_execution_id",
)  # fmt: skip
_MAY_WAIT = frozenset({State.PAUSED})


def execution_shape(detail: ExecutionDetail, *, with_outputs: bool = True) -> dict[str, Any]:
    """Execution. `with_outputs` False: task runs show null in their place."""
    head = detail.head
    shape = {
        "tenantId": head.tenant,
        "id": head.id,
        "namespace": head.namespace,
        "flowId": head.flow_id,
        "flowRevision": head.flow_revision,
        "taskRunList": [
            task_run_shape(head, run, with_outputs=with_outputs) for run in detail.task_runs
        ],
        "inputs": hide_encrypted(head.inputs) or None,
        "outputs": hide_encrypted(head.outputs) or None,
        "labels": label_shapes(head.labels),
        "variables": head.variables or None,
        "state": state_shape(head.state, head.history),
        "parentId": head.parent_id,
        "originalId": head.original_id,
        "trigger": trigger_shape(head.trigger),
        "metadata": {
            "attemptNumber": head.attempt_number,
            "originalCreatedDate": to_iso(head.created_at),
        },
        "scheduleDate": to_iso(head.schedule_date) if head.schedule_date else None,
        "deleted": False,
        "kind": head.kind,
    }
    return compact(shape)


def created_shape(detail: ExecutionDetail) -> dict[str, Any]:
    """ExecutionResponse: with the address of its page."""
    return {**execution_shape(detail), "url": page_url(detail.head)}


def page_url(head: Head) -> str:
    return (
        f"{settings.KESTRA_URL}/ui/{head.tenant}/executions/{head.namespace}/{head.flow_id}"
        f"/{head.id}"
    )


def task_run_shape(head: Head, run: TaskRun, *, with_outputs: bool = True) -> dict[str, Any]:
    shape = compact(
        {
            "tenantId": head.tenant,
            "id": run.id,
            "executionId": head.id,
            "namespace": head.namespace,
            "flowId": head.flow_id,
            "taskId": run.task_id,
            "parentTaskRunId": run.parent_id,
            "value": run.value,
            "iteration": run.iteration,
            "attempts": _attempt_shapes(run) or None,
            "state": state_shape(run.state, run.history),
        }
    )
    shape["outputs"] = outputs_shape(run) if with_outputs else None
    return shape


def listed_task_run_shape(row: TaskRunRow) -> dict[str, Any]:
    """Of a search over all executions: without attempts and outputs."""
    history = tuple((State(state), datetime.fromisoformat(at)) for state, at in row.history)
    shape = compact(
        {
            "tenantId": row.tenant,
            "id": row.public_id,
            "executionId": row.execution_id,
            "namespace": row.namespace,
            "flowId": row.flow_id,
            "taskId": row.task_id,
            "parentTaskRunId": row.parent_id,
            "value": row.value,
            "iteration": row.iteration,
            "state": state_shape(State(row.state), history),
        }
    )
    shape["outputs"] = None
    return shape


def outputs_shape(run: TaskRun) -> Any:
    """Outputs that are too large to be read are given as their address."""
    outputs = run.outputs
    if outputs is None:
        return None
    if outputs.value is None and outputs.uri is not None:
        return {"uri": outputs.uri}
    return hide_encrypted(outputs.value)


def state_shape(state: State, history: History) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "current": state.value,
        "histories": [{"state": each.value, "date": to_iso(moment)} for each, moment in history],
    }
    if not history:
        return shape
    start, last = history[0][1], history[-1][1]
    is_resting = state.is_terminal or state in _MAY_WAIT
    shape["duration"] = format_duration((last if is_resting else now()) - start)
    shape["startDate"] = to_iso(start)
    if is_resting:
        shape["endDate"] = to_iso(last)
    return shape


def csv_line(row: Execution) -> tuple[Any, ...]:
    """The values of CSV_COLUMNS, from CSV_FIELDS."""
    lasted = (row.ended_at or now()) - row.started_at
    return (
        row.public_id,
        row.namespace,
        row.flow_id,
        row.flow_revision,
        row.state,
        to_iso(row.started_at),
        to_iso(row.ended_at) if row.ended_at else "",
        format_duration(lasted),
        ",".join(f"{item['key']}:{item['value']}" for item in row.labels),
        row.kind,
        row.trigger_id or "",
        row.trigger_execution_id or "",
    )


def label_shapes(labels: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in labels]


def trigger_shape(trigger: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return compact(trigger) if trigger else None


def log_shape(row: LogEntry) -> dict[str, Any]:
    shape = compact(
        {
            "tenantId": row.tenant,
            "namespace": row.namespace,
            "flowId": row.flow_id,
            "taskId": row.task_id,
            "executionId": row.execution_id,
            "taskRunId": row.task_run_id,
            "triggerId": row.trigger_id,
            "timestamp": to_iso(row.timestamp),
            "level": row.level,
            "thread": row.thread or None,
            "message": row.message,
        }
    )
    shape["attemptNumber"] = row.attempt
    return shape


def metric_shape(row: Metric) -> dict[str, Any]:
    return {
        "tenantId": row.tenant,
        "namespace": row.namespace,
        "flowId": row.flow_id,
        "taskId": row.task_id,
        "executionId": row.execution_id,
        "taskRunId": row.task_run_id,
        "name": row.name,
        "type": row.kind,
        "value": row.value,
        "timestamp": to_iso(row.timestamp),
        "tags": row.tags,
    }


def period_shape(period: Period) -> dict[str, Any]:
    """DailyExecutionStatistics."""
    return {
        "startDate": to_iso(period.start),
        "duration": {
            "min": format_duration(period.shortest or timedelta()),
            "avg": format_duration(period.average),
            "max": format_duration(period.longest or timedelta()),
            "sum": format_duration(period.total),
            "count": period.number,
        },
        "executionCounts": period.counts,
        "groupBy": period.step,
    }


def lines_shape(period: Period) -> dict[str, Any]:
    """LogStatistics."""
    return {
        "timestamp": to_iso(period.start),
        "counts": period.counts,
        "groupBy": period.step,
    }


def _attempt_shapes(run: TaskRun) -> list[dict[str, Any]]:
    shapes = [_attempt_shape(attempt) for attempt in run.attempts]
    if run.state is State.RUNNING and run.token is not None:
        # the row of an attempt is written at its end; until then it is the task run's own state
        shapes.append({"state": state_shape(State.RUNNING, run.history[-1:])})
    return shapes


def _attempt_shape(attempt: Attempt) -> dict[str, Any]:
    return compact(
        {"state": state_shape(attempt.state, attempt.history), "workerId": attempt.worker_id}
    )
