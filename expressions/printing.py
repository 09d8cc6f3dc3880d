"""Values as text: what `{{ … }}` prints, Java's plain form inside expressions, compact JSON."""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from expressions.context import RenderContext, Walk
from expressions.errors import ExpressionError, LimitReached
from expressions.java_numbers import decimal_text, double_text
from expressions.values import MapEntry, is_list, is_map

_quoted: Callable[[str], str] = json.JSONEncoder(ensure_ascii=False).encode


def text(context: RenderContext, value: Any) -> str:
    """What printing the value gives."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if is_list(value) or is_map(value):
        return to_json(context, value)
    return plain(context, value)


def join_pieces(context: RenderContext, pieces: Iterable[Any]) -> str:
    """The printed pieces of a template as one text."""
    texts: list[str] = []
    total = 0
    allowed = context.limits.output_length
    for piece in pieces:
        printed = piece if type(piece) is str else text(context, piece)
        total += len(printed)
        if total > allowed:
            raise LimitReached(f"the rendered text would be longer than {allowed} characters")
        texts.append(printed)
    return "".join(texts)


def scalar_text(value: Any) -> str | None:
    """The plain form of what is neither list nor map; None for those."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return double_text(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    return _other_scalar(value)


def _other_scalar(value: Any) -> str | None:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        from common.durations import format_duration

        return format_duration(value)
    if is_list(value) or is_map(value) or type(value) is MapEntry:
        return None
    raise ExpressionError(f"a {type(value).__name__} cannot be printed")


def instant_text(moment: datetime) -> str:
    """ISO 8601 with only the digits of the fraction that are needed, in threes."""
    digits = f"{moment.microsecond:06d}"
    if digits.endswith("000"):
        digits = digits[:3]
    fraction = f".{digits}" if moment.microsecond else ""
    zone = moment.strftime("%z")
    zone = "Z" if zone in ("+0000", "") and moment.tzinfo else f"{zone[:3]}:{zone[3:5]}"
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + fraction + (zone if moment.tzinfo else "")


def plain(context: RenderContext, value: Any) -> str:
    """Java's `toString`: `[a, 1]`, `{a=1}`, `null`."""
    if type(value) is str:
        return value
    scalar = scalar_text(value)
    return scalar if scalar is not None else _Writer(context, _PlainForm).write(value)


def to_json(context: RenderContext, value: Any) -> str:
    """Compact JSON; map entries that are null are left out."""
    return _Writer(context, _JsonForm).write(value)


class _PlainForm:
    separator, colon = ", ", "="
    keeps_null_entries = True

    @staticmethod
    def scalar(value: Any) -> str | None:
        return scalar_text(value)

    @staticmethod
    def key(value: Any) -> str:
        return scalar_text(value) or ""


class _JsonForm:
    separator, colon = ",", ":"
    keeps_null_entries = False

    @staticmethod
    def scalar(value: Any) -> str | None:
        if isinstance(value, str):
            return _quoted(value)
        found = scalar_text(value)
        if isinstance(value, float) and found is not None and not found[-1].isdigit():
            return _quoted(found)
        if value is None or isinstance(value, bool | int | float | Decimal):
            return found
        return found and _quoted(found)

    @staticmethod
    def key(value: Any) -> str:
        return _quoted(scalar_text(value) or "")


class _Writer:
    """Writes nested data piece by piece, so that sizes are seen before they are reached."""

    def __init__(self, context: RenderContext, form: type[_PlainForm] | type[_JsonForm]) -> None:
        self._context = context
        self._form = form
        self._walk: Walk = context.walk()
        self._parts: list[str] = []
        self._length = 0

    def write(self, value: Any) -> str:
        try:
            self._value(value)
        except RecursionError as error:
            raise LimitReached("a value is nested too deeply to be printed") from error
        return "".join(self._parts)

    def _add(self, part: str) -> None:
        self._parts.append(part)
        self._length += len(part)
        self._context.check_length(self._length)

    def _value(self, value: Any) -> None:
        self._walk.step()
        scalar = self._form.scalar(value)
        if scalar is not None:
            self._add(scalar)
        elif is_list(value):
            self._list(value)
        elif type(value) is MapEntry:
            self._entry(value)
        else:
            self._map(value)

    def _list(self, items: Iterable[Any]) -> None:
        self._add("[")
        for index, item in enumerate(items):
            if index:
                self._add(self._form.separator)
            self._value(item)
        self._add("]")

    def _map(self, entries: Any) -> None:
        self._add("{")
        is_first = True
        for key, value in entries.items():
            if value is None and not self._form.keeps_null_entries:
                continue
            if not is_first:
                self._add(self._form.separator)
            is_first = False
            self._add(self._form.key(key))
            self._add(self._form.colon)
            self._value(value)
        self._add("}")

    def _entry(self, entry: MapEntry) -> None:
        if self._form is _JsonForm:
            self._map({entry.key: entry.value})
            return
        self._value(entry.key)
        self._add("=")
        self._value(entry.value)
