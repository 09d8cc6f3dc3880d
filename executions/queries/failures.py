"""Why an execution failed, in few words: its last failed task run and its last lines."""

from __future__ import annotations

from dataclasses import dataclass

from executions.models import Execution, LogEntry, TaskRun
from executions.queries.details import task_run_rows
from executions.queries.logs import logs_of
from plugins.contracts.state import State

SHOWN_LINES = 8


@dataclass(frozen=True, slots=True)
class Failure:
    """`run` is None where the execution failed without one; `error` is its last line of level
    ERROR, `lines` the last of all, oldest first,
    empty where there is none but the error."""

    run: TaskRun | None
    error: LogEntry | None
    lines: list[LogEntry]


def failure_of(execution: Execution) -> Failure:
    """Three queries. The deepest run counts: those around it failed because it did."""
    failed = task_run_rows(execution).filter(state=State.FAILED).defer("outputs", "plan")
    run = failed.order_by("-seq").first()
    lines = logs_of(execution)
    if run is not None:
        lines = lines.filter(task_run_id=run.public_id)
    newest = lines.order_by("-timestamp", "-pk")
    error = newest.filter(level="ERROR").first()
    last = list(reversed(newest[:SHOWN_LINES]))
    return Failure(run, error, [] if last == [error] else last)
