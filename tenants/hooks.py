"""What the apps above tell us, without our importing them: whether a namespace is in use, and what
of theirs goes with a tenant. Each registers when it starts (`AppConfig.ready`)."""

from collections.abc import Callable
from dataclasses import dataclass

from common.actor import Actor

UsesNamespace = Callable[[str, str], bool]
"""(tenant, namespace) → whether something lives in exactly that namespace."""
TenantCreated = Callable[[str, Actor], None]
TenantDeleted = Callable[[str], int]
"""(tenant) → how many objects were removed. Called inside the tenant and the transaction."""


@dataclass(frozen=True, slots=True)
class _TenantPart:
    created: TenantCreated | None
    deleted: TenantDeleted | None


_namespace_uses: dict[str, UsesNamespace] = {}
_tenant_parts: dict[str, _TenantPart] = {}


def register_namespace_use(name: str, is_used: UsesNamespace) -> None:
    """`name` says what it is (`flows`); a second registration replaces the first."""
    _namespace_uses[name] = is_used


def register_tenant_part(
    name: str, *, created: TenantCreated | None = None, deleted: TenantDeleted | None = None
) -> None:
    """What else is made and removed together with a tenant (`roles`, `flows`)."""
    _tenant_parts[name] = _TenantPart(created, deleted)


def is_namespace_used(tenant: str, namespace: str) -> bool:
    return any(is_used(tenant, namespace) for is_used in _namespace_uses.values())


def announce_tenant(tenant: str, actor: Actor) -> None:
    for part in _tenant_parts.values():
        if part.created:
            part.created(tenant, actor)


def remove_tenant_parts(tenant: str) -> dict[str, int]:
    """How many objects of which kind were removed."""
    return {name: part.deleted(tenant) for name, part in _tenant_parts.items() if part.deleted}
