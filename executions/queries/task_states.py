"""The task runs of an execution without what they hold: enough to draw them over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from executions.models import Execution
from executions.queries.details import attempts_of, task_run_rows
from plugins.contracts.state import TERMINAL

_COLUMNS = (
    "seq", "public_id", "task_id", "parent_id", "value", "iteration", "state", "history",
    "attempt_count", "child_execution_id",
)  # fmt: skip
_ENDED = frozenset(state.value for state in TERMINAL)


@dataclass(frozen=True, slots=True)
class RunState:
    """`history`: pairs of state and milliseconds since 1970, oldest first."""

    seq: int
    id: str
    task_id: str
    parent_id: str | None
    value: str | None
    iteration: int | None
    state: str
    history: tuple[tuple[str, int], ...]
    attempts: int
    child_execution_id: str | None

    @property
    def is_ended(self) -> bool:
        return self.state in _ENDED


def run_states(execution: Execution) -> list[RunState]:
    """In the order of their creation."""
    return [_read(row) for row in task_run_rows(execution).values_list(*_COLUMNS)]


def changed_runs(execution: Execution, *, open_seqs: Sequence[int], last: int) -> list[RunState]:
    """As they are now: those with these numbers, and all behind `last`."""
    rows = task_run_rows(execution).filter(Q(seq__in=list(open_seqs)) | Q(seq__gt=last))
    return [_read(row) for row in rows.values_list(*_COLUMNS)]


def attempt_spans(execution: Execution) -> dict[str, list[tuple[str, int, int]]]:
    """By task run, for those with more than one: state, start and end in milliseconds."""
    found: dict[str, list[tuple[str, int, int]]] = {}
    rows = attempts_of(execution).values_list("task_run_id", "state", "history")
    for task_run_id, state, history in rows:
        moments = [_milliseconds(at) for _, at in history]
        if moments:
            found.setdefault(task_run_id, []).append((state, moments[0], moments[-1]))
    return {key: spans for key, spans in found.items() if len(spans) > 1}


def _read(row: Sequence[Any]) -> RunState:
    seq, key, task_id, parent_id, value, iteration, state, history, attempts, child = row
    moments = tuple((name, _milliseconds(at)) for name, at in history)
    return RunState(seq, key, task_id, parent_id, value, iteration, state, moments, attempts, child)


def _milliseconds(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)
