"""Namespaces as a tree by their dots, with how much lies in each and below it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from common.actor import Actor
from flows.api.access import visible_flows
from rbac.queries import visible_namespaces
from tenants.names import is_within, line_of
from tenants.queries import listed_keys, listed_namespaces


@dataclass(slots=True)
class Branch:
    """`flows` and `keys` count what is below as well. Without `is_open` it stands there only as
    the parent of others."""

    name: str
    label: str
    is_open: bool = False
    flows: int = 0
    keys: int = 0
    children: "list[Branch]" = field(default_factory=list)

    @property
    def is_system(self) -> bool:
        return is_within(self.name, settings.KESTRA_SYSTEM_NAMESPACE)


def namespace_tree(actor: Actor, tenant: str, *, text: str = "") -> list[Branch]:
    """Those that the caller may see and whose name holds the text, with their parents."""
    reach = visible_namespaces(actor, "NAMESPACE", "LIST", tenant)
    flows = _counted(visible_flows(actor, "LIST").select_related(None))
    keys_reach = visible_namespaces(actor, "KVSTORE", "LIST", tenant)
    keys = _counted(listed_keys().filter(keys_reach.to_q()))
    rows = listed_namespaces().filter(reach.to_q("name"))
    names = {*rows.values_list("name", flat=True), *flows, *keys}
    open_ones = {name for name in names if reach.covers(name)}
    wanted = text.strip().lower()
    return _grown({name for name in open_ones if wanted in name}, open_ones, flows, keys)


def _counted(rows: QuerySet[Any]) -> dict[str, int]:
    found = rows.order_by().values_list("namespace").annotate(number=Count("pk"))
    return dict(found)


def _grown(
    shown: Iterable[str],
    open_ones: set[str],
    flows: Mapping[str, int],
    keys: Mapping[str, int],
) -> list[Branch]:
    branches: dict[str, Branch] = {}
    for name in sorted(shown):
        parent: Branch | None = None
        for step in line_of(name):
            branch = branches.get(step)
            if branch is None:
                label = step.rpartition(".")[2]
                branch = branches[step] = Branch(step, label, step in open_ones)
                if parent is not None:
                    parent.children.append(branch)
            parent = branch
    for name, number in flows.items():
        _add(branches, name, flows=number)
    for name, number in keys.items():
        _add(branches, name, keys=number)
    return [branch for name, branch in branches.items() if "." not in name]


def _add(branches: Mapping[str, Branch], name: str, *, flows: int = 0, keys: int = 0) -> None:
    for step in line_of(name):
        if step in branches:
            branches[step].flows += flows
            branches[step].keys += keys
