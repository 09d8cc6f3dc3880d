"""A worker within a process: its two pools of threads, and the doors through which work and kills
come in. Light tasks never wait behind scripts."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from django.db import close_old_connections

from executions.dispatch.contract import WorkItem
from executions.worker.service import Worker

log = logging.getLogger("kestra.worker")

LIGHT_THREADS = 2
# Messages that may wait in this process, by slots: the rest stays with the broker for others.
BACKLOG_FACTOR = 2

Items = Sequence[WorkItem]


def _keep_nothing(bundles: Sequence[Items]) -> None:
    """Where no other worker can have it: the next executor finds it in its rows."""


class WorkerHost:
    """`accept` blocks while too much waits, if `is_bounded`; it is called from one thread for each
    kind of work. `give_back` is told what was accepted and will not be begun, message by
    message."""

    def __init__(
        self,
        worker: Worker,
        *,
        slots: int,
        is_bounded: bool = False,
        give_back: Callable[[Sequence[Items]], None] = _keep_nothing,
    ) -> None:
        self.worker = worker
        self._give_back = give_back
        light_limit = BACKLOG_FACTOR * max(slots, LIGHT_THREADS)
        self._heavy = _Lane("worker", slots, BACKLOG_FACTOR * slots if is_bounded else math.inf)
        self._light = _Lane("light", LIGHT_THREADS, light_limit if is_bounded else math.inf)

    def accept(self, items: Items) -> None:
        lane = self._light if items[0].is_light else self._heavy
        if not lane.accept(items, self.worker.handle):
            self._return([items])

    def kill(self, tokens: Sequence[str]) -> None:
        self.worker.kill(tokens)

    def take_no_more(self) -> None:
        """Gives back what has not begun, and from now on all that comes."""
        self._return([*self._heavy.close(), *self._light.close()])

    def close(self, seconds: float) -> None:
        self.take_no_more()
        self.worker.close(seconds)

    def _return(self, bundles: Sequence[Items]) -> None:
        if not bundles:
            return
        try:
            self._give_back(bundles)
        except Exception as error:
            log.warning(
                "worker: what it had not begun was not given back (%s);"
                " it is sent again when nobody has claimed it for a while",
                error,
            )


class _Lane:
    """A pool of threads, and what waits for one of them: together no more than `limit`."""

    def __init__(self, name: str, threads: int, limit: float) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._limit = limit
        self._changed = threading.Condition()
        self._numbers = count()
        self._waiting: dict[int, Items] = {}
        self._held = 0
        self._is_closed = False

    def accept(self, items: Items, work: Callable[[Items], None]) -> bool:
        """Waits for room. False: it is closed, and has not taken them."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._held < self._limit)
            if self._is_closed:
                return False
            self._held += 1
            number = next(self._numbers)
            self._waiting[number] = items
            self._pool.submit(self._run, number, work)
        return True

    def close(self) -> list[Items]:
        """What waits; nothing of it is begun any more."""
        with self._changed:
            self._is_closed = True
            waiting = list(self._waiting.values())
            self._waiting.clear()
            self._changed.notify_all()
        self._pool.shutdown(wait=False, cancel_futures=True)
        return waiting

    def _run(self, number: int, work: Callable[[Items], None]) -> None:
        with self._changed:
            items = self._waiting.pop(number, None)
        if items is None:
            return  # the lane was closed meanwhile
        try:
            close_old_connections()  # one that broke while this thread was idle
            work(items)
        except Exception:
            # nobody waits for this future; what was not claimed is sent again
            log.exception("worker: a bundle could not be run")
        finally:
            with self._changed:
                self._held -= 1
                self._changed.notify()
