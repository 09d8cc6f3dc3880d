"""Outputs of task runs and of whole executions."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from executions.api.access import ExecutionApiView
from executions.confidential import hide_encrypted
from executions.models import TaskRun
from executions.queries.details import get_task_run, head_of_row, task_run_rows
from executions.queries.outputs import ANSWER_LIMIT, outputs_value
from rest.rendering import compact


class _OutputsView(ExecutionApiView):
    actions: ClassVar = {"get": "ACCESS_OUTPUTS"}


class TaskOutputsListView(_OutputsView):
    """Which task runs have outputs."""

    operation_ids: ClassVar = {"get": "getTaskOutputsInformation"}

    def get(self, request: Request, execution_id: str, **_: Any) -> Response:
        rows = task_run_rows(self.execution(execution_id)).filter(outputs_size__gt=0)
        found = rows.only("task_id", "public_id", "value", "iteration", "outputs_uri")
        return Response([_information_shape(row) for row in found])


class TaskOutputsView(_OutputsView):
    operation_ids: ClassVar = {"get": "getTaskRunOutputs"}

    def get(self, request: Request, execution_id: str, task_run_id: str, **_: Any) -> Response:
        execution = self.execution(execution_id)
        run = get_task_run(execution, task_run_id)
        value = outputs_value(head_of_row(execution), run, limit=ANSWER_LIMIT)
        return Response(hide_encrypted(value) or {})


class ExecutionOutputsView(_OutputsView):
    operation_ids: ClassVar = {"get": "getExecutionOutputs"}

    def get(self, request: Request, execution_id: str, **_: Any) -> Response:
        return Response(hide_encrypted(self.execution(execution_id).outputs) or {})


def _information_shape(row: TaskRun) -> dict[str, Any]:
    return compact(
        {
            "taskId": row.task_id,
            "taskRunId": row.public_id,
            "value": row.value,
            "iteration": row.iteration,
            "inline": row.outputs_uri is None,
        }
    )
