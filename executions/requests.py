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
from rest.statements import execute

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
    ids: list[int] = []
    (_write_postgres if connection.vendor == "postgresql" else _write_plain)(heads, inbox, ids)
    transaction.on_commit(partial(_announce, inbox, ids))


def _announce(inbox: Sequence[InboxRow], ids: Sequence[int]) -> None:
    if not _bus:
        return
    by_shard: dict[int, list[int]] = {}
    for row, number in zip(inbox, ids, strict=True):
        by_shard.setdefault(row.shard, []).append(number)
    try:
        _bus[0].publish([Message(shard, messages.look(ids)) for shard, ids in by_shard.items()])
    except Exception:
        # the rows are committed: their owner finds them within its next sweep
        log.warning("requests: the bus does not answer; the engine sweeps", exc_info=True)


def _write_postgres(heads: Sequence[Head], inbox: Sequence[InboxRow], ids: list[int]) -> None:
    """`ids` gets the numbers of the requests, before the commit."""
    # at first use: the embedded server does without PostgreSQL's driver
    from executions.store import postgres_sql as sql
    from executions.store.arrays import column_arrays
    from executions.store.postgres_turn import inbox_statements

    if heads:
        values = [rows.head_values(head, is_open=True) for head in heads]
        types = tuple(columns.EXECUTION.columns.values())
        execute(sql.INSERT_EXECUTIONS, column_arrays(values, types))
    for statement in inbox_statements(inbox):
        execute(*statement, then=lambda found: ids.extend(number for (number,) in found))


def _write_plain(heads: Sequence[Head], inbox: Sequence[InboxRow], ids: list[int]) -> None:
    for head in heads:
        execute(_insert(columns.EXECUTION), rows.head_values(head, is_open=True))
    for row in inbox:
        execute(_insert(columns.INBOX), rows.inbox_values(row))
        execute("SELECT last_insert_rowid()", [], then=lambda found: ids.append(found[0][0]))


def _insert(table: Table) -> str:
    names = ", ".join(f'"{name}"' for name in table.names)
    places = ", ".join(["%s"] * len(table.names))
    return f"INSERT INTO {table.name} ({names}) VALUES ({places})"  # noqa: S608  # our own names
