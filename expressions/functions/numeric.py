"""Functions on numbers."""

from typing import Any

from expressions.arguments import need_number
from expressions.arithmetic import make_range
from expressions.context import RenderContext
from expressions.signatures import Callee, define_function


def make(context: RenderContext, start: Any, end: Any, increment: Any = None) -> list[Any]:
    return make_range(context, start, end, increment)


def largest(context: RenderContext, *numbers: Any) -> Any:
    return max((need_number(number, "every argument") for number in numbers), default=None)


def smallest(context: RenderContext, *numbers: Any) -> Any:
    return min((need_number(number, "every argument") for number in numbers), default=None)


FUNCTIONS = (
    define_function("range", make, "start! end! increment"),
    Callee("function", "max", largest, is_variadic=True),
    Callee("function", "min", smallest, is_variadic=True),
)
