"""Flows that hang on each other, as a graph."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from flows.choices import LinkKind
from flows.models import Flow, FlowLink

MAX_FLOWS = 1_000

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Dependency:
    """`source` starts `target` by a task, or `target` follows `source` by a trigger."""

    source: Key
    target: Key
    kind: LinkKind


@dataclass(frozen=True, slots=True)
class DependencyGraph:
    flows: tuple[Key, ...]
    dependencies: tuple[Dependency, ...]


def dependencies_of_flow(
    namespace: str, flow_id: str, *, destination_only: bool = False, expand_all: bool = False
) -> DependencyGraph:
    """The flow, those next to it, and with `expand_all` those next to them and so on, up to
    MAX_FLOWS. With `destination_only` only what comes after."""
    start = (namespace, flow_id)
    found: dict[Dependency, None] = {}
    seen, frontier = {start}, {start}
    while frontier and len(seen) <= MAX_FLOWS:
        around = _around(frontier, destination_only=destination_only)
        found.update(dict.fromkeys(around))
        reached = {key for item in around for key in (item.source, item.target)}
        frontier = (reached - seen) if expand_all else set()
        seen |= reached
    return _existing([start], found)


def dependencies_of_namespace(namespace: str, *, destination_only: bool = False) -> DependencyGraph:
    """The flows of exactly that namespace and those next to them."""
    rows = Flow.objects.filter(namespace=namespace, is_deleted=False).order_by("flow_id")
    own: list[Key] = list(rows.values_list("namespace", "flow_id")[:MAX_FLOWS])
    condition = Q(namespace=namespace) | Q(other_namespace=namespace)
    around = [_dependency(row) for row in FlowLink.objects.filter(condition)]
    if destination_only:
        around = [item for item in around if item.source[0] == namespace]
    return _existing(own, dict.fromkeys(around))


def dependencies_of_tenant(*, destination_only: bool = False) -> DependencyGraph:
    """All flows of the current tenant, up to MAX_FLOWS; with `destination_only` those that another
    starts or that follow one, and what they come after."""
    rows = Flow.objects.filter(is_deleted=False).order_by("namespace", "flow_id")
    own: list[Key] = list(rows.values_list("namespace", "flow_id")[:MAX_FLOWS])
    around = dict.fromkeys(_dependency(row) for row in FlowLink.objects.all())
    if destination_only:
        reached = {key for item in around for key in (item.source, item.target)}
        own = [key for key in own if key in reached]
    known = set(own)
    kept = {item: None for item in around if item.source in known and item.target in known}
    return _existing(own, kept)


def _around(keys: Iterable[Key], *, destination_only: bool) -> list[Dependency]:
    wanted = set(keys)
    condition = Q(pk__in=())
    for namespace, flow_id in wanted:
        condition |= Q(namespace=namespace, flow_id=flow_id)
        condition |= Q(other_namespace=namespace, other_flow_id=flow_id)
    around = [_dependency(row) for row in FlowLink.objects.filter(condition)]
    return [item for item in around if not destination_only or item.source in wanted]


def _dependency(row: FlowLink) -> Dependency:
    own, other = (row.namespace, row.flow_id), (row.other_namespace, row.other_flow_id)
    if row.kind == LinkKind.FLOW_TRIGGER:
        return Dependency(other, own, LinkKind.FLOW_TRIGGER)
    return Dependency(own, other, LinkKind.FLOW_TASK)


def _existing(own: list[Key], found: dict[Dependency, None]) -> DependencyGraph:
    """Without flows that are named but not there."""
    named = dict.fromkeys(own)
    named.update(dict.fromkeys(key for item in found for key in (item.source, item.target)))
    condition = Q(pk__in=())
    for namespace, flow_id in named:
        condition |= Q(namespace=namespace, flow_id=flow_id)
    rows = Flow.objects.filter(condition, is_deleted=False)
    there = {*own, *rows.values_list("namespace", "flow_id")}
    return DependencyGraph(
        tuple(key for key in named if key in there),
        tuple(item for item in found if item.source in there and item.target in there),
    )
