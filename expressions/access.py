"""Reading variables, attributes and subscripts: map keys, list indexes, a loop's map entries and
three harmless methods. Nothing of Python's is reachable."""

from typing import Any

from expressions.context import RenderContext
from expressions.errors import ExpressionError
from expressions.values import MapEntry, is_integer, is_list, is_map, is_number, kind_of

_MISSING = object()
_ENTRY_FIELDS = frozenset(("key", "value"))


def path(context: RenderContext, line: int, name: str, *keys: str) -> Any:
    try:
        value = context.variable(name) if context.frames else context.scope[name]
    except KeyError:
        context.undefined(name, line)
    if keys and value is None:
        context.undefined(name, line)
    for key in keys:
        value = value.get(key, _MISSING) if type(value) is dict else _attribute(value, key)
        if value is _MISSING:
            context.undefined(key, line)
    return value


def named_attribute(context: RenderContext, line: int, base: Any, name: str) -> Any:
    value = _attribute(base, name)
    if value is _MISSING:
        context.undefined(name, line)
    return value


def subscript(context: RenderContext, line: int, base: Any, key: Any) -> Any:
    if isinstance(key, str):
        value = _attribute(base, key)
    elif is_list(base):
        value = _item(base, key)
    elif is_map(base) and key is not None:
        value = _numbered(base, key, line, context)
    else:
        value = _MISSING
    if value is _MISSING:
        context.undefined(_key_text(key), line)
    return value


def method(context: RenderContext, line: int, base: Any, name: str) -> Any:
    if name in ("size", "length", "isEmpty") and (
        is_list(base) or is_map(base) or isinstance(base, str)
    ):
        return not base if name == "isEmpty" else len(base)
    if base is None:
        context.undefined(name, line)
    message = f"{kind_of(base)} has no method '{name}'; use a filter"
    raise ExpressionError(message).locate(context.template.source, line)


def _attribute(base: Any, name: str) -> Any:
    if is_map(base):
        try:
            return base[name]
        except KeyError:
            return _MISSING
    if is_list(base):
        return _item(base, int(name)) if name.isascii() and name.isdigit() else _MISSING
    if type(base) is MapEntry and name in _ENTRY_FIELDS:
        return base.key if name == "key" else base.value
    return _MISSING


def _item(base: Any, index: Any) -> Any:
    if is_integer(index) and 0 <= index < len(base):
        return base[index]
    return _MISSING


def _numbered(base: Any, key: Any, line: int, context: RenderContext) -> Any:
    """A map's value under a key that is no string; only literal maps have such keys."""
    if not is_number(key) and type(key) is not bool:
        return _MISSING
    try:
        return base[key]
    except KeyError:
        if is_number(key) and any(isinstance(known, str) for known in base):
            message = f"a number cannot be looked up in a map whose keys are strings: use ['{key}']"
            raise ExpressionError(message).locate(context.template.source, line) from None
        return _MISSING


def _key_text(key: Any) -> str:
    if key is None:
        return "null"
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key) if is_number(key) else kind_of(key)
