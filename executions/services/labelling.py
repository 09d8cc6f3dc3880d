"""Labels of executions that have ended."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from audit.choices import AuditType
from common.actor import Actor
from executions.errors import BulkRefused, ExecutionNotEnded
from executions.executor.events import LabelsSet
from executions.models import Execution
from executions.queries.details import executions_by_ids
from executions.requests import write_requests
from executions.services.creating import check_labels
from executions.services.killing import NOT_FOUND
from executions.services.requesting import request_row
from executions.services.trail import record_act
from executions.store.rows import labels_of
from plugins.contracts.state import TERMINAL

Labels = Sequence[tuple[str, str]]


@transaction.atomic
def set_labels(*, actor: Actor, execution: Execution, labels: Labels) -> None:
    """In place of what users gave before; those of the system stay. Raises Invalid for labels of
    the system, ExecutionNotEnded."""
    check_labels(labels)
    if execution.state not in TERMINAL:
        raise ExecutionNotEnded(
            f"Execution '{execution.public_id}' cannot be labelled: it has not ended, its state is "
            f"{execution.state}"
        )
    _write(actor, [execution], labels)


@transaction.atomic
def set_labels_on_many(*, actor: Actor, ids: Sequence[str], labels: Labels) -> int:
    """All or none. Raises BulkRefused where one is unknown or has not ended."""
    check_labels(labels)
    found = {row.public_id: row for row in executions_by_ids(ids)}
    reasons = {each: NOT_FOUND for each in ids if each not in found}
    for key, row in found.items():
        if row.state not in TERMINAL:
            reasons[key] = f"execution has not ended, its state is {row.state}"
    if reasons:
        raise BulkRefused("invalid bulk labels", reasons=reasons)
    _write(actor, list(found.values()), labels)
    return len(found)


def _write(actor: Actor, rows: Sequence[Execution], labels: Labels) -> None:
    if not rows:
        return
    open_rows = []
    for row in rows:
        merged = _merged(labels_of(row.labels), labels)
        row.labels = [{"key": key, "value": value} for key, value in merged]
        if row.is_open:  # task runs beside the end still run: its owner writes the row again
            open_rows.append(request_row(row.public_id, LabelsSet(tuple(merged))))
    Execution.objects.bulk_update(rows, ["labels"], batch_size=500)
    if open_rows:
        write_requests(inbox=open_rows)
    record_act(
        actor=actor,
        type=AuditType.UPDATE,
        executions=[(row.public_id, row) for row in rows],
        more={"labels": [{"key": key, "value": value} for key, value in labels]},
    )


def _merged(old: Labels, new: Labels) -> list[tuple[str, str]]:
    kept = [pair for pair in old if pair[0].startswith("system.")]
    return list(dict([*new, *kept]).items())
