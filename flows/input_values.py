"""From what somebody sent to a value of a type of inputs. Values are those of JSON, dates and
durations as text in ISO 8601; what does not fit raises ValueError with the reason."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from common import json
from common.durations import format_duration, parse_duration
from common.errors import Invalid
from common.yaml import load_yaml
from flows.schema.inputs import Input

_INTEGER = re.compile(r"[-+]?\d{1,19}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*")
_LONGEST_FRACTION = re.compile(r"(\.\d{6})\d+")

Convert = Callable[[Any], Any]


def convert(type_name: str, value: Any) -> Any:
    """The value as one of that type, without bounds. Raises ValueError."""
    return _CONVERSIONS[type_name](value)


def is_blank(item: Input, value: Any) -> bool:
    """Whether nothing was given; an empty text is a value for texts only."""
    if value is None:
        return True
    keeps_empty_text = item.type in {"STRING", "SECRET"}
    return isinstance(value, str) and not value.strip() and not keeps_empty_text


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value)
    return str(value)


def _integer(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return _of_64_bits(value)
    if isinstance(value, float) and value.is_integer():
        return _of_64_bits(int(value))
    text = str(value).strip()
    if not _INTEGER.fullmatch(text):
        raise ValueError("it must be a whole number")
    return _of_64_bits(int(text))


def _of_64_bits(number: int) -> int:
    if not -(2**63) <= number < 2**63:
        raise ValueError("it must be a whole number of 64 bits")
    return number


def _float(value: Any) -> float:
    if not isinstance(value, bool):
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if math.isfinite(number):
            return number
    raise ValueError("it must be a number")


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in {"true", "false"}:
        return word == "true"
    raise ValueError("it must be true or false")


def _instant(value: Any) -> str:
    moment = value if isinstance(value, datetime) else _parsed(datetime.fromisoformat, value)
    if moment is None:
        raise ValueError("it must be a date and time with zone such as 2024-12-31T23:59:00Z")
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(timespec=_timespec(moment)) + "Z"


def _date(value: Any) -> str:
    day = value if isinstance(value, date) else _parsed(date.fromisoformat, value)
    if day is None:
        raise ValueError("it must be a date such as 2024-12-31")
    return day.isoformat()


def _time(value: Any) -> str:
    moment = value if isinstance(value, time) else _parsed(time.fromisoformat, value)
    if moment is None or moment.tzinfo is not None:
        raise ValueError("it must be a time without zone such as 23:59:00")
    return moment.isoformat(timespec=_timespec(moment))


def _timespec(moment: datetime | time) -> str:
    if moment.microsecond == 0:
        return "seconds"
    return "microseconds" if moment.microsecond % 1000 else "milliseconds"


def _parsed(parse: Callable[[str], Any], value: Any) -> Any:
    """None for what cannot be parsed. More than six digits of a second are cut."""
    try:
        return parse(_LONGEST_FRACTION.sub(r"\1", str(value).strip()))
    except ValueError:
        return None


def _duration(value: Any) -> str:
    if isinstance(value, timedelta):
        return format_duration(value)
    try:
        return format_duration(parse_duration(str(value).strip().upper()))
    except ValueError as error:
        raise ValueError("it must be a duration such as PT5M6S or P1D") from error


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise ValueError(f"it must be JSON: {error}") from error


def _yaml(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return load_yaml(value).value
    except Invalid as error:
        raise ValueError(f"it must be YAML: {error}") from error


def _uri(value: Any) -> str:
    text = str(value).strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    is_whole = bool(parts.netloc or parts.path)
    if not _SCHEME.fullmatch(parts.scheme) or not is_whole or re.search(r"\s", text):
        raise ValueError("it must be a URI such as https://example.com/file.csv")
    return text


def _file(value: Any) -> str:
    text = str(value)
    if not text.startswith("kestra:///"):
        raise ValueError("it must be a file, sent as a part of a multipart body")
    return text


def _email(value: Any) -> str:
    text = str(value).strip()
    if not _EMAIL.fullmatch(text):
        raise ValueError("it must be an e-mail address")
    return text


def _list(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, str):
        text = value.strip()
        found = _json(text) if text.startswith("[") else _yaml(text)
        if isinstance(found, list):
            return found
    raise ValueError('it must be a list such as ["a", "b"]')


_CONVERSIONS: Mapping[str, Convert] = {
    "STRING": _text,
    "SECRET": _text,
    "ENUM": _text,
    "SELECT": _text,
    "INT": _integer,
    "FLOAT": _float,
    "BOOLEAN": _boolean,
    "BOOL": _boolean,
    "DATETIME": _instant,
    "DATE": _date,
    "TIME": _time,
    "DURATION": _duration,
    "JSON": _json,
    "YAML": _yaml,
    "URI": _uri,
    "EMAIL": _email,
    "FILE": _file,
    "MULTISELECT": lambda value: [_text(entry) for entry in _list(value)],
    "ARRAY": _list,
}
