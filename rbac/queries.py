"""Questions about permission: the one place that every door asks."""

from common.actor import Actor
from rbac.models import TenantAccess, User, UserPreferences
from rbac.preferences import Preferences
from rbac.rights import WHOLE_TENANT, Reach, bindings_of_user, rights_of
from rest.directory import tenant_directory
from rest.identity import Identity
from rest.scoping import unscoped

__all__ = [
    "WHOLE_TENANT",
    "allowed",
    "preferences_of",
    "tenants_of",
    "user_of",
    "visible_namespaces",
]


def allowed(
    actor: Actor, resource: str, action: str, tenant: str, namespace: str | None = None
) -> bool:
    """Whether the actor may do this in the tenant. Without a namespace: in any of its namespaces,
    as a list asks; WHOLE_TENANT: everywhere. Words of 2.x; "*" is any action."""
    rights = rights_of(actor, tenant)
    return rights.has_access and rights.allows(resource, action, namespace)


def visible_namespaces(actor: Actor, resource: str, action: str, tenant: str) -> Reach:
    """Where the actor may do this; `reach.to_q()` filters rows, `reach.covers(name)` one name."""
    rights = rights_of(actor, tenant)
    return rights.reach(resource, action) if rights.has_access else Reach()


def tenants_of(actor: Actor) -> dict[str, str]:
    """Id to name of the tenants that the actor may enter."""
    names = tenant_directory().names()
    if actor.is_super_admin:
        return names
    user = User.objects.filter(public_id=actor.id).first()
    if user is None:
        return {}
    with unscoped():  # which tenants somebody belongs to is asked outside all of them
        entered = set(TenantAccess.objects.filter(user=user).values_list("tenant", flat=True))
        entered |= set(bindings_of_user(user.pk).values_list("tenant", flat=True))
    return {tenant: name for tenant, name in names.items() if tenant in entered}


def user_of(identity: Identity) -> User:
    """The row of a signed-in caller."""
    return User.objects.get(pk=identity.account)


def preferences_of(identity: Identity) -> Preferences:
    """His own, or those that everybody starts with."""
    stored = UserPreferences.objects.filter(pk=identity.account).values_list("values", flat=True)
    return Preferences.from_stored(stored.first() or {})
