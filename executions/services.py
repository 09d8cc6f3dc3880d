"""What writes executions on somebody's behalf: each call one transaction with its audit line and
its request to the engine."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from audit.choices import AuditType
from audit.services import record
from common.actor import Actor
from common.ids import shard_of
from executions import messages
from executions.executor.events import Created, Event
from executions.executor.model import Head
from executions.requests import write_requests
from executions.store.contract import InboxRow


@transaction.atomic
def create_executions(*, actor: Actor, heads: Sequence[Head]) -> None:
    """Writes new executions, made by `creation.new_head`, and lets the engine start them."""
    write_requests(heads=heads, inbox=[_request(head.id, Created()) for head in heads])
    for head in heads:
        record(
            actor=actor,
            type=AuditType.CREATE,
            resource="EXECUTION",
            detail={
                "id": head.id,
                "namespace": head.namespace,
                "flowId": head.flow_id,
                "revision": head.flow_revision,
            },
        )


def _request(execution_id: str, event: Event) -> InboxRow:
    kind, payload = messages.inbox_payload(event)
    return InboxRow(shard_of(execution_id), execution_id, kind, payload)
