"""The owner's turn on PostgreSQL: one transaction, its statements sent together in psycopg's
pipeline mode, the shards' epochs checked by the first of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

import psycopg

from executions.store import columns, rows
from executions.store import postgres_sql as sql
from executions.store.arrays import bare_array, column_arrays, text_array
from executions.store.batches import BatchRows, rows_of
from executions.store.columns import Table
from executions.store.contract import (
    Batch,
    ClaimRequest,
    EpochLost,
    InboxRow,
    LogRow,
    MetricRow,
    Turn,
)

Connection = psycopg.Connection[tuple[Any, ...]]
Statement = tuple[str, Sequence[Any]]

_CHOSEN = {
    table.name: itemgetter(*map(table.names.index, sql.updated_columns(table)))
    for table in (columns.EXECUTION, columns.TASK_RUN)
}


class PostgresTurn(Turn):
    """Opens its transaction with the first statement that it is asked for."""

    def __init__(self, connection: Connection, shards: Mapping[int, int]) -> None:
        self._connection = connection
        self._shards = shards
        self._is_open = False

    def take_inbox(self, ids: Sequence[int]) -> list[InboxRow]:
        if not ids:
            return []
        taken = self._send([(sql.TAKE_INBOX, [bare_array(ids), bare_array(self._shards)])])[
            0
        ].fetchall()
        return sorted(map(rows.inbox_of, taken), key=lambda row: row.id or 0)

    def write(self, batch: Batch) -> list[InboxRow]:
        statements = batch_statements(rows_of(batch)) + log_statements(batch.logs, batch.metrics)
        cursors = self._send([*inbox_statements(batch.inbox), *statements])
        return numbered(batch.inbox, cursors[0].fetchall()) if batch.inbox else []

    def revoke(self, requests: Sequence[ClaimRequest]) -> frozenset[str]:
        if not requests:
            return frozenset()
        taken = self._send([(sql.REVOKE, claim_arrays(requests))])[0].fetchall()
        return frozenset(token for (token,) in taken)

    def commit(self) -> None:
        if not self._is_open:
            self._send([])
        self._connection.execute("COMMIT")

    def rollback(self) -> None:
        if not self._connection.closed:
            self._connection.rollback()

    def _send(self, statements: Sequence[Statement]) -> list[psycopg.Cursor[Any]]:
        check = None
        with self._connection.pipeline():
            if not self._is_open:
                self._connection.execute("BEGIN")
                check = self._connection.execute(sql.CHECK_EPOCHS, [bare_array(self._shards)])
            cursors = [self._connection.execute(text, values) for text, values in statements]
        self._is_open = True
        if check is not None:
            current: dict[int, int] = dict(check.fetchall())
            lost = [n for n, epoch in self._shards.items() if current.get(n) != epoch]
            if lost:
                raise EpochLost(lost)
        return cursors


def batch_statements(batch: BatchRows) -> list[Statement]:
    """In the order in which all transactions lock rows; nothing for what is empty."""
    gone = batch.deleted_task_runs
    return [
        *_inserted(sql.INSERT_EXECUTIONS, columns.EXECUTION, batch.new_heads),
        *_updated(sql.UPDATE_EXECUTIONS, columns.EXECUTION, batch.heads),
        *_listed(sql.CLOSE_EXECUTIONS, batch.closed),
        *_inserted(sql.INSERT_TASK_RUNS, columns.TASK_RUN, batch.new_task_runs),
        *_updated(sql.UPDATE_TASK_RUNS, columns.TASK_RUN, batch.task_runs),
        *_inserted(sql.UPSERT_ATTEMPTS, columns.ATTEMPT, batch.attempts),
        *_listed(sql.DELETE_TASK_RUNS, *zip(*gone, strict=True)),
        *_listed(sql.DELETE_ATTEMPTS, *zip(*gone, strict=True)),
        *_inserted(sql.UPSERT_TIMERS, columns.TIMER, batch.timers),
        *_listed(sql.CANCEL_TIMERS, batch.cancelled_timers),
        *_listed(sql.DROP_TIMERS, batch.ended),
    ]


def claim_arrays(requests: Sequence[ClaimRequest]) -> list[str]:
    """Days, executions, task runs and tokens, in the order in which all transactions lock rows."""
    return column_arrays(rows.claim_places(requests), ("date", "text", "text", "text"))


def log_statements(logs: Sequence[LogRow], metrics: Sequence[MetricRow]) -> list[Statement]:
    return [
        *_inserted(sql.INSERT_LOGS, columns.LOG, [rows.log_values(row) for row in logs]),
        *_inserted(
            sql.INSERT_METRICS, columns.METRIC, [rows.metric_values(row) for row in metrics]
        ),
    ]


def inbox_statements(inbox: Sequence[InboxRow]) -> list[Statement]:
    return _inserted(sql.INSERT_INBOX, columns.INBOX, [rows.inbox_values(row) for row in inbox])


def numbered(inbox: Sequence[InboxRow], ids: Sequence[tuple[int]]) -> list[InboxRow]:
    return [replace(row, id=number) for row, (number,) in zip(inbox, ids, strict=True)]


def _inserted(text: str, table: Table, values: Sequence[rows.Row]) -> list[Statement]:
    return [(text, column_arrays(values, tuple(table.columns.values())))] if values else []


def _updated(text: str, table: Table, values: Sequence[rows.Row]) -> list[Statement]:
    if not values:
        return []
    names = sql.updated_columns(table)
    chosen = _CHOSEN[table.name]
    types = [table.columns[name] for name in names]
    return [(text, column_arrays([chosen(row) for row in values], types))]


def _listed(text: str, *values: Sequence[str]) -> list[Statement]:
    return [(text, [text_array(column) for column in values])] if values and values[0] else []
