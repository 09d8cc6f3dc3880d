"""The JSON schemas by which editors complete sources: of a flow, its parts, its inputs."""

from functools import cache
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from common.errors import NotFound
from flows.schema import FlowDocument, Input, PluginDefault
from flows.schema.inputs import AnyInput
from plugins.contracts.nested import KIND_KEY, Kind
from plugins.registry import installed_registry
from plugins.schema import definitions, kind_schema

_REFERENCE = "#/definitions/{model}"
_KINDS = {
    "task": Kind.TASK,
    "trigger": Kind.TRIGGER,
    "condition": Kind.CONDITION,
    "taskrunner": Kind.TASK_RUNNER,
}


class _Generator(GenerateJsonSchema):
    """Durations and the like have defaults without a JSON form: those are left out."""

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}


@cache
def schema_of(type_name: str, *, array_of: bool = False) -> dict[str, Any]:
    """Of `flow`, `task`, `trigger`, `condition`, `taskRunner` or `plugindefault`; or of a list of
    them. Raises NotFound."""
    word = type_name.lower().replace("_", "").replace("-", "")
    if word in _KINDS:
        return kind_schema(installed_registry(), _KINDS[word], array_of=array_of)
    models: dict[str, type[BaseModel]] = {"flow": FlowDocument, "plugindefault": PluginDefault}
    if word not in models:
        known = ", ".join([*models, *_KINDS])
        raise NotFound(f"there is no schema of '{type_name}'; known: {known}")
    return _model_schema(models[word], array_of=array_of)


@cache
def input_types() -> dict[str, type[Input]]:
    """Every type of input with its class."""
    found: dict[str, type[Input]] = {}
    for declared in get_args(get_args(AnyInput)[0]):
        for name in get_args(declared.model_fields["type"].annotation):
            found[name] = declared
    return found


def input_schema(type_name: str) -> dict[str, Any]:
    """PluginSchema of a type of input. Raises NotFound."""
    declared = input_types().get(type_name.upper())
    if declared is None:
        raise NotFound(f"there is no input type {type_name}; known: {', '.join(input_types())}")
    schema = declared.model_json_schema(ref_template=_REFERENCE, schema_generator=_Generator)
    shared = schema.pop("$defs", {})
    return {"properties": schema, "outputs": {}, "definitions": shared}


def _model_schema(model: type[BaseModel], *, array_of: bool) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template=_REFERENCE, schema_generator=_Generator)
    shared = schema.pop("$defs", {})
    reference = {"$ref": f"#/definitions/{model.__name__}"}
    top: dict[str, Any] = {"type": "array", "items": reference} if array_of else reference
    own = {**shared, model.__name__: schema}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **top,
        "definitions": {**definitions(installed_registry()), **_with_references(own)},
    }


def _with_references(schema: Any) -> Any:
    """A task, trigger or condition in a flow is any type of its kind."""
    if isinstance(schema, list):
        return [_with_references(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if KIND_KEY in schema:
        return {"$ref": f"#/definitions/{schema[KIND_KEY]}"}
    return {key: _with_references(value) for key, value in schema.items()}
