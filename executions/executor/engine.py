"""The state machine: `advance(flow, live, event, at)` changes the aggregate and returns what is to
be done, as frozen commands. It knows no clock, database, network, Django or Celery: time, ids and
chance come in with `at`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from executions.executor import leaves
from executions.executor.commands import Command, Forget, Render, SetTimer, TellParent
from executions.executor.compiled import CompiledFlow
from executions.executor.events import (
    ChildEnded,
    Continue,
    Created,
    Event,
    KillRequested,
    LabelsSet,
    Loaded,
    Moment,
    Rendered,
    SubflowRefused,
    SubflowStarted,
    TaskEnded,
    TaskLost,
    TaskStarted,
    TimerDue,
)
from executions.executor.flowables import (
    PLAN,
    advance_frame,
    begin,
    lay_out,
    rebuild_frames,
    start_children,
    tell_parents,
)
from executions.executor.frames import Frame
from executions.executor.killing import kill
from executions.executor.model import LiveExecution, TaskRun
from executions.executor.resuming import ask_again
from executions.executor.step import MESSAGE_LIMIT, Step
from plugins.contracts.plan import Plan
from plugins.contracts.state import State
from plugins.contracts.task import FlowableTask
from plugins.contracts.truth import is_true

OUTPUTS = "outputs"
SCHEDULE = "SCHEDULE"

E = TypeVar("E")


def advance(flow: CompiledFlow, live: LiveExecution, event: Event, at: Moment) -> list[Command]:
    """One event. When the caller cannot commit what comes back, it must forget `live` and read the
    execution again."""
    step = Step(flow, live, at)
    _HANDLERS[type(event)](step, event)
    tell_parents(step)
    _end_if_over(step)
    return step.commands


# ---- the execution ------------------------------------------------------------------------------
def _on_created(step: Step, event: Created) -> None:
    head = step.live.head
    if head.state is not State.CREATED or step.live.is_scheduled:
        return
    if head.schedule_date is not None and head.schedule_date > step.now:
        # one timer an execution, however often its owner changes: the token is always the same
        step.live.is_scheduled = True
        step.give(SetTimer(head.schedule_date, SCHEDULE, None, f"{SCHEDULE}:{head.id}"))
        return
    _start(step)


def _start(step: Step) -> None:
    flow = step.flow
    step.move_head(State.RUNNING)
    step.live.frames[None] = Frame(Plan(flow.tasks), errors=flow.errors, finally_=flow.finally_)
    advance_frame(step, None)


def _on_loaded(step: Step, event: Loaded) -> None:
    live = step.live
    if live.head.is_ended:
        return
    if live.head.state is State.CREATED:
        _on_created(step, Created())
        return
    live.is_killing = live.head.state is State.KILLING
    rebuild_frames(step)
    ask_again(step)
    advance_frame(step, None)


def _end_if_over(step: Step) -> None:
    live = step.live
    if live.head.is_ended:
        if not live.open_runs:
            step.give(Forget())
        return
    root = live.frames.get(None)
    if live.is_killing:
        if not live.open_runs:
            _end(step, State.KILLED)
        return
    if root is None or not root.is_done or live.open_runs or live.is_ending:
        return
    if step.flow.outputs:
        live.is_ending = True
        step.give(Render(OUTPUTS, None, step.flow.outputs))
    else:
        _end(step, root.worst)


def _end(step: Step, state: State, **changes: Any) -> None:
    head = step.move_head(state, **changes)
    parent = head.waiting_parent
    if parent is not None:
        step.give(TellParent(parent.execution_id, parent.task_run_id, head.id, state, head.outputs))
    step.give(Forget())


def _on_outputs(step: Step, event: Rendered) -> None:
    root = step.live.frames[None]
    if event.error is not None:
        step.log(None, "ERROR", event.error)
        _end(step, State.FAILED, message=event.error[:MESSAGE_LIMIT])
    else:
        _end(step, root.worst, outputs=dict(event.values or {}))


def _on_kill(step: Step, event: KillRequested) -> None:
    kill(step, cascade=event.cascade)


def _on_labels(step: Step, event: LabelsSet) -> None:
    step.set_head(labels=event.labels)


def _on_continue(step: Step, event: Continue) -> None:
    if event.task_run_id in step.live.frames and not step.live.is_killing:
        run = step.live.task_runs[event.task_run_id] if event.task_run_id else None
        start_children(step, run)


# ---- task runs ----------------------------------------------------------------------------------
def _open_run(step: Step, task_run_id: str | None) -> TaskRun | None:
    """The task run, unless it has ended: answers that come too late change nothing."""
    run = step.live.task_runs.get(task_run_id or "")
    return None if run is None or run.is_ended else run


def _on_rendered(step: Step, event: Rendered) -> None:
    if event.purpose == OUTPUTS:
        if step.live.is_ending and not step.live.head.is_ended:
            _on_outputs(step, event)
        return
    run = _open_run(step, event.task_run_id)
    if run is None or not _is_awaited(step, run, event.purpose):
        return
    if event.error is not None:
        leaves.refuse(step, run, event.error)
    elif event.purpose == leaves.RUN_IF:
        if not is_true((event.values or {}).get("condition")):
            step.move(run, State.SKIPPED)
        else:
            begin(step, run)
    elif event.purpose == PLAN:
        lay_out(step, run, dict(event.values or {}))
    else:
        leaves.start_subflow(step, run, dict(event.values or {}))


def _is_awaited(step: Step, run: TaskRun, purpose: str) -> bool:
    """After a restart the same is asked for twice: the second answer changes nothing."""
    if purpose == leaves.RUN_IF:
        return run.state is State.CREATED and run.token is None
    if run.state is not State.RUNNING:
        return False
    return run.id not in step.live.frames and run.child_execution_id is None


def _on_task_lost(step: Step, event: TaskLost) -> None:
    run = _open_run(step, event.task_run_id)
    if run is not None and run.token == event.token:
        leaves.note_lost(step, run, event)


def _on_timer(step: Step, event: TimerDue) -> None:
    if event.kind == SCHEDULE:
        if step.live.head.state is State.CREATED:
            _start(step)
        return
    run = _open_run(step, event.task_run_id)
    if run is not None and not isinstance(step.place(run).task, FlowableTask):
        leaves.retry_due(step, run)


def _on_subflow_started(step: Step, event: SubflowStarted) -> None:
    run = _open_run(step, event.task_run_id)
    if run is not None:
        leaves.note_subflow(step, run, event)


def _on_subflow_refused(step: Step, event: SubflowRefused) -> None:
    run = _open_run(step, event.task_run_id)
    if run is not None and _is_awaited(step, run, leaves.REQUEST):
        leaves.refuse(step, run, event.error)


def _on_child_ended(step: Step, event: ChildEnded) -> None:
    run = _open_run(step, event.task_run_id)
    if run is not None:
        leaves.note_child_ended(step, run, event)


def _handler(function: Callable[[Step, E], None]) -> Callable[[Step, Event], None]:
    return cast(Callable[[Step, Event], None], function)


_HANDLERS: dict[type, Callable[[Step, Event], None]] = {
    Created: _handler(_on_created),
    Loaded: _handler(_on_loaded),
    Rendered: _handler(_on_rendered),
    TaskStarted: _handler(leaves.note_started),
    TaskEnded: _handler(leaves.note_ended),
    TaskLost: _handler(_on_task_lost),
    TimerDue: _handler(_on_timer),
    SubflowStarted: _handler(_on_subflow_started),
    SubflowRefused: _handler(_on_subflow_refused),
    ChildEnded: _handler(_on_child_ended),
    KillRequested: _handler(_on_kill),
    Continue: _handler(_on_continue),
    LabelsSet: _handler(_on_labels),
}
