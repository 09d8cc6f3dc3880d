"""Ownership of shards on PostgreSQL: leases by the server's clock, an epoch that rises with every
take-over."""

from __future__ import annotations

import math
from typing import Any

import psycopg

from common.ids import SHARDS
from executions.store import postgres_sql as sql
from executions.store.arrays import bare_array

Connection = psycopg.Connection[tuple[Any, ...]]


def fair_share(executors: int) -> int:
    return math.ceil(SHARDS / max(1, executors))


def acquire(
    connection: Connection, owner: str, lease_seconds: float, wanted: int | None
) -> dict[int, int]:
    # Seen by the others before we take anything, so that all count alike.
    connection.execute(sql.REGISTER_EXECUTOR, [owner, lease_seconds])
    connection.execute(sql.MAKE_SHARDS, [SHARDS])
    connection.execute(sql.FORGET_EXECUTORS)
    with connection.transaction():
        share = wanted if wanted is not None else fair_share(live_executors(connection))
        held: dict[int, int] = dict(
            connection.execute(sql.HELD_SHARDS, [lease_seconds, owner]).fetchall()
        )
        free = [number for (number,) in connection.execute(sql.FREE_SHARDS).fetchall()]
        taking = bare_array(free[: max(0, share - len(held))])
        taken = connection.execute(sql.TAKE_SHARDS, [owner, lease_seconds, taking]).fetchall()
    return {**held, **dict(taken)}


def renew(connection: Connection, owner: str, lease_seconds: float) -> dict[int, int]:
    connection.execute(sql.REGISTER_EXECUTOR, [owner, lease_seconds])
    with connection.transaction():
        held: dict[int, int] = dict(
            connection.execute(sql.RENEW_SHARDS, [lease_seconds, owner]).fetchall()
        )
        surplus = sorted(held)[fair_share(live_executors(connection)) :]
        if surplus:
            connection.execute(sql.RELEASE_SHARDS, [owner, bare_array(surplus)])
    return {number: epoch for number, epoch in held.items() if number not in surplus}


def release(connection: Connection, owner: str) -> None:
    with connection.transaction():
        connection.execute(sql.RELEASE_SHARDS, [owner, bare_array(range(SHARDS))])
        connection.execute(sql.FORGET_EXECUTOR, [owner])


def live_executors(connection: Connection) -> int:
    row = connection.execute(sql.LIVE_EXECUTORS).fetchone()
    return int(row[0]) if row else 0
