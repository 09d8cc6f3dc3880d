"""New executions as values: what an execution has when it is created, whoever asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from common.clock import now
from common.ids import new_id
from executions.executor.model import Head, ParentRef
from flows.schema import FlowDocument
from plugins.contracts.state import State

CORRELATION = "system.correlationId"


def new_head(
    document: FlowDocument,
    *,
    tenant: str,
    revision: int,
    inputs: Mapping[str, Any] | None = None,
    labels: Sequence[tuple[str, str]] = (),
    trigger: Mapping[str, Any] | None = None,
    schedule_date: datetime | None = None,
    waiting_parent: ParentRef | None = None,
    execution_id: str | None = None,
    kind: str = "NORMAL",
) -> Head:
    """In state CREATED. Its labels are those of the flow, then the given ones, then the
    correlation id: its own unless one was handed down. Later ones replace equal keys."""
    moment = now()
    own_id = execution_id or new_id()
    return Head(
        id=own_id,
        tenant=tenant,
        namespace=document.namespace,
        flow_id=document.id,
        flow_revision=revision,
        state=State.CREATED,
        history=((State.CREATED, moment),),
        original_id=own_id,
        created_at=moment,
        labels=_labels(document, labels, own_id),
        inputs=inputs or None,
        trigger=trigger,
        schedule_date=schedule_date,
        waiting_parent=waiting_parent,
        kind=kind,
    )


def _labels(
    document: FlowDocument, given: Sequence[tuple[str, str]], own_id: str
) -> tuple[tuple[str, str], ...]:
    """The flow's own system labels are not copied to its executions."""
    found = {
        label.key: label.value for label in document.labels if not label.key.startswith("system.")
    }
    found.update(given)
    found.setdefault(CORRELATION, own_id)
    return tuple(found.items())
