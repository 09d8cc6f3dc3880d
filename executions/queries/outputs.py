"""Outputs of task runs: in the row, or in internal storage if they are large."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from common.json import loads
from executions.executor.model import Head, Outputs, TaskRun
from executions.queries.details import ExecutionDetail
from storage.contract import Storage
from tenants.storages import storage_of

READ_LIMIT = 1_000_000
"""Larger outputs are not read for an answer, bytes."""
TOTAL_LIMIT = 10_000_000
"""What is read for one answer altogether, bytes."""
ANSWER_LIMIT = 50_000_000
"""Outputs of one task run when they are asked for by themselves, bytes."""


def with_stored_outputs(detail: ExecutionDetail) -> ExecutionDetail:
    """The same with outputs from storage in their places, as far as the limits allow."""
    if not any(_lies_in_storage(run) for run in detail.task_runs):
        return detail
    storage = storage_of(tenant=detail.head.tenant, namespace=detail.head.namespace)
    left = TOTAL_LIMIT
    runs = []
    for run in detail.task_runs:
        size = run.outputs.size if run.outputs else 0
        if _lies_in_storage(run) and size <= min(READ_LIMIT, left):
            left -= size
            run = _with_outputs(storage, detail.head, run)  # noqa: PLW2901  # the same run, fuller
        runs.append(run)
    return replace(detail, task_runs=tuple(runs))


def outputs_value(
    head: Head, run: TaskRun, *, limit: int | None = None
) -> Mapping[str, Any] | None:
    """From wherever they are. Raises FileTooLarge beyond the limit, FileMissing."""
    outputs = run.outputs
    if outputs is None or outputs.uri is None or outputs.value is not None:
        return outputs.value if outputs else None
    storage = storage_of(tenant=head.tenant, namespace=head.namespace)
    return dict(loads(storage.read(head.tenant, outputs.uri, limit=limit)))


def _with_outputs(storage: Storage, head: Head, run: TaskRun) -> TaskRun:
    outputs = run.outputs
    assert outputs is not None and outputs.uri is not None
    value = dict(loads(storage.read(head.tenant, outputs.uri, limit=READ_LIMIT)))
    return replace(run, outputs=Outputs(value, outputs.uri, outputs.size))


def _lies_in_storage(run: TaskRun) -> bool:
    return run.outputs is not None and run.outputs.value is None and run.outputs.uri is not None
