"""Writing a flow: the editor's page, a new flow, saving, revisions. The editor is a form with a
text area; its script makes more of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from common.errors import BadRequest, Invalid
from flows import services
from flows.queries import StoredFlow, flow_revisions
from flows.services.revising import NewerRevision, revise_flow
from rest.gate import actor_of
from ui.flows.assistance import version_of_types
from ui.flows.frame import FlowPage, flow_url
from ui.frame import page, require
from ui.messages import is_htmx, raise_toasts
from ui.rendering import go_to, show

NEW_FLOW = """\
id: my_flow
namespace: company.team

tasks:
  - id: hello
    type: io.kestra.plugin.core.log.Log
    message: Hello World!
"""


@page("FLOW", "VIEW")
def show_editor(request: HttpRequest, tenant: str, namespace: str, flow_id: str) -> HttpResponse:
    shown = FlowPage(request, tenant, namespace, flow_id)
    return _editor(shown, shown.flow.source)


@page("FLOW", "UPDATE", methods=("POST",))
def save_edited(request: HttpRequest, tenant: str, namespace: str, flow_id: str) -> HttpResponse:
    """`source`, and `revision`, on which it is based; empty: whatever is there is replaced. For
    htmx the event `flow:saved` with the new revision, or `flow:newer` with the present one."""
    source, base = _source(request), _number(request.POST.get("revision", ""))
    try:
        saved = revise_flow(
            actor=actor_of(request), namespace=namespace, flow_id=flow_id, source=source, base=base
        )
    except NewerRevision as error:
        return _refuse_older(request, error, FlowPage(request, tenant, namespace, flow_id), source)
    except Invalid as error:
        if is_htmx(request):
            raise
        shown = FlowPage(request, tenant, namespace, flow_id)
        return _editor(shown, source, base=base, problem=str(error), status=422)
    told = _("Revision %d is saved.") if saved.revision != base else _("Nothing has changed.")
    messages.success(request, told % saved.revision if "%" in told else told)
    if not is_htmx(request):
        return go_to(request, f"{flow_url(tenant, namespace, flow_id)}/editor")
    return trigger_client_event(HttpResponse(), "flow:saved", {"revision": saved.revision})


@page("FLOW", "CREATE", methods=("GET", "POST"))
def write_new(request: HttpRequest, tenant: str) -> HttpResponse:
    if request.method != "POST":
        return _new(request, NEW_FLOW)
    source = _source(request)
    try:
        parsed = services.read_source(source)
        require(request, "FLOW", "CREATE", namespace=parsed.document.namespace)
        saved = services.create_flow(actor=actor_of(request), source=source, parsed=parsed)
    except Invalid as error:
        if is_htmx(request):
            raise
        return _new(request, source, problem=str(error), status=422)
    messages.success(request, _("%s is saved.") % f"{saved.namespace}.{saved.id}")
    return go_to(request, f"{flow_url(tenant, saved.namespace, saved.id)}/editor")


@page("FLOW", "VIEW")
def compare_revisions(
    request: HttpRequest, tenant: str, namespace: str, flow_id: str
) -> HttpResponse:
    """`left` and `right` are revisions; without them the last two."""
    shown = FlowPage(request, tenant, namespace, flow_id)
    revisions = flow_revisions(tenant, namespace, flow_id)[::-1]
    right = _chosen(revisions, request.GET.get("right", ""), 0)
    left = _chosen(revisions, request.GET.get("left", ""), min(1, len(revisions) - 1))
    return shown.show(
        "revisions",
        "flows/revisions.html",
        revisions=revisions,
        left=left,
        right=right,
        sides=(left, right),
    )


@page("FLOW", "VIEW", methods=("POST",))
def restore_revision(
    request: HttpRequest, tenant: str, namespace: str, flow_id: str
) -> HttpResponse:
    """Makes `revision` the latest again, as a new one; a deleted flow is there again."""
    shown = FlowPage(request, tenant, namespace, flow_id)
    require(request, "FLOW", "CREATE" if shown.flow.is_deleted else "UPDATE", namespace=namespace)
    number = _number(request.POST.get("revision", ""))
    if number is None:
        raise BadRequest("the field `revision` is missing: which revision is to come back?")
    parsed = services.read_source(shown.revision(number).source)
    saved = services.save_flow(actor=actor_of(request), parsed=parsed)
    told = _("Revision %(old)d is back, as revision %(new)d.")
    messages.success(request, told % {"old": number, "new": saved.revision})
    return go_to(request, f"{shown.url}/revisions")


def _editor(
    shown: FlowPage, source: str, *, base: int | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    flow = shown.flow
    response = shown.show(
        "editor",
        "flows/editor.html",
        source=source,
        revision=base or flow.revision,
        problem=problem,
        save_url=f"{shown.url}/editor/save",
        draft=f"{shown.tenant}/{flow.namespace}/{flow.id}",
        types_version=version_of_types(),
    )
    response.status_code = status
    return response


def _new(
    request: HttpRequest, source: str, *, problem: str = "", status: int = 200
) -> HttpResponse:
    tenant = request.resolver_match.kwargs["tenant"] if request.resolver_match else ""
    context: dict[str, Any] = {
        "source": source,
        "problem": problem,
        "revision": "",
        "may_change": True,
        "save_url": request.path,
        "draft": f"{tenant}/",
        "types_version": version_of_types(),
    }
    return show(request, "flows/new.html", context, status=status)


def _refuse_older(
    request: HttpRequest, error: NewerRevision, shown: FlowPage, source: str
) -> HttpResponse:
    if not is_htmx(request):
        return _editor(shown, source, base=error.present, problem=str(error), status=409)
    response = HttpResponse(status=409)
    raise_toasts(response, [{"level": "error", "text": f"{error}."}])
    told = {"revision": error.present, "by": error.saved_by}
    return trigger_client_event(response, "flow:newer", told)


def _source(request: HttpRequest) -> str:
    """Browsers send CR LF from text areas."""
    source = request.POST.get("source", "").replace("\r\n", "\n")
    if not source.strip():
        raise Invalid("the source is empty")
    return source


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(f"revision: '{text[:40]}' is not a number from 1")
    return int(text)


def _chosen(revisions: list[StoredFlow], text: str, otherwise: int) -> StoredFlow:
    """Of the address, else the one at that place."""
    number = _number(text)
    found = [each for each in revisions if each.revision == number]
    return found[0] if found else revisions[otherwise]
