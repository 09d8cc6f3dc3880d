"""The end by request. What has not ended belongs to the engine: it is asked."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from audit.choices import AuditType
from common.actor import Actor
from executions.errors import BulkRefused, ExecutionEnded
from executions.executor.events import KillRequested
from executions.models import Execution
from executions.queries.details import executions_by_ids
from executions.requests import write_requests
from executions.services.requesting import request_row
from executions.services.trail import record_act
from plugins.contracts.state import TERMINAL

NOT_FOUND = "execution not found"


@transaction.atomic
def kill_execution(*, actor: Actor, execution: Execution, cascade: bool = True) -> None:
    """`cascade`: executions that it has started, too. Raises ExecutionEnded."""
    if execution.state in TERMINAL:
        raise ExecutionEnded(
            f"Execution '{execution.public_id}' cannot be killed: it has ended in state "
            f"{execution.state}"
        )
    _ask(actor, [execution], cascade=cascade)


@transaction.atomic
def kill_executions(*, actor: Actor, ids: Sequence[str]) -> int:
    """All or none. Raises BulkRefused where one is unknown or has ended."""
    found = {row.public_id: row for row in executions_by_ids(ids)}
    reasons = {each: NOT_FOUND for each in ids if each not in found}
    for key, row in found.items():
        if row.state in TERMINAL:
            reasons[key] = f"execution has already ended in state {row.state}"
    if reasons:
        raise BulkRefused("invalid bulk kill", reasons=reasons)
    _ask(actor, list(found.values()), cascade=True)
    return len(found)


def _ask(actor: Actor, rows: Sequence[Execution], *, cascade: bool) -> None:
    if not rows:
        return
    event = KillRequested(cascade=cascade)
    write_requests(inbox=[request_row(row.public_id, event) for row in rows])
    record_act(
        actor=actor,
        type=AuditType.UPDATE,
        executions=[(row.public_id, row) for row in rows],
        more={"action": "KILL"},
    )
