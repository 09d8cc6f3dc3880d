"""The engine run in memory: flows as YAML, no database, no Celery. Tasks run at once in the same
thread; timers fire when nothing else is left to do."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from executions.executor.commands import (
    Command,
    ContinueLater,
    CreateExecution,
    Dispatch,
    Render,
    RunInline,
    SaveExecution,
    SaveTaskRun,
    SetTimer,
    WriteLog,
)
from executions.executor.compiled import CompiledFlow, compile_flow
from executions.executor.engine import advance
from executions.executor.events import (
    Continue,
    Created,
    Event,
    Loaded,
    Moment,
    Rendered,
    TaskEnded,
    TimerDue,
)
from executions.executor.inline import run_inline
from executions.executor.model import Head, LiveExecution, Outputs, TaskRun
from executions.scope import Scope, Surroundings
from expressions.engine import ExpressionEngine
from flows.parsing import parse_flow
from plugins.contracts.state import State
from plugins.contracts.task import RunnableTask

ENGINE = ExpressionEngine()
START = datetime(2026, 1, 1, tzinfo=UTC)

Result = tuple[State, Mapping[str, Any] | None]


@dataclass
class MemoryRun:
    """One execution. `results` says how attempts of a task on a worker end, by task id, one after
    another; the last one stays. `hold`: dispatched attempts wait in `dispatched` for `end`."""

    source: str
    inputs: Mapping[str, Any] | None = None
    results: dict[str, list[Result]] = field(default_factory=dict)
    hold: bool = False
    flow: CompiledFlow = field(init=False)
    live: LiveExecution = field(init=False)
    logs: list[tuple[str | None, str, str]] = field(default_factory=list)
    dispatched: dict[str, str] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)
    timers: list[SetTimer] = field(default_factory=list)
    children: list[Head] = field(default_factory=list)
    rows: dict[str, TaskRun] = field(default_factory=dict)
    head_row: Head | None = None

    def __post_init__(self) -> None:
        document = parse_flow(self.source).document
        self.flow = compile_flow(
            document, revision=1, outputs={output.id: output.value for output in document.outputs}
        )
        self._ids = count(1)
        self._now = START
        self._events: deque[Event] = deque()
        head = Head(
            id=self._new_id(),
            tenant="main",
            namespace=self.flow.namespace,
            flow_id=self.flow.id,
            flow_revision=1,
            state=State.CREATED,
            history=((State.CREATED, START),),
            original_id="x",
            created_at=START,
            inputs=self.inputs,
        )
        self.live = LiveExecution(head)
        self.head_row = head

    # ---- what tests do --------------------------------------------------------------------------
    def start(self) -> MemoryRun:
        return self.feed(Created())

    def feed(self, event: Event) -> MemoryRun:
        self._events.append(event)
        while True:
            while self._events:
                self._advance(self._events.popleft())
            if not self.timers or self.hold:
                return self
            timer = min(self.timers, key=lambda item: item.due)
            self.timers.remove(timer)
            self._now = max(self._now, timer.due)
            self._events.append(TimerDue(timer.kind, timer.task_run_id, timer.token))

    def end(self, task_id: str, state: State = State.SUCCESS, **outputs: Any) -> MemoryRun:
        """Ends the oldest held attempt of a task."""
        run = next(
            run
            for run in self.live.task_runs.values()
            if run.task_id == task_id and run.id in self.dispatched
        )
        token = self.dispatched.pop(run.id)
        return self.feed(self._ended(run, token, state, outputs or None))

    def restart_owner(self) -> MemoryRun:
        """The owner dies; another reads the rows."""
        assert self.head_row is not None
        self.live = LiveExecution(
            head=self.head_row,
            task_runs={run.id: run for run in self.rows.values()},
            next_seq=max((run.seq for run in self.rows.values()), default=-1) + 1,
        )
        self.timers = []
        self._events.clear()
        self.dispatched = {}
        return self.feed(Loaded())

    @property
    def state(self) -> State:
        return self.live.head.state

    @property
    def states(self) -> list[tuple[str, str]]:
        """(task id, state) in the order of creation."""
        runs = sorted(self.live.task_runs.values(), key=lambda run: run.seq)
        return [(run.task_id, str(run.state)) for run in runs]

    @property
    def history(self) -> list[str]:
        return [str(state) for state, _ in self.live.head.history]

    def run_of(self, task_id: str, number: int = 0) -> TaskRun:
        runs = sorted(self.live.task_runs.values(), key=lambda run: run.seq)
        return [run for run in runs if run.task_id == task_id][number]

    # ---- inside ---------------------------------------------------------------------------------
    def _new_id(self) -> str:
        return f"{next(self._ids):022d}"

    def _advance(self, event: Event) -> None:
        self._now += timedelta(milliseconds=1)
        moment = Moment(self._now, self._new_id, lambda: 0.5)
        for command in advance(self.flow, self.live, event, moment):
            self.commands.append(command)
            handler: Callable[[Any], None] | None = self._handlers().get(type(command))
            if handler is not None:
                handler(command)

    def _handlers(self) -> dict[type, Callable[[Any], None]]:
        return {
            SaveExecution: self._save_execution,
            SaveTaskRun: self._save_task_run,
            RunInline: self._run_inline,
            Dispatch: self._dispatch,
            Render: self._render,
            SetTimer: self.timers.append,
            WriteLog: self._log,
            ContinueLater: lambda command: self._events.append(Continue(command.task_run_id)),
            CreateExecution: lambda command: self.children.append(command.head),
        }

    def _save_execution(self, command: SaveExecution) -> None:
        self.head_row = command.head

    def _save_task_run(self, command: SaveTaskRun) -> None:
        self.rows[command.task_run.id] = command.task_run

    def _log(self, command: WriteLog) -> None:
        run = self.live.task_runs.get(command.task_run_id or "")
        self.logs.append((run.task_id if run else None, command.level, command.message))

    def _run_inline(self, command: RunInline) -> None:
        run = self.live.task_runs[command.task_run_id]
        task = self.flow.places[run.task_id].task
        assert isinstance(task, RunnableTask)
        event, lines = run_inline(ENGINE, task, self.live.head, run, self._scope(run))
        self.logs.extend((run.task_id, level, message) for level, message in lines)
        self._events.append(event)

    def _dispatch(self, command: Dispatch) -> None:
        run = self.live.task_runs[command.task_run_id]
        if self.hold:
            self.dispatched[run.id] = command.token
            return
        script = self.results.get(run.task_id) or [(State.SUCCESS, None)]
        state, outputs = script.pop(0) if len(script) > 1 else script[0]
        self._events.append(self._ended(run, command.token, state, outputs))

    def _ended(
        self, run: TaskRun, token: str, state: State, outputs: Mapping[str, Any] | None
    ) -> TaskEnded:
        return TaskEnded(
            task_run_id=run.id,
            token=token,
            state=state,
            started_at=self._now,
            ended_at=self._now,
            worker_id="w",
            outputs=Outputs(value=outputs) if outputs is not None else None,
        )

    def _render(self, command: Render) -> None:
        run = self.live.task_runs.get(command.task_run_id or "")
        try:
            values = ENGINE.render_value(dict(command.templates), self._scope(run))
        except Exception as error:
            answer = Rendered(command.purpose, command.task_run_id, error=str(error))
        else:
            answer = Rendered(command.purpose, command.task_run_id, values=values)
        self._events.append(answer)

    def _scope(self, run: TaskRun | None) -> Scope:
        task_type = self.flow.places[run.task_id].task.type if run else ""
        return Scope(
            head=self.live.head,
            rows=lambda: (self.live.task_runs, self.live.index),
            surroundings=Surroundings(),
            run=run,
            task_type=task_type,
        )


def run_flow(source: str, **inputs: Any) -> MemoryRun:
    return MemoryRun(source, inputs=inputs or None).start()
