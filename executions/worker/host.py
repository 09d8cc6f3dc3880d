"""A worker within a process: its two pools of threads, and the doors through which work and kills
come in. Light tasks never wait behind scripts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from executions.dispatch.contract import WorkItem
from executions.worker.service import Worker

log = logging.getLogger("kestra.worker")

LIGHT_THREADS = 2
# Messages that may wait in this process, by slots: the rest stays with the broker for others.
BACKLOG_FACTOR = 2


class WorkerHost:
    """`accept` blocks while too much waits, if `is_bounded`; it is called from one thread."""

    def __init__(self, worker: Worker, *, slots: int, is_bounded: bool = False) -> None:
        self.worker = worker
        self._heavy = ThreadPoolExecutor(slots, thread_name_prefix="worker")
        self._light = ThreadPoolExecutor(LIGHT_THREADS, thread_name_prefix="light")
        self._is_bounded = is_bounded
        self._room = {
            True: threading.BoundedSemaphore(BACKLOG_FACTOR * max(slots, LIGHT_THREADS)),
            False: threading.BoundedSemaphore(BACKLOG_FACTOR * slots),
        }

    def accept(self, items: Sequence[WorkItem]) -> None:
        is_light = items[0].is_light
        if self._is_bounded:
            self._room[is_light].acquire()
        pool = self._light if is_light else self._heavy
        pool.submit(self._work, items, is_light)

    def kill(self, tokens: Sequence[str]) -> None:
        self.worker.kill(tokens)

    def close(self, seconds: float) -> None:
        self._heavy.shutdown(wait=False, cancel_futures=True)
        self._light.shutdown(wait=False, cancel_futures=True)
        self.worker.close(seconds)

    def _work(self, items: Sequence[WorkItem], is_light: bool) -> None:
        try:
            self.worker.handle(items)
        except Exception:
            # nobody waits for this future; what was not claimed is sent again
            log.exception("worker: a bundle could not be run")
        finally:
            if self._is_bounded:
                self._room[is_light].release()
