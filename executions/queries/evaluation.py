"""Expressions rendered for somebody who looks at an execution: the same variables that its tasks
see, but no secret is ever read."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from common.errors import KestraError
from executions.confidential import hide_encrypted
from executions.executor.model import Head, TaskRun
from executions.models import Execution
from executions.outside import ServerServices
from executions.queries.details import get_task_run, head_of_row, task_run_of_row, task_run_rows
from executions.queries.logs import logs_of
from executions.queries.outputs import outputs_value
from executions.rendering import expression_engine
from executions.scope import Rows, Scope, Surroundings
from expressions.masking import MASK, Masker
from flows.cache import compiled_flow
from flows.schema import FlowDocument
from tenants.queries import merged_variables

_MAX_ERROR_LOGS = 1_000


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an expression gave, or why it did not."""

    result: str | None = None
    error: str | None = None
    trace: str | None = None


class _Services(ServerServices):
    """In place of every secret stands the mask."""

    def secret(self, key: str, namespace: str | None) -> str:
        return MASK


def evaluate(row: Execution, expression: str, *, task_run_id: str | None = None) -> Evaluation:
    """Raises TaskRunNotFound. What is wrong with the expression is in the answer."""
    head = _without_secrets(head_of_row(row))
    run = get_task_run(row, task_run_id) if task_run_id else None
    document = _document_of(head)
    scope = Scope(
        head=head,
        rows=_rows(row),
        surroundings=_surroundings(head, document),
        run=run,
        task_type=_type_of(run, document),
    )
    services = _Services(head, scope, Masker(), lambda: _error_logs(row))
    try:
        return Evaluation(result=expression_engine().render(expression, scope, services))
    except KestraError as error:
        return Evaluation(error=str(error), trace="".join(traceback.format_exception_only(error)))


def _without_secrets(head: Head) -> Head:
    return replace(head, inputs=hide_encrypted(head.inputs))


def _document_of(head: Head) -> FlowDocument | None:
    """None where the flow is gone or no longer compiles: its variables are then absent."""
    try:
        return compiled_flow(head.tenant, head.namespace, head.flow_id, head.flow_revision)
    except KestraError:
        return None


def _surroundings(head: Head, document: FlowDocument | None) -> Surroundings:
    return Surroundings(
        flow_variables=document.variables if document else None,
        namespace_variables=lambda: merged_variables(head.namespace),
        envs=settings.KESTRA_ENVIRONMENT,
        globals_=settings.KESTRA_GLOBALS,
        fetch_outputs=lambda run: outputs_value(head, run),
    )


def _rows(row: Execution) -> Rows:
    """Read when an expression asks for one of them."""
    found: list[TaskRun] = []

    def load() -> list[TaskRun]:
        if not found:
            found.extend(_shown(task_run_of_row(each)) for each in task_run_rows(row))
        return found

    return Rows(load, load)


def _shown(run: TaskRun) -> TaskRun:
    if run.outputs is None or run.outputs.value is None:
        return run
    return replace(run, outputs=replace(run.outputs, value=hide_encrypted(run.outputs.value)))


def _type_of(run: TaskRun | None, document: FlowDocument | None) -> str:
    task = document.task_by_id(run.task_id) if run and document else None
    return task.type if task else ""


def _error_logs(row: Execution) -> list[dict[str, Any]]:
    lines = logs_of(row).filter(level="ERROR")[:_MAX_ERROR_LOGS]
    return [
        {"taskId": line.task_id, "taskRunId": line.task_run_id, "message": line.message}
        for line in lines
    ]
