"""Events as JSON: on the bus, and as the payload of inbox rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from common.clock import from_iso, to_iso
from common.json import dump_bytes, loads
from executions.executor.events import (
    ChildEnded,
    Created,
    Event,
    KillRequested,
    LabelsSet,
    TaskEnded,
    TaskStarted,
)
from executions.executor.model import Outputs
from plugins.contracts.state import State

# Inbox kinds.
CREATED = "CREATED"
KILL = "KILL"
CHILD_ENDED = "CHILD_ENDED"
LABELS = "LABELS"
RESULT = "RESULT"


def look(inbox_ids: Sequence[int]) -> bytes:
    """Says that rows of the inbox wait."""
    return dump_bytes({"look": list(inbox_ids)})


def results(events: Sequence[tuple[str, TaskStarted | TaskEnded]]) -> bytes:
    """What a worker has to say of attempts: (execution id, event)."""
    return dump_bytes({"results": [[name, _event_map(event)] for name, event in events]})


def parse(body: bytes) -> tuple[list[int], list[tuple[str, Event]]]:
    """Inbox ids to look at, and events by execution id."""
    message = loads(body)
    found: list[tuple[str, Event]] = [
        (name, _event(entry)) for name, entry in message.get("results", ())
    ]
    return list(message.get("look", ())), found


def inbox_payload(event: Event) -> tuple[str, dict[str, Any]]:
    """(kind, payload) of an event that is written to the inbox."""
    if isinstance(event, Created):
        return CREATED, {"wait": True} if event.is_awaited else {}
    if isinstance(event, KillRequested):
        return KILL, {"cascade": event.cascade}
    if isinstance(event, LabelsSet):
        return LABELS, {"labels": [list(pair) for pair in event.labels]}
    if isinstance(event, ChildEnded):
        return CHILD_ENDED, {
            "taskRunId": event.task_run_id,
            "childId": event.child_execution_id,
            "state": str(event.state),
            "outputs": event.outputs,
        }
    if isinstance(event, TaskStarted | TaskEnded):
        return RESULT, _event_map(event)
    raise TypeError(f"a {type(event).__name__} does not go through the inbox")


def inbox_event(kind: str, payload: Mapping[str, Any]) -> Event:
    if kind == CREATED:
        return Created(is_awaited=payload.get("wait") is True)
    if kind == KILL:
        return KillRequested(cascade=bool(payload.get("cascade", True)))
    if kind == LABELS:
        return LabelsSet(tuple((key, value) for key, value in payload["labels"]))
    if kind == CHILD_ENDED:
        return ChildEnded(
            payload["taskRunId"], payload["childId"], State(payload["state"]), payload["outputs"]
        )
    if kind == RESULT:
        return _event(payload)
    raise ValueError(f"the inbox holds a row of the unknown kind '{kind}'")


def _event_map(event: TaskStarted | TaskEnded) -> dict[str, Any]:
    if isinstance(event, TaskStarted):
        return {
            "t": "S",
            "run": event.task_run_id,
            "token": event.token,
            "worker": event.worker_id,
            "at": to_iso(event.at),
        }
    found: dict[str, Any] = {
        "t": "E",
        "run": event.task_run_id,
        "token": event.token,
        "state": str(event.state),
        "from": to_iso(event.started_at),
        "to": to_iso(event.ended_at),
        "worker": event.worker_id,
    }
    if event.message is not None:
        found["message"] = event.message
    if event.outputs is not None:
        out = event.outputs
        found["outputs"] = {"value": out.value, "uri": out.uri, "size": out.size}
    return found


def _event(entry: Mapping[str, Any]) -> TaskStarted | TaskEnded:
    if entry["t"] == "S":
        return TaskStarted(entry["run"], entry["token"], entry["worker"], _moment(entry["at"]))
    outputs = entry.get("outputs")
    return TaskEnded(
        task_run_id=entry["run"],
        token=entry["token"],
        state=State(entry["state"]),
        started_at=_moment(entry["from"]),
        ended_at=_moment(entry["to"]),
        worker_id=entry.get("worker"),
        outputs=Outputs(**outputs) if outputs is not None else None,
        message=entry.get("message"),
    )


def _moment(text: str) -> datetime:
    return from_iso(text)
