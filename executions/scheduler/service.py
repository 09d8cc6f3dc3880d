"""The scheduler's loop: a process of its own, or a thread of the embedded server."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from django.db import close_old_connections, connections

from executions.scheduler.chores import CHORES, Chore
from executions.scheduler.lease import hold_lease, release_lease
from rest.database import engine_role

log = logging.getLogger("kestra.scheduler")

LEASE_SECONDS = 60.0
ROUND_SECONDS = 20.0
# A chore that failed is tried again after this time.
PATIENCE_SECONDS = 60.0


class Scheduler:
    """Many may run; the one with the lease does the chores."""

    def __init__(self, *, owner: str, chores: Sequence[Chore] = CHORES) -> None:
        self._owner = owner
        self._due = dict.fromkeys(chores, 0.0)
        self._holds_lease = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Gives the lease back. A chore that is under way ends first, or is done again by the next
        holder."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def turn(self, moment: float) -> None:
        """Does what is due at that moment of the monotonic clock, if this scheduler is the one."""
        self._holds_lease = hold_lease(self._owner, seconds=LEASE_SECONDS)
        if not self._holds_lease:
            return
        for chore in [chore for chore, due in self._due.items() if due <= moment]:
            if self._stopping.is_set():
                return
            is_done = _do(chore)
            pause = chore.every.total_seconds() if is_done else PATIENCE_SECONDS
            self._due[chore] = moment + pause

    def _run(self) -> None:
        with engine_role():
            while not self._stopping.is_set():
                self._try_turn()
                self._stopping.wait(ROUND_SECONDS)
            self._leave()

    def _try_turn(self) -> None:
        try:
            close_old_connections()
            self.turn(time.monotonic())
        except Exception as error:
            self._holds_lease = False
            log.warning("scheduler: the database does not answer (%s); trying again", error)

    def _leave(self) -> None:
        try:
            if self._holds_lease:
                release_lease(self._owner)
        except Exception as error:
            log.warning("scheduler: the lease was not given back (%s); it runs out", error)
        finally:
            connections.close_all()


def _do(chore: Chore) -> bool:
    try:
        count = chore.do()
    except Exception:
        log.exception("scheduler: failed: %s; it is tried again", chore.name)
        return False
    if count:
        log.info("scheduler: %s: %s", chore.name, count)
    return True
