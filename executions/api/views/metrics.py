"""Metrics: of one execution, names, and values over time."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from common.clock import now, to_iso
from executions.api.access import ExecutionApiView
from executions.api.bodies import read_date
from executions.api.serializers import metric_shape
from executions.queries.logs import metrics_of
from executions.queries.metrics import (
    Aggregation,
    aggregate_metric,
    distinct_of,
    metrics_of_flow,
)
from executions.queries.steps import DEFAULT_SPAN
from rest.pagination import SortColumns, paginate
from rest.rendering import compact

_SORT: SortColumns = {
    "timestamp": "timestamp",
    "name": "name",
    "value": "value",
    "type": "kind",
    "taskId": "task_id",
}


class ExecutionMetricsView(ExecutionApiView):
    actions: ClassVar = {"get": "VIEW"}
    operation_ids: ClassVar = {"get": "searchByExecution"}

    def get(self, request: Request, execution_id: str, **_: Any) -> Response:
        query = request.query_params
        rows = metrics_of(self.execution(execution_id))
        for name, column in (("taskRunId", "task_run_id"), ("taskId", "task_id")):
            if query.get(name):
                rows = rows.filter(**{column: query[name]})
        page = paginate(rows, query, shape=metric_shape, columns=_SORT, default=("timestamp",))
        return Response(page)


class MetricNamesView(ExecutionApiView):
    """Of a flow, or of one of its tasks."""

    actions: ClassVar = {"get": "VIEW"}
    operation_ids: ClassVar = {"get": "listFlowMetrics"}

    def get(
        self, request: Request, namespace: str, flow_id: str, task_id: str | None = None, **_: Any
    ) -> Response:
        return Response(distinct_of(metrics_of_flow(namespace, flow_id, task_id), "name"))


class TaskMetricNamesView(MetricNamesView):
    operation_ids: ClassVar = {"get": "listTaskMetrics"}


class TasksWithMetricsView(ExecutionApiView):
    actions: ClassVar = {"get": "VIEW"}
    operation_ids: ClassVar = {"get": "listTasksWithMetrics"}

    def get(self, request: Request, namespace: str, flow_id: str, **_: Any) -> Response:
        return Response(distinct_of(metrics_of_flow(namespace, flow_id), "task_id"))


class FlowAggregatesView(ExecutionApiView):
    actions: ClassVar = {"get": "VIEW"}
    operation_ids: ClassVar = {"get": "aggregateMetricsFromFlow"}

    def get(
        self,
        request: Request,
        namespace: str,
        flow_id: str,
        metric: str,
        task_id: str | None = None,
        **_: Any,
    ) -> Response:
        query = request.query_params
        end = read_date(query.get("endDate", ""), "endDate") or now()
        start = read_date(query.get("startDate", ""), "startDate") or end - DEFAULT_SPAN
        found = aggregate_metric(
            metrics_of_flow(namespace, flow_id, task_id),
            metric,
            aggregate=(query.get("aggregation") or "sum").lower(),
            start=start,
            end=end,
        )
        return Response(_aggregation_shape(found))


class TaskAggregatesView(FlowAggregatesView):
    operation_ids: ClassVar = {"get": "aggregateMetricsFromTask"}


def _aggregation_shape(found: Aggregation) -> dict[str, Any]:
    return {
        "groupBy": found.step,
        "aggregations": [
            compact({"name": found.name, "date": to_iso(moment), "value": value})
            for moment, value in found.points
        ],
    }
