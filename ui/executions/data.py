"""What the islands of an execution's page fetch, as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from common import json
from common.clock import now, to_iso
from common.errors import Invalid
from executions.api.access import positive
from executions.api.filters import LogFilters
from executions.choices import LogLevel
from executions.confidential import hide_encrypted
from executions.models import Execution, LogEntry
from executions.queries.details import get_task_run, head_of_row, task_run_rows
from executions.queries.log_places import next_of_level, place_of
from executions.queries.logs import logs_of
from executions.queries.outputs import ANSWER_LIMIT, outputs_value
from executions.queries.task_states import RunState, attempt_spans, run_states
from ui.executions.shown import execution_at
from ui.frame import page

LINES_A_PAGE = 500
_LONGEST_LINE = 20_000
_LINE = ("pk", "timestamp", "level", "task_id", "task_run_id", "attempt", "message")


@page("EXECUTION", "ACCESS_LOGS")
def read_lines(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, **_: Any
) -> HttpResponse:
    """`{total, offset, lines}`: up to LINES_A_PAGE from `offset` on, with the API's filters; a
    line is `[key, time, level, task, task run, attempt, message]`."""
    rows = _lines(request, execution_at(namespace, flow_id, execution_id))
    offset = _offset(request)
    found = rows.values_list(*_LINE)[offset : offset + LINES_A_PAGE]
    lines = [_line(row) for row in found]
    total = offset + len(lines) if 0 < len(lines) < LINES_A_PAGE else rows.count()
    return _answer({"total": total, "offset": offset, "lines": lines})


@page("EXECUTION", "ACCESS_LOGS")
def find_line(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, **_: Any
) -> HttpResponse:
    """`{place}`: of the line with the key `line`; or of the next error (`after=<place>`) or the
    one before (`before=<place>`). Null where there is none."""
    rows = _lines(request, execution_at(namespace, flow_id, execution_id))
    asked = request.GET
    if asked.get("line"):
        return _answer({"place": place_of(rows, positive(asked, "line") or 0)})
    forward = "after" in asked
    text = asked.get("after" if forward else "before", "")
    if not text.lstrip("-").isdecimal():
        raise Invalid("say `line`, or `after` or `before` with a place")
    levels = [str(LogLevel.ERROR)]
    return _answer({"place": next_of_level(rows, levels, place=int(text), forward=forward)})


@page("EXECUTION", "VIEW")
def read_runs(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, **_: Any
) -> HttpResponse:
    """`{now, state, start, end, runs, attempts}`: task runs as `run_shape` has them."""
    row = execution_at(namespace, flow_id, execution_id)
    return _answer(
        {
            "now": _milliseconds(now()),
            "state": row.state,
            "start": _milliseconds(row.started_at),
            "end": _milliseconds(row.ended_at) if row.ended_at else None,
            "runs": [run_shape(run) for run in run_states(row)],
            "attempts": attempt_spans(row),
        }
    )


def run_shape(run: RunState) -> list[Any]:
    """`[number, id, task, parent, value, iteration, state, history, attempts, child]`."""
    return [
        run.seq, run.id, run.task_id, run.parent_id, run.value, run.iteration, run.state,
        run.history, run.attempts, run.child_execution_id,
    ]  # fmt: skip


@page("EXECUTION", "ACCESS_OUTPUTS")
def list_outputs(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, **_: Any
) -> HttpResponse:
    """`{runs, outputs}`: `[id, task, value, iteration, size]` of task runs that have some, and the
    outputs of the execution itself."""
    row = execution_at(namespace, flow_id, execution_id)
    runs = task_run_rows(row).filter(outputs_size__gt=0)
    found = runs.values_list("public_id", "task_id", "value", "iteration", "outputs_size")
    return _answer({"runs": list(found), "outputs": hide_encrypted(row.outputs)})


@page("EXECUTION", "ACCESS_OUTPUTS")
def read_outputs(
    request: HttpRequest,
    namespace: str,
    flow_id: str,
    execution_id: str,
    task_run_id: str,
    **_: Any,
) -> HttpResponse:
    row = execution_at(namespace, flow_id, execution_id)
    run = get_task_run(row, task_run_id)
    value = outputs_value(head_of_row(row), run, limit=ANSWER_LIMIT)
    return _answer(hide_encrypted(value) or {})


def _lines(request: HttpRequest, row: Execution) -> QuerySet[LogEntry]:
    return LogFilters.apply(logs_of(row), request.GET)


def _line(row: Sequence[Any]) -> list[Any]:
    key, moment, level, task_id, run_id, attempt, message = row
    return [key, to_iso(moment), level, task_id, run_id, attempt, message[:_LONGEST_LINE]]


def _offset(request: HttpRequest) -> int:
    text = request.GET.get("offset", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(f"offset: '{text[:40]}' is not a number from 0")
    return int(text)


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _answer(body: Any) -> HttpResponse:
    return HttpResponse(
        json.dump_bytes(body),
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
