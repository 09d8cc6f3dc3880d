"""The tab of keys: the list, the drawer in which one is written, deletion."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.errors import BadRequest
from rbac.queries import allowed
from rest.filters import Operation
from rest.gate import actor_of
from tenants import services
from tenants.api.filters import KEY_SORT, KeyFilters
from tenants.choices import ValueType
from tenants.queries import get_key, listed_keys
from ui.frame import page
from ui.lists import Column, FilterField, Listing
from ui.namespaces.forms import KeyForm
from ui.namespaces.header import show_namespace, url_of
from ui.rendering import go_to, show

COLUMNS = (
    Column(_("Key"), "key"),
    Column(_("Type")),
    Column(_("Updated"), "updated", "cell-wide"),
    Column(_("Expires"), "expirationDate"),
    Column(_("Revision"), css="cell-desk cell-number"),
)
_KEY = FilterField("key", _("Key"), (Operation.CONTAINS, Operation.STARTS_WITH, Operation.EQUALS))


@page("KVSTORE", "LIST")
def list_keys(request: HttpRequest, tenant: str, namespace: str) -> HttpResponse:
    def context() -> dict[str, Any]:
        actor = actor_of(request)
        rows = listed_keys().filter(namespace=namespace)
        listing = Listing.of(
            request,
            KeyFilters.apply(rows, request.GET),
            fields=(_KEY,),
            columns=COLUMNS,
            sortable=KEY_SORT,
            default=("key",),
        )
        may = {
            word.lower(): allowed(actor, "KVSTORE", word, tenant, namespace)
            for word in ("CREATE", "UPDATE", "DELETE", "VIEW")
        }
        return {"listing": listing, "may": may}

    return show_namespace(request, tenant, namespace, "kv", context)


@page("KVSTORE", "VIEW")
def show_key_form(request: HttpRequest, tenant: str, namespace: str) -> HttpResponse:
    """The content of the drawer: `key` for one that is there; `type` for another field."""
    key, kind = request.GET.get("key", ""), request.GET.get("type", "")
    if key and not kind:
        form = KeyForm.of_row(get_key(namespace=namespace, key=key))
    else:
        form = KeyForm.of_query(request.GET)
    return _drawer(request, tenant, namespace, form)


@page("KVSTORE", ["CREATE", "UPDATE"], methods=("POST",))
def save_key(request: HttpRequest, tenant: str, namespace: str) -> HttpResponse:
    """What does not hold comes back in the drawer, said at its field."""
    form = KeyForm.of_query(request.POST)
    row = form.save(request, namespace)
    if row is None:
        return _drawer(request, tenant, namespace, form)
    messages.success(request, _("Key %s is saved.") % row.key)
    return go_to(request, url_of(tenant, namespace, "kv"))


@page("KVSTORE", "DELETE", methods=("POST",))
def delete_keys(request: HttpRequest, tenant: str, namespace: str) -> HttpResponse:
    """`key` for each."""
    keys = request.POST.getlist("key")
    if not keys:
        raise BadRequest("no key is named; select some")
    deleted = services.delete_keys(actor=actor_of(request), namespace=namespace, keys=keys)
    told = ngettext("%d key deleted.", "%d keys deleted.", len(deleted)) % len(deleted)
    messages.success(request, told)
    return go_to(request, url_of(tenant, namespace, "kv"))


def _drawer(request: HttpRequest, tenant: str, namespace: str, form: KeyForm) -> HttpResponse:
    context = {"form": form, "types": ValueType.values, "url": url_of(tenant, namespace, "kv")}
    return show(request, "namespaces/_key_form.html", context)
