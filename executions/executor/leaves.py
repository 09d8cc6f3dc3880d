"""Task runs without children: how they start, end, are tried again, and how executions of other
flows hang on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from common.errors import Invalid
from executions.executor.commands import (
    CreateExecution,
    Dispatch,
    Render,
    RunInline,
    SetTimer,
    StartSubflow,
)
from executions.executor.events import (
    ChildEnded,
    SubflowStarted,
    TaskEnded,
    TaskLost,
    TaskStarted,
)
from executions.executor.model import Attempt, Outputs, TaskRun
from executions.executor.policy import decide
from executions.executor.rules.contract import Transition
from executions.executor.step import MESSAGE_LIMIT, Step
from plugins.contracts.state import State
from plugins.contracts.task import ExecutableTask, FlowableTask, RunnableTask

RETRY = "RETRY"
RUN_IF = "run_if"
REQUEST = "request"


def dispatch(step: Step, run: TaskRun) -> None:
    """A new attempt: a token, a row, then a worker (or the executor itself)."""
    task = step.place(run).task
    token = step.at.new_id()
    run = step.save(replace(run, token=token, available_at=step.now))
    if isinstance(task, RunnableTask) and task.is_inline:
        step.give(RunInline(run.id, token))
    else:
        step.give(Dispatch(run.id, token))


def note_started(step: Step, event: TaskStarted) -> None:
    run = step.live.task_runs.get(event.task_run_id)
    if run is None or run.token != event.token or run.state is not State.CREATED:
        return
    step.move(run, State.RUNNING, at=event.at)


def note_ended(step: Step, event: TaskEnded) -> None:
    """The attempt `event.token` is over. Older attempts and ended task runs are left alone."""
    run = step.live.task_runs.get(event.task_run_id)
    if run is None or run.token != event.token:
        return
    if run.state in (State.CREATED, State.RESTARTED):
        run = step.move(run, State.RUNNING, at=event.started_at)
    attempt = Attempt(
        number=len(run.attempts),
        state=event.state,
        history=_attempt_history(run, event),
        worker_id=event.worker_id,
    )
    run = replace(run, attempts=(*run.attempts, attempt), token=None, outputs=event.outputs)
    finish(step, run, event.state, message=event.message)


def _attempt_history(run: TaskRun, event: TaskEnded) -> tuple[tuple[State, datetime], ...]:
    created = run.available_at or event.started_at
    return (
        (State.CREATED, min(created, event.started_at)),
        (State.RUNNING, event.started_at),
        (event.state, event.ended_at),
    )


def note_lost(step: Step, run: TaskRun, event: TaskLost) -> None:
    """The worker vanished in the middle of it: marked, not counted, and tried again at once unless
    the execution is being killed, or nothing may be done twice."""
    states = [state for state, _ in run.history]
    begin = len(states) - 1 - states[::-1].index(State.CREATED)
    known = (entry for entry in run.history[begin:] if entry[0] is not State.KILLING)
    attempt = Attempt(
        number=len(run.attempts),
        state=State.FAILED,
        history=(*known, (State.FAILED, step.now)),
        worker_id=event.worker_id,
        is_lost=True,
    )
    run = replace(run, attempts=(*run.attempts, attempt), token=None)
    lost = f"The worker {event.worker_id or ''} was lost"
    if step.live.is_killing:
        step.log(run, "WARN", f"{lost} while the execution was killed.")
        finish(step, run, State.KILLED)
    elif event.may_restart:
        step.log(run, "WARN", f"{lost}; the attempt is started again.")
        dispatch(step, step.move(run, State.CREATED))
    else:
        message = (
            f"{lost} while it ran this task. What the task did until then stays; it is not started "
            "again, because the server's configuration forbids it."
        )
        step.log(run, "ERROR", message)
        finish(step, run, State.FAILED, message=message, may_retry=False)


def finish(
    step: Step,
    run: TaskRun,
    target: State,
    *,
    message: str | None = None,
    may_retry: bool = True,
) -> None:
    """Ends the task run in `target`, or in what the policy makes of it."""
    place = step.place(run)
    retry = place.retry if may_retry else None
    counted = [attempt for attempt in run.attempts if not attempt.is_lost]
    decision = decide(
        Transition(
            task=place.task,
            source=run.state,
            target=target,
            now=step.now,
            attempts=len(counted),
            first_started=_first_start(counted[0]) if counted else None,
            retry=retry,
            is_flowable=isinstance(place.task, FlowableTask),
            is_killing=step.live.is_killing,
            chance=step.at.chance() if retry else 0.5,
        )
    )
    if decision.is_rejected:
        return
    if message:
        run = replace(run, message=message[:MESSAGE_LIMIT])
    if decision.retry_in is not None:
        _try_again(step, run, decision)
        return
    step.move(run, decision.target)


def _first_start(attempt: Attempt) -> datetime:
    return next(
        (at for state, at in attempt.history if state is State.RUNNING), attempt.history[0][1]
    )


def _try_again(step: Step, run: TaskRun, decision: Transition) -> None:
    delay = decision.retry_in
    assert delay is not None
    run = step.move(run, State.RETRYING, outputs=None, available_at=step.now + delay)
    step.live.waiting_retries.add(run.id)
    if step.live.head.state is State.RUNNING:
        step.move_head(State.RETRYING)
    step.give(SetTimer(step.now + delay, RETRY, run.id, step.at.new_id()))


def retry_due(step: Step, run: TaskRun) -> None:
    is_early = run.available_at is not None and step.now < run.available_at
    if run.state is not State.RETRYING or is_early:
        return  # the timer of an earlier try
    step.live.waiting_retries.discard(run.id)
    if step.live.head.state is State.RETRYING and not step.live.waiting_retries:
        step.move_head(State.RUNNING)
    run = step.move(run, State.CREATED)
    if isinstance(step.place(run).task, ExecutableTask):
        ask_for_request(step, run)
    else:
        dispatch(step, run)


# ---- executions of other flows ------------------------------------------------------------------
def ask_for_request(step: Step, run: TaskRun) -> None:
    task = step.place(run).task
    assert isinstance(task, ExecutableTask)
    if run.state is not State.RUNNING:
        run = step.move(run, State.RUNNING, child_execution_id=None)
    step.give(Render(REQUEST, run.id, task.templates()))


def start_subflow(step: Step, run: TaskRun, values: dict[str, object]) -> None:
    task = step.place(run).task
    assert isinstance(task, ExecutableTask)
    try:
        request = task.request(values)
    except Invalid as error:
        refuse(step, run, str(error))
        return
    step.give(StartSubflow(run.id, request))


def note_subflow(step: Step, run: TaskRun, event: SubflowStarted) -> None:
    """The child is written in the same transaction as the task run that names it."""
    if run.state is not State.RUNNING or run.child_execution_id is not None:
        return
    child = event.child
    outputs = Outputs(value={"executionId": child.id})
    run = step.save(replace(run, child_execution_id=child.id, outputs=outputs))
    step.give(CreateExecution(child))
    if child.waiting_parent is None:
        end_executable(step, run, State.SUCCESS)


def note_child_ended(step: Step, run: TaskRun, event: ChildEnded) -> None:
    if run.state not in (State.RUNNING, State.KILLING):
        return
    if run.child_execution_id != event.child_execution_id:
        return
    task = step.place(run).task
    assert isinstance(task, ExecutableTask)
    value: dict[str, object] = {
        "executionId": event.child_execution_id,
        "state": str(event.state),
    }
    if event.outputs:
        value["outputs"] = dict(event.outputs)
    state = State.KILLED if step.live.is_killing else task.outcome(event.state)
    end_executable(step, replace(run, outputs=Outputs(value=value)), state)


def end_executable(step: Step, run: TaskRun, state: State, message: str | None = None) -> None:
    started = next((at for known, at in reversed(run.history) if known is State.RUNNING), step.now)
    attempt = Attempt(
        number=len(run.attempts),
        state=state,
        history=((State.CREATED, started), (State.RUNNING, started), (state, step.now)),
    )
    finish(step, replace(run, attempts=(*run.attempts, attempt)), state, message=message)


def refuse(step: Step, run: TaskRun, error: str) -> None:
    """Something that it needs could not be rendered or found."""
    step.log(run, "ERROR", error)
    if isinstance(step.place(run).task, ExecutableTask) and run.state is State.RUNNING:
        end_executable(step, run, State.FAILED, error)
    else:
        finish(step, run, State.FAILED, message=error)
