"""The types as JSON schema, for the editor's completion and the forms of the pages."""

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from plugins.contracts.model import Output, Plugin
from plugins.contracts.nested import KIND_KEY, Kind
from plugins.registry import Registry

_REFERENCE = "#/definitions/{model}"
_PREFIX = "#/definitions/"


class _Generator(GenerateJsonSchema):
    """Durations and the like have defaults without a JSON form: those are left out."""

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}


def title_of(found: type[Any]) -> str:
    return _doc(found).partition("\n")[0].strip()


def description_of(found: type[Any]) -> str:
    """Markdown: what stands after the title."""
    lines = _doc(found).partition("\n")[2].strip().splitlines()
    return "\n".join(line.strip() if line.strip() else "" for line in lines)


def type_schema(found: type[Plugin]) -> dict[str, Any]:
    """`properties`, `outputs` and `definitions` of one type."""
    schema = found.model_json_schema(ref_template=_REFERENCE, schema_generator=_Generator)
    definitions = schema.pop("$defs", {})
    outputs: dict[str, Any] = {}
    output_type: type[Output] | None = getattr(found, "output_type", None)
    if output_type is not None:
        outputs = output_type.model_json_schema(
            ref_template=_REFERENCE, schema_generator=_Generator, mode="serialization"
        )
        definitions.update(outputs.pop("$defs", {}))
    parts = {
        "properties": _finished(found, schema),
        "outputs": outputs,
        "definitions": definitions,
    }
    return {name: _with_references(part) for name, part in parts.items()}


def kind_schema(registry: Registry, kind: Kind, *, array_of: bool = False) -> dict[str, Any]:
    """A schema that accepts any type of a kind, or a list of them."""
    reference = {"$ref": _PREFIX + kind.value}
    schema = {"type": "array", "items": reference} if array_of else reference
    return {**schema, "definitions": definitions(registry)}


def definitions(registry: Registry) -> dict[str, Any]:
    """Every type under its name, what they share, and an entry for each kind
    (`#/definitions/task`) that lists its types: what the schema of a flow refers to."""
    types = list(registry.all())
    keys, shared = models_json_schema(
        [(found, "validation") for found in types],
        ref_template=_REFERENCE,
        schema_generator=_Generator,
    )
    found = dict(shared.get("$defs", {}))
    named: dict[str, Any] = {}
    for each in types:
        key = keys[(each, "validation")]["$ref"].removeprefix(_PREFIX)
        named[each.type_name] = _finished(each, found.pop(key))
    for kind in Kind:
        references = [{"$ref": _PREFIX + each.type_name} for each in registry.all(kind)]
        named[kind.value] = {"anyOf": references} if references else {"type": "object"}
    return {name: _with_references(part) for name, part in {**found, **named}.items()}


def _with_references(schema: Any) -> Any:
    """A nested type becomes a reference to all types of its kind."""
    if isinstance(schema, list):
        return [_with_references(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if KIND_KEY in schema:
        rest = {key: value for key, value in schema.items() if key != KIND_KEY}
        return {**rest, "$ref": _PREFIX + schema[KIND_KEY]}
    return {key: _with_references(value) for key, value in schema.items()}


def _finished(found: type[Plugin], schema: Mapping[str, Any]) -> dict[str, Any]:
    """With the type's name as a constant, and each property saying if it is required."""
    required = list(schema.get("required", ()))
    properties: dict[str, Any] = {}
    for name, prop in schema.get("properties", {}).items():
        kept = {key: value for key, value in prop.items() if key != "title"}
        properties[name] = {**kept, "$required": True} if name in required else kept
    names = [found.type_name, *found.aliases]
    only = {"const": found.type_name} if len(names) == 1 else {"enum": names}
    properties["type"] = {**properties.get("type", {}), **only}
    result: dict[str, Any] = {
        **schema,
        "title": title_of(found),
        "description": description_of(found),
        "properties": properties,
        "required": sorted({*required, "type"}),
        "$examples": [example.model_dump() for example in found.examples],
    }
    if found.is_deprecated:
        result["deprecated"] = result["$deprecated"] = True
    return result


def _doc(found: type[Any]) -> str:
    return (found.__doc__ or found.__name__).strip()
