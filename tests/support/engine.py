"""The engine run in memory: flows as YAML, no database, no Celery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from executions.executor.commands import Command
from executions.executor.events import (
    ChildEnded,
    Created,
    Event,
    KillRequested,
    Loaded,
    SubflowStarted,
    TaskLost,
    TaskStarted,
)
from executions.executor.model import Head, TaskRun
from plugins.contracts.state import State
from tests.support.engine_memory import START, MemoryEngine, changes_nothing, compiled, name_of

__all__ = ["START", "MemoryRun", "compiled", "held", "name_of", "run_flow"]

# No flow of the tests needs so many; a run that does goes round in a circle.
MOST_STEPS = 60_000


class MemoryRun(MemoryEngine):
    """One execution, as tests drive and read it."""

    # ---- what tests do --------------------------------------------------------------------------
    def start(self) -> MemoryRun:
        return self.feed(Created())

    def feed(self, event: Event) -> MemoryRun:
        self._push(event)
        while self._step():
            assert self.steps < MOST_STEPS, "the execution does not end"
        return self

    def repeat(self, event: Event) -> list[Command]:
        """The event once more. What comes of it, but for rows as they are already."""
        before = dict(self.rows), self.head_row
        seen = len(self.commands)
        self._advance(event)
        while not self.hold and self._step():
            pass
        after = dict(self.rows), self.head_row
        fresh = [item for item in self.commands[seen:] if not changes_nothing(item, *before)]
        assert not (fresh == [] and before != after)
        return fresh

    def token_of(self, task_id: str, value: str | None = None) -> tuple[TaskRun, str]:
        run = next(
            run
            for run in self._runs()
            if run.task_id == task_id and run.id in self.dispatched and value in (None, run.value)
        )
        return run, self.dispatched[run.id]

    def begin(self, task_id: str, value: str | None = None) -> MemoryRun:
        """A worker has claimed the oldest held attempt of a task."""
        run, token = self.token_of(task_id, value)
        return self.feed(TaskStarted(run.id, token, "w", self.now))

    def end(
        self, task_id: str, state: State = State.SUCCESS, value: str | None = None, **outputs: Any
    ) -> MemoryRun:
        """Ends the oldest held attempt of a task."""
        run, token = self.token_of(task_id, value)
        del self.dispatched[run.id]
        return self.feed(self.ended(run, token, (state, outputs or None)))

    def lose(self, task_id: str) -> MemoryRun:
        run, token = self.token_of(task_id)
        del self.dispatched[run.id]
        return self.feed(TaskLost(run.id, token, "w"))

    def wait_for_timer(self) -> MemoryRun:
        return self.feed(self._take_timer())

    def kill(self, *, cascade: bool = True) -> MemoryRun:
        return self.feed(KillRequested(cascade=cascade))

    def accept_child(self, task_id: str) -> Head:
        """The execution that a held Subflow asked for is created."""
        run = self.run_of(task_id, -1)
        command = self.requests.pop(run.id)
        child = self._child_of(run, command)
        self.feed(SubflowStarted(run.id, child))
        return child

    def child_ends(
        self, task_id: str, state: State, outputs: Mapping[str, Any] | None = None
    ) -> MemoryRun:
        run = self.run_of(task_id, -1)
        assert run.child_execution_id is not None
        return self.feed(ChildEnded(run.id, run.child_execution_id, state, outputs))

    def restart_owner(self) -> MemoryRun:
        """The owner dies; another reads the rows."""
        self._load()
        return self.feed(Loaded())

    # ---- what tests read ------------------------------------------------------------------------
    @property
    def state(self) -> State:
        return self.live.head.state

    @property
    def states(self) -> list[tuple[str, str]]:
        """(task id, state) in the order of creation."""
        return [(run.task_id, str(run.state)) for run in self._runs()]

    @property
    def story(self) -> str:
        """Task runs in the order in which they were created (+) and ended (-)."""
        return " ".join(self._story)

    @property
    def history(self) -> list[str]:
        return [str(state) for state, _ in self.live.head.history]

    @property
    def open(self) -> list[str]:
        """What is on a worker, oldest first."""
        return [name_of(run) for run in self._runs() if run.id in self.dispatched]

    def run_of(self, task_id: str, number: int = 0) -> TaskRun:
        return [run for run in self._runs() if run.task_id == task_id][number]

    def history_of(self, task_id: str, number: int = 0) -> list[str]:
        return [str(state) for state, _ in self.run_of(task_id, number).history]

    def given(self, kind: type) -> list[Any]:
        return [command for command in self.commands if isinstance(command, kind)]

    def ends(self) -> list[tuple[Any, ...]]:
        """How everything ended, comparable between runs."""
        paths = self.live.index.paths
        return sorted(
            (
                run.task_id,
                paths[run.id],
                run.iteration or 0,
                str(run.state),
                tuple(str(attempt.state) for attempt in run.attempts),
                str(run.outputs.value) if run.outputs and run.child_execution_id is None else "",
            )
            for run in self._runs()
        )


def run_flow(source: str, **options: Any) -> MemoryRun:
    return MemoryRun(source, **options).start()


def held(source: str, **options: Any) -> MemoryRun:
    """Started; what goes to workers waits for the test."""
    return MemoryRun(source, hold=True, **options).start()
