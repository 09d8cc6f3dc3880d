"""The log of one attempt: masked, cut, and queued before anything else sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from executions.executor.model import Head, TaskRun
from executions.store.contract import LogRow
from expressions.masking import Masker
from plugins.contracts.level import LEVELS

# A longer message is cut, and says so: one line must not fill the memory of all who read it.
MESSAGE_LIMIT = 65_536


class AttemptLog:
    """The `TaskLogger` of a worker. Usable from several threads."""

    def __init__(
        self,
        head: Head,
        run: TaskRun,
        masker: Masker,
        emit: Callable[[LogRow], None],
        *,
        level: str | None = None,
    ) -> None:
        self._head = head
        self._run = run
        self._masker = masker
        self._emit = emit
        self._least = LEVELS.index(level) if level else 0

    def trace(self, message: str) -> None:
        self._write("TRACE", message)

    def debug(self, message: str) -> None:
        self._write("DEBUG", message)

    def info(self, message: str) -> None:
        self._write("INFO", message)

    def warning(self, message: str) -> None:
        self._write("WARN", message)

    def error(self, message: str) -> None:
        self._write("ERROR", message)

    def _write(self, level: str, message: str) -> None:
        if LEVELS.index(level) < self._least:
            return
        text = self._masker.mask(str(message))
        if len(text) > MESSAGE_LIMIT:
            text = f"{text[:MESSAGE_LIMIT]} … ({len(text) - MESSAGE_LIMIT} more characters cut)"
        # NUL has no place in a database's text
        text = text.replace("\x00", "\\u0000")
        head, run = self._head, self._run
        self._emit(
            LogRow(
                tenant=head.tenant,
                namespace=head.namespace,
                flow_id=head.flow_id,
                execution_id=head.id,
                task_id=run.task_id,
                task_run_id=run.id,
                attempt=len(run.attempts),
                level=level,
                message=text,
                timestamp=datetime.now(UTC),
                day=head.created_at,
                thread="worker",
            )
        )
