"""What the palette finds of flows."""

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext

from flows.api.access import visible_flows
from rest.gate import actor_of, tenant_of
from ui.areas import Hit
from ui.flows.frame import flow_url

_FOUND_AT_MOST = 8


def find_flows(request: HttpRequest, text: str) -> list[Hit]:
    """By id or namespace."""
    rows = visible_flows(actor_of(request), "LIST").select_related(None)
    rows = rows.filter(Q(flow_id__icontains=text) | Q(namespace__icontains=text))
    found = rows.order_by("flow_id", "namespace").values_list("namespace", "flow_id")
    tenant = tenant_of(request) or ""
    return [
        Hit(
            flow_id,
            flow_url(tenant, namespace, flow_id),
            gettext("Flows"),
            "workflow",
            namespace,
        )
        for namespace, flow_id in found[:_FOUND_AT_MOST]
    ]
