"""A moment in a zone, to the nanosecond, and how one is read from a value."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from expressions.context import fail
from expressions.dates.zones import Zone, find_zone, zone_of_offset
from expressions.errors import ExpressionError
from expressions.values import is_integer, kind_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NANOS = 1_000_000_000
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r"(?P<offset>Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)?(?:\[(?P<zone>[^\]]+)\])?)?\Z",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """`local` is aware and has whole seconds; `nano` is the rest of the second."""

    local: datetime
    nano: int
    zone: Zone

    @property
    def epoch_second(self) -> int:
        return (self.local - _EPOCH) // timedelta(seconds=1)

    @property
    def offset(self) -> timedelta:
        return self.zone.offset_at(self.local)

    def at_zone(self, zone: Zone) -> "Moment":
        try:
            return replace(self, local=self.local.astimezone(zone.rules), zone=zone)
        except OverflowError as error:
            raise ExpressionError("the date lies outside the years 1 to 9999") from error


def at_local(local: datetime, nano: int, zone: Zone) -> Moment:
    """Wall time in a zone; in the gap of a clock change it moves on by the gap, as in Java."""
    aware = local.replace(tzinfo=zone.rules, microsecond=0)
    settled = aware.astimezone(UTC).astimezone(zone.rules)
    return Moment(settled, nano, zone)


def at_epoch(seconds: int, nano: int, zone: Zone) -> Moment:
    try:
        moment = _EPOCH + timedelta(seconds=seconds + nano // _NANOS)
        return Moment(moment, nano % _NANOS, find_zone("Z")).at_zone(zone)
    except OverflowError as error:
        raise ExpressionError("the date lies outside the years 1 to 9999") from error


def read_moment(value: Any, zone: Zone, pattern: str | None, locale: str) -> Moment:
    """A date value, epoch seconds, ISO text, or text by a pattern. What has no zone of its own is
    taken in `zone`."""
    if isinstance(value, datetime):
        return _from_datetime(value, zone)
    if isinstance(value, date):
        return at_local(datetime.combine(value, time()), 0, zone)
    if is_integer(value):
        return at_epoch(value, 0, zone)
    if not isinstance(value, str):
        fail(f"a date is text or epoch seconds, not {kind_of(value)}")
    if pattern is not None:
        from expressions.dates.parsing import parse_by_pattern

        return parse_by_pattern(value, pattern, zone, locale)
    return parse_iso(value, zone)


def _from_datetime(value: datetime, zone: Zone) -> Moment:
    nano = value.microsecond * 1000
    if value.tzinfo is None:
        return at_local(value, nano, zone)
    offset = value.utcoffset() or timedelta(0)
    return Moment(value.replace(microsecond=0), nano, zone_of_offset(offset))


def parse_iso(text: str, zone: Zone) -> Moment:
    found = _ISO.match(text)
    if found is None:
        fail("the text is not a date in ISO form; existingFormat names another form")
    year, month, day, hour, minute, second, fraction = found.groups()[:7]
    try:
        local = datetime(  # noqa: DTZ001  # wall time; its zone comes next
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0)
        )
    except ValueError as error:
        raise ExpressionError("the text is not a date that exists") from error
    nano = int((fraction or "").ljust(9, "0"))
    offset, region = found["offset"], found["zone"]
    if offset is None:
        return at_local(local, nano, find_zone(region) if region else zone)
    fixed = at_local(local, nano, find_zone(offset.upper()))
    return fixed.at_zone(find_zone(region)) if region else fixed
