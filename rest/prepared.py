"""Statements of hot paths: written as a queryset or a model, made into SQL once for each kind of
database. Making it anew costs several times what the database needs to answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.sql import InsertQuery

from common import json
from common.tenancy import current_tenant, tenant_scope
from rest.database import is_in_transaction, raw_connection

_TENANT = "\ue000tenant"
_mine = threading.local()  # waiting: what `one_round_trip` has gathered in this thread

Row = tuple[Any, ...]
Statement = tuple[str, Sequence[Any]]
_M = TypeVar("_M", bound=models.Model)


class PreparedQuery:
    """`build` gets a stand-in for each name and returns the queryset, with `values_list`; `names`
    tell the kind of each value: `str`, `int` or `date`. The rows are those of the database: JSON
    and, on SQLite, moments are text. Always of the current tenant, if the model is scoped."""

    def __init__(self, build: Callable[..., Any], **names: type) -> None:
        self._build = build
        self._names = names
        self._made: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def rows(self, **values: Any) -> list[Row]:
        return fetch(*self.statement(**values))

    def statement(self, **values: Any) -> Statement:
        """For `fetch_together`."""
        sql, places = self._made.get(connection.vendor) or self._make(connection.vendor)
        given = {**values, "tenant": current_tenant()}
        found = [given[place.name] if isinstance(place, _Place) else place for place in places]
        return sql, found

    def _make(self, vendor: str) -> tuple[str, tuple[Any, ...]]:
        marks = {name: _mark(kind, index) for index, (name, kind) in enumerate(self._names.items())}
        with tenant_scope(_TENANT):
            query = self._build(**marks).query
            sql, params = query.get_compiler(using=DEFAULT_DB_ALIAS).as_sql()
        marks["tenant"] = _TENANT
        by_mark = {str(mark): _Place(name) for name, mark in marks.items()}
        places = tuple(by_mark.get(str(param), param) for param in params)
        unused = marks.keys() - {place.name for place in places if isinstance(place, _Place)}
        if unused - {"tenant"}:
            raise ValueError(f"the query does not use {', '.join(sorted(unused))}")
        self._made[vendor] = sql, places
        return sql, places


class PreparedInsert(Generic[_M]):
    """Inserts one new row of a model, without asking for its key."""

    def __init__(self, model: type[_M]) -> None:
        self._model = model
        self._sql: dict[str, str] = {}

    def __call__(self, row: _M) -> None:
        fields = [field for field in self._model._meta.concrete_fields if not field.primary_key]
        sql = self._sql.get(connection.vendor)
        if sql is None:
            sql = self._sql[connection.vendor] = self._make(fields, row)
        execute(sql, [_saved(field, row) for field in fields])

    def _make(self, fields: list[Any], row: _M) -> str:
        query = InsertQuery(self._model)
        query.insert_values(fields, [row], raw=False)
        ((sql, _),) = query.get_compiler(using=DEFAULT_DB_ALIAS).as_sql()
        return str(sql)


def fetch(sql: str, params: Sequence[Any]) -> list[Row]:
    """Runs on Django's connection, behind the same wall; on PostgreSQL as a prepared statement."""
    return fetch_together((sql, params))[0]


def fetch_together(*statements: Statement) -> list[list[Row]]:
    """The rows of each; on PostgreSQL in one round trip."""
    if not _is_prepared():
        return [_by_cursor(*statement) for statement in statements]
    waiting = getattr(_mine, "waiting", None) or []
    asked = [*waiting, *statements]
    waiting.clear()
    return _together(asked)[-len(statements) :]


def execute(sql: str, params: Sequence[Any]) -> None:
    """The same for a statement that returns nothing."""
    waiting = getattr(_mine, "waiting", None)
    if waiting is not None:
        waiting.append((sql, params))
    elif _is_prepared():
        _together([(sql, params)])
    else:
        _by_cursor(sql, params)


@contextmanager
def one_round_trip() -> Iterator[None]:
    """What `execute` is given within goes out with the next `fetch`, or when the block ends; an
    error comes then. Without effect but on PostgreSQL."""
    if not _is_prepared():
        yield
        return
    waiting: list[Statement] = []
    _mine.waiting = waiting
    try:
        yield
        if waiting:
            _together(waiting)
    finally:
        _mine.waiting = None


def _together(statements: Sequence[Statement]) -> list[list[Row]]:
    from rest.postgres_together import run_together  # only where there is PostgreSQL

    sqls = " ".join(sql for sql, _ in statements)
    asked = [(sql, [_written(param) for param in params]) for sql, params in statements]
    with connection.wrap_database_errors:
        raw = raw_connection(connection, sqls)
        begins = not raw.autocommit and not is_in_transaction(raw)
        found = run_together(raw, [("BEGIN", []), *asked] if begins else asked)
    return found[1:] if begins else found


def _by_cursor(sql: str, params: Sequence[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [_plain(param) for param in params])
        return list(cursor.fetchall()) if cursor.description else []


def _is_prepared() -> bool:
    """Where statements are counted or logged, all of them take Django's way."""
    return connection.vendor == "postgresql" and not connection.queries_logged


def _written(value: Any) -> Any:
    """Django wraps what is to become JSON, for the driver's own way of writing."""
    return json.dumps(value.obj) if hasattr(value, "obj") else value


def _plain(value: Any) -> Any:
    is_bare = connection.vendor == "sqlite" and isinstance(value, date)
    return value.isoformat() if is_bare else value


class _Place:
    """Where a value goes among the parameters."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


def _mark(kind: type, index: int) -> Any:
    if kind is date:
        return date(1, 1, 1 + index)
    return 1_999_999_000 + index if kind is int else f"\ue000{index}"


def _saved(field: Any, row: models.Model) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)
