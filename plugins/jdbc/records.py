"""Rows of a query as outputs (plain JSON values) and as a file of Ion records, one a line."""

import base64
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, BinaryIO

from common.durations import format_duration

_KEPT = (str, bool, int, float, Decimal, datetime)


def plain_row(names: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    """A row with values that have a JSON form."""
    return {name: _plain(value) for name, value in zip(names, row, strict=True)}


class IonRecords:
    """Writes rows to a stream; counts them."""

    def __init__(self, target: BinaryIO) -> None:
        from amazon.ion import core, simpleion

        self._dumps = simpleion.dumps
        self._timestamp = core.Timestamp
        self._day = core.TimestampPrecision.DAY
        self._target = target
        self.count = 0

    def write(self, names: Sequence[str], row: Sequence[Any]) -> None:
        record = {name: self._value(value) for name, value in zip(names, row, strict=True)}
        text = self._dumps(record, binary=False, omit_version_marker=True)
        self._target.write(text.encode() + b"\n")
        self.count += 1

    def _value(self, value: Any) -> Any:
        """Ion has dates, moments, decimals and bytes of its own; all else as in outputs."""
        if isinstance(value, bytes):
            return value
        if isinstance(value, date) and not isinstance(value, datetime):
            return self._timestamp(value.year, value.month, value.day, precision=self._day)
        if isinstance(value, list | tuple):
            return [self._value(item) for item in value]
        if isinstance(value, Mapping):
            return {str(key): self._value(item) for key, item in value.items()}
        return _plain(value)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, _KEPT):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return str(value)
