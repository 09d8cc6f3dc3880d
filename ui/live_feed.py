"""What changes in an execution, read and written down once for all pages that show it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any

from common import json
from common.tenancy import tenant_scope
from executions.models import Execution
from executions.queries.details import present_executions
from executions.queries.logs import logs_of
from executions.queries.task_states import RunState, changed_runs
from executions.streaming.broadcaster import broadcaster
from plugins.contracts.state import TERMINAL
from rest.threads import in_database_thread
from ui.executions.data import run_shape

SHORTEST_PAUSE = 0.1
"""At most ten messages a second."""
_PAUSE_FOR_WORK = 4.0
"""How much longer the pause is than what the last reading took."""
_KEPT_MESSAGES = 100
"""A page that reads more slowly is told instead that everything has changed."""
EVERYTHING = b'{"changed":["state","tasks","logs"],"state":"","runs":[],"settled":false}'
Message = bytes | Exception | None
"""None is the end, an exception a failure to read."""


@dataclass(slots=True)
class Seen:
    """What was told so far."""

    state: str = ""
    labels: Any = None
    last_seq: int = -1
    open_runs: dict[int, RunState] = field(default_factory=dict)
    newest_line: tuple[Any, ...] | None = None


def read_changes(execution_id: str, seen: Seen) -> tuple[bytes | None, bool]:
    """A message with what is new since, or None; and whether it was the last one. At most three
    queries of few rows: of task runs those that had not ended, and those that are new."""
    row = present_executions().filter(public_id=execution_id).first()
    if row is None:
        return _message(["state"], "", (), is_settled=True), True
    changed = []
    if (row.state, row.labels) != (seen.state, seen.labels):
        seen.state, seen.labels = row.state, row.labels
        changed.append("state")
    runs = _new_runs(row, seen)
    if runs:
        changed.append("tasks")
    newest = logs_of(row).order_by("-timestamp", "-pk").values_list("timestamp", "pk").first()
    if newest != seen.newest_line:
        seen.newest_line = newest
        changed.append("logs")
    is_settled = row.state in TERMINAL and not row.is_open
    if is_settled:  # what came late, or was missed, is read again by whoever shows it
        changed = ["state", "tasks", "logs"]
    if not changed:
        return None, False
    return _message(changed, row.state, runs, is_settled=is_settled), is_settled


def _new_runs(row: Execution, seen: Seen) -> list[RunState]:
    found = changed_runs(row, open_seqs=list(seen.open_runs), last=seen.last_seq)
    changed = [run for run in found if seen.open_runs.get(run.seq) != run]
    for run in found:
        seen.last_seq = max(seen.last_seq, run.seq)
        if run.is_ended:
            seen.open_runs.pop(run.seq, None)
        else:
            seen.open_runs[run.seq] = run
    return changed


def _message(
    changed: list[str], state: str, runs: Iterable[RunState], *, is_settled: bool
) -> bytes:
    return json.dump_bytes(
        {
            "changed": changed,
            "state": state,
            "runs": [run_shape(run) for run in runs],
            "settled": is_settled,
        }
    )


class Feed:
    """Reads one execution whenever it has changed, as long as somebody listens."""

    def __init__(self, tenant: str, execution_id: str) -> None:
        self._tenant, self._execution_id = tenant, execution_id
        self._task: asyncio.Task[None] | None = None
        self.listeners: set[asyncio.Queue[Message]] = set()
        self.is_over = False
        self.is_ready = asyncio.Event()

    def start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        end: Message = None
        try:
            await self._follow()
        except Exception as error:
            end = error
        finally:
            self.is_over = True
            self.is_ready.set()
            for queue in self.listeners:
                queue.put_nowait(end)

    async def _follow(self) -> None:
        seen = Seen()
        with broadcaster.watch(self._execution_id) as watch:
            while True:
                began = time.monotonic()
                with tenant_scope(self._tenant):
                    work = in_database_thread(read_changes, self._execution_id, seen)
                    message, is_last = await work
                # what there is at the beginning every page fetches by itself
                if message is not None and (self.is_ready.is_set() or is_last):
                    self._tell(message)
                if is_last:
                    return
                self.is_ready.set()
                took = time.monotonic() - began
                await asyncio.sleep(max(SHORTEST_PAUSE, _PAUSE_FOR_WORK * took))
                await watch.wait()

    def _tell(self, message: bytes) -> None:
        for queue in self.listeners:
            is_behind = queue.qsize() >= _KEPT_MESSAGES
            while is_behind and not queue.empty():
                queue.get_nowait()
            queue.put_nowait(EVERYTHING if is_behind else message)


_open: dict[tuple[int, str, str], Feed] = {}


@contextlib.asynccontextmanager
async def follow(tenant: str, execution_id: str) -> AsyncIterator[asyncio.Queue[Message]]:
    """A queue of what changes from now on."""
    key = (id(asyncio.get_running_loop()), tenant, execution_id)
    feed = _open.get(key)
    if feed is None or feed.is_over:
        feed = _open[key] = Feed(tenant, execution_id)
    queue: asyncio.Queue[Message] = asyncio.Queue()
    feed.listeners.add(queue)
    feed.start()
    try:
        await feed.is_ready.wait()
        yield queue
    finally:
        feed.listeners.discard(queue)
        if not feed.listeners:
            if _open.get(key) is feed:
                del _open[key]
            await feed.stop()
