"""Task runs over all executions: `{T}/taskruns`."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from executions.api.access import ExecutionApiView, visible_task_runs
from executions.api.filters import TASK_RUN_ORDER, TASK_RUN_SORT, TaskRunFilters
from executions.api.serializers import listed_task_run_shape
from executions.queries.details import LISTED_TASK_RUNS
from rest.pagination import paginate


class TaskRunSearchView(ExecutionApiView):
    actions: ClassVar = {"get": "LIST"}
    operation_ids: ClassVar = {"get": "searchTaskRuns"}

    def get(self, request: Request, **_: Any) -> Response:
        query = request.query_params
        rows = visible_task_runs(self.actor, "LIST").defer("outputs", "plan")
        page = paginate(
            TaskRunFilters.apply(rows, query),
            query,
            shape=listed_task_run_shape,
            columns=TASK_RUN_SORT,
            default=TASK_RUN_ORDER,
        )
        return Response(page)


class MaximumView(ExecutionApiView):
    """How many task runs of one execution a search of executions shows."""

    actions: ClassVar = {"get": "LIST"}
    operation_ids: ClassVar = {"get": "maxTaskRunSetting"}

    def get(self, request: Request, **_: Any) -> Response:
        return Response(LISTED_TASK_RUNS)
