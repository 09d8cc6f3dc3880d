"""What the date filters and `now` do: printing, adding, epoch numbers."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from expressions.arguments import need_integer, need_string
from expressions.context import RenderContext
from expressions.dates.adding import add
from expressions.dates.formatting import format_moment
from expressions.dates.moments import Moment, read_moment
from expressions.dates.zones import Zone, find_zone


def _zone(context: RenderContext, name: Any) -> Zone:
    return find_zone(context.engine.time_zone if name is None else need_string(name, "timeZone"))


def _read(
    context: RenderContext, value: Any, zone: Any, existing: Any, locale: Any = None
) -> tuple[Moment, Zone]:
    pattern = None if existing is None else need_string(existing, "existingFormat")
    found = _zone(context, zone)
    language = context.engine.locale if locale is None else need_string(locale, "the locale")
    return read_moment(value, found, pattern, language), found


class _Printing(NamedTuple):
    """The arguments that `date`, `dateAdd` and `now` share."""

    pattern: Any = None
    zone: Any = None
    existing: Any = None
    locale: Any = None

    def text(self, context: RenderContext, moment: Moment, zone: Zone) -> str:
        pattern = "iso" if self.pattern is None else need_string(self.pattern, "the format")
        locale = context.engine.locale
        if self.locale is not None:
            locale = need_string(self.locale, "the locale")
        return format_moment(moment.at_zone(zone), pattern, locale)


def date(context: RenderContext, value: Any, *printing: Any) -> str:
    how = _Printing(*printing)
    return how.text(context, *_read(context, value, how.zone, how.existing, how.locale))


def date_add(context: RenderContext, value: Any, amount: Any, unit: Any, *printing: Any) -> str:
    how = _Printing(*printing)
    moment, zone = _read(context, value, how.zone, how.existing, how.locale)
    count = need_integer(amount, "the amount")
    return how.text(context, add(moment, count, need_string(unit, "the unit")), zone)


def now(context: RenderContext, *printing: Any) -> str:
    how = _Printing(*printing)
    zone = _zone(context, how.zone)
    return how.text(context, read_moment(datetime.now(UTC), zone, None, ""), zone)


def timestamp(context: RenderContext, value: Any, zone: Any = None, existing: Any = None) -> int:
    return _read(context, value, zone, existing)[0].epoch_second


def timestamp_micro(
    context: RenderContext, value: Any, zone: Any = None, existing: Any = None
) -> str:
    """Odd, but flows rely on it: seconds × 10⁹ plus the microseconds of the second."""
    moment = _read(context, value, zone, existing)[0]
    return str(moment.epoch_second * 1_000_000_000 + moment.nano // 1000)


def timestamp_nano(
    context: RenderContext, value: Any, zone: Any = None, existing: Any = None
) -> str:
    moment = _read(context, value, zone, existing)[0]
    return str(moment.epoch_second * 1_000_000_000 + moment.nano)
