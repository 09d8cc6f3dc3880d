"""Server-sent events: an execution, its log, and what is related to it, as they change."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

from django.http import HttpRequest

from common import json
from common.tenancy import current_tenant, tenant_scope
from executions.api.access import flag
from executions.api.filters import LogFilters
from executions.api.serializers import execution_shape, log_shape, state_shape
from executions.errors import ExecutionNotFound
from executions.models import Execution
from executions.queries.details import detail_of, get_execution, head_of_row, present_executions
from executions.queries.outputs import with_stored_outputs
from executions.queries.related import related_executions
from executions.streaming.broadcaster import broadcaster
from executions.streaming.events import (
    END,
    KEEP_ALIVE,
    KEEP_ALIVE_SECONDS,
    PROGRESS,
    EventStream,
    Pass,
    frame,
)
from executions.streaming.follow import SHORTEST_PAUSE, Channels
from executions.streaming.loglines import LogReader
from executions.streaming.waiting import wait_until_there
from plugins.contracts.state import TERMINAL
from rbac.queries import visible_namespaces
from rest.endpoints import Operation, endpoint
from rest.gate import actor_of
from rest.permissions import Permission
from rest.threads import in_database_thread

APPEAR_SECONDS = 10.0
_EMPTY = b"{}"
_FOLLOW = Permission("EXECUTION", ("FOLLOW",))
_READ_LOGS = Permission("EXECUTION", ("ACCESS_LOGS",))
_STREAM: dict[str, Any] = {"200": {"description": "Events", "content": {"text/event-stream": {}}}}


def _operation(name: str, summary: str) -> Operation:
    return Operation(name, summary, responses=_STREAM)


def _read_execution(execution_id: str) -> tuple[bytes, bool] | None:
    row = present_executions().filter(public_id=execution_id).first()
    if row is None:
        return None
    detail = with_stored_outputs(detail_of(row))
    return json.dump_bytes(execution_shape(detail)), detail.is_settled


_channels = Channels(_read_execution)


async def _found(
    request: HttpRequest, execution_id: str, permission: Permission = _FOLLOW
) -> tuple[Execution, Pass]:
    """Raises ExecutionNotFound if it does not appear soon, and Forbidden."""
    tenant = current_tenant()
    if not await wait_until_there(tenant, execution_id, seconds=APPEAR_SECONDS):
        raise ExecutionNotFound(f"Execution '{execution_id[:40]}' does not exist")
    row = await in_database_thread(get_execution, execution_id)
    permit = Pass(request, permission, row.namespace)
    await permit.check()
    return row, permit


@endpoint(
    "EXECUTION", "FOLLOW", operation=_operation("followExecution", "The execution at each change")
)
async def follow_execution(request: HttpRequest, execution_id: str, **_: Any) -> EventStream:
    row, permit = await _found(request, execution_id)
    return EventStream(_execution_frames(row.tenant, row.public_id, permit))


async def _execution_frames(tenant: str, execution_id: str, permit: Pass) -> AsyncIterator[bytes]:
    """No tenant is entered across a `yield`: a generator may be closed from another context."""
    async with _channels.follow(tenant, execution_id) as channel:
        seen = 0
        silent_since = time.monotonic()
        while await permit.holds():
            if await channel.next_after(seen, seconds=permit.seconds_left):
                if channel.error is not None:
                    raise channel.error
                seen, state, is_last = channel.number, channel.state, channel.is_last
                silent_since = time.monotonic()
                yield frame(END if is_last else PROGRESS, state or _EMPTY)
                if is_last:
                    return
            elif time.monotonic() - silent_since > KEEP_ALIVE_SECONDS:
                silent_since = time.monotonic()
                yield KEEP_ALIVE


@endpoint(
    "EXECUTION",
    "ACCESS_LOGS",
    operation=_operation("followLogsFromExecution", "The log lines so far, then those that come"),
)
async def follow_logs(request: HttpRequest, execution_id: str, **_: Any) -> EventStream:
    condition = LogFilters.condition(LogFilters.read(request.GET))
    row, permit = await _found(request, execution_id, _READ_LOGS)
    return EventStream(_log_frames(row.tenant, LogReader(row, condition), permit))


async def _log_frames(tenant: str, reader: LogReader, permit: Pass) -> AsyncIterator[bytes]:
    with broadcaster.watch(reader.execution_id) as watch:
        silent_since = time.monotonic()
        while await permit.holds():
            # whether it has ended is asked before its lines are: none is left behind
            with tenant_scope(tenant):
                is_over = await in_database_thread(reader.is_over)
                rows = await in_database_thread(reader.read_new)
            for row in rows:
                yield frame(PROGRESS, json.dump_bytes(log_shape(row)))
            if is_over and not rows:
                yield frame(END)
                return
            if rows:
                silent_since = time.monotonic()
            elif time.monotonic() - silent_since > KEEP_ALIVE_SECONDS:
                silent_since = time.monotonic()
                yield frame(PROGRESS, _EMPTY)
            if not is_over and not reader.has_more:
                await watch.pause(SHORTEST_PAUSE, at_most=permit.seconds_left)


@endpoint(
    "EXECUTION",
    "FOLLOW",
    operation=_operation("followDependenciesExecutions", "The states of related executions"),
)
async def follow_dependencies(request: HttpRequest, execution_id: str, **_: Any) -> EventStream:
    row, permit = await _found(request, execution_id)
    relations = _Relations(request, row)
    return EventStream(_dependency_frames(relations, permit))


class _Relations:
    """The execution and those related to it that the caller may see."""

    def __init__(self, request: HttpRequest, row: Execution) -> None:
        self.row = row
        self._actor = actor_of(request)
        self._only_after = flag(request.GET, "destinationOnly")
        self._expands = flag(request.GET, "expandAll")

    def read(self) -> list[Execution]:
        found = related_executions(self.row, only_after=self._only_after, expand_all=self._expands)
        reach = visible_namespaces(self._actor, "EXECUTION", "FOLLOW", self.row.tenant)
        return [each for each in found if reach.covers(each.namespace)]


async def _dependency_frames(relations: _Relations, permit: Pass) -> AsyncIterator[bytes]:
    tenant, own_id = relations.row.tenant, relations.row.public_id
    told: dict[str, str] = {}
    with broadcaster.watch(own_id) as watch:
        while await permit.holds():
            with tenant_scope(tenant):
                rows = await in_database_thread(relations.read)
            broadcaster.add(watch, [row.public_id for row in rows])
            own = next((row for row in rows if row.public_id == own_id), None)
            for row in rows:
                if row is not own and told.get(row.public_id) != row.state:
                    told[row.public_id] = row.state
                    yield frame(PROGRESS, _status(row))
            is_over = own is None or all(row.state in TERMINAL for row in rows)
            if own is not None and (is_over or told.get(own_id) != own.state):
                told[own_id] = own.state
                yield frame(END if is_over else PROGRESS, _status(own))
            if is_over:
                return
            await watch.pause(SHORTEST_PAUSE, at_most=permit.seconds_left)


def _status(row: Execution) -> bytes:
    head = head_of_row(row)
    return json.dump_bytes(
        {
            "executionId": head.id,
            "tenantId": head.tenant,
            "namespace": head.namespace,
            "flowId": head.flow_id,
            "state": state_shape(head.state, head.history),
        }
    )
