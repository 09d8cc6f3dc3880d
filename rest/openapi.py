"""The OpenAPI document: DRF views through drf-spectacular, async endpoints added to it."""

import re
from typing import Any

from django.urls import get_resolver
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from rest.endpoints import Operation
from rest.permissions import OPEN, routes

_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_ERROR = {"description": "An error: message, _links, and _embedded.errors for validation"}


class GateScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registry
    """How one signs in, for every view behind the gate."""

    target_class = "rbac.drf.GateAuthentication"
    name = ["bearerAuth", "basicAuth"]  # noqa: RUF012,RUF100  # as the base class has it

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, str]]:
        return [{"type": "http", "scheme": "bearer"}, {"type": "http", "scheme": "basic"}]


class ApiSchema(AutoSchema):
    """Takes operation ids from the view's `operation_ids`, tags from the resource."""

    def get_operation_id(self) -> str:
        names = getattr(self.view, "operation_ids", {})
        known = names.get(getattr(self.view, "action", None)) or names.get(self.method.lower())
        return known or str(super().get_operation_id())

    def get_tags(self) -> list[str]:
        resource = getattr(self.view, "resource", None)
        return [str(resource).title()] if resource else list(super().get_tags())


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
        described["security"] = [{"bearerAuth": []}, {"basicAuth": []}]
    return described
