"""The table of the key-value store."""

from datetime import datetime
from typing import ClassVar, cast

from django.db import models
from django.db.models import Q

from common.clock import now
from rest.scoping import TenantManager, TenantQuerySet, TenantScoped
from tenants.choices import ValueType
from tenants.limits import MAX_KEY_LENGTH, MAX_NAMESPACE_LENGTH
from tenants.values import StoredValue


class KeyValueQuerySet(TenantQuerySet["KeyValue"]):
    def live(self) -> "KeyValueQuerySet":
        return self.filter(Q(expiration=None) | Q(expiration__gt=now()))

    def expired(self) -> "KeyValueQuerySet":
        return self.filter(expiration__lte=now())


class KeyValueManager(TenantManager["KeyValue"]):
    _queryset_class = KeyValueQuerySet  # type: ignore[assignment]  # bound to this model

    def get_queryset(self) -> KeyValueQuerySet:
        return cast(KeyValueQuerySet, super().get_queryset())


class KeyValue(TenantScoped):
    """A typed value under a key of a namespace; `text` is JSON as it is answered."""

    namespace = models.CharField(max_length=MAX_NAMESPACE_LENGTH)
    key = models.CharField(max_length=MAX_KEY_LENGTH)
    type = models.CharField(max_length=10, choices=ValueType.choices)
    text = models.TextField()
    description = models.TextField(blank=True, default="")
    expiration = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    created = models.DateTimeField()
    updated = models.DateTimeField()

    objects: ClassVar[KeyValueManager] = KeyValueManager()

    class Meta(TenantScoped.Meta):
        ordering = ("namespace", "key")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "namespace", "key"), name="key_of_namespace"),
        )
        indexes = (
            models.Index(
                fields=("expiration",), name="key_expiration", condition=Q(expiration__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.namespace}:{self.key}"

    @property
    def stored(self) -> StoredValue:
        return StoredValue(ValueType(self.type), self.text)

    def is_expired(self, moment: datetime) -> bool:
        return self.expiration is not None and self.expiration <= moment
