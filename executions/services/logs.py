"""Deleting log lines."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from audit.choices import AuditType
from audit.services import record
from common.actor import Actor
from executions.models import Execution, LogEntry


@transaction.atomic
def delete_logs_of_execution(
    *, actor: Actor, execution: Execution, rows: QuerySet[LogEntry]
) -> int:
    """`rows` are lines of that execution, as the caller has chosen them."""
    count, _ = rows.order_by().delete()
    _record(actor, execution.namespace, execution.flow_id, {"executionId": execution.public_id})
    return count


@transaction.atomic
def delete_logs_of_trigger(*, actor: Actor, namespace: str, flow_id: str, trigger_id: str) -> int:
    rows = LogEntry.objects.filter(namespace=namespace, flow_id=flow_id, trigger_id=trigger_id)
    count, _ = rows.delete()
    _record(actor, namespace, flow_id, {"triggerId": trigger_id})
    return count


def _record(actor: Actor, namespace: str, flow_id: str, more: dict[str, str]) -> None:
    detail = {"namespace": namespace, "flowId": flow_id, "deleted": "logs", **more}
    record(actor=actor, type=AuditType.DELETE, resource="EXECUTION", detail=detail)
