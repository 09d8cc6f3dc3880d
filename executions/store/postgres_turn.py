"""The owner's turn on PostgreSQL: one transaction, its statements sent together, the shards' epochs
checked by the first of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from psycopg.errors import DivisionByZero

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
    StoredExecution,
    Turn,
)
from executions.store.restoring import stored_executions
from rest.postgres_together import Connection, Rows

Statement = tuple[str, Sequence[Any]]

_BEGIN: Statement = ("BEGIN", ())
_COMMIT: Statement = ("COMMIT", ())
_INBOX_WIDTH = 1 + len(columns.INBOX.names)

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
        self._is_over = False
        self._created: dict[str, StoredExecution] = {}

    def take_inbox(self, ids: Sequence[int]) -> list[InboxRow]:
        if not ids:
            return []
        statement = (sql.TAKE_INBOX, [bare_array(ids), bare_array(self._shards)])
        taken = self._send([statement])[0]
        heads = [row[_INBOX_WIDTH:] for row in taken if row[_INBOX_WIDTH] is not None]
        found = stored_executions([row[0] for row in heads], heads, [])
        self._created.update((stored.head.id, stored) for stored in found)
        return [rows.inbox_of(row[:_INBOX_WIDTH]) for row in taken]

    def created(self) -> dict[str, StoredExecution]:
        return self._created

    def write(self, batch: Batch) -> list[InboxRow]:
        found = self._send(_written(batch))
        return numbered(batch.inbox, found[0]) if batch.inbox else []

    def revoke(self, requests: Sequence[ClaimRequest]) -> frozenset[str]:
        if not requests:
            return frozenset()
        return _tokens(self._send([_revoked(requests)])[0])

    def finish(
        self, batch: Batch, revoked: Sequence[ClaimRequest]
    ) -> tuple[list[InboxRow], frozenset[str]]:
        """One round trip, if nothing has been asked for yet."""
        last = [_revoked(revoked)] if revoked else []
        found = self._send([*_written(batch), *last, _COMMIT])
        self._is_over = True
        tokens = _tokens(found[-2]) if revoked else frozenset()
        return numbered(batch.inbox, found[0]) if batch.inbox else [], tokens

    def commit(self) -> None:
        if not self._is_over:
            self._send([_COMMIT])

    def rollback(self) -> None:
        if not self._connection.closed:
            self._connection.rollback()

    def _send(self, statements: Sequence[Statement]) -> list[Rows]:
        first = [] if self._is_open else [_BEGIN, self._epochs_checked()]
        try:
            found = self._connection.together([*first, *statements])
        except DivisionByZero:
            raise EpochLost(self._lost()) from None
        self._is_open = True
        return found[len(first) :]

    def _epochs_checked(self) -> Statement:
        expected = sorted(self._shards.items())
        numbers, epochs = [number for number, _ in expected], [epoch for _, epoch in expected]
        return sql.CHECK_EPOCHS, [bare_array(epochs), bare_array(numbers)]

    def _lost(self) -> list[int]:
        """The shards whose epochs are others; all of them, should that have changed meanwhile."""
        self._connection.rollback()
        found = self._connection.execute(sql.READ_EPOCHS, [bare_array(self._shards)]).fetchall()
        current: dict[int, int] = dict(found)
        lost = [n for n, epoch in self._shards.items() if current.get(n) != epoch]
        return lost or list(self._shards)


def _written(batch: Batch) -> list[Statement]:
    return [
        *inbox_statements(batch.inbox),
        *batch_statements(rows_of(batch)),
        *log_statements(batch.logs, batch.metrics),
    ]


def _revoked(requests: Sequence[ClaimRequest]) -> Statement:
    return sql.REVOKE, claim_arrays(requests)


def _tokens(found: Rows) -> frozenset[str]:
    return frozenset(token for (token,) in found)


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


def numbered(inbox: Sequence[InboxRow], ids: Rows) -> list[InboxRow]:
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
