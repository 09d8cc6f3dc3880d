"""Requests to the engine: rows of the inbox, written in the caller's transaction; a word on the bus
once they are committed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

from django.db import connection, transaction

from common.errors import KestraError
from executions import messages
from executions.bus.contract import Bus, Message
from executions.executor.model import Head
from executions.store import columns, rows
from executions.store.columns import Table
from executions.store.contract import InboxRow
from rest.prepared import execute, fetch

log = logging.getLogger("kestra.requests")

_bus: list[Bus] = []


class NoTransaction(KestraError):
    """A request to the engine was written outside the transaction of its cause."""


def set_request_bus(bus: Bus) -> None:
    """The bus of this process. Without one the engine finds requests when it sweeps."""
    _bus[:] = [bus]


def write_requests(*, inbox: Sequence[InboxRow], heads: Sequence[Head] = ()) -> None:
    """Writes new executions (`heads`) and requests; tells the owners after the commit."""
    if not connection.in_atomic_block:
        raise NoTransaction
    ids = (_write_postgres if connection.vendor == "postgresql" else _write_plain)(heads, inbox)
    by_shard: dict[int, list[int]] = {}
    for row, number in zip(inbox, ids, strict=True):
        by_shard.setdefault(row.shard, []).append(number)
    transaction.on_commit(partial(_announce, by_shard))


def _announce(by_shard: dict[int, list[int]]) -> None:
    if not _bus:
        return
    try:
        _bus[0].publish([Message(shard, messages.look(ids)) for shard, ids in by_shard.items()])
    except Exception:
        # the rows are committed: their owner finds them within its next sweep
        log.warning("requests: the bus does not answer; the engine sweeps", exc_info=True)


def _write_postgres(heads: Sequence[Head], inbox: Sequence[InboxRow]) -> list[int]:
    # at first use: the embedded server does without PostgreSQL's driver
    from executions.store import postgres_sql as sql
    from executions.store.arrays import column_arrays
    from executions.store.postgres_turn import inbox_statements

    if heads:
        values = [rows.head_values(head, is_open=True) for head in heads]
        types = tuple(columns.EXECUTION.columns.values())
        execute(sql.INSERT_EXECUTIONS, column_arrays(values, types))
    return [number for (number,) in fetch(*inbox_statements(inbox)[0])]


def _write_plain(heads: Sequence[Head], inbox: Sequence[InboxRow]) -> list[int]:
    with connection.cursor() as cursor:
        if heads:
            values = [rows.head_values(head, is_open=True) for head in heads]
            cursor.executemany(_insert(columns.EXECUTION), values)
        ids: list[int] = []
        for row in inbox:
            cursor.execute(_insert(columns.INBOX), rows.inbox_values(row))
            ids.append(int(cursor.lastrowid))
        return ids


def _insert(table: Table) -> str:
    names = ", ".join(f'"{name}"' for name in table.names)
    places = ", ".join(["%s"] * len(table.names))
    return f"INSERT INTO {table.name} ({names}) VALUES ({places})"  # noqa: S608  # our own names
