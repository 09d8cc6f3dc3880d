"""Lists of flows: rows with their current revision, namespaces, the source search."""

import re
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from common.tenancy import tenant_scope
from flows.errors import FlowNotFound
from flows.models import Flow
from flows.queries.stored import StoredFlow, stored_flow

CONTEXT_CHARACTERS = 60
MAX_FRAGMENTS = 5


def present_flows() -> QuerySet[Flow]:
    """Flows of the current tenant that are not deleted; their revisions come along."""
    return Flow.objects.filter(is_deleted=False).select_related("current")


def flows_of_namespace(namespace: str) -> list[StoredFlow]:
    rows = present_flows().filter(namespace=namespace).order_by("flow_id")
    return [stored_flow(row.current) for row in rows]


def flows_by_ids(ids: Sequence[tuple[str, str]]) -> list[StoredFlow]:
    """In the order asked. Raises FlowNotFound if one is not there."""
    found = {(row.namespace, row.flow_id): row for row in _among(present_flows(), ids)}
    for key in ids:
        if key not in found:
            raise FlowNotFound(f"Flow '{key[0]}.{key[1]}' does not exist", flow=key)
    return [stored_flow(found[key].current) for key in ids]


def existing_ids(ids: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    rows = _among(Flow.objects.filter(is_deleted=False), ids)
    return set(rows.values_list("namespace", "flow_id"))


def _among(rows: QuerySet[Flow], ids: Sequence[tuple[str, str]]) -> QuerySet[Flow]:
    by_namespace: dict[str, list[str]] = {}
    for namespace, flow_id in ids:
        by_namespace.setdefault(namespace, []).append(flow_id)
    condition = Q(pk__in=())
    for namespace, names in by_namespace.items():
        condition |= Q(namespace=namespace, flow_id__in=names)
    return rows.filter(condition)


def distinct_namespaces(*, containing: str = "") -> list[str]:
    rows = Flow.objects.filter(is_deleted=False)
    if containing:
        rows = rows.filter(namespace__icontains=containing)
    return list(rows.values_list("namespace", flat=True).distinct().order_by("namespace"))


def has_flows(tenant: str, namespace: str) -> bool:
    """Whether a flow lives in exactly that namespace."""
    with tenant_scope(tenant):
        return Flow.objects.filter(namespace=namespace, is_deleted=False).exists()


def flows_with_text(text: str, *, namespace: str | None = None) -> QuerySet[Flow]:
    """Flows whose source holds the text, without case."""
    rows = present_flows()
    if text:
        rows = rows.filter(current__source__icontains=text)
    if namespace:
        rows = rows.filter(Q(namespace=namespace) | Q(namespace__startswith=f"{namespace}."))
    return rows


def fragments_of(source: str, text: str) -> tuple[str, ...]:
    """Where the text stands, between [mark] and [/mark], with a little around it."""
    if not text:
        return ()
    pattern = re.compile(re.escape(text), re.IGNORECASE)
    fragments = []
    for match in _few(pattern.finditer(source)):
        before = source[max(0, match.start() - CONTEXT_CHARACTERS) : match.start()]
        after = source[match.end() : match.end() + CONTEXT_CHARACTERS]
        fragments.append(f"{before}[mark]{match[0]}[/mark]{after}")
    return tuple(fragments)


def _few(matches: Iterable[re.Match[str]]) -> Iterable[re.Match[str]]:
    for _, match in zip(range(MAX_FRAGMENTS), matches, strict=False):
        yield match
