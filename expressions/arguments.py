"""Checks of what filters and functions are given; each fails with a plain message."""

from typing import Any

from expressions.context import fail
from expressions.values import Number, is_integer, is_list, is_map, is_number, kind_of


def need_string(value: Any, what: str = "the input") -> str:
    if not isinstance(value, str):
        fail(f"{what} must be a string, not {kind_of(value)}")
    return value


def need_integer(value: Any, what: str) -> int:
    if not is_integer(value):
        fail(f"{what} must be an integer, not {kind_of(value)}")
    return int(value)


def need_number(value: Any, what: str = "the input") -> Number:
    if not is_number(value):
        fail(f"{what} must be a number, not {kind_of(value)}")
    number: Number = value
    return number


def need_list(value: Any, what: str = "the input") -> list[Any]:
    if not is_list(value):
        fail(f"{what} must be a list, not {kind_of(value)}")
    return value if isinstance(value, list) else list(value)


def need_map(value: Any, what: str = "the input") -> Any:
    if not is_map(value):
        fail(f"{what} must be a map, not {kind_of(value)}")
    return value
