"""The store on SQLite, in the file that Django uses too: one writer, readers of their own, array
statements run row by row. The clock is the machine's, there is no other."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from common import json
from executions.executor.model import TaskRun
from executions.store import contract, rows, sqlite_shards
from executions.store import sqlite_sql as sql
from executions.store.columns import RUN_WIDTH
from executions.store.contract import InboxRow, LogRow, MetricRow, StoredExecution, TimerRow
from executions.store.restoring import stored_executions
from executions.store.sqlite_turn import SqliteTurn, insert_inbox, write_logs
from executions.store.sqlite_writer import Writer, connect, saying_unavailable


class SqliteStore(contract.Store):
    """Every method may be called from any thread. A file that stays locked raises Unavailable."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._writer = Writer(self._path)
        self._readers: deque[sqlite3.Connection] = deque()

    # ---- ownership ----------------------------------------------------------------------------
    def acquire_shards(
        self, owner: str, *, lease_seconds: float, wanted: int | None = None
    ) -> dict[int, int]:
        return self._writer.run(lambda c: sqlite_shards.acquire(c, owner, lease_seconds, wanted))

    def renew_shards(self, owner: str, *, lease_seconds: float) -> dict[int, int]:
        return self._writer.run(lambda c: sqlite_shards.renew(c, owner, lease_seconds))

    def release_shards(self, owner: str) -> None:
        self._writer.run(lambda c: sqlite_shards.release(c, owner))

    def executor_count(self) -> int:
        return int(self._read(sql.LIVE_EXECUTORS, [])[0][0])

    # ---- the owner's turn ---------------------------------------------------------------------
    @contextmanager
    def turn(self, shards: Mapping[int, int]) -> Iterator[SqliteTurn]:
        with saying_unavailable():
            turn = SqliteTurn(self._writer, self._read, shards)
            try:
                yield turn
                turn.commit()
            except BaseException:
                turn.rollback()
                raise

    def sweep_inbox(self, shards: Collection[int], *, limit: int = 1000) -> list[InboxRow]:
        return list(map(rows.inbox_of, self._read(sql.SWEEP_INBOX, [_keys(shards), limit])))

    def load_executions(self, ids: Sequence[str]) -> list[StoredExecution]:
        if not ids:
            return []
        heads = self._read(sql.LOAD_HEADS, [_keys(ids)])
        return stored_executions(ids, heads, self._read(sql.LOAD_TASK_RUNS, [_keys(ids)]))

    def open_execution_ids(self, shards: Collection[int]) -> list[str]:
        return [key for (key,) in self._read(sql.OPEN_EXECUTIONS, [_keys(shards)])]

    def load_timers(self, shards: Collection[int]) -> list[TimerRow]:
        return list(map(rows.timer_of, self._read(sql.LOAD_TIMERS, [_keys(shards)])))

    def count_failure(self, execution_id: str, message: str) -> int:
        values = [rows.clean(message), contract.FAILURE_LIMIT, execution_id]

        def count(connection: sqlite3.Connection) -> int:
            connection.execute(sql.COUNT_FAILURE, values)
            row = connection.execute(sql.READ_FAILURES, [execution_id]).fetchone()
            return int(row[0]) if row else 0

        return self._writer.run(count)

    def clear_failures(self, execution_id: str) -> None:
        self._write(sql.CLEAR_FAILURES, [execution_id])

    # ---- workers ------------------------------------------------------------------------------
    def claim(
        self, requests: Sequence[contract.ClaimRequest], worker_id: str
    ) -> list[contract.Claimed]:
        if not requests:
            return []
        places = rows.claim_places(requests)
        return self._writer.run(lambda connection: _claim(connection, places, worker_id))

    def beat(self, worker_id: str, *, group: str, slots: int, lease_seconds: float) -> bool:
        return self._write(sql.BEAT, [worker_id, group, slots, lease_seconds]) > 0

    def retire_worker(self, worker_id: str) -> None:
        self._write(sql.RETIRE_WORKER, [worker_id])

    def declare_lost_workers(self) -> list[str]:
        return self._writer.run(sqlite_shards.declare_lost)

    def live_slots(self) -> dict[str, int]:
        return dict(self._read(sql.LIVE_SLOTS, []))

    def claims_of(self, worker_ids: Sequence[str]) -> list[tuple[str, str, str, str]]:
        return self._read(sql.CLAIMS_OF, [_keys(worker_ids)])

    def open_tokens(self, tokens: Sequence[str]) -> dict[str, contract.TokenState]:
        found = self._read(sql.OPEN_TOKENS, [_keys(tokens)])
        return {
            token: contract.TokenState(worker_id, bool(is_killing))
            for token, worker_id, is_killing in found
        }

    def outputs_of(
        self, execution_id: str, day: datetime, task_ids: Collection[str] | None
    ) -> list[TaskRun]:
        place = [rows.day_text(day), execution_id]
        if task_ids is None:
            return list(map(rows.task_run_of, self._read(sql.ALL_RUNS, place)))
        found = self._read(sql.RUNS_OF_TASKS, [*place, _keys(task_ids)])
        return list(map(rows.task_run_of, found))

    def rows_around(
        self, claimed: Sequence[contract.Claimed], task_ids: Collection[str] | None
    ) -> dict[str, list[TaskRun]]:
        tasks = None if task_ids is None else _keys(task_ids)
        return {
            item.task_run.id: list(
                map(rows.read_run_of, self._read(sql.ROWS_AROUND, [*place, tasks]))
            )
            for item in claimed
            for place in [(rows.day_text(item.head.created_at), item.head.id, item.task_run.id)]
        }

    def error_logs(self, execution_id: str, day: datetime) -> list[dict[str, Any]]:
        found = self._read(sql.ERROR_LOGS, [rows.day_text(day), execution_id])
        return list(map(rows.log_map, found))

    def write_logs(self, logs: Sequence[LogRow], metrics: Sequence[MetricRow]) -> None:
        if logs or metrics:
            self._writer.run(lambda connection: write_logs(connection, logs, metrics))

    def put_inbox(self, inbox: Sequence[InboxRow]) -> list[InboxRow]:
        if not inbox:
            return []
        return self._writer.run(lambda connection: insert_inbox(connection, inbox))

    def close(self) -> None:
        self._writer.close()
        while self._readers:
            self._readers.pop().close()

    # ---- connections --------------------------------------------------------------------------
    def _read(self, text: str, values: Sequence[Any]) -> list[Any]:
        with saying_unavailable():
            try:
                connection = self._readers.pop()
            except IndexError:
                connection = connect(self._path, reads_only=True)
            try:
                return connection.execute(text, values).fetchall()
            finally:
                self._readers.append(connection)

    def _write(self, text: str, values: Sequence[Any]) -> int:
        return self._writer.run(lambda connection: connection.execute(text, values).rowcount)


def _keys(values: Collection[Any]) -> str:
    return json.dumps(list(values))


def _claim(
    connection: sqlite3.Connection, places: Sequence[tuple[str, ...]], worker_id: str
) -> list[contract.Claimed]:
    if connection.execute(sql.IS_LOST, [worker_id]).fetchone():
        return []
    claimed = []
    for place in places:
        if connection.execute(sql.CLAIM, [worker_id, *place]).rowcount:
            row = connection.execute(sql.READ_CLAIM, place[1:3]).fetchone()
            task_run, head = rows.task_run_of(row[:RUN_WIDTH]), rows.head_of(row[RUN_WIDTH:])
            claimed.append(contract.Claimed(head, task_run))
    return claimed
