"""The list of flows, and what is done with several of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.errors import BadRequest
from flows import services
from flows.api.access import require_on_all, visible_flows
from flows.api.filters import FLOW_SORT, FlowFilters
from flows.queries import distinct_namespaces, present_flows
from rbac.queries import allowed, visible_namespaces
from rest.filters import Operation
from rest.gate import actor_of
from ui.flows.rows import flow_rows
from ui.frame import page, require
from ui.lists import Column, FilterField, Listing
from ui.rendering import go_to, own_page, show_part

_TEXT = (Operation.CONTAINS, Operation.EQUALS, Operation.STARTS_WITH, Operation.NOT_CONTAINS)
COLUMNS = (
    Column(_("Flow"), "id"),
    Column(_("Namespace"), "namespace", "cell-wide"),
    Column(_("Labels"), css="cell-desk"),
    Column(_("Last run")),
    Column(_("Recent runs"), css="cell-wide"),
    Column(_("Triggers"), css="cell-desk"),
    Column(_("Revision"), "revision", "cell-desk cell-number"),
)
_BULK_ACTIONS = {"enable": "ENABLE", "disable": "DISABLE", "delete": "DELETE"}


@page("FLOW", "LIST")
def list_flows(request: HttpRequest, tenant: str) -> HttpResponse:
    actor = actor_of(request)
    flows = FlowFilters.apply(visible_flows(actor, "LIST"), request.GET)
    listing = Listing.of(
        request,
        flows,
        fields=_fields(request, tenant),
        columns=COLUMNS,
        sortable=FLOW_SORT,
        default=("namespace", "flow_id"),
    )
    context = {
        "listing": listing,
        "rows": flow_rows(listing.rows, actor=actor, tenant=tenant),
        "export_url": f"/api/v1/{tenant}/flows/export/by-query?{request.GET.urlencode()}",
        "may": {
            "create": allowed(actor, "FLOW", "CREATE", tenant),
            "import": allowed(actor, "FLOW", "CREATE", tenant)
            and allowed(actor, "FLOW", "UPDATE", tenant),
            "export": allowed(actor, "FLOW", "EXPORT", tenant),
            **{name: allowed(actor, "FLOW", word, tenant) for name, word in _BULK_ACTIONS.items()},
        },
        "is_empty": not listing.is_filtered and not present_flows().exists(),
    }
    return show_part(request, "flows/list.html", "flows/_list.html", context)


@page("FLOW", "LIST", methods=("POST",))
def change_flows(request: HttpRequest, tenant: str) -> HttpResponse:
    """The bulk bar: `action`, and `flow` for each as `namespace/id`. All or none."""
    action = request.POST.get("action", "")
    if action not in _BULK_ACTIONS:
        raise BadRequest(f"'{action[:40]}' is no action; known: {', '.join(_BULK_ACTIONS)}")
    word = _BULK_ACTIONS[action]
    require(request, "FLOW", word)
    keys = [_key(text) for text in request.POST.getlist("flow")]
    actor = actor_of(request)
    require_on_all(actor, word, keys)
    if action == "delete":
        services.delete_flows(actor=actor, flows=keys)
        told = ngettext("%d flow deleted.", "%d flows deleted.", len(keys))
    else:
        services.set_flows_disabled(actor=actor, flows=keys, is_disabled=action == "disable")
        told = (
            ngettext("%d flow disabled.", "%d flows disabled.", len(keys))
            if action == "disable"
            else ngettext("%d flow enabled.", "%d flows enabled.", len(keys))
        )
    messages.success(request, told % len(keys))
    return go_to(request, own_page(request.POST.get("back", ""), f"/ui/{tenant}/flows"))


def _fields(request: HttpRequest, tenant: str) -> list[FilterField]:
    reach = visible_namespaces(actor_of(request), "FLOW", "LIST", tenant)
    namespaces = [name for name in distinct_namespaces() if reach.covers(name)]
    return [
        FilterField(
            "namespace", _("Namespace"), (Operation.PREFIX, *_TEXT), namespaces, "company.team"
        ),
        FilterField(
            "labels", _("Label"), (Operation.EQUALS, Operation.NOT_EQUALS), hint=_("key:value")
        ),
        FilterField("flowId", _("Flow"), _TEXT),
        FilterField(
            "scope", _("Scope"), (Operation.EQUALS, Operation.NOT_EQUALS), ("USER", "SYSTEM")
        ),
    ]


def _key(text: str) -> tuple[str, str]:
    namespace, _slash, flow_id = text.partition("/")
    return namespace, flow_id
