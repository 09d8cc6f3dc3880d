"""Amazon Ion: values to its text, and its text to values."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from expressions.arguments import need_string
from expressions.context import RenderContext, fail
from expressions.errors import LimitReached
from expressions.java_numbers import double_text
from expressions.printing import instant_text, scalar_text
from expressions.values import MapEntry, is_list, is_map

_SYMBOL = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*\Z", re.ASCII)
_SYSTEM_SYMBOL = re.compile(r"\$\d+\Z", re.ASCII)
_KEYWORDS = frozenset(("null", "true", "false", "nan"))
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')
_NAMED_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0", "\b": "\\b",
    "\f": "\\f", "\v": "\\v", "\a": "\\a",
}  # fmt: skip


def to_ion(context: RenderContext, value: Any) -> str:
    writer = _Writer(context)
    try:
        writer.node(value)
    except RecursionError as error:
        raise LimitReached("a value is nested too deeply to be written as Ion") from error
    return "".join(writer.parts)


class _Writer:
    def __init__(self, context: RenderContext) -> None:
        self.parts: list[str] = []
        self._length = 0
        self._context = context
        self._walk = context.walk()

    def _add(self, part: str) -> None:
        self.parts.append(part)
        self._length += len(part)
        self._context.check_length(self._length)

    def node(self, value: Any) -> None:
        self._walk.step()
        if type(value) is MapEntry:
            value = {value.key: value.value}
        if is_map(value):
            self._map(value)
        elif is_list(value):
            self._list(value)
        else:
            self._add(_scalar(value))

    def _map(self, entries: Any) -> None:
        self._add("{")
        for index, (key, value) in enumerate(entries.items()):
            self._add(("," if index else "") + _field_name(scalar_text(key) or "") + ":")
            self.node(value)
        self._add("}")

    def _list(self, items: Any) -> None:
        self._add("[")
        for index, item in enumerate(items):
            if index:
                self._add(",")
            self.node(item)
        self._add("]")


def _field_name(name: str) -> str:
    if _SYMBOL.match(name) and name not in _KEYWORDS and not _SYSTEM_SYMBOL.match(name):
        return name
    return "'" + _escape(name).replace('\\"', '"').replace("'", "\\'") + "'"


def _escape(text: str) -> str:
    return _ESCAPED.sub(
        lambda found: _NAMED_ESCAPES.get(found.group()) or f"\\x{ord(found.group()):02x}", text
    )


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return f'"{_escape(value)}"'
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text if "." in text else text + "."
    if isinstance(value, datetime):
        return instant_text(value)
    return scalar_text(value) or "null"


def _float(value: float) -> str:
    text = double_text(value)
    if not text[-1].isdigit():
        return {"NaN": "nan", "Infinity": "+inf", "-Infinity": "-inf"}[text]
    return text.replace("E", "e") if "E" in text else text + "e0"


def from_ion(context: RenderContext, text: Any) -> Any:
    return None if text is None else parse_ion(context, need_string(text, "ion"))


def parse_ion(context: RenderContext, text: str) -> Any:
    """The first value of the text as plain data."""
    from amazon.ion import simpleion
    from amazon.ion.exceptions import IonException

    try:
        values = simpleion.loads(text, single_value=False)
    except (IonException, ValueError, TypeError, AttributeError, LookupError) as error:
        return fail(f"the text is not Ion ({type(error).__name__})")
    except RecursionError:
        return fail("the Ion is nested too deeply")
    if not values:
        return fail("the Ion text holds no value")
    return _plain(values[0], context.walk())


def _plain(value: Any, walk: Any) -> Any:
    walk.step()
    if hasattr(value, "items"):
        return {str(key): _plain(item, walk) for key, item in value.items()}
    if isinstance(value, list | tuple) and not hasattr(value, "text"):
        return [_plain(item, walk) for item in value]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    kind = type(value).__name__
    if value is None or kind == "IonPyNull":
        return None
    if kind == "IonPyBool":
        return bool(value)
    if hasattr(value, "text"):
        return str(value.text)
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, datetime):
        return instant_text(value)
    for plain in (str, bool, int, float, Decimal):
        if isinstance(value, plain):
            return plain(value)
    return fail(f"the Ion type {kind} cannot be used in an expression")
