"""Fixtures of the contract suites."""

from tests.support.stores import open_store, postgres_database, shards, sqlite_template, store

__all__ = ["open_store", "postgres_database", "shards", "sqlite_template", "store"]
