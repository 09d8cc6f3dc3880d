"""Everything that writes users and permissions. Each call is one transaction with its audit
line."""

from rbac.services.bindings import create_binding, delete_binding
from rbac.services.links import issue_sign_in_link, use_sign_in_link
from rbac.services.preferences import set_preferences
from rbac.services.roles import (
    create_managed_roles,
    create_role,
    delete_grants,
    delete_role,
    update_role,
)
from rbac.services.sessions import (
    SignedIn,
    login,
    logout,
    purge_ended_sessions,
    revoke_sessions,
)
from rbac.services.setup import create_first_administrator
from rbac.services.tokens import create_api_token, revoke_api_token
from rbac.services.users import create_user, grant_tenant_access, set_password

__all__ = [
    "SignedIn",
    "create_api_token",
    "create_binding",
    "create_first_administrator",
    "create_managed_roles",
    "create_role",
    "create_user",
    "delete_binding",
    "delete_grants",
    "delete_role",
    "grant_tenant_access",
    "issue_sign_in_link",
    "login",
    "logout",
    "purge_ended_sessions",
    "revoke_api_token",
    "revoke_sessions",
    "set_password",
    "set_preferences",
    "update_role",
    "use_sign_in_link",
]
