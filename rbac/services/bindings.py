"""Writing bindings. They are made and deleted, never changed."""

from typing import Any

from django.db import transaction

from audit.choices import AuditType
from audit.services import record
from common.actor import Actor
from common.errors import BadRequest
from rbac.choices import SubjectType
from rbac.models import Binding, Group, Role, User
from rbac.services.versions import raise_versions


@transaction.atomic
def create_binding(
    *,
    actor: Actor,
    role: Role,
    user: User | None = None,
    group: Group | None = None,
    namespace: str = "",
) -> Binding:
    """Gives the role to the user or the group, in the current tenant; without a namespace in all of
    it. The same binding twice is one."""
    if (user is None) == (group is None):
        raise BadRequest("a binding is for a user or for a group")
    subject = SubjectType.USER if user is not None else SubjectType.GROUP
    binding, is_new = Binding.objects.get_or_create(
        type=subject, user=user, group=group, role=role, namespace=namespace
    )
    if is_new:
        _raise_versions(binding)
        record(
            actor=actor,
            type=AuditType.CREATE,
            resource="BINDING",
            detail=_detail(binding),
            after=binding_as_told(binding),
        )
    return binding


@transaction.atomic
def delete_binding(*, actor: Actor, binding: Binding) -> None:
    _raise_versions(binding)
    record(
        actor=actor,
        type=AuditType.DELETE,
        resource="BINDING",
        detail=_detail(binding),
        before=binding_as_told(binding),
    )
    binding.delete()


def binding_as_told(binding: Binding) -> dict[str, Any]:
    subject = binding.user or binding.group
    told = {
        "id": binding.public_id,
        "type": binding.type,
        "externalId": subject.public_id if subject else "",
        "roleId": binding.role.public_id,
    }
    return {**told, "namespaceId": binding.namespace} if binding.namespace else told


def _raise_versions(binding: Binding) -> None:
    if binding.user_id is not None:
        raise_versions(User.objects.filter(pk=binding.user_id))
    else:
        raise_versions(User.objects.filter(memberships__group=binding.group_id))


def _detail(binding: Binding) -> dict[str, Any]:
    detail = {"id": binding.public_id, "role": binding.role.name}
    return {**detail, "namespace": binding.namespace} if binding.namespace else detail
