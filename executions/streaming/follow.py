"""An execution as it changes, built once a change for all who follow it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Generic, TypeVar

from common.tenancy import tenant_scope
from executions.streaming.broadcaster import broadcaster
from rest.threads import in_database_thread

SHORTEST_PAUSE = 0.1
"""At most ten states a second."""
_PAUSE_FOR_WORK = 4.0
"""How much longer the pause is than what the last state took to build: large ones come slower."""

_T = TypeVar("_T")


class Channel(Generic[_T]):
    """Reads an execution whenever it has changed, as long as somebody follows it. `read` gives its
    present state and whether that is the last one; it runs in a thread, inside the tenant."""

    def __init__(
        self, tenant: str, execution_id: str, read: Callable[[str], tuple[_T, bool] | None]
    ) -> None:
        self._tenant = tenant
        self._execution_id = execution_id
        self._read = read
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self.followers = 0
        self.number = 0
        self.state: _T | None = None
        self.is_last = False
        self.error: Exception | None = None

    def start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def next_after(self, number: int, *, seconds: float) -> bool:
        """Whether there is something newer than the state of that number, now or within the
        time."""
        async with self._changed:
            try:
                await asyncio.wait_for(
                    self._changed.wait_for(lambda: self.number > number or self.is_last), seconds
                )
            except TimeoutError:
                return False
            return True

    async def _run(self) -> None:
        try:
            with broadcaster.watch(self._execution_id) as watch:
                while not self.is_last:
                    began = time.monotonic()
                    await self._read_once()
                    took = time.monotonic() - began
                    await asyncio.sleep(max(SHORTEST_PAUSE, _PAUSE_FOR_WORK * took))
                    if not self.is_last:
                        await watch.wait()
        except Exception as error:
            self.error = error
            await self._tell(is_last=True)

    async def _read_once(self) -> None:
        with tenant_scope(self._tenant):
            found = await in_database_thread(self._read, self._execution_id)
        if found is None:  # it was deleted
            await self._tell(is_last=True)
            return
        state, is_last = found
        if state != self.state or is_last:
            self.state = state
            self.number += 1
            await self._tell(is_last=is_last)

    async def _tell(self, *, is_last: bool) -> None:
        async with self._changed:
            self.is_last = is_last
            self._changed.notify_all()


class Channels(Generic[_T]):
    """The channels of one kind, by event loop, tenant and execution."""

    def __init__(self, read: Callable[[str], tuple[_T, bool] | None]) -> None:
        self._read = read
        self._open: dict[tuple[int, str, str], Channel[_T]] = {}

    @contextlib.asynccontextmanager
    async def follow(self, tenant: str, execution_id: str) -> AsyncIterator[Channel[_T]]:
        key = (id(asyncio.get_running_loop()), tenant, execution_id)
        channel = self._open.get(key)
        if channel is None or channel.is_last:
            channel = self._open[key] = Channel(tenant, execution_id, self._read)
        channel.followers += 1
        channel.start()
        try:
            yield channel
        finally:
            channel.followers -= 1
            if channel.followers == 0:
                if self._open.get(key) is channel:
                    del self._open[key]
                await channel.stop()
