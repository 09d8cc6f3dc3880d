"""What the audit log is told about flows."""

from typing import Any

from audit.choices import AuditType
from audit.services import record
from common.actor import Actor
from flows.queries.stored import StoredFlow

RESOURCE = "FLOW"


def flow_was_created(actor: Actor, flow: StoredFlow) -> None:
    record(
        actor=actor,
        type=AuditType.CREATE,
        resource=RESOURCE,
        detail=_detail(flow),
        after=_told(flow),
    )


def flow_was_updated(actor: Actor, before: StoredFlow, after: StoredFlow) -> None:
    record(
        actor=actor,
        type=AuditType.UPDATE,
        resource=RESOURCE,
        detail=_detail(after),
        before=_told(before),
        after=_told(after),
    )


def flow_was_deleted(actor: Actor, flow: StoredFlow) -> None:
    record(
        actor=actor,
        type=AuditType.DELETE,
        resource=RESOURCE,
        detail=_detail(flow),
        before=_told(flow),
    )


def revisions_were_deleted(
    actor: Actor, namespace: str, flow_id: str, revisions: list[int]
) -> None:
    record(
        actor=actor,
        type=AuditType.DELETE,
        resource=RESOURCE,
        detail={"id": flow_id, "namespace": namespace, "revisions": revisions},
    )


def _detail(flow: StoredFlow) -> dict[str, Any]:
    return {"id": flow.id, "namespace": flow.namespace, "revision": flow.revision}


def _told(flow: StoredFlow) -> dict[str, Any]:
    """The source says it all."""
    return {"revision": flow.revision, "source": flow.source}
