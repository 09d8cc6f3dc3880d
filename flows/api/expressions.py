"""What an expression in a flow may name: the editor's completions."""

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

from common.yaml import load_yaml
from expressions.filters import FILTERS
from expressions.functions import FUNCTIONS

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
    """ExpressionContext: names by category, also of a flow that does not hold yet. With `task_id`
    only outputs of tasks before it. Raises Invalid for a source that cannot be read."""
    value = load_yaml(source).value
    flow: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
    variables = flow.get("variables")
    inputs = [item.get("id") or item.get("name") for item in _maps(flow.get("inputs"))]
    before = takewhile(lambda name: name != task_id, _task_ids(flow))
    return {
        "categories": {
            "executionContext": list(_EXECUTION_CONTEXT),
            "inputs": [f"inputs.{name}" for name in inputs if name],
            "variables": [f"vars.{name}" for name in variables or ()]
            if isinstance(variables, Mapping)
            else [],
            "taskOutputs": [f"outputs.{name}" for name in before],
            "functions": sorted(FUNCTIONS),
            "filters": sorted(FILTERS),
            "secrets": [],
            "kvPairs": [],
            "namespaceFiles": [],
        }
    }


def _task_ids(value: Any) -> Iterator[str]:
    """Of everything in a section of tasks that has an id and a type, in the order of the source."""
    for section in ("tasks", "errors", "finally", "afterExecution"):
        yield from _ids_in(value.get(section))


def _ids_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if "id" in value and "type" in value:
            yield str(value["id"])
        for item in value.values():
            yield from _ids_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _ids_in(item)


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
