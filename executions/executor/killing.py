"""The end by request: what waits ends at once, what runs is asked to end."""

from __future__ import annotations

from executions.executor.commands import AskKill, KillAttempt
from executions.executor.leaves import end_executable, finish
from executions.executor.model import TaskRun
from executions.executor.step import Step
from plugins.contracts.state import State
from plugins.contracts.task import ExecutableTask, FlowableTask


def kill(step: Step, *, cascade: bool) -> None:
    live = step.live
    if live.head.is_ended or live.is_killing:
        return
    live.is_killing = True
    step.move_head(State.KILLING)
    # children before parents: a flowable ends when nothing below it is open
    open_runs = [live.task_runs[run_id] for run_id in live.open_runs]
    for run in sorted(open_runs, key=lambda run: run.seq, reverse=True):
        _kill_run(step, live.task_runs[run.id], cascade=cascade)
    for frame in live.frames.values():
        frame.close()


def _kill_run(step: Step, run: TaskRun, *, cascade: bool) -> None:
    task = step.place(run).task
    if isinstance(task, FlowableTask):
        frame = step.live.frames.get(run.id)
        if frame is None or frame.open == 0:
            finish(step, run, State.KILLED)
    elif isinstance(task, ExecutableTask) and run.state is State.RUNNING:
        if cascade and run.child_execution_id is not None:
            step.give(AskKill(run.child_execution_id))
            step.move(run, State.KILLING)
        else:
            end_executable(step, run, State.KILLED)
    elif run.token is not None:
        step.move(run, State.KILLING)
        step.give(KillAttempt(run.id, run.token))
    else:
        finish(step, run, State.KILLED)
