"""The same once more: a new execution with what an earlier one was given."""

from __future__ import annotations

from common.actor import Actor
from executions.confidential import is_encrypted
from executions.executor.model import Head
from executions.models import Execution
from executions.services.creating import StartRequest, start_execution

_SYSTEM = "system."


def repeat_execution(*, actor: Actor, execution: Execution) -> Head:
    """Of the flow as it is now, with the inputs and labels of that execution. What is secret of
    them is never read: where the flow needs it, Invalid is raised. Raises FlowNotFound,
    FlowDisabled."""
    inputs = execution.inputs or {}
    labels = [(item["key"], item["value"]) for item in execution.labels]
    request = StartRequest(
        namespace=execution.namespace,
        flow_id=execution.flow_id,
        inputs={key: value for key, value in inputs.items() if not is_encrypted(value)},
        labels=[pair for pair in labels if not pair[0].startswith(_SYSTEM)],
    )
    return start_execution(actor=actor, tenant=execution.tenant, request=request)
