"""What one may do in a tenant: roles, bindings, groups, access."""

from django.db import models
from django.db.models import Q

from common.clock import now
from common.ids import ID_LENGTH, new_id
from rbac.choices import Membership, SubjectType
from rbac.models.accounts import User
from rest.fields import JsonTextField
from rest.scoping import TenantScoped

NAMESPACE_LENGTH = 150


class Group(TenantScoped):
    """A set of users; passes its bindings to its members."""

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_id, editable=False)
    name = models.CharField(max_length=254)
    description = models.TextField(blank=True, default="")
    is_external = models.BooleanField(default=False)
    """Its members come from an identity provider."""

    class Meta(TenantScoped.Meta):
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="group_name")]

    def __str__(self) -> str:
        return self.name


class GroupMembership(TenantScoped):
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    membership = models.CharField(
        max_length=10, choices=Membership.choices, default=Membership.MEMBER
    )

    class Meta(TenantScoped.Meta):
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["group", "user"], name="group_member")]

    def __str__(self) -> str:
        return f"{self.user} in {self.group}"


class Role(TenantScoped):
    """Names permissions; grants nothing alone. `permissions` is kept as it was given, beside the
    expanded rows that are checked; both are written by `rbac.services` together."""

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_id, editable=False)
    name = models.CharField(max_length=254)
    description = models.TextField(blank=True, default="")
    is_managed = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    permissions = JsonTextField(default=dict)
    namespace = models.CharField(max_length=NAMESPACE_LENGTH, blank=True, default="")
    """Accepted and returned for older clients; without effect."""
    created = models.DateTimeField(default=now, editable=False)

    class Meta(TenantScoped.Meta):
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["tenant", "name"], name="role_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"], condition=Q(is_managed=True), name="managed_role_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class RolePermission(TenantScoped):
    """One action on one resource in the words of 2.x."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="rights")
    resource = models.CharField(max_length=40)
    action = models.CharField(max_length=40)

    class Meta(TenantScoped.Meta):
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["role", "resource", "action"], name="role_right")
        ]

    def __str__(self) -> str:
        return f"{self.resource}:{self.action}"


class Binding(TenantScoped):
    """Gives a role to a user or a group, in the whole tenant or in one namespace and below."""

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_id, editable=False)
    type = models.CharField(max_length=10, choices=SubjectType.choices)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="bindings"
    )
    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, null=True, blank=True, related_name="bindings"
    )
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="bindings")
    namespace = models.CharField(max_length=NAMESPACE_LENGTH, blank=True, default="")
    """Empty: the whole tenant."""
    created = models.DateTimeField(default=now, editable=False)

    class Meta(TenantScoped.Meta):
        ordering = ["id"]
        indexes = [models.Index(fields=["tenant", "user"], name="binding_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(type="USER", user__isnull=False, group__isnull=True)
                | Q(type="GROUP", user__isnull=True, group__isnull=False),
                name="binding_subject",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} for {self.user or self.group}"


class TenantAccess(TenantScoped):
    """A user belongs to a tenant; what he may do there, bindings say."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tenant_accesses")
    created = models.DateTimeField(default=now, editable=False)

    class Meta(TenantScoped.Meta):
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "user"], name="tenant_user")]

    def __str__(self) -> str:
        return f"{self.user} in {self.tenant}"
