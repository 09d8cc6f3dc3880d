"""The gate of pages, API and sockets: what a declaration demands of an identity."""

from common.actor import Actor
from common.errors import Forbidden, NotFound, Unauthorized
from rbac import authentication
from rbac.rights import Rights, recall_rights, rights_of
from rest.identity import Credentials, Identity
from rest.permissions import OPEN, SUPER_ADMIN, Declaration, Permission


class AccessGate:
    """Implements `rest.gate.Gate`; the setting `KESTRA_GATE` names it."""

    def identify(self, credentials: Credentials) -> Identity:
        return authentication.identify(credentials)

    def authorize(
        self,
        identity: Identity,
        declaration: Declaration,
        *,
        tenant: str | None,
        namespace: str | None = None,
    ) -> None:
        if declaration is OPEN:
            return
        if not identity.is_authenticated:
            raise Unauthorized
        actor = identity.actor
        rights = rights_of(actor, tenant) if tenant is not None else None
        _demand(actor, declaration, rights, tenant, namespace)

    def enter_from_memory(
        self,
        credentials: Credentials,
        declaration: Declaration,
        *,
        tenant: str | None,
        namespace: str | None = None,
    ) -> Identity | None:
        if declaration is OPEN:
            return Identity()
        identity = authentication.recent.recall(credentials)
        if identity is None or not identity.is_authenticated:
            return None
        rights = recall_rights(identity.actor, tenant) if tenant is not None else None
        if tenant is not None and rights is None:
            return None
        _demand(identity.actor, declaration, rights, tenant, namespace)
        return identity


def _demand(
    actor: Actor,
    declaration: Declaration,
    rights: Rights | None,
    tenant: str | None,
    namespace: str | None,
) -> None:
    """Raises unless the declaration is met. Without a tenant only a super-admin has permissions."""
    needs_super_admin = declaration is SUPER_ADMIN or (
        rights is None and isinstance(declaration, Permission)
    )
    if needs_super_admin and not actor.is_super_admin:
        raise Forbidden("only a super-admin may do this")
    if rights is None:
        return
    if not rights.has_access:
        if actor.is_super_admin:
            raise NotFound(f"tenant '{tenant}' does not exist")
        raise Forbidden(f"no access to the tenant '{tenant}'")
    if isinstance(declaration, Permission) and not any(
        rights.allows(declaration.resource, action, namespace) for action in declaration.actions
    ):
        place = f" in namespace '{namespace}'" if namespace else ""
        raise Forbidden(f"this needs the permission {declaration}{place}")
