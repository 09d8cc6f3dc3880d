"""Searches over executions: `{T}/executions`, `search`, `latest`, `distinct-field-values`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Coalesce, Now
from django.http import QueryDict
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from common.clock import to_iso
from common.errors import Invalid
from executions.api.access import ExecutionApiView, needed, positive, visible_executions
from executions.api.filters import (
    DISTINCT_FIELDS,
    EXECUTION_ORDER,
    EXECUTION_SORT,
    ExecutionFilters,
)
from executions.api.searches import read_flows
from executions.api.serializers import CSV_COLUMNS, CSV_FIELDS, csv_line, execution_shape
from executions.models import Execution
from executions.queries.details import listed_details
from executions.queries.newest import MAX_FLOWS, newest_of_flows
from rest.pagination import paginate, read_page
from tenants.api.downloads import csv_download

_DISTINCT_SIZE = 100


def page_of(rows: QuerySet[Execution], query: QueryDict) -> dict[str, Any]:
    """A page with the first task runs of each execution: three queries, whatever its size."""
    if any(sort.field == "state.duration" for sort in read_page(query).sort):
        lasted = Coalesce(F("ended_at"), Now()) - F("started_at")
        rows = rows.annotate(duration=ExpressionWrapper(lasted, output_field=DurationField()))
    page = paginate(
        rows, query, shape=lambda row: row, columns=EXECUTION_SORT, default=EXECUTION_ORDER
    )
    details = listed_details(page["results"])
    return {**page, "results": [execution_shape(item, with_outputs=False) for item in details]}


class ExecutionSearchView(ExecutionApiView):
    actions: ClassVar = {"get": "LIST"}
    operation_ids: ClassVar = {"get": "searchExecutions"}

    def get(self, request: Request, **_: Any) -> Response:
        rows = visible_executions(self.actor, "LIST")
        return Response(page_of(ExecutionFilters.apply(rows, request.query_params), request.GET))


class FlowExecutionsView(ExecutionApiView):
    actions: ClassVar = {"get": "LIST"}
    operation_ids: ClassVar = {"get": "searchExecutionsByFlowId"}

    def get(self, request: Request, **_: Any) -> Response:
        namespace = needed(request.query_params, "namespace")
        flow_id = needed(request.query_params, "flowId")
        rows = visible_executions(self.actor, "LIST").filter(namespace=namespace, flow_id=flow_id)
        return Response(page_of(rows, request.GET))


class LatestExecutionsView(ExecutionApiView):
    actions: ClassVar = {"post": "LIST"}
    operation_ids: ClassVar = {"post": "getLatestExecutions"}

    def post(self, request: Request, **_: Any) -> Response:
        flows = read_flows(request.data, most=MAX_FLOWS)
        rows = newest_of_flows(visible_executions(self.actor, "LIST"), flows)
        return Response([_latest_shape(row) for row in rows])


class CsvView(ExecutionApiView):
    """One line for each execution, with a heading, the newest first."""

    actions: ClassVar = {"get": "EXPORT"}
    operation_ids: ClassVar = {"get": "exportExecutions"}

    def get(self, request: Request, **_: Any) -> HttpResponseBase:
        rows = visible_executions(self.actor, "EXPORT").only(*CSV_FIELDS)
        found = ExecutionFilters.apply(rows, request.query_params).order_by(*EXECUTION_ORDER, "pk")
        lines = (csv_line(row) for row in found.iterator(chunk_size=1_000))
        return csv_download(CSV_COLUMNS, lines, file_name="executions.csv")


class DistinctValuesView(ExecutionApiView):
    actions: ClassVar = {"get": "LIST"}
    operation_ids: ClassVar = {"get": "findDistinctFieldValues"}

    def get(self, request: Request, **_: Any) -> Response:
        query = request.query_params
        field = needed(query, "field")
        column = DISTINCT_FIELDS.get(field)
        if column is None:
            raise Invalid(f"field: '{field[:40]}' is unknown; known: {', '.join(DISTINCT_FIELDS)}")
        rows = ExecutionFilters.apply(visible_executions(self.actor, "LIST"), _filters_of(query))
        values = rows.filter(**{f"{column}__isnull": False}).order_by(column)
        size = positive(query, "size", _DISTINCT_SIZE)
        return Response(
            [str(each) for each in values.values_list(column, flat=True).distinct()[:size]]
        )


def _filters_of(query: QueryDict) -> QueryDict:
    """Without what is no filter here."""
    kept = query.copy()
    for name in ("field", "size"):
        kept.pop(name, None)
    return kept


def _latest_shape(row: Execution) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "flowId": row.flow_id,
        "namespace": row.namespace,
        "startDate": to_iso(row.started_at),
        "status": row.state,
    }
