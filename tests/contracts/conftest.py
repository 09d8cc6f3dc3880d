"""Fixtures of the contract suites."""

from tests.support.stores import (
    empty_database,
    open_store,
    postgres_database,
    postgres_store,
    shards,
    sqlite_path,
    sqlite_store,
    sqlite_template,
    store,
)

__all__ = [
    "empty_database",
    "open_store",
    "postgres_database",
    "postgres_store",
    "shards",
    "sqlite_path",
    "sqlite_store",
    "sqlite_template",
    "store",
]
