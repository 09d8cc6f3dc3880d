"""Answers what the engine asks: renders, runs inline tasks, prepares executions of other flows. In
the loop when that takes no more than memory; else in a pool of threads while the loop goes on."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

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
from expressions.engine import ExpressionEngine
from expressions.services import ExpressionServices
from plugins.contracts.plan import SubflowRequest
from plugins.contracts.task import RunnableTask

Answer = tuple[str, Event]


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
    """`on_ready` is called from a thread of the pool when answers wait in `take`."""

    def __init__(
        self,
        engine: ExpressionEngine,
        outside: Outside,
        *,
        on_ready: Callable[[], None],
        threads: int = 4,
        inline_limit: int = 65_536,
    ) -> None:
        self._engine = engine
        self._outside = outside
        self._on_ready = on_ready
        self._inline_limit = inline_limit
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="render")
        self._ready: queue.SimpleQueue[Answer] = queue.SimpleQueue()

    # ---- in the loop ----------------------------------------------------------------------------
    def render_now(self, resident: Resident, command: Render) -> Event | None:
        """None: it takes more than memory, so `render_later` must do it."""
        if not self._is_fast(resident, texts_in(command.templates)):
            return None
        run = self._run(resident, command.task_run_id)
        scope = self._scope(resident.live, resident.bundle, run)
        return self._render(resident.bundle, command, scope, None)

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
            return self._render(bundle, command, scope, services)

        self._submit(resident.id, work)

    def subflow_later(self, resident: Resident, command: StartSubflow) -> None:
        head = resident.live.head
        run = resident.live.task_runs[command.task_run_id]

        def work() -> Event:
            try:
                child = self._outside.new_subflow(head, run, command.request)
            except KestraError as error:
                return SubflowRefused(run.id, str(error))
            return SubflowStarted(run.id, child)

        self._submit(resident.id, work)

    def take(self) -> Iterator[Answer]:
        """What the pool has ready; does not block."""
        while True:
            try:
                yield self._ready.get_nowait()
            except queue.Empty:
                return

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    # ---- inside ---------------------------------------------------------------------------------
    def _submit(self, execution_id: str, work: Callable[[], Event]) -> None:
        def task() -> None:
            self._ready.put((execution_id, work()))
            self._on_ready()

        self._pool.submit(task)

    def _render(
        self,
        bundle: FlowBundle,
        command: Render,
        scope: Scope,
        services: ExpressionServices | None,
    ) -> Rendered:
        try:
            values = self._engine.render_value(dict(command.templates), scope, services)
            if command.purpose == OUTPUTS:
                values = bundle.type_outputs(values)
        except Exception as error:  # user data: whatever goes wrong is the answer
            return Rendered(
                command.purpose, command.task_run_id, error=str(error) or type(error).__name__
            )
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
