"""Database work of async code: a few long-lived threads, so that connections are reused."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache, partial
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections

_P = ParamSpec("_P")
_T = TypeVar("_T")

DEFAULT_THREADS = 8


async def in_database_thread(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Calls a synchronous function with the caller's context (tenant, actor) in a thread that may
    use the database. With `KESTRA_DATABASE_THREADS = 0` (tests) it is the request's own thread."""
    count = getattr(settings, "KESTRA_DATABASE_THREADS", DEFAULT_THREADS)
    if not count:
        return await sync_to_async(function, thread_sensitive=True)(*args, **kwargs)
    work = partial(copy_context().run, _with_fresh_connection, partial(function, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_pool(count), work)


def _with_fresh_connection(work: Callable[[], _T]) -> _T:
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()


@cache
def _pool(count: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count, thread_name_prefix="database")
