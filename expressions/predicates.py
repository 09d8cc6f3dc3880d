"""The tests after `is`, other than `defined`, which looks before it evaluates."""

from typing import Any

from expressions.context import RenderContext, fail
from expressions.errors import ExpressionError
from expressions.json_text import parse_json
from expressions.signatures import Callee, by_name, define_test
from expressions.values import is_integer, is_list, is_map, kind_of


def is_null(context: RenderContext, value: Any) -> bool:
    return value is None


def is_empty(context: RenderContext, value: Any) -> bool:
    """Null, a blank string, an empty list or map; never a number or boolean."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    return (is_list(value) or is_map(value)) and len(value) == 0


def is_even(context: RenderContext, value: Any) -> bool:
    if not is_integer(value):
        fail(f"'even' and 'odd' test integers, not {kind_of(value)}")
    return bool(value % 2 == 0)


def is_odd(context: RenderContext, value: Any) -> bool:
    return not is_even(context, value)


def tests_map(context: RenderContext, value: Any) -> bool:
    return is_map(value)


def tests_iterable(context: RenderContext, value: Any) -> bool:
    return is_list(value)


def is_json(context: RenderContext, value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parse_json(value)
    except ExpressionError:
        return False
    return True


def is_defined(context: RenderContext, value: Any) -> bool:
    return value is not None


TESTS: dict[str, Callee] = by_name(
    (
        define_test("defined", is_defined),
        define_test("null", is_null),
        define_test("empty", is_empty),
        define_test("even", is_even),
        define_test("odd", is_odd),
        define_test("map", tests_map),
        define_test("iterable", tests_iterable),
        define_test("json", is_json),
    )
)
