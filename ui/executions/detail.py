"""The page of an execution: a tab is an address below it, and htmx asks for its parts."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from executions.models import Execution
from executions.queries.failures import failure_of
from executions.queries.logs import metrics_of
from plugins.contracts.state import State
from rest.pagination import SortColumns
from ui.executions.shown import ShownExecution, execution_at
from ui.executions.trees import LINES_AT_MOST, lines_of
from ui.frame import page
from ui.lists import Column, Listing
from ui.rendering import show, show_part
from ui.states import STATE_WORDS

_FAILURES = (State.FAILED, State.WARNING, State.KILLED)
_METRIC_COLUMNS = (
    Column(_("Task"), "taskId"),
    Column(_("Name"), "name"),
    Column(_("Type"), "type", "cell-wide"),
    Column(_("Value"), "value", "cell-number"),
    Column(_("Tags"), css="cell-desk"),
    Column(_("Time"), "timestamp", "cell-wide"),
)
_METRIC_SORT: SortColumns = {
    "timestamp": "timestamp",
    "name": "name",
    "value": "value",
    "type": "kind",
    "taskId": "task_id",
}


@page("EXECUTION", "VIEW")
def show_overview(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, **_: Any
) -> HttpResponse:
    row = execution_at(namespace, flow_id, execution_id)
    shown = ShownExecution(request, row)
    context = {"shown": shown, **_overview(shown)}
    return show_part(request, "executions/overview.html", "executions/_overview.html", context)


@page("EXECUTION", "VIEW")
def show_head(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, tab: str, **_: Any
) -> HttpResponse:
    """State, facts and actions above the tabs, as they are now."""
    row = execution_at(namespace, flow_id, execution_id)
    tab = "" if tab == "overview" else tab
    return show(request, "executions/_head.html", {"shown": ShownExecution(request, row, tab)})


@page("EXECUTION", "ACCESS_LOGS")
def show_logs(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, **_: Any
) -> HttpResponse:
    row = execution_at(namespace, flow_id, execution_id)
    return show(request, "executions/logs.html", {"shown": ShownExecution(request, row, "logs")})


@page("EXECUTION", "VIEW")
def show_gantt(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, **_: Any
) -> HttpResponse:
    row = execution_at(namespace, flow_id, execution_id)
    context = {"shown": ShownExecution(request, row, "gantt"), "states": list(STATE_WORDS)}
    return show(request, "executions/gantt.html", context)


@page("EXECUTION", "VIEW")
def show_topology(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, **_: Any
) -> HttpResponse:
    row = execution_at(namespace, flow_id, execution_id)
    context = {"shown": ShownExecution(request, row, "topology"), "states": list(STATE_WORDS)}
    return show(request, "executions/topology.html", context)


@page("EXECUTION", "ACCESS_OUTPUTS")
def show_outputs(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, **_: Any
) -> HttpResponse:
    row = execution_at(namespace, flow_id, execution_id)
    context = {"shown": ShownExecution(request, row, "outputs")}
    return show(request, "executions/outputs.html", context)


@page("EXECUTION", "VIEW")
def show_metrics(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, **_: Any
) -> HttpResponse:
    row = execution_at(namespace, flow_id, execution_id)
    listing = _metrics(request, row)
    context = {"shown": ShownExecution(request, row, "metrics"), "listing": listing}
    return show_part(request, "executions/metrics.html", "executions/_metrics.html", context)


def _metrics(request: HttpRequest, row: Execution) -> Listing:
    text = request.GET.get("q", "").replace("\x00", "").strip()
    rows = metrics_of(row)
    if text:
        rows = rows.filter(name__icontains=text) | rows.filter(task_id__icontains=text)
    return Listing.of(
        request,
        rows,
        fields=(),
        columns=_METRIC_COLUMNS,
        sortable=_METRIC_SORT,
        default=("timestamp",),
    )


def _overview(shown: ShownExecution) -> Mapping[str, Any]:
    row = shown.row
    trees = [
        (str(title), lines)
        for title, lines in (
            (_("Inputs"), lines_of(row.inputs, "inputs")),
            (_("Trigger"), lines_of(row.trigger, "trigger")),
            (_("Variables"), lines_of(row.variables, "vars")),
            (
                _("Outputs"),
                lines_of(row.outputs, "outputs") if shown.may["read_outputs"] else [],
            ),
        )
        if lines
    ]
    may_say_why = row.state in _FAILURES and shown.may["read_logs"]
    return {
        "failure": failure_of(row) if may_say_why else None,
        "trees": trees,
        "lines_at_most": LINES_AT_MOST,
    }
