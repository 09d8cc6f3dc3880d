"""The store on PostgreSQL: connections of its own beside Django's, array SQL, the server's clock.

The owner's turns go over one connection, everything else over a small pool, so that a worker's
claim or a lease never waits for a turn. The role is the tables' owner: tenants are in the keys."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from common.errors import Unavailable
from executions.executor.model import TaskRun
from executions.store import contract, postgres_shards, postgres_workers, rows
from executions.store import postgres_sql as sql
from executions.store.arrays import bare_array, text_array
from executions.store.contract import InboxRow, LogRow, MetricRow, StoredExecution, TimerRow
from executions.store.postgres_turn import (
    PostgresTurn,
    inbox_statements,
    log_statements,
    numbered,
)
from executions.store.restoring import stored_executions
from rest.postgres_together import Connection

# Plans are made once: making one costs as much as a small statement. One that was made while a
# table was empty would keep its sequential scan for good; and where there is no other way, its
# price on paper would start the compiler.
_SETTINGS = (
    "SELECT set_config(name, value, false) FROM (VALUES ('enable_seqscan', 'off'),"
    " ('enable_hashjoin', 'off'), ('enable_mergejoin', 'off'),"
    " ('enable_bitmapscan', 'off'), ('enable_material', 'off'), ('jit', 'off'),"
    " ('plan_cache_mode', 'force_generic_plan'),"
    " ('TimeZone', 'UTC')) AS v(name, value)"
)
_CONNECTION: dict[str, Any] = {"autocommit": True, "prepare_threshold": 2}
_POOL_SIZE = 4
_POOL_SECONDS = 10.0


class PostgresStore(contract.Store):
    """`conninfo` is a libpq string or URL. Nothing is connected before the first use. A server that
    does not answer raises Unavailable; the next call connects again."""

    def __init__(self, conninfo: str, *, pool_size: int = _POOL_SIZE) -> None:
        self._conninfo = conninfo
        self._owner: Connection | None = None
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            conninfo,
            connection_class=Connection,
            kwargs=_CONNECTION,
            min_size=0,
            max_size=pool_size,
            timeout=_POOL_SECONDS,
            num_workers=1,
            configure=_configure,
            open=False,
        )

    # ---- ownership ----------------------------------------------------------------------------
    def acquire_shards(
        self, owner: str, *, lease_seconds: float, wanted: int | None = None
    ) -> dict[int, int]:
        with self._connected() as connection:
            return postgres_shards.acquire(connection, owner, lease_seconds, wanted)

    def renew_shards(self, owner: str, *, lease_seconds: float) -> dict[int, int]:
        with self._connected() as connection:
            return postgres_shards.renew(connection, owner, lease_seconds)

    def release_shards(self, owner: str) -> None:
        with self._connected() as connection:
            postgres_shards.release(connection, owner)

    def executor_count(self) -> int:
        with self._connected() as connection:
            return postgres_shards.live_executors(connection)

    # ---- the owner's turn ---------------------------------------------------------------------
    @contextmanager
    def turn(self, shards: Mapping[int, int]) -> Iterator[PostgresTurn]:
        with _saying_unavailable():
            if self._owner is None or self._owner.closed:
                self._owner = Connection.connect(self._conninfo, **_CONNECTION)
                _configure(self._owner)
            turn = PostgresTurn(self._owner, shards)
            try:
                yield turn
                turn.commit()
            except BaseException:
                turn.rollback()
                raise

    def sweep_inbox(self, shards: Collection[int], *, limit: int = 1000) -> list[InboxRow]:
        return self._read(rows.inbox_of, sql.SWEEP_INBOX, [bare_array(shards), limit])

    def load_executions(self, ids: Sequence[str]) -> list[StoredExecution]:
        if not ids:
            return []
        with self._connected() as connection, connection.pipeline():
            heads = connection.execute(sql.LOAD_HEADS, [text_array(ids)])
            runs = connection.execute(sql.LOAD_TASK_RUNS, [text_array(ids)])
            return stored_executions(ids, heads.fetchall(), runs.fetchall())

    def open_execution_ids(self, shards: Collection[int]) -> list[str]:
        return self._read(_first, sql.OPEN_EXECUTIONS, [bare_array(shards)])

    def load_timers(self, shards: Collection[int]) -> list[TimerRow]:
        return self._read(rows.timer_of, sql.LOAD_TIMERS, [bare_array(shards)])

    def count_failure(self, execution_id: str, message: str) -> int:
        values = [rows.clean(message), contract.FAILURE_LIMIT, execution_id]
        return sum(self._read(_first, sql.COUNT_FAILURE, values))

    def clear_failures(self, execution_id: str) -> None:
        self._execute([(sql.CLEAR_FAILURES, [execution_id])])

    # ---- workers ------------------------------------------------------------------------------
    def claim(
        self, requests: Sequence[contract.ClaimRequest], worker_id: str
    ) -> list[contract.Claimed]:
        return postgres_workers.claim(self._connected, requests, worker_id)[0]

    def claim_with_rows(
        self,
        requests: Sequence[contract.ClaimRequest],
        worker_id: str,
        task_ids: Collection[str],
    ) -> tuple[list[contract.Claimed], dict[str, list[TaskRun]]]:
        return postgres_workers.claim(self._connected, requests, worker_id, task_ids)

    def beat(self, worker_id: str, *, group: str, slots: int, lease_seconds: float) -> bool:
        return bool(self._read(_first, sql.BEAT, [worker_id, group, slots, lease_seconds]))

    def retire_worker(self, worker_id: str) -> None:
        self._execute([(sql.RETIRE_WORKER, [worker_id])])

    def declare_lost_workers(self) -> list[str]:
        with self._connected() as connection:
            return postgres_workers.declare_lost(connection)

    def live_slots(self) -> dict[str, int]:
        return dict(self._read(tuple, sql.LIVE_SLOTS, []))

    def claims_of(self, worker_ids: Sequence[str]) -> list[tuple[str, str, str, str]]:
        return self._read(tuple, sql.CLAIMS_OF, [text_array(worker_ids)])

    def open_tokens(self, tokens: Sequence[str]) -> dict[str, contract.TokenState]:
        found = self._read(tuple, sql.OPEN_TOKENS, [text_array(tokens)])
        return {token: contract.TokenState(*state) for token, *state in found}

    def outputs_of(
        self, execution_id: str, day: datetime, task_ids: Collection[str] | None
    ) -> list[TaskRun]:
        place = [rows.day_text(day), execution_id]
        if task_ids is None:
            return self._read(rows.task_run_of, sql.ALL_RUNS, place)
        values = [*place, text_array(task_ids), *place, *place]
        return self._read(rows.task_run_of, sql.RUNS_OF_TASKS, values)

    def rows_around(
        self, claimed: Sequence[contract.Claimed], task_ids: Collection[str] | None
    ) -> dict[str, list[TaskRun]]:
        return postgres_workers.rows_around(self._connected, claimed, task_ids)

    def error_logs(self, execution_id: str, day: datetime) -> list[dict[str, Any]]:
        return self._read(rows.log_map, sql.ERROR_LOGS, [rows.day_text(day), execution_id])

    def write_logs(self, logs: Sequence[LogRow], metrics: Sequence[MetricRow]) -> None:
        # The end of their task run is committed after them, and takes them to the disk with it.
        self._execute([(sql.COMMIT_SOON, []), *log_statements(logs, metrics)])

    def put_inbox(self, inbox: Sequence[InboxRow]) -> list[InboxRow]:
        written = [self._read(tuple, *statement) for statement in inbox_statements(inbox)]
        return numbered(inbox, written[0]) if written else []

    def close(self) -> None:
        if self._owner is not None:
            self._owner.close()
        self._pool.close()

    # ---- connections --------------------------------------------------------------------------
    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        self._pool.open()
        try:
            with _saying_unavailable(), self._pool.connection() as connection:
                yield connection
        except Unavailable:
            self._pool.check()  # a server that was restarted has closed the others, too
            raise

    def _read(self, make: Callable[[Any], Any], text: str, values: Sequence[Any]) -> list[Any]:
        with self._connected() as connection:
            return [make(row) for row in connection.execute(text, values).fetchall()]

    def _execute(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> None:
        with self._connected() as connection:
            connection.together(statements)


def _first(row: Sequence[Any]) -> Any:
    return row[0]


def _configure(connection: Connection) -> None:
    connection.execute(_SETTINGS)


@contextmanager
def _saying_unavailable() -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError as error:
        raise Unavailable(f"the database does not answer as it should: {error}") from error
