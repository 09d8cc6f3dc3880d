"""Reading namespaces, and what a namespace takes over from its parents."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from tenants.errors import NamespaceNotAllowed, NamespaceNotFound
from tenants.limits import MAX_LISTED_NAMESPACES
from tenants.models import Namespace
from tenants.names import check_namespace_id, line_of, parents_of


def listed_namespaces(*, existing_only: bool = False) -> QuerySet[Namespace]:
    """`existing_only` leaves out those that exist only as parents or through flows."""
    rows = Namespace.objects.all()
    return rows.filter(is_declared=True) if existing_only else rows


def namespace_names(
    *, q: str = "", ids: Sequence[str] = (), existing_only: bool = False
) -> list[str]:
    """For autocompletion: those named in `ids` and those that hold the text `q`; all if nothing
    is asked for."""
    rows = listed_namespaces(existing_only=existing_only)
    wanted = Q(name__in=ids)
    if q or not ids:
        wanted |= Q(name__icontains=q)
    return list(
        rows.filter(wanted).order_by("name").values_list("name", flat=True)[:MAX_LISTED_NAMESPACES]
    )


def find_namespace(name: str) -> Namespace:
    """Raises NamespaceNotFound for one that is nowhere."""
    row = Namespace.objects.filter(name=name).first()
    if row is None:
        raise NamespaceNotFound(f"Namespace '{name}' does not exist", namespace=name)
    return row


def inherited_variables(name: str) -> dict[str, Mapping[str, Any]]:
    """Parent → its variables, outermost first; parents without any are left out."""
    check_namespace_id(name, path="namespace")
    return _variables(parents_of(name))


def merged_variables(name: str) -> dict[str, Any]:
    """What `{{ namespace.x }}` reads: variables of all parents with the nearer laid over the
    farther, maps within maps too. One query."""
    merged: dict[str, Any] = {}
    for variables in _variables(line_of(name)).values():
        merged = _overlaid(merged, variables)
    return merged


def plugin_defaults_of(name: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """(namespace, its plugin defaults), outermost first. One query."""
    line = line_of(name)
    rows = _settings_of(line, "plugin_defaults")
    found: dict[str, Any] = {row.name: row.plugin_defaults for row in rows}
    return [(each, found[each]) for each in line if found.get(each)]


def is_allowed_namespace(namespace: str, *, from_namespace: str) -> bool:
    """Whether flows of `from_namespace` may use flows, keys and files of `namespace`: yes unless it
    lists others. The names in the list are meant exactly, not with what is below them."""
    if namespace == from_namespace:
        return True
    row = Namespace.objects.filter(name=namespace).only("allowed_namespaces").first()
    return row is None or not row.allowed_namespaces or from_namespace in row.allowed_namespaces


def require_allowed_namespace(namespace: str, *, from_namespace: str) -> None:
    """Raises NamespaceNotAllowed."""
    if not is_allowed_namespace(namespace, from_namespace=from_namespace):
        raise NamespaceNotAllowed(
            f"Namespace '{namespace}' does not allow its use from namespace '{from_namespace}'",
            namespace=namespace,
            from_namespace=from_namespace,
        )


def _variables(names: list[str]) -> dict[str, Mapping[str, Any]]:
    rows = _settings_of(names, "variables")
    found: dict[str, Any] = {row.name: row.variables for row in rows}
    return {name: found[name] for name in names if found.get(name)}


def _settings_of(names: Sequence[str], column: str) -> QuerySet[Namespace]:
    rows = Namespace.objects.filter(name__in=names).exclude(**{column: None})
    return rows.only("name", column)


def _overlaid(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        lower = merged.get(key)
        if isinstance(lower, Mapping) and isinstance(value, Mapping):
            merged[key] = _overlaid(lower, value)
        else:
            merged[key] = value
    return merged
