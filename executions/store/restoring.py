"""Executions put together again from what the stores read: rows of heads and rows of task runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from executions.executor.model import TaskRun
from executions.store import rows
from executions.store.columns import HEAD_WIDTH, RUN_WIDTH
from executions.store.contract import StoredExecution


def stored_executions(
    ids: Sequence[str], heads: Sequence[Sequence[Any]], runs: Sequence[Sequence[Any]]
) -> list[StoredExecution]:
    """`heads`: head columns, failures, is over. `runs`: run columns, execution, worker."""
    found: dict[str, StoredExecution] = {}
    for row in heads:
        head = rows.head_of(row[:HEAD_WIDTH])
        failures, is_over = row[HEAD_WIDTH:]
        found[head.id] = StoredExecution(head, [], {}, failures, bool(is_over))
    task_runs: dict[str, list[TaskRun]] = {key: [] for key in found}
    claims: dict[str, dict[str, str]] = {key: {} for key in found}
    for row in runs:
        execution_id, worker_id = row[RUN_WIDTH:]
        if execution_id in found:  # created between the two queries otherwise
            task_run = rows.task_run_of(row[:RUN_WIDTH])
            task_runs[execution_id].append(task_run)
            if worker_id and task_run.token:
                claims[execution_id][task_run.token] = worker_id
    return [
        replace(found[key], task_runs=task_runs[key], claims=claims[key])
        for key in dict.fromkeys(ids)
        if key in found
    ]
