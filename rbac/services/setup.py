"""The first administrator: by the set-up page, the API, or the configuration."""

from django.db import IntegrityError, transaction

from common.actor import SYSTEM, Actor
from common.errors import Conflict
from common.tenancy import DEFAULT_TENANT, tenant_scope
from rbac.authentication import identity_of_user
from rbac.models import User
from rbac.services.bindings import create_binding
from rbac.services.roles import create_managed_roles
from rbac.services.users import create_user, grant_tenant_access
from rbac.templates import ADMIN
from rest.directory import tenant_directory


def is_set_up() -> bool:
    return User.objects.exists()


def create_first_administrator(
    *,
    username: str,
    password: str | None,
    tenant: str = DEFAULT_TENANT,
    tenant_name: str = "",
    actor: Actor = SYSTEM,
    enforce_password_rule: bool = True,
) -> User:
    """The super-admin, the first tenant, and the Admin role on it for him. Conflict once there is
    any user. A configured administrator's password is warned about by the caller, not refused;
    without one he signs in by links."""
    try:
        with transaction.atomic():
            if is_set_up():
                raise Conflict("there is a user already; the set-up is done")
            user = create_user(
                actor=actor,
                username=username,
                password=password,
                is_super_admin=True,
                is_first_administrator=True,
                enforce_password_rule=enforce_password_rule,
            )
            make_tenant_administrator(user=user, tenant=tenant, tenant_name=tenant_name)
    except IntegrityError as error:  # somebody else was quicker
        raise Conflict("there is a user already; the set-up is done") from error
    return user


@transaction.atomic
def make_tenant_administrator(
    *, user: User, tenant: str = DEFAULT_TENANT, tenant_name: str = "", actor: Actor | None = None
) -> None:
    """Makes the tenant if it is not there, and gives the user its Admin role."""
    actor = actor or identity_of_user(user).actor
    tenant_directory().create_tenant(actor=actor, id=tenant, name=tenant_name or tenant)
    with tenant_scope(tenant):
        roles = create_managed_roles(actor=actor)
        grant_tenant_access(actor=actor, user=user)
        create_binding(actor=actor, role=roles[ADMIN], user=user)
