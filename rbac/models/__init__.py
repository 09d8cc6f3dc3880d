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

__all__ = [
    "ApiToken",
    "Binding",
    "Group",
    "GroupMembership",
    "Role",
    "RolePermission",
    "Session",
    "TenantAccess",
    "User",
]
