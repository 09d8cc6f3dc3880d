"""`+ - * / %`, signs and ranges, by Java's rules: integers divide toward zero, a string on either
side of `+` makes text, lists take and lose items."""

import math
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from expressions.comparison import same
from expressions.context import RenderContext
from expressions.errors import ExpressionError, LimitReached
from expressions.printing import plain
from expressions.secrets_seen import note_derived
from expressions.values import Number, is_integer, is_list, is_number, kind_of


def calculate(context: RenderContext, line: int, first: Any, *rest: Any) -> Any:
    """Operators and operands of one rank, from left to right."""
    value = first
    try:
        for index in range(0, len(rest), 2):
            value = _OPERATORS[rest[index]](context, value, rest[index + 1])
    except ExpressionError as error:
        raise error.locate(context.template.source, line) from None
    return value


def minus(context: RenderContext, line: int, value: Any) -> Any:
    _need_number(context, line, value)
    return -value


def plus(context: RenderContext, line: int, value: Any) -> Any:
    _need_number(context, line, value)
    return value


def _need_number(context: RenderContext, line: int, value: Any) -> None:
    if not is_number(value):
        error = ExpressionError(f"a sign needs a number, not {kind_of(value)}")
        raise error.locate(context.template.source, line)


def _add(context: RenderContext, left: Any, right: Any) -> Any:
    if isinstance(left, str) or isinstance(right, str):
        texts = [plain(context, left), plain(context, right)]
        context.check_length(len(texts[0]) + len(texts[1]))
        joined = "".join(texts)
        note_derived(context, joined, left, right)
        return joined
    if is_list(left):
        added = list(right) if is_list(right) else [right]
        context.check_items(len(left) + len(added))
        return [*left, *added]
    return _numeric(context, "+", left, right, lambda a, b: a + b)


def _subtract(context: RenderContext, left: Any, right: Any) -> Any:
    if not is_list(left):
        return _numeric(context, "-", left, right, lambda a, b: a - b)
    walk = context.long_walk()
    if is_list(right):
        return [item for item in left if not any(same(item, gone, walk) for gone in right)]
    for index, item in enumerate(left):
        if same(item, right, walk):
            return [*left[:index], *left[index + 1 :]]
    return list(left)


def _multiply(context: RenderContext, left: Any, right: Any) -> Any:
    return _numeric(context, "*", left, right, lambda a, b: a * b)


def _divide(context: RenderContext, left: Any, right: Any) -> Any:
    return _numeric(context, "/", left, right, _quotient)


def _remainder(context: RenderContext, left: Any, right: Any) -> Any:
    return _numeric(context, "%", left, right, _rest)


_OPERATORS: dict[str, Callable[[RenderContext, Any, Any], Any]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "%": _remainder,
}


def _numeric(
    context: RenderContext, sign: str, left: Any, right: Any, operation: Callable[[Any, Any], Any]
) -> Number:
    if not is_number(left) or not is_number(right):
        raise ExpressionError(f"'{sign}' needs numbers, not {kind_of(left)} and {kind_of(right)}")
    left, right = _alike(left, right)
    try:
        result: Number = operation(left, right)
    except ZeroDivisionError:
        raise ExpressionError("an integer is divided by zero") from None
    except (OverflowError, InvalidOperation) as error:
        raise ExpressionError(f"'{sign}' gives a number that is too large") from error
    return check_digits(context, result)


def check_digits(context: RenderContext, value: Number) -> Number:
    """Fails for a number with more digits than one render may use."""
    digits = context.limits.digits
    is_large = False
    if isinstance(value, int):
        is_large = value.bit_length() > digits * 10 // 3
    elif isinstance(value, Decimal):
        is_large = value.is_finite() and max(abs(value.adjusted()), len(str(value))) > digits
    if is_large:
        raise LimitReached(f"a number has more than {digits} digits")
    return value


def _alike(left: Number, right: Number) -> tuple[Any, Any]:
    if isinstance(left, Decimal) and isinstance(right, float):
        return left, Decimal(repr(right))
    if isinstance(right, Decimal) and isinstance(left, float):
        return Decimal(repr(left)), right
    return left, right


def _quotient(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        size = abs(left) // abs(right)
        return size if (left < 0) == (right < 0) else -size
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        if not right:
            raise ZeroDivisionError
        return left / right
    if right:
        return left / right
    if not left or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _rest(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        size = abs(left) % abs(right)
        return -size if left < 0 else size
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        if not right:
            raise ZeroDivisionError
        return left % right
    return math.fmod(left, right) if right and not math.isinf(left) else math.nan


def range_of(context: RenderContext, line: int, start: Any, end: Any) -> list[Any]:
    try:
        return make_range(context, start, end, 1)
    except ExpressionError as error:
        raise error.locate(context.template.source, line) from None


def make_range(context: RenderContext, start: Any, end: Any, step: Any) -> list[Any]:
    """Numbers or letters, both ends included."""
    step = 1 if step is None else step
    if not is_integer(step) or step == 0:
        raise ExpressionError("the increment of a range is an integer other than 0")
    if isinstance(start, str) and isinstance(end, str) and len(start) == len(end) == 1:
        return [chr(code) for code in _span(context, ord(start), ord(end), step)]
    if not is_number(start) or not is_number(end):
        raise ExpressionError(
            f"a range goes over integers or single letters, not from {kind_of(start)} "
            f"to {kind_of(end)}"
        )
    try:
        return list(_span(context, int(start), int(end), step))
    except (OverflowError, ValueError):
        raise ExpressionError("a range needs finite numbers") from None


def _span(context: RenderContext, start: int, end: int, step: int) -> range:
    span = range(start, end + (1 if step > 0 else -1), step)
    allowed = context.limits.range_items
    if span and (span[-1] - span[0]) // step >= allowed:
        raise LimitReached(f"a range would hold more than {allowed} items")
    return span
