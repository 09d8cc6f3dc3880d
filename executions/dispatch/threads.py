"""The dispatcher of the embedded server: the worker is in this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from executions.dispatch.contract import Bundle, Dispatcher, WorkItem


class Host(Protocol):
    """The worker's doors."""

    def accept(self, items: Sequence[WorkItem]) -> None: ...
    def kill(self, tokens: Sequence[str]) -> None: ...


class ThreadDispatcher(Dispatcher):
    """`host` is asked for at the first use, because it may start after the executor."""

    def __init__(self, host: Callable[[], Host]) -> None:
        self._host = host

    def send(self, bundles: Sequence[Bundle]) -> None:
        host = self._host()
        for bundle in bundles:
            host.accept(bundle.items)

    def kill(self, tokens: Sequence[str]) -> None:
        self._host().kill(tokens)

    def lost_data(self) -> bool:
        return False

    def close(self) -> None:
        """The host is closed by whoever made it."""
