"""Metrics over time: what there is of a flow, and one of them by day, hour or minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Avg, Max, Min, QuerySet, Sum
from django.db.models.functions import Trunc

from common.errors import Invalid
from executions.models import Metric

AGGREGATES = {"sum": Sum, "avg": Avg, "min": Min, "max": Max}
DEFAULT_SPAN = timedelta(days=30)
# A span longer than this is shown in steps of that.
_STEPS = (
    (timedelta(days=365), "month"),
    (timedelta(days=180), "week"),
    (timedelta(days=1), "day"),
    (timedelta(hours=6), "hour"),
    (timedelta(0), "minute"),
)
_LONGEST = timedelta(days=3660)


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
    if not start <= end <= start + _LONGEST:
        raise Invalid(f"endDate: it must lie within {_LONGEST.days} days after startDate")
    step = next(word for span, word in _STEPS if end - start >= span)
    found = (
        rows.filter(name=name, timestamp__gte=start, timestamp__lte=end)
        .annotate(moment=Trunc("timestamp", step, tzinfo=UTC))
        .values("moment")
        .annotate(total=AGGREGATES[aggregate]("value"))
        .order_by()
    )
    values: dict[datetime, Any] = {each["moment"]: each["total"] for each in found}
    points = tuple((moment, values.get(moment)) for moment in _moments(start, end, step))
    return Aggregation(name, step, points)


def _moments(start: datetime, end: datetime, step: str) -> Iterator[datetime]:
    moment = _floor(start.astimezone(UTC), step)
    while moment <= end:
        yield moment
        moment = _next(moment, step)


def _floor(moment: datetime, step: str) -> datetime:
    minute = moment.replace(second=0, microsecond=0)
    if step == "minute":
        return minute
    hour = minute.replace(minute=0)
    if step == "hour":
        return hour
    day = hour.replace(hour=0)
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day


def _next(moment: datetime, step: str) -> datetime:
    if step == "month":
        return _floor(moment + timedelta(days=32), "month")
    return moment + timedelta(**{f"{step}s": 1})
