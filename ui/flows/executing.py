"""The execute dialog: a form made from the inputs of a flow, and the start."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from common.errors import Conflict, Invalid
from executions.api.bodies import read_labels
from executions.api.serializers import page_url
from executions.errors import FlowDisabled
from executions.rendering import render_input
from executions.services import StartRequest, start_execution
from flows.cache import compiled_flow
from flows.errors import FlowNotFound
from flows.inputs import resolve_inputs
from flows.schema import FlowDocument
from rest.gate import actor_of
from ui.flows.fields import fields_of, given_files, given_values
from ui.flows.frame import FlowPage
from ui.frame import page
from ui.rendering import go_to

_TEMPLATES = ("flows/execute.html", "flows/_execute.html")
_INPUT = "inputs."


@page("FLOW", "EXECUTE", methods=("GET", "POST"))
def execute_flow(request: HttpRequest, tenant: str, namespace: str, flow_id: str) -> HttpResponse:
    """The form; sent, it starts the flow and leads to the execution. With `look` in what was sent
    the form is only shown again, as conditions between inputs may have changed it."""
    shown = FlowPage(request, tenant, namespace, flow_id)
    if shown.flow.is_deleted:
        raise FlowNotFound(f"Flow '{namespace}.{flow_id}' does not exist")
    if shown.flow.is_disabled:
        raise FlowDisabled
    document = compiled_flow(tenant, namespace, flow_id, shown.flow.revision)
    if request.method != "POST":
        return _form(shown, document, None)
    values = given_values(document, request.POST)
    if "look" in request.POST:
        return _form(shown, document, values, is_judged=False)
    return _start(shown, document, values)


def _start(shown: FlowPage, document: FlowDocument, values: dict[str, Any]) -> HttpResponse:
    request = shown.request
    files = given_files(document, request.FILES)
    resolved = resolve_inputs(document, values, render=render_input, files=files)
    if any(item.errors for item in resolved):
        return _form(shown, document, values, files=files)
    try:
        wanted = StartRequest(
            namespace=shown.flow.namespace,
            flow_id=shown.flow.id,
            revision=shown.flow.revision,
            inputs=values,
            files=files,
            labels=read_labels(request.POST.get("labels", "").replace(",", " ").split()),
            schedule_date=_moment(request.POST.get("scheduleDate", "")),
        )
        head = start_execution(
            actor=actor_of(request), tenant=shown.tenant, request=wanted, flow=shown.flow
        )
    except Invalid as error:
        return _form(shown, document, values, files=files, refusal=error)
    except Conflict as error:
        return _form(shown, document, values, files=files, refusal=Invalid(str(error)))
    return go_to(request, urlsplit(page_url(head)).path)


def _form(
    shown: FlowPage,
    document: FlowDocument,
    values: dict[str, Any] | None,
    *,
    files: dict[str, Any] | None = None,
    refusal: Invalid | None = None,
    is_judged: bool = True,
) -> HttpResponse:
    """`values` None: as nobody has seen it yet."""
    resolved = resolve_inputs(document, values or {}, render=render_input, files=files)
    refused = {
        each.path.removeprefix(_INPUT): each.message
        for each in (refusal.violations if refusal else ())
        if each.path.startswith(_INPUT)
    }
    fields = fields_of(resolved, values, refused)
    is_conditional = any(item.depends_on and item.depends_on.condition for item in document.inputs)
    return shown.show(
        "",
        *_TEMPLATES,
        fields=fields,
        is_judged=is_judged,
        is_conditional=is_conditional,
        refusal="" if refused or refusal is None else str(refusal),
        curl=_curl(shown),
        labels=shown.request.POST.get("labels", ""),
        schedule_date=shown.request.POST.get("scheduleDate", ""),
    )


def _moment(text: str) -> datetime | None:
    """In the caller's time zone. Raises Invalid."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(_("The date to start at is not a date and time.")) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=get_current_timezone())


def _curl(shown: FlowPage) -> str:
    flow = shown.flow
    address = shown.request.build_absolute_uri(
        f"/api/v1/{shown.tenant}/executions/{flow.namespace}/{flow.id}"
    )
    parts = [
        f"-F '{item.get('id') or item.get('name')}=…'"
        for item in flow.definition.get("inputs") or ()
    ]
    return " \\\n  ".join([f"curl -X POST -u user:password '{address}'", *parts])
