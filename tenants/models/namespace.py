"""The table of namespaces."""

from django.db import models

from rest.fields import JsonTextField
from rest.scoping import TenantScoped
from tenants.limits import MAX_NAMESPACE_LENGTH


class Namespace(TenantScoped):
    """A namespace that somebody created, or (`is_declared` false) one that came with its first
    flow or is only the parent of others."""

    name = models.CharField(max_length=MAX_NAMESPACE_LENGTH)
    is_declared = models.BooleanField(default=True)
    description = models.TextField(blank=True, default="")
    variables = JsonTextField(null=True)
    plugin_defaults = JsonTextField(null=True)
    allowed_namespaces = JsonTextField(default=list)
    storage_type = models.CharField(max_length=100, blank=True, default="")
    storage_configuration = JsonTextField(null=True)
    secret_type = models.CharField(max_length=100, blank=True, default="")
    secret_configuration = JsonTextField(null=True)
    settings = JsonTextField(default=dict)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta(TenantScoped.Meta):
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("tenant", "name"), name="namespace_of_tenant"),
        )

    def __str__(self) -> str:
        return self.name
