"""What an expression in a flow may name: the editor's completions."""

from typing import Any

from expressions.filters import FILTERS
from expressions.functions import FUNCTIONS
from flows import services
from flows.schema import FlowDocument

_EXECUTION_CONTEXT = (
    "flow.id",
    "flow.namespace",
    "flow.revision",
    "flow.tenantId",
    "execution.id",
    "execution.startDate",
    "execution.originalId",
    "task.id",
    "task.type",
    "taskrun.id",
    "taskrun.startDate",
    "taskrun.attemptsCount",
    "taskrun.value",
    "parents",
    "labels",
    "trigger",
)


def expression_context(source: str, *, task_id: str | None = None) -> dict[str, Any]:
    """ExpressionContext: names by category. With `task_id` only outputs of tasks before it. Raises
    Invalid for a source that does not hold."""
    document = services.read_source(source).document
    return {
        "categories": {
            "executionContext": list(_EXECUTION_CONTEXT),
            "inputs": [f"inputs.{item.id}" for item in document.inputs],
            "variables": [f"vars.{name}" for name in document.variables or {}],
            "taskOutputs": [f"outputs.{name}" for name in _before(document, task_id)],
            "functions": sorted(FUNCTIONS),
            "filters": sorted(FILTERS),
            "secrets": [],
            "kvPairs": [],
            "namespaceFiles": [],
        }
    }


def _before(document: FlowDocument, task_id: str | None) -> list[str]:
    names: list[str] = []
    for task in document.all_tasks():
        if task.id == task_id:
            break
        names.append(task.id)
    return names
