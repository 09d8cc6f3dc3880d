"""Many flows at once, by their ids or by a query: delete, disable, enable, export."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from flows import queries, services
from flows.api.access import require_on_all, visible_flows
from flows.api.bodies import flow_ids
from flows.api.filters import FlowFilters
from flows.api.serializers import CSV_COLUMNS, csv_line
from flows.errors import FlowNotFound
from flows.export import zip_of
from flows.queries import StoredFlow
from rest.views import ApiView
from tenants.api.downloads import csv_download

Keys = Sequence[tuple[str, str]]


class _BulkView(ApiView):
    """All or none: an unknown id is 400 and nothing happens."""

    resource = "FLOW"
    word: ClassVar[str]
    action_word: ClassVar[str]

    def act(self, keys: Keys) -> None:
        raise NotImplementedError

    def by_ids(self, request: Request) -> Response:
        keys = flow_ids(request.data)
        require_on_all(self.actor, self.action_word, keys)
        try:
            self.act(keys)
        except FlowNotFound:
            return _unknown(self.word, keys)
        return _count(len(keys))

    def by_query(self, request: Request) -> Response:
        rows = visible_flows(self.actor, self.action_word)
        rows = FlowFilters.apply(rows, request.query_params)
        keys = list(rows.values_list("namespace", "flow_id"))
        self.act(keys)
        return _count(len(keys))


class _Deletes(_BulkView):
    word = "delete"
    action_word = "DELETE"
    actions: ClassVar = {"delete": "DELETE"}

    def act(self, keys: Keys) -> None:
        services.delete_flows(actor=self.actor, flows=keys)


class DeleteByIdsView(_Deletes):
    operation_ids: ClassVar = {"delete": "deleteFlowsByIds"}

    def delete(self, request: Request, **_: Any) -> Response:
        return self.by_ids(request)


class DeleteByQueryView(_Deletes):
    operation_ids: ClassVar = {"delete": "deleteFlowsByQuery"}

    def delete(self, request: Request, **_: Any) -> Response:
        return self.by_query(request)


class _Switches(_BulkView):
    is_disabled: ClassVar[bool]

    def act(self, keys: Keys) -> None:
        services.set_flows_disabled(actor=self.actor, flows=keys, is_disabled=self.is_disabled)


class _Disables(_Switches):
    word = "disable"
    action_word = "DISABLE"
    actions: ClassVar = {"post": "DISABLE"}
    is_disabled = True


class _Enables(_Switches):
    word = "enable"
    action_word = "ENABLE"
    actions: ClassVar = {"post": "ENABLE"}
    is_disabled = False


class DisableByIdsView(_Disables):
    operation_ids: ClassVar = {"post": "disableFlowsByIds"}

    def post(self, request: Request, **_: Any) -> Response:
        return self.by_ids(request)


class DisableByQueryView(_Disables):
    operation_ids: ClassVar = {"post": "disableFlowsByQuery"}

    def post(self, request: Request, **_: Any) -> Response:
        return self.by_query(request)


class EnableByIdsView(_Enables):
    operation_ids: ClassVar = {"post": "enableFlowsByIds"}

    def post(self, request: Request, **_: Any) -> Response:
        return self.by_ids(request)


class EnableByQueryView(_Enables):
    operation_ids: ClassVar = {"post": "enableFlowsByQuery"}

    def post(self, request: Request, **_: Any) -> Response:
        return self.by_query(request)


class ExportByIdsView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"post": "EXPORT"}
    operation_ids: ClassVar = {"post": "exportFlowsByIds"}

    def post(self, request: Request, **_: Any) -> HttpResponse | Response:
        keys = flow_ids(request.data)
        require_on_all(self.actor, "EXPORT", keys)
        try:
            flows = queries.flows_by_ids(keys)
        except FlowNotFound:
            return _unknown("export", keys)
        return _archive(flows)


class ExportByQueryView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "EXPORT"}
    operation_ids: ClassVar = {"get": "exportFlowsByQuery"}

    def get(self, request: Request, **_: Any) -> HttpResponse:
        rows = FlowFilters.apply(visible_flows(self.actor, "EXPORT"), request.query_params)
        return _archive([queries.stored_flow(row.current) for row in rows])


class CsvView(ApiView):
    """One line for each flow, with a heading."""

    resource = "FLOW"
    actions: ClassVar = {"get": "EXPORT"}
    operation_ids: ClassVar = {"get": "exportFlows"}

    def get(self, request: Request, **_: Any) -> HttpResponseBase:
        rows = FlowFilters.apply(visible_flows(self.actor, "EXPORT"), request.query_params)
        ordered = rows.order_by("namespace", "flow_id")
        return csv_download(
            CSV_COLUMNS,
            (csv_line(row) for row in ordered.iterator(chunk_size=1_000)),
            file_name="flows.csv",
        )


def _count(number: int) -> Response:
    return Response({"count": number, "totalItems": number})


def _unknown(word: str, keys: Keys) -> Response:
    """The bulk calls' own shape of an error."""
    there = queries.existing_ids(keys)
    invalids = [
        {"message": "flow not found", "path": "flow.id", "invalidValue": flow_id}
        for namespace, flow_id in keys
        if (namespace, flow_id) not in there
    ]
    return Response({"message": f"invalid bulk {word}", "invalids": invalids}, status=400)


def _archive(flows: Sequence[StoredFlow]) -> HttpResponse:
    return HttpResponse(
        zip_of(flows),
        content_type="application/octet-stream",
        headers={"Content-Disposition": 'attachment; filename="flows.zip"'},
    )
