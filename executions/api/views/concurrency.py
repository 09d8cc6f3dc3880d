"""Flows that limit how many of their executions run at once: `{T}/concurrency-limit`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from executions.queries.running import running_by_flow
from flows.api.access import visible_flows
from rest.pagination import paginate_list
from rest.views import ApiView

_SORT: Mapping[str, Any] = {
    "namespace": lambda item: item["namespace"],
    "flowId": lambda item: item["flowId"],
    "running": lambda item: item["running"],
}


class ConcurrencySearchView(ApiView):
    """How many executions of each such flow are under way."""

    resource = "FLOW"
    actions: ClassVar = {"get": "LIST"}
    operation_ids: ClassVar = {"get": "searchConcurrencyLimits"}

    def get(self, request: Request, **_: Any) -> Response:
        rows = visible_flows(self.actor, "LIST").filter(current__source__contains="concurrency")
        flows = [
            (row.namespace, row.flow_id)
            for row in rows.order_by("namespace", "flow_id")
            if isinstance(row.current.definition.get("concurrency"), Mapping)
        ]
        running = running_by_flow(flows)
        found = [
            {
                "tenantId": self.tenant,
                "namespace": namespace,
                "flowId": flow_id,
                "running": running.get((namespace, flow_id), 0),
            }
            for namespace, flow_id in flows
        ]
        return Response(paginate_list(found, request.query_params, keys=_SORT))
