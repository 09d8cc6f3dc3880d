"""Task runs with children: laying them out, starting the next, and what their ends lead to."""

from __future__ import annotations

from dataclasses import replace

from common.errors import Invalid
from executions.executor.commands import ContinueLater, Render
from executions.executor.frames import STARTS_IN_A_STEP, Frame, Start
from executions.executor.leaves import RUN_IF, ask_for_request, dispatch, finish, refuse
from executions.executor.model import Outputs, TaskRun
from executions.executor.step import Step
from plugins.contracts.plan import Plan
from plugins.contracts.state import State
from plugins.contracts.task import ExecutableTask, FlowableTask

PLAN = "plan"


def start_children(step: Step, parent: TaskRun | None) -> None:
    """Starts what may start below a flowable (None: the flow itself)."""
    parent_id = parent.id if parent else None
    frame = step.live.frames[parent_id]
    for start in frame.startable(STARTS_IN_A_STEP - step.starts):
        step.starts += 1
        _start(step, parent, start)
    if frame.has_more():
        step.give(ContinueLater(parent_id))


def _start(step: Step, parent: TaskRun | None, start: Start) -> None:
    run = step.create(start.task.id, parent, start.value, start.iteration)
    if start.task.may_be_skipped:
        step.give(Render(RUN_IF, run.id, {"condition": start.task.run_if}))
    else:
        begin(step, run)


def begin(step: Step, run: TaskRun) -> None:
    """The task run may run: its `runIf` holds."""
    task = step.place(run).task
    if isinstance(task, FlowableTask):
        run = step.move(run, State.RUNNING)
        templates = task.templates()
        if templates:
            step.give(Render(PLAN, run.id, templates))
        else:
            lay_out(step, run, {})
    elif isinstance(task, ExecutableTask):
        ask_for_request(step, run)
    else:
        dispatch(step, run)


def lay_out(step: Step, run: TaskRun, values: dict[str, object]) -> None:
    """Makes the plan from the rendered templates and starts the first children."""
    task = step.place(run).task
    assert isinstance(task, FlowableTask)
    try:
        plan = task.plan(values)
    except Invalid as error:
        refuse(step, run, str(error))
        return
    if values or plan.outputs:
        outputs = Outputs(value=plan.outputs) if plan.outputs else None
        run = step.save(replace(run, plan=values or None, outputs=outputs))
    step.live.frames[run.id] = frame_of(task, plan)
    advance_frame(step, run)


def frame_of(task: FlowableTask, plan: Plan) -> Frame:
    return Frame(plan, errors=task.errors or (), finally_=task.finally_ or ())


def advance_frame(step: Step, run: TaskRun | None) -> None:
    """Starts what follows; ends the flowable when nothing does."""
    frame = step.live.frames[run.id if run else None]
    if step.live.is_killing:
        frame.close()
        if run is not None and frame.open == 0:
            finish(step, run, State.KILLED)
        return
    frame.move_on()
    if not frame.is_done:
        start_children(step, run)
        return
    if run is not None and not run.is_ended:
        task = step.place(run).task
        assert isinstance(task, FlowableTask)
        finish(step, run, task.outcome(frame.worst))


def tell_parents(step: Step) -> None:
    """Passes each end upwards, until nothing more happens in this step."""
    live = step.live
    while step.ended:
        run = step.ended.popleft()
        _drop_frame_if_over(step, run)
        frame = live.frames.get(run.parent_id)
        if frame is None:
            continue
        frame.note_ended(run.task_id, run.iteration, run.state, step.phase_of(run))
        parent = live.task_runs[run.parent_id] if run.parent_id else None
        advance_frame(step, parent)
        if parent is not None:
            _drop_frame_if_over(step, live.task_runs[parent.id])


def _drop_frame_if_over(step: Step, run: TaskRun) -> None:
    """A failed flowable keeps its frame while siblings of the failed child go on to their end."""
    frame = step.live.frames.get(run.id)
    if frame is not None and run.is_ended and frame.open == 0:
        del step.live.frames[run.id]


def rebuild_frames(step: Step) -> None:
    """After a restart: the frames from the task runs, in the order of their creation."""
    live = step.live
    live.frames = {
        None: Frame(Plan(step.flow.tasks), errors=step.flow.errors, finally_=step.flow.finally_)
    }
    for run in sorted(live.task_runs.values(), key=lambda run: run.seq):
        live.index.add(run)
        place = step.flow.places[run.task_id]
        parent = live.frames.get(run.parent_id)
        if parent is not None:
            parent.restore(Start(place.task, run.iteration, run.value), run.state, place.phase)
        if isinstance(place.task, FlowableTask) and _was_laid_out(place.task, run):
            live.frames[run.id] = frame_of(place.task, place.task.plan(dict(run.plan or {})))
    for frame in live.frames.values():
        frame.restored()
    for run in live.task_runs.values():
        _drop_frame_if_over(step, run)


def _was_laid_out(task: FlowableTask, run: TaskRun) -> bool:
    if run.state is State.CREATED:
        return False
    return run.plan is not None or not task.templates()
