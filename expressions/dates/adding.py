"""Adding to a moment: days and longer on the calendar, hours and shorter on the time line."""

import calendar
from datetime import datetime, timedelta

from expressions.context import fail
from expressions.dates.moments import Moment, at_epoch, at_local
from expressions.errors import ExpressionError

_NANOS = {
    "NANOS": 1,
    "MICROS": 1_000,
    "MILLIS": 1_000_000,
    "SECONDS": 1_000_000_000,
    "MINUTES": 60_000_000_000,
    "HOURS": 3_600_000_000_000,
    "HALF_DAYS": 43_200_000_000_000,
}
_DAYS = {"DAYS": 1, "WEEKS": 7}
_MONTHS = {"MONTHS": 1, "YEARS": 12, "DECADES": 120, "CENTURIES": 1200, "MILLENNIA": 12_000}


def add(moment: Moment, amount: int, unit: str) -> Moment:
    try:
        return _moved(moment, amount, unit)
    except (OverflowError, ValueError) as error:
        raise ExpressionError("the date lies outside the years 1 to 9999") from error


def _moved(moment: Moment, amount: int, unit: str) -> Moment:
    if unit in _NANOS:
        seconds, nano = divmod(moment.nano + amount * _NANOS[unit], 1_000_000_000)
        return at_epoch(moment.epoch_second + seconds, nano, moment.zone)
    wall = moment.local.replace(tzinfo=None, fold=0)
    if unit in _DAYS:
        moved = wall + timedelta(days=amount * _DAYS[unit])
    elif unit in _MONTHS:
        moved = _add_months(wall, amount * _MONTHS[unit])
    else:
        units = ", ".join((*_NANOS, *_DAYS, *_MONTHS))
        fail(f"the unit '{unit[:40]}' is not one of {units}")
    return at_local(moved, moment.nano, moment.zone)


def _add_months(wall: datetime, months: int) -> datetime:
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    day = min(wall.day, calendar.monthrange(year, month + 1)[1])
    return wall.replace(year=year, month=month + 1, day=day)
