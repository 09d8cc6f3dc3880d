"""The execution: one narrow row, whatever its number of task runs."""

from typing import Any

from django.db import models
from django.db.models import Func

from common import json
from executions.models.fields import STATE_LENGTH, id_column, name_column
from rest.fields import JsonTextField
from rest.scoping import TenantScoped


class HasLabel(Func):
    """True for executions that carry this label: `Execution.objects.filter(HasLabel("team", "x"))`,
    on PostgreSQL by the index."""

    conditional = True
    output_field = models.BooleanField()
    template = "%(expressions)s"

    def __init__(self, key: str, value: str) -> None:
        super().__init__(models.F("labels"))
        self.wanted = (key, value)

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # the stub narrows to its own tuple alias
        column, params = compiler.compile(self.source_expressions[0])
        contains = "JSON_CONTAINS({}, %s)" if connection.vendor == "mysql" else "{} @> %s::jsonb"
        key, value = self.wanted
        return contains.format(column), [*params, json.dumps([{"key": key, "value": value}])]

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # as above
        column, params = compiler.compile(self.source_expressions[0])
        return (
            f"EXISTS (SELECT 1 FROM json_each({column}) WHERE json_extract(value, '$.key') = %s"  # noqa: S608  # the column's own name
            " AND json_extract(value, '$.value') = %s)",
            [*params, *self.wanted],
        )


class Execution(TenantScoped):
    """`is_open`: something of it may still happen, so an owner loads it after a restart. It
    outlives a terminal state while task runs beside the failed one still run. `set_aside`: the
    engine failed in it too often. `deleted`: it goes as soon as it is no longer open; `kept`
    (`choices.Kept`) says what of it stays then. `trigger_execution_id`: the execution that started
    this one."""

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
    kept = models.SmallIntegerField(db_default=0)

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
                fields=["tenant"],
                name="executions_execution_deleted",
                condition=models.Q(deleted=True),
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
