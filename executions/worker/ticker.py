"""Calls at a time: one thread with a heap, for time-outs, graces and late notices."""

from __future__ import annotations

import heapq
import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

log = logging.getLogger("kestra.worker")


@dataclass(order=True, slots=True)
class Call:
    """Cancelled by `cancel`; what is due is called once."""

    due: float
    number: int
    action: Callable[[], None] | None = field(compare=False)

    def cancel(self) -> None:
        self.action = None


class Ticker:
    """Actions are short: they run one after another in the ticker's thread."""

    def __init__(self) -> None:
        self._heap: list[Call] = []
        self._condition = threading.Condition()
        self._number = 0
        # When the thread looks at the heap again. Most calls are cancelled before they are due: it
        # is woken only for one that comes before that.
        self._looks_at = math.inf
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)
        self._thread.start()

    def after(self, seconds: float, action: Callable[[], None]) -> Call:
        with self._condition:
            self._number += 1
            call = Call(time.monotonic() + seconds, self._number, action)
            heapq.heappush(self._heap, call)
            if call.due < self._looks_at:
                self._looks_at = call.due
                self._condition.notify()
            return call

    def close(self) -> None:
        with self._condition:
            self._is_closed = True
            self._condition.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            call = self._next()
            if call is None:
                return
            action = call.action
            if action is None:
                continue
            try:
                action()
            except Exception:
                log.exception("worker: a timed call failed")

    def _next(self) -> Call | None:
        with self._condition:
            while not self._is_closed:
                wait = self._looks_at - time.monotonic()
                if wait > 0:
                    self._condition.wait(None if wait == math.inf else wait)
                    continue
                while self._heap and self._heap[0].action is None:
                    heapq.heappop(self._heap)
                self._looks_at = self._heap[0].due if self._heap else math.inf
                if self._looks_at <= time.monotonic():
                    return heapq.heappop(self._heap)
            return None
