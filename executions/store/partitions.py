"""Partitions by day, on PostgreSQL only: made ahead by housekeeping, each with its own storage
settings. Rows of a day without a partition wait in the DEFAULT one and move when theirs is made."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connections, transaction

from common.clock import now
from rest.database import APP_ROLE, engine_role

# Updated rows find room beside themselves, and vacuum comes early and often.
_UPDATED = (
    "fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,"
    " autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0"
)
_APPENDED = "autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.1"

PARTITIONED = {
    "executions_taskrun": _UPDATED,
    "executions_attempt": _APPENDED,
    "executions_logentry": _APPENDED,
    "executions_metric": _APPENDED,
}
DAYS_AHEAD = 7
_LOCK_TIMEOUT = "5s"


def ensure_partitions(
    days_ahead: int = DAYS_AHEAD, *, today: date | None = None, using: str = "default"
) -> list[str]:
    """Makes the partitions from yesterday to `days_ahead` that are not there yet; returns their
    names. Without effect on other databases."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return []
    start = (today or now().date()) - timedelta(days=1)
    days = [start + timedelta(days=offset) for offset in range(days_ahead + 2)]
    made = []
    with engine_role():
        for table in PARTITIONED:
            existing = partitions_of(connection, table)
            for day in days:
                if partition_name(table, day) not in existing:
                    with transaction.atomic(using=using):
                        made.append(create_partition(connection, table, day))
    return made


def partition_name(table: str, day: date) -> str:
    return f"{table}_p{day:%Y%m%d}"


def day_of_partition(name: str) -> date | None:
    """None for the DEFAULT partition."""
    stamp = name.rpartition("_p")[2]
    return datetime.strptime(stamp, "%Y%m%d").date() if stamp.isdigit() else None  # noqa: DTZ007  # a date


def partitions_of(connection: Any, table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass(%s)",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


def create_default_partition(connection: Any, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TABLE "{table}_default" PARTITION OF "{table}" DEFAULT'
            f" WITH ({PARTITIONED[table]})"
        )
        _hide(cursor, f"{table}_default")


def create_partition(connection: Any, table: str, day: date) -> str:
    """Made beside the table and then attached, which stops nobody who reads or writes it."""
    name, default = partition_name(table, day), f"{table}_default"
    following = day + timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
        cursor.execute(
            f'CREATE TABLE "{name}" (LIKE "{table}" INCLUDING DEFAULTS INCLUDING CONSTRAINTS'
            f" INCLUDING INDEXES) WITH ({PARTITIONED[table]})"
        )
        cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{default}" WHERE day = %s)', [day])  # noqa: S608  # our names
        if cursor.fetchone()[0]:
            cursor.execute(f'LOCK TABLE "{default}" IN ACCESS EXCLUSIVE MODE')
            cursor.execute(
                f'WITH moved AS (DELETE FROM "{default}" WHERE day = %s RETURNING *)'  # noqa: S608  # our names
                f' INSERT INTO "{name}" SELECT * FROM moved',
                [day],
            )
        cursor.execute(
            f'ALTER TABLE "{table}" ATTACH PARTITION "{name}"'
            f" FOR VALUES FROM ('{day}') TO ('{following}')"
        )
        _hide(cursor, name)
    return name


def _hide(cursor: Any, name: str) -> None:
    """Tenants are kept apart by the table's policy; nobody of the web goes round it."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
    if cursor.fetchone():
        cursor.execute(f'REVOKE ALL ON "{name}" FROM {APP_ROLE}')
