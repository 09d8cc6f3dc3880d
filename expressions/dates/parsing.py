"""Reading text by a pattern (`existingFormat`): with a zone, as local date and time, as a date."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from expressions.context import fail
from expressions.dates.moments import Moment, at_local
from expressions.dates.names import Names, names_of
from expressions.dates.patterns import NAMED, Field, fields_of
from expressions.dates.zones import Zone, find_zone
from expressions.errors import ExpressionError, LimitReached

_SECONDS = 1.0
_WIDTHS = {3: "short", 4: "full", 5: "narrow"}
_NUMBERS = frozenset("yuMLdDQqHhKkmsSnNA")
_OFFSET = r"Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?"
_ZONE = r"[A-Za-z][A-Za-z0-9~/._+-]*|[+-]\d{1,2}(?::?\d{2})?"
_SPELLINGS = {"X": _OFFSET, "x": _OFFSET, "Z": _OFFSET, "V": _ZONE, "z": _ZONE, "v": _ZONE}
# What a letter's value is called; the last letter of a kind wins.
_PARTS = {
    "y": "year", "u": "year", "M": "month", "L": "month", "d": "day", "D": "day_of_year",
    "E": "weekday", "a": "half", "H": "hour", "k": "hour24", "h": "hour12", "K": "hour11",
    "m": "minute", "s": "second", "S": "fraction", "n": "nano", "X": "offset", "x": "offset",
    "Z": "offset", "V": "zone", "z": "zone", "v": "zone",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reader:
    expression: Any
    fields: tuple[Field, ...]


def parse_by_pattern(text: str, pattern: str, zone: Zone, locale: str) -> Moment:
    reader = _reader(NAMED.get(pattern, pattern), locale)
    found = _match(reader, text)
    if found is None:
        fail(f"the text does not match the date pattern '{pattern}'")
    parts: dict[str, str] = {}
    numbers: dict[str, int] = {}
    names = names_of(locale)
    for index, field in enumerate(reader.fields):
        value = found.group(f"f{index}")
        part = _PARTS.get(field.letter)
        if part is None:
            continue
        parts[part] = value
        number = _number(field, value, names)
        if number is not None:
            numbers[part] = number
    try:
        local = datetime(*_date(numbers), *_time(numbers))  # noqa: DTZ001  # wall time
    except (ValueError, OverflowError) as error:
        raise ExpressionError("the text is not a date that exists") from error
    nano = numbers.get("nano", int(parts.get("fraction", "").ljust(9, "0") or 0))
    return _placed(local, nano, parts, zone)


def _match(reader: _Reader, text: str) -> Any:
    try:
        return reader.expression.match(text, timeout=_SECONDS)
    except TimeoutError as error:
        raise LimitReached("reading a date by the pattern took too long") from error


def _placed(local: datetime, nano: int, parts: dict[str, str], zone: Zone) -> Moment:
    if "offset" in parts:
        moment = at_local(local, nano, find_zone(parts["offset"]))
        return moment.at_zone(find_zone(parts["zone"])) if "zone" in parts else moment
    return at_local(local, nano, find_zone(parts["zone"]) if "zone" in parts else zone)


def _date(numbers: dict[str, int]) -> tuple[int, int, int]:
    if "year" in numbers and "day_of_year" in numbers:
        first = date(numbers["year"], 1, 1)
        found = first + timedelta(days=numbers["day_of_year"] - 1)
        if found.year != first.year:
            raise ValueError
        return found.year, found.month, found.day
    if not {"year", "month", "day"} <= numbers.keys():
        fail("the date pattern lacks a year, a month or a day")
    return numbers["year"], numbers["month"], numbers["day"]


def _time(numbers: dict[str, int]) -> tuple[int, int, int]:
    hour = numbers.get("hour", 0)
    if "hour24" in numbers:
        hour = numbers["hour24"] % 24
    for part in ("hour12", "hour11"):
        if part in numbers:
            if numbers[part] > 12:
                raise ValueError
            hour = numbers[part] % 12 + 12 * numbers.get("half", 0)
    return hour, numbers.get("minute", 0), numbers.get("second", 0)


def _number(field: Field, value: str, names: Names) -> int | None:
    letter, count = field.letter, field.count
    if letter in "yu":
        return int(value) + (2000 if count == 2 else 0)
    if letter in "ML" and count > 2:
        return _table(field, names).index(value) + 1
    if letter == "a":
        return names.halves.index(value)
    return int(value) if letter in _NUMBERS and letter != "S" else None


def _table(field: Field, names: Names) -> Sequence[str]:
    width = _WIDTHS[max(field.count, 3)]
    if field.letter == "E":
        return names.days[width]
    return (names.months if field.letter == "M" else names.standalone_months)[width]


@lru_cache(maxsize=256)
def _reader(pattern: str, locale: str) -> _Reader:
    import regex

    names = names_of(locale)
    fields = fields_of(pattern)
    expression = ""
    kept: list[Field] = []
    for index, field in enumerate(fields):
        if not field.letter:
            expression += re.escape(field.text)
            continue
        follows = fields[index + 1].letter if index + 1 < len(fields) else ""
        expression += f"(?P<f{len(kept)}>{_spelling(field, names, adjacent=follows in _NUMBERS)})"
        kept.append(field)
    return _Reader(regex.compile(expression + r"\Z"), tuple(kept))


def _spelling(field: Field, names: Names, *, adjacent: bool) -> str:
    letter, count = field.letter, field.count
    special: dict[str, Callable[[], str]] = {
        "a": lambda: _either(names.halves),
        "E": lambda: _either(_table(field, names)),
    }
    if letter in special:
        return special[letter]()
    if letter in "ML" and count > 2:
        return _either(_table(field, names))
    if letter in _SPELLINGS:
        return _SPELLINGS[letter]
    if letter not in _NUMBERS:
        fail(f"the letter '{letter}' of the date pattern cannot be read")
    if letter in "yu" and count != 2:
        return r"[0-9]{4}" if count == 4 else r"[0-9]{1,9}"
    if count > 1 or letter == "S":
        return f"[0-9]{{{count}}}"
    return r"[0-9]{1,2}" if adjacent else r"[0-9]{1,9}"


def _either(names: Sequence[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
