"""PostgreSQL's array literals, one a column. Made here because psycopg's own way costs more than
the statement: a batch has some thousand values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from executions.store.rows import Row, Value

# Values of these types hold nothing that an array literal must escape.
_BARE = frozenset({"int", "smallint", "bigint", "boolean", "date", "timestamptz"})


def column_arrays(values: Sequence[Row], types: Sequence[str]) -> list[str]:
    """The rows turned into one array literal for each column."""
    return [
        bare_array(column) if kind in _BARE else text_array(column)
        for column, kind in zip(zip(*values, strict=True), types, strict=True)
    ]


def text_array(values: Iterable[Value]) -> str:
    return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"


def bare_array(values: Iterable[Value]) -> str:
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def _quoted(value: Value) -> str:
    text = str(value)
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if '"' in text:
        text = text.replace('"', '\\"')
    return f'"{text}"'
