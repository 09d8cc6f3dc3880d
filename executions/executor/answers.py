"""Answers what the engine asks: renders, runs inline tasks, prepares executions of other flows. In
the loop when that takes no more than memory; else in a pool of threads while the loop goes on."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from django.db import close_old_connections

from common.errors import KestraError
from executions.executor.commands import Render, RunInline, StartSubflow
from executions.executor.engine import OUTPUTS
from executions.executor.events import (
    Event,
    Rendered,
    SubflowRefused,
    SubflowStarted,
    TaskEnded,
)
from executions.executor.inline import Line, run_inline
from executions.executor.model import Head, LiveExecution, TaskRun
from executions.executor.residents import FlowBundle, Resident
from executions.scope import Rows, Scope, Surroundings
from executions.templates import texts_in, texts_of
from executions.transient import is_transient
from expressions.engine import ExpressionEngine
from expressions.services import ExpressionServices
from plugins.contracts.plan import SubflowRequest
from plugins.contracts.task import RunnableTask

log = logging.getLogger("kestra.executor")

Answer = tuple[str, Event]

# While the outside does not answer: seconds until the second try, doubled up to the longest, and
# after how many seconds in all the answer is that it did not.
FIRST_PAUSE, LONGEST_PAUSE, PATIENCE = 0.1, 5.0, 60.0


class Outside(Protocol):
    """What answers need from outside; all calls may block and are made from the pool's threads,
    but for `surroundings`."""

    def surroundings(self, head: Head, bundle: FlowBundle) -> Surroundings:
        """Quick: from memory."""

    def services(self, head: Head, scope: Mapping[str, Any]) -> ExpressionServices:
        """What the functions of expressions need."""

    def new_subflow(self, parent: Head, run: TaskRun, request: SubflowRequest) -> Head:
        """The child, checked and typed. Raises NotFound, Invalid, Forbidden, Conflict."""


class Answers:
    """`on_ready` is called from a thread of the pool when answers wait in `take`. Whatever goes
    wrong in the pool ends in an answer, unless `close` was called: then the next owner of the
    execution asks again. `first_pause` and `patience` in seconds."""

    def __init__(
        self,
        engine: ExpressionEngine,
        outside: Outside,
        *,
        on_ready: Callable[[], None],
        threads: int = 4,
        inline_limit: int = 65_536,
        first_pause: float = FIRST_PAUSE,
        patience: float = PATIENCE,
    ) -> None:
        self._engine = engine
        self._outside = outside
        self._on_ready = on_ready
        self._inline_limit = inline_limit
        self._first_pause = first_pause
        self._patience = patience
        self._is_closing = threading.Event()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="render")
        self._ready: queue.SimpleQueue[Answer] = queue.SimpleQueue()

    # ---- in the loop ----------------------------------------------------------------------------
    def render_now(self, resident: Resident, command: Render) -> Event | None:
        """None: it takes more than memory, so `render_later` must do it."""
        if not self._is_fast(resident, texts_in(command.templates)):
            return None
        run = self._run(resident, command.task_run_id)
        scope = self._scope(resident.live, resident.bundle, run)
        try:
            return self._render(resident, command, scope, None)
        except Exception as error:
            if is_transient(error):
                return None  # it did ask the outside, and can wait for it only in the pool
            raise

    def inline_now(
        self, resident: Resident, command: RunInline
    ) -> tuple[TaskEnded, list[Line]] | None:
        """None: a worker must run it."""
        run = resident.live.task_runs[command.task_run_id]
        task = resident.bundle.flow.places[run.task_id].task
        assert isinstance(task, RunnableTask)
        if not self._is_fast_task(resident, task):
            return None
        scope = self._scope(resident.live, resident.bundle, run)
        event, lines = run_inline(self._engine, task, resident.live.head, run, scope)
        if event.outputs is not None and event.outputs.size > self._inline_limit:
            return None  # it belongs into internal storage
        return event, lines

    # ---- in the pool ----------------------------------------------------------------------------
    def render_later(self, resident: Resident, command: Render) -> None:
        live = _snapshot(resident.live)
        bundle = resident.bundle
        run = self._run(resident, command.task_run_id)

        def work() -> Event:
            scope = self._scope(live, bundle, run)
            services = self._outside.services(live.head, scope)
            return self._render(resident, command, scope, services)

        self._submit(resident.id, work, lambda reason: _not_rendered(command, reason))

    def subflow_later(self, resident: Resident, command: StartSubflow) -> None:
        head = resident.live.head
        run = resident.live.task_runs[command.task_run_id]

        def work() -> Event:
            return SubflowStarted(run.id, self._outside.new_subflow(head, run, command.request))

        self._submit(resident.id, work, lambda reason: SubflowRefused(run.id, reason))

    def take(self) -> Iterator[Answer]:
        """What the pool has ready; does not block."""
        while True:
            try:
                yield self._ready.get_nowait()
            except queue.Empty:
                return

    def close(self) -> None:
        """Ends the waits; what was not answered stays so."""
        self._is_closing.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    # ---- inside ---------------------------------------------------------------------------------
    def _submit(
        self, execution_id: str, work: Callable[[], Event], failed: Callable[[str], Event]
    ) -> None:
        """`failed` makes the answer of a reason why there is no other."""

        def task() -> None:
            event = self._answer(execution_id, work, failed)
            if event is not None:
                self._ready.put((execution_id, event))
                self._on_ready()

        self._pool.submit(task)

    def _answer(
        self, execution_id: str, work: Callable[[], Event], failed: Callable[[str], Event]
    ) -> Event | None:
        """None: the executor is closed meanwhile."""
        begun, tries, pause = time.monotonic(), 0, self._first_pause
        while not self._is_closing.is_set():
            tries += 1
            close_old_connections()  # one that broke while this thread was idle, or at the last try
            try:
                return work()
            except Exception as error:
                if not is_transient(error):
                    return failed(_reason(execution_id, error))
                waited = time.monotonic() - begun
                if waited + pause > self._patience:
                    log.exception("executor: gave up in execution %s", execution_id)
                    return failed(
                        f"The server could not do this in {tries} tries within {waited:.0f} s, "
                        f"because a part that it needs does not answer: {error}"
                    )
                log.warning("executor: tries again in execution %s: %s", execution_id, error)
            self._is_closing.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        return None

    def _render(
        self,
        resident: Resident,
        command: Render,
        scope: Scope,
        services: ExpressionServices | None,
    ) -> Rendered:
        """Raises what passes by itself."""
        try:
            values = self._engine.render_value(dict(command.templates), scope, services)
            if command.purpose == OUTPUTS:
                values = resident.bundle.type_outputs(values)
        except Exception as error:  # user data: whatever goes wrong is the answer
            if is_transient(error):
                raise
            return _not_rendered(command, _reason(resident.id, error))
        return Rendered(command.purpose, command.task_run_id, values=values)

    def _scope(self, live: LiveExecution, bundle: FlowBundle, run: TaskRun | None) -> Scope:
        task_type = bundle.flow.places[run.task_id].task.type if run else ""
        return Scope(
            head=live.head,
            rows=Rows.of(live.task_runs, live.index),
            surroundings=self._outside.surroundings(live.head, bundle),
            run=run,
            task_type=task_type,
        )

    def _run(self, resident: Resident, task_run_id: str | None) -> TaskRun | None:
        return resident.live.task_runs[task_run_id] if task_run_id else None

    def _is_fast_task(self, resident: Resident, task: RunnableTask) -> bool:
        known = resident.bundle.fast_tasks.get(task.id)
        if known is None:
            known = self._is_pure(texts_of(task)) and not resident.bundle.is_confidential
            resident.bundle.fast_tasks[task.id] = known
        return known and (resident.absent == 0 or not self._reads_outputs(texts_of(task)))

    def _is_fast(self, resident: Resident, texts: Iterable[str]) -> bool:
        found = list(texts)
        if resident.bundle.is_confidential:
            return False
        return self._is_pure(found) and (resident.absent == 0 or not self._reads_outputs(found))

    def _is_pure(self, texts: Iterable[str]) -> bool:
        try:
            return all(self._engine.compile(text).is_pure for text in texts)
        except KestraError:
            return True  # a syntax error is found as well, and as fast, by rendering it

    def _reads_outputs(self, texts: Iterable[str]) -> bool:
        try:
            return any(
                self._engine.compile(text).names & {"outputs", "parent", "parents"}
                for text in texts
            )
        except KestraError:
            return False


def _snapshot(live: LiveExecution) -> LiveExecution:
    """For another thread: task runs are frozen, so a copy of the maps is enough."""
    return LiveExecution(head=live.head, task_runs=dict(live.task_runs), index=live.index)


def _not_rendered(command: Render, reason: str) -> Rendered:
    return Rendered(command.purpose, command.task_run_id, error=reason)


def _reason(execution_id: str, error: Exception) -> str:
    """For the task run. An error that is none of ours is a fault, and is logged as one."""
    if isinstance(error, KestraError):
        return str(error)
    log.error("executor: unexpected error in execution %s", execution_id, exc_info=error)
    return f"The server failed: {type(error).__name__}: {error}"
