"""The live updates of this process, for those who follow executions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from executions.live.contract import Note


class Subscribable(Protocol):
    """Live updates as a reader sees them. Listeners are called from the publisher's thread, must be
    quick and never raise; `subscribe` gives the call that ends it."""

    def subscribe(self, listener: Callable[[Note], None]) -> Callable[[], None]: ...


_current: list[Subscribable] = []


def set_current_live(live: Subscribable | None) -> None:
    """None: nothing is published in this process."""
    _current[:] = [] if live is None else [live]


def current_live() -> Subscribable | None:
    return _current[0] if _current else None
