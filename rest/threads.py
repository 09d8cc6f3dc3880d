"""Database work of async code: a few long-lived threads, each with a connection that it keeps."""

import asyncio
import select
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache, partial
from time import monotonic
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

_P = ParamSpec("_P")
_T = TypeVar("_T")

DEFAULT_THREADS = 8
TRUSTED_SECONDS = 5.0
"""A connection that was used so recently, and is silent, is not asked whether it still lives."""

_mine = threading.local()


async def in_database_thread(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Calls a synchronous function with the caller's context (tenant, actor) in a thread that may
    use the database. With `KESTRA_DATABASE_THREADS = 0` (tests) it is the request's own thread."""
    if not _count():
        return await sync_to_async(function, thread_sensitive=True)(*args, **kwargs)
    work = partial(copy_context().run, _with_own_connection, partial(function, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_pool(_count()), work)


def _count() -> int:
    return int(getattr(settings, "KESTRA_DATABASE_THREADS", DEFAULT_THREADS))


def _with_own_connection(work: Callable[[], _T]) -> _T:
    """Taking a connection from the pool, and telling it its role, cost more than a small query: the
    thread lives as long as the process, and so may its connection."""
    for connection in connections.all(initialized_only=True):
        connection.close_at = None
        connection.close_if_unusable_or_obsolete()  # after an error, or an open transaction
        if not _is_trusted(connection) and not connection.is_usable():
            connection.close()
    try:
        return work()
    finally:
        _mine.used = monotonic()


def _is_trusted(connection: BaseDatabaseWrapper) -> bool:
    """Used moments ago and silent since: a server that speaks unasked says that it is gone."""
    raw = connection.connection
    if connection.vendor != "postgresql" or raw is None:
        return True
    if monotonic() - getattr(_mine, "used", 0.0) > TRUSTED_SECONDS:
        return False
    speaking = select.poll()
    speaking.register(raw.fileno(), select.POLLIN)
    return not speaking.poll(0)


@cache
def _pool(count: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count, thread_name_prefix="database")
