"""One attempt that runs here: its context, its task, and what becomes of them."""

from __future__ import annotations

import threading
import traceback
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from common.errors import KestraError
from common.json import dump_bytes, loads
from executions.executor.model import Outputs
from executions.storages import engine_storage
from executions.store.contract import Claimed
from executions.worker.context import WorkerContext
from executions.worker.ticker import Call
from expressions.masking import Masker
from plugins.contracts.state import State
from plugins.contracts.task import RunnableTask
from storage import layout


@dataclass(frozen=True, slots=True)
class Ending:
    """How the attempt ended. `message` is what the log says of a failure."""

    state: State
    outputs: Outputs | None = None
    message: str | None = None


@dataclass(slots=True)
class RunningAttempt:
    """`is_reported`: its result is out, whatever its thread still does. `lock` guards that."""

    claimed: Claimed
    context: WorkerContext
    task: RunnableTask
    masker: Masker
    started_at: datetime
    outputs_inline_limit: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    calls: list[Call] = field(default_factory=list)
    is_killed: bool = False
    timed_out_after: timedelta | None = None
    is_reported: bool = False

    @property
    def token(self) -> str:
        return self.claimed.task_run.token or ""

    def take_report(self) -> bool:
        """True for the first who asks: there is one report."""
        with self.lock:
            if self.is_reported:
                return False
            self.is_reported = True
        for call in self.calls:
            call.cancel()
        return True

    def stop(self) -> None:
        """A kill, a time-out or a lost lease; returns at once."""
        self.context.kill()
        self.task.kill()

    def run(self) -> Ending:
        """Runs the task in this thread; whatever it raises is its failure."""
        try:
            result = self.task.run(self.context)
            state = State.SUCCESS
            if result is not None and hasattr(result, "final_state"):
                state = result.final_state() or State.SUCCESS
            ending = Ending(state, self._outputs(result))
        except BaseException as error:  # not even a SystemExit of a task may end the worker
            ending = self._failure(error)
        return self._judged(ending)

    def _failure(self, error: BaseException) -> Ending:
        message = self.masker.mask(str(error) or type(error).__name__)
        logger = self.context.logger
        if self.timed_out_after is not None:
            message = f"Timed out after {self.timed_out_after}: {message}"
        elif not isinstance(error, KestraError):
            message = f"{type(error).__name__}: {message}"
            logger.debug("".join(traceback.format_exception(error)))
        logger.error(message)
        try:
            outputs = self._outputs(getattr(error, "outputs", None))
        except Exception as second:
            logger.error(f"What it left behind cannot be kept: {second}")  # noqa: TRY400  # the task's log, not the server's
            outputs = None
        return Ending(State.FAILED, outputs, message)

    def _judged(self, ending: Ending) -> Ending:
        if self.is_killed and ending.state is not State.SUCCESS:
            return Ending(State.KILLED, ending.outputs, "Killed")
        if self.timed_out_after is not None and ending.state is not State.FAILED:
            message = f"Timed out after {self.timed_out_after}"
            self.context.logger.error(message)
            return Ending(State.FAILED, ending.outputs, message)
        return ending

    def _outputs(self, result: Any) -> Outputs | None:
        """What is too large for the row goes to internal storage; what cannot be written as JSON
        fails the task, not the worker."""
        if result is None:
            return None
        value = result if isinstance(result, dict) else result.to_map()
        data = dump_bytes(value)
        text = data.decode()
        if self.masker.mask(text) is not text:
            value = _masked(loads(data), self.masker)
            data = dump_bytes(value)
        if len(data) <= self.outputs_inline_limit:
            return Outputs(value=value, size=len(data))
        return self._stored(data)

    def _stored(self, data: bytes) -> Outputs:
        head, run = self.claimed.head, self.claimed.task_run
        address = layout.task_run_folder(
            head.namespace, head.flow_id, head.id, run.task_id, run.id
        ).child(f"outputs-{len(run.attempts)}.json")
        storage = engine_storage(tenant=head.tenant, namespace=head.namespace)
        return Outputs(uri=storage.put(head.tenant, address, data), size=len(data))


def _masked(value: Any, masker: Masker) -> Any:
    """The texts in a value, not its JSON: a secret of digits must not spoil the numbers."""
    if isinstance(value, str):
        return masker.mask(value)
    if isinstance(value, dict):
        return {masker.mask(key): _masked(item, masker) for key, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, masker) for item in value]
    return value
