"""Printing a moment: by pattern, by one of Java's named formats, or in a locale's style."""

from collections.abc import Callable
from datetime import UTC

from expressions.dates.moments import Moment
from expressions.dates.names import ENGLISH, Names, babel_locale, names_of
from expressions.dates.patterns import NAMED, Field, fields_of
from expressions.dates.zones import find_zone, offset_text

_WIDTHS = {3: "short", 4: "full", 5: "narrow"}
_STYLES = frozenset(("full", "long", "medium", "short"))
_OFFSET_FORMS = {1: "+HHmm", 2: "+HHMM", 3: "+HH:MM", 4: "+HHMMss", 5: "+HH:MM:ss"}


def format_moment(moment: Moment, pattern: str, locale: str) -> str:
    if pattern in _JAVA_NAMED:
        return _JAVA_NAMED[pattern](moment)
    if pattern in _STYLES:
        return _styled(moment, pattern, locale)
    names = names_of(locale)
    fields = fields_of(NAMED.get(pattern, pattern))
    return "".join(
        _PRINTERS[field.letter](moment, field, names) if field.letter else field.text
        for field in fields
    )


def _styled(moment: Moment, style: str, locale: str) -> str:
    from babel.dates import format_datetime

    return str(format_datetime(moment.local, style, locale=babel_locale(locale)))


def _year(moment: Moment, field: Field, names: Names) -> str:
    return _year_text(moment.local.year, field.count)


def _week_year(moment: Moment, field: Field, names: Names) -> str:
    return _year_text(moment.local.isocalendar().year, field.count)


def _year_text(year: int, count: int) -> str:
    if count == 2:
        return f"{year % 100:02d}"
    return str(year).rjust(count, "0")


def _numeric(get: Callable[[Moment], int]) -> Callable[[Moment, Field, Names], str]:
    def printed(moment: Moment, field: Field, names: Names) -> str:
        return str(get(moment)).rjust(field.count, "0")

    return printed


def _month(moment: Moment, field: Field, names: Names) -> str:
    month = moment.local.month
    if field.count < 3:
        return str(month).rjust(field.count, "0")
    table = names.months if field.letter == "M" else names.standalone_months
    return table[_WIDTHS[field.count]][month - 1]


def _quarter(moment: Moment, field: Field, names: Names) -> str:
    quarter = (moment.local.month + 2) // 3
    if field.count < 3:
        return str(quarter).rjust(field.count, "0")
    return names.quarters[_WIDTHS[field.count]][quarter - 1]


def _weekday(moment: Moment, field: Field, names: Names) -> str:
    return names.days[_WIDTHS[max(field.count, 3)]][moment.local.weekday()]


def _local_weekday(moment: Moment, field: Field, names: Names) -> str:
    if field.count < 3:
        sunday_first = moment.local.isoweekday() % 7 + 1
        return str(sunday_first).rjust(field.count, "0")
    return _weekday(moment, field, names)


def _half(moment: Moment, field: Field, names: Names) -> str:
    return names.halves[moment.local.hour >= 12]


def _fraction(moment: Moment, field: Field, names: Names) -> str:
    return f"{moment.nano:09d}"[: field.count]


def _offset_or_z(moment: Moment, field: Field, names: Names) -> str:
    return offset_text(moment.offset, _OFFSET_FORMS[field.count], "Z")


def _offset(moment: Moment, field: Field, names: Names) -> str:
    zero = {1: "+00", 2: "+0000", 3: "+00:00", 4: "+0000", 5: "+00:00"}[field.count]
    return offset_text(moment.offset, _OFFSET_FORMS[field.count], zero)


def _rfc_offset(moment: Moment, field: Field, names: Names) -> str:
    if field.count == 4:
        return _gmt_offset(moment, field, names)
    if field.count == 5:
        return offset_text(moment.offset, "+HH:MM:ss", "Z")
    return offset_text(moment.offset, "+HHMM", "+0000")


def _gmt_offset(moment: Moment, field: Field, names: Names) -> str:
    if field.count == 4:
        return "GMT" + offset_text(moment.offset, "+HH:MM:ss", "")
    text = offset_text(moment.offset, "+HH:mm:ss", "")
    return "GMT" + (text[0] + text[1:].removeprefix("0") if text else "")


def _zone_id(moment: Moment, field: Field, names: Names) -> str:
    return moment.zone.name


def _zone_name(moment: Moment, field: Field, names: Names) -> str:
    if moment.zone.rules is UTC or moment.zone.is_offset:
        return moment.zone.name
    if field.count == 4:
        from babel.dates import get_timezone_name

        return str(get_timezone_name(moment.local, width="long", locale="en_US"))
    return moment.local.tzname() or moment.zone.name


def _era(moment: Moment, field: Field, names: Names) -> str:
    return {4: "Anno Domini", 5: "A"}.get(field.count, "AD")


def _nano_of_day(moment: Moment) -> int:
    local = moment.local
    seconds = (local.hour * 60 + local.minute) * 60 + local.second
    return seconds * 1_000_000_000 + moment.nano


def _week_of_month(moment: Moment) -> int:
    first = moment.local.replace(day=1)
    return (moment.local.day + first.isoweekday() % 7 - 1) // 7 + 1


_PRINTERS: dict[str, Callable[[Moment, Field, Names], str]] = {
    "y": _year, "u": _year, "Y": _week_year, "M": _month, "L": _month, "Q": _quarter,
    "q": _quarter, "E": _weekday, "e": _local_weekday, "c": _local_weekday, "a": _half,
    "S": _fraction, "X": _offset_or_z, "x": _offset, "Z": _rfc_offset, "O": _gmt_offset,
    "V": _zone_id, "v": _zone_name, "z": _zone_name, "G": _era,
    "d": _numeric(lambda moment: moment.local.day),
    "D": _numeric(lambda moment: moment.local.timetuple().tm_yday),
    "w": _numeric(lambda moment: moment.local.isocalendar().week),
    "W": _numeric(_week_of_month),
    "H": _numeric(lambda moment: moment.local.hour),
    "k": _numeric(lambda moment: moment.local.hour or 24),
    "K": _numeric(lambda moment: moment.local.hour % 12),
    "h": _numeric(lambda moment: moment.local.hour % 12 or 12),
    "m": _numeric(lambda moment: moment.local.minute),
    "s": _numeric(lambda moment: moment.local.second),
    "A": _numeric(lambda moment: _nano_of_day(moment) // 1_000_000),
    "n": _numeric(lambda moment: moment.nano),
    "N": _numeric(_nano_of_day),
}  # fmt: skip


def _date(moment: Moment) -> str:
    return f"{moment.local.year:04d}-{moment.local.month:02d}-{moment.local.day:02d}"


def _time(moment: Moment) -> str:
    fraction = f".{moment.nano:09d}".rstrip("0") if moment.nano else ""
    return f"{moment.local:%H:%M:%S}{fraction}"


def _offset_id(moment: Moment) -> str:
    return offset_text(moment.offset, "+HH:MM:ss", "Z")


def _offset_date_time(moment: Moment) -> str:
    return f"{_date(moment)}T{_time(moment)}{_offset_id(moment)}"


def _zoned_date_time(moment: Moment) -> str:
    region = "" if moment.zone.is_offset else f"[{moment.zone.name}]"
    return _offset_date_time(moment) + region


def _instant(moment: Moment) -> str:
    utc = moment.at_zone(find_zone("Z"))
    digits = f"{utc.nano:09d}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return f"{_date(utc)}T{utc.local:%H:%M:%S}{'.' + digits if digits else ''}Z"


def _ordinal_date(moment: Moment) -> str:
    day = moment.local.timetuple().tm_yday
    return f"{moment.local.year:04d}-{day:03d}{_offset_id(moment)}"


def _week_date(moment: Moment) -> str:
    year, week, day = moment.local.isocalendar()
    return f"{year:04d}-W{week:02d}-{day}{_offset_id(moment)}"


def _rfc_1123(moment: Moment) -> str:
    local = moment.local
    day = ENGLISH.days["short"][local.weekday()]
    month = ENGLISH.months["short"][local.month - 1]
    offset = offset_text(moment.offset, "+HHMM", "GMT")
    return f"{day}, {local.day} {month} {local.year:04d} {local:%H:%M:%S} {offset}"


def _basic_date(moment: Moment) -> str:
    return _date(moment).replace("-", "") + offset_text(moment.offset, "+HHMMss", "Z")


_JAVA_NAMED: dict[str, Callable[[Moment], str]] = {
    "iso_date_time": _zoned_date_time,
    "iso_zoned_date_time": _zoned_date_time,
    "iso_offset_date_time": _offset_date_time,
    "iso_date": lambda moment: _date(moment) + _offset_id(moment),
    "iso_offset_date": lambda moment: _date(moment) + _offset_id(moment),
    "iso_time": lambda moment: _time(moment) + _offset_id(moment),
    "iso_offset_time": lambda moment: _time(moment) + _offset_id(moment),
    "iso_local_date": _date,
    "iso_local_time": _time,
    "iso_local_date_time": lambda moment: f"{_date(moment)}T{_time(moment)}",
    "iso_instant": _instant,
    "iso_ordinal_date": _ordinal_date,
    "iso_week_date": _week_date,
    "basic_iso_date": _basic_date,
    "rfc_1123_date_time": _rfc_1123,
}
