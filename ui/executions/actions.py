"""What is done with one execution from its page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from executions import services
from executions.queries.details import get_execution
from executions.queries.evaluation import evaluate
from executions.services.repeating import repeat_execution
from rest.gate import actor_of
from ui.executions.addresses import path_of
from ui.executions.listing import labels_of_form
from ui.executions.shown import ShownExecution, execution_at
from ui.frame import page, require
from ui.messages import is_htmx
from ui.rendering import go_to, show


@page("EXECUTION", "KILL", methods=("POST",))
def kill(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, **_: Any
) -> HttpResponse:
    row = execution_at(namespace, flow_id, execution_id)
    cascade = request.POST.get("scope") != "self"
    services.kill_execution(actor=actor_of(request), execution=row, cascade=cascade)
    messages.success(request, gettext("The execution is being killed."))
    return _head(request, execution_id)


@page("EXECUTION", "CHANGE_LABELS", methods=("POST",))
def set_labels(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, **_: Any
) -> HttpResponse:
    row = execution_at(namespace, flow_id, execution_id)
    services.set_labels(actor=actor_of(request), execution=row, labels=labels_of_form(request))
    messages.success(request, gettext("The labels are set."))
    return _head(request, execution_id)


@page("EXECUTION", "DELETE", methods=("POST",))
def delete(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, **_: Any
) -> HttpResponse:
    """What is ticked goes along: `logs`, `metrics`, `files`."""
    row = execution_at(namespace, flow_id, execution_id)
    scope = services.DeletionScope(
        **{name: name in request.POST for name in ("logs", "metrics", "files")}
    )
    services.delete_execution(actor=actor_of(request), execution=row, scope=scope)
    messages.success(request, gettext("The execution is deleted."))
    return go_to(request, f"/ui/{row.tenant}/executions")


@page("FLOW", "EXECUTE", methods=("POST",))
def execute_again(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, **_: Any
) -> HttpResponse:
    require(request, "EXECUTION", "VIEW", namespace=namespace)
    row = execution_at(namespace, flow_id, execution_id)
    head = repeat_execution(actor=actor_of(request), execution=row)
    messages.success(request, gettext("Execution %s is started.") % head.id[:8])
    return go_to(request, path_of(get_execution(head.id)))


@page("EXECUTION", "VIEW", methods=("POST",))
def evaluate_expression(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, **_: Any
) -> HttpResponse:
    """`expression`, and the task run whose outputs it may name as its own, if any."""
    row = execution_at(namespace, flow_id, execution_id)
    found = evaluate(
        row,
        request.POST.get("expression", ""),
        task_run_id=request.POST.get("task_run") or None,
    )
    return show(request, "executions/_evaluation.html", {"found": found})


def _head(request: HttpRequest, execution_id: str) -> HttpResponse:
    row = get_execution(execution_id)
    if not is_htmx(request):
        return go_to(request, path_of(row))
    shown = ShownExecution(request, row, request.POST.get("tab", ""))
    return show(request, "executions/_head.html", {"shown": shown})
