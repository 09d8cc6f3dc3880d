"""Ion text of the key-value store, as JSON has it. Imported at first use: Ion is costly to load,
and most values are JSON."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from amazon.ion import simpleion
from amazon.ion.exceptions import IonException
from amazon.ion.simple_types import IonPyNull, IonPySymbol

from tenants.errors import ValueInvalid


def read_ion(text: str) -> Any:
    """Raises ValueInvalid unless it is a single value that JSON can hold, or an instant."""
    try:
        return _plain(simpleion.loads(text))
    except (IonException, ValueError, ArithmeticError, TypeError) as error:
        raise ValueInvalid(
            "The value is neither JSON nor a single Ion value; write text in double quotes"
        ) from error


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, IonPyNull):
        return None
    if isinstance(value, IonPySymbol):
        return value.text
    if isinstance(value, bool | str | datetime | int | float | Decimal):
        return _plain_scalar(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise ValueInvalid("The value holds binary data, which a key cannot hold")


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, datetime):
        return datetime.fromisoformat(value.isoformat())
    for kind in (bool, str, int, float):
        if isinstance(value, kind):
            return kind(value)
    return int(value) if value == value.to_integral_value() and abs(value) < 2**63 else float(value)
