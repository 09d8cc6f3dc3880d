"""The OpenAPI document: DRF views through drf-spectacular, async endpoints added to it.

Its order depends on addresses and names only, so that the same code gives the same bytes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import wraps
from inspect import cleandoc
from typing import Any, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_resolver
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from rest_framework.views import APIView

from rest.endpoints import Endpoint, Operation
from rest.permissions import OPEN, declaration_of, routes
from rest.rendering import SOURCE_PARSERS
from rest.shapes import NO_BODY, Said, components, said_of

METHODS = ("get", "head", "post", "put", "patch", "delete")
ERROR = "Error"
TAGS = {
    "acls": "Misc", "auths": "Auths", "auditlogs": "Audit Logs", "bindings": "Bindings",
    "concurrency-limit": "Flows", "dependencies": "Tenants", "executions": "Executions",
    "flows": "Flows", "groups": "Groups", "kv": "KV", "logs": "Logs", "me": "Users",
    "metrics": "Metrics", "namespaces": "Namespaces", "namespaces/dependencies": "Flows",
    "namespaces/files": "Files", "namespaces/kv": "KV", "outputs": "Outputs",
    "plugins": "Plugins", "roles": "Roles", "secrets": "Secrets", "taskruns": "Executions",
    "tenants": "Tenants", "triggers": "Triggers", "users": "Users",
    "validate-password": "Auths",
}  # fmt: skip
"""By the first part of an address below the tenant; of a namespace by what is asked of it. The
names are those of the clients' classes: `Flows` becomes FlowsApi."""
OTHER = "Misc"

_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_PLACE = re.compile(r"\{([^{}]+)\}")
_ROOT = re.compile(r"^/api/v1/(?:\{tenant\}/)?")
_SIGN_IN: tuple[dict[str, Any], ...] = ({"bearerAuth": []}, {"basicAuth": []})
_SOURCE = {"application/x-yaml": OpenApiTypes.STR, "application/json": OpenApiTypes.OBJECT}
_JSON = ["application/json"]
_ERROR_ANSWER = {
    "description": "What was wrong",
    "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{ERROR}"}}},
}
_ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["message"],
    "properties": {
        "message": {"type": "string"},
        "_links": {"type": "object", "additionalProperties": {}},
        "_embedded": {
            "type": "object",
            "description": "Of a validation: what does not hold, and where",
            "properties": {
                "errors": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "message": {"type": "string"},
                            "path": {"type": "string"},
                        },
                    },
                }
            },
        },
    },
}


class GateScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registry
    """How one signs in, for every view behind the gate."""

    target_class = "rbac.drf.GateAuthentication"
    name = ["bearerAuth", "basicAuth"]  # noqa: RUF012,RUF100  # as the base class has it

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, str]]:
        return [{"type": "http", "scheme": "bearer"}, {"type": "http", "scheme": "basic"}]


class DurationShape(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # its registry
    """A duration is a text such as PT1H."""

    target_class = "rest.serializers.IsoDurationField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, str]:
        return {"type": "string", "format": "duration"}


class ApiSchema(AutoSchema):
    """Takes operation ids and shapes from what the view declares, tags from the address."""

    def get_operation_id(self) -> str:
        return self._declared("operation_ids") or str(super().get_operation_id())

    def get_summary(self) -> str:
        return summary_of(self.get_operation_id())

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular's own signature
        """Of the method, else of the very class; what base classes say is for their heirs."""
        method = getattr(self.view, self.method.lower(), None)
        written = getattr(method, "__doc__", None) or vars(type(self.view)).get("__doc__")
        return cleandoc(written) if written else ""

    def get_auth(self) -> list[dict[str, Any]]:
        super().get_auth()  # registers the schemes
        return [] if declaration_of(self.view, self.method) is OPEN else list(_SIGN_IN)

    def map_parsers(self) -> list[Any]:
        """JSON by default, though the frame takes it under other names, too."""
        is_default = self.view.parser_classes == APIView.parser_classes
        if is_default:
            return list(_JSON)
        return [{"*/*": "text/plain"}.get(each, each) for each in super().map_parsers()]

    def get_request_serializer(self) -> Any:
        if self.method in ("GET", "DELETE"):
            return None
        declared = self._declared("request_shapes")
        if declared is None and set(SOURCE_PARSERS) <= set(self.view.parser_classes):
            return _SOURCE
        return declared or OpenApiTypes.OBJECT

    def _get_request_body(self, direction: str = "request") -> Any:
        """Also of a DELETE that names what is to be deleted."""
        said = self._said()
        if said is None or said.body is None:
            return super()._get_request_body(direction)  # type: ignore[no-untyped-call]  # its own
        if said.body is NO_BODY:
            return None
        content = {media: {"schema": said.body} for media in self.map_parsers()}
        return {"content": content, "required": True}

    def get_response_serializers(self) -> Any:
        declared, said = self._declared("response_shapes"), self._said()
        if declared or said is None:
            return declared or (None if self.method == "DELETE" else {200: OpenApiTypes.OBJECT})
        if said.answer is None:
            return {said.status: None}
        return {(said.status, said.media): said.answer}

    def get_override_parameters(self) -> list[Any]:
        said = self._said()
        return [*super().get_override_parameters(), *(said.query if said else ())]

    def get_tags(self) -> list[str]:
        return [tag_of(self.path)]

    def _said(self) -> Said | None:
        return said_of(self._declared("operation_ids") or "")

    def _declared(self, name: str) -> Any:
        """By the view set's action, else by HTTP method."""
        table = getattr(self.view, name, {})
        return table.get(getattr(self.view, "action", None)) or table.get(self.method.lower())


def older(view: Any) -> Callable[..., Any]:
    """The callback of a second address of a view class or an endpoint. In the document its
    operations have the same names with `_1` behind them, as no name may stand there twice."""
    if isinstance(view, type):
        ids = {each: f"{name}_1" for each, name in cast(Any, view).operation_ids.items()}
        return cast(Callable[..., Any], cast(Any, view).as_view(operation_ids=ids))

    @wraps(view)
    async def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return await cast(Endpoint, view)(request, *args, **kwargs)

    made = cast(Endpoint, answer)  # `wraps` has copied the declaration
    made.operation = replace(view.operation, operation_id=f"{view.operation.operation_id}_1")
    return made


def add_views_of_shared_addresses(endpoints: list[Any]) -> list[Any]:
    """Pre-processing hook of drf-spectacular: REST views that share their address with others."""
    found = list(endpoints)
    for route, method, view in _shared(get_resolver().url_patterns):
        described = getattr(view, "described_by", view)
        if hasattr(described, "cls"):
            path = "/" + _ARGUMENT.sub(r"{\1}", route).lstrip("/")
            found.append((path, route, method, described))
    return found


def add_endpoints(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Post-processing hook of drf-spectacular."""
    patterns = get_resolver().url_patterns
    paths: dict[str, Any] = {_camel(path): each for path, each in result.get("paths", {}).items()}
    for route, pattern in routes(patterns):
        for method in getattr(pattern.callback, "methods", ()):
            _add(paths, route, method, pattern.callback)
    for route, method, view in _shared(patterns):
        _add(paths, route, method, view)
    for operations in paths.values():
        for operation in operations.values():
            _complete(operation)
    result["components"] = _nullable(result.get("components", {}))
    result["paths"] = {path: _ordered(paths[path]) for path in sorted(paths)}
    schemas = result["components"].setdefault("schemas", {})
    schemas.update({**components, ERROR: _ERROR_SCHEMA})
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    return result


def tag_of(path: str) -> str:
    parts = _ROOT.sub("", path).strip("/").split("/")
    below = f"{parts[0]}/{parts[2]}" if len(parts) > 2 else ""  # the third part
    return TAGS.get(below) or TAGS.get(parts[0], OTHER)


def summary_of(operation_id: str) -> str:
    """`killExecution` is "Kill execution"."""
    words = re.sub(r"_\d+$", "", operation_id)
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: f" {found[1].lower()}", words).capitalize()


def _shared(patterns: Any) -> Iterator[tuple[str, str, Any]]:
    """Route, method and view of addresses that have a view for each method."""
    for route, pattern in routes(patterns):
        for method, view in getattr(pattern.callback, "views_by_method", {}).items():
            yield route, method, view


def _add(paths: dict[str, Any], route: str, method: str, view: Any) -> None:
    operation = getattr(view, "operation", None)
    if isinstance(operation, Operation):
        path = _camel("/" + _ARGUMENT.sub(r"{\1}", route).lstrip("/"))
        paths.setdefault(path, {})[method.lower()] = _describe(operation, view, path)


def _describe(operation: Operation, view: Any, path: str) -> dict[str, Any]:
    arguments = [
        {"in": "path", "name": name, "required": True, "schema": {"type": "string"}}
        for name in _PLACE.findall(path)
    ]
    described: dict[str, Any] = {
        "operationId": operation.operation_id,
        "summary": operation.summary or summary_of(operation.operation_id),
        "parameters": [*arguments, *operation.parameters],
        "tags": list(operation.tags) or [tag_of(path)],
        "responses": dict(operation.responses or _answers(operation.operation_id)),
    }
    if operation.request:
        described["requestBody"] = operation.request
    if view.declared is not OPEN:
        described["security"] = list(_SIGN_IN)
    return described


def _answers(operation_id: str) -> dict[str, Any]:
    said = said_of(operation_id)
    if said is None or said.answer is None:
        return {"200": {"description": ""}}
    return {str(said.status): {"description": "", "content": {said.media: {"schema": said.answer}}}}


def _complete(operation: dict[str, Any]) -> None:
    """Arguments in the API's spelling, and what every operation may answer."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            parameter["name"] = _camel_name(parameter["name"])
    operation["responses"].setdefault("4XX", _ERROR_ANSWER)


def _ordered(operations: dict[str, Any]) -> dict[str, Any]:
    return {method: operations[method] for method in METHODS if method in operations}


def _nullable(value: Any) -> Any:
    """OpenAPI 3.0 has no type `null`, which pydantic writes for what may be left out."""
    if isinstance(value, list):
        return [_nullable(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {name: _nullable(item) for name, item in value.items()}
    choices = found.get("anyOf")
    if not isinstance(choices, list) or {"type": "null"} not in choices:
        return found
    kept = [item for item in choices if item != {"type": "null"}]
    rest = {name: item for name, item in found.items() if name != "anyOf"}
    if len(kept) > 1:
        return {**rest, "anyOf": kept, "nullable": True}
    only = {"allOf": kept} if "$ref" in kept[0] else kept[0]
    return {**only, **rest, "nullable": True}


def _camel(path: str) -> str:
    return _PLACE.sub(lambda found: f"{{{_camel_name(found[1])}}}", path)


def _camel_name(name: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)
