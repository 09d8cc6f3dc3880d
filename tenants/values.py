"""Values of the key-value store: from the raw body of a request or from Python, to the text in
the database and back. The text is always JSON, so that it can be answered without being read."""

import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from common.durations import parse_duration
from common.json import dumps, loads
from tenants.choices import ValueType
from tenants.errors import ValueInvalid
from tenants.limits import MAX_NESTING, MAX_VALUE_BYTES

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATETIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?"
)
_DURATION = re.compile(
    r"[+-]?P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.]\d{1,9})?S)?)?"
)
_MANY_DIGITS = re.compile(r"\d{19}")
_BRACKETS = re.compile(r"[\[\](){}]")


@dataclass(frozen=True, slots=True)
class StoredValue:
    """A value with its type; `text` is JSON."""

    type: ValueType
    text: str

    @property
    def value(self) -> Any:
        """As Python: instants are aware, durations are timedeltas."""
        plain = _loads(self.text)
        if self.type == ValueType.DATETIME:
            return _instant(plain)
        if self.type == ValueType.DATE:
            return date.fromisoformat(plain)
        if self.type == ValueType.DURATION:
            return parse_duration(plain)
        return plain


def parse_body(raw: bytes) -> StoredValue:
    """The body of a request: JSON, or one bare Ion value such as `2022-05-01` or `P1DT2H`.
    Raises ValueInvalid."""
    _check_size(len(raw))
    try:
        text = raw.decode().strip()
    except UnicodeDecodeError as error:
        raise ValueInvalid("The value is not UTF-8 text") from error
    if not text:
        raise ValueInvalid('The value is empty; an empty text is written as two quotes: ""')
    return _bare_time(text) or value_of(_parsed(text))


def value_of(value: Any, value_type: ValueType | None = None) -> StoredValue:
    """A Python value, whose type decides unless one is asked for. Raises ValueInvalid."""
    if value_type is None or value_type == _type_of(value):
        stored = StoredValue(_type_of(value), _written(value))
    else:
        stored = _converted(value, value_type)
    _check_size(len(stored.text.encode()))
    return stored


def _bare_time(text: str) -> StoredValue | None:
    """Dates, instants and durations without quotes, kept as they were written."""
    for value_type, pattern in (
        (ValueType.DATE, _DATE),
        (ValueType.DATETIME, _DATETIME),
        (ValueType.DURATION, _DURATION),
    ):
        if pattern.fullmatch(text):
            return _converted(text, value_type)
    return None


def _parsed(text: str) -> Any:
    try:
        return _loads(text)
    except (ValueError, RecursionError):
        return _from_ion(text)


def _from_ion(text: str) -> Any:
    depth = deepest = 0
    for match in _BRACKETS.finditer(text):
        depth += 1 if match.group() in "[({" else -1
        deepest = max(deepest, depth)
    if deepest > MAX_NESTING:
        raise ValueInvalid(f"The value is nested deeper than {MAX_NESTING} levels")
    from tenants.ion_values import read_ion  # at first use: it is costly to load

    return read_ion(text)


def _type_of(value: Any) -> ValueType:
    kinds: tuple[tuple[type | tuple[type, ...], ValueType], ...] = (
        (bool, ValueType.BOOLEAN),
        ((int, float, Decimal), ValueType.NUMBER),
        (str, ValueType.STRING),
        (datetime, ValueType.DATETIME),
        (date, ValueType.DATE),
        (timedelta, ValueType.DURATION),
    )
    for kind, value_type in kinds:
        if isinstance(value, kind):
            return value_type
    if value is None:
        raise ValueInvalid("A key cannot hold null; delete the key instead")
    return ValueType.JSON


def _converted(value: Any, value_type: ValueType) -> StoredValue:
    """A value as another type, most often from a text that a template gave."""
    if value_type == ValueType.STRING:
        return StoredValue(value_type, dumps(value if isinstance(value, str) else _bare(value)))
    try:
        return StoredValue(value_type, _read_as(value, value_type))
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueInvalid(f"'{str(value)[:200]}' is not a {value_type.value} value") from error


def _read_as(value: Any, value_type: ValueType) -> str:
    text = value.strip() if isinstance(value, str) else value
    if value_type == ValueType.DATE:
        return dumps(date.fromisoformat(text).isoformat())
    if value_type == ValueType.DATETIME:
        _instant(text)
        return dumps(text)
    if value_type == ValueType.DURATION:
        parse_duration(text)
        return dumps(text)
    plain = _loads(text) if isinstance(text, str) else text
    if value_type != ValueType.JSON and _type_of(plain) != value_type:
        raise ValueError(value_type)
    return _written(plain)


def _written(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueInvalid("A key cannot hold a number that is not finite")
    try:
        return dumps(value)
    except (TypeError, RecursionError) as error:
        raise ValueInvalid(f"The value cannot be written as JSON: {error}") from error


def _bare(value: Any) -> str:
    text = _written(value)
    plain = _loads(text)
    return plain if isinstance(plain, str) else text


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace(",", "."))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _loads(text: str) -> Any:
    """JSON; numbers beyond 64 bits stay whole."""
    return json.loads(text) if _MANY_DIGITS.search(text) else loads(text)


def _check_size(size: int) -> None:
    if size > MAX_VALUE_BYTES:
        raise ValueInvalid(
            f"The value is larger than {MAX_VALUE_BYTES} bytes; store it as a namespace file"
        )
