"""The OpenAPI document: DRF views through drf-spectacular, async endpoints added to it."""

import re
from typing import Any

from django.urls import get_resolver
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes

from rest.endpoints import Operation
from rest.permissions import OPEN, declaration_of, routes

_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_SIGN_IN: tuple[dict[str, Any], ...] = ({"bearerAuth": []}, {"basicAuth": []})
_ERROR = {"description": "An error: message, _links, and _embedded.errors for validation"}


class GateScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registry
    """How one signs in, for every view behind the gate."""

    target_class = "rbac.drf.GateAuthentication"
    name = ["bearerAuth", "basicAuth"]  # noqa: RUF012,RUF100  # as the base class has it

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, str]]:
        return [{"type": "http", "scheme": "bearer"}, {"type": "http", "scheme": "basic"}]


class ApiSchema(AutoSchema):
    """Takes operation ids and shapes from what the view declares, tags from the resource."""

    def get_operation_id(self) -> str:
        return self._declared("operation_ids") or str(super().get_operation_id())

    def get_auth(self) -> list[dict[str, Any]]:
        super().get_auth()  # registers the schemes
        return [] if declaration_of(self.view, self.method) is OPEN else list(_SIGN_IN)

    def get_request_serializer(self) -> Any:
        if self.method in ("GET", "DELETE"):
            return None
        return self._declared("request_shapes") or OpenApiTypes.OBJECT

    def get_response_serializers(self) -> Any:
        declared = self._declared("response_shapes")
        return declared or (None if self.method == "DELETE" else OpenApiTypes.OBJECT)

    def get_tags(self) -> list[str]:
        resource = getattr(self.view, "resource", None)
        return [str(resource).title()] if resource else list(super().get_tags())

    def _declared(self, name: str) -> Any:
        """By the view set's action, else by HTTP method."""
        table = getattr(self.view, name, {})
        return table.get(getattr(self.view, "action", None)) or table.get(self.method.lower())


def add_endpoints(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Post-processing hook of drf-spectacular."""
    paths = result.setdefault("paths", {})
    for route, pattern in routes(get_resolver().url_patterns):
        views = getattr(pattern.callback, "views_by_method", None) or {"": pattern.callback}
        for view in set(views.values()):
            operation = getattr(view, "operation", None)
            if isinstance(operation, Operation):
                described = paths.setdefault(_template(route), {})
                methods = [name for name, one in views.items() if one is view and name]
                for method in methods or view.methods:
                    described[method.lower()] = _describe(operation, view, route)
    result["paths"] = dict(sorted(paths.items()))
    return result


def _template(route: str) -> str:
    return "/" + _ARGUMENT.sub(r"{\1}", route).lstrip("/")


def _describe(operation: Operation, view: Any, route: str) -> dict[str, Any]:
    arguments = [
        {"in": "path", "name": name, "required": True, "schema": {"type": "string"}}
        for name in _ARGUMENT.findall(route)
    ]
    described: dict[str, Any] = {
        "operationId": operation.operation_id,
        "tags": list(operation.tags) or [str(getattr(view.declared, "resource", "")).title()],
        "parameters": [*arguments, *operation.parameters],
        "responses": operation.responses or {"200": {"description": ""}, "4XX": _ERROR},
    }
    if operation.summary:
        described["summary"] = operation.summary
    if operation.request:
        described["requestBody"] = operation.request
    if view.declared is not OPEN:
        described["security"] = list(_SIGN_IN)
    return described
