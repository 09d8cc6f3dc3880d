"""Which errors pass by themselves: a database, Redis or internal storage that does not answer
now. What else goes wrong would go wrong again."""

from __future__ import annotations

import sys
from typing import Any

from django.db import InterfaceError, OperationalError

from common.errors import Unavailable

_KNOWN: tuple[type[Exception], ...] = (
    Unavailable,
    OperationalError,
    InterfaceError,
    ConnectionError,
    TimeoutError,
)


def is_transient(error: BaseException) -> bool:
    """Whether the same may succeed in a moment."""
    return isinstance(error, (*_KNOWN, *_redis_errors()))


def _redis_errors() -> tuple[type[Exception], ...]:
    """Only where Redis is used: the embedded server never loads it."""
    redis: Any = sys.modules.get("redis.exceptions")
    return (redis.ConnectionError, redis.TimeoutError) if redis else ()
