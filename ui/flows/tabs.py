"""The pages of one flow that only show: overview, topology, executions, logs."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid
from executions.api.access import visible_executions, visible_rows
from executions.api.filters import EXECUTION_SORT, LOG_SORT, ExecutionFilters, LogFilters
from executions.choices import LogLevel
from executions.models import LogEntry
from flows.api.serializers import graph_shape, label_pairs
from flows.cache import compiled_flow
from flows.graph import graph_of
from plugins.contracts.state import State
from rest.filters import Operation
from rest.gate import actor_of
from ui.flows.answers import answer_json
from ui.flows.frame import FlowPage
from ui.flows.rows import RECENT_RUNS, recent_bars
from ui.frame import page, require
from ui.lists import Column, FilterField, Listing

LAST_RUNS = 8
_RUN_COLUMNS = (
    Column(_("Execution"), "id"),
    Column(_("State"), "state.current"),
    Column(_("Started"), "state.startDate"),
    Column(_("Duration"), "state.duration", "cell-wide"),
    Column(_("Labels"), css="cell-desk"),
    Column(_("Revision"), "flowRevision", "cell-desk cell-number"),
)
_RUN_FIELDS = (
    FilterField(
        "state",
        _("State"),
        (Operation.EQUALS, Operation.NOT_EQUALS),
        tuple(state.value for state in State),
    ),
    FilterField("labels", _("Label"), (Operation.EQUALS, Operation.NOT_EQUALS), hint="key:value"),
)
_LOG_COLUMNS = (
    Column(_("Time"), "timestamp"),
    Column(_("Level"), "level"),
    Column(_("Task"), "taskId", "cell-wide"),
    Column(_("Message")),
)
_LOG_FIELDS = (
    FilterField("minLevel", _("Least level"), (Operation.EQUALS,), tuple(LogLevel.values)),
    FilterField("taskId", _("Task"), (Operation.EQUALS, Operation.CONTAINS)),
    FilterField("executionId", _("Execution"), (Operation.EQUALS,)),
)


@page("FLOW", "VIEW")
def show_overview(request: HttpRequest, tenant: str, namespace: str, flow_id: str) -> HttpResponse:
    shown = FlowPage(request, tenant, namespace, flow_id)
    runs = []
    sees_runs = shown.may("EXECUTION", "LIST")
    if sees_runs:
        rows = visible_executions(actor_of(request), "LIST")
        found = rows.filter(namespace=namespace, flow_id=flow_id).order_by("-created_at")
        runs = list(found[:RECENT_RUNS])
    definition = shown.flow.definition
    return shown.show(
        "",
        "flows/overview.html",
        runs=recent_bars(runs[:LAST_RUNS]),
        bars=recent_bars(runs[::-1]),
        sees_runs=sees_runs,
        labels=label_pairs(definition.get("labels")),
        triggers=definition.get("triggers") or (),
        inputs=[
            (each.get("id") or each.get("name"), each.get("type"))
            for each in definition.get("inputs") or ()
        ],
        description=definition.get("description") or "",
    )


@page("FLOW", "VIEW")
def show_topology(request: HttpRequest, tenant: str, namespace: str, flow_id: str) -> HttpResponse:
    return FlowPage(request, tenant, namespace, flow_id).show("topology", "flows/topology.html")


@page("FLOW", "VIEW")
def give_graph(request: HttpRequest, tenant: str, namespace: str, flow_id: str) -> HttpResponse:
    """FlowGraph of the latest revision, or of `?revision=`. Raises Invalid."""
    text = request.GET.get("revision", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(f"revision: '{text[:40]}' is not a number from 1")
    shown = FlowPage(request, tenant, namespace, flow_id)
    flow = shown.revision(int(text)) if text else shown.flow
    document = compiled_flow(tenant, namespace, flow_id, flow.revision)
    return answer_json(graph_shape(graph_of(document, source=flow.definition)))


@page("EXECUTION", "LIST")
def list_runs(request: HttpRequest, tenant: str, namespace: str, flow_id: str) -> HttpResponse:
    require(request, "FLOW", "VIEW", namespace=namespace)
    shown = FlowPage(request, tenant, namespace, flow_id)
    rows = visible_executions(actor_of(request), "LIST")
    rows = rows.filter(namespace=namespace, flow_id=flow_id)
    listing = Listing.of(
        request,
        ExecutionFilters.apply(rows, request.GET),
        fields=_RUN_FIELDS,
        columns=_RUN_COLUMNS,
        sortable=EXECUTION_SORT,
        default=("-created_at",),
    )
    pairs = zip(listing.rows, recent_bars(listing.rows), strict=True)
    return shown.show(
        "executions", "flows/runs.html", "flows/_runs.html", listing=listing, rows=list(pairs)
    )


@page("EXECUTION", "LIST")
def list_logs(request: HttpRequest, tenant: str, namespace: str, flow_id: str) -> HttpResponse:
    require(request, "FLOW", "VIEW", namespace=namespace)
    shown = FlowPage(request, tenant, namespace, flow_id)
    rows = visible_rows(actor_of(request), "LIST", LogEntry.objects.all())
    rows = rows.filter(namespace=namespace, flow_id=flow_id)
    listing = Listing.of(
        request,
        LogFilters.apply(rows, request.GET),
        fields=_LOG_FIELDS,
        columns=_LOG_COLUMNS,
        sortable=LOG_SORT,
        default=("-timestamp",),
    )
    return shown.show("logs", "flows/logs.html", "flows/_logs.html", listing=listing)
