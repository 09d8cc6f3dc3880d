"""An execution at rest as its owner has it in memory, told to those who wait for it: they need not
ask the database for what it has just written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.json import dump_bytes
from executions.executor.model import Attempt, Head, History, Outputs, ParentRef, TaskRun
from plugins.contracts.state import State

MAX_TASK_RUNS = 100
MAX_BYTES = 65_536
"""Of outputs. What is larger is read from the database by who needs it."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    head: Head
    task_runs: tuple[TaskRun, ...]


def snapshot_of(head: Head, runs: Mapping[str, TaskRun]) -> Snapshot | None:
    """None: it is too large, or not all of it is in memory."""
    if len(runs) > MAX_TASK_RUNS:
        return None
    outputs = [run.outputs for run in runs.values() if run.outputs is not None]
    if any(each.value is None and each.size for each in outputs):
        return None
    if sum(each.size for each in outputs) + len(dump_bytes(head.outputs)) > MAX_BYTES:
        return None
    return Snapshot(head, tuple(sorted(runs.values(), key=lambda run: run.seq)))


def to_map(snapshot: Snapshot) -> dict[str, Any]:
    """For JSON; frozen values and moments become JSON by themselves."""
    return {"head": snapshot.head, "taskRuns": snapshot.task_runs}


def from_map(data: Mapping[str, Any]) -> Snapshot:
    """Of what `to_map` was once it has been JSON."""
    return Snapshot(_head(data["head"]), tuple(map(_task_run, data["taskRuns"])))


def _head(data: dict[str, Any]) -> Head:
    parent = data["waiting_parent"]
    return Head(
        **{
            **data,
            "state": State(data["state"]),
            "history": _history(data["history"]),
            "created_at": datetime.fromisoformat(data["created_at"]),
            "labels": tuple((key, value) for key, value in data["labels"]),
            "waiting_parent": ParentRef(**parent) if parent else None,
            "schedule_date": _moment(data["schedule_date"]),
        }
    )


def _task_run(data: dict[str, Any]) -> TaskRun:
    outputs = data["outputs"]
    return TaskRun(
        **{
            **data,
            "state": State(data["state"]),
            "history": _history(data["history"]),
            "outputs": Outputs(**outputs) if outputs else None,
            "attempts": tuple(map(_attempt, data["attempts"])),
            "available_at": _moment(data["available_at"]),
        }
    )


def _attempt(data: dict[str, Any]) -> Attempt:
    changed = {"state": State(data["state"]), "history": _history(data["history"])}
    return Attempt(**{**data, **changed})


def _history(data: list[list[str]]) -> History:
    return tuple((State(state), datetime.fromisoformat(at)) for state, at in data)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
