"""Searches over flows: `{T}/flows/search`, `source`, `distinct-namespaces`, `deprecated`."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from flows import queries
from flows.api.access import visible_flows
from flows.api.filters import FLOW_SORT, FlowFilters
from flows.api.serializers import flow_shape, source_match_shape
from flows.defaults import SECTIONS
from flows.models import Flow
from flows.validation import deprecation_of
from plugins.registry import installed_registry
from rbac.queries import visible_namespaces
from rest.pagination import paginate
from rest.rendering import compact
from rest.views import ApiView

_ORDER = ("namespace", "flow_id")


class FlowSearchView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "LIST"}
    operation_ids: ClassVar = {"get": "searchFlows"}

    def get(self, request: Request, **_: Any) -> Response:
        rows = FlowFilters.apply(visible_flows(self.actor, "LIST"), request.query_params)
        page = paginate(
            rows, request.query_params, shape=_row_shape, columns=FLOW_SORT, default=_ORDER
        )
        return Response(page)


class SourceSearchView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "LIST"}
    operation_ids: ClassVar = {"get": "searchFlowsBySourceCode"}

    def get(self, request: Request, **_: Any) -> Response:
        query = request.query_params
        text = query.get("q", "")
        may_edit = visible_namespaces(self.actor, "FLOW", "UPDATE", self.tenant)
        may_list = visible_namespaces(self.actor, "FLOW", "LIST", self.tenant)
        rows = queries.flows_with_text(text, namespace=query.get("namespace") or None)

        def shape(row: Flow) -> dict[str, Any]:
            flow = queries.stored_flow(row.current)
            return source_match_shape(flow, text, editable=may_edit.covers(flow.namespace))

        page = paginate(
            rows.filter(may_list.to_q()), query, shape=shape, columns=FLOW_SORT, default=_ORDER
        )
        return Response(page)


class DistinctNamespacesView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "LIST"}
    operation_ids: ClassVar = {"get": "listDistinctNamespaces"}

    def get(self, request: Request, **_: Any) -> Response:
        reach = visible_namespaces(self.actor, "FLOW", "LIST", self.tenant)
        names = queries.distinct_namespaces(containing=request.query_params.get("q", ""))
        return Response([name for name in names if reach.covers(name)])


class DeprecatedView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "LIST"}
    operation_ids: ClassVar = {"get": "listDeprecated"}

    def get(self, request: Request, **_: Any) -> Response:
        rows = visible_flows(self.actor, "LIST").order_by(*_ORDER)
        namespace = request.query_params.get("namespace")
        if namespace:
            rows = rows.filter(namespace=namespace)
        shapes = (_deprecated_shape(row) for row in rows.iterator(chunk_size=200))
        return Response([shape for shape in shapes if shape["deprecatedTasks"]])


def _row_shape(row: Flow) -> dict[str, Any]:
    return flow_shape(queries.stored_flow(row.current))


def _deprecated_shape(row: Flow) -> dict[str, Any]:
    definition: Mapping[str, Any] = row.current.definition
    sections = {key: value for key, value in definition.items() if key in SECTIONS}
    return {
        "namespace": row.namespace,
        "flowId": row.flow_id,
        "revision": row.revision,
        "deprecatedTasks": list(_deprecated_tasks(sections)),
    }


def _deprecated_tasks(value: Any) -> Iterator[dict[str, Any]]:
    """Of everything inside that has an id and a type."""
    if isinstance(value, Mapping):
        type_name, task_id = value.get("type"), value.get("id")
        if isinstance(type_name, str) and task_id is not None:
            is_deprecated, present = deprecation_of(type_name, installed_registry())
            if is_deprecated:
                yield compact({"taskId": task_id, "taskType": type_name, "replacement": present})
        for item in value.values():
            yield from _deprecated_tasks(item)
    elif isinstance(value, list):
        for item in value:
            yield from _deprecated_tasks(item)
