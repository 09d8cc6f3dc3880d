"""A batch as the rows that it comes to: one write an id, deletions applied, in the order in which
all transactions lock rows."""

from __future__ import annotations

from dataclasses import dataclass

from executions.executor.model import Attempt, Head
from executions.store import rows
from executions.store.contract import Batch


@dataclass(frozen=True, slots=True)
class BatchRows:
    """Values for `columns`. `ended`: executions of which nothing is open any more; `closed`: those
    among them whose row says nothing of it here."""

    new_heads: list[rows.Row]
    heads: list[rows.Row]
    new_task_runs: list[rows.Row]
    task_runs: list[rows.Row]
    attempts: list[rows.Row]
    deleted_task_runs: list[tuple[str, str, str]]  # day, execution, task run
    timers: list[rows.Row]
    cancelled_timers: list[str]
    closed: list[str]
    ended: list[str]


def rows_of(batch: Batch) -> BatchRows:
    ended = set(batch.ended)
    deleted = {task_run_id for _, task_run_id in batch.deleted_task_runs}
    new_ids = {head.id for head in batch.new_heads}
    new_heads = [batch.heads.get(head.id, head) for head in batch.new_heads]
    heads = [head for key, head in sorted(batch.heads.items()) if key not in new_ids]
    new_runs = {
        key: batch.task_runs.get(key, pair)
        for key, pair in batch.new_task_runs.items()
        if key not in deleted
    }
    runs = [
        rows.task_run_values(head, run)
        for key, (head, run) in batch.task_runs.items()
        if key not in new_runs and key not in deleted
    ]
    cancelled = set(batch.cancelled_timers)
    timers = {timer.token: timer for timer in batch.timers if timer.token not in cancelled}
    return BatchRows(
        new_heads=[
            rows.head_values(head, is_open=not (head.is_ended and head.id in ended))
            for head in new_heads
        ],
        heads=[rows.head_values(head, is_open=_is_open(head, ended)) for head in heads],
        new_task_runs=[rows.task_run_values(head, run) for head, run in new_runs.values()],
        task_runs=sorted(runs, key=_place),
        attempts=_attempts(batch, deleted),
        deleted_task_runs=[
            (rows.day_text(head.created_at), head.id, key) for head, key in batch.deleted_task_runs
        ],
        timers=[rows.timer_values(timer) for timer in timers.values()],
        cancelled_timers=sorted(cancelled),
        closed=sorted(ended - batch.heads.keys() - new_ids),
        ended=sorted(ended),
    )


def _is_open(head: Head, ended: set[str]) -> bool | None:
    """None: an ended execution stays what it is until nothing of it is open."""
    if not head.is_ended:
        return True
    return False if head.id in ended else None


def _place(row: rows.Row) -> tuple[rows.Value, ...]:
    return row[:3]


def _attempts(batch: Batch, deleted: set[str]) -> list[rows.Row]:
    found: dict[tuple[str, int], tuple[Head, str, Attempt]] = {}
    for key, pair in batch.new_task_runs.items():
        head, run = batch.task_runs.get(key, pair)
        found.update({(key, attempt.number): (head, key, attempt) for attempt in run.attempts})
    for head, key, attempt in batch.new_attempts:
        found[key, attempt.number] = (head, key, attempt)
    return [rows.attempt_values(*item) for (key, _), item in found.items() if key not in deleted]
