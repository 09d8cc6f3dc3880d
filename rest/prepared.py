"""Statements of hot paths: written as a queryset or a model, made into SQL once for each kind of
database. Making it anew costs several times what the database needs to answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.sql import InsertQuery

from common.tenancy import current_tenant, tenant_scope
from rest.statements import Row, Statement, execute, fetch

_TENANT = "\ue000tenant"

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
        """For `statements.fetch_together`."""
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
