"""The value of a typed render as plain data: dicts, lists and scalars, within the limits."""

from typing import Any

from expressions.context import RenderContext, Walk
from expressions.errors import LimitReached
from expressions.values import MapEntry, is_list, is_map


def to_plain_data(context: RenderContext, value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    try:
        return _plain(value, context.walk())
    except RecursionError as error:
        raise LimitReached("a value is nested too deeply") from error


def _plain(value: Any, walk: Walk) -> Any:
    walk.step()
    if type(value) is MapEntry:
        return {value.key: _plain(value.value, walk)}
    if is_list(value):
        return [_plain(item, walk) for item in value]
    if is_map(value):
        return {key: _plain(item, walk) for key, item in value.items()}
    return value
