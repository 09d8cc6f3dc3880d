"""Functions that give something new each time: ids and random numbers."""

import secrets
from typing import Any

from common.ids import new_id
from expressions.arguments import need_integer
from expressions.context import RenderContext, fail
from expressions.signatures import define_function


def random_uuid(context: RenderContext) -> str:
    import uuid

    return str(uuid.uuid4())


def short_id(context: RenderContext) -> str:
    return new_id()


def random_int(context: RenderContext, lower: Any, upper: Any) -> int:
    """`upper` is left out, unless both are equal."""
    low, high = need_integer(lower, "lower"), need_integer(upper, "upper")
    if high < low:
        fail("upper must not be below lower")
    return low if low == high else low + secrets.randbelow(high - low)


FUNCTIONS = (
    define_function("uuid", random_uuid),
    define_function("id", short_id),
    define_function("randomInt", random_int, "lower! upper!"),
)
