"""Writing roles: the permissions as given and the expanded rows, always together."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from audit.choices import AuditType
from audit.services import record
from common.actor import Actor
from common.errors import Forbidden, Invalid, Violation
from rbac.models import Binding, Group, Role, RolePermission, TenantAccess, User
from rbac.services.versions import holders_of_role, raise_versions
from rbac.templates import MANAGED_ROLES
from rbac.vocabulary import expand_permissions

Permissions = Mapping[str, Iterable[str]]


@transaction.atomic
def create_role(
    *,
    actor: Actor,
    name: str,
    permissions: Permissions,
    description: str = "",
    is_default: bool = False,
    is_managed: bool = False,
    namespace: str = "",
) -> Role:
    """In the current tenant. Raises Invalid for words that are no permission."""
    role = Role(is_managed=is_managed)
    _write(role, name, permissions, description, is_default=is_default, namespace=namespace)
    record(
        actor=actor,
        type=AuditType.CREATE,
        resource="ROLE",
        detail=_detail(role),
        after=role_as_told(role),
    )
    return role


@transaction.atomic
def update_role(
    *,
    actor: Actor,
    role: Role,
    name: str,
    permissions: Permissions,
    description: str = "",
    is_default: bool = False,
    namespace: str = "",
) -> Role:
    """Replaces all; a managed role is Forbidden."""
    _refuse_managed(role)
    before = role_as_told(role)
    _write(role, name, permissions, description, is_default=is_default, namespace=namespace)
    raise_versions(holders_of_role(role))
    record(
        actor=actor,
        type=AuditType.UPDATE,
        resource="ROLE",
        detail=_detail(role),
        before=before,
        after=role_as_told(role),
    )
    return role


@transaction.atomic
def delete_role(*, actor: Actor, role: Role) -> None:
    """With its bindings; a managed role is Forbidden."""
    _refuse_managed(role)
    raise_versions(holders_of_role(role))
    record(
        actor=actor,
        type=AuditType.DELETE,
        resource="ROLE",
        detail=_detail(role),
        before=role_as_told(role),
    )
    role.delete()


@transaction.atomic
def create_managed_roles(*, actor: Actor) -> dict[str, Role]:
    """The five roles that every tenant has, in the current one; those that are there stay."""
    roles = {role.name: role for role in Role.objects.filter(is_managed=True)}
    for name, permissions in MANAGED_ROLES.items():
        if name not in roles:
            roles[name] = create_role(
                actor=actor, name=name, permissions=permissions, is_managed=True
            )
    return roles


@transaction.atomic
def delete_grants() -> int:
    """Everything of this app in the current tenant, which is about to be deleted; how many."""
    raise_versions(User.objects.filter(pk__in=TenantAccess.objects.values("user")))
    raise_versions(User.objects.filter(pk__in=Binding.objects.values("user")))
    deleted = [
        Binding.objects.all().delete(),
        Role.objects.all().delete(),
        Group.objects.all().delete(),
        TenantAccess.objects.all().delete(),
    ]
    return sum(count for count, _ in deleted)


def role_as_told(role: Role) -> dict[str, Any]:
    return {
        "id": role.public_id,
        "name": role.name,
        "description": role.description,
        "permissions": role.permissions,
        "isDefault": role.is_default,
        "isManaged": role.is_managed,
    }


def _write(
    role: Role,
    name: str,
    permissions: Permissions,
    description: str,
    *,
    is_default: bool,
    namespace: str,
) -> None:
    if not name.strip():
        raise Invalid(violations=[Violation("must not be empty", "name")])
    given = {resource: list(actions) for resource, actions in permissions.items()}
    pairs = expand_permissions(given)
    if is_default:  # the last one set wins
        Role.objects.filter(is_default=True).exclude(pk=role.pk).update(is_default=False)
    role.name, role.description, role.permissions = name, description, given
    role.is_default, role.namespace = is_default, namespace
    role.save()
    RolePermission.objects.filter(role=role).delete()
    RolePermission.objects.bulk_create(
        RolePermission(role=role, resource=resource, action=action)
        for resource, action in sorted(pairs)
    )


def _refuse_managed(role: Role) -> None:
    if role.is_managed:
        raise Forbidden(f"the role '{role.name}' is managed and cannot be changed; copy it")


def _detail(role: Role) -> dict[str, Any]:
    return {"id": role.public_id, "name": role.name}
