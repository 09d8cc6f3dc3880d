"""Dates and times as the conditions read them."""

from datetime import UTC, datetime, time, tzinfo
from enum import StrEnum
from typing import Any

from common.errors import Invalid

TRIGGER_DATE = "{{ trigger.date }}"


class DayOfWeek(StrEnum):
    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"

    @classmethod
    def of(cls, moment: datetime) -> "DayOfWeek":
        return list(cls)[moment.weekday()]


def moment_of(rendered: Any) -> datetime:
    """A date with a time and an offset; without an offset UTC. Raises Invalid."""
    if isinstance(rendered, datetime):
        found = rendered
    else:
        try:
            found = datetime.fromisoformat(str(rendered).strip())
        except ValueError as error:
            raise Invalid(
                f"'{rendered}' is not a date such as 2025-01-31T08:00:00Z or 2025-01-31"
            ) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def time_of(text: str) -> time:
    """Raises ValueError."""
    return time.fromisoformat(text.strip())


def clock_of(moment: datetime, zone: tzinfo | None) -> time:
    """The time of day, in a zone or in the moment's own, without the zone."""
    return (moment.astimezone(zone) if zone else moment).time()
