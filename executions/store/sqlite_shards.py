"""Ownership of shards and the lives of workers on SQLite; each function is one job."""

from __future__ import annotations

import math
import sqlite3

from common import json
from common.ids import SHARDS
from executions.store import sqlite_sql as sql


def fair_share(executors: int) -> int:
    return math.ceil(SHARDS / max(1, executors))


def acquire(
    connection: sqlite3.Connection, owner: str, lease_seconds: float, wanted: int | None
) -> dict[int, int]:
    connection.execute(sql.REGISTER_EXECUTOR, [owner, lease_seconds])
    connection.execute(sql.FORGET_EXECUTORS)
    connection.executemany(sql.MAKE_SHARD, [(number,) for number in range(SHARDS)])
    live = connection.execute(sql.RENEW_LIVE_SHARDS, [lease_seconds, owner]).rowcount
    share = wanted if wanted is not None else fair_share(live_executors(connection))
    free = [number for (number,) in connection.execute(sql.FREE_SHARDS).fetchall()]
    taking = free[: max(0, share - live)]
    connection.execute(sql.TAKE_SHARDS, [owner, lease_seconds, json.dumps(taking)])
    left = [number for number in free if number not in taking]  # expired ones of our own
    connection.execute(sql.RELEASE_SHARDS, [owner, json.dumps(left)])
    return held(connection, owner)


def renew(connection: sqlite3.Connection, owner: str, lease_seconds: float) -> dict[int, int]:
    connection.execute(sql.REGISTER_EXECUTOR, [owner, lease_seconds])
    connection.execute(sql.RENEW_SHARDS, [lease_seconds, owner])
    surplus = sorted(held(connection, owner))[fair_share(live_executors(connection)) :]
    connection.execute(sql.RELEASE_SHARDS, [owner, json.dumps(surplus)])
    return held(connection, owner)


def release(connection: sqlite3.Connection, owner: str) -> None:
    connection.execute(sql.RELEASE_SHARDS, [owner, json.dumps(list(range(SHARDS)))])
    connection.execute(sql.FORGET_EXECUTOR, [owner])


def held(connection: sqlite3.Connection, owner: str) -> dict[int, int]:
    return dict(connection.execute(sql.HELD_SHARDS, [owner]).fetchall())


def live_executors(connection: sqlite3.Connection) -> int:
    return int(connection.execute(sql.LIVE_EXECUTORS).fetchone()[0])


def declare_lost(connection: sqlite3.Connection) -> list[str]:
    connection.execute(sql.MARK_LOST_WORKERS)
    lost = [worker for (worker,) in connection.execute(sql.LOST_WORKERS).fetchall()]
    if not lost:
        return []
    claims = connection.execute(sql.CLAIMS_OF, [json.dumps(lost)]).fetchall()
    holding = {worker for *_, worker in claims}
    settled = [worker for worker in lost if worker not in holding]
    connection.execute(sql.SETTLE_WORKERS, [json.dumps(settled)])
    connection.execute(sql.FORGET_WORKERS)
    return sorted(holding)
