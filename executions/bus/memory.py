"""The bus of the embedded server: one `SimpleQueue`, one executor, nothing to acknowledge."""

from __future__ import annotations

import queue
from collections.abc import Collection, Sequence

from executions.bus.contract import Bus, Message, Received


class MemoryBus(Bus):
    """What it loses with the process is read again from the inbox."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Received | None] = queue.SimpleQueue()

    def publish(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self._queue.put(Received(message.shard, message.body, ""))

    def take_over(self, shards: Collection[int]) -> list[Received]:
        return []

    def receive(
        self, shards: Collection[int], *, timeout_seconds: float, limit: int = 500
    ) -> list[Received]:
        found: list[Received] = []
        try:
            first = (
                self._queue.get(timeout=timeout_seconds)
                if timeout_seconds > 0
                else self._queue.get_nowait()
            )
            while True:
                if first is not None:  # None only wakes
                    found.append(first)
                if len(found) >= limit:
                    break
                first = self._queue.get_nowait()
        except queue.Empty:
            pass
        return found

    def acknowledge(self, received: Sequence[Received]) -> None:
        """Nothing to do: a received message is gone."""

    def wake(self) -> None:
        self._queue.put(None)

    def lost_data(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing to close."""
