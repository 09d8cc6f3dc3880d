"""The worker: claims attempts, runs them, reports. Every attempt has a token; what the claim does
not give is somebody else's."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from common.clock import now
from common.durations import parse_duration
from common.errors import KestraError
from common.ids import new_id
from common.json import dump_bytes, loads
from executions.bus.contract import Bus
from executions.dispatch.contract import WorkItem
from executions.executor.events import TaskEnded, TaskStarted
from executions.executor.model import Outputs
from executions.executor.residents import FlowBundle
from executions.live.contract import LiveUpdates
from executions.outside import ServerOutside
from executions.scope import Scope
from executions.store.contract import Claimed, ClaimRequest, Store
from executions.worker.context import WorkerContext
from executions.worker.lines import AttemptLog
from executions.worker.near import Near
from executions.worker.reporter import Reporter
from executions.worker.ticker import Call, Ticker
from expressions.engine import ExpressionEngine
from expressions.masking import Masker
from plugins.contracts.state import State
from plugins.contracts.task import RunnableTask
from storage import layout
from tenants.storages import storage_of

log = logging.getLogger("kestra.worker")


@dataclass(frozen=True, slots=True)
class WorkerTimes:
    """All in seconds."""

    heartbeat: float = 3.0
    lease: float = 45.0
    started_notice: float = 0.2
    kill_grace: float = 10.0


@dataclass(slots=True)
class _Attempt:
    """One that runs here. `is_reported`: its result is out, whatever its thread still does."""

    claimed: Claimed
    context: WorkerContext
    task: RunnableTask
    started_at: Any
    started_call: Call | None = None
    timeout_call: Call | None = None
    is_killed: bool = False
    timed_out_after: timedelta | None = None
    is_reported: bool = False

    @property
    def token(self) -> str:
        return self.claimed.task_run.token or ""


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
        self._engine = engine
        self._outside = outside
        self._temporary = temporary
        self._times = times or WorkerTimes()
        self._inline_limit = outputs_inline_limit
        self._on_exhausted = on_exhausted
        self._reporter = Reporter(store, bus, live)
        self._ticker = Ticker()
        self._lock = threading.Lock()
        self._running: dict[str, _Attempt] = {}
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
        found = self._store.claim(requests, self.id)
        near = Near(self._store, found)
        for claimed in found:
            self._run(claimed, near)

    def kill(self, tokens: Sequence[str]) -> None:
        """Ends those of the attempts that run here."""
        for token in tokens:
            with self._lock:
                attempt = self._running.get(token)
            if attempt is not None and not attempt.is_killed:
                attempt.is_killed = True
                self._stop_attempt(attempt)

    def close(self, seconds: float = 30.0) -> None:
        """A clean stop: waits for what runs, reports it, and takes leave."""
        self._is_closed.set()
        until = now() + timedelta(seconds=seconds)
        while self._running and now() < until:
            threading.Event().wait(0.05)
        if not self._reporter.flush(5.0):
            log.warning("worker: results could not be sent before the end; they are found again")
        self._store.retire_worker(self.id)
        self._heart.join(5.0)
        self._ticker.close()
        self._reporter.close()

    # ---- one attempt ----------------------------------------------------------------------------
    def _run(self, claimed: Claimed, near: Near) -> None:
        head, run = claimed.head, claimed.task_run
        started = now()
        masker = Masker()
        try:
            bundle = self._outside.bundle(head)
            task = bundle.flow.places[run.task_id].task
            assert isinstance(task, RunnableTask)
        except Exception as error:
            self._fail_early(claimed, started, error)
            return
        context = self._context(claimed, near, bundle, task, masker)
        attempt = _Attempt(claimed, context, task, started)
        with self._lock:
            self._running[attempt.token] = attempt
        self._announce(attempt)
        try:
            state, outputs, message = self._call(attempt, masker)
        finally:
            context.clean_up()
        self._finish(attempt, state, outputs, message)

    def _call(self, attempt: _Attempt, masker: Masker) -> tuple[State, Outputs | None, str | None]:
        context, task = attempt.context, attempt.task
        try:
            self._arm_timeout(attempt)
            result = task.run(context)
            state = State.SUCCESS
            if result is not None and hasattr(result, "final_state"):
                state = result.final_state() or State.SUCCESS
            return state, self._outputs(attempt, result, masker), None
        except Exception as error:  # whatever a task raises is its failure
            return self._failure(attempt, error, masker)

    def _failure(
        self, attempt: _Attempt, error: Exception, masker: Masker
    ) -> tuple[State, Outputs | None, str]:
        message = masker.mask(str(error) or type(error).__name__)
        if attempt.timed_out_after is not None:
            message = f"Timed out after {attempt.timed_out_after}: {message}"
        elif not isinstance(error, KestraError):
            message = f"{type(error).__name__}: {message}"
            attempt.context.logger.debug("".join(traceback.format_exception(error)))
        attempt.context.logger.error(message)
        left = getattr(error, "outputs", None)
        return State.FAILED, self._outputs(attempt, left, masker), message

    def _outputs(self, attempt: _Attempt, result: Any, masker: Masker) -> Outputs | None:
        """What is too large for the row goes to internal storage; what cannot be written as JSON
        fails the task, not the worker."""
        if result is None:
            return None
        value = result if isinstance(result, dict) else result.to_map()
        data = dump_bytes(value)
        text = data.decode()
        masked = masker.mask(text)
        if masked is not text:
            data, value = masked.encode(), loads(masked)
        if len(data) <= self._inline_limit:
            return Outputs(value=value, size=len(data))
        head, run = attempt.claimed.head, attempt.claimed.task_run
        address = layout.task_run_folder(
            head.namespace, head.flow_id, head.id, run.task_id, run.id
        ).child(f"outputs-{len(run.attempts)}.json")
        storage = storage_of(tenant=head.tenant, namespace=head.namespace)
        return Outputs(uri=storage.put(head.tenant, address, data), size=len(data))

    def _finish(
        self, attempt: _Attempt, state: State, outputs: Outputs | None, message: str | None
    ) -> None:
        with self._lock:
            if attempt.is_reported:
                self._abandoned -= 1
                return
            attempt.is_reported = True
            self._running.pop(attempt.token, None)
        for call in (attempt.started_call, attempt.timeout_call):
            if call is not None:
                call.cancel()
        if attempt.is_killed and state is not State.SUCCESS:
            state, message = State.KILLED, "Killed"
        elif attempt.timed_out_after is not None and state is not State.FAILED:
            message = f"Timed out after {attempt.timed_out_after}"
            state = State.FAILED
            attempt.context.logger.error(message)
        self._report(attempt.claimed, attempt.started_at, state, outputs, message)

    def _report(
        self,
        claimed: Claimed,
        started: Any,
        state: State,
        outputs: Outputs | None,
        message: str | None,
    ) -> None:
        run = claimed.task_run
        event = TaskEnded(
            task_run_id=run.id,
            token=run.token or "",
            state=state,
            started_at=started,
            ended_at=now(),
            worker_id=self.id,
            outputs=outputs,
            message=message,
        )
        self._reporter.event(claimed.head.id, event)

    def _fail_early(self, claimed: Claimed, started: Any, error: Exception) -> None:
        log.exception("worker: %s could not be prepared", claimed.task_run.id)
        message = f"The task cannot be prepared: {error}"
        AttemptLog(claimed.head, claimed.task_run, Masker(), self._reporter.line).error(message)
        self._report(claimed, started, State.FAILED, None, message)

    def _context(
        self,
        claimed: Claimed,
        near: Near,
        bundle: FlowBundle,
        task: RunnableTask,
        masker: Masker,
    ) -> WorkerContext:
        head, run = claimed.head, claimed.task_run
        scope = Scope(
            head=head,
            rows=near.rows_of(claimed),
            surroundings=self._outside.surroundings(head, bundle),
            run=run,
            task_type=task.type,
        )
        for name in bundle.secret_inputs:
            value = (head.inputs or {}).get(name)
            if isinstance(value, str):
                masker.add(value)
        return WorkerContext(
            head=head,
            run=run,
            engine=self._engine,
            scope=scope,
            services=self._outside.services(head, scope, masker),
            masker=masker,
            logger=AttemptLog(head, run, masker, self._reporter.line, level=task.log_level),
            emit_metric=self._reporter.metric,
            temporary=self._temporary,
        )

    # ---- time and kill --------------------------------------------------------------------------
    def _announce(self, attempt: _Attempt) -> None:
        """RUNNING is told at once for what may last; for light tasks only if they do."""
        event = TaskStarted(attempt.claimed.task_run.id, attempt.token, self.id, attempt.started_at)
        execution_id = attempt.claimed.head.id
        if attempt.task.is_light:
            attempt.started_call = self._ticker.after(
                self._times.started_notice, lambda: self._reporter.event(execution_id, event)
            )
        else:
            self._reporter.event(execution_id, event)

    def _arm_timeout(self, attempt: _Attempt) -> None:
        timeout: Any = attempt.task.timeout
        if timeout is None:
            return
        if isinstance(timeout, str):
            timeout = parse_duration(attempt.context.render(timeout))

        def time_out() -> None:
            attempt.timed_out_after = timeout
            self._stop_attempt(attempt)

        attempt.timeout_call = self._ticker.after(timeout.total_seconds(), time_out)

    def _stop_attempt(self, attempt: _Attempt) -> None:
        attempt.context.kill()
        attempt.task.kill()
        self._ticker.after(2 * self._times.kill_grace, lambda: self._abandon(attempt))

    def _abandon(self, attempt: _Attempt) -> None:
        """Its thread does not end: the result goes out without it."""
        with self._lock:
            if attempt.is_reported:
                return
            attempt.is_reported = True
            self._running.pop(attempt.token, None)
            self._abandoned += 1
            is_exhausted = self._abandoned >= max(1, self.slots // 2)
        state = State.KILLED if attempt.is_killed else State.FAILED
        message = "It did not end when it was told to; its thread was left behind"
        attempt.context.logger.error(message)
        self._report(attempt.claimed, attempt.started_at, state, None, message)
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
        log.error(
            "worker: %s was declared lost; what it ran is dropped, it is now %s", lost, self.id
        )
        with self._lock:
            attempts = list(self._running.values())
            self._running.clear()
            for attempt in attempts:
                attempt.is_reported = True
                self._abandoned += 1
        self._reporter.drop_all()
        for attempt in attempts:
            attempt.context.kill()
            attempt.task.kill()
        self._store.beat(self.id, group=self.group, slots=self.slots, lease_seconds=lease)

    def _look_after_tokens(self) -> None:
        with self._lock:
            running = list(self._running)
        held = self._reporter.held_tokens()
        if not running and not held:
            return
        states = self._store.open_tokens([*running, *held])
        self._reporter.confirm(set(states))
        self.kill([token for token in running if token not in states or states[token].is_killing])
