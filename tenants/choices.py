"""Enumerations of tenants, namespaces and the key-value store."""

from django.db.models import TextChoices


class ValueType(TextChoices):
    """What kind of thing a key holds."""

    STRING = "STRING"
    NUMBER = "NUMBER"
    BOOLEAN = "BOOLEAN"
    DATETIME = "DATETIME"
    DATE = "DATE"
    DURATION = "DURATION"
    JSON = "JSON"


class WorkerGroupFallback(TextChoices):
    """What happens to a task whose worker group has no worker."""

    FAIL = "FAIL"
    WAIT = "WAIT"
    CANCEL = "CANCEL"
