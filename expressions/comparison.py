"""Equality, order, membership and conditions."""

from typing import Any

from expressions.context import RenderContext, Walk
from expressions.errors import ExpressionError
from expressions.printing import plain
from expressions.values import is_list, is_map, is_number, kind_of


def equal(context: RenderContext, line: int, left: Any, right: Any) -> bool:
    return is_equal(context, left, right)


def not_equal(context: RenderContext, line: int, left: Any, right: Any) -> bool:
    return not is_equal(context, left, right)


def is_equal(context: RenderContext, left: Any, right: Any) -> bool:
    """Numbers by value, all else by type and value, to any depth."""
    if type(left) is str:
        return isinstance(right, str) and left == right
    return same(left, right, context.walk())


def same(left: Any, right: Any, walk: Walk) -> bool:
    walk.step()
    if left is right:
        return True
    if is_number(left):
        return is_number(right) and bool(left == right)
    if is_list(left):
        return (
            is_list(right)
            and len(left) == len(right)
            and all(same(a, b, walk) for a, b in zip(left, right, strict=True))
        )
    if is_map(left):
        return (
            is_map(right)
            and len(left) == len(right)
            and all(key in right and same(left[key], right[key], walk) for key in left)
        )
    return type(left) is type(right) and bool(left == right)


def less(context: RenderContext, line: int, left: Any, right: Any) -> bool:
    return _are_ordered(context, line, "<", left, right) and bool(left < right)


def greater(context: RenderContext, line: int, left: Any, right: Any) -> bool:
    return _are_ordered(context, line, ">", left, right) and bool(left > right)


def at_most(context: RenderContext, line: int, left: Any, right: Any) -> bool:
    return _are_ordered(context, line, "<=", left, right) and bool(left <= right)


def at_least(context: RenderContext, line: int, left: Any, right: Any) -> bool:
    return _are_ordered(context, line, ">=", left, right) and bool(left >= right)


def _are_ordered(context: RenderContext, line: int, sign: str, left: Any, right: Any) -> bool:
    if left is None or right is None:
        return False
    if is_number(left) and is_number(right):
        return True
    error = ExpressionError(f"'{sign}' compares numbers, not {kind_of(left)} and {kind_of(right)}")
    raise error.locate(context.template.source, line)


def contains(context: RenderContext, line: int, left: Any, right: Any) -> bool:
    if left is None:
        return False
    if is_list(left):
        wanted = right if is_list(right) else [right]
        walk = context.long_walk()
        return all(any(same(item, want, walk) for item in left) for want in wanted)
    if is_map(left):
        return not is_list(right) and not is_map(right) and right in left
    if isinstance(left, str):
        return plain(context, right) in left
    error = ExpressionError(f"'contains' looks into lists, maps and strings, not {kind_of(left)}")
    raise error.locate(context.template.source, line)


def truth(context: RenderContext, line: int, value: Any) -> bool:
    """A condition of `if`, `and`, `or`, `not`."""
    if value is True or value is False:
        return bool(value)
    if isinstance(value, str) or is_number(value):
        return bool(value)
    error = ExpressionError(f"a condition is a boolean, number or string, not {kind_of(value)}")
    raise error.locate(context.template.source, line)


def choice(context: RenderContext, line: int, value: Any) -> bool:
    """The condition of a ternary: null is false."""
    return value is not None and truth(context, line, value)


def negate(context: RenderContext, line: int, value: Any) -> bool:
    return not truth(context, line, value)
