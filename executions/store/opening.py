"""Opens the store that belongs to Django's database settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from common.errors import Misconfigured
from executions.store.contract import Store

# Options that are Django's own, not libpq's.
_NOT_LIBPQ = frozenset({"pool", "isolation_level", "server_side_binding", "assume_role"})


def open_store(database: Mapping[str, Any]) -> Store:
    """`database` is an entry of `settings.DATABASES`. Raises Misconfigured for an engine that has
    no store."""
    engine = str(database["ENGINE"]).rpartition(".")[2]
    if engine == "postgresql":
        from executions.store.postgres import PostgresStore  # each would cost the other's users

        return PostgresStore(postgres_conninfo(database))
    if engine == "sqlite3":
        from executions.store.sqlite import SqliteStore

        return SqliteStore(database["NAME"])
    raise Misconfigured(
        f"executions cannot be run on {engine}: use PostgreSQL, or SQLite for a single server"
    )


def postgres_conninfo(database: Mapping[str, Any]) -> str:
    from psycopg.conninfo import make_conninfo

    options = {k: v for k, v in database.get("OPTIONS", {}).items() if k not in _NOT_LIBPQ}
    place = {
        "dbname": database["NAME"],
        "user": database.get("USER"),
        "password": database.get("PASSWORD"),
        "host": database.get("HOST"),
        "port": database.get("PORT"),
    }
    given = {name: value for name, value in place.items() if value not in (None, "")}
    return make_conninfo("", **{**options, **given, "application_name": "kestra-store"})
