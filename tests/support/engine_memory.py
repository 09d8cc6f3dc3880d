"""What is around the engine when it runs in memory: rows, timers, workers, other executions.

What happens next is the event of the oldest task run, so a run depends on its rows alone and a
restarted owner must come to the same end. Timers fire when nothing else is left to do."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from common.json import dump_bytes, loads
from executions.executor.commands import (
    AskKill,
    CancelTimer,
    Command,
    ContinueLater,
    CreateExecution,
    DeleteTaskRun,
    Dispatch,
    Forget,
    KillAttempt,
    Render,
    RunInline,
    SaveExecution,
    SaveTaskRun,
    SetTimer,
    StartSubflow,
    TellParent,
    WriteLog,
)
from executions.executor.compiled import CompiledFlow, compile_flow
from executions.executor.engine import advance
from executions.executor.events import (
    ChildEnded,
    Continue,
    Created,
    Event,
    KillRequested,
    Loaded,
    Moment,
    Rendered,
    SubflowRefused,
    SubflowStarted,
    TaskEnded,
    TaskLost,
    TimerDue,
)
from executions.executor.inline import run_inline
from executions.executor.model import Head, LiveExecution, Outputs, ParentRef, TaskRun
from executions.scope import Rows, Scope, Surroundings
from expressions.engine import ExpressionEngine
from flows.parsing import parse_flow
from plugins.contracts.state import State
from plugins.contracts.task import RunnableTask
from tests.support.work import Work, registry_of_tests

ENGINE = ExpressionEngine()
START = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = "id: flow\nnamespace: company.team\n"

# How an attempt on a worker ends. None: its worker is lost.
Result = State | tuple[State, Mapping[str, Any] | None] | None
# How the execution of another flow ends; a text: why it cannot start.
ChildResult = State | tuple[State, Mapping[str, Any] | None] | str
# Rows of the inbox: they outlive the owner.
LASTING = (Created, ChildEnded, KillRequested)


@dataclass
class MemoryEngine:
    """One execution. `results` and `subflows` say how the attempts of a task end, by task id, one
    after another; the last one stays. `hold`: what was asked for waits for the test."""

    source: str
    inputs: Mapping[str, Any] | None = None
    results: Mapping[str, list[Result]] = field(default_factory=dict)
    subflows: Mapping[str, list[ChildResult]] = field(default_factory=dict)
    result_of: Callable[[TaskRun], Result] | None = None
    hold: bool = False
    chance: float = 0.5
    schedule_date: datetime | None = None
    waiting_parent: ParentRef | None = None
    labels: tuple[tuple[str, str], ...] = ()
    # Steps (counted from 0) before which the owner dies, or a kill is asked for.
    restarts: Collection[int] = ()
    kill_at: int | None = None

    def __post_init__(self) -> None:
        self.flow: CompiledFlow = compiled(self.source)
        self._ids = count(1)
        self.now = START
        self._pending: list[tuple[int, int, Event]] = []
        self._order = count()
        self._handlers = _handlers_of(self)
        self.steps = 0
        self.past: list[Event] = []
        self.commands: list[Command] = []
        self.logs: list[tuple[str | None, str, str]] = []
        self.dispatched: dict[str, str] = {}
        self.tokens: list[str] = []
        self._tokens_of_owner: set[str] = set()
        self.timers: list[SetTimer] = []
        self.requests: dict[str, StartSubflow] = {}
        self.children: list[Head] = []
        self.rows: dict[str, TaskRun] = {}
        self.born: dict[str, int] = {}
        self.died: dict[str, int] = {}
        self._serial = count()
        self._story: list[str] = []
        self.is_forgotten = False
        head = Head(
            id=self.new_id(),
            tenant="main",
            namespace=self.flow.namespace,
            flow_id=self.flow.id,
            flow_revision=1,
            state=State.CREATED,
            history=((State.CREATED, START),),
            original_id="x",
            created_at=START,
            inputs=self.inputs,
            schedule_date=self.schedule_date,
            waiting_parent=self.waiting_parent,
            labels=self.labels,
        )
        self.live = LiveExecution(head)
        self.head_row = head

    def ended(self, run: TaskRun, token: str, result: Result) -> TaskEnded:
        state, outputs = result if isinstance(result, tuple) else (result, None)
        assert state is not None
        return TaskEnded(
            task_run_id=run.id,
            token=token,
            state=state,
            started_at=self.now,
            ended_at=self.now,
            worker_id="w",
            outputs=Outputs(value=outputs) if outputs is not None else None,
        )

    def new_id(self) -> str:
        return f"{next(self._ids):022d}"

    def _runs(self) -> list[TaskRun]:
        return sorted(self.live.task_runs.values(), key=lambda run: run.seq)

    # ---- one step -------------------------------------------------------------------------------
    def _push(self, event: Event) -> None:
        run = self.live.task_runs.get(getattr(event, "task_run_id", None) or "")
        heapq.heappush(self._pending, (run.seq if run else -1, next(self._order), event))

    def _step(self) -> bool:
        if self.steps == self.kill_at:
            self.kill_at = None
            self._advance(KillRequested())
        # what is over is not loaded again
        if self.steps in self.restarts and not self.is_forgotten:
            self._load()
            self._advance(Loaded())
        if self._pending:
            event = heapq.heappop(self._pending)[2]
        elif self.timers and not self.hold:
            event = self._take_timer()
        else:
            return False
        self.now += timedelta(milliseconds=1)
        self.steps += 1
        self.past.append(event)
        self._advance(event)
        return True

    def _take_timer(self) -> TimerDue:
        timer = min(self.timers, key=lambda item: item.due)
        self.timers.remove(timer)
        self.now = max(self.now, timer.due)
        return TimerDue(timer.kind, timer.task_run_id, timer.token)

    def _advance(self, event: Event) -> None:
        moment = Moment(self.now, self.new_id, lambda: self.chance)
        commands = advance(self.flow, self.live, event, moment)
        assert not self.head_row.is_ended or all(
            isinstance(command, Forget | SaveExecution) for command in commands
        ), f"{commands} after the end"
        for command in commands:
            self.commands.append(command)
            self._handlers[type(command)](command)
        assert self.rows.keys() == self.live.task_runs.keys()
        assert self.head_row == self.live.head

    def _load(self) -> None:
        self.live = LiveExecution(
            head=self.head_row,
            task_runs={run.id: _as_read(run) for run in self.rows.values()},
            next_seq=max((run.seq for run in self.rows.values()), default=-1) + 1,
        )
        lasting = [entry for entry in self._pending if isinstance(entry[2], LASTING)]
        self._pending = lasting
        heapq.heapify(self._pending)
        self.dispatched = {}
        self.requests = {}
        self._tokens_of_owner.clear()

    # ---- the commands ---------------------------------------------------------------------------
    def save_execution(self, command: SaveExecution) -> None:
        assert not self.head_row.is_ended or command.head.state is self.head_row.state
        self.head_row = command.head

    def save_task_run(self, command: SaveTaskRun) -> None:
        run = command.task_run
        known = self.rows.get(run.id)
        assert command.is_new is (known is None)
        assert known is None or not known.is_ended, f"{known} was changed after its end"
        assert known is None or run.history[: len(known.history)] == known.history
        self.rows[run.id] = run
        serial = next(self._serial)
        if known is None:
            self.born[run.id] = serial
            self._story.append(f"+{name_of(run)}")
        if run.is_ended:
            self.died[run.id] = serial
            self._story.append(f"-{name_of(run)}")

    def delete_task_run(self, command: DeleteTaskRun) -> None:
        del self.rows[command.task_run_id]

    def log(self, command: WriteLog) -> None:
        run = self.live.task_runs.get(command.task_run_id or "")
        self.logs.append((run.task_id if run else None, command.level, command.message))

    def run_inline(self, command: RunInline) -> None:
        self._run_here(self._note_token(command))

    def _run_here(self, run: TaskRun) -> None:
        task = self.flow.places[run.task_id].task
        assert isinstance(task, RunnableTask)
        event, lines = run_inline(ENGINE, task, self.live.head, run, self._scope(run))
        self.logs.extend((run.task_id, level, message) for level, message in lines)
        self._push(replace(event, started_at=self.now, ended_at=self.now))

    def dispatch(self, command: Dispatch) -> None:
        run = self._note_token(command)
        if not isinstance(self.flow.places[run.task_id].task, Work):
            self._run_here(run)  # a new owner gives inline tasks to workers
            return
        if self.hold:
            self.dispatched[run.id] = command.token
            return
        result = self.result_of(run) if self.result_of else _next(self.results, run, State.SUCCESS)
        if result is None:
            self._push(TaskLost(run.id, command.token, "w"))
        else:
            self._push(self.ended(run, command.token, result))

    def _note_token(self, command: Dispatch | RunInline) -> TaskRun:
        """Nothing is sent twice by one owner, nothing while the execution is killed."""
        assert command.token not in self._tokens_of_owner
        assert not self.live.is_killing
        self._tokens_of_owner.add(command.token)
        self.tokens.append(command.token)
        run = self.live.task_runs[command.task_run_id]
        assert run.token == command.token
        return run

    def kill_attempt(self, command: KillAttempt) -> None:
        run = self.live.task_runs[command.task_run_id]
        if not self.hold:
            self._push(self.ended(run, command.token, State.KILLED))

    def render(self, command: Render) -> None:
        run = self.live.task_runs.get(command.task_run_id or "")
        try:
            values = ENGINE.render_value(dict(command.templates), self._scope(run))
        except Exception as error:
            answer = Rendered(command.purpose, command.task_run_id, error=str(error))
        else:
            answer = Rendered(command.purpose, command.task_run_id, values=values)
        self._push(answer)

    def start_subflow(self, command: StartSubflow) -> None:
        run = self.live.task_runs[command.task_run_id]
        if self.hold:
            self.requests[run.id] = command
            return
        result = _next(self.subflows, run, State.SUCCESS)
        if isinstance(result, str) and not isinstance(result, State):
            self._push(SubflowRefused(run.id, result))
        else:
            self._push(SubflowStarted(run.id, self._child_of(run, command)))

    def create_execution(self, command: CreateExecution) -> None:
        child = command.head
        self.children.append(child)
        if self.hold or child.waiting_parent is None:
            return
        run = self.live.task_runs[child.waiting_parent.task_run_id]
        result = _next(self.subflows, run, State.SUCCESS)
        state, outputs = result if isinstance(result, tuple) else (State(result), None)
        self._push(ChildEnded(run.id, child.id, state, outputs))

    def ask_kill(self, command: AskKill) -> None:
        child = next(item for item in self.children if item.id == command.execution_id)
        if not self.hold and child.waiting_parent is not None:
            self._push(ChildEnded(child.waiting_parent.task_run_id, child.id, State.KILLED))

    def set_timer(self, command: SetTimer) -> None:
        self.timers.append(command)

    def cancel_timer(self, command: CancelTimer) -> None:
        self.timers = [timer for timer in self.timers if timer.token != command.token]

    def forget(self, command: Forget) -> None:
        assert self.head_row.is_ended
        self.is_forgotten = True

    def continue_later(self, command: ContinueLater) -> None:
        self._push(Continue(command.task_run_id))

    def tell_parent(self, command: TellParent) -> None:
        """Another execution's matter."""

    def _child_of(self, run: TaskRun, command: StartSubflow) -> Head:
        request = command.request
        return replace(
            self.live.head,
            id=self.new_id(),
            flow_id=request.flow_id,
            namespace=request.namespace,
            state=State.CREATED,
            history=((State.CREATED, self.now),),
            inputs=request.inputs,
            waiting_parent=ParentRef(self.live.id, run.id) if request.wait else None,
        )

    def _scope(self, run: TaskRun | None) -> Scope:
        task_type = self.flow.places[run.task_id].task.type if run else ""
        return Scope(
            head=self.live.head,
            rows=Rows.of(self.live.task_runs, self.live.index),
            surroundings=Surroundings(),
            run=run,
            task_type=task_type,
        )


def compiled(source: str) -> CompiledFlow:
    document = parse_flow(HEADER + source, registry=registry_of_tests()).document
    outputs = {output.id: output.value for output in document.outputs}
    return compile_flow(document, revision=1, outputs=outputs)


def name_of(run: TaskRun) -> str:
    return run.task_id if run.value is None else f"{run.task_id}[{run.value}]"


def _next(script: Mapping[str, list[Any]], run: TaskRun, otherwise: Any) -> Any:
    answers = script.get(run.task_id) or [otherwise]
    return answers[min(len(run.attempts), len(answers) - 1)]


def _as_read(run: TaskRun) -> TaskRun:
    """User data has been JSON meanwhile."""
    plan = loads(dump_bytes(run.plan)) if run.plan is not None else None
    outputs = run.outputs
    if outputs is not None:
        outputs = replace(outputs, value=loads(dump_bytes(outputs.value)))
    return replace(run, plan=plan, outputs=outputs)


def changes_nothing(command: Command, rows: Mapping[str, TaskRun], head: Head) -> bool:
    if isinstance(command, SaveExecution):
        return command.head == head
    if isinstance(command, SaveTaskRun):
        return rows.get(command.task_run.id) == command.task_run
    return isinstance(command, Forget | ContinueLater)


def _handlers_of(run: MemoryEngine) -> dict[type, Callable[[Any], None]]:
    return {
        SaveExecution: run.save_execution,
        SaveTaskRun: run.save_task_run,
        DeleteTaskRun: run.delete_task_run,
        Dispatch: run.dispatch,
        RunInline: run.run_inline,
        Render: run.render,
        StartSubflow: run.start_subflow,
        CreateExecution: run.create_execution,
        TellParent: run.tell_parent,
        AskKill: run.ask_kill,
        SetTimer: run.set_timer,
        CancelTimer: run.cancel_timer,
        KillAttempt: run.kill_attempt,
        WriteLog: run.log,
        ContinueLater: run.continue_later,
        Forget: run.forget,
    }
