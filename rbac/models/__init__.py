"""Tables of users and permissions."""

from rbac.models.accounts import ApiToken, Session, User
from rbac.models.grants import (
    Binding,
    Group,
    GroupMembership,
    Role,
    RolePermission,
    TenantAccess,
)
from rbac.models.personal import SignInLink, UserPreferences

__all__ = [
    "ApiToken",
    "Binding",
    "Group",
    "GroupMembership",
    "Role",
    "RolePermission",
    "Session",
    "SignInLink",
    "TenantAccess",
    "User",
    "UserPreferences",
]
