"""Turns the commands of one turn into what the store writes and what goes out after the commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from common.ids import shard_of
from executions import messages
from executions.dispatch.contract import WorkItem
from executions.executor.commands import (
    AskKill,
    CancelTimer,
    Command,
    CreateExecution,
    DeleteTaskRun,
    Dispatch,
    Forget,
    KillAttempt,
    SaveExecution,
    SaveTaskRun,
    SetTimer,
    TellParent,
    WriteLog,
)
from executions.executor.events import ChildEnded, Created, Event, KillRequested, TaskEnded
from executions.executor.inline import Line
from executions.executor.model import Head, TaskRun
from executions.executor.residents import Resident
from executions.rendering import expression_engine
from executions.store.contract import Batch, ClaimRequest, InboxRow, LogRow, TimerRow
from executions.templates import output_references
from plugins.contracts.task import RunnableTask


@dataclass(slots=True)
class Changes:
    """What one execution changes in one turn. Kept apart, so that an error in one spoils no
    other."""

    resident: Resident
    head: Head | None = None
    runs: dict[str, TaskRun] = field(default_factory=dict)
    new_runs: set[str] = field(default_factory=set)
    deleted_runs: list[str] = field(default_factory=list)
    children: list[Head] = field(default_factory=list)
    inbox: list[InboxRow] = field(default_factory=list)
    timers: list[TimerRow] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    logs: list[LogRow] = field(default_factory=list)
    dispatches: dict[str, WorkItem] = field(default_factory=dict)
    kills: list[ClaimRequest] = field(default_factory=list)
    is_over: bool = False

    def note_lines(self, run: TaskRun, event: TaskEnded, lines: list[Line]) -> None:
        """The log of an inline task."""
        for level, message in lines:
            row = _log_row(self.resident, run, level, message, event.started_at)
            self.logs.append(replace(row, attempt=len(run.attempts)))


def collect(changes: Changes, command: Command) -> None:
    """Notes a command that ends in rows or messages."""
    _COLLECTORS[type(command)](changes, command)


def is_collected(command: Command) -> bool:
    return type(command) in _COLLECTORS


def add_to_batch(batch: Batch, changes: Changes) -> None:
    head = changes.resident.live.head
    if changes.head is not None:
        batch.heads[head.id] = changes.head
    for run_id, run in changes.runs.items():
        target = batch.new_task_runs if run_id in changes.new_runs else batch.task_runs
        target[run_id] = (head, run)
        before = changes.resident.attempts_written.get(run_id, 0)
        batch.new_attempts.extend((head, run.id, attempt) for attempt in run.attempts[before:])
    batch.deleted_task_runs.extend((head, run_id) for run_id in changes.deleted_runs)
    batch.new_heads.extend(changes.children)
    batch.inbox.extend(changes.inbox)
    batch.timers.extend(changes.timers)
    batch.cancelled_timers.extend(changes.cancelled)
    batch.logs.extend(changes.logs)
    if changes.is_over:
        batch.ended.append(head.id)


def inbox_row(execution_id: str, event: Event) -> InboxRow:
    kind, payload = messages.inbox_payload(event)
    return InboxRow(shard_of(execution_id), execution_id, kind, payload)


def work_item(resident: Resident, task_run_id: str, token: str) -> WorkItem:
    head = resident.live.head
    run = resident.live.task_runs[task_run_id]
    task = resident.bundle.flow.places[run.task_id].task
    is_light = isinstance(task, RunnableTask) and task.is_light
    return WorkItem(
        tenant=head.tenant,
        namespace=head.namespace,
        execution_id=head.id,
        task_run_id=task_run_id,
        token=token,
        day=head.created_at,
        group=run.worker_group,
        is_light=is_light,
        reads=_reads(resident, run) if is_light else None,
    )


def _reads(resident: Resident, run: TaskRun) -> tuple[str, ...] | None:
    found = output_references(expression_engine(), resident.bundle, run.task_id)
    return None if found is None else tuple(sorted(found))


def _save_execution(changes: Changes, command: SaveExecution) -> None:
    changes.head = command.head


def _save_task_run(changes: Changes, command: SaveTaskRun) -> None:
    run = command.task_run
    if command.is_new:
        changes.new_runs.add(run.id)
    changes.runs[run.id] = run


def _delete_task_run(changes: Changes, command: DeleteTaskRun) -> None:
    changes.runs.pop(command.task_run_id, None)
    if command.task_run_id in changes.new_runs:
        changes.new_runs.discard(command.task_run_id)
    else:
        changes.deleted_runs.append(command.task_run_id)


def _dispatch(changes: Changes, command: Dispatch) -> None:
    item = work_item(changes.resident, command.task_run_id, command.token)
    changes.dispatches[command.task_run_id] = item


def _create_execution(changes: Changes, command: CreateExecution) -> None:
    changes.children.append(command.head)
    changes.inbox.append(inbox_row(command.head.id, Created()))


def _tell_parent(changes: Changes, command: TellParent) -> None:
    event = ChildEnded(
        command.task_run_id, command.child_execution_id, command.state, command.outputs
    )
    changes.inbox.append(inbox_row(command.execution_id, event))


def _ask_kill(changes: Changes, command: AskKill) -> None:
    changes.inbox.append(inbox_row(command.execution_id, KillRequested()))


def _set_timer(changes: Changes, command: SetTimer) -> None:
    resident = changes.resident
    changes.timers.append(
        TimerRow(
            due=command.due,
            shard=resident.shard,
            execution_id=resident.id,
            task_run_id=command.task_run_id,
            kind=command.kind,
            token=command.token,
        )
    )


def _cancel_timer(changes: Changes, command: CancelTimer) -> None:
    changes.cancelled.append(command.token)


def _kill_attempt(changes: Changes, command: KillAttempt) -> None:
    resident = changes.resident
    changes.dispatches.pop(command.task_run_id, None)
    changes.kills.append(
        ClaimRequest(resident.id, command.task_run_id, command.token, resident.day)
    )


def _write_log(changes: Changes, command: WriteLog) -> None:
    runs = changes.resident.live.task_runs
    run = runs.get(command.task_run_id) if command.task_run_id else None
    changes.logs.append(_log_row(changes.resident, run, command.level, command.message, command.at))


def _log_row(resident: Resident, run: TaskRun | None, level: str, message: str, at: Any) -> LogRow:
    head = resident.live.head
    return LogRow(
        tenant=head.tenant,
        namespace=head.namespace,
        flow_id=head.flow_id,
        execution_id=head.id,
        task_id=run.task_id if run else None,
        task_run_id=run.id if run else None,
        attempt=max(0, len(run.attempts) - 1) if run else None,
        level=level,
        message=message,
        timestamp=at,
        day=head.created_at,
        thread="executor",
    )


def _forget(changes: Changes, command: Forget) -> None:
    changes.is_over = True


_COLLECTORS: dict[type, Callable[[Changes, Any], None]] = {
    SaveExecution: _save_execution,
    SaveTaskRun: _save_task_run,
    DeleteTaskRun: _delete_task_run,
    Dispatch: _dispatch,
    CreateExecution: _create_execution,
    TellParent: _tell_parent,
    AskKill: _ask_kill,
    SetTimer: _set_timer,
    CancelTimer: _cancel_timer,
    KillAttempt: _kill_attempt,
    WriteLog: _write_log,
    Forget: _forget,
}
