"""Tables of flows. A flow is (tenant, namespace, id), a revision adds its number; both stand as
text wherever something refers to them."""

from typing import Any

from django.db import models

from flows.choices import LinkKind
from rest.fields import JsonTextField
from rest.scoping import TenantScoped

NAMESPACE_LENGTH = 150
FLOW_ID_LENGTH = 100
TRIGGER_ID_LENGTH = 256
TYPE_LENGTH = 250


class FlowRevision(TenantScoped):
    """What somebody once saved, byte for byte. Never changed; `is_deleted` records a deletion."""

    namespace = models.CharField(max_length=NAMESPACE_LENGTH)
    flow_id = models.CharField(max_length=FLOW_ID_LENGTH)
    revision = models.PositiveIntegerField()
    source = models.TextField()
    # The source as plain values, so that lists need no YAML.
    definition: "models.Field[Any, Any]" = JsonTextField()
    is_deleted = models.BooleanField(default=False)
    created = models.DateTimeField()
    created_by = models.CharField(max_length=250, blank=True, default="")

    class Meta(TenantScoped.Meta):
        ordering = ("revision",)
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "namespace", "flow_id", "revision"), name="revision_of_flow"
            ),
        )

    def __str__(self) -> str:
        return f"{self.namespace}.{self.flow_id} (revision {self.revision})"


class Flow(TenantScoped):
    """The present state of a flow; its row stays when it is deleted, so that revisions count on."""

    namespace = models.CharField(max_length=NAMESPACE_LENGTH)
    flow_id = models.CharField(max_length=FLOW_ID_LENGTH)
    revision = models.PositiveIntegerField()
    current = models.ForeignKey(FlowRevision, on_delete=models.PROTECT, related_name="+")
    description = models.TextField(blank=True, default="")
    labels = models.JSONField(default=dict)
    is_disabled = models.BooleanField(default=False)
    is_deleted = models.BooleanField(default=False)
    task_count = models.PositiveIntegerField(default=0)
    trigger_count = models.PositiveIntegerField(default=0)
    created = models.DateTimeField()
    updated = models.DateTimeField()

    class Meta(TenantScoped.Meta):
        ordering = ("namespace", "flow_id")
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "namespace", "flow_id"), name="flow_of_namespace"
            ),
        )

    def __str__(self) -> str:
        return f"{self.namespace}.{self.flow_id}"


class FlowTrigger(TenantScoped):
    """A trigger as its flow declares it, from the moment that the flow is saved."""

    namespace = models.CharField(max_length=NAMESPACE_LENGTH)
    flow_id = models.CharField(max_length=FLOW_ID_LENGTH)
    trigger_id = models.CharField(max_length=TRIGGER_ID_LENGTH)
    type = models.CharField(max_length=TYPE_LENGTH)
    flow_revision = models.PositiveIntegerField()
    is_disabled = models.BooleanField(default=False)
    created = models.DateTimeField()

    class Meta(TenantScoped.Meta):
        ordering = ("namespace", "flow_id", "trigger_id")
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "namespace", "flow_id", "trigger_id"), name="trigger_of_flow"
            ),
        )
        indexes = (models.Index(fields=("tenant", "type"), name="flow_trigger_type"),)

    def __str__(self) -> str:
        return f"{self.namespace}.{self.flow_id}.{self.trigger_id}"


class FlowLink(TenantScoped):
    """That a flow starts or follows another. `namespace` and `flow_id` are of the flow that says
    so; the other need not exist."""

    namespace = models.CharField(max_length=NAMESPACE_LENGTH)
    flow_id = models.CharField(max_length=FLOW_ID_LENGTH)
    kind = models.CharField(max_length=20, choices=LinkKind.choices)
    other_namespace = models.CharField(max_length=NAMESPACE_LENGTH)
    other_flow_id = models.CharField(max_length=FLOW_ID_LENGTH)

    class Meta(TenantScoped.Meta):
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=(
                    "tenant",
                    "namespace",
                    "flow_id",
                    "kind",
                    "other_namespace",
                    "other_flow_id",
                ),
                name="link_of_flow",
            ),
        )
        indexes = (
            models.Index(
                fields=("tenant", "other_namespace", "other_flow_id"), name="flow_link_other"
            ),
        )

    def __str__(self) -> str:
        other = f"{self.other_namespace}.{self.other_flow_id}"
        return f"{self.namespace}.{self.flow_id} {self.kind} {other}"
