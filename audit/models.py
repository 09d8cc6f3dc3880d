"""The audit log's one table: append-only, no foreign keys, outlives what it speaks of."""

from typing import Any, NoReturn

from django.db import models

from audit.choices import AuditType
from common.clock import now
from common.ids import ID_LENGTH, new_id
from rest.fields import JsonTextField
from rest.scoping import TENANT_LENGTH, TenantManager


class AppendOnly(RuntimeError):
    """A line of the audit log can be neither changed nor deleted."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly


class AuditEntry(models.Model):
    """One act: who did what to which object when.

    Queries see the lines of the current tenant; those of the instance have no tenant and are found
    by `AuditEntry.objects.unscoped()`."""

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_id, editable=False)
    tenant = models.CharField(max_length=TENANT_LENGTH, null=True, blank=True)  # noqa: DJ001,RUF100  # null: of the instance
    type = models.CharField(max_length=20, choices=AuditType.choices)
    resource = models.CharField(max_length=40)
    object_id = models.CharField(max_length=300, blank=True, default="")
    """The `id` of the detail, for the history of an object."""
    namespace = models.CharField(max_length=200, blank=True, default="")
    detail = JsonTextField()
    date = models.DateTimeField(default=now)
    user_id = models.CharField(max_length=64, blank=True, default="")
    user_name = models.CharField(max_length=254, blank=True, default="")
    ip_address = models.CharField(max_length=64, blank=True, default="")
    impersonated_by = models.CharField(max_length=64, blank=True, default="")
    applied_patch = models.JSONField(default=list)
    revert_patch = models.JSONField(default=list)
    sequence = models.BigIntegerField(null=True, blank=True)
    """Place in the tenant's chain; empty until the line is sealed."""
    hash = models.CharField(max_length=64, blank=True, default="")

    objects = TenantManager.from_queryset(AuditQuerySet)()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["tenant", "-date"], name="audit_tenant_date"),
            models.Index(fields=["tenant", "resource", "object_id"], name="audit_object"),
            models.Index(fields=["tenant", "sequence"], name="audit_sequence"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.resource} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly
