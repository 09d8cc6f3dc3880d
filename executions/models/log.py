"""What runs leave behind beside their outputs: lines of logs and metrics, partitioned by `day` like
the task runs that wrote them."""

from django.db import models

from executions.models.fields import NAME_LENGTH, id_column, name_column
from rest.fields import JsonTextField
from rest.scoping import TenantScoped


class LogEntry(TenantScoped):
    """`day` is that of the execution's creation; of a trigger's line, its own."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    namespace = name_column()
    flow_id = name_column()
    execution_id = id_column(null=True)
    task_id = name_column(null=True)
    task_run_id = id_column(null=True)
    attempt = models.IntegerField(null=True)
    trigger_id = name_column(null=True)
    level = models.CharField(max_length=5)
    message = models.TextField()
    thread = models.CharField(max_length=NAME_LENGTH, db_default="")
    timestamp = models.DateTimeField()

    class Meta(TenantScoped.Meta):
        indexes = [
            models.Index(
                fields=["execution_id", "timestamp"], name="executions_logentry_execution"
            ),
            models.Index(fields=["tenant", "timestamp"], name="executions_logentry_time"),
        ]

    def __str__(self) -> str:
        return self.message


class Metric(TenantScoped):
    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    namespace = name_column()
    flow_id = name_column()
    execution_id = id_column()
    task_id = name_column()
    task_run_id = id_column()
    name = name_column()
    kind = models.CharField(max_length=16)
    value = models.FloatField()
    tags = JsonTextField()
    timestamp = models.DateTimeField()

    class Meta(TenantScoped.Meta):
        indexes = [
            models.Index(fields=["execution_id", "timestamp"], name="executions_metric_execution"),
            models.Index(
                fields=["tenant", "namespace", "flow_id", "name", "timestamp"],
                name="executions_metric_flow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"
