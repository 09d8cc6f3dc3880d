"""Filters on numbers."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from expressions import java_numbers
from expressions.arguments import need_number, need_string
from expressions.arithmetic import check_digits
from expressions.context import RenderContext, fail
from expressions.signatures import at_first_use, define_filter
from expressions.values import Number

_TYPES: dict[str, Callable[[str], Number]] = {
    "INT": java_numbers.parse_int,
    "LONG": java_numbers.parse_long,
    "FLOAT": java_numbers.parse_double,
    "DOUBLE": java_numbers.parse_double,
    "BIGDECIMAL": java_numbers.parse_decimal,
    "BIGINTEGER": java_numbers.parse_integer,
}


def absolute(context: RenderContext, value: Any) -> Number:
    number = need_number(value)
    return number.copy_abs() if isinstance(number, Decimal) else abs(number)


def to_number(context: RenderContext, value: Any, kind: Any = None) -> Number:
    text = need_string(value)
    if len(text) > context.limits.digits:
        fail(f"a number has at most {context.limits.digits} digits")
    parse = java_numbers.parse_any if kind is None else _TYPES.get(need_string(kind, "the type"))
    if parse is None:
        fail(f"the type of number is one of {', '.join(_TYPES)}")
    return check_digits(context, parse(text))


FILTERS = (
    define_filter("abs", absolute, null_passes=False),
    define_filter("number", to_number, "type"),
    define_filter(
        "numberFormat", at_first_use("expressions.decimal_format", "number_format"), "format"
    ),
)
