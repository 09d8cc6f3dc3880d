"""The list of executions, and what is done with several of them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Coalesce, Now
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.errors import BadRequest
from executions import services
from executions.api.access import require_on_all, visible_executions
from executions.api.bodies import read_labels
from executions.api.filters import EXECUTION_ORDER, EXECUTION_SORT, ExecutionFilters
from executions.errors import BulkRefused
from executions.models import Execution
from executions.queries.details import executions_by_ids, present_executions
from flows.queries import distinct_namespaces
from plugins.contracts.state import State
from rbac.queries import allowed, visible_namespaces
from rest.filters import Operation
from rest.gate import actor_of
from ui.executions.rows import execution_rows
from ui.frame import page, require
from ui.lists import Column, FilterField, Listing
from ui.rendering import go_to, own_page, show_part

_TEXT = (Operation.CONTAINS, Operation.EQUALS, Operation.STARTS_WITH, Operation.NOT_CONTAINS)
_CHOICE = (Operation.IN, Operation.EQUALS, Operation.NOT_EQUALS, Operation.NOT_IN)
_SPAN = (Operation.GREATER_THAN_OR_EQUAL_TO, Operation.LESS_THAN_OR_EQUAL_TO)
_RANGES = ("PT5M", "PT15M", "PT1H", "PT12H", "P1D", "P2D", "P7D", "P30D", "P90D", "P365D")
COLUMNS = (
    Column(_("Id"), "id"),
    Column(_("State"), "state.current"),
    Column(_("Flow"), "flowId", "cell-wide"),
    Column(_("Namespace"), "namespace", "cell-desk"),
    Column(_("Started"), "state.startDate"),
    Column(_("Ended"), "state.endDate", "cell-desk"),
    Column(_("Duration"), "state.duration", "cell-wide cell-number"),
    Column(_("Labels"), css="cell-desk"),
    Column(_("Last task"), css="cell-desk"),
    Column(_("Inputs"), css="cell-desk"),
    Column(_("Revision"), "flowRevision", "cell-desk cell-number"),
)
_BULK_ACTIONS = {"kill": "KILL", "labels": "CHANGE_LABELS", "delete": "DELETE"}


@page("EXECUTION", "LIST")
def list_executions(request: HttpRequest, tenant: str) -> HttpResponse:
    actor = actor_of(request)
    listing = Listing.of(
        request,
        with_duration(ExecutionFilters.apply(visible_executions(actor, "LIST"), request.GET)),
        fields=_fields(request, tenant),
        columns=COLUMNS,
        sortable=EXECUTION_SORT,
        default=EXECUTION_ORDER,
    )
    rows = execution_rows(listing.rows)
    context = {
        "listing": listing,
        "rows": rows,
        "is_live": any(row.is_running for row in rows) or listing.page == 1,
        "may": {name: allowed(actor, "EXECUTION", word, tenant) for name, word in _ACTS},
        "is_empty": not listing.is_filtered and not present_executions().exists(),
    }
    return show_part(request, "executions/list.html", "executions/_list.html", context)


_ACTS = tuple(_BULK_ACTIONS.items())


def with_duration(rows: QuerySet[Execution]) -> QuerySet[Execution]:
    """With the column that `state.duration` sorts by."""
    lasted = Coalesce(F("ended_at"), Now()) - F("started_at")
    return rows.annotate(duration=ExpressionWrapper(lasted, output_field=DurationField()))


@page("EXECUTION", "LIST", methods=("POST",))
def change_executions(request: HttpRequest, tenant: str) -> HttpResponse:
    """The bulk bar: `action`, `execution` for each id, and `labels` as `key:value` lines. All or
    none; of those that are refused it is said which, and why."""
    action = request.POST.get("action", "")
    if action not in _BULK_ACTIONS:
        raise BadRequest(f"'{action[:40]}' is no action; known: {', '.join(_BULK_ACTIONS)}")
    word = _BULK_ACTIONS[action]
    require(request, "EXECUTION", word)
    ids = list(dict.fromkeys(request.POST.getlist("execution")))
    require_on_all(actor_of(request), word, executions_by_ids(ids))
    try:
        messages.success(request, _act(request, action, ids))
    except BulkRefused as error:
        raise BadRequest(_refusal(error)) from error
    return go_to(request, own_page(request.POST.get("back", ""), f"/ui/{tenant}/executions"))


def _act(request: HttpRequest, action: str, ids: Sequence[str]) -> str:
    """What was done, in words."""
    actor = actor_of(request)
    if action == "kill":
        count = services.kill_executions(actor=actor, ids=ids)
        return ngettext("%d execution is killed.", "%d executions are killed.", count) % count
    if action == "delete":
        count = services.delete_executions(actor=actor, ids=ids)
        return ngettext("%d execution deleted.", "%d executions deleted.", count) % count
    labels = labels_of_form(request)
    count = services.set_labels_on_many(actor=actor, ids=ids, labels=labels)
    return ngettext("%d execution labelled.", "%d executions labelled.", count) % count


def labels_of_form(request: HttpRequest) -> list[tuple[str, str]]:
    """The field `labels`, one `key:value` a line. Raises Invalid."""
    lines = request.POST.get("labels", "").splitlines()
    return read_labels([line.strip() for line in lines if line.strip()])


def _refusal(error: BulkRefused) -> str:
    told = [f"{key}: {reason}" for key, reason in error.reasons.items()]
    return "\n".join([f"{error.message}, nothing was done", *told])


def _fields(request: HttpRequest, tenant: str) -> list[FilterField]:
    reach = visible_namespaces(actor_of(request), "EXECUTION", "LIST", tenant)
    namespaces = [name for name in distinct_namespaces() if reach.covers(name)]
    states: list[Any] = [state.value for state in State]
    return [
        FilterField("state", _("State"), _CHOICE, states, "FAILED,KILLED"),
        FilterField(
            "namespace", _("Namespace"), (Operation.PREFIX, *_TEXT), namespaces, "company.team"
        ),
        FilterField("flowId", _("Flow"), _TEXT),
        FilterField(
            "labels", _("Label"), (Operation.EQUALS, Operation.NOT_EQUALS), hint=_("key:value")
        ),
        FilterField("timeRange", _("Started within"), (Operation.EQUALS,), _RANGES, "P1D"),
        FilterField("startDate", _("Started"), _SPAN, hint="2026-01-31T08:00:00Z"),
        FilterField("endDate", _("Ended"), _SPAN, hint="2026-01-31T08:00:00Z"),
        FilterField("childFilter", _("Kind"), (Operation.EQUALS,), ("MAIN", "CHILD")),
        FilterField("triggerId", _("Trigger"), _TEXT),
        FilterField(
            "scope", _("Scope"), (Operation.EQUALS, Operation.NOT_EQUALS), ("USER", "SYSTEM")
        ),
    ]
