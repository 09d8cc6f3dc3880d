"""The task that an execution came to last, as lists show it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Window
from django.db.models.functions import RowNumber

from executions.models import Execution, TaskRun
from executions.store.rows import day_of


def last_task_runs(rows: Sequence[Execution]) -> dict[str, TaskRun]:
    """By the execution's id, without outputs; those that have none are left out. One query."""
    if not rows:
        return {}
    latest = Window(RowNumber(), partition_by="execution_id", order_by="-seq")
    runs = TaskRun.objects.filter(
        day__in={day_of(row.created_at) for row in rows},
        execution_id__in=[row.public_id for row in rows],
    )
    found = runs.only("execution_id", "task_id", "state", "attempt_count")
    return {run.execution_id: run for run in found.annotate(place=latest).filter(place=1)}
