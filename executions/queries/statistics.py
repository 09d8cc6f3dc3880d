"""Figures over time: how many executions, task runs and log lines there were, and how long the runs
took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    QuerySet,
    Sum,
)
from django.db.models.functions import Coalesce, Now, Trunc

from executions.choices import LogLevel
from executions.models import LogEntry
from executions.queries.steps import moments_between, step_of
from plugins.contracts.state import State

Key = tuple[str, ...]
_LASTED = ExpressionWrapper(
    Coalesce(F("ended_at"), Now()) - F("started_at"), output_field=DurationField()
)


@dataclass(slots=True)
class Period:
    """One step of time. `counts` by state or level, zeros included; the durations are those of the
    runs that began in it, up to now where they still run."""

    start: datetime
    step: str
    counts: dict[str, int]
    number: int = 0
    total: timedelta = field(default_factory=timedelta)
    shortest: timedelta | None = None
    longest: timedelta | None = None

    @property
    def average(self) -> timedelta:
        return self.total / self.number if self.number else timedelta()

    def add(self, word: str, found: Mapping[str, Any]) -> None:
        self.counts[word] = self.counts.get(word, 0) + found["number"]
        self.number += found["number"]
        if "total" in found:
            self.total += found["total"]
            self.shortest = _extreme(min, self.shortest, found["shortest"])
            self.longest = _extreme(max, self.longest, found["longest"])


def runs_over_time(rows: QuerySet[Any], *, start: datetime, end: datetime) -> list[Period]:
    """Of executions or task runs. A step without any is there, with zeros. Raises Invalid."""
    by_group = runs_by_group(rows, (), start=start, end=end)
    return by_group.get(()) or _periods(start, end, no_states())


def runs_by_group(
    rows: QuerySet[Any], columns: Key, *, start: datetime, end: datetime
) -> dict[Key, list[Period]]:
    """The same for each value of the columns that there is in the span. Raises Invalid."""
    found = (
        rows.filter(started_at__gte=start, started_at__lte=end)
        .annotate(moment=_step("started_at", start, end), lasted=_LASTED)
        .values(*columns, "moment", "state")
        .annotate(
            number=Count("pk"), total=Sum("lasted"), shortest=Min("lasted"), longest=Max("lasted")
        )
        .order_by(*columns)
    )
    return _grouped(found, columns, "state", start=start, end=end)


def lines_over_time(rows: QuerySet[LogEntry], *, start: datetime, end: datetime) -> list[Period]:
    """Of log lines, by level. Raises Invalid."""
    found = (
        rows.filter(timestamp__gte=start, timestamp__lte=end)
        .annotate(moment=_step("timestamp", start, end))
        .values("moment", "level")
        .annotate(number=Count("pk"))
        .order_by()
    )
    by_group = _grouped(found, (), "level", start=start, end=end)
    return by_group.get(()) or _periods(start, end, _no_levels())


def count_by_namespace(
    rows: QuerySet[Any], *, start: datetime, end: datetime
) -> dict[str, dict[str, int]]:
    """By namespace and state, zeros included. Raises Invalid."""
    step_of(start, end)
    found = (
        rows.filter(started_at__gte=start, started_at__lte=end)
        .values_list("namespace", "state")
        .annotate(number=Count("pk"))
        .order_by("namespace")
    )
    counts: dict[str, dict[str, int]] = {}
    for namespace, state, number in found:
        counts.setdefault(namespace, no_states())[state] = number
    return counts


def no_states() -> dict[str, int]:
    return {state.value: 0 for state in State}


def _grouped(
    found: Iterable[Mapping[str, Any]], columns: Key, word: str, *, start: datetime, end: datetime
) -> dict[Key, list[Period]]:
    groups: dict[Key, dict[datetime, Period]] = {}
    for row in found:
        key = tuple(row[name] for name in columns)
        if key not in groups:
            zeros = no_states() if word == "state" else _no_levels()
            groups[key] = {each.start: each for each in _periods(start, end, zeros)}
        groups[key][row["moment"]].add(row[word], row)
    return {key: list(periods.values()) for key, periods in groups.items()}


def _no_levels() -> dict[str, int]:
    return dict.fromkeys(LogLevel.values, 0)


def _periods(start: datetime, end: datetime, zeros: Mapping[str, int]) -> list[Period]:
    step = step_of(start, end)
    return [Period(moment, step, dict(zeros)) for moment in moments_between(start, end, step)]


def _step(column: str, start: datetime, end: datetime) -> Trunc:
    return Trunc(column, step_of(start, end), tzinfo=UTC)


def _extreme(choose: Any, one: timedelta | None, other: timedelta) -> timedelta:
    return other if one is None else choose(one, other)
