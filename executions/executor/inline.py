"""Runs tasks that touch nothing outside in the executor itself: rendered in memory, within
milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from common.clock import now
from common.errors import KestraError
from common.json import dump_bytes
from executions.executor.events import TaskEnded
from executions.executor.model import Head, Outputs, TaskRun
from executions.scope import Scope
from expressions.engine import ExpressionEngine
from plugins.contracts.level import LEVELS
from plugins.contracts.run_context import Files, KeyValues
from plugins.contracts.state import State
from plugins.contracts.task import RunnableTask

Line = tuple[str, str]  # level, message


class NotInline(KestraError):
    """A task that runs in the executor asked for something outside."""


class LineCollector:
    """The log of an inline task: kept until the commit. `level`: less than that is not kept."""

    def __init__(self, level: str | None) -> None:
        self.lines: list[Line] = []
        self._least = LEVELS.index(level) if level else 0

    def trace(self, message: str) -> None:
        self._add("TRACE", message)

    def debug(self, message: str) -> None:
        self._add("DEBUG", message)

    def info(self, message: str) -> None:
        self._add("INFO", message)

    def warning(self, message: str) -> None:
        self._add("WARN", message)

    def error(self, message: str) -> None:
        self._add("ERROR", message)

    def _add(self, level: str, message: str) -> None:
        if LEVELS.index(level) >= self._least:
            self.lines.append((level, message))


class InlineContext:
    """The `RunContext` of an inline task: renders and logs, nothing else."""

    def __init__(
        self,
        engine: ExpressionEngine,
        head: Head,
        run: TaskRun,
        scope: Mapping[str, Any],
        log_level: str | None,
    ) -> None:
        self._engine = engine
        self._head = head
        self._run = run
        self._scope = scope
        self.logger = LineCollector(log_level)

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
    def variables(self) -> Mapping[str, Any]:
        return self._scope

    @property
    def is_killed(self) -> bool:
        return False

    @property
    def kv(self) -> KeyValues:
        self._refuse()

    @property
    def files(self) -> Files:
        self._refuse()

    @property
    def working_directory(self) -> Path:
        self._refuse()

    def render(
        self, value: Any, *, typed: bool = False, variables: Mapping[str, Any] | None = None
    ) -> Any:
        if variables is not None:
            self._refuse()
        return self._engine.render_value(value, self._scope, typed=typed)

    def secret(self, key: str) -> str:
        self._refuse()

    def metric(
        self,
        name: str,
        value: float,
        *,
        kind: str = "counter",
        tags: Mapping[str, str] | None = None,
    ) -> None:
        self._refuse()

    def on_kill(self, callback: Any) -> None:
        """Nothing of it lasts long enough to be killed."""

    def mask(self, text: str) -> None:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise NotInline


def run_inline(
    engine: ExpressionEngine, task: RunnableTask, head: Head, run: TaskRun, scope: Scope
) -> tuple[TaskEnded, list[Line]]:
    """Runs it; whatever it raises fails the attempt. The log comes back with the result."""
    started = now()
    context = InlineContext(engine, head, run, scope, task.log_level)
    state, outputs, message = State.SUCCESS, None, None
    try:
        outputs = outputs_of(task.run(context))
    except Exception as error:  # user code and user data: any error is the task's, not ours
        state, message = State.FAILED, str(error) or type(error).__name__
        context.logger.error(message)  # noqa: TRY400  # the task's log, not the server's
    event = TaskEnded(
        task_run_id=run.id,
        token=run.token or "",
        state=state,
        started_at=started,
        ended_at=now(),
        outputs=outputs,
        message=message,
    )
    return event, context.logger.lines


def outputs_of(result: Any) -> Outputs | None:
    """What `run` returned, as the row keeps it."""
    if result is None:
        return None
    value = result if isinstance(result, Mapping) else result.to_map()
    return Outputs(value=value, size=len(dump_bytes(value)))
