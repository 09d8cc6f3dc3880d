"""Executions that go, with what they left: at once if nothing of them runs any more, else they are
hidden, killed, and removed by housekeeping (`remove_hidden_executions`) when they have come to
rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from audit.choices import AuditType
from common.actor import Actor
from executions.choices import Kept
from executions.errors import BulkRefused
from executions.executor.events import KillRequested
from executions.models import Attempt, Execution, InboxRow, LogEntry, Metric, TaskRun, Timer
from executions.queries.details import executions_by_ids
from executions.queries.files import folder_of
from executions.requests import write_requests
from executions.services.killing import NOT_FOUND
from executions.services.requesting import request_row
from executions.services.trail import record_act
from executions.store.rows import day_of
from plugins.contracts.state import TERMINAL
from storage.errors import FileMissing
from tenants.storages import storage_of

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class DeletionScope:
    """What goes beside the executions and their task runs."""

    logs: bool = True
    metrics: bool = True
    files: bool = True

    @property
    def kept(self) -> Kept:
        return (
            (Kept(0) if self.logs else Kept.LOGS)
            | (Kept(0) if self.metrics else Kept.METRICS)
            | (Kept(0) if self.files else Kept.FILES)
        )


EVERYTHING = DeletionScope()


@transaction.atomic
def delete_execution(
    *, actor: Actor, execution: Execution, scope: DeletionScope = EVERYTHING
) -> None:
    """One that has not ended is killed."""
    _delete(actor, [execution], scope)


@transaction.atomic
def delete_executions(
    *,
    actor: Actor,
    ids: Sequence[str],
    scope: DeletionScope = EVERYTHING,
    include_running: bool = False,
) -> int:
    """All or none. Raises BulkRefused where one is unknown or, without `include_running`, has not
    ended."""
    found = {row.public_id: row for row in executions_by_ids(ids)}
    reasons = {each: NOT_FOUND for each in ids if each not in found}
    if not include_running:
        for key, row in found.items():
            if row.state not in TERMINAL:
                reasons[key] = f"execution has not ended, its state is {row.state}"
    if reasons:
        raise BulkRefused("invalid bulk delete", reasons=reasons)
    _delete(actor, list(found.values()), scope)
    return len(found)


def remove_hidden_executions(*, limit: int = _CHUNK) -> int:
    """Housekeeping, in the current tenant: removes what was deleted while it ran and has ended,
    but what the deletion was told to keep. Gives how many went, at most `limit`."""
    rows = list(Execution.objects.filter(deleted=True, is_open=False)[:limit])
    by_kept: dict[Kept, list[Execution]] = {}
    for row in rows:
        by_kept.setdefault(Kept(row.kept), []).append(row)
    for kept, chunk in by_kept.items():
        if Kept.FILES not in kept:
            _remove_files(chunk)  # first: a storage that does not answer leaves the rows to find it
        with transaction.atomic():
            _remove_rows(chunk, kept)
    return len(rows)


def _delete(actor: Actor, rows: Sequence[Execution], scope: DeletionScope) -> None:
    if not rows:
        return
    record_act(
        actor=actor,
        type=AuditType.DELETE,
        executions=[(row.public_id, row) for row in rows],
    )
    running = [row for row in rows if row.is_open]
    if running:
        Execution.objects.filter(pk__in=[row.pk for row in running]).update(
            deleted=True, kept=scope.kept
        )
        write_requests(inbox=[request_row(row.public_id, KillRequested()) for row in running])
    ended = [row for row in rows if not row.is_open]
    _remove_rows(ended, scope.kept)
    if scope.files:
        transaction.on_commit(lambda: _remove_files(ended))


def _remove_rows(rows: Sequence[Execution], kept: Kept) -> None:
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        ids = [row.public_id for row in chunk]
        days = {day_of(row.created_at) for row in chunk}
        below = Q(day__in=days, execution_id__in=ids)
        TaskRun.objects.filter(below).delete()
        Attempt.objects.filter(below).delete()
        if Kept.LOGS not in kept:
            LogEntry.objects.filter(below).delete()
        if Kept.METRICS not in kept:
            Metric.objects.filter(below).delete()
        InboxRow.objects.filter(execution_id__in=ids).delete()
        Timer.objects.filter(execution_id__in=ids).delete()
        Execution.objects.filter(public_id__in=ids).delete()


def _remove_files(rows: Sequence[Execution]) -> None:
    for row in rows:
        storage = storage_of(tenant=row.tenant, namespace=row.namespace)
        try:
            storage.delete_prefix(row.tenant, folder_of(row))
        except FileMissing:
            continue  # it has stored nothing
