"""The tree of namespaces, and the tabs of one that only show."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from executions.api.access import visible_executions
from executions.api.filters import EXECUTION_ORDER, EXECUTION_SORT, ExecutionFilters
from flows.api.access import visible_flows
from flows.api.filters import FLOW_SORT, FlowFilters
from plugins.contracts.state import State
from rbac.queries import allowed
from rest.filters import Operation
from rest.gate import actor_of
from tenants import services
from tenants.documents import NamespaceValues
from ui.dashboard.figures import figures_of
from ui.dashboard.runs import runs_of
from ui.dashboard.span import read_span
from ui.flows.rows import flow_rows
from ui.frame import page, require
from ui.lists import Column, FilterField, Listing
from ui.namespaces.header import show_namespace, url_of
from ui.namespaces.tree import namespace_tree
from ui.rendering import go_to, show_part

_FLOW_COLUMNS = (
    Column(_("Flow"), "id"),
    Column(_("Last run")),
    Column(_("Recent runs"), css="cell-wide"),
    Column(_("Revision"), "revision", "cell-desk cell-number"),
)
_EXECUTION_COLUMNS = (
    Column(_("Execution"), "id"),
    Column(_("State"), "state.current"),
    Column(_("Flow"), "flowId", "cell-wide"),
    Column(_("Started"), "state.startDate"),
    Column(_("Duration"), css="cell-desk cell-number"),
)
_STATES = tuple(state.value for state in State)


@page("NAMESPACE", "LIST")
def list_namespaces(request: HttpRequest, tenant: str) -> HttpResponse:
    actor, text = actor_of(request), request.GET.get("q", "")
    context = {
        "branches": namespace_tree(actor, tenant, text=text),
        "text": text,
        "may_create": allowed(actor, "NAMESPACE", "CREATE", tenant),
    }
    return show_part(request, "namespaces/list.html", "namespaces/_tree.html", context)


@page("NAMESPACE", "CREATE", methods=("POST",))
def create_namespace(request: HttpRequest, tenant: str) -> HttpResponse:
    """`name` and `description`."""
    name = request.POST.get("name", "").strip()
    require(request, "NAMESPACE", "CREATE", namespace=name)
    values = NamespaceValues(description=request.POST.get("description", "").strip())
    services.create_namespace(actor=actor_of(request), namespace=name, values=values)
    messages.success(request, gettext("Namespace %s is created.") % name)
    return go_to(request, url_of(tenant, name))


@page("NAMESPACE", "VIEW")
def show_overview(request: HttpRequest, tenant: str, namespace: str) -> HttpResponse:
    def context() -> dict[str, Any]:
        actor = actor_of(request)
        span = read_span(request.GET)
        may_see = allowed(actor, "EXECUTION", "LIST", tenant, namespace)
        return {
            "here": request.path,
            "span": span,
            "figures": figures_of(actor, tenant, span, namespace=namespace) if may_see else None,
        }

    return show_namespace(request, tenant, namespace, "", context)


@page("FLOW", "LIST")
def list_flows(request: HttpRequest, tenant: str, namespace: str) -> HttpResponse:
    def context() -> dict[str, Any]:
        actor = actor_of(request)
        rows = visible_flows(actor, "LIST").filter(namespace=namespace)
        listing = Listing.of(
            request,
            FlowFilters.apply(rows, request.GET),
            fields=(),
            columns=_FLOW_COLUMNS,
            sortable=FLOW_SORT,
            default=("flow_id",),
        )
        return {"listing": listing, "rows": flow_rows(listing.rows, actor=actor, tenant=tenant)}

    return show_namespace(request, tenant, namespace, "flows", context)


@page("EXECUTION", "LIST")
def list_executions(request: HttpRequest, tenant: str, namespace: str) -> HttpResponse:
    def context() -> dict[str, Any]:
        rows = visible_executions(actor_of(request), "LIST").filter(namespace=namespace)
        state = FilterField("state", _("State"), (Operation.EQUALS, Operation.IN), _STATES)
        listing = Listing.of(
            request,
            ExecutionFilters.apply(rows, request.GET),
            fields=(state,),
            columns=_EXECUTION_COLUMNS,
            sortable=EXECUTION_SORT,
            default=EXECUTION_ORDER,
        )
        return {"listing": listing, "runs": runs_of(listing.rows)}

    return show_namespace(request, tenant, namespace, "executions", context)
