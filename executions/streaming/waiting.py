"""Waiting for an execution without asking over and over."""

from __future__ import annotations

from common.tenancy import tenant_scope
from executions.queries.details import present_executions
from executions.streaming.broadcaster import broadcaster
from plugins.contracts.state import TERMINAL, State
from rest.threads import in_database_thread

_AT_REST = frozenset({*TERMINAL, State.PAUSED})


async def wait_until_at_rest(tenant: str, execution_id: str) -> None:
    """Returns when the execution has ended or paused, or is gone."""
    with broadcaster.watch(execution_id, until_rest=True) as watch:
        while await state_of(tenant, execution_id) not in (*_AT_REST, None):
            await watch.wait()


async def wait_until_there(tenant: str, execution_id: str, *, seconds: float) -> bool:
    """Whether the execution exists, now or within that time."""
    with broadcaster.watch(execution_id) as watch:
        if await state_of(tenant, execution_id) is not None:
            return True
        await watch.wait(seconds)
        return await state_of(tenant, execution_id) is not None


async def state_of(tenant: str, execution_id: str) -> str | None:
    with tenant_scope(tenant):
        return await in_database_thread(_state, execution_id)


def _state(execution_id: str) -> str | None:
    rows = present_executions().filter(public_id=execution_id)
    return rows.values_list("state", flat=True).first()
