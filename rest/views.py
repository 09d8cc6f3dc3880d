"""Base views of the REST API: declared permission, tenant, JSON in and out, one error shape."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from common.actor import Actor
from common.tenancy import current_tenant
from rest.gate import actor_of, current_gate, identity_of
from rest.permissions import Access, ActionWord, Declaration, declaration_of, declare


class ApiView(APIView):
    """A view whose methods are named in `actions`:

        resource = "KVSTORE"
        actions = {"get": "VIEW", "put": ["CREATE", "UPDATE"], "delete": "DELETE"}

    A URL argument of the name `namespace_argument` is part of the check; a namespace that comes in
    the body is checked by `self.require(...)`. Without a declaration every call is refused."""

    resource: ClassVar[str | Access | None] = None
    actions: ClassVar[Mapping[str, ActionWord]] = {}
    namespace_argument: ClassVar[str] = "namespace"
    operation_ids: ClassVar[Mapping[str, str]] = {}
    """Names for the OpenAPI document, by action or HTTP method."""
    request_shapes: ClassVar[Mapping[str, Any]] = {}
    """Serializers of the bodies for the same document; without one it says `object`."""
    response_shapes: ClassVar[Mapping[str, Any]] = {}

    request: Request

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    @property
    def tenant(self) -> str:
        return current_tenant()

    def declaration(self) -> Declaration | None:
        return declaration_of(self, self.request.method or "GET")

    def require(
        self, action: ActionWord, *, namespace: str | None = None, resource: str | None = None
    ) -> None:
        """Raises Forbidden unless the caller may do this, too."""
        current_gate().authorize(
            identity_of(self.request),
            declare(resource or self.resource or "", action),
            tenant=current_tenant(),
            namespace=namespace,
        )

    def read(self, serializer: type[Serializer[Any]]) -> dict[str, Any]:
        """The body as the serializer gives it; what it doesn't know is ignored (422 if invalid)."""
        reader = serializer(data=self.request.data)
        reader.is_valid(raise_exception=True)
        values: dict[str, Any] = reader.validated_data
        return values

    def get_view_name(self) -> str:
        return type(self).__name__

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Not answered: the OpenAPI document describes the API."""
        return self.http_method_not_allowed(request, *args, **kwargs)


class ApiViewSet(ViewSetMixin, ApiView):
    """The same with `actions` by the view set's own action names ("list", "kill", ...)."""
