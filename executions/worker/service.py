"""The worker: claims attempts, runs them, reports. Every attempt has a token; what the claim does
not give is somebody else's."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from common.clock import now
from common.durations import parse_duration
from common.ids import new_id
from executions.bus.contract import Bus
from executions.dispatch.contract import WorkItem
from executions.executor.events import TaskEnded, TaskStarted
from executions.executor.model import TaskRun
from executions.live.contract import LiveUpdates
from executions.outside import ServerOutside
from executions.store.contract import Claimed, ClaimRequest, Store
from executions.worker.attempt import Ending, RunningAttempt
from executions.worker.folders import WorkerFolder
from executions.worker.lines import AttemptLog
from executions.worker.near import Near
from executions.worker.preparing import Preparation
from executions.worker.reporter import Reporter
from executions.worker.ticker import Ticker
from expressions.engine import ExpressionEngine
from expressions.masking import Masker
from plugins.contracts.state import State

log = logging.getLogger("kestra.worker")


@dataclass(frozen=True, slots=True)
class WorkerTimes:
    """All in seconds."""

    heartbeat: float = 3.0
    lease: float = 45.0
    started_notice: float = 0.2
    kill_grace: float = 10.0


class Worker:
    """`handle` is called from the threads of a pool; the rest has threads of its own."""

    def __init__(
        self,
        *,
        group: str,
        slots: int,
        store: Store,
        bus: Bus,
        live: LiveUpdates,
        engine: ExpressionEngine,
        outside: ServerOutside,
        temporary: Path,
        times: WorkerTimes | None = None,
        outputs_inline_limit: int = 65_536,
        on_exhausted: Callable[[], None] = lambda: None,
    ) -> None:
        self.id = new_id()
        self.group = group
        self.slots = slots
        self._store = store
        self._times = times or WorkerTimes()
        self._on_exhausted = on_exhausted
        self._reporter = Reporter(store, bus, live)
        self._ticker = Ticker()
        self._folder = WorkerFolder(temporary)
        self._preparation = Preparation(
            engine=engine,
            outside=outside,
            temporary=self._folder.path,
            outputs_inline_limit=outputs_inline_limit,
            emit_line=self._reporter.line,
            emit_metric=self._reporter.metric,
        )
        self._changed = threading.Condition()
        # What was claimed with a bundle and waits for its turn in it.
        self._claimed: dict[str, Claimed] = {}
        self._running: dict[str, RunningAttempt] = {}
        self._abandoned = 0
        self._is_closed = threading.Event()
        self._beat()
        self._heart = threading.Thread(target=self._heartbeats, name="heartbeat", daemon=True)
        self._heart.start()

    # ---- the doors ------------------------------------------------------------------------------
    def handle(self, items: Sequence[WorkItem]) -> None:
        """Claims a bundle and runs what it gets, one after another."""
        requests = [
            ClaimRequest(item.execution_id, item.task_run_id, item.token, item.day)
            for item in items
        ]
        reads = _reads(items)
        around: dict[str, list[TaskRun]] | None = None
        if reads:
            found, around = self._store.claim_with_rows(requests, self.id, reads)
        else:
            found = self._store.claim(requests, self.id)
        near = Near(self._store, found, self._preparation.references_of, around)
        with self._changed:
            self._claimed.update((item.task_run.token or "", item) for item in found)
        for number, claimed in enumerate(found, start=1):
            with self._changed:
                is_wanted = self._claimed.pop(claimed.task_run.token or "", None) is not None
            if is_wanted:
                self._run(claimed, near, is_last=number == len(found))

    def kill(self, tokens: Sequence[str]) -> None:
        """Ends those of the attempts that run here."""
        for token in tokens:
            with self._changed:
                attempt = self._running.get(token)
                waiting = self._claimed.pop(token, None)
            if waiting is not None:
                self._report(waiting, now(), Ending(State.KILLED, None, "Killed"))
            if attempt is not None and not attempt.is_killed:
                attempt.is_killed = True
                self._stop_attempt(attempt)

    def close(self, seconds: float = 30.0) -> None:
        """A clean stop: waits for what runs, reports it, and takes leave. What runs longer is ended
        and not reported: it counts as lost, and runs again elsewhere."""
        with self._changed:
            self._changed.wait_for(lambda: not self._running and not self._claimed, timeout=seconds)
        self._is_closed.set()  # until here the heart beats: the grace may be longer than the lease
        for attempt in self._let_go():
            attempt.stop()
        if not self._reporter.flush(5.0):
            log.warning("worker: results could not be sent before the end; they are found again")
        self._store.retire_worker(self.id)
        self._heart.join(5.0)
        self._ticker.close()
        self._reporter.close()
        self._folder.remove()

    # ---- one attempt ----------------------------------------------------------------------------
    def _run(self, claimed: Claimed, near: Near, *, is_last: bool) -> None:
        try:
            attempt = self._preparation.prepare(claimed, near)
            self._arm_timeout(attempt)
        except Exception as error:
            self._fail_early(claimed, error)
            return
        with self._changed:
            self._running[attempt.token] = attempt
        self._announce(attempt)
        ending = attempt.run()
        try:
            self._finish(attempt, ending, is_last=is_last)
        finally:
            attempt.context.clean_up()

    def _finish(self, attempt: RunningAttempt, ending: Ending, *, is_last: bool) -> None:
        if attempt.take_report():
            self._forget(attempt)
            self._report(attempt.claimed, attempt.started_at, ending, is_last=is_last)
        else:
            with self._changed:
                self._abandoned -= 1

    def _forget(self, attempt: RunningAttempt) -> None:
        with self._changed:
            self._running.pop(attempt.token, None)
            self._changed.notify_all()

    def _report(
        self, claimed: Claimed, started: datetime, ending: Ending, *, is_last: bool = False
    ) -> None:
        run = claimed.task_run
        event = TaskEnded(
            task_run_id=run.id,
            token=run.token or "",
            state=ending.state,
            started_at=started,
            ended_at=now(),
            worker_id=self.id,
            outputs=ending.outputs,
            message=ending.message,
        )
        self._reporter.event(claimed.head.id, event, is_last=is_last)

    def _fail_early(self, claimed: Claimed, error: Exception) -> None:
        log.exception("worker: %s could not be prepared", claimed.task_run.id)
        message = f"The task cannot be prepared: {error}"
        AttemptLog(claimed.head, claimed.task_run, Masker(), self._reporter.line).error(message)
        self._report(claimed, now(), Ending(State.FAILED, None, message))

    # ---- time and kill --------------------------------------------------------------------------
    def _announce(self, attempt: RunningAttempt) -> None:
        """RUNNING is told at once for what may last; for light tasks only if they do."""
        claimed = attempt.claimed
        event = TaskStarted(claimed.task_run.id, attempt.token, self.id, attempt.started_at)
        if not attempt.task.is_light:
            self._reporter.event(claimed.head.id, event)
            return
        notice = self._ticker.after(
            self._times.started_notice, lambda: self._reporter.event(claimed.head.id, event)
        )
        attempt.calls.append(notice)

    def _arm_timeout(self, attempt: RunningAttempt) -> None:
        timeout: Any = attempt.task.timeout
        if timeout is None:
            return
        if isinstance(timeout, str):
            timeout = parse_duration(attempt.context.render(timeout))

        def time_out() -> None:
            attempt.timed_out_after = timeout
            self._stop_attempt(attempt)

        attempt.calls.append(self._ticker.after(timeout.total_seconds(), time_out))

    def _stop_attempt(self, attempt: RunningAttempt) -> None:
        attempt.stop()
        self._ticker.after(2 * self._times.kill_grace, lambda: self._abandon(attempt))

    def _abandon(self, attempt: RunningAttempt) -> None:
        """Its thread does not end: the result goes out without it."""
        if not attempt.take_report():
            return
        self._forget(attempt)
        with self._changed:
            self._abandoned += 1
            is_exhausted = self._abandoned >= max(1, self.slots // 2)
        state = State.KILLED if attempt.is_killed else State.FAILED
        message = "It did not end when it was told to; its thread was left behind"
        attempt.context.logger.error(message)
        self._report(attempt.claimed, attempt.started_at, Ending(state, None, message))
        if is_exhausted:
            self._on_exhausted()

    # ---- the heart ------------------------------------------------------------------------------
    def _heartbeats(self) -> None:
        while not self._is_closed.wait(self._times.heartbeat):
            try:
                self._beat()
                self._look_after_tokens()
            except Exception:
                log.exception("worker: the heartbeat failed; it is tried again")

    def _beat(self) -> None:
        lease = self._times.lease
        if self._store.beat(self.id, group=self.group, slots=self.slots, lease_seconds=lease):
            return
        lost, self.id = self.id, new_id()
        log.error("worker: %s was declared lost and drops what it ran; now %s", lost, self.id)
        attempts = self._let_go()
        self._reporter.drop_all()
        for attempt in attempts:
            attempt.stop()
        self._store.beat(self.id, group=self.group, slots=self.slots, lease_seconds=lease)

    def _let_go(self) -> list[RunningAttempt]:
        """What runs here is no longer this worker's: nobody hears how it ends."""
        with self._changed:
            attempts = list(self._running.values())
            self._running.clear()
            self._claimed.clear()
            self._abandoned += sum(attempt.take_report() for attempt in attempts)
            self._changed.notify_all()
        return attempts

    def _look_after_tokens(self) -> None:
        with self._changed:
            running = [*self._running, *self._claimed]
        held = self._reporter.held_tokens()
        if not running and not held:
            return
        states = self._store.open_tokens([*running, *held])
        self._reporter.confirm(states, asked=held)
        self.kill([token for token in running if token not in states or states[token].is_killing])


def _reads(items: Sequence[WorkItem]) -> frozenset[str]:
    """The tasks whose outputs the bundle reads; none if that is not known of each of its items."""
    known = [item.reads for item in items if item.reads is not None]
    return frozenset().union(*known) if len(known) == len(items) else frozenset()
