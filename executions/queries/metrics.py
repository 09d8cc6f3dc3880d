"""Metrics over time: what there is of a flow, and one of them by day, hour or minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Avg, Max, Min, QuerySet, Sum
from django.db.models.functions import Trunc

from common.errors import Invalid
from executions.models import Metric
from executions.queries.steps import moments_between, step_of

AGGREGATES = {"sum": Sum, "avg": Avg, "min": Min, "max": Max}


@dataclass(frozen=True, slots=True)
class Aggregation:
    """`points` are (moment, value), also of steps without a value."""

    name: str
    step: str
    points: tuple[tuple[datetime, float | None], ...]


def metrics_of_flow(namespace: str, flow_id: str, task_id: str | None = None) -> QuerySet[Metric]:
    rows = Metric.objects.filter(namespace=namespace, flow_id=flow_id)
    return rows if task_id is None else rows.filter(task_id=task_id)


def distinct_of(rows: QuerySet[Metric], column: str) -> list[str]:
    return list(rows.order_by(column).values_list(column, flat=True).distinct())


def aggregate_metric(
    rows: QuerySet[Metric], name: str, *, aggregate: str, start: datetime, end: datetime
) -> Aggregation:
    """Raises Invalid for an unknown aggregate and for a span that ends before it begins."""
    if aggregate not in AGGREGATES:
        raise Invalid(f"aggregation: '{aggregate[:40]}' is unknown; known: {', '.join(AGGREGATES)}")
    step = step_of(start, end)
    found = (
        rows.filter(name=name, timestamp__gte=start, timestamp__lte=end)
        .annotate(moment=Trunc("timestamp", step, tzinfo=UTC))
        .values("moment")
        .annotate(total=AGGREGATES[aggregate]("value"))
        .order_by()
    )
    values: dict[datetime, Any] = {each["moment"]: each["total"] for each in found}
    points = tuple((moment, values.get(moment)) for moment in moments_between(start, end, step))
    return Aggregation(name, step, points)
