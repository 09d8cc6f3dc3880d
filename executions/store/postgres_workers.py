"""Claims and lost workers on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from typing import Any

from psycopg.errors import DeadlockDetected

from common.errors import Unavailable
from executions.executor.model import Head, TaskRun
from executions.store import postgres_sql as sql
from executions.store import rows
from executions.store.arrays import column_arrays, text_array
from executions.store.columns import RUN_WIDTH
from executions.store.contract import Claimed, ClaimRequest
from executions.store.postgres_turn import claim_arrays
from rest.postgres_together import Connection

_TRIES = 3


Connected = Callable[[], AbstractContextManager[Connection]]
Found = tuple[list[Claimed], dict[str, list[TaskRun]]]


def claim(
    connected: Connected,
    requests: Sequence[ClaimRequest],
    worker_id: str,
    task_ids: Collection[str] = (),
) -> Found:
    """With what stands around of these tasks. Tried again after a deadlock and after a lost
    connection. Then the first answer may have been a yes that was not heard: what this worker
    holds of the requests counts as claimed."""
    if not requests:
        return [], {}
    values = _claim_values(requests, worker_id)
    for attempt in range(1, _TRIES + 1):
        try:
            return _claim(connected, values, task_ids)
        except Unavailable as error:
            if attempt == _TRIES:
                raise
            values["again"] = not isinstance(error.__cause__, DeadlockDetected) or values["again"]
    raise AssertionError("unreachable")


def _claim(connected: Connected, values: dict[str, Any], task_ids: Collection[str]) -> Found:
    with connected() as connection:
        if not task_ids:
            return claimed(connection.together([(sql.CLAIM, values)])[0]), {}
        wanted = {**values, "tasks": text_array(task_ids)}
        taken, around = connection.together([(sql.CLAIM, values), (sql.ROWS_AROUND, wanted)])
        found = claimed(taken)
        return found, _around(found, around)


def declare_lost(connection: Connection) -> list[str]:
    connection.execute(sql.MARK_LOST_WORKERS)
    lost: dict[str, bool] = dict(connection.execute(sql.LOST_WORKERS).fetchall())
    if not lost:
        return []
    claims = connection.execute(sql.CLAIMS_OF, [text_array(lost)]).fetchall()
    holding = {worker_id for *_, worker_id in claims}
    settled = [worker for worker, is_old in lost.items() if is_old and worker not in holding]
    if settled:
        connection.execute(sql.SETTLE_WORKERS, [text_array(settled)])
        connection.execute(sql.FORGET_WORKERS)
    return sorted(holding)


def _claim_values(requests: Sequence[ClaimRequest], worker_id: str) -> dict[str, Any]:
    names = ("days", "executions", "runs", "tokens")
    places = dict(zip(names, claim_arrays(requests), strict=True))
    return {"worker": worker_id, "again": False, **places}


def claimed(found: Sequence[Sequence[Any]]) -> list[Claimed]:
    """Attempts of one execution share its head."""
    heads: dict[str, Head] = {}
    for row in found:
        if row[RUN_WIDTH] not in heads:
            heads[row[RUN_WIDTH]] = rows.head_of(row[RUN_WIDTH:])
    return [Claimed(heads[row[RUN_WIDTH]], rows.task_run_of(row[:RUN_WIDTH])) for row in found]


def rows_around(
    connected: Connected, claimed: Sequence[Claimed], task_ids: Collection[str] | None
) -> dict[str, list[TaskRun]]:
    if not claimed:
        return {}
    places = [
        (rows.day_text(item.head.created_at), item.head.id, item.task_run.id) for item in claimed
    ]
    arrays = column_arrays(places, ("date", "text", "text"))
    tasks = None if task_ids is None else text_array(task_ids)
    values = {**dict(zip(("days", "executions", "runs"), arrays, strict=True)), "tasks": tasks}
    with connected() as connection:
        (found,) = connection.together([(sql.ROWS_AROUND, values)])
    return _around(claimed, found)


def _around(claimed: Sequence[Claimed], found: Sequence[Sequence[Any]]) -> dict[str, list[TaskRun]]:
    """A row that several of them may read is one object for all."""
    by_execution: dict[str, list[TaskRun]] = {}
    for execution_id, *row in found:
        by_execution.setdefault(execution_id, []).append(rows.read_run_of(row))
    return {item.task_run.id: by_execution.get(item.head.id, []) for item in claimed}
