"""Home: the first page of whoever comes in, and the welcome while there is no flow."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from common.errors import Forbidden, Unauthorized
from flows import services
from flows.queries import present_flows
from rbac.queries import allowed, tenants_of
from rbac.services.setup import is_set_up
from rest.gate import actor_of, credentials_of, current_gate
from rest.permissions import OPEN, SIGNED_IN
from ui.frame import page, require
from ui.rendering import go_to, show
from ui.shell.context import Shell

LAST_TENANT = "tenant"
FIRST_FLOW = """\
id: hello_world
namespace: company.team
description: Greets whoever starts it.

inputs:
  - id: name
    type: STRING
    defaults: world

tasks:
  - id: hello
    type: io.kestra.plugin.core.log.Log
    message: "Hello, {{ inputs.name }}!"
"""


@page(OPEN)
def show_home(request: HttpRequest) -> HttpResponse:
    """To the set-up while there is no user, else to the tenant where the caller was last."""
    if not is_set_up():
        return go_to(request, "/ui/setup")
    identity = current_gate().identify(credentials_of(request))
    if not identity.is_authenticated:
        raise Unauthorized
    tenants = tenants_of(identity.actor)
    if not tenants:
        raise Forbidden("you belong to no tenant yet; ask an administrator to add you to one")
    last = request.COOKIES.get(LAST_TENANT, "")
    return go_to(request, f"/ui/{last if last in tenants else next(iter(tenants))}/")


@page(SIGNED_IN)
def show_tenant(request: HttpRequest, tenant: str) -> HttpResponse:
    """The first page that the caller may open; the welcome while the tenant has no flow."""
    actor = actor_of(request)
    may_create = allowed(actor, "FLOW", "CREATE", tenant)
    if may_create and not present_flows().exists():
        response = go_to(request, f"/ui/{tenant}/welcome")
    else:
        lines = [line for _, lines in Shell(request).groups for line in lines]
        if not lines:
            raise Forbidden(
                "no page of this tenant is open to you; ask an administrator for a role"
            )
        response = go_to(request, lines[0].url)
    response.set_cookie(LAST_TENANT, tenant, max_age=31_536_000, path="/ui", samesite="Lax")
    return response


@page("FLOW", "CREATE")
def show_welcome(request: HttpRequest, **_: Any) -> HttpResponse:
    return show(request, "home/welcome.html", {"source": FIRST_FLOW})


@page("FLOW", "CREATE", methods=("POST",))
def save_first_flow(request: HttpRequest, tenant: str) -> HttpResponse:
    source = request.POST.get("source", "").replace("\r\n", "\n")
    parsed = services.read_source(source)
    require(request, "FLOW", "CREATE", namespace=parsed.document.namespace)
    saved = services.create_flow(actor=actor_of(request), source=source, parsed=parsed)
    messages.success(request, gettext("%s is saved.") % f"{saved.namespace}.{saved.id}")
    return go_to(request, f"/ui/{tenant}/flows")
