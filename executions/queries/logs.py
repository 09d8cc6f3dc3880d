"""Log lines of one execution, and of a tenant."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from common.clock import to_iso
from executions.models import Execution, LogEntry, Metric
from executions.store.rows import day_of


def logs_of(execution: Execution) -> QuerySet[LogEntry]:
    """Oldest first; the day names the partition."""
    rows = LogEntry.objects.filter(
        day=day_of(execution.created_at), execution_id=execution.public_id
    )
    return rows.order_by("timestamp", "pk")


def metrics_of(execution: Execution) -> QuerySet[Metric]:
    return Metric.objects.filter(day=day_of(execution.created_at), execution_id=execution.public_id)


def log_text(rows: QuerySet[LogEntry]) -> Iterator[bytes]:
    """One line an entry: `timestamp LEVEL message`."""
    found = rows.values_list("timestamp", "level", "message")
    for timestamp, level, message in found.iterator(chunk_size=1_000):
        yield f"{to_iso(timestamp)} {level} {message}\n".encode("utf-8", "replace")
