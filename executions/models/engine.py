"""The engine's own tables: requests, timers, and who is alive. They know no tenant."""

from django.db import models
from django.db.models.functions import Now

from executions.models.fields import NAME_LENGTH, id_column
from rest.fields import JsonTextField


class InboxRow(models.Model):
    """A request that must not be lost; the owner of the shard deletes it when it applies it."""

    id = models.BigAutoField(primary_key=True)
    shard = models.SmallIntegerField()
    execution_id = id_column()
    kind = models.CharField(max_length=64)
    payload = JsonTextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["shard", "id"], name="executions_inboxrow_shard")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.execution_id}"


class Timer(models.Model):
    """What is due when. The owner of the shard holds it in memory, too."""

    id = models.BigAutoField(primary_key=True)
    due = models.DateTimeField()
    shard = models.SmallIntegerField()
    execution_id = id_column()
    task_run_id = id_column(null=True)
    kind = models.CharField(max_length=64)
    token = models.CharField(max_length=128)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token"], name="executions_timer_token")]
        indexes = [
            models.Index(fields=["shard", "due"], name="executions_timer_shard"),
            models.Index(fields=["execution_id"], name="executions_timer_execution"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.execution_id} at {self.due}"


class Shard(models.Model):
    """One of the 16 parts of all executions. `epoch` rises with every new owner."""

    number = models.SmallIntegerField(primary_key=True)
    owner = models.CharField(max_length=NAME_LENGTH, null=True)
    epoch = models.BigIntegerField(db_default=0)
    lease_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.number)


class ExecutorLease(models.Model):
    """An executor process that is alive until then."""

    owner = models.CharField(max_length=NAME_LENGTH, primary_key=True)
    lease_until = models.DateTimeField()

    def __str__(self) -> str:
        return self.owner


class WorkerLease(models.Model):
    """A worker process, and with it all that it has claimed. `is_settled`: lost, and it was seen to
    hold nothing any more."""

    worker_id = models.CharField(max_length=NAME_LENGTH, primary_key=True)
    worker_group = models.CharField(max_length=NAME_LENGTH, db_default="")
    slots = models.IntegerField()
    lease_until = models.DateTimeField()
    is_lost = models.BooleanField(db_default=False)
    is_settled = models.BooleanField(db_default=False)

    def __str__(self) -> str:
        return self.worker_id


class HousekeepingLease(models.Model):
    """The scheduler that keeps house until then. There is one row."""

    name = models.CharField(max_length=NAME_LENGTH, primary_key=True)
    owner = models.CharField(max_length=NAME_LENGTH)
    lease_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} by {self.owner}"
