"""One subscription a process to live updates; wakes those who watch an execution, on their own
event loops. Live updates may get lost, so whoever waits also looks again after a while."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from executions.live.contract import Note
from executions.live.current import Subscribable, current_live
from executions.live.snapshot import Snapshot, from_map
from plugins.contracts.state import State

LOOK_AGAIN_SECONDS = 5.0
"""A safety net: what has changed is told at once."""


class Watch:
    """Set when one of the watched executions has changed since the last `wait`; with
    `until_rest` only when it has ended or paused."""

    def __init__(self, ids: Iterable[str], *, until_rest: bool = False) -> None:
        self.ids = set(ids)
        self._until_rest = until_rest
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()
        self.content: Snapshot | None = None
        """The execution at rest, if it came with what woke."""

    def wants(self, note: Note) -> bool:
        return not self._until_rest or note.kind == "end" or note.detail == State.PAUSED

    def wake(self, note: Note) -> None:
        """From any thread."""
        content = note.content
        self.content = from_map(content) if isinstance(content, dict) else content
        with suppress(RuntimeError):  # the loop was closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, seconds: float = LOOK_AGAIN_SECONDS) -> bool:
        """Whether something has changed; False when the time is over."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        self._event.clear()
        return True

    async def pause(self, shortest: float, *, at_most: float) -> None:
        """Until something has changed, but no less than `shortest` and about `at_most` seconds."""
        await asyncio.sleep(shortest)
        await self.wait(min(LOOK_AGAIN_SECONDS, at_most))


class Broadcaster:
    """Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watches: dict[str, set[Watch]] = {}
        self._source: Subscribable | None = None
        self._leave: Callable[[], None] = lambda: None

    @contextmanager
    def watch(self, *ids: str, until_rest: bool = False) -> Iterator[Watch]:
        """Look at the database after this was entered: what changes from then on is told."""
        watch = Watch(ids, until_rest=until_rest)
        self._subscribe()
        self.add(watch, ids)
        try:
            yield watch
        finally:
            self._remove(watch)

    def add(self, watch: Watch, ids: Iterable[str]) -> None:
        """Executions that are to be watched, too."""
        with self._lock:
            for key in ids:
                watch.ids.add(key)
                self._watches.setdefault(key, set()).add(watch)

    def _remove(self, watch: Watch) -> None:
        with self._lock:
            for key in watch.ids:
                found = self._watches.get(key, set())
                found.discard(watch)
                if not found:
                    self._watches.pop(key, None)

    def _subscribe(self) -> None:
        live = current_live()
        with self._lock:
            if live is self._source:
                return
            self._leave()
            self._source = live
            self._leave = live.subscribe(self._hear) if live is not None else lambda: None

    def _hear(self, note: Note) -> None:
        with self._lock:
            watches = list(self._watches.get(note.execution_id, ()))
        for watch in watches:
            if watch.wants(note):
                watch.wake(note)


broadcaster = Broadcaster()
