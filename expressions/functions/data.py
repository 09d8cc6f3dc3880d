"""Functions that read data formats, and those that show or narrow the variables."""

from collections.abc import Mapping
from typing import Any

from expressions.arguments import need_map, need_string
from expressions.context import RenderContext, fail
from expressions.json_text import parse_json
from expressions.signatures import at_first_use, define_function
from expressions.values import is_list, is_map


def from_json(context: RenderContext, text: Any) -> Any:
    return None if text is None else parse_json(need_string(text, "json"))


def all_variables(context: RenderContext) -> dict[str, Any]:
    return context.variables()


def current_each_output(context: RenderContext, outputs: Any) -> Any:
    """Narrows a task's outputs by the loop items around it, outermost first."""
    narrowed = need_map(outputs, "outputs")
    parents = context.scope.get("parents") or []
    values = [_loop_value(parent) for parent in reversed(parents if is_list(parents) else [])]
    for value in (*values, _loop_value(context.scope)):
        if value is None:
            continue
        if not is_map(narrowed) or value not in narrowed:
            fail(f"the outputs have nothing for the loop item '{value}'")
        narrowed = narrowed[value]
    return narrowed


def _loop_value(scope: Any) -> Any:
    taskrun = scope.get("taskrun") if isinstance(scope, Mapping) else None
    return taskrun.get("value") if isinstance(taskrun, Mapping) else None


FUNCTIONS = (
    define_function("fromJson", from_json, "json!"),
    define_function("json", from_json, "json!"),
    define_function(
        "fromIon", at_first_use("expressions.ion_text", "from_ion"), "ion!", is_pure=False
    ),
    define_function(
        "yaml", at_first_use("expressions.yaml_text", "from_yaml"), "yaml!", is_pure=False
    ),
    define_function("printContext", all_variables),
    define_function("fetchContext", all_variables),
    define_function("currentEachOutput", current_each_output, "outputs!"),
)
