"""The list of types, and the page of one."""

from django.http import HttpRequest, HttpResponse

from plugins.registry import installed_registry
from rest.permissions import SIGNED_IN
from ui.frame import page
from ui.plugins.catalogue import groups, type_page
from ui.rendering import go_to, show, show_part


@page(SIGNED_IN)
def list_plugins(request: HttpRequest, tenant: str) -> HttpResponse:
    text = request.GET.get("q", "")
    found = groups(text)
    context = {"groups": found, "text": text, "number": sum(len(each.types) for each in found)}
    return show_part(request, "plugins/list.html", "plugins/_groups.html", context)


@page(SIGNED_IN)
def show_plugin(request: HttpRequest, tenant: str, name: str) -> HttpResponse:
    """An older name leads to the present one. Raises UnknownType."""
    present = installed_registry().canonical_name(name)
    if present != name:
        return go_to(request, f"/ui/{tenant}/plugins/{present}")
    return show(request, "plugins/type.html", {"type": type_page(present)})
