"""Live updates within one process: listeners are called at once, from the publisher's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from executions.live.contract import LiveUpdates, Note

Listener = Callable[[Note], None]


class MemoryLiveUpdates(LiveUpdates):
    """Listeners must be quick and never raise; `subscribe` gives the call that ends it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: tuple[Listener, ...] = ()

    def publish(self, notes: Sequence[Note]) -> None:
        for listener in self._listeners:
            for note in notes:
                listener(note)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def leave() -> None:
            with self._lock:
                self._listeners = tuple(item for item in self._listeners if item is not listener)

        return leave

    def close(self) -> None:
        self._listeners = ()
