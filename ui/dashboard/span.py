"""The span of time that figures are of, as the address has it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.clock import now
from common.errors import Invalid

DEFAULT = "P7D"
_SPANS: dict[str, tuple[Any, timedelta]] = {
    # a little less than a day, so that it is shown in hours
    "PT24H": (_("Last 24 hours"), timedelta(hours=24) - timedelta(seconds=1)),
    "P7D": (_("Last 7 days"), timedelta(days=7)),
    "P30D": (_("Last 30 days"), timedelta(days=30)),
    "P90D": (_("Last 90 days"), timedelta(days=90)),
}


@dataclass(frozen=True, slots=True)
class Span:
    """`name` is one of the choices, or empty where days were given; these are whole days in the
    caller's zone, the last one included."""

    start: datetime
    end: datetime
    name: str = ""
    first_day: str = ""
    last_day: str = ""

    @property
    def choices(self) -> list[tuple[str, Any]]:
        return [(name, title) for name, (title, _length) in _SPANS.items()]


def read_span(query: QueryDict) -> Span:
    """`startDate` and `endDate` as days, else `timeRange`. Raises Invalid."""
    moment = now()
    first, last = query.get("startDate", ""), query.get("endDate", "")
    if first or last:
        end = _midnight(_day(last, "endDate") + timedelta(days=1)) if last else moment
        start = _midnight(_day(first, "startDate")) if first else end - timedelta(days=7)
        if start >= end:
            raise Invalid("endDate: it must not lie before startDate")
        return Span(start, end, first_day=first, last_day=last)
    name = query.get("timeRange") or DEFAULT
    if name not in _SPANS:
        raise Invalid(f"timeRange: '{name[:40]}' is unknown; known: {', '.join(_SPANS)}")
    return Span(moment - _SPANS[name][1], moment, name=name)


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{name}: '{text[:40]}' is not a day such as 2026-01-31") from error


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
