"""The dashboard: the first page of those who may see executions."""

from django.http import HttpRequest, HttpResponse

from flows.queries import present_flows
from rbac.queries import allowed, visible_namespaces
from rest.gate import actor_of
from tenants.queries import namespace_names
from ui.dashboard.figures import figures_of
from ui.dashboard.span import read_span
from ui.frame import page
from ui.rendering import go_to, show_part


@page("EXECUTION", "LIST")
def show_dashboard(request: HttpRequest, tenant: str) -> HttpResponse:
    """Filters: `namespace` with what is below it, and the span. While the tenant has no flow,
    whoever may write one is welcomed instead."""
    actor = actor_of(request)
    if not present_flows().exists() and allowed(actor, "FLOW", "CREATE", tenant):
        return go_to(request, f"/ui/{tenant}/welcome")
    namespace = request.GET.get("namespace", "").strip()
    span = read_span(request.GET)
    reach = visible_namespaces(actor, "EXECUTION", "LIST", tenant)
    context = {
        "namespace": namespace,
        "here": request.path,
        "span": span,
        "namespaces": [name for name in namespace_names() if reach.covers(name)],
        "figures": figures_of(actor, tenant, span, namespace=namespace),
    }
    return show_part(request, "dashboard/page.html", "dashboard/_dashboard.html", context)
