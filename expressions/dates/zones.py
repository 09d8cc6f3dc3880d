"""Time zones by Java's names: IANA regions, `Z`, offsets such as `+05:30`, `UTC+1`."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from expressions.context import fail

_OFFSET = re.compile(r"(UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?\Z", re.ASCII)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9~/._+-]+\Z")
_LONGEST_OFFSET = timedelta(hours=18)
_SHORT_NAMES = {"UTC": "UTC", "GMT": "GMT", "UT": "UT"}


@dataclass(frozen=True, slots=True)
class Zone:
    name: str
    rules: tzinfo
    is_offset: bool = False

    def offset_at(self, moment: datetime) -> timedelta:
        return moment.utcoffset() or timedelta(0)


@lru_cache(maxsize=1024)
def find_zone(name: str) -> Zone:
    if name in ("Z", "z"):
        return Zone("Z", UTC, is_offset=True)
    if name in _SHORT_NAMES:
        return Zone(name, UTC)
    offset = _OFFSET.match(name)
    if offset:
        return _offset_zone(offset)
    if not _NAME.match(name):
        fail(f"the time zone '{name[:60]}' does not exist")
    try:
        return Zone(name, ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return fail(f"the time zone '{name[:60]}' does not exist")


def zone_of_offset(offset: timedelta) -> Zone:
    text = offset_text(offset, "+HH:MM:ss", "Z")
    return Zone(text, timezone(offset), is_offset=True)


def _offset_zone(found: re.Match[str]) -> Zone:
    prefix, sign, hours, minutes, seconds = found.groups()
    size = timedelta(hours=int(hours), minutes=int(minutes or 0), seconds=int(seconds or 0))
    if size > _LONGEST_OFFSET:
        fail("an offset from UTC is at most 18 hours")
    zone = zone_of_offset(size if sign == "+" else -size)
    return zone if prefix is None else Zone(prefix + zone.name, zone.rules)


def offset_text(offset: timedelta, form: str, zero: str) -> str:
    """`+HH:MM` and its kin; lower-case parts are left out when they are zero."""
    total = int(offset.total_seconds())
    if total == 0:
        return zero
    hours, rest = divmod(abs(total), 3600)
    minutes, seconds = divmod(rest, 60)
    colon = ":" if ":" in form else ""
    text = f"{'-' if total < 0 else '+'}{hours:02d}"
    if "MM" in form or ("mm" in form and (minutes or seconds)):
        text += f"{colon}{minutes:02d}"
        if "SS" in form or ("ss" in form and seconds):
            text += f"{colon}{seconds:02d}"
    return text
