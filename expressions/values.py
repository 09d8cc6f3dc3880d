"""What kinds of value there are, under the names that messages use."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

Number = int | float | Decimal


class MapEntry:
    """One entry of a map that a loop goes over."""

    __slots__ = ("key", "value")

    def __init__(self, key: Any, value: Any) -> None:
        self.key = key
        self.value = value


def is_number(value: object) -> bool:
    kind = type(value)
    return kind is int or kind is float or (isinstance(value, Number) and kind is not bool)


def is_integer(value: object) -> bool:
    return isinstance(value, int) and type(value) is not bool


def is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def is_map(value: object) -> bool:
    return type(value) is dict or isinstance(value, Mapping)


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "a boolean"),
    (str, "a string"),
    ((int, float, Decimal), "a number"),
    ((list, tuple), "a list"),
    ((datetime, date, time), "a date"),
    (Mapping, "a map"),
    (MapEntry, "a map entry"),
    (bytes, "bytes"),
)


def kind_of(value: object) -> str:
    """`a string`, `null` …: what a message says instead of the value."""
    if value is None:
        return "null"
    for types, name in _KINDS:
        if isinstance(value, types):
            return name
    return f"a {type(value).__name__}"
