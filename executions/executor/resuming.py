"""After a restart or a take-over: what was under way and only lived in the old owner's memory is
asked for again."""

from __future__ import annotations

from executions.executor.commands import AskKill, Dispatch, KillAttempt, Render
from executions.executor.flowables import PLAN, advance_frame, begin
from executions.executor.leaves import REQUEST, RUN_IF
from executions.executor.model import TaskRun
from executions.executor.step import Step
from plugins.contracts.state import State
from plugins.contracts.task import ExecutableTask, FlowableTask, Task


def ask_again(step: Step) -> None:
    """The service ignores a `Dispatch` whose attempt a living worker holds."""
    live = step.live
    for run in sorted(live.task_runs.values(), key=lambda run: run.seq):
        if run.is_ended:
            continue
        live.open_runs.add(run.id)
        task = step.place(run).task
        if isinstance(task, FlowableTask):
            _flowable(step, run, task)
        elif isinstance(task, ExecutableTask):
            _executable(step, run, task)
        else:
            _runnable(step, run, task)


def _flowable(step: Step, run: TaskRun, task: FlowableTask) -> None:
    if run.state is State.CREATED:
        _not_begun(step, run, task)
    elif run.id in step.live.frames:
        advance_frame(step, run)
    else:
        step.give(Render(PLAN, run.id, task.templates()))


def _executable(step: Step, run: TaskRun, task: ExecutableTask) -> None:
    if run.state is State.CREATED:
        _not_begun(step, run, task)
    elif run.state is State.RETRYING:
        step.live.waiting_retries.add(run.id)
    elif run.child_execution_id is None:
        step.give(Render(REQUEST, run.id, task.templates()))
    elif run.state is State.KILLING:
        step.give(AskKill(run.child_execution_id))


def _runnable(step: Step, run: TaskRun, task: Task) -> None:
    if run.state is State.RETRYING:
        step.live.waiting_retries.add(run.id)
    elif run.token is None:
        _not_begun(step, run, task)
    elif run.state is State.KILLING:
        step.give(KillAttempt(run.id, run.token))
    else:
        step.give(Dispatch(run.id, run.token))


def _not_begun(step: Step, run: TaskRun, task: Task) -> None:
    if task.may_be_skipped:
        step.give(Render(RUN_IF, run.id, {"condition": task.run_if}))
    else:
        begin(step, run)
