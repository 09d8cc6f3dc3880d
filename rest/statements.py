"""Statements on Django's connection, behind the same wall as its own. On PostgreSQL they are
prepared, and several go in one round trip."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection

from common import json
from rest.database import is_in_transaction, raw_connection

Row = tuple[Any, ...]
Rows = list[Row]
Statement = tuple[str, Sequence[Any]]
Then = Callable[[Rows], None]

_mine = threading.local()  # waiting: what `last_round_trip` has gathered in this thread


def fetch(sql: str, params: Sequence[Any]) -> Rows:
    return fetch_together((sql, params))[0]


def fetch_together(*statements: Statement) -> list[Rows]:
    """The rows of each; on PostgreSQL in one round trip."""
    if not is_prepared():
        return [_run(*statement) for statement in statements]
    return _together(statements)


def execute(sql: str, params: Sequence[Any], then: Then | None = None) -> None:
    """`then` is given the rows, if the statement returns some; within `last_round_trip` only at
    its end."""
    waiting: list[tuple[Statement, Then | None]] | None = getattr(_mine, "waiting", None)
    if waiting is not None:
        waiting.append(((sql, params), then))
        return
    rows = fetch(sql, params)
    if then is not None:
        then(rows)


@contextmanager
def last_round_trip() -> Iterator[None]:
    """What `execute` is given within goes out when the block ends, with the COMMIT of its
    transaction: it must be the last thing there. An error comes then, too. Without effect but on
    PostgreSQL."""
    if not is_prepared():
        yield
        return
    waiting: list[tuple[Statement, Then | None]] = []
    _mine.waiting = waiting
    try:
        yield
    finally:
        _mine.waiting = None
    found = _together([statement for statement, _ in waiting], commits=_is_outermost())
    for (_, then), rows in zip(waiting, found, strict=True):
        if then is not None:
            then(rows)


def is_prepared() -> bool:
    """Where statements are counted or logged, all of them take Django's way."""
    return connection.vendor == "postgresql" and not connection.queries_logged


def _is_outermost() -> bool:
    """Django commits when the outermost block ends; it then finds nothing to do."""
    return (
        connection.in_atomic_block
        and not connection.savepoint_ids
        and not connection.needs_rollback
    )


def _together(statements: Sequence[Statement], *, commits: bool = False) -> list[Rows]:
    from rest.postgres_together import run_together  # only where there is PostgreSQL

    asked = [(sql, [_written(param) for param in params]) for sql, params in statements]
    with connection.wrap_database_errors:
        raw = raw_connection(connection, " ".join(sql for sql, _ in statements))
        if not raw.autocommit and not is_in_transaction(raw):
            asked.insert(0, ("BEGIN", []))
        first = len(asked) - len(statements)
        if commits:
            asked.append(("COMMIT", []))
        return run_together(raw, asked)[first : first + len(statements)]


def _run(sql: str, params: Sequence[Any]) -> Rows:
    if connection.vendor != "sqlite" or connection.queries_logged:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall()) if cursor.description else []
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor = connection.connection.execute(sql.replace("%s", "?"), [_bare(p) for p in params])
        return list(cursor.fetchall())


def _written(value: Any) -> Any:
    """Django wraps what is to become JSON, for the driver's own way of writing."""
    return json.dumps(value.obj) if hasattr(value, "obj") else value


def _bare(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
