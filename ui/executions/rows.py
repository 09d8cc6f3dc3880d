"""Executions as rows of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from common import json
from common.clock import now
from executions.confidential import hide_encrypted
from executions.models import Execution, TaskRun
from executions.queries.last_tasks import last_task_runs
from plugins.contracts.state import TERMINAL
from ui.executions.addresses import path_of

_SHOWN_INPUTS = 600
_SYSTEM = "system."


@dataclass(frozen=True, slots=True)
class ExecutionRow:
    execution: Execution
    labels: list[tuple[str, str]]
    last: TaskRun | None

    @property
    def url(self) -> str:
        return path_of(self.execution)

    @property
    def is_running(self) -> bool:
        return self.execution.state not in TERMINAL

    @property
    def duration(self) -> timedelta:
        row = self.execution
        return (row.ended_at or now()) - row.started_at

    @property
    def inputs(self) -> str:
        """One a line, cut where it is long."""
        found = hide_encrypted(self.execution.inputs) or {}
        return "\n".join(f"{key}: {_short(value)}" for key, value in found.items())[:_SHOWN_INPUTS]


def execution_rows(rows: Sequence[Execution]) -> list[ExecutionRow]:
    """With the last task of each: one query for all."""
    last = last_task_runs(rows)
    return [ExecutionRow(row, labels_shown(row), last.get(row.public_id)) for row in rows]


def labels_shown(row: Execution) -> list[tuple[str, str]]:
    """Those that people gave."""
    pairs = ((item["key"], item["value"]) for item in row.labels)
    return sorted(pair for pair in pairs if not pair[0].startswith(_SYSTEM))


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
