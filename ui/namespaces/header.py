"""What every page of a namespace has above its content: where it lies, and its tabs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from flows.queries import has_flows
from rbac.queries import allowed
from rest.gate import actor_of
from tenants.errors import NamespaceNotFound
from tenants.models import Namespace
from tenants.names import is_within, parents_of
from tenants.queries import find_namespace, keys_of
from ui.rendering import show_part

_TABS: tuple[tuple[str, Any, str, str], ...] = (
    ("", _("Overview"), "NAMESPACE", "VIEW"),
    ("flows", _("Flows"), "FLOW", "LIST"),
    ("executions", _("Executions"), "EXECUTION", "LIST"),
    ("kv", _("KV store"), "KVSTORE", "LIST"),
    ("files", _("Files"), "FLOW", "VIEW"),
)


@dataclass(frozen=True, slots=True)
class Tab:
    title: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Header:
    """`parents` are names with the last parts that are shown of them."""

    name: str
    label: str
    parents: list[tuple[str, str]]
    tabs: list[Tab]
    is_system: bool


def url_of(tenant: str, namespace: str, tab: str = "") -> str:
    """Of a namespace's page."""
    return f"/ui/{tenant}/namespaces/edit/{namespace}{f'/{tab}' if tab else ''}"


def show_namespace(
    request: HttpRequest,
    tenant: str,
    namespace: str,
    tab: str,
    context: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """The page of a tab; its templates are `namespaces/<tab>.html` and `namespaces/_<tab>.html`.
    Raises NamespaceNotFound for a name where nothing is."""
    row = _row_of(tenant, namespace)
    name = tab or "overview"
    given = {"header": _header(request, tenant, namespace, tab), "namespace": row, **context()}
    return show_part(request, f"namespaces/{name}.html", f"namespaces/_{name}.html", given)


def _row_of(tenant: str, namespace: str) -> Namespace | None:
    """Nothing for one that is there only through what lies in it."""
    try:
        return find_namespace(namespace)
    except NamespaceNotFound:
        if has_flows(tenant, namespace) or keys_of(namespace=namespace):
            return None
        raise


def _header(request: HttpRequest, tenant: str, namespace: str, tab: str) -> Header:
    actor = actor_of(request)
    tabs = [
        Tab(str(title), url_of(tenant, namespace, name), name == tab)
        for name, title, resource, action in _TABS
        if allowed(actor, resource, action, tenant, namespace)
    ]
    parents = [(name, name.rpartition(".")[2]) for name in parents_of(namespace)]
    is_system = is_within(namespace, settings.KESTRA_SYSTEM_NAMESPACE)
    return Header(namespace, namespace.rpartition(".")[2], parents, tabs, is_system)
