"""The `RunContext` of a worker: one attempt, with all that a task may ask for."""

from __future__ import annotations

import logging
import threading
from collections import ChainMap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from common.clock import now
from executions.executor.model import Head, TaskRun
from executions.store.contract import MetricRow
from executions.worker.attempt_folders import make_folder, remove_folder
from executions.worker.files import TaskFiles
from executions.worker.key_values import TaskKeyValues
from executions.worker.lines import AttemptLog
from expressions.engine import ExpressionEngine
from expressions.masking import Masker
from expressions.services import ExpressionServices
from plugins.contracts.run_context import Files, KeyValues, TaskLogger

log = logging.getLogger("kestra.worker")


class WorkerContext:
    """`kill` may be called from any thread."""

    def __init__(
        self,
        *,
        head: Head,
        run: TaskRun,
        engine: ExpressionEngine,
        scope: Mapping[str, Any],
        services: ExpressionServices,
        masker: Masker,
        logger: AttemptLog,
        emit_metric: Callable[[MetricRow], None],
        temporary: Path,
        layout: tuple[str, ...],
    ) -> None:
        self._head = head
        self._run = run
        self._engine = engine
        self._scope = scope
        self._services = services
        self._masker = masker
        self._logger = logger
        self._emit_metric = emit_metric
        self._temporary = temporary
        self._layout = layout
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._is_killed = False
        self._on_kill: list[Callable[[], None]] = []

    @property
    def tenant(self) -> str:
        return self._head.tenant

    @property
    def namespace(self) -> str:
        return self._head.namespace

    @property
    def flow_id(self) -> str:
        return self._head.flow_id

    @property
    def execution_id(self) -> str:
        return self._head.id

    @property
    def task_id(self) -> str:
        return self._run.task_id

    @property
    def task_run_id(self) -> str:
        return self._run.id

    @property
    def attempt(self) -> int:
        return len(self._run.attempts)

    @property
    def logger(self) -> TaskLogger:
        return self._logger

    @property
    def kv(self) -> KeyValues:
        return TaskKeyValues(self._head)

    @property
    def files(self) -> Files:
        return TaskFiles(self._head, self._run, self._scope)

    @property
    def variables(self) -> Mapping[str, Any]:
        return self._scope

    @property
    def is_killed(self) -> bool:
        return self._is_killed

    @property
    def working_directory(self) -> Path:
        with self._lock:
            if self._folder is None:
                self._folder = make_folder(self._temporary, self._layout)
            return self._folder

    def render(
        self, value: Any, *, typed: bool = False, variables: Mapping[str, Any] | None = None
    ) -> Any:
        scope: Mapping[str, Any] = self._scope
        if variables:
            scope = ChainMap(dict(variables), scope)  # type: ignore[arg-type]  # only read
        return self._engine.render_value(value, scope, self._services, typed=typed)

    def secret(self, key: str) -> str:
        return self._services.secret(key, None)

    def metric(
        self,
        name: str,
        value: float,
        *,
        kind: str = "counter",
        tags: Mapping[str, str] | None = None,
    ) -> None:
        head = self._head
        self._emit_metric(
            MetricRow(
                tenant=head.tenant,
                namespace=head.namespace,
                flow_id=head.flow_id,
                execution_id=head.id,
                task_id=self._run.task_id,
                task_run_id=self._run.id,
                name=name,
                kind=kind,
                value=float(value),
                tags=dict(tags or {}),
                timestamp=now(),
                day=head.created_at,
            )
        )

    def on_kill(self, callback: Callable[[], None]) -> None:
        with self._lock:
            if not self._is_killed:
                self._on_kill.append(callback)
                return
        callback()

    def mask(self, text: str) -> None:
        self._masker.add(text)

    # ---- for the worker -------------------------------------------------------------------------
    def kill(self) -> None:
        with self._lock:
            if self._is_killed:
                return
            self._is_killed = True
            callbacks, self._on_kill = self._on_kill, []
        for callback in callbacks:
            try:
                callback()
            except Exception:
                log.exception("worker: a kill callback of %s failed", self._run.id)

    def clean_up(self) -> None:
        """Removes the working folder."""
        if self._folder is not None:
            remove_folder(self._folder, self._layout)
