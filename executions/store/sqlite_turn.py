"""The owner's turn on SQLite: requests are read first, everything is written in one transaction
that begins with the first write, so that other writers wait for nothing but writing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from common import json
from executions.store import columns, rows
from executions.store import sqlite_sql as sql
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
from executions.store.sqlite_writer import Writer

Read = Callable[[str, Sequence[Any]], list[Any]]

_CHOSEN = {
    table.name: itemgetter(*map(table.names.index, sql.updated_columns(table)))
    for table in (columns.EXECUTION, columns.TASK_RUN)
}


class SqliteTurn(Turn):
    def __init__(self, writer: Writer, read: Read, shards: Mapping[int, int]) -> None:
        self._writer = writer
        self._read = read
        self._shards = shards
        self._taken: list[int] = []
        self._connection: sqlite3.Connection | None = None
        self._is_over = False

    def take_inbox(self, ids: Sequence[int]) -> list[InboxRow]:
        """Only the owner deletes requests, and the epoch is checked before they are."""
        wanted = [number for number in ids if number not in self._taken]
        if not wanted:
            return []
        found = [rows.inbox_of(row) for row in self._read(sql.READ_INBOX, [json.dumps(wanted)])]
        numbers = [row.id for row in found if row.id is not None]
        self._taken += numbers
        if self._connection is not None:
            self._connection.execute(sql.DELETE_INBOX, [json.dumps(numbers)])
        return found

    def write(self, batch: Batch) -> list[InboxRow]:
        connection = self._begun()
        write_batch(connection, rows_of(batch))
        write_logs(connection, batch.logs, batch.metrics)
        return insert_inbox(connection, batch.inbox)

    def revoke(self, requests: Sequence[ClaimRequest]) -> frozenset[str]:
        if not requests:
            return frozenset()
        connection = self._begun()
        places = rows.claim_places(requests)
        return frozenset(
            place[3] for place in places if connection.execute(sql.REVOKE, place).rowcount
        )

    def finish(
        self, batch: Batch, revoked: Sequence[ClaimRequest]
    ) -> tuple[list[InboxRow], frozenset[str]]:
        found = self.write(batch), self.revoke(revoked)
        self.commit()
        self._is_over = True
        return found

    def commit(self) -> None:
        if self._is_over:
            return
        self._begun()
        self._connection = None
        self._writer.commit()

    def rollback(self) -> None:
        if self._connection is not None:
            self._connection = None
            self._writer.rollback()

    def _begun(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connection = self._writer.begin()
            current = dict(connection.execute(sql.CHECK_EPOCHS).fetchall())
            lost = [
                number for number, epoch in self._shards.items() if current.get(number) != epoch
            ]
            if lost:
                raise EpochLost(lost)
            if self._taken:
                connection.execute(sql.DELETE_INBOX, [json.dumps(self._taken)])
        return self._connection


def write_batch(connection: sqlite3.Connection, batch: BatchRows) -> None:
    for text, values in (
        (sql.INSERT_EXECUTIONS, batch.new_heads),
        (sql.UPDATE_EXECUTIONS, _chosen(columns.EXECUTION, batch.heads)),
        (sql.INSERT_TASK_RUNS, batch.new_task_runs),
        (sql.UPDATE_TASK_RUNS, _chosen(columns.TASK_RUN, batch.task_runs)),
        (sql.UPSERT_ATTEMPTS, batch.attempts),
        (sql.DELETE_TASK_RUNS, batch.deleted_task_runs),
        (sql.DELETE_ATTEMPTS, batch.deleted_task_runs),
        (sql.UPSERT_TIMERS, batch.timers),
    ):
        if values:  # most are empty, and each call costs
            connection.executemany(text, values)
    for text, keys in (
        (sql.CLOSE_EXECUTIONS, batch.closed),
        (sql.CANCEL_TIMERS, batch.cancelled_timers),
        (sql.DROP_TIMERS, batch.ended),
    ):
        if keys:
            connection.execute(text, [json.dumps(keys)])


def write_logs(
    connection: sqlite3.Connection, logs: Sequence[LogRow], metrics: Sequence[MetricRow]
) -> None:
    if logs:
        connection.executemany(sql.INSERT_LOGS, map(rows.log_values, logs))
    if metrics:
        connection.executemany(sql.INSERT_METRICS, map(rows.metric_values, metrics))


def insert_inbox(connection: sqlite3.Connection, inbox: Sequence[InboxRow]) -> list[InboxRow]:
    return [
        replace(row, id=connection.execute(sql.INSERT_INBOX, rows.inbox_values(row)).lastrowid)
        for row in inbox
    ]


def _chosen(table: Table, values: Sequence[rows.Row]) -> list[Any]:
    return [_CHOSEN[table.name](row) for row in values]
