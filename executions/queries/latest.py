"""The latest executions of several flows at once, as lists of flows show them."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from executions.models import Execution
from executions.queries.details import present_executions

Key = tuple[str, str]

_COLUMNS = (
    "pk", "public_id", "namespace", "flow_id", "state", "created_at", "started_at", "ended_at",
)  # fmt: skip


def latest_of_flows(flows: Iterable[Key], *, count: int) -> dict[Key, list[Execution]]:
    """Of each flow its latest executions, oldest first; other columns than those of a list are
    deferred. One statement: each flow's part reads `count` entries of the index."""
    parts: list[str] = []
    params: list[Any] = []
    for namespace, flow_id in flows:
        rows = present_executions().filter(namespace=namespace, flow_id=flow_id)
        found = rows.order_by("-created_at").only(*_COLUMNS)[:count]
        sql, values = found.query.sql_with_params()
        parts.append(f"SELECT * FROM ({sql}) AS {connection.ops.quote_name(f'f{len(parts)}')}")  # noqa: S608  # made by Django
        params += values
    latest: dict[Key, list[Execution]] = {}
    if parts:
        for row in Execution.objects.raw(" UNION ALL ".join(parts), params):
            latest.setdefault((row.namespace, row.flow_id), []).append(row)
    return {key: sorted(rows, key=lambda row: row.created_at) for key, rows in latest.items()}
