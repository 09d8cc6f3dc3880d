"""The execution: one narrow row, whatever its number of task runs."""

from typing import Any

from django.db import connections, models
from django.db.models.expressions import RawSQL

from executions.models.fields import STATE_LENGTH, id_column, name_column
from rest.fields import JsonTextField
from rest.scoping import TenantManager, TenantQuerySet, TenantScoped


class ExecutionQuerySet(TenantQuerySet["Execution"]):
    """The words of a search that differ from database to database."""

    def with_label(self, key: str, value: str) -> "ExecutionQuerySet":
        """Executions that carry this label. Chain it: all that are named must match."""
        if connections[self.db].vendor == "sqlite":
            found = RawSQL(  # the values are parameters
                "EXISTS (SELECT 1 FROM json_each(executions_execution.labels)"
                " WHERE json_extract(value, '$.key') = %s AND json_extract(value, '$.value') = %s)",
                [key, value],
                output_field=models.BooleanField(),
            )
            return self.filter(found)
        return self.filter(labels__contains=[{"key": key, "value": value}])


ExecutionManager = TenantManager.from_queryset(ExecutionQuerySet)


class Execution(TenantScoped):
    """`is_open`: something of it may still happen, so an owner loads it after a restart. It
    outlives a terminal state while task runs beside the failed one still run. `set_aside`: the
    engine failed in it too often. `trigger_execution_id`: the execution that started this one."""

    id = models.BigAutoField(primary_key=True)
    public_id = id_column()
    namespace = name_column()
    flow_id = name_column()
    flow_revision = models.IntegerField()
    shard = models.SmallIntegerField()
    state = models.CharField(max_length=STATE_LENGTH)
    history = JsonTextField()
    is_open = models.BooleanField(db_default=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    labels: "models.JSONField[Any, Any]" = models.JSONField()
    inputs = JsonTextField(null=True)
    variables = JsonTextField(null=True)
    trigger = JsonTextField(null=True)
    outputs = JsonTextField(null=True)
    trigger_id = name_column(null=True)
    trigger_execution_id = id_column(null=True)
    parent_id = id_column(null=True)
    original_id = id_column()
    waiting_execution_id = id_column(null=True)
    waiting_task_run_id = id_column(null=True)
    schedule_date = models.DateTimeField(null=True)
    attempt_number = models.IntegerField(db_default=1)
    kind = models.CharField(max_length=16, db_default="NORMAL")
    message = models.TextField(null=True)
    failures = models.SmallIntegerField(db_default=0)
    failure = models.TextField(null=True)
    set_aside = models.BooleanField(db_default=False)
    deleted = models.BooleanField(db_default=False)

    objects = ExecutionManager()

    class Meta(TenantScoped.Meta):
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="executions_execution_public_id"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "namespace", "flow_id", "-created_at"],
                name="executions_execution_flow",
                opclasses=[
                    "varchar_pattern_ops",
                    "varchar_pattern_ops",
                    "varchar_pattern_ops",
                    "timestamptz_ops",
                ],
            ),
            models.Index(fields=["tenant", "-created_at"], name="executions_execution_created"),
            models.Index(
                fields=["tenant", "state", "-created_at"], name="executions_execution_state"
            ),
            models.Index(
                fields=["shard", "created_at"],
                name="executions_execution_open",
                condition=models.Q(is_open=True),
            ),
            models.Index(
                fields=["parent_id"],
                name="executions_execution_parent",
                condition=models.Q(parent_id__isnull=False),
            ),
            models.Index(
                fields=["trigger_execution_id"],
                name="executions_execution_cause",
                condition=models.Q(trigger_execution_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
