"""Task runs and their attempts. On PostgreSQL both are partitioned by `day`, the UTC day on which
their execution was created: all of an execution lies in one partition."""

from django.db import models

from executions.models.fields import NAME_LENGTH, STATE_LENGTH, id_column, name_column
from rest.fields import JsonTextField
from rest.scoping import TenantScoped


class TaskRun(TenantScoped):
    """`token` names the attempt that is sent or running, `worker_id` who has claimed it. Of
    the columns that change only the token stands in an index: a claim rewrites none."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    public_id = id_column()
    execution_id = id_column()
    seq = models.IntegerField()
    namespace = name_column()
    flow_id = name_column()
    task_id = name_column()
    parent_id = id_column(null=True)
    value = models.TextField(null=True)
    iteration = models.IntegerField(null=True)
    state = models.CharField(max_length=STATE_LENGTH)
    history = JsonTextField()
    attempt_count = models.IntegerField(db_default=0)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outputs = JsonTextField(null=True)
    outputs_uri = models.TextField(null=True)
    outputs_size = models.BigIntegerField(null=True)
    token = models.CharField(max_length=64, null=True)
    worker_id = models.CharField(max_length=NAME_LENGTH, null=True)
    claimed_at = models.DateTimeField(null=True)
    available_at = models.DateTimeField(null=True)
    worker_group = models.CharField(max_length=NAME_LENGTH, db_default="")
    plan = JsonTextField(null=True)
    child_execution_id = id_column(null=True)
    message = models.TextField(null=True)

    class Meta(TenantScoped.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["execution_id", "public_id", "day"], name="executions_taskrun_key"
            ),
        ]
        indexes = [
            models.Index(
                fields=["token"],
                name="executions_taskrun_token",
                condition=models.Q(token__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Attempt(TenantScoped):
    """One try of a task run, written when it has ended."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    execution_id = id_column()
    task_run_id = id_column()
    number = models.IntegerField()
    state = models.CharField(max_length=STATE_LENGTH)
    history = JsonTextField()
    worker_id = models.CharField(max_length=NAME_LENGTH, null=True)
    is_lost = models.BooleanField(db_default=False)

    class Meta(TenantScoped.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["execution_id", "task_run_id", "number", "day"],
                name="executions_attempt_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_run_id} #{self.number}"
