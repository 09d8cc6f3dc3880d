"""Writing users, and their access to tenants."""

from typing import Any

from django.db import transaction

from audit.choices import AuditType
from audit.services import record
from common.actor import Actor
from common.clock import now
from common.errors import Conflict, Invalid, Violation
from common.ids import new_id
from common.tenancy import tenant_or_none
from rbac.choices import UserType
from rbac.models import TenantAccess, User
from rbac.models.accounts import normal_name
from rbac.passwords import check_password_rule
from rbac.services.versions import raise_versions


@transaction.atomic
def create_user(
    *,
    actor: Actor,
    username: str,
    password: str | None = None,
    type: UserType = UserType.STANDARD,  # noqa: A002  # the API's word
    first_name: str = "",
    last_name: str = "",
    description: str = "",
    is_super_admin: bool = False,
    is_restricted: bool = False,
    is_first_administrator: bool = False,
    enforce_password_rule: bool = True,
) -> User:
    """A user, or a service account, whose `username` is its name. Conflict for a taken e-mail."""
    is_service_account = type == UserType.SERVICE_ACCOUNT
    _check_name(username, is_service_account=is_service_account)
    if password is not None and enforce_password_rule:
        check_password_rule(password)
    public_id = new_id()
    user = User(
        public_id=public_id,
        username=public_id if is_service_account else username,
        name=username if is_service_account else "",
        type=type,
        first_name=first_name,
        last_name=last_name,
        description=description,
        is_superuser=is_super_admin,
        is_restricted=is_restricted,
        is_first_administrator=is_first_administrator or None,
    )
    user.set_password(None if is_service_account else password)
    user.save(force_insert=True)
    if tenant_or_none() is not None:
        TenantAccess.objects.create(user=user)
    record(
        actor=actor,
        type=AuditType.CREATE,
        resource=audit_resource(user),
        detail={"id": user.public_id, "username": user.display_name},
        after=user_as_told(user),
    )
    return user


@transaction.atomic
def set_password(
    *, actor: Actor, user: User, password: str, enforce_password_rule: bool = True
) -> None:
    """Ends the user's sessions, too."""
    if user.is_service_account:
        raise Invalid("a service account has no password; give it an API token")
    if enforce_password_rule:
        check_password_rule(password)
    user.set_password(password)
    user.save(update_fields=["password"])
    user.sessions.filter(revoked=None).update(revoked=now())
    raise_versions(User.objects.filter(pk=user.pk))
    record(
        actor=actor,
        type=AuditType.UPDATE,
        resource=audit_resource(user),
        detail={"id": user.public_id, "username": user.username, "changed": "password"},
    )


@transaction.atomic
def update_profile(
    *, actor: Actor, user: User, first_name: str | None = None, last_name: str | None = None
) -> User:
    """What is None stays."""
    before = user_as_told(user)
    user.first_name = user.first_name if first_name is None else first_name
    user.last_name = user.last_name if last_name is None else last_name
    user.save(update_fields=["first_name", "last_name"])
    record(
        actor=actor,
        type=AuditType.UPDATE,
        resource=audit_resource(user),
        detail={"id": user.public_id, "username": user.display_name},
        before=before,
        after=user_as_told(user),
    )
    return user


@transaction.atomic
def grant_tenant_access(*, actor: Actor, user: User) -> TenantAccess:
    """The user belongs to the current tenant. Nothing happens if he does already."""
    access, is_new = TenantAccess.objects.get_or_create(user=user)
    if is_new:
        raise_versions(User.objects.filter(pk=user.pk))
        record(
            actor=actor,
            type=AuditType.CREATE,
            resource="TENANT_ACCESS",
            detail={"id": user.public_id, "username": user.display_name},
        )
    return access


def user_as_told(user: User) -> dict[str, Any]:
    """For the audit log: nothing secret."""
    return {
        "id": user.public_id,
        "username": user.username,
        "name": user.name,
        "type": user.type,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "description": user.description,
        "superAdmin": user.is_super_admin,
        "restricted": user.is_restricted,
        "active": user.is_active,
    }


def audit_resource(user: User) -> str:
    return "SERVICE_ACCOUNT" if user.is_service_account else "USER"


def _check_name(username: str, *, is_service_account: bool) -> None:
    if not username.strip() or "\x00" in username or len(username) > 254:
        raise Invalid(violations=[Violation("must have 1 to 254 characters", "username")])
    if is_service_account:
        return
    if User.objects.filter(username=normal_name(username)).exists():
        raise Conflict(f"a user '{username.strip()}' exists already")
