"""One step of the engine: the aggregate it works on, the commands it has given so far, and the
small moves that every handler is made of."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import datetime
from typing import Any

from executions.executor.commands import Command, SaveExecution, SaveTaskRun, WriteLog
from executions.executor.compiled import CompiledFlow, Phase, Place
from executions.executor.events import Moment
from executions.executor.frames import Frame
from executions.executor.model import Head, LiveExecution, TaskRun
from plugins.contracts.state import State

# A message is cut at this many characters in the row; the log has all of it.
MESSAGE_LIMIT = 2000


class Step:
    """Handlers change the execution only through this."""

    def __init__(self, flow: CompiledFlow, live: LiveExecution, at: Moment) -> None:
        self.flow = flow
        self.live = live
        self.at = at
        self.commands: list[Command] = []
        self.starts = 0
        # Task runs that have ended and whose parents do not know yet: a queue, not recursion, so a
        # thousand empty flowables in a row need no deep stack.
        self.ended: deque[TaskRun] = deque()

    @property
    def now(self) -> datetime:
        return self.at.now

    def give(self, command: Command) -> None:
        self.commands.append(command)

    def place(self, run: TaskRun) -> Place:
        return self.flow.places[run.task_id]

    # ---- task runs ------------------------------------------------------------------------------
    def save(self, run: TaskRun, *, is_new: bool = False) -> TaskRun:
        self.live.task_runs[run.id] = run
        self.commands.append(SaveTaskRun(run, is_new))
        return run

    def move(self, run: TaskRun, state: State, **changes: Any) -> TaskRun:
        """The task run in a new state, in the history too. An end is told to the parent."""
        at = changes.pop("at", self.now)
        moved = replace(run, state=state, history=(*run.history, (state, at)), **changes)
        if state.is_terminal and not run.is_ended:
            self.live.open_runs.discard(run.id)
            self.ended.append(moved)
        return self.save(moved)

    def create(
        self, task_id: str, parent: TaskRun | None, value: str | None, iteration: int | None
    ) -> TaskRun:
        place = self.flow.places[task_id]
        live = self.live
        run = TaskRun(
            id=self.at.new_id(),
            seq=live.next_seq,
            task_id=task_id,
            state=State.CREATED,
            history=((State.CREATED, self.now),),
            parent_id=parent.id if parent else None,
            value=value,
            iteration=iteration,
            worker_group=place.task.worker_group.key if place.task.worker_group else "",
        )
        live.next_seq += 1
        live.open_runs.add(run.id)
        live.index.add(run)
        return self.save(run, is_new=True)

    def phase_of(self, run: TaskRun) -> Phase:
        return self.flow.places[run.task_id].phase

    def frame_of_parent(self, run: TaskRun) -> Frame | None:
        return self.live.frames.get(run.parent_id)

    # ---- the execution --------------------------------------------------------------------------
    def set_head(self, **changes: Any) -> Head:
        self.live.head = replace(self.live.head, **changes)
        self.commands.append(SaveExecution(self.live.head))
        return self.live.head

    def move_head(self, state: State, **changes: Any) -> Head:
        head = self.live.head
        return self.set_head(state=state, history=(*head.history, (state, self.now)), **changes)

    # ---- the log --------------------------------------------------------------------------------
    def log(self, run: TaskRun | None, level: str, message: str) -> None:
        self.commands.append(WriteLog(run.id if run else None, level, message, self.now))
