"""The JSON edge: orjson, with the few additions that user data needs."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any

import orjson

from common.clock import to_iso
from common.durations import format_duration

_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME


def dumps(value: Any) -> str:
    """Compact JSON text. Instants print in UTC, durations in ISO 8601; NaN becomes null.
    Raises TypeError for what has no JSON form."""
    return dump_bytes(value).decode()


def dump_bytes(value: Any) -> bytes:
    try:
        return orjson.dumps(value, default=_default, option=_OPTIONS)
    except TypeError:  # orjson refuses integers beyond 64 bits without asking `default`
        return orjson.dumps(_with_big_integers(value), default=_default, option=_OPTIONS)


def loads(text: str | bytes) -> Any:
    """Raises ValueError with the place of the fault."""
    return orjson.loads(text)


def _with_big_integers(value: Any) -> Any:
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return orjson.Fragment(str(value))
    if isinstance(value, dict):
        return {key: _with_big_integers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_big_integers(item) for item in value]
    return value


def _default(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_iso(value) if value.tzinfo else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    if isinstance(value, PurePath):
        return str(value)
    if hasattr(value, "items"):
        return dict(value.items())
    raise TypeError(f"a {type(value).__name__} cannot be written as JSON")
