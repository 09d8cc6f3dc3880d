"""What the OpenAPI document says of operations beyond what their views show: shapes of answers and
bodies, parameters of the query. An app says it in its `api/described.py`, by operation id."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

Shape = dict[str, Any]

TEXT: Shape = {"type": "string"}
INSTANT: Shape = {"type": "string", "format": "date-time"}
DURATION: Shape = {"type": "string", "format": "duration"}
WHOLE: Shape = {"type": "integer"}
NUMBER: Shape = {"type": "number"}
FLAG: Shape = {"type": "boolean"}
ANY_OBJECT: Shape = {"type": "object", "additionalProperties": {}}
NO_BODY: Shape = {}
"""For `Said.body` of a POST that is sent without one."""
BINARY: Shape = {"type": "string", "format": "binary"}


@dataclass(frozen=True, slots=True)
class Said:
    """`answer` None: it has no content. `media` is the answer's. `body` None: what the view's own
    parsers say."""

    answer: Shape | None = None
    status: int = 200
    media: str = "application/json"
    body: Shape | None = None
    query: Sequence[OpenApiParameter] = ()


components: dict[str, Shape] = {}
_said: dict[str, Said] = {}


def describe(operations: Mapping[str, Said]) -> None:
    """By operation id; a second address of an operation is described with it."""
    _said.update(operations)


def said_of(operation_id: str) -> Said | None:
    return _said.get(operation_id) or _said.get(re.sub(r"_\d+$", "", operation_id))


def described_operations() -> list[str]:
    return sorted(_said)


def component(name: str, shape: Shape) -> Shape:
    """A reference to the shape, which stands in the document once."""
    components[name] = shape
    return {"$ref": f"#/components/schemas/{name}"}


def obj(*required: str, **properties: Shape) -> Shape:
    """An object; `required` are properties that are always there."""
    shape: Shape = {"type": "object", "properties": properties}
    return {**shape, "required": list(required)} if required else shape


def many(items: Shape) -> Shape:
    return {"type": "array", "items": items}


def map_of(values: Shape) -> Shape:
    return {"type": "object", "additionalProperties": values}


def page_of(items: Shape) -> Shape:
    return obj("results", "total", results=many(items), total=WHOLE)


def words(*choices: str) -> Shape:
    return {"type": "string", "enum": list(choices)}


def asked(
    name: str, kind: OpenApiTypes = OpenApiTypes.STR, *, is_required: bool = False
) -> OpenApiParameter:
    """A parameter of the query."""
    return OpenApiParameter(name, kind, required=is_required)


def flags(*names: str) -> tuple[OpenApiParameter, ...]:
    return tuple(asked(name, OpenApiTypes.BOOL) for name in names)


def repeated(name: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, many=True)


FILTERS = (
    OpenApiParameter(
        "filters",
        {"type": "object", "additionalProperties": {}},
        style="deepObject",
        explode=True,
        description="filters[field][OPERATION]=value, or a group: filters[or][0][field]…",
    ),
)
PAGING = (asked("page", OpenApiTypes.INT), asked("size", OpenApiTypes.INT), repeated("sort"))
