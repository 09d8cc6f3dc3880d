"""Log lines: search, of one execution, as text, deletion."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from executions import services
from executions.api.access import ExecutionApiView, needed, visible_rows
from executions.api.filters import LOG_ORDER, LOG_SORT, LogFilters
from executions.api.serializers import log_shape
from executions.models import Execution, LogEntry
from executions.queries.logs import log_text, logs_of
from rest.pagination import paginate


class LogSearchView(ExecutionApiView):
    actions: ClassVar = {"get": "ACCESS_LOGS"}
    operation_ids: ClassVar = {"get": "searchLogs"}

    def get(self, request: Request, **_: Any) -> Response:
        query = request.query_params
        rows = visible_rows(self.actor, "ACCESS_LOGS", LogEntry.objects.all())
        page = paginate(
            LogFilters.apply(rows, query),
            query,
            shape=log_shape,
            columns=LOG_SORT,
            default=LOG_ORDER,
        )
        return Response({**page, "type": "OFFSET"})


class LogsView(ExecutionApiView):
    actions: ClassVar = {"get": "ACCESS_LOGS", "delete": "DELETE"}
    operation_ids: ClassVar = {
        "get": "listLogsFromExecution",
        "delete": "deleteLogsFromExecution",
    }

    def get(self, request: Request, execution_id: str, **_: Any) -> Response:
        rows = _asked(request, self.execution(execution_id))
        return Response([log_shape(row) for row in rows.iterator(chunk_size=1_000)])

    def delete(self, request: Request, execution_id: str, **_: Any) -> Response:
        execution = self.execution(execution_id)
        services.delete_logs_of_execution(
            actor=self.actor, execution=execution, rows=_asked(request, execution)
        )
        return Response()


class LogDownloadView(ExecutionApiView):
    actions: ClassVar = {"get": "ACCESS_LOGS"}
    operation_ids: ClassVar = {"get": "downloadLogsFromExecution"}

    def get(self, request: Request, execution_id: str, **_: Any) -> HttpResponse:
        text = log_text(_asked(request, self.execution(execution_id)))
        return HttpResponse(
            b"".join(text),
            content_type="text/plain; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{execution_id}.log"'},
        )


class FlowLogsView(ExecutionApiView):
    actions: ClassVar = {"delete": "DELETE"}
    operation_ids: ClassVar = {"delete": "deleteLogsFromFlow"}

    def delete(self, request: Request, namespace: str, flow_id: str, **_: Any) -> Response:
        services.delete_logs_of_trigger(
            actor=self.actor,
            namespace=namespace,
            flow_id=flow_id,
            trigger_id=needed(request.query_params, "triggerId"),
        )
        return Response()


def _asked(request: Request, execution: Execution) -> QuerySet[LogEntry]:
    return LogFilters.apply(logs_of(execution), request.query_params)
