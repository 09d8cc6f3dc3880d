"""Requests to the engine as rows of its inbox."""

from __future__ import annotations

from common.ids import shard_of
from executions import messages
from executions.executor.events import Event
from executions.store.contract import InboxRow


def request_row(execution_id: str, event: Event) -> InboxRow:
    kind, payload = messages.inbox_payload(event)
    return InboxRow(shard_of(execution_id), execution_id, kind, payload)
