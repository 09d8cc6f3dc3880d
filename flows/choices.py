"""Enumerations of flows."""

from django.db.models import TextChoices


class LinkKind(TextChoices):
    """How one flow hangs on another."""

    FLOW_TASK = "FLOW_TASK"
    FLOW_TRIGGER = "FLOW_TRIGGER"
