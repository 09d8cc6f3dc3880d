"""Figures over time, as the dashboards of the older line ask for them: `{T}/stats`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Count, QuerySet, Sum
from rest_framework.request import Request
from rest_framework.response import Response

from executions.api.access import (
    ExecutionApiView,
    visible_executions,
    visible_rows,
    visible_task_runs,
)
from executions.api.filters import ExecutionFilters, LogFilters, TaskRunFilters
from executions.api.searches import Search, read_flows, read_object, read_search
from executions.api.serializers import execution_shape, lines_shape, period_shape
from executions.models import Execution, LogEntry
from executions.queries.details import among_flows, listed_details
from executions.queries.newest import MAX_FLOWS, newest_of_flows
from executions.queries.statistics import (
    count_by_namespace,
    lines_over_time,
    runs_by_group,
    runs_over_time,
)
from flows.api.access import visible_flows
from flows.api.filters import FlowFilters

EVERY_FLOW = "*"
"""Stands for the flow where only namespaces were asked for."""


class _StatisticsView(ExecutionApiView):
    actions: ClassVar = {"post": "LIST"}

    def executions(self, search: Search) -> QuerySet[Execution]:
        rows = ExecutionFilters.apply(visible_executions(self.actor, "LIST"), search.query)
        named = search.body.get("flows")
        return rows.filter(among_flows(read_flows(named, most=MAX_FLOWS))) if named else rows


class SummaryView(ExecutionApiView):
    """How many flows and triggers there are, in a namespace and below it or in all."""

    resource = "FLOW"
    actions: ClassVar = {"post": "LIST"}
    operation_ids: ClassVar = {"post": "summary"}

    def post(self, request: Request, **_: Any) -> Response:
        search = read_search(request.data)
        rows = FlowFilters.apply(visible_flows(self.actor, "LIST"), search.query)
        found = rows.aggregate(flows=Count("pk"), triggers=Sum("trigger_count", default=0))
        return Response(found)


class DailyExecutionsView(_StatisticsView):
    operation_ids: ClassVar = {"post": "dailyStatistics"}

    def post(self, request: Request, **_: Any) -> Response:
        search = read_search(request.data)
        periods = runs_over_time(self.executions(search), start=search.start, end=search.end)
        return Response([period_shape(each) for each in periods])


class DailyTaskRunsView(_StatisticsView):
    operation_ids: ClassVar = {"post": "taskRunsDailyStatistics"}

    def post(self, request: Request, **_: Any) -> Response:
        search = read_search(request.data)
        rows = TaskRunFilters.apply(visible_task_runs(self.actor, "LIST"), search.query)
        periods = runs_over_time(rows, start=search.start, end=search.end)
        return Response([period_shape(each) for each in periods])


class DailyByFlowView(_StatisticsView):
    """By namespace and flow; with `namespaceOnly` all flows of a namespace stand under `*`."""

    operation_ids: ClassVar = {"post": "dailyGroupByFlowStatistics"}

    def post(self, request: Request, **_: Any) -> Response:
        search = read_search(request.data)
        is_by_namespace = search.body.get("namespaceOnly") is True
        columns = ("namespace",) if is_by_namespace else ("namespace", "flow_id")
        found = runs_by_group(self.executions(search), columns, start=search.start, end=search.end)
        answer: dict[str, dict[str, Any]] = {}
        for key, periods in found.items():
            flow = EVERY_FLOW if is_by_namespace else key[1]
            answer.setdefault(key[0], {})[flow] = [period_shape(each) for each in periods]
        return Response(answer)


class DailyByNamespaceView(_StatisticsView):
    operation_ids: ClassVar = {"post": "dailyStatisticsGroupByNamespace"}

    def post(self, request: Request, **_: Any) -> Response:
        search = read_search(request.data)
        counts = count_by_namespace(self.executions(search), start=search.start, end=search.end)
        return Response(
            {name: {"counts": each, "total": sum(each.values())} for name, each in counts.items()}
        )


class LatestByFlowView(_StatisticsView):
    operation_ids: ClassVar = {"post": "lastExecutions"}

    def post(self, request: Request, **_: Any) -> Response:
        flows = read_flows(read_object(request.data).get("flows") or [], most=MAX_FLOWS)
        rows = newest_of_flows(visible_executions(self.actor, "LIST"), flows)
        details = listed_details(list(rows))
        return Response([execution_shape(each, with_outputs=False) for each in details])


class DailyLogsView(_StatisticsView):
    actions: ClassVar = {"post": "ACCESS_LOGS"}
    operation_ids: ClassVar = {"post": "logsDailyStatistics"}

    def post(self, request: Request, **_: Any) -> Response:
        search = read_search(request.data)
        rows = visible_rows(self.actor, "ACCESS_LOGS", LogEntry.objects.all())
        found = lines_over_time(
            LogFilters.apply(rows, search.query), start=search.start, end=search.end
        )
        return Response([lines_shape(each) for each in found])
