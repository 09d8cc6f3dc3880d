"""Waiting for an execution without asking over and over."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from functools import partial

from common.tenancy import tenant_scope
from executions.queries.details import ExecutionDetail, present_executions
from executions.streaming.broadcaster import Watch, broadcaster
from plugins.contracts.state import TERMINAL, State
from rest.threads import in_database_thread, starter

_AT_REST = frozenset({*TERMINAL, State.PAUSED})


def watch_new(execution_id: str) -> AbstractContextManager[Watch]:
    """For an execution that is created within: its end can't be missed."""
    return broadcaster.watch(execution_id, until_rest=True)


async def detail_at_rest(watch: Watch, read: Callable[[], ExecutionDetail]) -> ExecutionDetail:
    """What `read` gives once the execution has ended or paused. The thread that hears of it starts
    the reading, so the event loop is woken once."""
    found: deque[Future[ExecutionDetail]] = deque(maxlen=1)
    start = starter(read)
    if start is not None:
        watch.before_waking = partial(_read_first, start, found)
    while True:
        await watch.wait()
        reading = found.pop() if found else None
        if reading is None:
            detail = await in_database_thread(read)
        elif reading.done():
            detail = reading.result()
        else:  # it takes so long that we look again
            detail = await asyncio.wrap_future(reading)
        if detail.head.state in _AT_REST:
            return detail


def _read_first(
    start: Callable[[], Future[ExecutionDetail]],
    found: deque[Future[ExecutionDetail]],
    wake: Callable[[], None],
) -> None:
    future = start()
    found.append(future)
    future.add_done_callback(lambda _: wake())


async def wait_until_there(tenant: str, execution_id: str, *, seconds: float) -> bool:
    """Whether the execution exists, now or within that time."""
    with broadcaster.watch(execution_id) as watch:
        if await _exists(tenant, execution_id):
            return True
        await watch.wait(seconds)
        return await _exists(tenant, execution_id)


async def _exists(tenant: str, execution_id: str) -> bool:
    with tenant_scope(tenant):
        return await in_database_thread(present_executions().filter(public_id=execution_id).exists)
