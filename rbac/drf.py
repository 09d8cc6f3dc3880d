"""The gate as Django REST framework's authentication and permission classes."""

from typing import TYPE_CHECKING, Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from common.errors import Forbidden
from rbac.vocabulary import NAMESPACED
from rest.gate import credentials_of, current_gate, identity_of, remember_identity, tenant_of
from rest.identity import Identity
from rest.permissions import OPEN, Declaration, Permission, declaration_of

if TYPE_CHECKING:  # it asks for these classes while it is imported
    from rest_framework.views import APIView


class GateAuthentication(BaseAuthentication):
    """An open view asks nobody, so that an old cookie can't keep anybody from signing in."""

    def authenticate(self, request: Request) -> tuple[Identity, None] | None:
        view = request.parser_context["view"]
        if declaration_of(view, request.method or "GET") is OPEN:
            return None
        identity = current_gate().identify(credentials_of(request._request))
        remember_identity(request._request, identity)
        return (identity, None) if identity.is_authenticated else None


class DeclaredPermission(BasePermission):
    """What the view declares; without a declaration everybody is refused."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        method = request.method or "GET"
        if method == "OPTIONS" or method not in _answered(view):
            raise MethodNotAllowed(method)
        namespace = view.kwargs.get(getattr(view, "namespace_argument", "namespace"))
        _authorize(request, _declaration(view, method), namespace)
        return True

    def has_object_permission(self, request: Request, view: "APIView", obj: Any) -> bool:
        declared = _declaration(view, request.method or "GET")
        namespace = getattr(obj, "namespace", None)
        if isinstance(declared, Permission) and declared.resource in NAMESPACED and namespace:
            _authorize(request, declared, namespace)
        return True


def _answered(view: "APIView") -> set[str]:
    methods = set(view.allowed_methods)
    return methods | {"HEAD"} if "GET" in methods else methods


def _declaration(view: "APIView", method: str) -> Declaration:
    declared = declaration_of(view, method)
    if declared is None:
        raise Forbidden("this address declares no permission, so nobody may use it")
    return declared


def _authorize(request: Request, declared: Declaration, namespace: str | None) -> None:
    current_gate().authorize(
        identity_of(request), declared, tenant=tenant_of(request), namespace=namespace
    )
