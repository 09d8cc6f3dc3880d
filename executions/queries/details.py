"""Executions as values: the head and, if wanted, its task runs with their attempts. One query for
each kind of row, however many executions are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from executions.errors import ExecutionNotFound, TaskRunNotFound
from executions.executor.model import Attempt, Head, History, Outputs, ParentRef, TaskRun
from executions.models import Attempt as AttemptRow
from executions.models import Execution
from executions.models import TaskRun as TaskRunRow
from executions.store.columns import HEAD_COLUMNS, HEAD_WIDTH, TASK_RUN_COLUMNS
from executions.store.rows import (
    day_of,
    head_of,
    history_of,
    labels_of,
    moment_of,
    task_run_of,
)
from plugins.contracts.state import State
from rest.prepared import PreparedQuery
from rest.statements import fetch_together

LISTED_TASK_RUNS = 100
"""What a search shows of one execution; an execution may have any number of them."""


@dataclass(frozen=True, slots=True)
class ExecutionDetail:
    """An execution with its task runs in the order of their creation. `is_open`: something of it
    may still change, even after its own end."""

    head: Head
    task_runs: tuple[TaskRun, ...] = ()
    is_open: bool = True

    @property
    def is_settled(self) -> bool:
        """It has ended and nothing of it will change."""
        return self.head.is_ended and not self.is_open


def present_executions() -> QuerySet[Execution]:
    """Those of the current tenant that are not deleted."""
    return Execution.objects.filter(deleted=False)


def get_execution(execution_id: str) -> Execution:
    """The row. Raises ExecutionNotFound."""
    row = present_executions().filter(public_id=execution_id).first()
    if row is None:
        raise ExecutionNotFound(f"Execution '{execution_id[:40]}' does not exist")
    return row


def detail_of(row: Execution) -> ExecutionDetail:
    """With all task runs and attempts: two queries."""
    attempts: dict[str, list[Attempt]] = {}
    for attempt in attempts_of(row):
        attempts.setdefault(attempt.task_run_id, []).append(_attempt_of(attempt))
    runs = [
        replace(run, attempts=tuple(attempts.get(run.id, ())))
        for run in map(task_run_of_row, task_run_rows(row))
    ]
    return ExecutionDetail(head_of_row(row), tuple(runs), row.is_open)


def read_detail(execution_id: str, created_at: datetime) -> ExecutionDetail:
    """The same for callers that know the moment of its creation; one round trip. Raises
    ExecutionNotFound."""
    place = {"day": day_of(created_at), "execution_id": execution_id}
    heads, runs, attempts = fetch_together(
        _HEAD.statement(execution_id=execution_id),
        _RUNS.statement(**place),
        _ATTEMPTS.statement(**place),
    )
    if not heads:
        raise ExecutionNotFound(f"Execution '{execution_id[:40]}' does not exist")
    by_run: dict[str, list[Attempt]] = {}
    for task_run_id, number, state, history, worker_id, is_lost in attempts:
        attempt = Attempt(number, State(state), history_of(history), worker_id, bool(is_lost))
        by_run.setdefault(task_run_id, []).append(attempt)
    read = [task_run_of([*row, None]) for row in runs]
    found = tuple(
        replace(run, attempts=tuple(by_run[run.id])) if run.id in by_run else run for run in read
    )
    return ExecutionDetail(head_of(heads[0][:HEAD_WIDTH]), found, bool(heads[0][HEAD_WIDTH]))


_HEAD = PreparedQuery(
    lambda execution_id: (
        present_executions().filter(public_id=execution_id).values_list(*HEAD_COLUMNS, "is_open")
    ),
    execution_id=str,
)
_RUNS = PreparedQuery(
    lambda day, execution_id: (
        TaskRunRow.objects.filter(day=day, execution_id=execution_id)
        .order_by("seq")
        .values_list(*TASK_RUN_COLUMNS)
    ),
    day=date,
    execution_id=str,
)
_ATTEMPTS = PreparedQuery(
    lambda day, execution_id: (
        AttemptRow.objects.filter(day=day, execution_id=execution_id)
        .order_by("number")
        .values_list("task_run_id", "number", "state", "history", "worker_id", "is_lost")
    ),
    day=date,
    execution_id=str,
)


def listed_details(rows: Sequence[Execution]) -> list[ExecutionDetail]:
    """Of many executions their first task runs, without outputs and attempts: one query."""
    runs: dict[str, list[TaskRun]] = {row.public_id: [] for row in rows}
    if rows:
        found = (
            TaskRunRow.objects.filter(
                day__in={day_of(row.created_at) for row in rows},
                execution_id__in=list(runs),
                seq__lt=LISTED_TASK_RUNS,
            )
            .defer("outputs", "plan")
            .order_by("seq")
        )
        for run in found:
            runs[run.execution_id].append(_bare_task_run(run))
    return [
        ExecutionDetail(head_of_row(row), tuple(runs[row.public_id]), row.is_open) for row in rows
    ]


def task_run_rows(row: Execution) -> QuerySet[TaskRunRow]:
    """In the order of their creation; the day names the partition."""
    rows = TaskRunRow.objects.filter(day=day_of(row.created_at), execution_id=row.public_id)
    return rows.order_by("seq")


def attempts_of(row: Execution) -> QuerySet[AttemptRow]:
    rows = AttemptRow.objects.filter(day=day_of(row.created_at), execution_id=row.public_id)
    return rows.order_by("number")


def get_task_run(row: Execution, task_run_id: str) -> TaskRun:
    """With outputs, without attempts. Raises TaskRunNotFound."""
    found = task_run_rows(row).filter(public_id=task_run_id).first()
    if found is None:
        raise TaskRunNotFound(f"Execution '{row.public_id}' has no task run '{task_run_id[:40]}'")
    return task_run_of_row(found)


def executions_by_ids(ids: Iterable[str]) -> list[Execution]:
    return list(present_executions().filter(public_id__in=list(ids)))


def children_of(ids: Iterable[str]) -> QuerySet[Execution]:
    """Executions that these have started."""
    return present_executions().filter(trigger_execution_id__in=list(ids))


def among_flows(flows: Iterable[tuple[str, str]]) -> Q:
    condition = Q(pk__in=())
    for namespace, flow_id in flows:
        condition |= Q(namespace=namespace, flow_id=flow_id)
    return condition


# ---- rows to values -----------------------------------------------------------------------------
def head_of_row(row: Execution) -> Head:
    waiting = row.waiting_execution_id
    return Head(
        id=row.public_id,
        tenant=row.tenant,
        namespace=row.namespace,
        flow_id=row.flow_id,
        flow_revision=row.flow_revision,
        state=State(row.state),
        history=_history(row.history),
        original_id=row.original_id,
        created_at=row.created_at,
        labels=labels_of(row.labels),
        inputs=row.inputs,
        variables=row.variables,
        trigger=row.trigger,
        outputs=row.outputs,
        parent_id=row.parent_id,
        waiting_parent=ParentRef(waiting, row.waiting_task_run_id or "") if waiting else None,
        schedule_date=moment_of(row.schedule_date),
        attempt_number=row.attempt_number,
        kind=row.kind,
        message=row.message,
    )


def task_run_of_row(row: TaskRunRow) -> TaskRun:
    outputs: Outputs | None = None
    if row.outputs_size is not None:
        outputs = Outputs(row.outputs, row.outputs_uri, row.outputs_size)
    return replace(_bare_task_run(row), outputs=outputs, plan=row.plan)


def _bare_task_run(row: TaskRunRow) -> TaskRun:
    return TaskRun(
        id=row.public_id,
        seq=row.seq,
        task_id=row.task_id,
        state=State(row.state),
        history=_history(row.history),
        parent_id=row.parent_id,
        value=row.value,
        iteration=row.iteration,
        token=row.token,
        available_at=row.available_at,
        worker_group=row.worker_group,
        child_execution_id=row.child_execution_id,
        message=row.message,
    )


def _attempt_of(row: AttemptRow) -> Attempt:
    return Attempt(row.number, State(row.state), _history(row.history), row.worker_id, row.is_lost)


def _history(entries: Sequence[Sequence[Any]]) -> History:
    return tuple((State(state), datetime.fromisoformat(at)) for state, at in entries)
