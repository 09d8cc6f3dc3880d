"""The table of tenants: the only one of this app that belongs to the whole instance."""

from django.db import models

from rest.fields import JsonTextField
from rest.scoping import TENANT_LENGTH


class Tenant(models.Model):
    """A customer, a team or a stage: flows, executions, keys and files of one are unseen by all
    others. `settings` holds what the API takes and gives back beyond the columns."""

    id = models.CharField(primary_key=True, max_length=TENANT_LENGTH)
    name = models.CharField(max_length=250)
    require_existing_namespace = models.BooleanField(default=False)
    storage_type = models.CharField(max_length=100, blank=True, default="")
    storage_configuration = JsonTextField(null=True)
    secret_type = models.CharField(max_length=100, blank=True, default="")
    secret_configuration = JsonTextField(null=True)
    settings = JsonTextField(default=dict)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.id
