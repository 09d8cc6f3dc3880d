"""Values of the engine to columns and back, the same for every database: moments as UTC text
without an offset, user data and histories as compact JSON text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson

from common import json
from common.clock import to_iso
from common.ids import shard_of
from executions.executor.model import Attempt, Head, History, Outputs, ParentRef, TaskRun
from executions.store.contract import ClaimRequest, InboxRow, LogRow, MetricRow, TimerRow
from plugins.contracts.state import TERMINAL, State

Value = str | int | float | None
Row = tuple[Value, ...]

ENDED_STATES = tuple(sorted(state.value for state in TERMINAL))


# ---- small values -------------------------------------------------------------------------------
def clean(text: str | None) -> str | None:
    """Text as PostgreSQL can hold it: without NUL and lone surrogates."""
    if text is None or (text.isascii() and "\0" not in text):
        return text
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def moment_text(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def moment_of(value: datetime | str | None) -> datetime | None:
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def required_moment(value: datetime | str) -> datetime:
    moment = moment_of(value)
    assert moment is not None
    return moment


def day_of(moment: datetime) -> date:
    """The partition of what belongs to an execution that was created then."""
    return moment.astimezone(UTC).date()


def day_text(moment: datetime) -> str:
    return day_of(moment).isoformat()


def history_text(history: History) -> str:
    return orjson.dumps(history, option=orjson.OPT_UTC_Z).decode()


def history_of(text: str) -> History:
    return tuple((State(state), datetime.fromisoformat(at)) for state, at in orjson.loads(text))


def _json_text(value: Any) -> str | None:
    return None if value is None else json.dumps(value)


def _json_of(text: str | None) -> Any:
    return None if text is None else json.loads(text)


# ---- executions ---------------------------------------------------------------------------------
def head_values(head: Head, *, is_open: bool | None) -> Row:
    """In the order of `columns.EXECUTION`. `is_open` None: as it is."""
    trigger = head.trigger or {}
    parent = head.waiting_parent
    return (
        head.id,
        head.tenant,
        head.namespace,
        head.flow_id,
        head.flow_revision,
        shard_of(head.id),
        head.state.value,
        history_text(head.history),
        None if is_open is None else int(is_open),
        moment_text(head.created_at),
        moment_text(head.history[0][1] if head.history else head.created_at),
        moment_text(_end(head.state, head.history)),
        labels_text(head.labels),
        _json_text(head.inputs),
        _json_text(head.variables),
        _json_text(head.trigger),
        _json_text(head.outputs),
        _text_at(trigger, "id"),
        _text_at(trigger.get("variables"), "executionId", longest=22),
        head.parent_id,
        head.original_id,
        parent.execution_id if parent else None,
        parent.task_run_id if parent else None,
        moment_text(head.schedule_date),
        head.attempt_number,
        head.kind,
        clean(head.message),
    )


def head_of(row: Sequence[Any]) -> Head:
    """From `columns.HEAD_COLUMNS`."""
    (public_id, tenant, namespace, flow_id, flow_revision, state, history, created_at, labels) = (
        row[:9]
    )
    (inputs, variables, trigger, outputs, parent_id, original_id) = row[9:15]
    (waiting_execution, waiting_task_run, schedule_date, attempt_number, kind, message) = row[15:21]
    return Head(
        id=public_id,
        tenant=tenant,
        namespace=namespace,
        flow_id=flow_id,
        flow_revision=flow_revision,
        state=State(state),
        history=history_of(history),
        original_id=original_id,
        created_at=required_moment(created_at),
        labels=labels_of(labels),
        inputs=_json_of(inputs),
        variables=_json_of(variables),
        trigger=_json_of(trigger),
        outputs=_json_of(outputs),
        parent_id=parent_id,
        waiting_parent=ParentRef(waiting_execution, waiting_task_run)
        if waiting_execution
        else None,
        schedule_date=moment_of(schedule_date),
        attempt_number=attempt_number,
        kind=kind,
        message=message,
    )


def labels_text(labels: Sequence[tuple[str, str]]) -> str:
    """A list of `{key, value}`: it keeps the order, and containment finds a label by its index."""
    return json.dumps([{"key": clean(key), "value": clean(value)} for key, value in labels])


def labels_of(value: str | list[dict[str, str]]) -> tuple[tuple[str, str], ...]:
    items = json.loads(value) if isinstance(value, str) else value
    return tuple((item["key"], item["value"]) for item in items)


def _end(state: State, history: History) -> datetime | None:
    return history[-1][1] if history and state in TERMINAL else None


def _text_at(data: Any, key: str, *, longest: int = 256) -> str | None:
    found = data.get(key) if isinstance(data, Mapping) else None
    return clean(found) if isinstance(found, str) and len(found) <= longest else None


# ---- task runs ----------------------------------------------------------------------------------
def task_run_values(head: Head, task_run: TaskRun) -> Row:
    """In the order of `columns.TASK_RUN`."""
    outputs = task_run.outputs
    history = task_run.history
    return (
        day_text(head.created_at),
        head.id,
        task_run.id,
        head.tenant,
        head.namespace,
        head.flow_id,
        task_run.seq,
        task_run.task_id,
        task_run.parent_id,
        clean(task_run.value),
        task_run.iteration,
        task_run.state.value,
        history_text(history),
        len(task_run.attempts),
        moment_text(history[0][1]) if history else None,
        moment_text(_end(task_run.state, history)),
        _json_text(outputs.value) if outputs else None,
        outputs.uri if outputs else None,
        outputs.size if outputs else None,
        task_run.token,
        moment_text(task_run.available_at),
        task_run.worker_group,
        _json_text(task_run.plan),
        task_run.child_execution_id,
        clean(task_run.message),
    )


def task_run_of(row: Sequence[Any]) -> TaskRun:
    """From `columns.TASK_RUN_COLUMNS` and the attempts as one JSON list, or None."""
    (public_id, seq, task_id, state, history, parent_id, value, iteration) = row[:8]
    (outputs, outputs_uri, outputs_size, token, available_at, worker_group) = row[8:14]
    (plan, child_execution_id, message, attempts) = row[14:18]
    return TaskRun(
        id=public_id,
        seq=seq,
        task_id=task_id,
        state=State(state),
        history=history_of(history),
        parent_id=parent_id,
        value=value,
        iteration=iteration,
        outputs=_outputs_of(outputs, outputs_uri, outputs_size),
        attempts=_attempts_of(attempts),
        token=token,
        available_at=moment_of(available_at),
        worker_group=worker_group,
        plan=_json_of(plan),
        child_execution_id=child_execution_id,
        message=message,
    )


def read_run_of(row: Sequence[Any]) -> TaskRun:
    """A task run as far as expressions read it (`columns.READ_COLUMNS`): without history."""
    public_id, seq, task_id, state, parent_id, value, iteration, *outputs = row
    return TaskRun(
        id=public_id,
        seq=seq,
        task_id=task_id,
        state=State(state),
        history=(),
        parent_id=parent_id,
        value=value,
        iteration=iteration,
        outputs=_outputs_of(*outputs),
    )


def _outputs_of(text: str | None, uri: str | None, size: int | None) -> Outputs | None:
    """`size` is there exactly when there are outputs, if only empty ones."""
    return None if size is None else Outputs(_json_of(text), uri, size)


def attempt_values(head: Head, task_run_id: str, attempt: Attempt) -> Row:
    """In the order of `columns.ATTEMPT`."""
    return (
        day_text(head.created_at),
        head.id,
        task_run_id,
        attempt.number,
        head.tenant,
        attempt.state.value,
        history_text(attempt.history),
        attempt.worker_id,
        int(attempt.is_lost),
    )


def _attempts_of(text: str | None) -> tuple[Attempt, ...]:
    """From a JSON list of [number, state, history, worker id, is lost]."""
    if text is None:
        return ()
    attempts = [
        Attempt(number, State(state), history_of(history), worker_id, bool(is_lost))
        for number, state, history, worker_id, is_lost in orjson.loads(text)
    ]
    return tuple(sorted(attempts, key=lambda attempt: attempt.number))


def claim_places(requests: Iterable[ClaimRequest]) -> list[tuple[str, str, str, str]]:
    return sorted({(day_text(r.day), r.execution_id, r.task_run_id, r.token) for r in requests})


# ---- the rest -----------------------------------------------------------------------------------
def inbox_values(row: InboxRow) -> Row:
    return (row.shard, row.execution_id, row.kind, json.dumps(row.payload))


def inbox_of(row: Sequence[Any]) -> InboxRow:
    """From id and `columns.INBOX`."""
    number, shard, execution_id, kind, payload = row
    return InboxRow(shard, execution_id, kind, json.loads(payload), number)


def timer_values(row: TimerRow) -> Row:
    due = moment_text(row.due)
    return (due, row.shard, row.execution_id, row.task_run_id, row.kind, row.token)


def timer_of(row: Sequence[Any]) -> TimerRow:
    return TimerRow(required_moment(row[0]), *row[1:])


def log_values(row: LogRow) -> Row:
    return (
        day_text(row.day),
        row.tenant,
        row.namespace,
        row.flow_id,
        row.execution_id,
        row.task_id,
        row.task_run_id,
        row.attempt,
        row.trigger_id,
        row.level,
        clean(row.message),
        clean(row.thread),
        moment_text(row.timestamp),
    )


# What `error_logs` gives, by the API's names.
LOG_FIELDS = {
    "namespace": "namespace",
    "flow_id": "flowId",
    "execution_id": "executionId",
    "task_id": "taskId",
    "task_run_id": "taskRunId",
    "attempt": "attemptNumber",
    "level": "level",
    "message": "message",
    "thread": "thread",
    "timestamp": "timestamp",
}


def log_map(row: Sequence[Any]) -> dict[str, Any]:
    found = dict(zip(LOG_FIELDS.values(), row, strict=True))
    found["timestamp"] = to_iso(required_moment(found["timestamp"]))
    return {name: value for name, value in found.items() if value is not None}


def metric_values(row: MetricRow) -> Row:
    return (
        day_text(row.day),
        row.tenant,
        row.namespace,
        row.flow_id,
        row.execution_id,
        row.task_id,
        row.task_run_id,
        clean(row.name),
        row.kind,
        row.value,
        json.dumps(row.tags),
        moment_text(row.timestamp),
    )
