"""Waiting for an execution without asking over and over."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from common.tenancy import tenant_scope
from executions.queries.details import ExecutionDetail, present_executions
from executions.streaming.broadcaster import Watch, broadcaster
from plugins.contracts.state import TERMINAL, State
from rest.threads import in_database_thread

_AT_REST = frozenset({*TERMINAL, State.PAUSED})


def watch_new(execution_id: str) -> AbstractContextManager[Watch]:
    """For an execution that is created within: its end can't be missed."""
    return broadcaster.watch(execution_id, until_rest=True)


async def detail_at_rest(watch: Watch, read: Callable[[], ExecutionDetail]) -> ExecutionDetail:
    """The execution once it has ended or paused: as its owner tells, or what `read` gives (in a
    database thread)."""
    while True:
        await watch.wait()
        if watch.content is not None:
            return ExecutionDetail(watch.content.head, watch.content.task_runs)
        detail = await in_database_thread(read)
        if detail.head.state in _AT_REST:
            return detail


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
