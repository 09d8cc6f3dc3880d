"""The event bus without Redis: its messages as rows (`executions.bus.postgres`)."""

from django.db import models

from executions.models.fields import NAME_LENGTH


class BusMessage(models.Model):
    """A message on its way to the owner of its shard. `taken_by`: received there, and not yet
    acknowledged. On PostgreSQL the table is not logged: a crash of the server empties it, which
    is noticed by the row that then is missing."""

    id = models.BigAutoField(primary_key=True)
    shard = models.SmallIntegerField()
    body = models.BinaryField()
    taken_by = models.CharField(max_length=NAME_LENGTH, null=True)

    class Meta:
        indexes = [models.Index(fields=["shard", "id"], name="executions_busmessage_shard")]

    def __str__(self) -> str:
        return f"message {self.pk} for shard {self.shard}"
