"""The newest execution of each of some flows, out of those that the caller gives."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet, Window
from django.db.models.functions import RowNumber

from executions.models import Execution
from executions.queries.details import among_flows

MAX_FLOWS = 1_000


def newest_of_flows(
    rows: QuerySet[Execution], flows: Sequence[tuple[str, str]]
) -> QuerySet[Execution]:
    """Of `rows`, in the order of namespaces and ids. `flows` are pairs of these."""
    if not flows:
        return rows.none()
    newest = Window(
        RowNumber(), partition_by=["namespace", "flow_id"], order_by=["-created_at", "-pk"]
    )
    found = rows.filter(among_flows(flows)).annotate(place=newest).filter(place=1)
    return found.order_by("namespace", "flow_id")
