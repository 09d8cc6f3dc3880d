"""The event bus: carries what the executor should look at. It may lose, repeat or delay: what must
not be lost is a row of the inbox, or is sent again by the worker that holds it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """`body` is JSON, see `executions.messages`."""

    shard: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """A message and the mark by which it is acknowledged."""

    shard: int
    body: bytes
    mark: str


class Bus(ABC):
    """One queue a shard. `publish` and `wake` are thread-safe, the rest belongs to one executor's
    thread."""

    @abstractmethod
    def publish(self, messages: Sequence[Message]) -> None: ...

    @abstractmethod
    def take_over(self, shards: Collection[int]) -> list[Received]:
        """Called when shards are acquired: makes their queues if they are missing, and gives what
        was delivered to the previous owner and never acknowledged."""

    @abstractmethod
    def receive(
        self, shards: Collection[int], *, timeout_seconds: float, limit: int = 500
    ) -> list[Received]:
        """Blocks until there is something, `wake` was called, or the time is over. 0 does not
        block."""

    @abstractmethod
    def acknowledge(self, received: Sequence[Received]) -> None:
        """After the commit, never before."""

    @abstractmethod
    def wake(self) -> None:
        """Ends a `receive` that blocks in another thread."""

    @abstractmethod
    def lost_data(self) -> bool:
        """Whether the queues were emptied since the last call; they are made again."""

    @abstractmethod
    def close(self) -> None: ...
