"""Spans of time in steps: how a span is best shown, and where its steps begin. All in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from common.errors import Invalid

DEFAULT_SPAN = timedelta(days=30)
LONGEST_SPAN = timedelta(days=3660)
# A span longer than this is shown in steps of that.
_STEPS = (
    (timedelta(days=365), "month"),
    (timedelta(days=180), "week"),
    (timedelta(days=1), "day"),
    (timedelta(hours=6), "hour"),
    (timedelta(0), "minute"),
)


def step_of(start: datetime, end: datetime) -> str:
    """`month`, `week`, `day`, `hour` or `minute`. Raises Invalid for a span that ends before it
    begins, or is too long."""
    if not start <= end <= start + LONGEST_SPAN:
        raise Invalid(f"endDate: it must lie within {LONGEST_SPAN.days} days after startDate")
    return next(word for span, word in _STEPS if end - start >= span)


def moments_between(start: datetime, end: datetime, step: str) -> Iterator[datetime]:
    """The beginnings of all steps that touch the span."""
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
