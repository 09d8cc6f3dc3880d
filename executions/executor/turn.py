"""One turn of the executor's loop: what came in, and what the engine makes of it."""

from __future__ import annotations

import logging
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from common.clock import now
from common.ids import new_id
from executions.bus.contract import Received
from executions.executor.answers import Answers
from executions.executor.collecting import Changes, collect, is_collected, work_item
from executions.executor.commands import (
    Command,
    ContinueLater,
    Dispatch,
    Render,
    RunInline,
    StartSubflow,
)
from executions.executor.engine import advance
from executions.executor.events import (
    Continue,
    Created,
    Event,
    Moment,
    TaskEnded,
    TaskLost,
    TimerDue,
)
from executions.executor.memory import Memory
from executions.executor.residents import Resident
from executions.store.contract import InboxRow

log = logging.getLogger("kestra.executor")


@dataclass(slots=True)
class TurnWork:
    """What one turn has in hand. `rows` are the requests that the turn's transaction takes out of
    the inbox, `returned` those that it puts back for a later sweep."""

    received: Sequence[Received]
    inbox_ids: list[int] = field(default_factory=list)
    events: dict[str, list[Event]] = field(default_factory=dict)
    rows: dict[str, list[InboxRow]] = field(default_factory=dict)
    changes: dict[str, Changes] = field(default_factory=dict)
    done_tokens: list[str] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    returned: list[InboxRow] = field(default_factory=list)

    def add(self, execution_id: str, event: Event) -> None:
        self.events.setdefault(execution_id, []).append(event)

    @property
    def is_empty(self) -> bool:
        return not self.events and not self.inbox_ids


class Advancer:
    """Feeds events to the engine and carries out what needs no transaction."""

    def __init__(self, memory: Memory, answers: Answers) -> None:
        self._memory = memory
        self._answers = answers

    def advance(self, work: TurnWork, execution_id: str) -> None:
        """All events of one execution. An error of the engine spoils only this one."""
        resident = self._memory.residents.get(execution_id)
        assert resident is not None
        changes = Changes(resident)
        try:
            for event in work.events[execution_id]:
                if isinstance(event, Created) and event.is_awaited:
                    resident.is_awaited = True
                self._feed(work, changes, event)
        except Exception as error:
            self._spoiled(work, resident, error)
            return
        work.changes[execution_id] = changes

    def _feed(self, work: TurnWork, changes: Changes, event: Event) -> None:
        """The event and, at once, the answers that need only memory."""
        resident = changes.resident
        pending: deque[Event] = deque([event])
        while pending:
            current = pending.popleft()
            if isinstance(current, TaskEnded | TaskLost):
                work.done_tokens.append(current.token)
            elif isinstance(current, TimerDue):
                changes.cancelled.append(current.token)
            moment = Moment(now(), new_id, random.random)
            for command in advance(resident.bundle.flow, resident.live, current, moment):
                answer = self._carry_out(changes, resident, command)
                if answer is not None:
                    pending.append(answer)

    def _carry_out(self, changes: Changes, resident: Resident, command: Command) -> Event | None:
        if isinstance(command, Dispatch) and command.token in resident.claims:
            return None  # a worker holds it: its result will come
        if is_collected(command):
            collect(changes, command)
        elif isinstance(command, RunInline):
            return self._run_inline(changes, resident, command)
        elif isinstance(command, Render):
            answer = self._answers.render_now(resident, command)
            if answer is None:
                self._answers.render_later(resident, command)
            return answer
        elif isinstance(command, StartSubflow):
            self._answers.subflow_later(resident, command)
        elif isinstance(command, ContinueLater):
            self._memory.later.append((resident.id, Continue(command.task_run_id)))
        return None

    def _run_inline(self, changes: Changes, resident: Resident, command: RunInline) -> Event | None:
        """What takes more than memory goes to a worker like any other task."""
        result = self._answers.inline_now(resident, command)
        if result is None:
            item = work_item(resident, command.task_run_id, command.token)
            changes.dispatches[command.task_run_id] = item
            return None
        event, lines = result
        changes.note_lines(resident.live.task_runs[command.task_run_id], event, lines)
        return event

    def _spoiled(self, work: TurnWork, resident: Resident, error: Exception) -> None:
        """One bad execution stops nobody: its changes are dropped, its requests go back to the
        inbox, and after some such errors it is set aside."""
        log.exception("executor: the engine failed in execution %s", resident.id)
        self._memory.drop_execution(resident.id)
        work.failures.append((resident.id, f"{type(error).__name__}: {error}"))
        requests = work.rows.get(resident.id)
        if requests:
            changes = Changes(resident)
            changes.inbox.extend(requests)
            work.changes[resident.id] = changes
