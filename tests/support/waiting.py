"""Waiting for what other threads do, with a deadline instead of a sleep."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")

# Long enough for a busy machine; only a test that fails waits so long.
DEADLINE = 30.0


def in_thread(call: Callable[[], T]) -> "Future[T]":
    """The call under way in a thread of its own; `.result(DEADLINE)` is its answer."""
    future: Future[T] = Future()

    def work() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return future


def wait_for(condition: Callable[[], T], what: str = "it") -> T:
    """Asks again until the answer is true, and gives it."""
    pause = threading.Event()
    for _ in range(int(DEADLINE / 0.01)):
        found = condition()
        if found:
            return found
        pause.wait(0.01)
    raise AssertionError(f"waited {DEADLINE} s for {what}")
